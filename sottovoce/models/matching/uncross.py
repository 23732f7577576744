"""The price of an auction: the one at which most shares trade.

Of prices that trade equally much, the one that leaves the least imbalance; of those, the highest if every one of them
leaves buyers over and the lowest if every one leaves sellers over (market pressure); of those still equal, the one
nearest the reference, the higher of two. Prices considered are ticks between the lowest and the highest of all limits
and the reference, within the collar where there is one. Source: the uncrossing rules exchanges publish for their
auctions, in the order the reference puts them.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from sottovoce.core.errors import ModelError


class Interest(NamedTuple):
    """One order in an auction: limit_px None for any price."""

    buy: bool
    qty: int
    limit_px: int | None


class Collar(NamedTuple):
    """The prices an auction may trade at, both included, price units."""

    low_px: int
    high_px: int


class Clearing(NamedTuple):
    """What an auction does, or would do now.

    px: None when nothing can trade. paired_qty: shares that trade. imbalance_qty: shares left over at the price (at
    the reference when px is None), positive for buyers, negative for sellers.
    """

    px: int | None
    paired_qty: int
    imbalance_qty: int


class Schedule:
    """Demand and supply of an auction as functions of the price. Prices in units; quantities in shares."""

    def __init__(self, orders: Sequence[Interest]) -> None:
        self._any_buy = sum(order.qty for order in orders if order.buy and order.limit_px is None)
        self._any_sell = sum(order.qty for order in orders if not order.buy and order.limit_px is None)
        self._bids, self._bid_sums = _summed(orders, buy=True)
        self._asks, self._ask_sums = _summed(orders, buy=False)

    @property
    def limits(self) -> list[int]:
        """Every limit price, with repeats."""
        return [*self._bids, *self._asks]

    @property
    def market_imbalance(self) -> int:
        """Orders without a limit: bought less sold."""
        return self._any_buy - self._any_sell

    def demand(self, px: int) -> int:
        """Shares bought at a price."""
        return self._any_buy + self._bid_sums[-1] - self._bid_sums[bisect_left(self._bids, px)]

    def supply(self, px: int) -> int:
        """Shares sold at a price."""
        return self._any_sell + self._ask_sums[bisect_right(self._asks, px)]

    def paired(self, px: int) -> int:
        """Shares that trade at a price."""
        return min(self.demand(px), self.supply(px))

    def imbalance(self, px: int) -> int:
        """Shares left over at a price, positive for buyers."""
        return self.demand(px) - self.supply(px)


def uncross(orders: Sequence[Interest], reference_px: int, tick: int, collar: Collar | None = None) -> Clearing:
    """Find the auction's price.

    Args:
        orders: any number, on both sides or one. Limits are multiples of tick.
        reference_px: last or closing price, units, > 0; need not be on a tick.
        tick: units, > 0. collar: prices the auction may not leave, None for no such limit.
    Returns: price, shares paired and left over; price None when no share can trade.
    Raises: ModelError `bad_auction`: no reference, or a collar that holds no tick.
    """
    if reference_px <= 0 or tick <= 0:
        raise ModelError(f"An auction needs a reference and a tick, not {reference_px}, {tick}.", code="bad_auction")
    schedule = Schedule(orders)
    prices = _candidates(schedule.limits, reference_px, tick, collar)
    paired = max(schedule.paired(px) for px in prices)
    if paired == 0:
        return Clearing(None, 0, schedule.imbalance(_nearest(prices, reference_px)))
    prices = [px for px in prices if schedule.paired(px) == paired]
    least = min(abs(schedule.imbalance(px)) for px in prices)
    px = _pressed(schedule, [px for px in prices if abs(schedule.imbalance(px)) == least], reference_px)
    return Clearing(px, paired, schedule.imbalance(px))


def _pressed(schedule: Schedule, prices: list[int], reference_px: int) -> int:
    """Of equally good prices, where market pressure or else the reference points."""
    over = [schedule.imbalance(px) for px in prices]
    if min(over) > 0:
        return max(prices)
    return min(prices) if max(over) < 0 else _nearest(prices, reference_px)


def _nearest(prices: Sequence[int], reference_px: int) -> int:
    return min(prices, key=lambda px: (abs(px - reference_px), -px))


def _candidates(limits: list[int], reference_px: int, tick: int, collar: Collar | None) -> list[int]:
    """Prices among which the best price on the whole grid must be.

    Demand and supply change only at limits, so between two neighbours of limits all prices are alike: of those the
    ends and the ticks around the reference are enough.
    """
    below = reference_px // tick * tick
    near_reference = (below, below if below == reference_px else below + tick)
    low, high = min([below, *limits]), max([near_reference[1], *limits])
    if collar is not None:
        inner_low, inner_high = -(-collar.low_px // tick) * tick, collar.high_px // tick * tick
        if inner_low > inner_high or inner_high < tick:
            raise ModelError(f"The collar {collar} holds no price on a tick of {tick}.", code="bad_auction")
        low, high = min(max(low, inner_low), inner_high), max(min(high, inner_high), inner_low)
    low = max(low, tick)
    around = [px for limit in limits for px in (limit - tick, limit, limit + tick)]
    return sorted({px for px in (*around, *near_reference, low, high) if low <= px <= high})


def _summed(orders: Sequence[Interest], *, buy: bool) -> tuple[list[int], list[int]]:
    """Limits of one side in rising order, and how many shares stand before each (one more sum than limits)."""
    side = sorted((order.limit_px, order.qty) for order in orders if order.buy == buy and order.limit_px is not None)
    return [px for px, _ in side], [0, *accumulate(qty for _, qty in side)]
