"""How a person reads which models plans were made with."""

from __future__ import annotations

from sottovoce.adapters.calibrations.registry import ModelUse
from sottovoce.apps.calibrate_uses import uses_text


def use(seq: int, version: str, extrapolated: bool | None) -> ModelUse:
    return ModelUse(journal="j", parent_id="P1", seq=seq, version=version, ts_ns=seq, extrapolated=extrapolated)


def test_stretched_plans_and_those_nobody_can_judge_are_counted_apart() -> None:
    uses = [use(1, "ours", True), use(2, "ours", False), use(3, "istar", None), use(4, "istar", None)]
    assert uses_text(uses, None).splitlines() == [
        "istar: 2 plans, 0 extrapolated, 2 where no one can say",
        "ours: 2 plans, 1 extrapolated",
    ]
    assert uses_text([], None) == "no plan was made"
