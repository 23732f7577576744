"""The life of one order at one venue: a table of what may happen, and what each thing does to its quantities.

The table admits what really happens: a fill before the acknowledgement, a fill that crosses a cancel or a
replace, a fill after the cancel was confirmed, a fill of more than was ordered, a trade undone or restated.
What no venue could truthfully say is returned as Impossible and is for a person to look at.

Law L1, after every transition:
    order_qty + overfilled_qty = cum_qty + leaves_qty + canceled_qty + rejected_qty + expired_qty + busted_qty
with every term >= 0. While a replace up is unanswered the raise is held beside the order as pending_qty: leaves +
pending is what may still trade. A report that ends an order and counts trades nobody has told us of yet waits for
them (order_moves.py): quantity that traded is never freed, in whatever order the news comes. Source of the
vocabulary: FIX ExecType(150) and OrdStatus(39), "Order State Changes".
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.errors import InvariantError

_S = OrdStatus
LIVE = frozenset({_S.PENDING_NEW, _S.NEW, _S.PARTIALLY_FILLED, _S.PENDING_CANCEL, _S.PENDING_REPLACE, _S.UNKNOWN})
TERMINAL = frozenset(OrdStatus) - LIVE


class OrderState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Quantities of one venue order, shares. cum_qty is net of busts; value is the sum of px x qty of cum_qty.

    pending_qty is what a replace that the venue has not answered would add.
    """

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
    pending_qty: int = 0


class Execution(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One trade as it now stands, kept so that a bust or a correction can be applied exactly once.

    fee is of all of it, rate of one share.
    """

    qty: int
    px: int
    fee: int = 0
    rate: int = 0


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
    """Law L1 for one order. Raises InvariantError, our own bug."""
    ended = (state.canceled_qty, state.rejected_qty, state.expired_qty)
    parts = (state.cum_qty, state.leaves_qty, state.busted_qty, *ended)
    pending = state.pending_qty
    negative = min(parts) < 0 or state.overfilled_qty < 0 or pending < 0 or (pending and state.status in TERMINAL)
    if negative or state.order_qty + state.overfilled_qty != sum(parts):
        raise InvariantError(f"order {state.cl_ord_id} does not conserve quantity: {state}", code="conservation_child")
    return state


def _changed(state: OrderState, **fields: object) -> OrderState:
    return check(msgspec.structs.replace(state, **fields))


def _acknowledged(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    """It works, or still waits for the answer to a replace."""
    status = OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
    return Transition(state=_changed(state, status=OrdStatus.PENDING_REPLACE if state.pending_qty else status))


def _unchanged(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    return Transition(state=state)


def _pending_cancel(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    return Transition(state=_changed(state, status=OrdStatus.PENDING_CANCEL))


def _pending_replace(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    return Transition(state=_changed(state, status=OrdStatus.PENDING_REPLACE))


def _take(state: OrderState, qty: int) -> tuple[dict[str, int], int, int, int]:
    """Where qty filled shares come from: leaves, a raise on its way, what was closed unfilled, then too much.

    A fill of more than is open proves that the venue has taken the replace that would make room for it.
    """
    from_leaves = min(qty, state.leaves_qty)
    raised = min(qty - from_leaves, state.pending_qty)
    left = qty - from_leaves - raised
    changes: dict[str, int] = {
        "leaves_qty": state.leaves_qty - from_leaves,
        "pending_qty": state.pending_qty - raised,
        "order_qty": state.order_qty + raised,
    }
    for name in ("canceled_qty", "expired_qty", "rejected_qty"):
        part = min(left, getattr(state, name))
        changes[name] = getattr(state, name) - part
        left -= part
    from_leaves += raised
    changes["overfilled_qty"] = state.overfilled_qty + left
    return changes, from_leaves, qty - from_leaves - left, left


def _after_fill(state: OrderState, changes: dict[str, int]) -> OrdStatus:
    closed = changes["canceled_qty"] + changes["expired_qty"] + changes["rejected_qty"]
    if changes["leaves_qty"] == 0 and changes["pending_qty"] == 0:
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
        fields: dict[str, object] = {bucket: getattr(state, bucket) + state.leaves_qty, "leaves_qty": 0}
        closed = _changed(state, status=status, pending_qty=0, **fields)
        return Transition(state=closed, freed_qty=state.leaves_qty + state.pending_qty)

    return close


def _replaced(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    if report.order_qty is None or report.order_qty < 0:
        return Impossible(code="bad_replace", text=f"replaced to {report.order_qty}")
    used = state.cum_qty + state.busted_qty - state.overfilled_qty
    order_qty = max(report.order_qty, used)
    leaves = order_qty - used
    live = OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
    if state.status is OrdStatus.PENDING_CANCEL:
        live = state.status  # the cancel is still on its way
    status = live if leaves else OrdStatus.FILLED
    new = _changed(state, order_qty=order_qty, leaves_qty=leaves, status=status, pending_qty=0)
    change = leaves - state.leaves_qty - state.pending_qty
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

_ENDED = {
    OrdStatus.CANCELED: _cancel,
    OrdStatus.EXPIRED: _expire,
    OrdStatus.REJECTED: _reject,
    OrdStatus.DONE_FOR_DAY: _done,
}


def _told(state: OrderState, report: ExecutionReport, ref: Execution | None) -> Outcome:
    """A venue says what the order now is: proof of life, or of its end."""
    if report.reason is not None:
        return Transition(state=state)  # it has no such order, which proves nothing by itself
    ended = _ENDED.get(report.ord_status)
    if ended is not None:
        return ended(state, report, ref)
    if report.ord_status is OrdStatus.FILLED and state.leaves_qty:
        return Impossible(code="bad_status", text=f"filled with {report.cum_qty}, but {state.leaves_qty} are open")
    if state.status in (OrdStatus.UNKNOWN, OrdStatus.PENDING_NEW, OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED):
        return _acknowledged(state, report, ref)
    return Transition(state=state)


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
    ExecType.ORDER_STATUS: _told,
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
