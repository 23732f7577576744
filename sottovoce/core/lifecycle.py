"""The life of one order at one venue: a table of what may happen, and what each thing does to its quantities.

The table admits what really happens: a fill before the acknowledgement, a fill that crosses a cancel or a
replace, a fill after the cancel was confirmed, a fill of more than was ordered, a trade undone or restated.
What no venue could truthfully say is returned as Impossible and is for a person to look at.

Law L1, after every transition:
    order_qty + overfilled_qty = cum_qty + leaves_qty + canceled_qty + rejected_qty + expired_qty + busted_qty
with every term >= 0. Source of the vocabulary: FIX ExecType(150) and OrdStatus(39), "Order State Changes".
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.errors import InvariantError

LIVE = frozenset(
    {
        OrdStatus.PENDING_NEW,
        OrdStatus.NEW,
        OrdStatus.PARTIALLY_FILLED,
        OrdStatus.PENDING_CANCEL,
        OrdStatus.PENDING_REPLACE,
        OrdStatus.UNKNOWN,
    }
)
TERMINAL = frozenset(OrdStatus) - LIVE


class OrderState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Quantities of one venue order, shares. cum_qty is net of busts; value is the sum of px x qty of cum_qty."""

    cl_ord_id: str
    child_id: str
    parent_id: str
    venue: str
    status: OrdStatus
    order_qty: int
    leaves_qty: int
    cum_qty: int = 0
    canceled_qty: int = 0
    rejected_qty: int = 0
    expired_qty: int = 0
    busted_qty: int = 0
    overfilled_qty: int = 0
    value: int = 0


