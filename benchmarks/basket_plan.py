"""A list's schedule under sector, beta, cash and participation limits: seconds against names, 39 buckets each.

For each size, in a process of its own: seconds of wall and of processor time from the list's figures to a schedule that
is proven (limits, program, optimiser, residuals; no reading of files), over repeats on different lists; the largest KKT
residual, measured from the lists themselves; how many limits bind; and the most memory the process held. Limits are set
inside what each list's schedule would come to without them, so that all four kinds have work to do. Targets: 200 names
2 s, 2,000 names 60 s, residual 1e-6. `python -m benchmarks.basket_plan 50 200` takes those sizes;
`--plot FILE` draws them.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

import numpy as np
from msgspec.structs import replace

from benchmarks.basket_day import peak_mb, row
from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec
from sottovoce.analytics.reports.picture_file import picture
from sottovoce.models.schedule_constrained import constrained_schedule
from sottovoce.models.schedule_constrained_binding import binding_limits
from sottovoce.models.schedule_constrained_list import ListedName, ListMarket, listed_basket
from sottovoce.models.schedule_constrained_problem import BasketLimits, ConstrainedBasket
from sottovoce.models.schedule_constrained_reason import InfeasibleSchedule
from sottovoce.models.session_buckets import session_buckets
from sottovoce.models.volume import US_EQUITY

SIZES = (50, 100, 200, 500, 1000, 2000)
BUCKETS, SECTORS = 39, 11
REPEATS = 5
AVERSION = 1e-6
PARTICIPATION = 0.10
TARGETS = {200: 2.0, 2000: 60.0}
KINDS = ("participation", "cash", "beta", "sector")


class Solved(NamedTuple):
    """One list: seconds by the clock and of the processor, its residual, limits that bind by kind, MB so far."""

    wall: float
    processor: float
    residual: float
    binding: dict[str, int]
    peak_mb: float


def main(*sizes: int, plot: Path | None = None) -> None:
    """Print the table, and draw it."""
    measured = {size: alone(size) for size in sizes or SIZES}
    for size, runs in measured.items():
        wall = sorted(each.wall for each in runs)
        spread = f"({wall[0]:.3g} to {wall[-1]:.3g}, {len(runs)} lists)"
        row(f"basket_plan_{size}_names_wall", wall[len(wall) // 2], f"s {spread}")
        row(f"basket_plan_{size}_names_processor", sorted(each.processor for each in runs)[len(runs) // 2], "s")
        row(f"basket_plan_{size}_names_kkt_residual", max(each.residual for each in runs), "of 1e-6 (largest)")
        kinds = {kind: min(each.binding.get(kind, 0) for each in runs) for kind in KINDS}
        row(f"basket_plan_{size}_names_memory", max(each.peak_mb for each in runs), f"MB (binding at least {kinds})")
    if plot is not None:
        plot.write_bytes(drawn(measured, plot.suffix))


def alone(size: int) -> list[Solved]:
    """The repeats of a size in a process of their own, so that its memory is of them alone."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(solve, size, REPEATS if size < 1000 else 3).result()


def solve(size: int, repeats: int) -> list[Solved]:
    """Schedule some lists of a size, after one small list that loads the libraries."""
    constrained_schedule(made(10, 0), BasketLimits(), AVERSION)
    found = []
    for seed in range(1, repeats + 1):
        basket = made(size, seed)
        limits = inside(basket)
        wall, processor = perf_counter(), process_time()
        schedule = constrained_schedule(basket, limits, AVERSION)
        wall, processor = perf_counter() - wall, process_time() - processor
        kinds = [each.kind for each in binding_limits(basket, schedule)]
        counted = {kind: kinds.count(kind) for kind in kinds}
        found.append(Solved(wall, processor, schedule.residuals.worst, counted, peak_mb()))
    return found


def made(size: int, seed: int) -> ConstrainedBasket:
    """A seeded list: 0.2 to 4 % of ADV of each name, purchases worth as much as sales, eleven sectors."""
    dice = np.random.default_rng((size, seed))
    prices, adv = np.exp(dice.normal(4.0, 0.6, size)), np.exp(dice.normal(14.7, 0.9, size))
    sigma, betas = np.exp(dice.normal(-4.3, 0.3, size)), dice.normal(1.0, 0.3, size)
    part = dice.uniform(0.002, 0.04, size) * dice.choice([-1.0, 1.0], size)
    worth = part * adv * prices
    sales, purchases = worth[part > 0].sum(), -worth[part < 0].sum()
    part *= np.where(part > 0, min(1.0, purchases / sales), min(1.0, sales / purchases))
    sectors = dice.integers(0, SECTORS, size)
    names = [
        ListedName(
            symbol=f"N{place}", quantity=float(np.rint(adv[place] * part[place])), price=float(prices[place]),
            adv=float(adv[place]), sigma_daily=float(sigma[place]), spread_bps=3.0, beta=float(betas[place]),
            sector=f"S{sectors[place]:02d}",
        )
        for place in range(size)
    ]  # fmt: skip
    cut = session_buckets(US_EQUITY, 1.0, BUCKETS)
    market = ListMarket(volume_days=cut.volume_days, participation=PARTICIPATION, continuous=US_EQUITY.continuous,
                        buckets=cut.labels)  # fmt: skip
    return listed_basket(names, market)


