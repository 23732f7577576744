"""T-SCH-6 and 7: several assets, free and constrained."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from tools.figure_row import Row, near, within
from tools.planning_rows.asking import ask

TWO = (
    "schedule spectral --covariance '0.9,0.6;0.6,1.6' --gamma 2.5e-7,6.25e-8 --eta 2.5e-6,6.25e-7 "
    "--epsilon 0.0625,0.0625 --horizon-days 5 --periods 5 --risk-aversion 1e-6"
)
LIST = (
    "schedule basket examples/list_to_schedule.csv --risk-aversion-per-dollar 3e-7 --participation-max 0.1 "
    "--cash-imbalance-max-usd 1.2e7 --beta-max-usd 2e6 --sector-max-usd 1.9e7"
)
TABLE = (
    ("1e6,1e6", (537_334.4, 85_073.4), (299_782.4, -57_612.3), 1_930_520.09),
    ("1e6,-5e5", (593_092.6, -265_569.5), (343_844.8, -147_443.3), 1_262_564.21),
    ("1e6,0", (574_506.5, -148_688.5), (329_157.3, -117_499.6), 1_216_633.13),
)


def rows() -> Iterator[Row]:
    """The closed form, and the optimiser under limits."""
    yield from _one_way()
    yield from _list()
    for quantities, first, second, utility in TABLE:
        found = ask(f"{TWO} --quantities {quantities}")
        for period, expected in ((1, first), (2, second)):
            for asset in (0, 1):
                got = found[f"asset_{asset + 1}"][period]
                yield near("T-SCH-6", f"({quantities}): x_{period} of asset {asset + 1}", got, expected[asset], 0.1, 1)
        yield near("T-SCH-6", f"({quantities}): U", found["utility"], utility, 0.01, 2)
    for got, expected_kappa in zip(found["kappas_per_day"], (0.517197, 1.522120), strict=True):
        yield near("T-SCH-6", "kappa a day", got, expected_kappa, 1e-6, 6)


def _one_way() -> Iterator[Row]:
    """T-SCH-7: no sign change, no holding above the one before, and never cheaper than the free schedule."""
    for quantities, *_ in TABLE:
        found = ask(f"{TWO} --quantities {quantities} --one-way")
        above = found["utility"] / found["utility_unconstrained"] - 1.0
        yield within("T-SCH-7", f"({quantities}): U over the unconstrained U, less 1", above, -1e-9, None, 6)
        paths = [found[name] for name in ("asset_1", "asset_2")]
        least = min(each * (1 if path[0] >= 0 else -1) for path in paths for each in path)
        yield within("T-SCH-7", f"({quantities}): least holding in the order's direction", least, -0.1, None, 3)
        rise = max((b - a) * (1 if path[0] >= 0 else -1) for path in paths for a, b in pairwise(path))
        yield within("T-SCH-7", f"({quantities}): largest rise of a holding", rise, None, 0.1, 3)
        yield within("T-SCH-7", f"({quantities}): KKT residual, millionths", 1e6 * found["kkt_residual"], None, 1.0, 6)


def _list() -> Iterator[Row]:
    """T-SCH-7 on a list of 42 names under sector, beta, cash and participation limits."""
    found = ask(LIST)
    yield within("T-SCH-7", "42 names: KKT residual, millionths", 1e6 * found["kkt_residual"], None, 1.0, 6)
    for kind in ("cash", "beta", "sector"):
        sums = [each for each in found["sums"] if each["kind"] == kind]
        left = [(each, x) for each in sums for x in each["left"][1:-1]]
        beyond = max(max(x - each["high"], each["low"] - x) / each["limit"] for each, x in left)
        yield within("T-SCH-7", f"42 names: {kind} beyond its limit, part of it", beyond, None, 1e-6, 6)
