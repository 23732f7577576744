"""Synthetic finished orders of a known law: the samples calibration is tested on, and the file of the examples.

Orders come in symbol-days that share part of their noise; sizes, volatility, tails and correlation can be chosen, so
that an interval can be asked to cover under other conditions than the easy ones.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.impact_fit import Orders

TRUE = {
    "gamma": 0.314, "eta": 0.142, "alpha": 1.0, "delta": 0.25, "beta": 0.6, "prefactor": 1.0, "exponent": 0.5,
}  # fmt: skip


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What a sample is like.

    days: symbol-days the orders are dealt to at random. shared: part of the noise's variance all of a day have in
    common. tails: degrees of freedom of Student's t, 0 for normal noise. restless: standard deviation of the logarithm
    of a day's volatility over the one known the evening before. sizes: law of Q/V of the square-root samples.
    """

    name: str
    n: int = 2_000
    days: int = 500
    shared: float = 0.2
    tails: int = 0
    restless: float = 0.0
    sizes: str = "log-uniform"
    prefactor: float = 1.0
    exponent: float = 0.5


class SizedOrders(NamedTuple):
    """Q/V, cost in daily volatilities, and the symbol-day of each order; shapes (n,)."""

    size: FloatArray
    cost: FloatArray
    cluster: IntArray


def square_root_sample(shape: Shape, rng: np.random.Generator) -> SizedOrders:
    """Orders at a tenth of the volume that cost Y q^δ on average: q log-uniform on [1e-4, 0.1], or log-normal about
    0.5 % (log-SD 1.2, within 1e-5 and 0.3).
    """
    cluster = _days(shape, rng)
    if shape.sizes == "log-uniform":
        size = np.exp(rng.uniform(np.log(1e-4), np.log(0.1), shape.n))
    else:
        size = np.clip(0.005 * np.exp(1.2 * rng.standard_normal(shape.n)), 1e-5, 0.3)
    noise = np.sqrt(size / 0.1) * _noise(shape, cluster, rng)
    return SizedOrders(size, shape.prefactor * size**shape.exponent + noise, cluster)


def almgren_sample(shape: Shape, rng: np.random.Generator) -> tuple[Orders, IntArray]:
    """Orders as T-IMP-2 makes them, with noise that symbol-days share; shapes (n,)."""
    cluster, n = _days(shape, rng), shape.n
    size = np.clip(0.02 * np.exp(rng.standard_normal(n)), 0.0025, 0.25)
    duration = np.clip(0.08 * np.exp(0.9 * rng.standard_normal(n)), 0.005, 1.0)
    turnover = 200.0 * np.exp(0.6 * rng.standard_normal(n))
    post = duration + 1 / 13
    xi, chi = _noise(shape, cluster, rng), _noise(shape, cluster, rng)
    permanent = TRUE["gamma"] * size * turnover ** TRUE["delta"] + np.sqrt(post) * xi
    own = np.sqrt(duration / 12 * (4 - 3 * duration / post)) * chi - (post - duration) / (2 * np.sqrt(post)) * xi
    cost = permanent / 2 + TRUE["eta"] * (size / duration) ** TRUE["beta"] + own
    orders = Orders(size=size, duration=duration, post=post, turnover=turnover, permanent=permanent, cost=cost)
    return orders, cluster


def _days(shape: Shape, rng: np.random.Generator) -> IntArray:
    _, found = np.unique(rng.integers(0, shape.days, shape.n), return_inverse=True)
    return np.sort(found).astype(np.int64)


def _noise(shape: Shape, cluster: IntArray, rng: np.random.Generator) -> FloatArray:
    """Of variance one where the day's volatility is as expected, shape (n,)."""
    days = int(cluster.max()) + 1
    common, own = rng.standard_normal(days)[cluster], rng.standard_normal(cluster.size)
    drawn = np.sqrt(shape.shared) * common + np.sqrt(1.0 - shape.shared) * own
    if shape.tails:
        drawn = drawn / np.sqrt(rng.chisquare(shape.tails, cluster.size) / (shape.tails - 2))
    return np.asarray(drawn * np.exp(shape.restless * rng.standard_normal(days))[cluster], dtype=np.float64)


COLUMNS = (
    "parent_id", "symbol", "date", "side", "quantity", "arrival_px", "average_px", "adv", "sigma_daily",
    "duration_days", "post_days", "post_px", "shares_outstanding", "strategy", "day_part",
)  # fmt: skip


def write_example(path: Path, orders: int = 900, seed: int = 20_260_105) -> None:
    """A file of finished orders for the examples: the Almgren form with the published figures, thirty made-up names."""
    rng = np.random.default_rng(seed)
    sample, _ = almgren_sample(Shape(name="example", n=orders, days=150), rng)
    names = [f"XX{number:02}" for number in range(30)]
    dates = [f"2026-01-{day:02}" for day in (5, 6, 7, 8, 9)]
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out)
        rows.writerow(COLUMNS)
        for at in range(orders):
            place = at * 150 // orders
            rows.writerow(_example_row(sample, at, names[place % 30], dates[place // 30], rng))


def _example_row(sample: Orders, at: int, symbol: str, date: str, rng: np.random.Generator) -> list[object]:
    number = int(symbol[2:])
    adv, sigma, arrival = 4e5 * 1.2**number, 0.012 + 0.0005 * number, 20.0 + 5 * number
    side = 1 if rng.random() < 0.5 else -1
    average = arrival * (1 + side * sigma * float(sample.cost[at]))
    post = arrival * (1 + side * sigma * float(sample.permanent[at]))
    return [
        f"P{at:05}", symbol, date, side, round(float(sample.size[at]) * adv), f"{arrival:.2f}", f"{average:.6f}",
        round(adv), f"{sigma:.4f}", f"{sample.duration[at]:.6f}", f"{sample.post[at]:.6f}", f"{post:.6f}",
        round(float(sample.turnover[at]) * adv), "POV", f"{rng.random():.4f}",
    ]  # fmt: skip


if __name__ == "__main__":
    write_example(Path(sys.argv[1] if len(sys.argv) > 1 else "examples/finished_orders.csv"))
