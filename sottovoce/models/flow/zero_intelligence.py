"""A market of orders without intelligence: what the mechanism of an order book does by itself.

Limit orders of one share arrive at alpha per unit of price and second on each side, anywhere below the best ask (bids)
or above the best bid (asks); market orders of one share at mu a second, half to each side; every resting order is
canceled at delta a second. Prices scale with mu/alpha, depth with alpha/delta, and the shape depends on delta/mu alone.

Source: Daniels, Farmer, Gillemot, Iori and Smith 2003; Smith, Farmer, Gillemot and Krishnamurthy 2003; T-SIM-3.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.compiling import Family

BID, ASK = 0, 1
RING = 1 << 17
"""Ticks of price remembered; prices that far apart share a cell, and orders do not live that long."""

CHUNK_MAX = 131_072
"""Events drawn at a time."""


class ZeroIntelligence(msgspec.Struct, frozen=True, kw_only=True):
    """alpha: limit orders per unit of price and second, a side; mu: market orders a second; delta: cancels an order and
    second. tick: the price grid, small against mu/alpha; reach: how far from the opposite best limit orders fall, large
    against it."""

    alpha: float = 1.0
    mu: float = 1.0
    delta: float = 0.05
    tick: float = 0.004
    reach: float = 6.0


class Played(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """spread: its average over time, in units of price; mids: just before every market order, same units, shape (n,);
    events: all of them, warm-up left out as everywhere."""

    spread: float
    mids: FloatArray
    events: int


def play(model: ZeroIntelligence, market_orders: int, seed: int, *, compile_: bool = True) -> Played:
    """Play a number of market orders after a warm-up of ten lives of an order. Compiled and plain runs are equal.

    Raises: ModelError, zero_intelligence_bad_parameters.
    """
    _check(model)
    rng = np.random.default_rng(seed)
    ready = PLAY.compiled() if compile_ else None
    run = play_chunk if ready is None else ready["play_chunk"]
    rates = np.array([2.0 * model.alpha * model.reach, model.mu, model.delta])
    reach = round(model.reach / model.tick)
    depth, price, side = _empty_book(model, reach)
    # best bid, best ask, resting orders; seconds, spread x seconds, market orders and events are sums.
    state, sums = np.array([0, 1, 2], dtype=np.int64), np.zeros(4)
    warm_s, chunk = 10.0 / model.delta, min(CHUNK_MAX, 16 * market_orders)
    while sums[0] < warm_s:
        run(rates, reach, rng.random((chunk, 3)), depth, price, side, state, sums, np.empty(chunk), warm_s)
    sums[:] = 0.0
    parts: list[FloatArray] = []
    while (done := int(sums[2])) < market_orders:
        mids = np.empty(chunk)
        run(rates, reach, rng.random((chunk, 3)), depth, price, side, state, sums, mids, np.inf)
        parts.append(mids[: int(sums[2]) - done])
    mids = np.concatenate(parts)[:market_orders] * model.tick
    return Played(spread=float(sums[1] / sums[0]) * model.tick, mids=mids, events=int(sums[3]))


def _check(model: ZeroIntelligence) -> None:
    scale = model.mu / model.alpha if model.alpha > 0 else 0.0
    if min(model.alpha, model.mu, model.delta, model.tick) <= 0 or not model.tick < scale < model.reach:
        raise ModelError(
            "A zero-intelligence market needs rates above zero, a tick below mu/alpha and a reach above it; got "
            f"alpha {model.alpha}, mu {model.mu}, delta {model.delta}, tick {model.tick}, reach {model.reach}.",
            code="zero_intelligence_bad_parameters",
        )


def _empty_book(model: ZeroIntelligence, reach: int) -> tuple[IntArray, IntArray, IntArray]:
    """Shares by side and price, and price and side of each order, with one order on each side."""
    most = int(6 * model.alpha * model.reach / model.delta) + 10_000
    depth = np.zeros((2, RING), dtype=np.int64)
    price, side = np.zeros(most, dtype=np.int64), np.zeros(most, dtype=np.int64)
    depth[BID, 0] = depth[ASK, 1] = 1
    price[1], side[1] = 1, ASK
    return depth, price, side


def play_chunk(
    rates: FloatArray,
    reach: int,
    draws: FloatArray,
    depth: IntArray,
    price: IntArray,
    side: IntArray,
    state: IntArray,
    sums: FloatArray,
    mids: FloatArray,
    until_s: float,
) -> None:
    """One event for each row of draws, or to a time; state and sums are carried on, a mid kept before market orders.

    Each state weighs by its expected duration, which leaves out the noise of the clock and nothing else.
    """
    first = sums[2]
    for at in range(len(draws)):
        bid, ask, count = state[0], state[1], state[2]
        total = rates[0] + rates[1] + rates[2] * count
        sums[0] += 1.0 / total
        sums[1] += (ask - bid) / total
        sums[3] += 1.0
        choice, draw = draws[at, 0] * total, draws[at, 1]
        if choice < rates[0]:
            which = BID if draw < 0.5 else ASK
            away = 1 + int(draws[at, 2] * reach)
            join(ask - away if which == BID else bid + away, which, depth, price, side, state)
        elif choice < rates[0] + rates[1]:
            which = ASK if draw < 0.5 else BID
            mids[int(sums[2] - first)] = (bid + ask) / 2.0
            leave(newest(state[which], which, price, side, count), depth, price, side, state)
            sums[2] += 1.0
        else:
            leave(int(draw * count), depth, price, side, state)
        if sums[0] >= until_s:
            break


def newest(best: int, which: int, price: IntArray, side: IntArray, count: int) -> int:
    """An order at a best price; orders there are alike, so any will do."""
    at = count - 1
    while price[at] != best or side[at] != which:
        at -= 1
    return at


def join(px: int, which: int, depth: IntArray, price: IntArray, side: IntArray, state: IntArray) -> None:
    """A limit order rests."""
    price[state[2]], side[state[2]] = px, which
    state[2] += 1
    depth[which, px % RING] += 1
    if which == BID:
        state[BID] = max(state[BID], px)
    else:
        state[ASK] = min(state[ASK], px)


def leave(at: int, depth: IntArray, price: IntArray, side: IntArray, state: IntArray) -> None:
    """An order goes, unless it is the last of its side; the best price is looked for again where it was alone."""
    px, which = price[at], side[at]
    step = -1 if which == BID else 1
    if px == state[which] and depth[which, px % RING] == 1:
        nearest = next_price(px, which, step, depth)
        if nearest == px:
            return
        state[which] = nearest
    depth[which, px % RING] -= 1
    last = state[2] - 1
    price[at], side[at] = price[last], side[last]
    state[2] = last


def next_price(px: int, which: int, step: int, depth: IntArray) -> int:
    """The next price behind px with an order, px itself where there is none."""
    for away in range(1, RING):
        if depth[which, (px + step * away) % RING] > 0:
            return px + step * away
    return px


PLAY = Family(newest, join, next_price, leave, play_chunk, allocates=True)
