"""Tapes and orders made for tests: a seeded walk of quotes and prints, and a parent worked in it."""

from __future__ import annotations

import numpy as np

from sottovoce.analytics.tca.orders import TcaFill, TcaForecast, TcaOrder, TcaRoute, TcaSchedule
from sottovoce.core.enums import LastLiquidityInd, Side, VenueKind
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_SECOND, parse_rfc3339

OPEN_NS = parse_rfc3339("2018-02-12T09:30:00-05:00")
SESSION_NS = 6 * NS_PER_HOUR + NS_PER_HOUR // 2
UNIT = 1_000_000
TICK = 10_000

FORECAST = TcaForecast(
    expected_cost_bps=9.5,
    low_bps=-32.0,
    high_bps=51.0,
    timing_risk_bps=32.0,
    permanent_bps=3.2,
    model_version="almgren2005/risk-18-7",
)


def tape(days: int = 1, seed: int = 3, quotes: int = 4_000, prints: int = 3_000) -> Tape:
    """Sessions of a random walk around 100, one-cent ticks, a two-cent spread, an auction at each end."""
    dice = np.random.default_rng(seed)
    quote_ns, bid, trade_ns, px, qty, kind = [], [], [], [], [], []
    level = 10_000
    for day in range(days):
        start = OPEN_NS + day * NS_PER_DAY
        times = np.sort(dice.integers(0, SESSION_NS, quotes)) + start
        times[0], times[-1] = start, start + SESSION_NS
        steps = level + np.cumsum(dice.integers(-1, 2, quotes))
        level = int(steps[-1])
        quote_ns.append(times)
        bid.append(steps * TICK)
        at = np.sort(dice.integers(0, SESSION_NS, prints)) + start
        found = steps[np.searchsorted(times, at, side="right") - 1] * TICK
        trade_ns += [np.array([start]), at, np.array([start + SESSION_NS])]
        px += [found[:1], found + dice.integers(0, 3, prints) * TICK, found[-1:]]
        qty += [np.array([20_000]), dice.integers(1, 12, prints) * 100, np.array([60_000])]
        kind += [np.array([2]), (dice.random(prints) < 0.3).astype(np.int64), np.array([2])]
    bids = np.concatenate(bid)
    prices = np.concatenate(px)
    return Tape(
        instrument_id="I1",
        quote_ns=np.concatenate(quote_ns),
        bid=bids,
        ask=bids + 2 * TICK,
        trade_ns=np.concatenate(trade_ns),
        trade_px=prices,
        trade_qty=np.concatenate(qty),
        trade_own=np.zeros_like(prices),
        trade_kind=np.concatenate(kind),
    )


def worked(market: Tape, side: Side = Side.BUY, fills: int = 120, qty: int = 60_000, seed: int = 5) -> TcaOrder:
    """A VWAP parent over every session of the tape: lit and dark fills, a closing auction, a tenth left over."""
    dice = np.random.default_rng(seed)
    ns, bid = np.asarray(market.quote_ns), np.asarray(market.bid)
    at = np.sort(ns[dice.integers(10, ns.size - 10, fills)]) + 1
    sizes = dice.multinomial(qty * 8 // 10, np.full(fills, 1 / fills))
    is_dark, is_passive = dice.random(fills) < 0.25, dice.random(fills) < 0.5
    made = [
        _fill(side, int(when), int(size), int(bid[np.searchsorted(ns, when) - 1]), bool(dark), bool(passive))
        for when, size, dark, passive in zip(at, sizes, is_dark, is_passive, strict=True)
        if size
    ]
    close = TcaFill(
        ts_ns=int(ns[-1]), qty=qty // 10, px=int(bid[-1]), venue="XNYS", venue_kind=VenueKind.AUCTION,
        liquidity=LastLiquidityInd.AUCTION, fee=qty // 10 * 700, mid=int(bid[-1]) + TICK, half_spread=TICK,
    )  # fmt: skip
    everything = (*made, close)
    arrival = int(bid[10]) + TICK
    edges = np.linspace(int(ns[10]), int(ns[-1]), 27).astype(np.int64).tolist()
    return TcaOrder(
        parent_id="P-1",
        symbol="ACME",
        instrument_id="I1",
        side=side,
        order_qty=qty,
        decision_px=arrival - side.sign * 3 * TICK,
        arrival_px=arrival,
        arrival_ns=int(ns[10]),
        end_ns=int(ns[-1]),
        end_reason="market closed",
        fills=everything,
        returned_qty=qty - sum(fill.qty for fill in everything),
        routes=_routes(everything),
        strategy="VWAP",
        forecast=FORECAST,
        schedule=TcaSchedule(edges_ns=tuple(edges), curve=tuple(CURVE_ONE * step // 26 for step in range(27))),
        calendar="XNYS",
    )


def _fill(side: Side, when: int, size: int, bid: int, dark: bool, passive: bool) -> TcaFill:
    near, far = (bid, bid + 2 * TICK) if side.sign > 0 else (bid + 2 * TICK, bid)
    if dark:
        px, venue, kind, fee, flag = bid + TICK, "DARK", VenueKind.DARK, 1_000, LastLiquidityInd.MIDPOINT
    elif passive:
        px, venue, kind, fee, flag = near, "ARCX", VenueKind.LIT, -2_000, LastLiquidityInd.ADDED
    else:
        px, venue, kind, fee, flag = far, "XNYS", VenueKind.LIT, 3_000, LastLiquidityInd.REMOVED
    return TcaFill(
        ts_ns=when, qty=size, px=px, venue=venue, venue_kind=kind, fee=fee * size, mid=bid + TICK, half_spread=TICK,
        liquidity=flag, exec_id=f"E{when}",
    )  # fmt: skip


def _routes(fills: tuple[TcaFill, ...]) -> tuple[TcaRoute, ...]:
    """One route for each fill, every second one for a lot more than filled."""
    return tuple(
        TcaRoute(
            venue=fill.venue, venue_kind=fill.venue_kind, qty=fill.qty + 100 * (row % 2), filled_qty=fill.qty,
            sent_ns=fill.ts_ns - NS_PER_SECOND, done_ns=fill.ts_ns,
        )
        for row, fill in enumerate(fills)
    )  # fmt: skip
