"""T-SCH-6 and 7: several assets, free and constrained."""

from __future__ import annotations

from collections.abc import Iterator

from tools.figure_row import Row, near
from tools.planning_rows.asking import ask

TWO = (
    "schedule spectral --covariance '0.9,0.6;0.6,1.6' --gamma 2.5e-7,6.25e-8 --eta 2.5e-6,6.25e-7 "
    "--epsilon 0.0625,0.0625 --horizon-days 5 --periods 5 --risk-aversion 1e-6"
)
TABLE = (
    ("1e6,1e6", (537_334.4, 85_073.4), (299_782.4, -57_612.3), 1_930_520.09),
    ("1e6,-5e5", (593_092.6, -265_569.5), (343_844.8, -147_443.3), 1_262_564.21),
    ("1e6,0", (574_506.5, -148_688.5), (329_157.3, -117_499.6), 1_216_633.13),
)


def rows() -> Iterator[Row]:
    """The closed form."""
    for quantities, first, second, utility in TABLE:
        found = ask(f"{TWO} --quantities {quantities}")
        for period, expected in ((1, first), (2, second)):
            for asset in (0, 1):
                got = found[f"asset_{asset + 1}"][period]
                yield near("T-SCH-6", f"({quantities}): x_{period} of asset {asset + 1}", got, expected[asset], 0.1, 1)
        yield near("T-SCH-6", f"({quantities}): U", found["utility"], utility, 0.01, 2)
    for got, expected_kappa in zip(found["kappas_per_day"], (0.517197, 1.522120), strict=True):
        yield near("T-SCH-6", "kappa a day", got, expected_kappa, 1e-6, 6)
