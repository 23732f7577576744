"""The impact models a desk plans with: those its registry has in use, the published ones where it has none."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.calibrations.registry import CalibrationRegistry
from sottovoce.models.impact_record import almgren_of, square_root_of
from sottovoce.stages.planning.config import PlanningConfig


def with_models(planning: PlanningConfig, path: Path) -> PlanningConfig:
    """Planning with the versions in use. Raises: NotFound `no_registry`, ConfigError `registry_bad`."""
    with CalibrationRegistry(path) as kept:
        schedules, direct = kept.in_use("almgren"), kept.in_use("square_root")
    if schedules is not None:
        planning = msgspec.structs.replace(planning, impact=almgren_of(schedules), impact_scales=schedules.symbols)
    if direct is not None:
        planning = msgspec.structs.replace(planning, square_root=square_root_of(direct))
    return planning
