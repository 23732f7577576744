"""A small tape by hand: seconds after the open and dollars, so that a test reads like the story it tells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from sottovoce.adapters.tape.day import DayTape, Quotes, Trades
from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, OrdStatus, OrdType, Side, TimeInForce
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.instrument import Instrument, TickRule
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session
from sottovoce.core.route_events import ChildRouted

SECOND = 1_000_000_000
OPEN_NS = 1_381_239_000 * SECOND
"""2013-10-08 09:30 New York is 13:30 UTC."""

DAY_NS = 86_400 * SECOND
SESSION = Session(date="2013-10-08", open_ns=OPEN_NS, close_ns=OPEN_NS + 23_400 * SECOND)
INSTRUMENT = Instrument(
    instrument_id="XNYS:TST",
    symbol="TST US",
    name="Test",
    mic="XNYS",
    currency="USD",
    country="US",
    price_scale=1_000_000,
    asset_class="equity",
    ticks=(TickRule(effective_from="2013-01-01", tick=10_000),),
    lots=(),
    calendar="XNYS",
)
LATENCY_NS = 500_000

QuoteRow = tuple[float, float, int, float, int]
"""seconds after the open, bid, bid size, ask, ask size"""

TradeRow = tuple[float, float, int, str, int]
"""seconds after the open, price, shares, venue letter, condition"""


def at(seconds: float) -> int:
    """Nanoseconds UTC of so many seconds after the open."""
    return OPEN_NS + round(seconds * SECOND)


def px(dollars: float) -> int:
    return round(dollars * 1_000_000)


def session_on(day: int) -> Session:
    """The session of the n-th day after the first, every day a trading day."""
    return Session(
        date=f"2013-10-{8 + day:02d}", open_ns=OPEN_NS + day * DAY_NS, close_ns=SESSION.close_ns + day * DAY_NS
    )


def new_york_session(date: str) -> Session:
    """09:30 to 16:00 of a YYYYMMDD date by the time zone table: a check on the loader's own arithmetic."""
    opens = datetime.strptime(date + " 09:30", "%Y%m%d %H:%M").replace(tzinfo=ZoneInfo("America/New_York"))
    open_ns = int(opens.timestamp()) * SECOND
    return Session(
        date=opens.date().isoformat(), open_ns=open_ns, close_ns=open_ns + SESSION.close_ns - SESSION.open_ns
    )


def quotes(rows: Sequence[QuoteRow], session: Session = SESSION) -> Quotes:
    def column(place: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        unit = 1_000_000 if place in (1, 3) else 1
        return np.array([round(row[place] * unit) for row in rows], dtype=np.int64)

    return Quotes(
        ns=np.array([session.open_ns + round(row[0] * SECOND) for row in rows], dtype=np.int64),
        bid=column(1),
        bid_size=column(2),
        ask=column(3),
        ask_size=column(4),
    )


def trades(rows: Sequence[TradeRow], session: Session = SESSION) -> Trades:
    return Trades(
        ns=np.array([session.open_ns + round(row[0] * SECOND) for row in rows], dtype=np.int64),
        px=np.array([px(row[1]) for row in rows], dtype=np.int64),
        qty=np.array([row[2] for row in rows], dtype=np.int64),
        exchange=np.array([ord(row[3]) for row in rows], dtype=np.int64),
        cond=np.array([row[4] for row in rows], dtype=np.int64),
    )


def day(quote_rows: Sequence[QuoteRow], trade_rows: Sequence[TradeRow], session: Session = SESSION) -> DayTape:
    return DayTape(
        symbol="TST", session=session, trades=trades(trade_rows, session), quotes=quotes(quote_rows, session)
    )


def market(quote_rows: Sequence[QuoteRow], trade_rows: Sequence[TradeRow]) -> ReplayedMarket:
    return ReplayedMarket(INSTRUMENT, [day(quote_rows, trade_rows)])


def route(
    cl_ord_id: str = "A",
    *,
    side: Side = Side.BUY,
    qty: int = 100,
    price: float = 10.00,
    venue: str = "TAPE",
    ord_type: OrdType = OrdType.LIMIT,
    tif: TimeInForce = TimeInForce.DAY,
    min_qty: int = 0,
) -> Route:
    return Route(
        cl_ord_id=cl_ord_id,
        route_id=f"P.1/{cl_ord_id}",
        child_id="P.1",
        parent_id="P",
        venue=venue,
        instrument_id=INSTRUMENT.instrument_id,
        side=side,
        qty=qty,
        ord_type=ord_type,
        price=px(price),
        time_in_force=tif,
        min_qty=min_qty,
        sent_ns=0,
    )


def routed(order: Route) -> ChildRouted:
    return ChildRouted(parent_id="P", ts_ns=0, route=order, decision_id="d")


def cancel(order: Route) -> RouteCancelRequested:
    state = OrderState(
        cl_ord_id=order.cl_ord_id,
        child_id=order.child_id,
        parent_id=order.parent_id,
        venue=order.venue,
        status=OrdStatus.NEW,
        order_qty=order.qty,
        leaves_qty=order.qty,
    )
    return RouteCancelRequested(parent_id="P", ts_ns=0, route=order, state=state)


OrderNews = ExecutionReport | CancelReject
"""What a venue says of an order; nothing else is said here."""


def run(tape: ReplayedMarket, until_s: float = 23_400 + 3_600) -> list[OrderNews]:
    """Everything the venues say until then, in the order the market says it."""
    said: list[OrderNews] = []
    while news := tape.advance(at(until_s)):
        said += [message for _, message in news if isinstance(message, ExecutionReport | CancelReject)]
    return said


def fills(said: Sequence[VenueMessage]) -> list[tuple[float, int, float]]:
    """(seconds after the open, shares, dollars) of each trade."""
    return [
        ((message.transact_ns - OPEN_NS) / SECOND, message.last_qty, message.last_px / 1_000_000)
        for message in said
        if isinstance(message, ExecutionReport) and message.exec_type is ExecType.TRADE
    ]


def kinds(said: Sequence[VenueMessage]) -> list[str]:
    """What each message was, in the field's words."""
    return [message.exec_type.value if isinstance(message, ExecutionReport) else "cancel_reject" for message in said]