class Execution(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One trade as it now stands, kept so that a bust or a correction can be applied exactly once."""

    qty: int
    px: int
    fee: int = 0


class Transition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A new state and where its quantities came from.

    from_leaves, from_closed and over_qty are the parts of a fill; freed_qty stopped working without trading;
    busted_qty was undone; added_qty is what a replace raised the order by.
    """

    state: OrderState
    from_leaves: int = 0
    from_closed: int = 0
    over_qty: int = 0
    freed_qty: int = 0
    busted_qty: int = 0
    added_qty: int = 0


class Impossible(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A report that cannot be true of this order."""

    code: str
    text: str


Outcome = Transition | Impossible
Action = Callable[[OrderState, ExecutionReport, Execution | None], Outcome]


def check(state: OrderState) -> OrderState:
    """Law L1 for one order. Raises InvariantError, our own bug, when it does not hold."""
    parts = (
        state.cum_qty,
        state.leaves_qty,
        state.canceled_qty,
        state.rejected_qty,
        state.expired_qty,
        state.busted_qty,
    )
    if state.order_qty + state.overfilled_qty != sum(parts) or min(parts) < 0 or state.overfilled_qty < 0:
        raise InvariantError(f"order {state.cl_ord_id} does not conserve quantity: {state}", code="conservation_child")
    return state


def _changed(state: OrderState, **fields: object) -> OrderState:
    return check(msgspec.structs.replace(state, **fields))


def _acknowledged(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    status = OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
    return Transition(state=_changed(state, status=status))


def _unchanged(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    return Transition(state=state)


def _pending_cancel(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    return Transition(state=_changed(state, status=OrdStatus.PENDING_CANCEL))


def _pending_replace(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    return Transition(state=_changed(state, status=OrdStatus.PENDING_REPLACE))


def _take(state: OrderState, qty: int) -> tuple[dict[str, int], int, int, int]:
    """Where qty filled shares come from: leaves, then what was closed unfilled, then more than was ordered."""
    left = qty
    changes: dict[str, int] = {}
    for name in ("leaves_qty", "canceled_qty", "expired_qty", "rejected_qty"):
        part = min(left, getattr(state, name))
        changes[name] = getattr(state, name) - part
        left -= part
    from_leaves = state.leaves_qty - changes["leaves_qty"]
    changes["overfilled_qty"] = state.overfilled_qty + left
    return changes, from_leaves, qty - from_leaves - left, left


def _after_fill(state: OrderState, changes: dict[str, int]) -> OrdStatus:
    closed = changes["canceled_qty"] + changes["expired_qty"] + changes["rejected_qty"]
    if changes["leaves_qty"] == 0:
        return state.status if closed and state.status in TERMINAL else OrdStatus.FILLED
    if state.status in (OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE):
        return state.status
    return OrdStatus.PARTIALLY_FILLED


def _traded(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    if report.last_qty <= 0 or report.last_px <= 0:
        return Impossible(code="bad_trade", text=f"trade of {report.last_qty} at {report.last_px}")
    changes, from_leaves, from_closed, over = _take(state, report.last_qty)
    new = _changed(
        state,
        status=_after_fill(state, changes),
        cum_qty=state.cum_qty + report.last_qty,
        value=state.value + report.last_qty * report.last_px,
        **changes,
    )
    return Transition(state=new, from_leaves=from_leaves, from_closed=from_closed, over_qty=over)


def _closing(bucket: str, status: OrdStatus) -> Action:
    def close(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
        freed = state.leaves_qty
        fields: dict[str, object] = {bucket: getattr(state, bucket) + freed, "leaves_qty": 0, "status": status}
        return Transition(state=_changed(state, **fields), freed_qty=freed)

    return close


def _replaced(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    if report.order_qty is None or report.order_qty < 0:
        return Impossible(code="bad_replace", text=f"replaced to {report.order_qty}")
    used = state.cum_qty + state.busted_qty - state.overfilled_qty
    order_qty = max(report.order_qty, used)
    leaves = order_qty - used
    status = OrdStatus.FILLED if leaves == 0 else OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
    new = _changed(state, order_qty=order_qty, leaves_qty=leaves, status=status)
    change = leaves - state.leaves_qty
    return Transition(state=new, added_qty=max(change, 0), freed_qty=max(-change, 0))


def _busted(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    if ref is None:
        return Impossible(code="bust_of_unknown", text=f"no execution {report.exec_ref_id} is known")
    qty = report.last_qty or ref.qty
    if qty > ref.qty or qty < 0:
        return Impossible(code="bad_bust", text=f"bust of {qty}, the trade was {ref.qty}")
    new = _changed(
        state,
        cum_qty=state.cum_qty - qty,
        busted_qty=state.busted_qty + qty,
        value=state.value - qty * ref.px,
    )
    return Transition(state=new, busted_qty=qty)


def _corrected(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    if ref is None:
        return Impossible(code="correct_of_unknown", text=f"no execution {report.exec_ref_id} is known")
    if report.last_qty <= 0 or report.last_px <= 0:
        return Impossible(code="bad_trade", text=f"corrected to {report.last_qty} at {report.last_px}")
    value = state.value - ref.qty * ref.px + report.last_qty * report.last_px
    more = report.last_qty - ref.qty
    if more <= 0:
        new = _changed(state, cum_qty=state.cum_qty + more, busted_qty=state.busted_qty - more, value=value)
        return Transition(state=new, busted_qty=-more)
    changes, from_leaves, from_closed, over = _take(state, more)
    new = _changed(state, status=_after_fill(state, changes), cum_qty=state.cum_qty + more, value=value, **changes)
    return Transition(state=new, from_leaves=from_leaves, from_closed=from_closed, over_qty=over)


_cancel = _closing("canceled_qty", OrdStatus.CANCELED)
_expire = _closing("expired_qty", OrdStatus.EXPIRED)
_reject = _closing("rejected_qty", OrdStatus.REJECTED)
_done = _closing("expired_qty", OrdStatus.DONE_FOR_DAY)

_WHILE_LIVE: dict[ExecType, Action] = {
    ExecType.NEW: _acknowledged,
    ExecType.TRADE: _traded,
    ExecType.CANCELED: _cancel,
    ExecType.REPLACED: _replaced,
    ExecType.RESTATED: _replaced,
    ExecType.PENDING_CANCEL: _pending_cancel,
    ExecType.PENDING_REPLACE: _pending_replace,
    ExecType.REJECTED: _reject,
    ExecType.EXPIRED: _expire,
    ExecType.DONE_FOR_DAY: _done,
    ExecType.TRADE_CANCEL: _busted,
    ExecType.TRADE_CORRECT: _corrected,
    ExecType.ORDER_STATUS: _unchanged,
}
# Once terminal, only a trade, a bust or a correction changes anything; the rest is late news of the past.
_ONCE_TERMINAL: dict[ExecType, Action] = {
    exec_type: _WHILE_LIVE[exec_type]
    if exec_type in (ExecType.TRADE, ExecType.TRADE_CANCEL, ExecType.TRADE_CORRECT)
    else _unchanged
    for exec_type in ExecType
}
TABLE: dict[tuple[OrdStatus, ExecType], Action] = {
    (status, exec_type): (_WHILE_LIVE if status in LIVE else _ONCE_TERMINAL)[exec_type]
    for status in OrdStatus
    for exec_type in ExecType
} | {
    # An acknowledgement that overtakes nothing: the order is already further on.
    (OrdStatus.PENDING_CANCEL, ExecType.NEW): _unchanged,
    (OrdStatus.PENDING_REPLACE, ExecType.NEW): _unchanged,
    (OrdStatus.PARTIALLY_FILLED, ExecType.NEW): _unchanged,
    # A venue that answers a status request about an order we had lost sight of proves it is alive.
    (OrdStatus.UNKNOWN, ExecType.ORDER_STATUS): _acknowledged,
}


def transition(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    """What a venue's report does to an order.

    Args:
        state: the order before the report.
        report: the venue's words; not a duplicate (the caller knows by ExecID).
        ref: the execution that ExecRefID names, as it now stands, or None.
    Returns: the new state with the quantities moved, or Impossible.
    """
    return TABLE[state.status, report.exec_type](state, report, ref)