def inside(basket: ConstrainedBasket) -> BasketLimits:
    """Limits a little inside what the list comes to without them, or just above the least that can be kept."""
    free = constrained_schedule(basket, BasketLimits(), AVERSION).holdings[1:-1]
    worth = free * basket.prices
    sectors = np.array(basket.sectors)
    by_sector = [np.abs(worth[:, sectors == each].sum(axis=1)).max() for each in sorted(set(basket.sectors))]
    raised = np.abs(basket.quantities @ basket.prices - worth.sum(axis=1)).max()
    net = abs(float(basket.quantities @ basket.prices))
    limits = BasketLimits(
        cash_max=max(0.5 * float(raised), 1.001 * net),
        beta_max=0.95 * float(np.abs(worth @ basket.betas).max()),
        sector_max=0.95 * float(max(by_sector)),
    )
    while True:
        try:
            constrained_schedule(basket, limits, AVERSION)
        except InfeasibleSchedule as short:
            needed = {f"{each.kind}_max": 1.001 * each.needed for each in reversed(short.shortages)}
            limits = replace(limits, **needed)
        else:
            return limits


def drawn(measured: dict[int, list[Solved]], suffix: str) -> bytes:
    """Processor seconds, which a busy machine does not stretch, against names, with the targets; residuals below.

    The optimiser runs in one thread, so on a free machine they are the seconds by the clock.
    """
    runs: list[Row] = [
        {"names": size, "seconds": each.processor, "residual": each.residual, "what": "one list"}
        for size, lists in measured.items()
        for each in lists
    ]
    targets: list[Row] = [{"names": size, "seconds": most, "what": "target"} for size, most in TARGETS.items()]
    upper = _panel([*runs, *targets], "seconds", "seconds of one processor", 240)
    lower = _panel([*runs, *({"names": size, "residual": 1e-6, "what": "target"} for size in measured)],
                   "residual", "KKT residual", 150)  # fmt: skip
    title = {
        "text": f"A list's schedule under sector, beta, cash and participation limits, {BUCKETS} buckets",
        "subtitle": f"each point a list of its own; memory {_memory(measured)}",
    }
    return picture({"title": title, "spacing": 14, "vconcat": [upper, lower]}, suffix, "Seconds against names")


def _memory(measured: dict[int, list[Solved]]) -> str:
    sizes = sorted(measured)
    most = {size: max(each.peak_mb for each in measured[size]) for size in (sizes[0], sizes[-1])}
    ends = [f"{held:.0f} MB at {size:,} names" for size, held in most.items()]
    return ", ".join(ends)


def _panel(rows: list[Row], field: str, title: str, height: int) -> Spec:
    scale = {"domain": ["one list", "target"], "range": [INKS["buy"], INKS["cost"]]}
    shape = {"domain": ["one list", "target"], "range": ["circle", "triangle-down"]}
    names = {"field": "names", "type": "quantitative", "scale": {"type": "log", "domain": [40, 2500]},
             "axis": {"values": list(SIZES), "title": "names", "grid": False}}  # fmt: skip
    axis = {"values": [10.0**power for power in range(-11, 3)], "format": "~r" if field == "seconds" else "~e"}
    up = {"field": field, "type": "quantitative", "scale": {"type": "log"}, "title": title, "axis": axis}
    kind = {"field": "what", "type": "nominal", "legend": {"orient": "top", "title": None}}
    return {
        "width": 620,
        "height": height,
        "data": {"values": rows},
        "mark": {"type": "point", "filled": True, "size": 70, "opacity": 0.8},
        "encoding": {"x": names, "y": up, "color": {**kind, "scale": scale}, "shape": {**kind, "scale": shape}},
    }


def _sizes(words: Sequence[str]) -> tuple[int, ...]:
    return tuple(int(word) for word in words if word.isdigit())


if __name__ == "__main__":
    target = Path(sys.argv[sys.argv.index("--plot") + 1]) if "--plot" in sys.argv else None
    main(*_sizes(sys.argv[1:]), plot=target)
