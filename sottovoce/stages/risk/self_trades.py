"""What becomes of our own resting orders when a new one would meet them (PT-22).

The new one never leaves. By policy the resting ones are pulled, so that it may leave at a later look, once the venues
have said that they are gone: until then both would still be able to meet.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.events import StageEvent
from sottovoce.core.orders import Failure
from sottovoce.core.work_events import ChildCancelRequested
from sottovoce.stages.risk.case import Case
from sottovoce.stages.risk.policy import SelfMatch

REASON = "it would meet a newer order of the same owner"


def pulls(case: Case, failures: Sequence[Failure]) -> list[StageEvent]:
    """Cancels of every own child the case's would have met, oldest first; none under the policy that keeps them."""
    if case.policy.self_match is not SelfMatch.CANCEL_RESTING or not any(f.code == "self_match" for f in failures):
        return []
    key = f"{case.policy.owner(case.path.account)}|{case.path.instrument_id}"
    return [
        ChildCancelRequested(parent_id=child_id.rpartition(".")[0], ts_ns=case.ts_ns, child_id=child_id, reason=REASON)
        for child_id, live in case.state.interest.live.items()
        if live.key == key and live.sign != case.sign and case.sign * (case.px - live.px) >= 0
    ]
