"""Why a list cannot keep its limits: which one stands in the way, where, by how much, and what would do instead.

A cap that leaves shares undone, and a list whose own net is more than the cash it may be out by, are seen by adding
up. What only the limits together make impossible is found by two linear programs: the least by which the sums would
have to be exceeded, and the least participation under which nothing would have to be. Both are told; neither is done.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket, Exposure
from sottovoce.models.schedule_constrained_rows import Rows, capped, program
from sottovoce.models.schedule_constrained_solver import (
    SOLVED,
    Block,
    QuadraticProgram,
    Solution,
    Sparse,
    solve,
    undecided,
)

TOLD_MAX = 5
"""Names in one sentence; the rest are counted."""
ROUNDING = 1e-12
"""Of an order: what adding up caps may lose."""
BROKEN = 1e-7
"""Of what a sum can come to: an excess below this is the optimiser's rounding."""


class Shortage(msgspec.Struct, frozen=True, kw_only=True):
    """A limit that cannot hold. given and needed are in its unit: part of volume for "participation" (needed is inf
    for a name that is never open), currency for "cash", "beta" and "sector". undone: shares left over; bucket: where.
    """

    kind: str
    name: str
    given: float
    needed: float
    bucket: str
    undone: float = 0.0


class InfeasibleSchedule(PlanError):
    """No schedule keeps the limits; shortages say which of them stand in the way."""

    def __init__(self, message: str, shortages: tuple[Shortage, ...] = (), *, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.shortages = shortages


def refuse_impossible(basket: ConstrainedBasket, limits: tuple[Exposure, ...]) -> None:
    """What adding up shows. Raises InfeasibleSchedule, codes `participation_infeasible` and `limits_infeasible`."""
    undone = tuple(_undone(basket))
    if undone:
        told = "; ".join(_shares_told(each) for each in undone[:TOLD_MAX])
        more = f"; and {len(undone) - TOLD_MAX} more names" if len(undone) > TOLD_MAX else ""
        raise InfeasibleSchedule(f"{told}{more}.", undone, code="participation_infeasible")
    for limit in limits:
        if not limit.low <= 0.0 <= limit.high:
            net = float(basket.prices @ basket.quantities)
            short = Shortage(kind=limit.kind, name=limit.name, given=limit.cap, needed=abs(net), bucket=_last(basket))
            told = f"the list itself comes to {net:,.0f} net when it is done"
            raise InfeasibleSchedule(f"The {_sum_told(short)}: {told}.", (short,), code="limits_infeasible")


def why_infeasible(rows: Rows) -> PlanError:
    """What to raise where the limits exclude each other though every name alone could be done."""
    exceeded = _least_excess(rows)
    shortages = tuple(_excesses(rows, exceeded))
    if not shortages:
        return undecided(exceeded)
    told = "; ".join(_sum_told(each) + f" {each.bucket}" for each in shortages[:TOLD_MAX])
    slow = _slow_names(rows, exceeded)
    why = f", where {slow} cannot trade faster" if slow else ""
    other = _participation_told(rows)
    return InfeasibleSchedule(f"The {told}{why}{other}.", shortages, code="limits_infeasible")


def _undone(basket: ConstrainedBasket) -> Iterable[Shortage]:
    """Names whose caps do not add up to the order, the largest money first."""
    size = np.abs(basket.quantities)
    room, volume = basket.caps.sum(axis=0), basket.volumes.sum(axis=0)
    short = np.where(basket.reversible & (size == 0), 0.0, size - room)
    for place in np.argsort(-short * basket.prices, kind="stable"):
        if short[place] > ROUNDING * size[place]:
            needed = float(size[place] / volume[place]) if volume[place] > 0 else np.inf
            open_ = np.flatnonzero(basket.tradable[:, place])
            end = basket.bucket(int(open_[-1])) if len(open_) else _last(basket)
            yield Shortage(
                kind="participation", name=basket.names[place], given=float(basket.participation[place]),
                needed=needed, bucket=end, undone=float(short[place]),
            )  # fmt: skip


def _shares_told(short: Shortage) -> str:
    if short.needed == np.inf:
        return f"{short.name} is never open on the list's way, and {short.undone:,.0f} shares are to be traded"
    undone = f"leaves {max(short.undone, 1):,.0f} shares undone by {short.bucket}"
    return f"Participation of {short.given:.4g} in {short.name} {undone}; it needs {short.needed:.4g}"


def _sum_told(short: Shortage) -> str:
    return f"{short.name} limit of {short.given:,.0f} cannot hold, it needs {short.needed:,.0f}"


def _least_excess(rows: Rows) -> Solution:
    """The least by which the sums leave their limits, in money over all of them: one unknown more for each limit."""
    from scipy.sparse import csr_array, eye_array, kron

    count = len(rows.limits)
    every = csr_array(kron(np.ones((rows.periods - 1, 1)), eye_array(count)))
    plain = program(rows, 1.0)
    bounds = ("sums_high", "sums_low")
    wider = tuple(_widened(block, -every if block.name in bounds else None, count) for block in plain.blocks)
    reach = rows.reach[rows.factors.shape[1] :]
    return _linear(plain, wider, reach / reach.max())


def _participation_told(rows: Rows) -> str:
    """The least multiple of every participation that would do, in words; nothing where none would."""
    from scipy.sparse import csr_array

    plain = program(rows, 1.0)
    wider = []
    for block in plain.blocks:
        caps = None
        if block.name == "participation":
            caps = csr_array(-_caps(rows)[:, None])
        wider.append(_widened(block, caps, 1))
    found = _linear(plain, tuple(wider), np.ones(1))
    if found.status != SOLVED or rows.basket.reversible.any():
        return ""
    times = 1.0 + float(found.unknowns[-1])
    given = np.unique(rows.basket.participation)
    if len(given) == 1:
        return f"; or a participation of {given[0] * times:.4g} instead of {given[0]:.4g}"
    return f"; or every participation {times:.4g} times as high"


def _caps(rows: Rows) -> FloatArray:
    """The caps of the rows "participation", as parts of the order."""
    bucket, name = rows.at
    return np.asarray((rows.basket.caps[bucket, name] / rows.scale[name])[capped(rows)], dtype=np.float64)


def _widened(block: Block, columns: Sparse | None, count: int) -> Block:
    """A block with unknowns of its own added on the right."""
    from scipy.sparse import csr_array

    added = csr_array((len(block.bound), count)) if columns is None else columns
    return msgspec.structs.replace(block, parts=(*block.parts, added))


def _linear(plain: QuadraticProgram, blocks: tuple[Block, ...], cost: FloatArray) -> Solution:
    """min cost · (the added unknowns), all of them >= 0."""
    from scipy.sparse import csc_array, eye_array

    known, added = len(plain.linear), len(cost)
    first = next(block for block in blocks if len(block.bound))
    empty = tuple(csc_array((added, part.shape[1])) for part in first.parts[:-1])
    positive = Block(name="added", cone="nonnegative", parts=(*empty, -eye_array(added)), bound=np.zeros(added))
    return solve(
        QuadraticProgram(
            quadratic=csc_array((known + added, known + added)),
            linear=np.concatenate([np.zeros(known), cost]),
            blocks=(*blocks, positive),
        )
    )


def _excesses(rows: Rows, found: Solution) -> Iterable[Shortage]:
    if found.status != SOLVED:
        return
    excess = found.unknowns[-len(rows.limits) :]
    reach = rows.reach[rows.factors.shape[1] :]
    prices = sum(_price(rows, found, kind) for kind in ("sums_high", "sums_low"))
    for place in np.argsort(-excess * reach, kind="stable"):
        limit = rows.limits[place]
        if excess[place] > BROKEN:
            bucket = int(np.argmax(np.asarray(prices)[:, place]))
            yield Shortage(
                kind=limit.kind, name=limit.name, given=limit.cap,
                needed=limit.cap + float(excess[place] * reach[place]), bucket=f"after {rows.basket.bucket(bucket)}",
            )  # fmt: skip


def _price(rows: Rows, found: Solution, kind: str) -> FloatArray:
    return found.multipliers[kind].reshape(rows.periods - 1, len(rows.limits))


def _slow_names(rows: Rows, found: Solution) -> str:
    """The names whose caps the excess comes from, the dearest first."""
    price = found.multipliers.get("participation", np.zeros(0)) * _caps(rows)
    weight = np.bincount(rows.at[1][capped(rows)], weights=price, minlength=rows.names)
    order = [int(place) for place in np.argsort(-weight, kind="stable") if weight[place] > BROKEN]
    told = [rows.basket.names[place] for place in order[:TOLD_MAX]]
    more = [f"{len(order) - TOLD_MAX} more"] if len(order) > TOLD_MAX else []
    return " and ".join([", ".join(told), *more]) if told else ""


def _last(basket: ConstrainedBasket) -> str:
    return basket.bucket(len(basket.days) - 1)
