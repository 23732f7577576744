"""T-IMP-1, 3, 4, 5 and 12: Almgren et al., I-Star, the square root, and order-flow imbalance."""

from __future__ import annotations

from collections.abc import Iterator

from tools.figure_row import Row, exact, near
from tools.planning_rows.asking import ask

IBM = "impact almgren2005 --adv 6.561e6 --shares-outstanding 1.728e9 --sigma-daily 0.0157 --quantity 656100"
ALMGREN = ((0.1, 22.294, 32.224, "22 / 32"), (0.2, 14.709, 24.638, "15 / 25"), (0.5, 8.488, 18.418, "8 / 18"))
ISTAR = (
    (0.10, 0.25, 0.10, 74.5711, 23.1098, 1.4914, 24.6013),
    (0.10, 0.25, 0.20, 74.5711, 32.6822, 1.4914, 34.1737),
    (0.05, 0.30, 0.10, 57.9726, 17.9659, 1.1595, 19.1254),
    (0.20, 0.40, 0.30, 152.4272, 81.8180, 3.0485, 84.8666),
    (0.10, 0.25, 1.00, 74.5711, 73.0797, 1.4914, 74.5711),
)
ISTAR_PARTS = ("instantaneous_bps", "temporary_bps", "permanent_bps", "cost_bps")
SQRT = (("0.01", 1.0, 20.000), ("0.1", 1.0, 63.246), ("0.01", 0.842, 16.840))
QUOTES = (("100x15/101x10", 5), ("101x5/102x8", 15), ("99x20/101x10", -10), ("100x10/101x4", 6))


def rows() -> Iterator[Row]:
    """Closed forms."""
    yield from _almgren()
    for size, sigma, pov, *expected in ISTAR:
        found = ask(f"impact istar --size {size} --sigma-annual {sigma} --pov {pov}")
        for part, figure in zip(ISTAR_PARTS, expected, strict=True):
            yield near("T-IMP-3", f"I-Star {size}, {sigma}, {pov}: {part}", found[part], figure, 0.001, 4)
    for pov, risk in ((0.1, 86.6025), (0.2, 57.7350)):
        found = ask(f"impact istar --size 0.1 --sigma-annual 0.25 --pov {pov}")
        yield near("T-IMP-3", f"I-Star timing risk at {pov}, bp", found["timing_risk_bps"], risk, 0.001, 4)
    for part_of_day, factor, peak in SQRT:
        found = ask(f"impact sqrt --size {part_of_day} --sigma-daily 0.02 --prefactor {factor}")
        yield near("T-IMP-4", f"peak of {part_of_day} of a day, Y = {factor}, bp", found["peak_bps"], peak, 0.001)
    one, two = (ask(f"impact sqrt --size {size} --sigma-daily 0.02")["peak_bps"] for size in (0.01, 0.02))
    yield near("T-IMP-5", "I(2Q)/I(Q)", two / one, 2**0.5, 1e-12, 12)
    outside = ask("impact sqrt --size 5 --sigma-daily 0.02")["extrapolated"]
    yield exact("T-IMP-5", "five days' volume is said to be outside what was calibrated", outside, True)
    for quote, expected_event in QUOTES:
        found = ask(f"impact order-flow-imbalance 100x10/101x10 {quote}")
        yield exact("T-IMP-12", f"imbalance of {quote} after 100x10/101x10", int(found["imbalance"]), expected_event)


def _almgren() -> Iterator[Row]:
    for duration, temporary, cost, paper in ALMGREN:
        found = ask(f"{IBM} --duration-volume-days {duration}")
        yield near("T-IMP-1", f"IBM over {duration} days: temporary, bp", found["temporary_bps"], temporary, 0.001)
        yield near("T-IMP-1", f"IBM over {duration} days: cost, bp", found["cost_bps"], cost, 0.001)
        rounded = f"{found['temporary_bps']:.0f} / {found['cost_bps']:.0f}"
        yield exact("T-IMP-1", f"IBM over {duration} days: the paper's, bp", rounded, paper)
    yield near("T-IMP-1", "IBM: permanent, bp", found["permanent_bps"], 19.860, 0.001)
