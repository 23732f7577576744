"""What an order costs in the simulated market against its size: paired sessions, a fitted power law, a plot.

Each seed is run once without us and once for every size with an order of ours: equal slices every few seconds,
half to each lit venue, immediate or cancel a few ticks through the ask, at a constant participation, so that a
larger order takes longer. Both runs share every draw of the background. Per run:

* impact: mid at completion less the mid of the paired run without us;
* cost: average price paid less the average mid, over the slices, of the paired run.

Both are in daily volatilities, I/sigma. Y (Q/V)^delta is fitted to the means over seeds by relative least
squares, after Sato and Kanazawa (2025); the interval is a bootstrap over seeds. The claim is that the market is
concave: the upper end of the 95 % interval of delta is below 1. Exit 1 if it is not.

Run: python tools/impact_study.py --symbol IBM --seeds 24 --out out/impact
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.instrument import Instrument, known, tick_at
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session, Tape
from sottovoce.core.route_events import ChildRouted
from sottovoce.models.arrays import FloatArray, IntArray

START_DATE = "2026-11-30"
SIZES = "0.002,0.005,0.01,0.02,0.05,0.1,0.2"
THROUGH_TICKS = 5
FIRST_SLICE = 0.05
"""Slices begin when this part of the first session has passed, so that the longest fits into the sessions."""

BOOTSTRAPS = 1000
SECOND_NS = 1_000_000_000


class Law(NamedTuple):
    """Y (Q/V)^delta with 95 % intervals."""

    prefactor: float
    exponent: float
    prefactor_low: float
    prefactor_high: float
    exponent_low: float
    exponent_high: float


class Order(NamedTuple):
    """One parent of the study: shares, and the times of its slices."""

    qty: int
    times_ns: list[int]


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """One name under study. Sizes are Q/V, shape (n,)."""

    instrument: Instrument
    sessions: tuple[Session, ...]
    sizes: tuple[float, ...]
    participation: float
    step_s: float

    @property
    def sigma(self) -> float:
        """Daily volatility."""
        return known(self.instrument.sigma_daily) or 0.0

    def order(self, size: float) -> Order:
        """The parent of a size: its slices run over as much of a day's volume as its participation needs."""
        length_ns = self.sessions[0].close_ns - self.sessions[0].open_ns
        slices = max(1, round(size / self.participation * length_ns / SECOND_NS / self.step_s))
        starts = FIRST_SLICE * length_ns + np.arange(slices) * self.step_s * SECOND_NS
        days, within = np.divmod(starts.astype(np.int64), length_ns - int(self.step_s * SECOND_NS))
        times = [self.sessions[day].open_ns + SECOND_NS + int(at) for day, at in zip(days, within, strict=True)]
        return Order(qty=int(size * (known(self.instrument.adv) or 0.0)), times_ns=times)


def run_seed(study: Study, seed: int) -> tuple[FloatArray, FloatArray]:
    """Impact and cost of every size under one seed, in daily volatilities, shapes (n,)."""
    alone = SimulatedMarket([study.instrument], study.sessions, seed)
    orders = [study.order(size) for size in study.sizes]
    alone.advance(max(order.times_ns[-1] for order in orders) + SECOND_NS)
    tape = alone.tape(study.instrument.instrument_id)
    measured = [run_order(study, seed, order, tape) for order in orders]
    return np.array([impact for impact, _ in measured]), np.array([cost for _, cost in measured])


