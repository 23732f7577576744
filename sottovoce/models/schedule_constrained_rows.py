"""The constrained basket as the optimiser reads it: sparse, and in figures of about one.

Unknown are the holdings after each bucket, as parts of the order, one for every bucket in which a name trades but its
last; what is left after the others follows. Beside them stand the factors of the covariance and the limited sums after
each bucket, each defined by one equality, so that no row joins all names with all names. A reversible name that pays
for both ways has one unknown more for the size of each trade.
"""

from __future__ import annotations

from functools import cached_property
from math import inf
from typing import Any

import numpy as np

from sottovoce.models.arrays import BoolArray, FloatArray, IntArray
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket, Exposure
from sottovoce.models.schedule_constrained_solver import Block, QuadraticProgram, Sparse

RISKLESS = 1e-14
"""A factor whose variance is this little of the largest one's is left out."""


class Rows:
    """A basket's unknowns and the sparse maps from them to trades, holdings, factors and limited sums."""

    def __init__(self, basket: ConstrainedBasket, limits: tuple[Exposure, ...], risk_aversion: float) -> None:
        self.basket = basket
        self.limits = limits
        self.risk_aversion = risk_aversion
        self.periods, self.names = basket.volumes.shape
        self.sign = np.where(basket.quantities < 0, -1.0, 1.0)
        self.scale = _scales(basket)
        self.traded = basket.tradable & (basket.reversible | (basket.quantities != 0))
        done = np.cumsum(self.traded, axis=0)
        last = done[-1]
        free = (done >= 1) & (done < last)
        first = np.concatenate([[0], np.cumsum(np.maximum(last - 1, 0))[:-1]])
        self.place: IntArray = np.where(free, first + done - 1, -1)
        self.constant: FloatArray = np.where(done == 0, basket.quantities, 0.0)
        self.unknowns = int(np.maximum(last - 1, 0).sum())

    @cached_property
    def held(self) -> Sparse:
        """Holdings after each bucket but the last, shares, name by name within a bucket: (N − 1)m rows."""
        from scipy.sparse import csr_array

        place = self.place[:-1].ravel()
        rows = np.flatnonzero(place >= 0)
        values = np.broadcast_to(self.scale, self.place[:-1].shape).ravel()[rows]
        return csr_array((values, (rows, place[rows])), shape=(place.size, self.unknowns))

    @cached_property
    def at(self) -> tuple[IntArray, IntArray]:
        """(bucket, name) of every trade there may be, T of them."""
        bucket, name = np.nonzero(self.traded)
        return bucket, name

    @cached_property
    def trades(self) -> tuple[Sparse, FloatArray]:
        """Signed shares of every trade: a matrix of T rows, and what is traded when every unknown is 0."""
        from scipy.sparse import csr_array

        bucket, name = self.at
        before = np.vstack([np.full(self.names, -1), self.place[:-1]])[bucket, name]
        after = self.place[bucket, name]
        start = np.vstack([self.basket.quantities, self.constant[:-1]])[bucket, name]
        rows = np.arange(len(bucket))
        scale = self.scale[name]
        given, left = before >= 0, after >= 0
        values = np.concatenate([scale[given], -scale[left]])
        where = (np.concatenate([rows[given], rows[left]]), np.concatenate([before[given], after[left]]))
        matrix = csr_array((values, where), shape=(len(bucket), self.unknowns))
        return matrix, np.where(given, 0.0, start) - np.where(left, 0.0, self.constant[bucket, name])

    @cached_property
    def two_way(self) -> IntArray:
        """Which trades may go either way at a cost per share: the places among the T."""
        bucket, name = self.at
        return np.flatnonzero(self.basket.reversible[name] & (self.basket.linear[bucket, name] > 0))

    @cached_property
    def factors(self) -> FloatArray:
        """The covariance's factors that carry risk, shape (m, f)."""
        loadings = self.basket.covariance.loadings
        strength = (loadings**2).T @ self.scale**2
        kept = strength > RISKLESS * max(float(strength.max(initial=0.0)), 1e-300)
        return loadings[:, kept] if self.risk_aversion > 0 else loadings[:, :0]

    @cached_property
    def sums(self) -> FloatArray:
        """What the lifted unknowns add up, scaled to at most one: factors, then limits, shape (m, f + r)."""
        columns = [self.factors, *(each.loadings[:, None] for each in self.limits)]
        whole = np.hstack(columns) if columns else np.zeros((self.names, 0))
        return np.asarray(whole / self.reach, dtype=np.float64)

    @cached_property
    def reach(self) -> FloatArray:
        """The most each sum can come to, shape (f + r,)."""
        columns = [self.factors, *(each.loadings[:, None] for each in self.limits)]
        most = np.abs(np.hstack(columns)).T @ self.scale
        return np.asarray(np.where(most > 0, most, 1.0), dtype=np.float64)

    def lifted(self) -> tuple[Sparse, FloatArray]:
        """Every sum after every bucket but the last, bucket by bucket: matrix over the unknowns, and its constant."""
        from scipy.sparse import csr_array, eye_array, kron

        over_time = csr_array(kron(eye_array(self.periods - 1), csr_array(self.sums.T)))
        return csr_array(over_time @ self.held), over_time @ self.constant[:-1].ravel()

    def holdings(self, unknowns: FloatArray) -> FloatArray:
        """Shares left, shape (N + 1, m), from the solution."""
        padded = np.append(unknowns[: self.unknowns], 0.0)
        after = np.where(self.place >= 0, padded[self.place] * self.scale, self.constant)
        return np.vstack([self.basket.quantities, after])


