"""A small order-by-order feed by hand: seconds after the open, cents and shares, so a test reads like its story."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.adapters.replay.instrument_replay import ReplayFeed
from sottovoce.adapters.replay.market import OrderReplayMarket
from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, OrdStatus, OrdType, Side, TimeInForce
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.instrument import Instrument, TickRule
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session
from sottovoce.core.route_events import ChildRouted
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.events import MboEvents, Row, from_rows

SECOND = 1_000_000_000
CENT = 10_000
OPEN_NS = 1_340_285_400 * SECOND
"""2012-06-21 09:30 New York is 13:30 UTC."""

SESSION = Session(date="2012-06-21", open_ns=OPEN_NS, close_ns=OPEN_NS + 23_400 * SECOND)
INSTRUMENT = Instrument(
    instrument_id="XNAS:TST",
    symbol="TST US",
    name="Test",
    mic="XNAS",
    currency="USD",
    country="US",
    price_scale=1_000_000,
    asset_class="equity",
    ticks=(TickRule(effective_from="2012-01-01", tick=CENT),),
    lots=(),
    calendar="XNAS",
)
LATENCY_NS = 500_000


def at(seconds: float) -> int:
    """Nanoseconds UTC of so many seconds after the open."""
    return OPEN_NS + round(seconds * SECOND)


def event(seconds: float, kind: int, order_id: int = 0, side: int = 0, cents: int = 0, qty: int = 0) -> Row:
    """One event of the feed."""
    return (at(seconds), kind, order_id, side, cents * CENT, qty)


def buys(seconds: float, order_id: int, cents: int, qty: int) -> Row:
    """A real order to buy enters."""
    return event(seconds, mbo.ADD, order_id, 1, cents, qty)


def sells(seconds: float, order_id: int, cents: int, qty: int) -> Row:
    """A real order to sell enters."""
    return event(seconds, mbo.ADD, order_id, -1, cents, qty)


def gone(seconds: float, order_id: int) -> Row:
    """A real order is deleted."""
    return event(seconds, mbo.DELETE, order_id)


def canceled(seconds: float, order_id: int, qty: int) -> Row:
    """A part of a real order is canceled."""
    return event(seconds, mbo.CANCEL, order_id, qty=qty)


def executed(seconds: float, order_id: int, cents: int, qty: int) -> Row:
    """A real displayed order trades."""
    return event(seconds, mbo.EXECUTE, order_id, cents=cents, qty=qty)


def hidden(seconds: float, side: int, cents: int, qty: int) -> Row:
    """A hidden order of a side trades."""
    return event(seconds, mbo.TRADE, 0, side, cents, qty)


QUIET = (buys(-10, 1, 9_999, 300), buys(-9, 2, 9_998, 500), sells(-8, 3, 10_001, 200), sells(-7, 4, 10_002, 400))
"""Two orders a side before the open: 99.99 and 99.98 bid, 100.01 and 100.02 offered."""


def events(*rows: Row) -> MboEvents:
    """The rows as the feed's columns."""
    return from_rows(rows)


def market(*rows: Row, quiet: bool = True) -> OrderReplayMarket:
    """One instrument's feed as a market; begins with QUIET unless told not to."""
    feed = ReplayFeed(instrument=INSTRUMENT, events=[events(*(QUIET if quiet else ()), *rows)])
    return OrderReplayMarket([feed], [SESSION])


def route(
    cl_ord_id: str = "A",
    *,
    side: Side = Side.BUY,
    qty: int = 100,
    cents: int = 9_999,
    ord_type: OrdType = OrdType.LIMIT,
    tif: TimeInForce = TimeInForce.DAY,
    min_qty: int = 0,
    post_only: bool = False,
    display_qty: int | None = None,
    instrument_id: str = INSTRUMENT.instrument_id,
) -> Route:
    """An order of ours for the venue."""
    return Route(
        cl_ord_id=cl_ord_id,
        route_id=f"P.1/{cl_ord_id}",
        child_id="P.1",
        parent_id="P",
        venue="XNAS",
        instrument_id=instrument_id,
        side=side,
        qty=qty,
        ord_type=ord_type,
        price=cents * CENT,
        time_in_force=tif,
        min_qty=min_qty,
        sent_ns=0,
        post_only=post_only,
        display_qty=display_qty,
    )


def send(tape: OrderReplayMarket, seconds: float, order: Route) -> None:
    """Let an order arrive at a moment."""
    tape.send(ChildRouted(parent_id="P", ts_ns=0, route=order, decision_id="d"), at(seconds) - LATENCY_NS)


def cancel(tape: OrderReplayMarket, seconds: float, order: Route) -> None:
    """Let a cancel arrive at a moment."""
    state = OrderState(
        cl_ord_id=order.cl_ord_id,
        child_id=order.child_id,
        parent_id=order.parent_id,
        venue=order.venue,
        status=OrdStatus.NEW,
        order_qty=order.qty,
        leaves_qty=order.qty,
    )
    message = RouteCancelRequested(parent_id="P", ts_ns=0, route=order, state=state)
    tape.send(message, at(seconds) - LATENCY_NS)


OrderNews = ExecutionReport | CancelReject
"""What a venue says of an order; nothing else is said here."""


def play(tape: OrderReplayMarket, seconds: float = 23_400 + 60) -> list[OrderNews]:
    """Everything the venue says until then, in the order it says it."""
    said: list[OrderNews] = []
    while news := tape.advance(at(seconds)):
        said += [message for _, message in news if isinstance(message, ExecutionReport | CancelReject)]
    return said


def fills(said: Sequence[VenueMessage]) -> list[tuple[str, float, int, float]]:
    """(ClOrdID, seconds after the open, shares, cents) of each trade."""
    return [
        (message.cl_ord_id, (message.transact_ns - OPEN_NS) / SECOND, message.last_qty, message.last_px / CENT)
        for message in said
        if isinstance(message, ExecutionReport) and message.exec_type is ExecType.TRADE
    ]


def kinds(said: Sequence[VenueMessage]) -> list[str]:
    """What each message was, in the field's words."""
    return [message.exec_type.value if isinstance(message, ExecutionReport) else "cancel_reject" for message in said]
