"""T-SIM-5: the self-exciting process and its residuals."""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.models.flow.hawkes import branching, thinning, univariate
from sottovoce.models.flow.hawkes_checks import fano, residuals
from tools.figure_row import Row, near, within

HORIZON_S, WINDOW_S = 400_000.0, 200.0
SEEDS = 60


def slow_rows() -> Iterator[Row]:
    """Mean rate and Fano factor by both simulations, and how many seeds pass the Kolmogorov–Smirnov test."""
    from scipy.stats import kstest

    model = univariate(0.5, 0.8, 1.0)
    for way, simulate in (("thinning", thinning), ("branching", branching)):
        times = simulate(model, HORIZON_S, 1).times_s
        yield near("T-SIM-5", f"events a second, {way}", len(times) / HORIZON_S, 2.5, 0.05)
        yield near("T-SIM-5", f"Fano factor over 200 s, {way}", fano(times, HORIZON_S, WINDOW_S), 25.0, 3.0, 2)
    passed = 0
    for seed in range(SEEDS):
        events = (thinning if seed % 2 else branching)(model, 2_000.0, 100 + seed)
        passed += bool(kstest(residuals(model, events, 0), "expon").pvalue > 0.01)
    what = f"part of {SEEDS} seeds whose residuals are Exp(1), KS p > 0.01"
    yield within("T-SIM-5", what, passed / SEEDS, 0.9499, None)
