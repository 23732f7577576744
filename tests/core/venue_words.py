"""Orders and reports for tests of what a venue's words do to an order."""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.lifecycle import TERMINAL, Execution, OrderState, Transition, transition

QTY = 1_000
PX = 50_000_000


def order(status: OrdStatus = OrdStatus.NEW, **changes: object) -> OrderState:
    """A thousand shares; in a terminal status 400 are filled and the rest is where that status puts it."""
    state = OrderState(
        cl_ord_id="C1", child_id="P.1", parent_id="P", venue="LITA", status=status, order_qty=QTY, leaves_qty=QTY
    )
    if status is OrdStatus.FILLED:
        state = msgspec.structs.replace(state, leaves_qty=0, cum_qty=QTY, value=QTY * PX)
    elif status is OrdStatus.PARTIALLY_FILLED:
        state = msgspec.structs.replace(state, leaves_qty=600, cum_qty=400, value=400 * PX)
    elif status in TERMINAL:
        bucket = {OrdStatus.CANCELED: "canceled_qty", OrdStatus.REJECTED: "rejected_qty"}.get(status, "expired_qty")
        fields: dict[str, object] = {"leaves_qty": 0, "cum_qty": 400, "value": 400 * PX, bucket: 600}
        state = msgspec.structs.replace(state, **fields)
    return msgspec.structs.replace(state, **changes)


def report(exec_type: ExecType, **words: object) -> ExecutionReport:
    """A venue's report on that order."""
    plain = ExecutionReport(
        parent_id="P", venue="LITA", cl_ord_id="C1", exec_id="X1", exec_type=exec_type, ord_status=OrdStatus.NEW,
        cum_qty=0, leaves_qty=0, transact_ns=1,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **words)


def trade(qty: int, px: int = PX) -> ExecutionReport:
    """A fill."""
    return report(ExecType.TRADE, last_qty=qty, last_px=px)


def after(state: OrderState, said: ExecutionReport, ref: Execution | None = None) -> Transition:
    """The transition, which must be possible."""
    outcome = transition(state, said, ref)
    assert isinstance(outcome, Transition), outcome
    return outcome
