"""A market played by hand, through its port alone: run it, hear what it says, send it an order, seal its tape."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import cast

import numpy as np

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import OrdStatus, OrdType, Side, TimeInForce, VenueKind
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Market, Tape
from sottovoce.core.route_events import ChildRouted
from sottovoce.models.arrays import FloatArray, IntArray

SECOND_NS = 1_000_000_000
COLUMNS = (
    *("quote_ns", "bid", "ask", "bid_size", "ask_size"),
    *("trade_ns", "trade_px", "trade_qty", "trade_own", "trade_kind", "trade_side"),
)


def play(market: Market, until_ns: int) -> list[ExecutionReport]:
    """Run to a time; every execution report of ours on the way."""
    found: list[ExecutionReport] = []
    while news := market.advance(until_ns):
        found += [message for _, message in news if isinstance(message, ExecutionReport)]
    return found


def lit_venues(market: Market) -> list[str]:
    """MICs of the venues with a displayed book, in order."""
    return [facts.venue for facts in market.venues() if facts.kind is VenueKind.LIT]


def limit_order(
    name: str, cl_ord_id: str, venue: str, side: Side, qty: int, px: int, tif: TimeInForce, at_ns: int
) -> ChildRouted:
    """A limit order of the study, straight to its venue."""
    route = Route(
        cl_ord_id=cl_ord_id,
        route_id=cl_ord_id,
        child_id=cl_ord_id,
        parent_id="STUDY",
        venue=venue,
        instrument_id=name,
        side=side,
        qty=qty,
        ord_type=OrdType.LIMIT,
        price=px,
        time_in_force=tif,
        min_qty=0,
        sent_ns=at_ns,
    )
    return ChildRouted(parent_id="STUDY", ts_ns=at_ns, route=route, decision_id="STUDY")


def cancel_of(order: ChildRouted, at_ns: int) -> RouteCancelRequested:
    """The cancel of an order sent before."""
    route = order.route
    state = OrderState(
        cl_ord_id=route.cl_ord_id,
        child_id=route.child_id,
        parent_id=route.parent_id,
        venue=route.venue,
        status=OrdStatus.NEW,
        order_qty=route.qty,
        leaves_qty=route.qty,
    )
    return RouteCancelRequested(parent_id="STUDY", ts_ns=at_ns, route=route, state=state)


def column(values: object) -> IntArray:
    """A column of a tape as int64."""
    return np.asarray(cast(IntArray, values), dtype=np.int64)


def tape_digest(tape: Tape) -> str:
    """SHA-256 of every column the tape has, little-endian int64, hex: equal for bit-equal tapes."""
    seal = hashlib.sha256(tape.instrument_id.encode())
    for name in COLUMNS:
        values = getattr(tape, name)
        seal.update(name.encode())
        if values is not None:
            seal.update(column(values).astype("<i8").tobytes())
    return seal.hexdigest()


def tape_mids(tape: Tape, times_ns: IntArray) -> FloatArray:
    """Mid in units in force at each time, the first quote's before it; shape as times_ns."""
    at = np.searchsorted(column(tape.quote_ns), times_ns, side="right") - 1
    both: FloatArray = (column(tape.bid)[np.maximum(at, 0)] + column(tape.ask)[np.maximum(at, 0)]) / 2
    return both


def round_share(qty: int, parts: Sequence[str]) -> list[tuple[str, int]]:
    """A quantity over venues as evenly as whole shares allow; venues that would get none are left out."""
    count = len(parts)
    return [(part, got) for at, part in enumerate(parts) if (got := qty * (at + 1) // count - qty * at // count) > 0]
