"""A calibrated version asked on the command line: found in its registry, and the asking recorded there.

An answer is recorded before it is printed: one that leaves no trace in the registry is refused.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.calibrations.registry import CalibrationRegistry
from sottovoce.adapters.clock import RealClock
from sottovoce.apps.impact_output import Stated, stated
from sottovoce.apps.numbers_in import computed
from sottovoce.models.impact_answer import answer, outside_of, outside_words
from sottovoce.models.impact_record import CalibratedImpact


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A version and the registry it was found in."""

    record: CalibratedImpact
    registry: Path

    @classmethod
    def of(cls, version: str, registry: Path) -> Asked:
        """Raises: NotFound `no_registry`, `model_version`; ConfigError `registry_bad`."""
        with CalibrationRegistry(registry) as kept:
            return cls(record=kept.get(version), registry=registry)

    def says(
        self, size: float, sigma_daily: float, duration_days: float | None = None, turnover: float | None = None
    ) -> Stated:
        """What it says of an order, recorded; arguments as impact_answer.answer takes them.

        Raises: ModelError as answer, `not_computable`; ConfigError `registry_unwritable`.
        """
        estimate = computed(
            lambda: answer(self.record, size, sigma_daily, duration_days=duration_days, turnover=turnover)
        )
        outside = outside_of(self.record, size, duration_days)
        words = outside_words(outside, size, self.record.size_range, duration_days or 0.0)
        within = "" if duration_days is None else f" in {duration_days:g} volume days"
        self._record(f"{size:.6g} of ADV{within}, {sigma_daily:g} a day", bool(outside))
        return stated(estimate, outside, words, self._sample())

    def _sample(self) -> str:
        low, high = self.record.size_range
        return f"our own, on {self.record.clusters:,} symbol-days, {low:.4%} to {high:.2%} of ADV"

    def _record(self, question: str, extrapolated: bool) -> None:
        with CalibrationRegistry(self.registry) as kept:
            kept.record_asked(question, self.record.version, RealClock().now_ns(), extrapolated)
