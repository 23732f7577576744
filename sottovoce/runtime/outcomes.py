"""How calls to downstreams went, read off a finished step: what the breakers are told (controls A5).

Successes need no message: the breakers stage sees every answered order itself. Errors and business rejects come as
inputs of their own, right after the step that showed them, so that opening a breaker is a decision on the record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sottovoce.core.breaker_commands import VENUE, DownstreamOutcome, Outcome
from sottovoce.core.enums import OrdStatus
from sottovoce.core.execution_events import ReportQuarantined, RouteUpdated
from sottovoce.core.ports import Step
from sottovoce.core.session_commands import MassStatusEnd
from sottovoce.core.session_events import OrderUnknown, SessionDown, Unanswered

PROBE = "#"
"""What the request id of a breaker's probe contains and no other does."""


def outcomes_of(step: Step) -> list[DownstreamOutcome]:
    """Errors, rejects and answered probes of a step, in the order they happened."""
    found = [outcome for event in step.events if (outcome := _judged(event)) is not None]
    if isinstance(step.input, MassStatusEnd) and PROBE in step.input.request_id:
        answered = step.input
        found.append(
            DownstreamOutcome(downstream=VENUE + answered.venue, outcome=Outcome.OK, probe_id=answered.request_id)
        )
    return found


def _judged(event: object) -> DownstreamOutcome | None:
    judge = _JUDGES.get(type(event))
    return None if judge is None else judge(event)


def _unknown(event: OrderUnknown) -> DownstreamOutcome | None:
    """Silence is one error of one call; asking again what became of it is no further one."""
    if event.asked:
        return None
    lost = event.unanswered is Unanswered.SESSION
    return DownstreamOutcome(
        downstream=VENUE + event.venue,
        outcome=Outcome.DISCONNECT if lost else Outcome.TIMEOUT,
        cl_ord_id=event.state.cl_ord_id,
        detail=event.unanswered.value,
    )


def _down(event: SessionDown) -> DownstreamOutcome:
    return DownstreamOutcome(downstream=VENUE + event.venue, outcome=Outcome.DISCONNECT, detail=event.reason)


def _malformed(event: ReportQuarantined) -> DownstreamOutcome:
    return DownstreamOutcome(downstream=VENUE + event.venue, outcome=Outcome.MALFORMED, detail=event.code)


def _rejected(event: RouteUpdated) -> DownstreamOutcome | None:
    if event.state.status is not OrdStatus.REJECTED or not event.freed_qty:
        return None
    return DownstreamOutcome(
        downstream=VENUE + event.state.venue,
        outcome=Outcome.REJECT,
        cl_ord_id=event.state.cl_ord_id,
        detail=event.cause,
    )


_JUDGES: Mapping[type, Callable[[Any], DownstreamOutcome | None]] = {
    OrderUnknown: _unknown,
    SessionDown: _down,
    ReportQuarantined: _malformed,
    RouteUpdated: _rejected,
}
