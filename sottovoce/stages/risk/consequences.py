"""What follows from a failed check beside the refusal: latches, a pause for a person, an alert, a restriction found."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.orders import Failure
from sottovoce.core.risk_events import ConductAlert, ScopeLatched
from sottovoce.stages.risk import checks_conduct, checks_exposure, checks_rate
from sottovoce.stages.risk.case import Case
from sottovoce.stages.risk.levels import scope_of

PAUSING = (
    "latched", "restricted", "do_not_trade", "not_approved", "guideline", "list_missing", "limit_missing", "loss_stop",
    "price_drift", "rerun", "participation_over", "check_failed",
)  # fmt: skip
"""Nothing an algorithm does by itself makes these pass: the order stops until a person has looked."""


def latches(case: Case, failures: Sequence[Failure]) -> list[StageEvent]:
    """AT-10: a level that has lost its limit is latched, once."""
    found = next((failed for failed in failures if failed.code == "loss_stop"), None)
    if found is None:
        return []
    lost = [failed for failed in failures if failed.code == "loss_stop"]
    scopes = [scope_of(room.bound) for room in checks_exposure.losses(case)]
    return [
        _latch(case, scope, cause) for scope, cause in zip(scopes, lost, strict=True) if scope not in case.state.latches
    ]


def of_child(case: Case, failures: Sequence[Failure]) -> list[StageEvent]:
    """What a stopped child means for its order, and for the scopes it belongs to."""
    events, codes = latches(case, failures), {failed.code for failed in failures}
    parent, pausing = case.order.parent_id, [failed for failed in failures if failed.code in PAUSING]
    for failed in failures:
        if failed.code == "rerun" and f"order:{parent}" not in case.state.latches:
            events.append(_latch(case, f"order:{parent}", failed))
            break
    pressed = checks_rate.over_pressed(case) if "message_rate" in codes else None
    if pressed is not None and pressed not in case.state.latches:
        cause = next(failed for failed in failures if failed.code == "message_rate")
        events.append(_latch(case, pressed, cause))
        pausing.append(cause)
    if pausing:
        reason = f"{pausing[0].code}: {pausing[0].value}"
        events.append(ParentPaused(parent_id=parent, ts_ns=case.ts_ns, reason=reason))
    return events


def alerts(case: Case) -> list[StageEvent]:
    """What compliance hears of and the desk does not: a watched name, a house order shortly before a client's."""
    said = (
        ("watch_list", checks_conduct.watched(case)),
        ("ahead_of_client", checks_conduct.ahead_of_client(case)),
    )
    return [
        ConductAlert(
            parent_id=case.order.parent_id,
            ts_ns=case.ts_ns,
            code=code,
            account=case.path.account,
            instrument_id=case.path.instrument_id,
            detail=detail,
        )
        for code, detail in said
        if detail is not None
    ]


def _latch(case: Case, scope: str, cause: Failure) -> ScopeLatched:
    return ScopeLatched(parent_id=case.order.parent_id, ts_ns=case.ts_ns, scope=scope, failure=cause)
