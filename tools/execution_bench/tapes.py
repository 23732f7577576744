"""The same arms on recorded days: what a schedule would have paid on a market that does not notice it.

Our own impact is absent, so cost here is timing and spread alone, and a faster schedule looks cheaper than it is.
Days with an earlier day on tape are used, so that no volume curve has seen the day it is tried on. The windows and
sides of one day share its prices: the day is what counts, and a handful of days is an illustration.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec
import numpy as np

from sottovoce.adapters.tape.loader import available_dates, load_day
from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.analytics.paired import Difference, clustered_difference
from sottovoce.core.enums import Side
from sottovoce.core.instrument import Instrument, known
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.runtime.config import Config
from sottovoce.runtime.markets import TAPE, config_for
from tools.execution_bench.arms import ARMS, COMPARED, PAIRS, Arm
from tools.execution_bench.findings import MEASURES, outcomes
from tools.execution_bench.learned import UNATTENDED
from tools.execution_bench.playing import Asked, Played, played
from tools.execution_bench.sessions import WINDOWS_MIN, at_minute, calendar, day, instrument

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("IBM US", "BAC US")
ON_TAPE = ("cost", "tracking")
"""Measures with an interval of their own here; three days have no spread worth an interval."""


class TapeDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One arm less another over the recorded days: pairs, and the days they belong to."""

    arm: str
    against: str
    measure: str
    found: Difference
    days: int


def tape_folder() -> Path | None:
    """The folder of consolidated ticks; None where there is none."""
    folder = (ROOT / os.environ.get("SOTTOVOCE_DATA", "../shared/data") / "us_equity_taq_ticks").resolve()
    return folder if folder.is_dir() else None


def recorded_days(folder: Path) -> list[tuple[str, str]]:
    """(symbol, ISO date) of the days that have quotes and an earlier day of trades."""
    found = []
    for symbol in NAMES:
        quoted = set(available_dates(folder, instrument(symbol).symbol, "quotes"))
        dates = available_dates(folder, instrument(symbol).symbol)
        found += [(symbol, date) for date in dates[1:] if date in quoted]
    return found


def tape_orders(folder: Path) -> list[Played]:
    """Every arm in every window, on both sides, of every recorded day that can be used."""
    found: list[Played] = []
    for symbol, date in recorded_days(folder):
        found += _day(folder, instrument(symbol), date)
        if sys.stderr.isatty():
            print(f"\rtapes   {symbol} {date}: {len(found)} orders", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    return found


def _day(folder: Path, name: Instrument, date: str) -> list[Played]:
    session = day(date)
    recorded = load_day(folder, name.symbol, session, name.price_scale)
    desk = config_for(f"{TAPE}{folder}", [name], calendar(), date, UNATTENDED)
    adv = known(name.adv) or 0.0
    found = []
    for number, side in ((number, side) for number in range(len(WINDOWS_MIN)) for side in (Side.BUY, Side.SELL)):
        start, end = WINDOWS_MIN[number]
        start_ns, end_ns = at_minute(session, start), at_minute(session, end)
        asked = Asked(side=side, qty=_quantity(recorded.trades.ns, recorded.trades.qty, start_ns, end_ns),
                      start_ns=start_ns, end_ns=end_ns)  # fmt: skip
        found += [
            played(
                ReplayedMarket(name, [recorded]), name, session, arm, asked, _following(desk, arm),
                label=f"{name.symbol} {date}", seed=number, size=COMPARED.name, adv=adv,
            )
            for arm in ARMS
        ]  # fmt: skip
    return found


def _quantity(ns: IntArray, qty: IntArray, start_ns: int, end_ns: int) -> int:
    """The compared part of what the window did trade, in whole lots: a size, not a forecast."""
    inside = (ns >= start_ns) & (ns <= end_ns)
    return 100 * max(round(COMPARED.part * float(qty[inside].sum()) / 100), 1)


def _following(config: Config, arm: Arm) -> Config:
    planning = msgspec.structs.replace(config.planning, follow_ppm=arm.follow_ppm)
    return msgspec.structs.replace(config, planning=planning)


def tape_differences(orders: Sequence[Played]) -> list[TapeDifference]:
    """Every pair of arms over the recorded days, days counting as what they are."""
    labels = list(dict.fromkeys(each.market for each in orders))
    found = []
    for arm, other in PAIRS:
        for measure in ON_TAPE:
            one, two = (_outcomes(orders, labels, each, measure) for each in (arm, other))
            cluster = np.repeat(np.arange(len(labels)), len(one) // len(labels))
            apart = clustered_difference(one, two, cluster)
            row = TapeDifference(arm=arm.name, against=other.name, measure=measure, found=apart, days=len(labels))
            found.append(row)
    return found


def _outcomes(orders: Sequence[Played], labels: Sequence[str], arm: Arm, measure: str) -> FloatArray:
    field, absolute, _ = MEASURES[measure]
    days = ([each for each in orders if each.market == label and each.arm == arm.name] for label in labels)
    return np.concatenate([outcomes(each, field, absolute) for each in days])
