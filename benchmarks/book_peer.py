"""hftbacktest on the same events: its market-by-order depth, fed from an array, asked through its own doors.

What is equal: the orders, event for event, in one process on one core, in memory before the clock starts; the final
best prices and sizes are compared with ours. What is not: hftbacktest is a whole backtester in Rust, and keeps the
trader's clock and orders as it goes (there are none here); its prices are floats and its sizes too; it knows no part
of an order leaving, so a part is a modification to what is left; it cannot speak of orders it never saw, so those are
left out; and asked after every feed time it answers once for all events of one nanosecond, so fewer times.

Two ways: LOCAL keeps the trader's view only, a book by order as ours; BOTH also the exchange's, with the first-in
queues its fills would be taken from.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import hftbacktest as peer
import numpy as np
from hftbacktest.types import event_dtype

from sottovoce.models.arrays import FloatArray
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import MboEvents

LOCAL, BOTH = peer.LOCAL_EVENT, peer.LOCAL_EVENT | peer.EXCH_EVENT
UNITS, TICK = 1_000_000, 0.01
FOREVER_NS = 10**18

Feed = np.ndarray[Any, np.dtype[np.void]]


def feed_of(events: MboEvents, where: int) -> Feed:
    """The events in hftbacktest's form, exchange and local time the same, for LOCAL or BOTH."""
    book = MboBook()
    rows = []
    for ns, kind, order_id, side, px, qty in events.rows():
        if kind == mbo.ADD:
            book.add(order_id, side, px, qty)
            rows.append((peer.ADD_ORDER_EVENT, side, ns, px, qty, order_id))
        elif kind == mbo.TRADE:
            rows.append((peer.TRADE_EVENT, -side, ns, px, qty, 0))
        elif kind in (mbo.DELETE, mbo.CANCEL, mbo.EXECUTE) and (found := book.order(order_id)) is not None:
            stands, at, left = found
            after = 0 if kind == mbo.DELETE else max(left - qty, 0)
            book.reduce(order_id, left - after)
            what = peer.MODIFY_ORDER_EVENT if after else peer.CANCEL_ORDER_EVENT
            rows.append((what, stands, ns, at, after or left, order_id))
    return _packed(rows, where)


def run(feed: Feed) -> tuple[float, float, float, float]:
    """Play the feed in one go; returns best bid, its size, best ask, its size at the end."""
    backtest = _opened(feed)
    _runner()(backtest, FOREVER_NS)
    depth = backtest.depth(0)
    end = (depth.best_bid, depth.best_bid_qty, depth.best_ask, depth.best_ask_qty)
    backtest.close()
    return end


def run_asked(feed: Feed) -> FloatArray:
    """Play the feed time by time, the best prices and sizes noted at each; returns them, shape (m, 4)."""
    backtest = _opened(feed)
    touches = np.empty((feed.size, 4), dtype=np.float64)
    found: FloatArray = touches[: _asker()(backtest, touches)]
    backtest.close()
    return found


def _opened(feed: Feed) -> Any:
    asset = peer.BacktestAsset().data(feed).linear_asset(1.0).constant_order_latency(0, 0).l3_fifo_queue_model()
    asset = asset.no_partial_fill_exchange().trading_value_fee_model(0.0, 0.0).tick_size(TICK).lot_size(1.0)
    return peer.HashMapMarketDepthBacktest([asset.last_trades_capacity(0)])


@cache
def _runner() -> Callable[[Any, int], int]:
    """Compiled, since hftbacktest's objects are made for compiled code."""
    from numba import njit

    def elapse(backtest: Any, ns: int) -> Any:
        return backtest.elapse(ns)

    runner: Callable[[Any, int], int] = njit(elapse)
    return runner


@cache
def _asker() -> Callable[[Any, FloatArray], int]:
    from numba import njit

    def ask(backtest: Any, touches: FloatArray) -> int:
        done = 0
        while done < len(touches) and backtest.wait_next_feed(False, FOREVER_NS) == 2:
            depth = backtest.depth(0)
            touches[done, 0] = depth.best_bid
            touches[done, 1] = depth.best_bid_qty
            touches[done, 2] = depth.best_ask
            touches[done, 3] = depth.best_ask_qty
            done += 1
        return done

    asker: Callable[[Any, FloatArray], int] = njit(ask)
    return asker


def _packed(rows: list[tuple[int, int, int, int, int, int]], where: int) -> Feed:
    what, side, ns, px, qty, order_id = np.array(rows, dtype=np.int64).T
    feed = np.zeros(len(rows), dtype=event_dtype)
    feed["ev"] = what | where | np.where(side > 0, peer.BUY_EVENT, np.where(side < 0, peer.SELL_EVENT, 0))
    feed["exch_ts"] = feed["local_ts"] = ns
    feed["px"], feed["qty"], feed["order_id"] = px / UNITS, qty, order_id
    return feed
