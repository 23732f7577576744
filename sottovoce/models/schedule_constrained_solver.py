"""The one way to the optimiser: convex programs in, a solution with its multipliers out.

Every constrained schedule (a basket's quadratic program, the rounds of the power law's, the search for what makes caps
impossible) is min ½v'Pv + q'v subject to Av + s = b with each part of s zero or not negative, solved by Clarabel's
interior point method. Its answer is the same on every run; nothing of it is believed before the caller has measured it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.models.arrays import FloatArray

Sparse = Any
"""A matrix of scipy.sparse, which has no types to name."""

TOLERANCE = 1e-9
"""Of the optimiser's own measures: a thousandth of what is asked of the schedule."""
ITERATIONS_MAX = 200

SOLVED, INFEASIBLE, UNDECIDED = "solved", "infeasible", "undecided"


class Block(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Rows of one kind: (parts side by side) v + s = bound with s = 0 ("zero") or s >= 0 ("nonnegative").

    parts: one sparse matrix for each group of unknowns.
    """

    name: str
    cone: str
    parts: tuple[Sparse, ...]
    bound: FloatArray


class QuadraticProgram(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """quadratic P: sparse, symmetric; linear q; blocks in any order."""

    quadratic: Sparse
    linear: FloatArray
    blocks: tuple[Block, ...]


class Solution(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """status: solved, infeasible or undecided; unknowns v; multipliers: of each block's rows, by its name."""

    status: str
    unknowns: FloatArray
    multipliers: Mapping[str, FloatArray]
    iterations: int


def solve(program: QuadraticProgram) -> Solution:
    """Solve it. Raises: ModelError `optimiser_missing` where the extra is not installed."""
    clarabel = _optimiser()
    from scipy.sparse import csc_array, triu

    blocks = [block for block in program.blocks if len(block.bound)]
    matrix, bound = stacked(blocks)
    cones = [_cone(clarabel, block) for block in blocks]
    upper = csc_array(triu(program.quadratic))
    found = clarabel.DefaultSolver(upper, program.linear, csc_array(matrix), bound, cones, _settings(clarabel)).solve()
    ends = np.cumsum([len(block.bound) for block in blocks])[:-1]
    split = np.split(np.array(found.z), ends)
    return Solution(
        status=_status(str(found.status)),
        unknowns=np.array(found.x),
        multipliers={block.name: each for block, each in zip(blocks, split, strict=True)},
        iterations=int(found.iterations),
    )


def stacked(blocks: list[Block]) -> tuple[Sparse, FloatArray]:
    """All rows of the blocks, one below the other: A and b."""
    from scipy.sparse import csr_array, hstack, vstack

    matrix = vstack([hstack(block.parts) for block in blocks])
    return csr_array(matrix), np.concatenate([block.bound for block in blocks])


def undecided(solution: Solution) -> PlanError:
    """What to raise where the optimiser neither solved nor refused."""
    told = f"The optimiser gave up after {solution.iterations} steps; check that figures are of sensible size."
    return PlanError(told, code="schedule_not_solved")


def _optimiser() -> Any:
    try:
        import clarabel
        import scipy.sparse  # noqa: F401
    except ImportError as error:
        told = "Constrained schedules need the optimiser: pip install 'sottovoce[optimise]'."
        raise ModelError(told, code="optimiser_missing") from error
    return clarabel


def _cone(clarabel: Any, block: Block) -> Any:
    return {"zero": clarabel.ZeroConeT, "nonnegative": clarabel.NonnegativeConeT}[block.cone](len(block.bound))


def _settings(clarabel: Any) -> Any:
    settings = clarabel.DefaultSettings()
    settings.verbose = False
    settings.max_iter = ITERATIONS_MAX
    settings.max_threads = 1  # the same sums in the same order on every machine
    settings.presolve_enable = False  # rows keep their places, so that multipliers can be told apart
    settings.tol_gap_abs = settings.tol_gap_rel = settings.tol_feas = TOLERANCE
    return settings


def _status(told: str) -> str:
    if told in ("Solved", "AlmostSolved", "InsufficientProgress"):
        return SOLVED  # how near is measured by the caller, on its own figures
    return INFEASIBLE if told in ("PrimalInfeasible", "AlmostPrimalInfeasible") else UNDECIDED
