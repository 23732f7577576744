"""The sentences of a scenario: one pattern and one reading each, tried in order.

A word that is not in a pattern is not guessed at: the line is refused, with the sentences there are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from sottovoce.intake.scenario import Act, Ask, Expect, Firm, Happening, MadeUpName, Submit, VenueTrouble

_UNITS_NS = {"ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000, "h": 3_600_000_000_000}
_DURATION = r"[1-9]\d{0,5}(?:ms|s|m|h)"
_LASTS = rf"for (?P<lasts>{_DURATION})"
_LABEL = r"(?P<label>[A-Za-z][A-Za-z0-9_-]*)"
_NUMBER = r"-?\d[\d,]*(?:\.\d+)?"

CLOSE_MIN, CLOSE_MAX = 0.01, 1_000_000.0
"""Dollars: a tick, and more than any listed share has cost."""

ADV_MAX = 10_000_000_000.0
"""Shares a day, ten times what the busiest name trades."""

VOLATILITY_PERCENT_MAX = 50.0
"""Of a day: more cannot be simulated as a market that trades."""

TROUBLES = {
    "is silent": "silent",
    "loses orders": "loses_orders",
    "loses reports": "loses_reports",
    "rejects orders": "rejects_orders",
    "repeats its reports": "repeats_reports",
    "shuffles its reports": "shuffles_reports",
}
"""How a venue's trouble is said, and what the adapter calls it; "is slow by 200ms" is the seventh."""

FIGURES = (
    "filled working unsent returned busted overfilled ordered fills children late_fills avg_px volume last_px".split()
)

SENTENCES = (
    "order A Buy 20,000 ACME TWAP until 11:00",
    "cancel A · pause A · resume A · release A · amend A to 15,000",
    "halt trading · resume trading",
    "SIMA is silent for 5m · SIMA is slow by 200ms for 5m · SIMA loses orders for 1m · loses reports · "
    "rejects orders · repeats its reports · shuffles its reports",
    "ACME jumps by -3% · ACME halts for 5m · ACME bursts by 3 for 10m",
    "expect A filled >= 5,000 · expect A is done · expect A rejected with unknown_symbol · expect ACME is halted",
    "expect every order adds up · expect replay is equal",
)
"""What can be said after a time, for the message that refuses a line."""


def read_act(text: str) -> Act | None:
    """The act a line asks for, None when no sentence fits."""
    for pattern, build in _SENTENCES:
        found = pattern.fullmatch(text)
        if found is not None:
            return build(found)
    return None


def read_name(text: str) -> MadeUpName | None:
    """`ACME close 50.00 adv 2,000,000 volatility 1.5%`, None when it does not read so."""
    found = _NAME.fullmatch(text)
    if found is None:
        return None
    close, adv, volatility = (_number(found[part]) for part in ("close", "adv", "volatility"))
    if not (CLOSE_MIN <= close <= CLOSE_MAX and 1 <= adv <= ADV_MAX and 0 < volatility <= VOLATILITY_PERCENT_MAX):
        return None
    return MadeUpName(symbol=found["symbol"], close=close, adv=adv, volatility=volatility / 100)


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _duration_ns(text: str) -> int:
    found = re.fullmatch(r"(\d+)(ms|s|m|h)", text)
    assert found is not None, f"{text} passed the pattern of a duration"
    return int(found[1]) * _UNITS_NS[found[2]]


def _submit(found: re.Match[str]) -> Act:
    return Submit(label=found["label"], sentence=found["sentence"])


def _ask(found: re.Match[str]) -> Act:
    return Ask(verb=found["verb"], label=found["label"])


def _amend(found: re.Match[str]) -> Act:
    return Ask(verb="amend", label=found["label"], qty=int(found["qty"].replace(",", "")))


def _firm(found: re.Match[str]) -> Act:
    return Firm(halt=found["verb"] == "halt")


def _trouble(found: re.Match[str]) -> Act:
    return VenueTrouble(venue=found["venue"], kind=TROUBLES[found["kind"]], lasts_ns=_duration_ns(found["lasts"]))


def _slow(found: re.Match[str]) -> Act:
    delay, lasts = _duration_ns(found["delay"]), _duration_ns(found["lasts"])
    return VenueTrouble(venue=found["venue"], kind="slow", lasts_ns=lasts, delay_ns=delay)


def _jump(found: re.Match[str]) -> Act:
    return Happening(symbol=found["symbol"], kind="jump", size=_number(found["size"]) / 100)


def _halt(found: re.Match[str]) -> Act:
    return Happening(symbol=found["symbol"], kind="halt", lasts_ns=_duration_ns(found["lasts"]))


def _burst(found: re.Match[str]) -> Act:
    lasts = _duration_ns(found["lasts"])
    return Happening(symbol=found["symbol"], kind="burst", size=_number(found["size"]), lasts_ns=lasts)


def _compare(found: re.Match[str]) -> Act:
    value = found["value"].replace(",", "")
    return Expect(subject=found["label"], figure=found["figure"], operator=found["operator"], value=value)


def _is(found: re.Match[str]) -> Act:
    return Expect(subject=found["label"], figure="status", operator="=", value=found["word"])


def _stopped(found: re.Match[str]) -> Act:
    return Expect(subject=found["label"], figure="code", operator="=", value=found["code"])


def _whole(found: re.Match[str]) -> Act:
    return Expect(subject="", figure=found["claim"], operator="=", value="yes")


_NAME = re.compile(
    rf"(?P<symbol>[A-Z][A-Z.]*) close (?P<close>{_NUMBER}) adv (?P<adv>{_NUMBER}) volatility (?P<volatility>{_NUMBER})%"
)
_SENTENCES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Act]], ...] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (rf"order {_LABEL} (?P<sentence>\S.*)", _submit),
        (r"(?P<verb>halt|resume) trading", _firm),
        (rf"(?P<verb>cancel|pause|resume|release) {_LABEL}", _ask),
        (rf"amend {_LABEL} to (?P<qty>\d[\d,]*)", _amend),
        (r"expect (?P<claim>every order adds up|replay is equal)", _whole),
        (rf"expect {_LABEL} is (?P<word>[a-z_]+)", _is),
        (rf"expect {_LABEL} (?:held|rejected) with (?P<code>[a-z_]+)", _stopped),
        (
            rf"expect {_LABEL} (?P<figure>{'|'.join(FIGURES)}) (?P<operator>>=|<=|=|>|<) (?P<value>{_NUMBER})",
            _compare,
        ),
        (rf"(?P<venue>[A-Z0-9]{{4}}) (?P<kind>{'|'.join(TROUBLES)}) {_LASTS}", _trouble),
        (rf"(?P<venue>[A-Z0-9]{{4}}) is slow by (?P<delay>{_DURATION}) {_LASTS}", _slow),
        (rf"(?P<symbol>[A-Z][A-Z.]*) jumps by (?P<size>{_NUMBER})%", _jump),
        (rf"(?P<symbol>[A-Z][A-Z.]*) halts {_LASTS}", _halt),
        (rf"(?P<symbol>[A-Z][A-Z.]*) bursts by (?P<size>{_NUMBER}) {_LASTS}", _burst),
    )
)
