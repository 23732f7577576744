"""How the prices of a basket move together, by a few factors: C = L L' + diag(s).

A covariance of 2,000 names has two million entries, of which a factor model needs forty thousand, and the optimiser
sees sums over names instead of pairs of names. A covariance given in full is taken apart exactly.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

ROUNDING = 1e-9
"""How far below zero, relative to the largest, an eigenvalue may be through floating-point arithmetic."""


class FactorCovariance(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """loadings L: currency per share per √day of each factor, shape (m, f), the factors uncorrelated and of variance 1;
    specific s: currency² per share² per day of each name alone, shape (m,), >= 0.
    """

    loadings: FloatArray
    specific: FloatArray

    def variance(self, holdings: FloatArray) -> FloatArray:
        """x'Cx of each row: currency² per day, shape (n,), for holdings of shape (n, m)."""
        common = holdings @ self.loadings
        return np.asarray((common**2).sum(axis=1) + holdings**2 @ self.specific, dtype=np.float64)

    def times(self, holdings: FloatArray) -> FloatArray:
        """Cx of each row, shape (n, m), for holdings of shape (n, m)."""
        return np.asarray((holdings @ self.loadings) @ self.loadings.T + holdings * self.specific, dtype=np.float64)

    def dense(self) -> FloatArray:
        """C itself, shape (m, m)."""
        return np.asarray(self.loadings @ self.loadings.T + np.diag(self.specific), dtype=np.float64)


def of_factors(exposures: FloatArray, factor_covariance: FloatArray, specific: FloatArray) -> FactorCovariance:
    """C = B F B' + D.

    Args:
        exposures: B, shape (m, f); factor_covariance: F, per day, shape (f, f), positive semi-definite; the unit of
            B F B' is currency² per share² per day.
        specific: the diagonal of D, shape (m,).
    Raises: ModelError `shapes_differ`, `covariance`.
    """
    count, factors = exposures.shape
    if factor_covariance.shape != (factors, factors) or specific.shape != (count,):
        raise ModelError("Give F a row for every factor and D an entry for every name.", code="shapes_differ")
    if not np.all(np.isfinite(specific)) or np.any(specific < 0):
        raise ModelError("A name's own variance must be zero or more.", code="covariance")
    return FactorCovariance(loadings=exposures @ _root(factor_covariance), specific=specific)


def of_dense(covariance: FloatArray) -> FactorCovariance:
    """A covariance given in full, currency² per share² per day, shape (m, m). Raises ModelError `covariance`."""
    return FactorCovariance(loadings=_root(covariance), specific=np.zeros(len(covariance)))


def of_market_and_sectors(
    prices: FloatArray,
    sigma_daily: FloatArray,
    betas: FloatArray,
    sectors: tuple[str, ...],
    market_sigma: float,
    sector_sigma: float,
) -> FactorCovariance:
    """One market and a factor for each sector, the rest each name's own, so that every name keeps its volatility.

    Args:
        prices: currency, shape (m,); sigma_daily: volatility of each name's return in a day, as a fraction, shape (m,).
        betas: return of the name for one of the market, shape (m,); sectors: of each name.
        market_sigma, sector_sigma: volatility a day of the market's return and of a sector's beyond the market's.
    Returns: loadings (m, 1 + sectors). Where market and sector would explain more than all of a name's variance, both
        are scaled down to it.
    """
    kinds = sorted(set(sectors))
    common = np.zeros((len(prices), 1 + len(kinds)))
    common[:, 0] = betas * market_sigma
    common[np.arange(len(prices)), [1 + kinds.index(each) for each in sectors]] = sector_sigma
    explained = (common**2).sum(axis=1)
    most = np.sqrt(np.minimum(1.0, sigma_daily**2 / np.maximum(explained, np.finfo(np.float64).tiny)))
    common *= most[:, None]
    own = np.maximum(sigma_daily**2 - (common**2).sum(axis=1), 0.0)
    return FactorCovariance(loadings=common * prices[:, None], specific=own * prices**2)


def _root(covariance: FloatArray) -> FloatArray:
    """R with R R' = C, for a symmetric C without a negative eigenvalue."""
    square = covariance.ndim == 2 and covariance.shape[0] == covariance.shape[1]
    if not square or not np.all(np.isfinite(covariance)) or not np.allclose(covariance, covariance.T):
        raise ModelError("A covariance must be square, symmetric and of ordinary numbers.", code="covariance")
    values, vectors = np.linalg.eigh(covariance)
    if values[0] < -ROUNDING * max(abs(values[0]), abs(values[-1])):
        raise ModelError("Some portfolio would have a negative variance; check the covariances.", code="covariance")
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0)), dtype=np.float64)
