"""A VWAP order that follows the volume as it prints, within a band of its plan's curve.

Nothing is remembered for it: the target is a function of the plan and of what others have traded since work by it
began, both of which the step that decides already has. The plan says how far it may leave its curve (follow_ppm) and
what volume is usual over it (usual_volume); a plan without them stays on its curve.
"""

from __future__ import annotations

from sottovoce.core.orders import CURVE_ONE, Plan
from sottovoce.models.schedule_following import level_of, near_curve, volume_done
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.targets import PPM, curve_part, target


def followed(parent: WorkedParent, now_ns: int, ready_ns: int, qty: int, others: int) -> int:
    """Cumulative target of the continuous part by ready_ns, as targets.target, seen from now.

    Args: qty: shares to trade in all. others: market volume from the start of work until now, without ours.
    """
    plan = parent.plan
    if not plan.follow_ppm or parent.started_ns is None or ready_ns >= plan.edges_ns[-1]:
        return target(plan, ready_ns, qty, others)
    return int(qty * _part(plan, parent.started_ns, now_ns, ready_ns, others))


def _part(plan: Plan, started_ns: int, now_ns: int, ready_ns: int, others: int) -> float:
    """The part of the order due: of what the curve left when work began, as much as of the volume since."""
    first, gone, ready = (curve_part(plan, at) / CURVE_ONE for at in (started_ns, now_ns, ready_ns))
    usual = plan.usual_volume
    level = level_of(others, usual * (gone - first), (now_ns - started_ns) / (plan.edges_ns[-1] - started_ns))
    done = volume_done(others, usual * (ready - gone), usual * (1.0 - ready), level)
    return near_curve(first + (1.0 - first) * done, ready, plan.follow_ppm / PPM)
