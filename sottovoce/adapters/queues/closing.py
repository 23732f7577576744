"""The closing auction: one price at which the most shares trade, on everybody's interest.

Besides orders for the close at any price, the background leaves limit interest around the last reference: equal shares
at each step on both sides, so an imbalance moves the price in proportion to it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sottovoce.adapters.queues.calibration import AUCTION_SHARE, Profile
from sottovoce.adapters.queues.dice import Stream, stream
from sottovoce.models.arrays import IntArray

IMBALANCE_SIGMA = 0.03
DAY_TO_DAY = 0.2
"""Log standard deviation of the auction's part of the day."""

RESTING_PER_SIGMA = 1.5
"""Limit interest on each side within a daily volatility of the reference, in days of volume."""

REACH_SIGMAS = 2.0


class AuctionOrder(NamedTuple):
    """An order of ours; limit_ticks None is a market order."""

    key: str
    buy: bool
    qty: int
    limit_ticks: int | None


class Interest(NamedTuple):
    """The background: orders at any price on each side, shares a step at each limit, the reference in ticks."""

    buy_qty: int
    sell_qty: int
    per_step: float
    reference: int
    grid: int
    reach: int


class Clearing(NamedTuple):
    """The auction's outcome: price in ticks, shares matched in all, and our fills by key."""

    px_ticks: int
    qty: int
    fills: dict[str, int]


def closing_interest(profile: Profile, reference: float, seed: int, index: int) -> Interest:
    """What the background brings to one close; reference in steps."""
    rng = stream(seed, profile.instrument_id, Stream.CLOSING, index)
    size = AUCTION_SHARE * profile.adv * float(rng.lognormal(-0.5 * DAY_TO_DAY**2, DAY_TO_DAY))
    gap = float(np.clip(rng.normal(0.0, IMBALANCE_SIGMA), -0.1, 0.1))
    return Interest(
        buy_qty=round(size * (1 + gap)),
        sell_qty=round(size * (1 - gap)),
        per_step=RESTING_PER_SIGMA * profile.adv / profile.sigma_steps,
        reference=max(1, round(reference)) * profile.grid,
        grid=profile.grid,
        reach=max(2, round(REACH_SIGMAS * profile.sigma_steps)),
    )


def clear(interest: Interest, ours: list[AuctionOrder]) -> Clearing:
    """Match everything at one price: most shares, then least imbalance, then nearest the reference.

    At the price orders without a limit go first, then better limits, then the background's, then ours, oldest first.
    """
    steps = np.arange(-interest.reach, interest.reach + 1) * interest.grid + interest.reference
    limits = [order.limit_ticks for order in ours if order.limit_ticks is not None]
    near = [px for px in limits if steps[0] <= px <= steps[-1]]
    prices = np.unique(np.concatenate([steps, np.array(near, dtype=np.int64)]))
    prices = prices[prices > 0]
    away = (prices - interest.reference) / interest.grid
    demand = interest.buy_qty + np.rint(np.maximum(0.0, -away) * interest.per_step).astype(np.int64)
    supply = interest.sell_qty + np.rint(np.maximum(0.0, away) * interest.per_step).astype(np.int64)
    for order in ours:
        target = demand if order.buy else supply
        target += _willing(order, prices)
    matched, gap = np.minimum(demand, supply), np.abs(demand - supply)
    best = int(np.lexsort((np.abs(away), gap, -matched))[0])
    px = int(prices[best])
    last_step = round(min(1.0, abs(away[best])) * interest.per_step)
    short = {True: max(0, int(demand[best] - supply[best])), False: max(0, int(supply[best] - demand[best]))}
    return Clearing(px, int(matched[best]), _allot(ours, px, short, {True: last_step, False: last_step}))


def _willing(order: AuctionOrder, prices: IntArray) -> IntArray:
    if order.limit_ticks is None:
        return np.full(len(prices), order.qty, dtype=np.int64)
    inside = prices <= order.limit_ticks if order.buy else prices >= order.limit_ticks
    return np.where(inside, order.qty, 0).astype(np.int64)


def _allot(ours: list[AuctionOrder], px: int, short: dict[bool, int], at_price: dict[bool, int]) -> dict[str, int]:
    """Our fills, where `short` shares of a side (True buys) cannot match: our limits at the price itself are cut first,
    the latest first, then the background's there (`at_price` shares), then what else is ours."""
    inside = [order for order in ours if order.limit_ticks is None or _willing(order, np.array([px]))[0]]
    fills = {order.key: order.qty for order in inside}
    for at_limit in (True, False):
        for order in reversed(inside):
            if (order.limit_ticks == px) is at_limit:
                cut = min(fills[order.key], short[order.buy])
                short[order.buy] -= cut
                fills[order.key] -= cut
        short = {buy: max(0, left - at_price[buy]) for buy, left in short.items()}
    return fills
