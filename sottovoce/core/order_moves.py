"""What we ourselves do to the state of an order at a venue, beside what its reports do (lifecycle.py).

Losing sight of it frees nothing; a replace on its way holds both quantities; a report that is ahead of the trades it
counts waits for them.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.lifecycle import LIVE, OrderState, Transition, check


class Awaiting(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A report that counts missing_qty more traded shares than we have been told of: it waits for those trades."""

    missing_qty: int


COUNTING = (ExecType.CANCELED, ExecType.EXPIRED, ExecType.DONE_FOR_DAY, ExecType.REJECTED, ExecType.ORDER_STATUS)
"""What frees quantity, and so must have told of every trade first."""


def awaiting(state: OrderState, report: ExecutionReport) -> Awaiting | None:
    """Whether a report that frees quantity is ahead of the trades we have been told of; busts may be in its CumQty."""
    missing = report.cum_qty - state.cum_qty - state.busted_qty
    ahead = missing > 0 and report.exec_type in COUNTING and state.status in LIVE
    return Awaiting(missing_qty=missing) if ahead else None


def lost_sight(state: OrderState) -> OrderState:
    """Nobody has said what became of the order: it keeps every share it had open."""
    return changed(state, status=OrdStatus.UNKNOWN)


def asked_to_replace(state: OrderState, order_qty: int) -> Transition:
    """A replace is on its way to the venue: both quantities count until it answers."""
    more = max(order_qty - state.order_qty, 0)
    return Transition(
        state=changed(state, status=OrdStatus.PENDING_REPLACE, pending_qty=state.pending_qty + more), added_qty=more
    )


def replace_refused(state: OrderState) -> Transition:
    """The venue left the order as it was: what was held for the change comes back."""
    live = OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
    status = state.status
    if status in (OrdStatus.PENDING_REPLACE, OrdStatus.UNKNOWN):
        status = live if state.leaves_qty else OrdStatus.FILLED
    return Transition(state=changed(state, status=status, pending_qty=0), freed_qty=state.pending_qty)


def changed(state: OrderState, **fields: object) -> OrderState:
    """The state with some fields changed; law L1 is checked."""
    return check(msgspec.structs.replace(state, **fields))
