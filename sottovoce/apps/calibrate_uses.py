"""Which model the plans of a journal were made with, recorded where the models are kept."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from pathlib import Path

import msgspec

from sottovoce.adapters.calibrations.registry import CalibrationRegistry, ModelUse
from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.analytics.calibration.uses import plan_uses


def uses_of(path: Path) -> list[ModelUse]:
    """Every plan of a journal with its model. The journal is named by a hash of its first step, which stays."""
    journal = open_for_reading(path)
    first = next(iter(journal.steps(with_evidence=False)), None)
    name = sha256(msgspec.json.encode(first)).hexdigest()
    found = [
        ModelUse(
            journal=name, parent_id=each.parent_id, seq=each.seq, version=each.version, ts_ns=each.ts_ns,
            extrapolated=each.extrapolated,
        )
        for each in plan_uses(journal.steps(with_evidence=False))
    ]  # fmt: skip
    journal.close()
    return found


def recorded(uses: list[ModelUse], registry: Path) -> int:
    """Keep them; returns how many were new."""
    with CalibrationRegistry(registry) as kept:
        return kept.record_uses(uses)


def uses_text(uses: list[ModelUse], new: int | None) -> str:
    """How many plans each version made, and how many orders lay outside its sample."""
    plans = Counter(each.version for each in uses)
    lines = [f"{name}: {count:,} plans, {_outside(name, uses)}" for name, count in sorted(plans.items())]
    kept = [] if new is None else [f"{new:,} of them new in the registry"]
    return "\n".join([*(lines or ["no plan was made"]), *kept])


def _outside(version: str, uses: list[ModelUse]) -> str:
    said = Counter(each.extrapolated for each in uses if each.version == version)
    unknown = f", {said[None]:,} where no one can say" if said[None] else ""
    return f"{said[True]:,} extrapolated{unknown}"
