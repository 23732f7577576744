"""Which model each plan of a journal was made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from sottovoce.core.orders import Plan
from sottovoce.core.plan_events import OrderPlanned, OrderReplanned
from sottovoce.core.ports import Step


class PlanUse(msgspec.Struct, frozen=True, kw_only=True):
    """A plan and the version of the impact model in it; extrapolated: the order lay outside the model's sample, None
    where nobody can say.
    """

    parent_id: str
    seq: int
    ts_ns: int
    version: str
    extrapolated: bool | None


def plan_uses(steps: Iterable[tuple[int, Step]]) -> Iterator[PlanUse]:
    """Every plan and plan again, in order."""
    for seq, step in steps:
        for event in step.events:
            if isinstance(event, OrderPlanned | OrderReplanned):
                yield _use(event.parent_id, seq, event.ts_ns, event.plan)


def _use(parent_id: str, seq: int, ts_ns: int, plan: Plan) -> PlanUse:
    outside = None if plan.impact is None else plan.impact.extrapolated
    return PlanUse(parent_id=parent_id, seq=seq, ts_ns=ts_ns, version=plan.model_version, extrapolated=outside)
