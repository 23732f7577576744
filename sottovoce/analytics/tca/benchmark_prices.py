"""The prices an order is measured against: each is a price with the rule that found it, or a reason.

Windows run from when the order might first trade to when it was done. Auction prints count only for an order
that traded in an auction. A price given with the order is used where there is no tape, and says so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import msgspec
import numpy as np

from sottovoce.analytics.tca.columns import FillColumns
from sottovoce.analytics.tca.market_tape import AUCTION_PRINT, MarketTape, prints
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.errors import ModelError
from sottovoce.models.benchmarks import AveragePx, pwp, slippage_bps, twap, vwap
from sottovoce.models.exact_sums import exact_dot, exact_sum

PWP_RATE = 0.20
NO_TAPE = "no tape"

Found = tuple[float, str]


class Benchmark(msgspec.Struct, frozen=True, kw_only=True):
    """px in price units (a float: an average); slippage in bps of it, positive = cost. None with a reason."""

    name: str
    label: str
    px: float | None
    slippage_bps: float | None
    rule: str


class Window(msgspec.Struct, frozen=True, kw_only=True):
    """When the order could trade, both ends included; auctions: whether it did in one."""

    start_ns: int
    end_ns: int
    auctions: bool


def window_of(order: TcaOrder, fills: FillColumns) -> Window:
    """From first eligibility to the end of the order."""
    start = order.arrival_ns if order.start_ns is None else order.start_ns
    ends = [start, *(() if order.end_ns is None else (order.end_ns,))]
    if fills.ts_ns.size:
        start = min(start, int(fills.ts_ns[0]))
        ends.append(int(fills.ts_ns[-1]))
    return Window(start_ns=start, end_ns=max(ends), auctions=bool(fills.auction.any()))


def benchmark_table(order: TcaOrder, fills: FillColumns, tape: MarketTape | None) -> tuple[Benchmark, ...]:
    """Every benchmark of an order, in the order a report prints them."""
    own = own_average(fills)
    window = window_of(order, fills)
    known = {
        "decision": (float(order.decision_px), "price when the manager decided"),
        "arrival": (float(order.arrival_px), f"mid when the order arrived: {order.arrival_rule}"),
    }
    table = [_row(order, own, name, label, partial(known.__getitem__, name)) for name, label in FIXED]
    for name, label, find in MEASURED:
        table.append(_row(order, own, name, label, _finder(order, fills, tape, window, name, find)))
    return tuple(table)


def own_average(fills: FillColumns) -> AveragePx | None:
    """Our average price as an exact pair; None without a fill."""
    qty = exact_sum(fills.qty)
    return AveragePx(value=exact_dot(fills.qty, fills.px), qty=qty) if qty else None


def market_average(tape: MarketTape, window: Window) -> AveragePx:
    """VWAP of everybody else in the window. Raises ModelError no_volume."""
    others = prints(tape, window.start_ns, window.end_ns, window.auctions) & (tape.trade_own == 0)
    return vwap(tape.trade_px, tape.trade_qty, others)


def _finder(
    order: TcaOrder,
    fills: FillColumns,
    tape: MarketTape | None,
    window: Window,
    name: str,
    find: Callable[[TcaOrder, FillColumns, MarketTape, Window], Found],
) -> Callable[[], Found]:
    def found() -> Found:
        if tape is not None:
            return find(order, fills, tape, window)
        if name in order.given:
            return float(order.given[name]), "given with the order"
        raise ModelError(NO_TAPE, code="no_tape")

    return found


def _row(order: TcaOrder, own: AveragePx | None, name: str, label: str, find: Callable[[], Found]) -> Benchmark:
    try:
        px, rule = find()
    except ModelError as error:
        return Benchmark(name=name, label=label, px=None, slippage_bps=None, rule=str(error))
    slippage = None if own is None else slippage_bps(order.side.sign, own.px, px)
    return Benchmark(name=name, label=label, px=px, slippage_bps=slippage, rule=rule)


def _interval_vwap(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    return market_average(tape, window).px, f"prints of others while the order could trade, {_auctions(window)}"


def _interval_vwap_with_own(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    inside = prints(tape, window.start_ns, window.end_ns, window.auctions)
    if bool((tape.trade_own[inside] != 0).any()):
        return vwap(tape.trade_px, tape.trade_qty, inside).px, "all prints, ours as the tape has them"
    market, own = vwap(tape.trade_px, tape.trade_qty, inside), own_average(fills)
    if own is not None:
        market = AveragePx(value=market.value + own.value, qty=market.qty + own.qty)
    return market.px, "all prints, our fills added: the tape does not have them"


def _twap(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    """Each session's part of the window, weighted by its length."""
    weighted, held = 0.0, 0
    for first, last in tape.sessions:
        start, end = max(first, window.start_ns), min(last, window.end_ns)
        if end > start:
            weighted += twap(tape.quote_ns, tape.mid, start, end) * (end - start)
            held += end - start
    if not held:
        raise ModelError("no quote while the order could trade", code="no_quotes")
    return weighted / held, "mids by the time they stood, sessions only"


