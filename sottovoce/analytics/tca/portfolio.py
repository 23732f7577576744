"""Several orders together: totals by value, averages by order, and how sure an average can be.

The headline is value-weighted: summed money over summed value, never an average of bps. The mean over orders
stands beside it with a 95 % interval, once there are ORDERS_MIN of them. Amounts of several currencies are only
added through exact rates given with the orders.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import sqrt
from statistics import fmean, stdev

import msgspec

from sottovoce.analytics.tca.account import UNSPLIT, in_bps
from sottovoce.analytics.tca.benchmark_prices import BENCHMARK_NAMES, own_average
from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.models.exact_sums import exact_sum
from sottovoce.models.shortfall import PARTS, Amount

ORDERS_MIN = 30
Z_95 = 1.959964
MIXED = "orders in several currencies and no exchange rates with them"


class Totals(msgspec.Struct, frozen=True, kw_only=True):
    """Amounts in units of currency, exact; parts None with a reason. denominator: Σ X · P_d."""

    currency: str
    parts: dict[str, Fraction | None]
    total: Fraction | None
    reasons: dict[str, str]
    denominator: Fraction
    executed: Fraction
    ordered_value: Fraction
    arrival_value: Fraction
    realised: Fraction


class Slippage(msgspec.Struct, frozen=True, kw_only=True):
    """Slippage against one benchmark over the orders that have it, by value; positive = cost."""

    name: str
    label: str
    slippage_bps: float | None
    orders: int


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """The orders of a report together. mean and interval are over orders, equal weights."""

    orders: int
    symbols: tuple[str, ...]
    first_ns: int
    last_ns: int
    ordered_qty: int
    filled_qty: int
    totals: Totals | None
    reason: str
    mean_bps: float | None
    interval_bps: tuple[float, float] | None
    interval_reason: str
    slippages: tuple[Slippage, ...]
    expected_bps: float | None


def portfolio_of(measured: Sequence[OrderTca]) -> Portfolio:
    """All orders of a report together; one order is a portfolio too."""
    rates = _rates(measured)
    each_bps = [each.shortfall_bps for each in measured]
    known = [value for value in each_bps if value is not None]
    interval, why_not = _interval(known)
    return Portfolio(
        orders=len(measured),
        symbols=tuple(sorted({each.order.symbol for each in measured})),
        first_ns=min(each.order.arrival_ns for each in measured),
        last_ns=max(each.window.end_ns for each in measured),
        ordered_qty=sum(each.account.ordered for each in measured),
        filled_qty=sum(each.account.filled for each in measured),
        totals=None if rates is None else _totals(measured, *rates),
        reason=MIXED if rates is None else "",
        mean_bps=fmean(known) if len(known) == len(measured) else None,
        interval_bps=interval,
        interval_reason=why_not,
        slippages=() if rates is None else _slippages(measured, rates[1]),
        expected_bps=None if rates is None else _expected(measured, rates[1]),
    )


def _rates(measured: Sequence[OrderTca]) -> tuple[str, list[Fraction]] | None:
    """The report's currency, and what one price unit × share of each order is in it; None when they do not meet."""
    orders = [each.order for each in measured]
    if len({order.currency for order in orders}) == 1:
        return orders[0].currency, [Fraction(1, order.price_scale) for order in orders]
    target = next((order.fx_currency for order in orders if order.fx_currency), None)
    rates = []
    for order in orders:
        if order.currency == target:
            rate = Fraction(1)
        elif order.fx_currency == target and order.fx_rate is not None:
            rate = Fraction(order.fx_rate)
        else:
            return None
        rates.append(rate / order.price_scale)
    return (target, rates) if target is not None else None


