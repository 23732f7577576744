"""How often the 95 % intervals of a calibration contain the truth, over synthetic samples of orders: coverage and its
own standard error, by parameter and by shape of sample.

Each sample is fitted as `sottovoce calibrate impact` fits, with its own dice. 500 samples of 2,000 orders of the first
shape, the one the bound is for; the other shapes, on fewer samples, are harder than a desk would wish: few symbol-days,
fat tails, volatility that was not forecast, another law. Exit 1 where coverage of the first shape is outside 95 ± 2.5
points.

Run: make calibration-coverage, or python -m tools.calibration_coverage --samples 500 --others 100 --jobs 2
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from typing import NamedTuple

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.clustered_bootstrap import Interval
from sottovoce.models.impact_fit_bins import fit_square_root
from sottovoce.models.impact_fit_intervals import fit_almgren_intervals
from tools.calibration_samples import TRUE, Shape, almgren_sample, square_root_sample

BOUND = 0.025
NOMINAL = 0.95
SHAPES = (
    Shape(name="500 symbol-days, a fifth of the noise shared"),
    Shape(name="each order its own symbol-day", days=1_000_000, shared=0.0),
    Shape(name="100 symbol-days, half of the noise shared", days=100, shared=0.5),
    Shape(name="60 symbol-days, fat tails, restless volatility", days=60, tails=4, restless=0.4),
    Shape(name="log-normal sizes, another law (0.8, 0.6)", sizes="log-normal", prefactor=0.8, exponent=0.6),
    Shape(name="500 orders on 150 symbol-days", n=500, days=150),
)


class Ask(NamedTuple):
    """One sample to be fitted."""

    shape: int
    seed: int
    draws: int


def covered(ask: Ask) -> dict[str, float]:
    """Of each parameter whether its interval contains the truth; NaN where the sample gave no interval."""
    shape = SHAPES[ask.shape]
    rng = np.random.default_rng([ask.shape, ask.seed])
    found: dict[str, float] = {}
    found |= _square_root(shape, rng, ask)
    return found | _almgren(shape, rng, ask)


def _square_root(shape: Shape, rng: np.random.Generator, ask: Ask) -> dict[str, float]:
    sample = square_root_sample(shape, rng)
    names = ("prefactor", "exponent")
    try:
        fit = fit_square_root(sample.size, sample.cost, sample.cluster, draws=ask.draws, seed=ask.seed)
    except ModelError:
        return dict.fromkeys(names, float("nan"))
    return {name: _holds(getattr(fit, name), getattr(shape, name)) for name in names}


def _almgren(shape: Shape, rng: np.random.Generator, ask: Ask) -> dict[str, float]:
    orders, cluster = almgren_sample(shape, rng)
    names = ("gamma", "eta", "alpha", "delta", "beta")
    try:
        fit = fit_almgren_intervals(orders, cluster, draws=ask.draws, seed=ask.seed)
    except ModelError:
        return dict.fromkeys(names, float("nan"))
    return {name: _holds(getattr(fit, name), TRUE[name]) for name in names}


def _holds(interval: Interval, truth: float) -> float:
    return float(interval.low <= truth <= interval.high)


def table(asks: list[Ask], answers: Iterable[dict[str, float]], told: bool) -> dict[int, dict[str, list[float]]]:
    """The answers by shape and parameter, with a bar on a terminal and a line for each tenth elsewhere."""
    found: dict[int, dict[str, list[float]]] = {}
    for number, (ask, answer) in enumerate(zip(asks, answers, strict=True), start=1):
        for name, holds in answer.items():
            found.setdefault(ask.shape, {}).setdefault(name, []).append(holds)
        if told and (sys.stderr.isatty() or number * 10 // len(asks) != (number - 1) * 10 // len(asks)):
            done = 40 * number // len(asks)
            end = "\r" if sys.stderr.isatty() and number < len(asks) else "\n"
            sys.stderr.write(f"[{'#' * done}{'.' * (40 - done)}] {number:,} of {len(asks):,} samples{end}")
    return found


def report(found: dict[int, dict[str, list[float]]]) -> bool:
    """Print the table; returns whether the first shape keeps the bound."""
    kept = True
    for at, columns in sorted(found.items()):
        print(f"{SHAPES[at].name}, {SHAPES[at].n:,} orders a sample")
        for name, holds in columns.items():
            seen = np.array(holds)
            fitted = seen[np.isfinite(seen)]
            if not fitted.size:
                print(f"  {name:<10} no sample gave an interval")
                kept &= at != 0
                continue
            share = float(fitted.mean())
            error = (share * (1.0 - share) / fitted.size) ** 0.5
            lost = f"; {seen.size - fitted.size} gave none" if fitted.size < seen.size else ""
            print(f"  {name:<10} {100 * share:5.1f} % ± {100 * error:.1f} of {fitted.size} samples{lost}")
            kept &= at != 0 or abs(share - NOMINAL) <= BOUND
    return kept


def main(words: list[str] | None = None) -> int:
    """Run all samples; returns 0 when the first shape covers 95 ± 2.5 points for every parameter, else 1."""
    parser = argparse.ArgumentParser(description="Coverage of calibration intervals.")
    parser.add_argument("--samples", type=int, default=500, help="of the first shape")
    parser.add_argument("--others", type=int, default=100, help="of each other shape; 0 leaves them out")
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--first-seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(words)
    asks = [
        Ask(shape, options.first_seed + seed, options.draws)
        for shape in range(len(SHAPES))
        for seed in range(options.others if shape else options.samples)
    ]
    if options.jobs == 1:
        found = table(asks, map(covered, asks), told=True)
    else:
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with ProcessPoolExecutor(options.jobs) as pool:
            found = table(asks, pool.map(covered, asks, chunksize=4), told=True)
    return 0 if report(found) else 1


if __name__ == "__main__":
    sys.exit(main())
