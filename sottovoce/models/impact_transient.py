"""Transient impact: what a trade does to the price fades by a kernel G, and how to trade against such a market.

The expected cost of trading at rate v_i over [t_i, t_{i+1}] is the sum over all pairs of the rate now, times a function
f of the rate then, times the exact double integral of G between the two intervals: no time grid, no singularity missed.
Almgren and Chriss is G = δ (temporary) plus G = 1 (permanent). Source: Gatheral, Quant. Finance 10 (2010) 749-759;
Bouchaud, Gefen, Potters and Wyart, Quant. Finance 4 (2004). A buy is shown; a sell is its mirror image.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive, within

SERIES = 1e-3
"""Below this ρt the integral is a series: the closed form would lose its digits."""


class ExponentialKernel(msgspec.Struct, frozen=True, kw_only=True, tag="exponential"):
    """G(t) = exp(−ρt). rho: per day, >= 0; 0 is permanent impact."""

    rho: float

    def __post_init__(self) -> None:
        not_negative("Resilience rho", self.rho)

    def value(self, lag: FloatArray) -> FloatArray:
        """G at lags in days, >= 0."""
        return np.asarray(np.exp(-self.rho * lag), dtype=np.float64)

    def twice_integrated(self, lag: FloatArray) -> FloatArray:
        """F with F'' = G, F(0) = F'(0) = 0."""
        scaled = self.rho * lag
        near = 0.5 - scaled / 6.0 + scaled**2 / 24.0 - scaled**3 / 120.0
        large = np.maximum(scaled, SERIES)
        far = (np.expm1(-large) + large) / large**2
        return np.asarray(lag**2 * np.where(scaled < SERIES, near, far), dtype=np.float64)


class PowerKernel(msgspec.Struct, frozen=True, kw_only=True, tag="power"):
    """G(t) = t^(−γ), 0 < γ < 1: infinite at once, and integrable. gamma without unit."""

    gamma: float

    def __post_init__(self) -> None:
        within("Decay exponent gamma", positive("Decay exponent gamma", self.gamma), 0.0, 1.0 - 1e-9)

    def value(self, lag: FloatArray) -> FloatArray:
        """G at lags in days, > 0."""
        return np.asarray(lag**-self.gamma, dtype=np.float64)

    def twice_integrated(self, lag: FloatArray) -> FloatArray:
        """F with F'' = G, F(0) = F'(0) = 0."""
        power = 2.0 - self.gamma
        return np.asarray(lag**power / (power * (power - 1.0)), dtype=np.float64)


class BoundedPowerKernel(msgspec.Struct, frozen=True, kw_only=True, tag="bounded_power"):
    """G(t) = (1 + t/t0)^(−γ), γ > 0: finite at once, a power law later. t0: days, > 0."""

    gamma: float
    t0: float

    def __post_init__(self) -> None:
        positive("Decay exponent gamma", self.gamma)
        positive("Time scale t0", self.t0)

    def value(self, lag: FloatArray) -> FloatArray:
        """G at lags in days, >= 0."""
        return np.asarray((1.0 + lag / self.t0) ** -self.gamma, dtype=np.float64)

    def twice_integrated(self, lag: FloatArray) -> FloatArray:
        """F with F'' = G, F(0) = F'(0) = 0."""
        scaled, gamma = lag / self.t0, self.gamma
        if gamma == 1.0:
            inner = (1.0 + scaled) * np.log1p(scaled) - scaled
        elif gamma == 2.0:
            inner = scaled - np.log1p(scaled)
        else:
            inner = ((1.0 + scaled) ** (2.0 - gamma) - 1.0) / ((1.0 - gamma) * (2.0 - gamma)) - scaled / (1.0 - gamma)
        return np.asarray(self.t0**2 * inner, dtype=np.float64)


Kernel = ExponentialKernel | PowerKernel | BoundedPowerKernel
RateImpact = Callable[[FloatArray], FloatArray]
"""f: what a rate (shares a day, signed) does to the price at once; odd."""


def power_impact(exponent: float) -> RateImpact:
    """f(v) = sgn(v)|v|^δ. exponent δ > 0 without unit; 1 is linear, 1/2 the square root."""
    positive("Impact exponent", exponent)

    def impact(rates: FloatArray) -> FloatArray:
        return np.asarray(np.sign(rates) * np.abs(rates) ** exponent, dtype=np.float64)

    return impact


def interaction(kernel: Kernel, edges: FloatArray) -> FloatArray:
    """Exact ∫∫ G(t − s) ds dt over pairs of intervals, t in the row's and s < t in the column's, shape (n, n), lower.

    Args:
        edges: times in days, shape (n + 1,), strictly rising.
    Raises: ModelError `edges_not_rising`.
    """
    _rising(edges)
    begin, end = edges[:-1], edges[1:]
    a, b, p, q = begin[:, None], end[:, None], begin[None, :], end[None, :]
    integrated = kernel.twice_integrated
    apart = (
        integrated(np.maximum(b - p, 0.0))
        - integrated(np.maximum(a - p, 0.0))
        - integrated(np.maximum(b - q, 0.0))
        + integrated(np.maximum(a - q, 0.0))
    )
    return np.asarray(np.tril(apart), dtype=np.float64)


def transient_cost(
    kernel: Kernel, edges: FloatArray, rates: FloatArray, impact: RateImpact, prefactor: float = 1.0
) -> float:
    """Expected cost of piecewise-constant rates, currency: prefactor × Σ_i v_i Σ_{j<=i} f(v_j) ∫∫ G.

    Args:
        edges: times in days, shape (n + 1,), strictly rising.
        rates: shares a day in each interval, positive buys, shape (n,).
        impact: f; prefactor: price units a unit of f.
    Raises: ModelError `edges_not_rising`, `shapes_differ`.
    Source: T-IMP-9: with G = t^(−1/2) and f = √v a constant rate costs the same whatever its duration.
    """
    if len(rates) != len(edges) - 1:
        raise ModelError(f"{len(rates)} rates for {len(edges) - 1} intervals; give one each.", code="shapes_differ")
    return float(prefactor * rates @ interaction(kernel, edges) @ impact(rates))


def optimal_transient_trades(kernel: Kernel, times: FloatArray, quantity: float) -> FloatArray:
    """Trades at given times that buy a quantity at least expected cost under linear impact, shape as times.

    x = X M⁻¹1 / (1'M⁻¹1) with M_kj = G(|t_k − t_j|), for a kernel finite at zero.
    Raises: ModelError `kernel_singular` for a kernel infinite at zero, `edges_not_rising`.
    """
    _rising(times)
    if isinstance(kernel, PowerKernel):
        raise ModelError("A kernel infinite at once has no cost for a block; use rates.", code="kernel_singular")
    matrix = kernel.value(np.abs(times[:, None] - times[None, :]))
    direction = np.linalg.solve(matrix, np.ones(len(times)))
    return np.asarray(quantity * direction / direction.sum(), dtype=np.float64)


def diffusive_decay(sign_exponent: float) -> float:
    """β = (1 − γ)/2: how fast impact must fade for prices to diffuse when signs remember as ℓ^(−γ), 0 < γ < 1.

    Source: T-IMP-8.
    """
    return (1.0 - within("Sign-memory exponent", sign_exponent, 0.0, 1.0)) / 2.0


def _rising(edges: FloatArray) -> None:
    if len(edges) < 2 or not np.all(np.isfinite(edges)) or not np.all(np.diff(edges) > 0):
        sentence = "Times must be two or more ordinary numbers, each above the one before."
        raise ModelError(sentence, code="edges_not_rising")
