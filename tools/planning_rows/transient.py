"""T-IMP-6 to 11: books that refill, impact that fades, and the guard against free round trips."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from sottovoce.models.arrays import FloatArray
from sottovoce.models.impact_transient import ExponentialKernel, PowerKernel, diffusive_decay
from sottovoce.models.no_manipulation import smallest_eigenvalue
from tools.figure_row import Row, exact, near, within
from tools.planning_rows.asking import ask, refusal

BOOK = (
    "impact obizhaeva-wang --quantity 100000 --density-shares-per-price 5000 --permanent-price-per-share 1e-4 "
    "--horizon-days 1"
)
SOUND = (("exponential", 2.0, 1.0), ("power", 0.5, 1.0), ("power", 0.5, 0.5), ("power", 0.5, 0.6))
UNSOUND = (("exponential", 2.0, 0.5), ("power", 0.4, 0.5), ("power", 0.3, 0.6))
SQUARE_ROOT = "impact propagator --kernel power --decay 0.5 --exponent 0.5 --prefactor 0.015"
KERNELS = (ExponentialKernel(rho=2.0), ExponentialKernel(rho=30.0), PowerKernel(gamma=0.2), PowerKernel(gamma=0.8))
PATHS, LAGS = 6, (100, 300, 1_000, 3_000, 10_000)


def rows() -> Iterator[Row]:
    """Closed forms, exact integrals and searches."""
    yield from _resilient_book()
    for gamma, beta in ((0.5, 0.25), (0.24, 0.38)):
        found = ask(f"impact diffusive-decay --sign-exponent {gamma}")["decay_exponent"]
        yield near("T-IMP-8", f"decay for signs of memory {gamma}", found, beta, 1e-12, 12)
    for horizon in (0.1, 1.0):
        words = f"--edges-days 0,{horizon} --rates {0.07 / horizon!r}"
        cost = ask(f"{SQUARE_ROOT} {words}")["cost_per_share"]
        yield near("T-IMP-9", f"0.07 of a day in {horizon} days at sigma 2 %", cost, 0.02 * 0.07**0.5, 1e-9, 12)
    for kernel, decay, exponent in (*SOUND, *UNSOUND):
        code = refusal(f"impact round-trip --kernel {kernel} --decay {decay} --exponent {exponent}")
        expected = "" if (kernel, decay, exponent) in SOUND else "price_manipulation"
        what = f"{kernel} kernel {decay}, impact exponent {exponent}: refused as"
        yield exact("T-IMP-10", what, code or "(not refused)", expected or "(not refused)")
    for one in KERNELS:
        least = min(smallest_eigenvalue(one, np.linspace(0.0, 1.0, count + 1)) for count in (2, 10, 40))
        yield within("T-IMP-11", f"smallest eigenvalue of {one}", least, -1e-12, None, 6)


def _resilient_book() -> Iterator[Row]:
    base = ask(f"{BOOK} --resilience-per-day 2.231 --intervals 10")
    fine = ask(f"{BOOK} --resilience-per-day 2.231 --intervals 1000")
    for what, got, expected in (
        ("x_0", base["block_at_each_end"], 23_635.0745),
        ("rate a day", base["rate_per_day"], 52_729.8511),
        ("cost", base["cost"], 736_350.745),
        ("N = 10: x_0", base["trades"][0], 26_317.9612),
        ("N = 10: interior", base["trades"][1], 5_262.6753),
        ("N = 10: cost", base["discrete_cost"], 736_866.236),
        ("N = 10: equal slices", base["equal_slices_cost"], 758_026.659),
        ("N = 1000: x_0", fine["trades"][0], 23_661.4445),
        ("N = 1000: cost", fine["discrete_cost"], 736_350.796),
    ):
        yield near("T-IMP-6", f"resilient book, {what}", got, expected, 1e-3, 4)
    slow, quick = (ask(f"{BOOK} --resilience-per-day {rho} --intervals 10") for rho in (1e-9, 1e9))
    yield near("T-IMP-7", "no resilience: half at each end", slow["trades"][0], 50_000.0, 1e-3, 4)
    yield near("T-IMP-7", "full resilience: equal slices", quick["trades"][0], 100_000 / 11, 1e-3, 4)
    costs = [ask(f"{BOOK} --resilience-per-day {rho}")["cost"] for rho in (0.5, 1, 2, 4, 8)]
    yield exact("T-IMP-7", "cost falls with resilience", all(b < a for a, b in pairwise(costs)), True)
    counts = [ask(f"{BOOK} --resilience-per-day 2.231 --intervals {n}")["discrete_cost"] for n in (2, 5, 10, 50)]
    yield exact("T-IMP-7", "cost falls with the number of dates", all(b < a for a, b in pairwise(counts)), True)


def slow_rows() -> Iterator[Row]:
    """T-IMP-8: signs of memory 0.5 filtered by the matching decay diffuse; without decay they do not."""
    paths = [remembering_signs(1 << 19, seed) for seed in range(PATHS)]
    flat, grows = (
        np.mean([variance_by_lag(beta, signs) for signs in paths], axis=0) for beta in (diffusive_decay(0.5), 0.0)
    )
    off = float(np.abs(flat / flat.mean() - 1.0).max())
    yield within("T-IMP-8", "variance per lag, 10² to 10⁴, matching decay: off its mean by", off, None, 0.2)
    least = min(later / earlier for earlier, later in pairwise(grows.tolist()))
    yield within("T-IMP-8", "without decay it grows, each lag over the one before", least, 1.0, None)


def variance_by_lag(beta: float, signs: FloatArray) -> list[float]:
    """E[(p(t+l) − p(t))²]/l of prices that are signs filtered by (1 + l)^(−β), the first quarter left out."""
    count = len(signs)
    kernel = (1.0 + np.arange(count)) ** -beta
    spectrum = np.fft.rfft(signs, 2 * count) * np.fft.rfft(kernel, 2 * count)
    prices = np.fft.irfft(spectrum, 2 * count)[count // 4 : count]
    return [float(((prices[lag:] - prices[:-lag]) ** 2).mean() / lag) for lag in LAGS]


def remembering_signs(count: int, seed: int) -> FloatArray:
    """Signs of fractional noise of order d = 1/4: correlations fall as ℓ^(2d − 1) = ℓ^(−1/2)."""
    steps, d = np.arange(1, count), 0.25
    weights = np.cumprod(np.concatenate(([1.0], (steps - 1 + d) / steps)))
    shocks = np.random.default_rng(seed).standard_normal(count)
    noise = np.fft.irfft(np.fft.rfft(shocks, 2 * count) * np.fft.rfft(weights, 2 * count), 2 * count)
    return np.asarray(np.sign(noise[:count]), dtype=np.float64)
