"""The closing auction: one price that trades the most shares, found on a book of everybody's interest.

Besides market-on-close orders the book holds limit interest at every price around the last one, growing
linearly with the distance from it, as the latent book does: an imbalance moves the price to where the limits
have absorbed it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sottovoce.models.arrays import FloatArray, IntArray


class AuctionOrder(NamedTuple):
    """An order of ours; limit_ticks None is a market order."""

    key: str
    buy: bool
    qty: int
    limit_ticks: int | None


class Clearing(NamedTuple):
    """The auction's outcome: price in ticks, shares matched in all, and our fills by key."""

    px_ticks: int
    qty: int
    fills: dict[str, int]


class Interest(NamedTuple):
    """The background's book: market orders on each side, and limit interest around a reference.

    floor: shares a tick at the reference on each side; slope: how many more for every tick away.
    """

    reference: float
    buy_qty: int
    sell_qty: int
    floor: float
    slope: float
    reach_ticks: int


def clear(interest: Interest, ours: list[AuctionOrder]) -> Clearing:
    """Match everything at one price: most shares, then least imbalance, then nearest the reference.

    At the price market orders go first, then better limits, then the background's limits, then ours, oldest
    first.
    """
    centre = round(interest.reference)
    prices = np.arange(max(1, centre - interest.reach_ticks), centre + interest.reach_ticks + 1, dtype=np.int64)
    demand, supply = _background(interest, prices)
    for order in ours:
        willing = _willing(order, prices)
        demand, supply = (demand + willing, supply) if order.buy else (demand, supply + willing)
    matched, gap = np.minimum(demand, supply), np.abs(demand - supply)
    nearest = np.abs(prices - interest.reference)
    best = int(np.lexsort((nearest, gap, -matched))[0])
    px = int(prices[best])
    fills = _allot(ours, px, int(demand[best]), int(supply[best]))
    return Clearing(px, int(matched[best]), fills)


def _background(interest: Interest, prices: IntArray) -> tuple[IntArray, IntArray]:
    """Shares the background buys and sells at each price."""
    away = prices - interest.reference
    buys = _cumulated(interest, np.maximum(-away, 0.0))
    sells = _cumulated(interest, np.maximum(away, 0.0))
    return interest.buy_qty + buys, interest.sell_qty + sells


def _cumulated(interest: Interest, distance: FloatArray) -> IntArray:
    """Limit interest between the reference and a distance in ticks: the integral of floor + slope x
    distance."""
    shares: IntArray = np.rint(interest.floor * distance + 0.5 * interest.slope * distance**2).astype(np.int64)
    return shares


def _willing(order: AuctionOrder, prices: IntArray) -> IntArray:
    if order.limit_ticks is None:
        return np.full(len(prices), order.qty, dtype=np.int64)
    inside = prices <= order.limit_ticks if order.buy else prices >= order.limit_ticks
    return np.where(inside, order.qty, 0).astype(np.int64)


def _allot(ours: list[AuctionOrder], px: int, demand: int, supply: int) -> dict[str, int]:
    """Our fills. What cannot match is interest at the price itself: ours there is cut first, the latest
    first."""
    fills: dict[str, int] = {}
    short = {True: max(0, demand - supply), False: max(0, supply - demand)}
    for order in reversed(ours):
        if _inside(order, px):
            cut = min(order.qty, short[order.buy]) if order.limit_ticks == px else 0
            short[order.buy] -= cut
            fills[order.key] = order.qty - cut
    return fills


def _inside(order: AuctionOrder, px: int) -> bool:
    if order.limit_ticks is None:
        return True
    return px <= order.limit_ticks if order.buy else px >= order.limit_ticks