def run_order(study: Study, seed: int, order: Order, alone: Tape) -> tuple[float, float]:
    """Impact and cost of one order against the paired tape."""
    name = study.instrument.instrument_id
    market = SimulatedMarket([study.instrument], study.sessions, seed)
    slices, filled, paid = len(order.times_ns), 0, 0
    for number, at_ns in enumerate([*order.times_ns, order.times_ns[-1] + SECOND_NS], start=1):
        for report in reports(market, at_ns):
            filled += report.last_qty
            paid += report.last_qty * report.last_px
        if number <= slices:
            due = order.qty * number // slices - filled
            ask = market.states()[name].ask
            limit = ask + THROUGH_TICKS * tick_at(study.instrument, ask, study.sessions[0].date)
            for venue, qty in (("SIMA", due - due // 2), ("SIMB", due // 2)):
                if qty > 0:
                    market.send(slice_order(name, f"{venue}{number}", venue, qty, limit, at_ns), at_ns)
    if not filled:
        raise SystemExit(f"an order of {order.qty} shares traded nothing: the name is too thin for this study")
    times = np.array(order.times_ns)
    scale = study.sigma * mids(alone, times[:1])[0]
    end = times[-1:] + SECOND_NS
    impact = mids(market.tape(name), end)[0] - mids(alone, end)[0]
    return float(impact / scale), float((paid / filled - mids(alone, times).mean()) / scale)


def reports(market: SimulatedMarket, until_ns: int) -> list[ExecutionReport]:
    """All executions of ours up to a time."""
    found: list[ExecutionReport] = []
    while news := market.advance(until_ns):
        found += [message for _, message in news if isinstance(message, ExecutionReport)]
    return found


def slice_order(name: str, cl_ord_id: str, venue: str, qty: int, px: int, at_ns: int) -> ChildRouted:
    """One slice, straight to its venue."""
    route = Route(
        cl_ord_id=cl_ord_id,
        route_id=cl_ord_id,
        child_id=cl_ord_id,
        parent_id="STUDY",
        venue=venue,
        instrument_id=name,
        side=Side.BUY,
        qty=qty,
        ord_type=OrdType.LIMIT,
        price=px,
        time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL,
        min_qty=0,
        sent_ns=at_ns,
    )
    return ChildRouted(parent_id="STUDY", ts_ns=at_ns, route=route, decision_id="STUDY")


def mids(tape: Tape, times_ns: IntArray) -> FloatArray:
    """Mid in units at each time, shape (n,)."""
    at = np.searchsorted(np.asarray(tape.quote_ns), times_ns, side="right") - 1
    both: FloatArray = (np.asarray(tape.bid)[at] + np.asarray(tape.ask)[at]) / 2
    return both


def fit(sizes: FloatArray, means: FloatArray) -> tuple[float, float]:
    """Prefactor and exponent that minimise the sum of squared relative errors (Y q^delta / mean - 1)^2.

    For a given exponent the best prefactor is a ratio of sums; the exponent is searched on a grid of 0.0005.
    """
    exponents = np.arange(0.0, 2.0, 0.0005)
    shape = sizes[None, :] ** exponents[:, None] / means[None, :]
    prefactors = shape.sum(axis=1) / (shape**2).sum(axis=1)
    errors = ((prefactors[:, None] * shape - 1.0) ** 2).sum(axis=1)
    best = int(errors.argmin())
    return float(prefactors[best]), float(exponents[best])


def fit_law(sizes: FloatArray, values: FloatArray) -> Law:
    """The law of the means over seeds with percentile intervals; values has shape (seeds, sizes)."""
    prefactor, exponent = fit(sizes, values.mean(axis=0))
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(values), (BOOTSTRAPS, len(values)))
    fits = np.array([fit(sizes, values[draw].mean(axis=0)) for draw in draws])
    (y_low, d_low), (y_high, d_high) = np.percentile(fits, [2.5, 97.5], axis=0)
    return Law(prefactor, exponent, float(y_low), float(y_high), float(d_low), float(d_high))


def table(study: Study, columns: dict[str, FloatArray]) -> list[dict[str, float | str]]:
    """One row a measure and size: mean and standard error over seeds, in daily volatilities and in bps."""
    bps = study.sigma * 1e4
    return [
        {
            "measure": measure,
            "size": size,
            "sigmas": float(values[:, at].mean()),
            "low": float(values[:, at].mean() - 1.96 * error(values[:, at])),
            "high": float(values[:, at].mean() + 1.96 * error(values[:, at])),
            "bps": float(values[:, at].mean() * bps),
            "error_bps": float(error(values[:, at]) * bps),
        }
        for measure, values in columns.items()
        for at, size in enumerate(study.sizes)
    ]


def error(values: FloatArray) -> float:
    """Standard error of a mean."""
    return float(values.std(ddof=1) / len(values) ** 0.5)


def draw(rows: list[dict[str, float | str]], laws: dict[str, Law], title: str, out: Path) -> list[Path]:
    """The plot, as SVG and PNG: measured means with 95 % intervals, and the fitted laws."""
    import altair as alt

    sizes = np.geomspace(min(float(row["size"]) for row in rows), max(float(row["size"]) for row in rows), 50)
    lines = [
        {"measure": measure, "size": float(size), "sigmas": law.prefactor * float(size) ** law.exponent}
        for measure, law in laws.items()
        for size in sizes
    ]
    across = alt.X(
        "size:Q", scale=alt.Scale(type="log"), title="order size, part of a day's volume", axis=alt.Axis(format="%")
    )
    up = alt.Y("sigmas:Q", scale=alt.Scale(type="log"), title="price move, daily volatilities")
    colour = alt.Color("measure:N", title=None)
    points = alt.Chart({"values": rows}).mark_point(filled=True, size=60).encode(x=across, y=up, color=colour)
    bars = alt.Chart({"values": rows}).mark_rule().encode(x=across, y="low:Q", y2="high:Q", color=colour)
    laws_drawn = alt.Chart({"values": lines}).mark_line().encode(x=across, y=up, color=colour)
    chart = (laws_drawn + bars + points).properties(width=560, height=360, title=title)
    paths = [out / "impact.svg", out / "impact.png"]
    for path in paths:
        chart.save(path)
    return paths


def main(words: list[str] | None = None) -> int:
    """Run the study; returns 0 when the market is concave, 1 when it is not, 2 when it cannot be studied."""
    options = arguments(words)
    instrument = load_shipped().resolve(options.symbol)
    sizes = tuple(float(size) for size in options.sizes.split(","))
    if instrument is None or len(sizes) < 2 or options.seeds < 2:
        print("The study needs a known symbol, two sizes and two seeds at least.", file=sys.stderr)
        return 2
    days = 2 + int(max(sizes) / options.participation)
    study = Study(
        instrument=instrument,
        sessions=load_calendar("XNYS").sessions(START_DATE, days),
        sizes=sizes,
        participation=options.participation,
        step_s=options.step,
    )
    runs = []
    for seed in range(options.seeds):
        runs.append(run_seed(study, seed))
        print(f"seed {seed + 1} of {options.seeds}", file=sys.stderr)
    columns = {"impact": np.array([run[0] for run in runs]), "cost": np.array([run[1] for run in runs])}
    return report(study, columns, options.out)


def report(study: Study, columns: dict[str, FloatArray], out: Path) -> int:
    """Fit, print, draw and write."""
    out.mkdir(parents=True, exist_ok=True)
    laws = {measure: fit_law(np.array(study.sizes), values) for measure, values in columns.items()}
    rows = table(study, columns)
    print("measure     Q/V      I/sigma       bps    ± bps")
    for row in rows:
        print(
            f"{row['measure']:<8}{row['size']:>8.2%}{row['sigmas']:>11.4f}{row['bps']:>10.2f}{row['error_bps']:>9.2f}"
        )
    for measure, law in laws.items():
        print(
            f"{measure}: delta {law.exponent:.3f} [{law.exponent_low:.3f}, {law.exponent_high:.3f}], "
            f"Y {law.prefactor:.3f} [{law.prefactor_low:.3f}, {law.prefactor_high:.3f}]"
        )
    symbol = study.instrument.symbol
    title = f"{symbol}, {len(columns['cost'])} paired sessions, {study.participation:.0%} participation"
    paths = draw(rows, laws, title, out)
    figures = {"symbol": symbol, "rows": rows, "laws": {measure: law._asdict() for measure, law in laws.items()}}
    (out / "impact.json").write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    print("written:", *(str(path) for path in [*paths, out / "impact.json"]))
    return 0 if all(law.exponent_high < 1.0 for law in laws.values()) else 1


def arguments(words: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Cost against size in the simulated market.")
    parser.add_argument("--symbol", default="IBM")
    parser.add_argument("--sizes", default=SIZES, help="parts of a day's volume, separated by commas")
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--participation", type=float, default=0.1, help="our part of the volume while trading")
    parser.add_argument("--step", type=float, default=10.0, help="seconds between slices")
    parser.add_argument("--out", type=Path, default=Path("out/impact"))
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