def program(rows: Rows, currency: float) -> QuadraticProgram:
    """The quadratic program. currency: what the objective is divided by, about what a plain schedule would cost."""
    blocks = [_sums(rows), *_trade_bounds(rows), *_sum_bounds(rows), *_sizes(rows)]
    quadratic, linear = _objective(rows)
    return QuadraticProgram(quadratic=quadratic / currency, linear=linear / currency, blocks=tuple(blocks))


def capped(rows: Rows) -> BoolArray:
    """Which of the T trades have a cap that could matter: below the whole order, or of a name that may turn."""
    bucket, name = rows.at
    caps = rows.basket.caps[bucket, name]
    whole = np.where(rows.basket.reversible[name], inf, np.abs(rows.basket.quantities[name]))
    return np.asarray((caps < whole) & (caps < inf), dtype=np.bool_)


def _objective(rows: Rows) -> tuple[Sparse, FloatArray]:
    from scipy.sparse import block_diag, csc_array, diags_array

    basket, aversion = rows.basket, rows.risk_aversion
    bucket, name = rows.at
    move, constant = rows.trades
    impact = basket.impact[bucket, name]
    one_way = np.where(basket.reversible[name], 0.0, basket.linear[bucket, name] * rows.sign[name])
    own = aversion * np.outer(basket.days[:-1], basket.covariance.specific).ravel()
    still = rows.constant[:-1].ravel()
    quadratic = 2.0 * (move.T @ diags_array(impact) @ move + rows.held.T @ diags_array(own) @ rows.held)
    linear = move.T @ (2.0 * impact * constant + one_way) + rows.held.T @ (2.0 * own * still)
    linear -= rows.held.T @ np.outer(basket.days[:-1], basket.drift).ravel()
    factors = rows.factors.shape[1]
    weight = np.zeros((rows.periods - 1, len(rows.reach)))
    weight[:, :factors] = 2.0 * aversion * np.outer(basket.days[:-1], rows.reach[:factors] ** 2)
    sizes = basket.linear[bucket, name][rows.two_way] * rows.scale[name][rows.two_way]
    parts = [quadratic, diags_array(np.concatenate([weight.ravel(), np.zeros(len(sizes))]))]
    return csc_array(block_diag(parts)), np.concatenate([linear, np.zeros(weight.size), sizes])


