"""When an order is finished, and what it gives back: nothing works any more, and nothing is left or may follow."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.enums import ParentStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.work_events import ParentDone, ParentReturned
from sottovoce.stages.algos.parent import WorkedParent


def finished_if_idle(parent: WorkedParent, now_ns: int) -> Sequence[StageEvent]:
    """The end of a parent with nothing out: filled, or over with the rest returned; () while it goes on."""
    ledger, order = parent.ledger, parent.order
    if ledger.working:
        return ()
    if ledger.unsent == 0:
        reason = parent.reason or ("filled" if not ledger.busted else "filled, with trades undone")
        return (ParentDone(parent_id=order.parent_id, ts_ns=now_ns, reason=reason),)
    if parent.status is not ParentStatus.CANCELING and now_ns < order.end_ns:
        return ()
    reason = parent.reason or "horizon over"
    return (
        ParentReturned(parent_id=order.parent_id, ts_ns=now_ns, qty=ledger.unsent, reason=reason),
        ParentDone(parent_id=order.parent_id, ts_ns=now_ns, reason=reason),
    )