def _totals(measured: Sequence[OrderTca], currency: str, rates: Sequence[Fraction]) -> Totals:
    pairs = list(zip((each.account for each in measured), rates, strict=True))
    arrived = [each.account.ordered * each.order.arrival_px for each in measured]
    reasons: dict[str, str] = {}
    parts = {name: _part(name, measured, rates, reasons) for name in PARTS}
    unsplit = [account.parts[UNSPLIT] for account, _ in pairs if UNSPLIT in account.parts]
    if unsplit:
        parts[UNSPLIT] = _sum([(account.parts.get(UNSPLIT), rate) for account, rate in pairs])
    open_ended = [account.reasons["total"] for account, _ in pairs if account.total is None]
    if open_ended:
        reasons["total"] = open_ended[0]
    return Totals(
        currency=currency,
        parts=parts,
        total=None if open_ended else _sum([(account.total, rate) for account, rate in pairs]),
        reasons=reasons,
        denominator=_sum([(account.decision_notional, rate) for account, rate in pairs]),
        executed=_sum([(account.filled_notional, rate) for account, rate in pairs]),
        ordered_value=_sum(list(zip(arrived, rates, strict=True))),
        arrival_value=_sum([(account.arrival_notional, rate) for account, rate in pairs]),
        realised=_sum([(account.trading + account.fees, rate) for account, rate in pairs]),
    )


def _part(
    name: str, measured: Sequence[OrderTca], rates: Sequence[Fraction], reasons: dict[str, str]
) -> Fraction | None:
    """A part summed over the orders that know it; the others have it inside another part, so sums still hold."""
    missing = [each.account.reasons[name] for each in measured if each.account.parts[name] is None]
    if missing:
        known = len(measured) - len(missing)
        reasons[name] = missing[0] if not known else f"known for {known} of {len(measured)} orders; else: {missing[0]}"
    if len(missing) == len(measured):
        return None
    return _sum([(each.account.parts[name], rate) for each, rate in zip(measured, rates, strict=True)])


def _sum(amounts: Sequence[tuple[Amount | None, Fraction]]) -> Fraction:
    return sum((Fraction(amount) * rate for amount, rate in amounts if amount is not None), Fraction(0))


def _interval(known: Sequence[float]) -> tuple[tuple[float, float] | None, str]:
    if len(known) < ORDERS_MIN:
        return None, f"insufficient: {len(known)} of {ORDERS_MIN} orders"
    reach = Z_95 * stdev(known) / sqrt(len(known))
    return (fmean(known) - reach, fmean(known) + reach), ""


def _slippages(measured: Sequence[OrderTca], rates: Sequence[Fraction]) -> tuple[Slippage, ...]:
    return tuple(_slippage(name, measured, rates) for name in BENCHMARK_NAMES)


def _slippage(name: str, measured: Sequence[OrderTca], rates: Sequence[Fraction]) -> Slippage:
    above = below = 0.0
    label, count = name, 0
    for each, rate in zip(measured, rates, strict=True):
        row = next(row for row in each.benchmarks if row.name == name)
        label, own = row.label, own_average(each.fills)
        if row.px is None or own is None:
            continue
        worth = own.qty * float(rate)
        above += each.order.side.sign * (own.px - row.px) * worth
        below += row.px * worth
        count += 1
    return Slippage(name=name, label=label, slippage_bps=1e4 * above / below if below else None, orders=count)


def _expected(measured: Sequence[OrderTca], rates: Sequence[Fraction]) -> float | None:
    """Forecast cost by arrival value of what filled; None unless every order that traded had a forecast."""
    traded = [(each, rate) for each, rate in zip(measured, rates, strict=True) if exact_sum(each.fills.qty)]
    if not traded or any(each.outcome.expected_bps is None for each, _ in traded):
        return None
    worth = [float(each.account.arrival_notional * rate) for each, rate in traded]
    expected = [each.outcome.expected_bps or 0.0 for each, _ in traded]
    return sum(cost * value for cost, value in zip(expected, worth, strict=True)) / sum(worth)


def total_bps(totals: Totals, amount: Fraction | None) -> float | None:
    """An amount of the totals in bps of Σ X · P_d."""
    return in_bps(amount, totals.denominator)
