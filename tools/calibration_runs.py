"""The orders of the calibration study, and working them: names, sizes, rates and dates in turn, one session each.

An interval is of symbol-days, and a symbol-day is a name on a date; so every name comes on each date whose reference
figures are not yet stale. An order's noise is that of the price while it works, so what it pays for its speed shows
best in orders that are quick, and what it moves for good in those that are large: rates go to half of the volume and
sizes over one and a half decades, to 10 or 15 % of a day's volume, and all are done half an hour before the end.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.apps.run_request import RunRequest
from sottovoce.core.errors import SottovoceError

SYMBOLS = (
    "AZO", "RE", "AIZ", "IFF", "AMG", "ESS", "TDG", "COO", "ROP", "ANSS", "HII", "CTAS", "FRT", "WAT", "WLTW",
    "CINF", "LH", "IDXX", "SNA", "IT", "MHK", "PVH", "MLM",
)  # fmt: skip
"""Names of 0.4 to 0.7 million shares a day: their sessions are short to simulate."""

DATES = ("2018-02-08", "2018-02-09", "2018-02-12")
"""Trading days on which the shipped daily figures, of 2018-02-07, are taken for fresh."""

RATES = (10, 20, 30, 40, 50)
SHARES = (2_000, 4_000, 8_000, 16_000, 32_000, 64_000)
VOLUME_MAX = 160_000
"""Shares of the market's volume an order may need: a good third of a day's."""


class StudyOrder(msgspec.Struct, frozen=True, kw_only=True):
    """One run's order, its date and seed."""

    sentence: str
    date: str
    seed: int


def order_of(seed: int) -> StudyOrder:
    """The order of a seed: every name on a date, then the next date; sizes, rates and sides in turn."""
    turn, place = divmod(seed, len(SYMBOLS))
    side = "Buy" if (turn + seed) % 2 else "Sell"
    shares = SHARES[(turn + seed) % len(SHARES)]
    rates = [rate for rate in RATES if 100 * shares <= rate * VOLUME_MAX]
    rate = rates[(turn + seed // len(SHARES)) % len(rates)]
    sentence = f"{side} {shares} {SYMBOLS[place]} POV {rate}%"
    return StudyOrder(sentence=sentence, date=DATES[turn % len(DATES)], seed=seed)


def worked(order: StudyOrder, out: Path) -> str:
    """Work an order as `sottovoce run` does, unless an earlier study has: empty, or why it counts for nothing.

    A run that fails inside, or leaves its order open, is not calibrated from.
    """
    from sottovoce.apps.run_order import run_orders

    done = out / "done"
    if done.is_file():
        return ""
    request = RunRequest(
        order=order.sentence, market="sim", date=order.date, seed=order.seed, approve=True, out=out, speed=None,
        config=None, silent=True,
    )  # fmt: skip
    try:
        outcome = run_orders(request)
    except SottovoceError as error:
        return str(error)
    if outcome.stopped:
        return outcome.headline()
    if outcome.unfinished:
        return "it was left unfinished"
    done.touch()
    return ""
