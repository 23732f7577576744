"""Which way is recommended, out of every candidate, and the record of the choice a plan carries.

An order that names its way keeps it: the record then shows where that way stands among the others. Otherwise the best
candidate is taken, the desk's standard ways first on a tie: in proportion to volume, and Almgren–Chriss at the price
medium and high urgency put on risk. Where the figures candidates need are missing there is no record, and the
planner's own three ways decide.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.choices import Choice
from sottovoce.core.enums import Strategy
from sottovoce.core.errors import ModelError
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.stages.planning.alternatives import figure
from sottovoce.stages.planning.candidates import candidates_for, instructed, risk_name
from sottovoce.stages.planning.choosing import Compared, Scene, as_candidates, best_of, compare
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.flips import flips_of
from sottovoce.stages.planning.horizon import Horizon, thinned
from sottovoce.stages.planning.options import BALANCED, FASTER, SLOWER, Option
from sottovoce.stages.planning.tolerances import RiskProfile


class Recommended(msgspec.Struct, frozen=True, kw_only=True):
    """The record, and the way chosen. standard: the name of the planner's own option it is, "" where it is none."""

    choice: Choice
    option: Option
    standard: str


def recommend(
    order: ParentOrder, facts: Facts, config: PlanningConfig, profile: RiskProfile, horizon: Horizon
) -> Recommended | None:
    """Compare the candidates and choose; None where volume or volatility is not known, or a model refuses.

    Args: config: as the profile tolerates (stages/planning/profiles.py). horizon: of the order's own window.
    """
    scene = scene_of(order, facts, config, profile, horizon)
    if scene is None:
        return None
    try:
        return chosen_in(scene)
    except ModelError:
        return None  # the planner's own ways stand, each costed by itself


def scene_of(
    order: ParentOrder, facts: Facts, config: PlanningConfig, profile: RiskProfile, horizon: Horizon
) -> Scene | None:
    """The scene the order's candidates are compared in; None where a figure they need is not known."""
    if facts.adv is None or facts.sigma_daily is None or horizon.volume_days[-1] <= 0:
        return None
    steps = thinned(horizon, config.choice.steps)
    volumes = facts.adv * config.volume_curve.continuous * steps.volume_parts
    try:
        candidates = candidates_for(order, facts, config, steps, volumes)
    except ModelError:
        return None
    return Scene(order=order, facts=facts, config=config, profile=profile, horizon=steps, candidates=candidates)


def chosen_in(scene: Scene) -> Recommended | None:
    """The choice in a scene; None where the way an order names cannot be compared with others."""
    order, config, profile = scene.order, scene.config, scene.profile
    names = [each.name for each in scene.candidates]
    asked, ways = instructed(order, config), _standard(config)
    if asked is not None and asked not in names:
        return None
    compared, price = compare(scene), config.policy(order.urgency).risk_price
    own = np.array([name in ways for name in names])
    best = best_of(compared, price, profile.completion_min_ppm / 1e6, own, config.choice.margin_bps)
    at = best if asked is None else names.index(asked)
    return Recommended(
        choice=_record(scene, compared, at, best, price),
        option=scene.candidates[at].option,
        standard=ways.get(names[at], ""),
    )


def as_compared(plan: Plan, choice: Choice, config: PlanningConfig) -> Plan:
    """The plan with the chances of finishing its ways were compared by, so that each has one wherever it is shown.

    A way that was not compared, with another end than the order's or at another rate, keeps what the formula says.
    """
    ways = {} if choice.instructed else {shown: name for name, shown in _standard(config).items()}
    ways[plan.recommended] = choice.chosen
    done = {each.name: each.completion_probability for each in choice.candidates}
    shown = tuple(
        msgspec.structs.replace(
            each, completion_probability=done.get(ways.get(each.name, ""), each.completion_probability)
        )
        for each in plan.alternatives
    )
    return msgspec.structs.replace(plan, alternatives=shown, completion_probability=done[choice.chosen])


def _standard(config: PlanningConfig) -> dict[str, str]:
    """The desk's standard candidates and the planner's own option each is, for an order that names no way."""
    return {
        Strategy.VWAP.value: SLOWER,
        risk_name(config.medium.risk_price): BALANCED,
        risk_name(config.high.risk_price): FASTER,
    }


def _record(scene: Scene, compared: Compared, at: int, best: int, price: float) -> Choice:
    config, profile = scene.config, scene.profile
    return Choice(
        candidates=as_candidates(scene, compared, at, price),
        chosen=scene.candidates[at].name,
        instructed=scene.order.strategy is not None,
        risk_price=figure(price),
        benchmark=profile.benchmark,
        seed=config.choice.seed,
        paths=config.choice.paths,
        completion_min=profile.completion_min_ppm / 1e6,
        profile=profile.name,
        profile_version=profile.version if profile.name else 0,
        cost_tolerance_bps=profile.cost_tolerance_bps,
        prefer=profile.prefer,
        avoid=profile.avoid,
        flips=() if scene.order.strategy is not None else flips_of(scene, compared, at, price),
        best=scene.candidates[best].name,
        margin_bps=figure(config.choice.margin_bps),
    )
