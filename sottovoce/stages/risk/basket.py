"""A list of orders judged whole: what it comes to, against what was meant, and then every leg; all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from sottovoce.core.basket_events import BasketAccepted, BasketCleared, BasketRejected, LegFault
from sottovoce.core.limits import Bound, Effective, Level
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import DOLLAR, PPM, STAGE, Case, broken, money
from sottovoce.stages.risk.gate import ORDER_CHECKS, ORDER_HOLDS, run
from sottovoce.stages.risk.levels import scope_of
from sottovoce.stages.risk.lines import Totals

FAULTS_MAX = 100
"""Legs whose failures are listed; all are counted."""


def aggregate(gross: int, legs: int, effective: Effective) -> list[Failure]:
    """PT-04, hard: what the list comes to (1e-6 currency), and how many legs it has."""
    found = []
    value, count = effective.tightest("basket_value"), effective.tightest("basket_legs")
    if value is not None and gross > value.value * DOLLAR:
        most = money(value.value * DOLLAR)
        found.append(broken("basket_value", money(gross), most, most, value))
    if count is not None and legs > count.value:
        found.append(broken("basket_legs", str(legs), str(count.value), str(count.value), count))
    return found


def soft(gross: int, declared: str | None, effective: Effective) -> list[Failure]:
    """PT-04, for a person: a large list, and one that does not come to what its author says it does."""
    found = []
    value, ratio = effective.tightest("basket_value_soft"), effective.tightest("basket_ratio_ppm")
    if value is not None and gross > value.value * DOLLAR:
        most = money(value.value * DOLLAR)
        found.append(broken("basket_value_soft", money(gross), most, most, value))
    if declared is not None and ratio is not None:
        found += _ratio(gross, declared, ratio)
    return found


def _ratio(gross: int, declared: str, ratio: Bound) -> list[Failure]:
    meant = int(Decimal(declared) * DOLLAR)
    if meant > 0 and gross * PPM <= meant * ratio.value and meant * PPM <= gross * ratio.value:
        return []
    return [broken("basket_ratio", money(gross), f"{money(meant)} declared", "", ratio)]


class Baskets:
    """Decides on a list: legs by themselves, and added up."""

    def __init__(self, case: Callable[[ParentOrder, Child | None, MarketView], Case]) -> None:
        self._case = case

    def judged(self, event: BasketAccepted, view: MarketView, version: int) -> BasketCleared | BasketRejected:
        """One answer for the whole list."""
        cases = [self._case(leg, None, view) for leg in event.legs]
        failures = [] if cases else [failure(STAGE, "basket_leg", "no legs")]
        if cases:
            failures = aggregate(event.gross, len(cases), cases[0].effective) + together(cases)
        faults = leg_faults(cases, [leg.row for leg in event.basket.legs])
        if failures or faults:
            return BasketRejected(
                parent_id=event.parent_id,
                ts_ns=view.ts_ns,
                failures=(*failures, *_first(faults)),
                by=STAGE,
                faults=tuple(faults[:FAULTS_MAX]),
            )
        holds = soft(event.gross, event.basket.declared_notional, cases[0].effective)
        holds += [failed for case in cases for failed in run(ORDER_HOLDS, case)]
        return BasketCleared(
            parent_id=event.parent_id, ts_ns=view.ts_ns, limits_version=version, holds=(*event.holds, *holds)
        )


def together(cases: Sequence[Case]) -> list[Failure]:
    """PT-01 for the list as one order: its gross on top of what the firm, account, desk and trader have already."""
    added, first = sum(case.added for case in cases), cases[0]
    found = []
    for bound in first.effective.each("gross"):
        if bound.level in (Level.STRATEGY, Level.INSTRUMENT, Level.ORDER):
            continue
        totals = first.state.exposure.totals.get(scope_of(bound), Totals())
        after, most = totals.gross + added, bound.value * DOLLAR
        if after > most:
            text = f"{scope_of(bound) or 'firm'} {money(after)}"
            found.append(broken("gross_exposure", text, money(most), money(most - totals.gross), bound))
    return found


def leg_faults(cases: Sequence[Case], rows: Sequence[int]) -> list[LegFault]:
    """Every leg that would be rejected by itself, with the row it stands on."""
    found = []
    for row, case in zip(rows, cases, strict=True):
        failures = run(ORDER_CHECKS, case)
        if failures:
            found.append(LegFault(row=row, symbol=case.order.symbol, failures=tuple(failures)))
    return found


def _first(faults: Sequence[LegFault]) -> tuple[Failure, ...]:
    if not faults:
        return ()
    return (failure(STAGE, "basket_leg", f"{len(faults)} legs, first row {faults[0].row} {faults[0].symbol}"),)
