"""Which parents a law may be fitted to, and why the others were left out.

For the Almgren form, orders sent to the close or bound to follow VWAP are left out as in the paper: their cost is that
of a benchmark, their speed no choice. A law of size alone keeps them. Days with news of the name itself are left out
unless asked for, since the price moved for reasons that are not ours. Nothing is left out without being counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

import msgspec

from sottovoce.analytics.calibration.parents import FinishedParent, ordinary
from sottovoce.models.impact_record import Form

BENCHMARKED = frozenset({"CLOSE", "VWAP", "TWAP_CLOSE", "MOC"})
SIZE_MIN = 1e-6
COST_MAX = 25.0
"""Daily volatilities: a cost beyond it is a wrong price, a split or a bust, not impact."""

Rule = Callable[[FinishedParent], bool]


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The parents to fit, in order of date and id, and how many were left out for which reason."""

    parents: tuple[FinishedParent, ...]
    dropped: dict[str, int]


def choose(parents: Iterable[FinishedParent], form: Form, *, keep_events: bool = False) -> Chosen:
    """Keep what the form can be fitted to; a parent is counted under the first rule it breaks."""
    rules = _rules(form, keep_events)
    kept: list[FinishedParent] = []
    dropped: Counter[str] = Counter()
    for each in parents:
        broken = next((reason for reason, holds in rules if not holds(each)), None)
        if broken is None:
            kept.append(each)
        else:
            dropped[broken] += 1
    kept.sort(key=lambda each: (each.date, each.parent_id))
    return Chosen(parents=tuple(kept), dropped=dict(sorted(dropped.items())))


def _rules(form: Form, keep_events: bool) -> list[tuple[str, Rule]]:
    rules: list[tuple[str, Rule]] = [
        ("nothing filled", lambda each: ordinary(each.quantity)),
        ("no arrival or average price", lambda each: ordinary(each.arrival_px) and ordinary(each.average_px)),
        ("no average daily volume", lambda each: ordinary(each.adv)),
        ("no daily volatility", lambda each: ordinary(each.sigma_daily)),
        ("day of an event", lambda each: keep_events or not each.event),
        ("smaller than a millionth of a day", lambda each: each.size >= SIZE_MIN),
        ("cost beyond 25 daily volatilities", lambda each: abs(each.against(each.average_px)) <= COST_MAX),
    ]
    if form == "almgren":
        rules += [
            ("bound to a benchmark (VWAP, close)", lambda each: each.strategy.upper() not in BENCHMARKED),
            ("no shares outstanding", lambda each: ordinary(each.shares_outstanding)),
            ("no price half an hour after", lambda each: ordinary(each.post_px)),
            ("no duration in volume time", lambda each: ordinary(each.duration_days) and ordinary(each.post_days)),
            ("post price not after the last fill", lambda each: (each.post_days or 0) > (each.duration_days or 0)),
        ]
    return rules
