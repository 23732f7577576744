"""T-IMP-2 and 13: what `sottovoce calibrate impact` fits of the laws its samples were made with."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.models.impact_fit import Orders, fit_almgren
from sottovoce.models.impact_fit_bins import fit_square_root
from tools.figure_row import Row, near, within

N, SAMPLES = 29_509, 60
LAW_SEEDS, LAW_N, DRAWS = 200, 20_000, 200
BANDS = (
    ("beta", 0.600, 0.02),
    ("eta", 0.142, 0.004),
    ("alpha", 1.00, 0.10),
    ("delta", 0.25, 0.21),
    ("gamma", 0.314, 0.04),
)


def slow_rows() -> Iterator[Row]:
    """Sixty samples of the Almgren form, two hundred of the square root."""
    fits = [fit_almgren(almgren_sample(seed)) for seed in range(SAMPLES)]
    for name, truth, band in BANDS:
        found = np.array([getattr(fit, name).value for fit in fits])
        yield near("T-IMP-2", f"{name}: mean of {SAMPLES} samples", float(found.mean()), truth, band)
        inside = float((np.abs(found - truth) < band).mean())
        yield within("T-IMP-2", f"{name}: part of the samples within {band:g}", inside, 0.949, None, 3)
    yield from _square_root()


def _square_root() -> Iterator[Row]:
    laws = []
    for seed in range(LAW_SEEDS):
        size, moved = square_root_sample(seed, LAW_N)
        laws.append(fit_square_root(size, moved, np.arange(LAW_N) // 20, draws=DRAWS))
    exponents = np.array([law.exponent.value for law in laws])
    factors = np.array([law.prefactor.value for law in laws])
    yield near("T-IMP-13", f"exponent, mean of {LAW_SEEDS} samples of {LAW_N:,}", float(exponents.mean()), 0.5, 0.0024)
    yield within("T-IMP-13", "exponent: spread over samples", float(exponents.std(ddof=1)), None, 0.0135)
    yield near("T-IMP-13", "prefactor, mean", float(factors.mean()), 1.0, 0.02)
    covered = float(np.mean([law.exponent.low <= 0.5 <= law.exponent.high for law in laws]))
    yield within("T-IMP-13", "95 % intervals that cover 0.5", covered, 0.8999, 0.9901)


def almgren_sample(seed: int, n: int = N) -> Orders:
    """Orders as the reference makes them, with the published coefficients and noise; shapes (n,)."""
    rng = np.random.default_rng(seed)
    size = np.clip(0.02 * np.exp(rng.standard_normal(n)), 0.0025, 0.25)
    duration = np.clip(0.08 * np.exp(0.9 * rng.standard_normal(n)), 0.005, 1.0)
    turnover = 200.0 * np.exp(0.6 * rng.standard_normal(n))
    post = duration + 1 / 13
    xi, chi = rng.standard_normal((2, n))
    permanent = 0.314 * size * turnover**0.25 + np.sqrt(post) * xi
    noise = np.sqrt(duration / 12 * (4 - 3 * duration / post)) * chi - (post - duration) / (2 * np.sqrt(post)) * xi
    cost = permanent / 2 + 0.142 * (size / duration) ** 0.6 + noise
    return Orders(size=size, duration=duration, post=post, turnover=turnover, permanent=permanent, cost=cost)


def square_root_sample(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    """q log-uniform on [1e-4, 0.1], T = q/0.1, cost/σ = √q + √T N(0, 1)."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.uniform(np.log(1e-4), np.log(0.1), count))
    return size, size**0.5 + np.sqrt(size / 0.1) * rng.standard_normal(count)
