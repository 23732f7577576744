"""What the desk has learned of a market before the test: its volume curve, its impact, how far orders miss.

The figures are the product's own settings (PlanningConfig), so what is tested is what a desk would plan with.
"""

from __future__ import annotations

import msgspec

from sottovoce.models.cost_interval import NORMAL, CostQuantiles
from sottovoce.models.impact_almgren import ALMGREN_2005, Almgren2005
from sottovoce.models.volume import US_EQUITY, VolumeCurve
from sottovoce.runtime.config import Config
from sottovoce.stages.algos.envelope import EnvelopeConfig
from sottovoce.stages.algos.release import AlgoConfig
from sottovoce.stages.escalations.config import EscalationConfig
from sottovoce.stages.planning.config import PlanningConfig
from tools.execution_bench.arms import Arm

UNATTENDED = Config(
    algos=AlgoConfig(envelope=EnvelopeConfig(watched=False)),
    escalations=EscalationConfig(attended=False),
)
"""Nobody is there to answer or to resume, so no order pauses for a person."""


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """Settings of planning that come from earlier sessions of a market."""

    curve: VolumeCurve = US_EQUITY
    impact: Almgren2005 = ALMGREN_2005
    quantiles: CostQuantiles = NORMAL


def config_for(learned: Learned, arm: Arm, config: Config = UNATTENDED) -> Config:
    """The desk's configuration for an arm: a schedule is tried as it was planned, unless the arm may plan again."""
    planning: PlanningConfig = msgspec.structs.replace(
        config.planning,
        volume_curve=learned.curve,
        impact=learned.impact,
        cost_quantiles=learned.quantiles,
        follow_ppm=arm.follow_ppm,
    )
    replanning = msgspec.structs.replace(config.algos.replanning, most=arm.replans)
    algos: AlgoConfig = msgspec.structs.replace(config.algos, replanning=replanning)
    return msgspec.structs.replace(config, planning=planning, algos=algos)