def _day_vwap(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    days = [edge for edge in tape.sessions if edge[0] <= window.end_ns and edge[1] >= window.start_ns]
    if not days:
        raise ModelError("no session on the tape while the order could trade", code="no_quotes")
    inside = prints(tape, days[0][0], days[-1][1], window.auctions) & (tape.trade_own == 0)
    return vwap(tape.trade_px, tape.trade_qty, inside).px, f"prints of others, whole sessions, {_auctions(window)}"


def _tape_vwap(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    """As data vendors print it: the opening auction counts, the closing one and what follows does not."""
    inside = np.zeros(tape.trade_ns.shape, dtype=np.bool_)
    for opening, closing in tape.sessions:
        if opening <= window.end_ns and closing >= window.start_ns:
            late = (tape.trade_kind == AUCTION_PRINT) & (tape.trade_ns > (opening + closing) // 2)
            inside |= (tape.trade_ns >= opening) & (tape.trade_ns < closing) & ~late
    return vwap(tape.trade_px, tape.trade_qty, inside & (tape.trade_own == 0)).px, "whole sessions, no closing auction"


def _pwp(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    after = (tape.trade_ns >= window.start_ns) & (tape.trade_own == 0) & (tape.trade_kind != AUCTION_PRINT)
    average = pwp(tape.trade_px[after], tape.trade_qty[after], order.final_qty, PWP_RATE)
    return average.px, f"the first {average.qty:,} shares of others after the order could trade"


def _open(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    return _auction(tape, window, first=True)


def _close(order: TcaOrder, fills: FillColumns, tape: MarketTape, window: Window) -> Found:
    return _auction(tape, window, first=False)


def _auction(tape: MarketTape, window: Window, first: bool) -> Found:
    """The auction print nearest the session's opening or closing, within half of the session."""
    days = [edge for edge in tape.sessions if edge[0] <= window.end_ns and edge[1] >= window.start_ns]
    name = "opening" if first else "closing"
    if days:
        opening, closing = days[0] if first else days[-1]
        middle = (opening + closing) // 2
        slack = (closing - opening) // 2
        low, high = (opening - slack, middle) if first else (middle, closing + slack)
        inside = (tape.trade_kind == AUCTION_PRINT) & (tape.trade_ns >= low) & (tape.trade_ns <= high)
        found = np.flatnonzero(inside)
        if found.size:
            largest = found[np.argmax(tape.trade_qty[found])]
            return float(tape.trade_px[largest]), f"official {name} auction print, the largest"
    raise ModelError(f"no {name} auction print on the tape", code="no_auction")


def _auctions(window: Window) -> str:
    return "auctions included: the order used one" if window.auctions else "auctions excluded"


FIXED = (("decision", "Decision"), ("arrival", "Arrival"))
MEASURED = (
    ("interval_vwap", "Interval VWAP, others", _interval_vwap),
    ("interval_vwap_with_own", "Interval VWAP, with ours", _interval_vwap_with_own),
    ("twap", "TWAP", _twap),
    ("day_vwap", "Full-day VWAP", _day_vwap),
    ("tape_vwap", "Tape VWAP, no close", _tape_vwap),
    ("pwp", f"PWP {PWP_RATE:.0%}", _pwp),
    ("open", "Open", _open),
    ("close", "Close", _close),
)
BENCHMARK_NAMES = tuple(name for name, *_ in (*FIXED, *MEASURED))
