"""The way to the optimiser: small programs whose answers are known, and a sentence where it is not installed."""

from __future__ import annotations

import sys

import numpy as np
import pytest
from scipy.sparse import csc_array, eye_array

from sottovoce.core.errors import ModelError
from sottovoce.models.schedule_constrained_solver import INFEASIBLE, SOLVED, Block, QuadraticProgram, solve


def nearest(point: list[float], low: float, total: float | None = None) -> QuadraticProgram:
    """The nearest point to a given one with every part at least low, and the parts adding up to total if given."""
    count = len(point)
    blocks = [Block(name="low", cone="nonnegative", parts=(-eye_array(count),), bound=np.full(count, -low))]
    if total is not None:
        row = csc_array(np.ones((1, count)))
        blocks.append(Block(name="total", cone="zero", parts=(row,), bound=np.array([total])))
    return QuadraticProgram(quadratic=csc_array(eye_array(count)), linear=-np.array(point), blocks=tuple(blocks))


def test_the_answer_and_its_prices() -> None:
    """Nearest to (3, -1) with parts above 0.5: (3, 0.5), where easing the second bound by d saves 1.5 d."""
    found = solve(nearest([3.0, -1.0], 0.5))
    assert found.status == SOLVED
    assert found.unknowns == pytest.approx([3.0, 0.5], abs=1e-6)
    assert found.multipliers["low"] == pytest.approx([0.0, 1.5], abs=1e-6)


def test_prices_are_told_apart_by_the_block_they_belong_to() -> None:
    found = solve(nearest([1.0, 1.0], 0.0, total=1.0))
    assert found.unknowns == pytest.approx([0.5, 0.5], abs=1e-6)
    assert found.multipliers["total"] == pytest.approx([0.5], abs=1e-6)


def test_what_has_no_solution_is_said() -> None:
    assert solve(nearest([1.0, 1.0], 1.0, total=1.0)).status == INFEASIBLE


def test_without_the_extra_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "clarabel", None)
    with pytest.raises(ModelError) as refused:
        solve(nearest([1.0], 0.0))
    assert refused.value.code == "optimiser_missing"
    assert "sottovoce[optimise]" in str(refused.value)