def _sums(rows: Rows) -> Block:
    """sum − Σ scaled loadings · holdings = 0."""
    from scipy.sparse import eye_array

    matrix, constant = rows.lifted()
    return Block(name="sums", cone="zero", parts=(-matrix, eye_array(len(constant)), _none(rows, len(constant))),
                 bound=constant)  # fmt: skip


def _trade_bounds(rows: Rows) -> list[Block]:
    """No overselling where it is forbidden, and the caps of both directions, in parts of the order."""
    from scipy.sparse import diags_array

    bucket, name = rows.at
    move, constant = rows.trades
    parts = diags_array(rows.sign[name] / rows.scale[name])
    along, start = parts @ move, rows.sign[name] / rows.scale[name] * constant
    caps = rows.basket.caps[bucket, name] / rows.scale[name]
    one_way = ~rows.basket.reversible[name]
    limited = capped(rows)
    both = limited & ~one_way
    return [
        _plain(rows, "no_oversell", -along[one_way], start[one_way]),
        _plain(rows, "participation", along[limited], (caps - start)[limited]),
        _plain(rows, "participation_back", -along[both], (caps + start)[both]),
    ]


def _sum_bounds(rows: Rows) -> list[Block]:
    """The limited sums between their ends."""
    from scipy.sparse import csr_array, eye_array

    whole = (rows.periods - 1) * len(rows.reach)
    limited = np.arange(whole).reshape(rows.periods - 1, -1)[:, rows.factors.shape[1] :].ravel()
    pick = csr_array(eye_array(whole))[limited]
    reach = rows.reach[rows.factors.shape[1] :]
    high = np.tile(np.array([each.high for each in rows.limits]) / reach, rows.periods - 1)
    low = np.tile(np.array([each.low for each in rows.limits]) / reach, rows.periods - 1)
    empty = csr_array((len(limited), rows.unknowns))
    none = _none(rows, len(limited))
    return [
        Block(name="sums_high", cone="nonnegative", parts=(empty, pick, none), bound=high),
        Block(name="sums_low", cone="nonnegative", parts=(empty, -pick, none), bound=-low),
    ]


def _sizes(rows: Rows) -> list[Block]:
    """size >= ± trade, in parts of the order, for trades that may go either way."""
    from scipy.sparse import csr_array, diags_array, eye_array

    move, constant = rows.trades
    scale = rows.scale[rows.at[1]][rows.two_way]
    along = diags_array(1.0 / scale) @ move[rows.two_way]
    start = constant[rows.two_way] / scale
    empty = csr_array((len(scale), (rows.periods - 1) * len(rows.reach)))
    size = eye_array(len(scale))
    return [
        Block(name="size_forth", cone="nonnegative", parts=(along, empty, -size), bound=-start),
        Block(name="size_back", cone="nonnegative", parts=(-along, empty, -size), bound=start),
    ]


def _plain(rows: Rows, name: str, matrix: Sparse, bound: FloatArray) -> Block:
    from scipy.sparse import csr_array

    empty = csr_array((len(bound), (rows.periods - 1) * len(rows.reach)))
    return Block(name=name, cone="nonnegative", parts=(matrix, empty, _none(rows, len(bound))), bound=bound)


def _none(rows: Rows, count: int) -> Any:
    from scipy.sparse import csr_array

    return csr_array((count, len(rows.two_way)))


def _scales(basket: ConstrainedBasket) -> FloatArray:
    """Shares that count as one: the order; for a name without one, as much money as the middle order."""
    size = np.abs(basket.quantities)
    worth = size * basket.prices
    middle = float(np.median(worth[worth > 0])) if np.any(worth > 0) else 1.0
    return np.asarray(np.where(size > 0, size, middle / basket.prices), dtype=np.float64)
