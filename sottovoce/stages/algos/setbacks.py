"""How often in a row venues ended a parent's children unasked, and when that is enough (F-07).

A venue that rejects, cancels or stops for the day is tried again at the next look, three times at most; then the
parent pauses with the cause, for a person. A fill says that things work, and the count starts again. What we asked
for ourselves, what an immediate order leaves over and what expires at the close are no setbacks.
"""

from __future__ import annotations

from sottovoce.core.enums import CROSSING, OrdStatus
from sottovoce.core.execution_events import ParentPaused, RouteUpdated
from sottovoce.stages.algos.parent import OpenChild, WorkedParent

ENDED = (OrdStatus.REJECTED, OrdStatus.CANCELED, OrdStatus.DONE_FOR_DAY)


def is_setback(event: RouteUpdated, child: OpenChild | None) -> bool:
    """Whether a venue ended quantity of a child that nobody asked it to."""
    if child is None or child.setback or event.freed_qty == 0 or event.state.status not in ENDED:
        return False
    if event.state.status is OrdStatus.CANCELED:
        return not child.canceling and child.tactic not in CROSSING
    return True


def enough(parent: WorkedParent, event: RouteUpdated, most: int) -> list[ParentPaused]:
    """The pause after the last setback that may be followed by another try."""
    if not parent.live or parent.setbacks <= most:
        return []
    reason = f"{parent.setbacks} setbacks in a row, the last at {event.state.venue}: {event.cause}"
    return [ParentPaused(parent_id=parent.order.parent_id, ts_ns=event.ts_ns, reason=reason)]
