"""The order against the clock: the schedule and what filled, and the price with our fills in it.

The horizontal axis is trading time: nights are cut out, and each day is labelled where it starts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

import msgspec
import numpy as np

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed, number, svg
from sottovoce.analytics.reports.exchange_time import zone_of
from sottovoce.analytics.reports.figures import price, shares
from sottovoce.analytics.reports.tca_charts import WIDTH
from sottovoce.analytics.reports.tca_report import fills_shown
from sottovoce.analytics.tca.columns import KINDS
from sottovoce.analytics.tca.market_tape import MarketTape
from sottovoce.analytics.tca.measure import OrderTca
from sottovoce.core.units import NS_PER_SECOND

DOTS_MAX, LINE_MAX = 600, 800
TICKS_MAX = 9
STEPS_S = (60, 300, 600, 900, 1800, 3600, 7200)
SHAPES = {"lit": "circle", "dark": "diamond", "auction": "triangle-up"}


class TradingAxis(msgspec.Struct, frozen=True, kw_only=True):
    """Sessions laid end to end: starts and ends in nanoseconds, offsets in seconds of each from the left."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    offsets: tuple[float, ...]
    zone: tzinfo

    def place(self, ns: int) -> float:
        """Seconds of trading time from the left edge."""
        index = max(bisect_right(self.starts, ns) - 1, 0)
        inside = min(max(ns, self.starts[index]), self.ends[index]) - self.starts[index]
        return round(self.offsets[index] + inside / NS_PER_SECOND, 3)

    @property
    def width(self) -> float:
        """Seconds of trading time in all."""
        return self.offsets[-1] + (self.ends[-1] - self.starts[-1]) / NS_PER_SECOND


def axis_of(each: OrderTca, tape: MarketTape | None) -> TradingAxis:
    """The days the order lived through: the tape's sessions, or each day from its first moment known to its last."""
    zone = zone_of(each.order.calendar)
    start, end = each.window.start_ns, each.window.end_ns
    planned = () if each.progress is None else each.progress.ts_ns
    start, end = min([start, *planned]), max([end, *planned])
    points = []
    for first, last in tape.sessions if tape is not None else ():
        points += [max(first, start), min(last, end)] if last >= start and first <= end else []
    if not points:
        points = [start, end, *planned, *each.fills.ts_ns[fills_shown(each.fills, LINE_MAX)].tolist()]
    days: dict[str, tuple[int, int]] = {}
    for ns in sorted(points):
        day = _local(ns, zone).date().isoformat()
        days[day] = (days[day][0] if day in days else ns, ns)
    starts, ends = zip(*days.values(), strict=True)
    lengths = [(last - first) / NS_PER_SECOND for first, last in days.values()]
    offsets = np.concatenate([[0.0], np.cumsum(lengths)[:-1]]).tolist()
    return TradingAxis(starts=starts, ends=ends, offsets=tuple(offsets), zone=zone)


def schedule_chart(name: str, each: OrderTca, axis: TradingAxis) -> str | None:
    """Cumulative shares: the plan's target dashed, what had filled solid; None without a schedule."""
    progress = each.progress
    if progress is None:
        return None
    planned = zip(progress.ts_ns, progress.wanted, strict=True)
    rows: list[Row] = [{"x": axis.place(ns), "shares": want, "line": "planned"} for ns, want in planned]
    inks = {"planned": INKS["muted"], "filled": side_ink(each)}
    encoding: Spec = {
        "x": _across(axis),
        "y": number("shares", "shares, cumulative", format=",d") | {"scale": {"zero": True}},
        "color": keyed("line", inks),
        "strokeDash": keyed("line", {"planned": [5, 4], "filled": [1, 0]}),
    }
    # Fills are steps; the plan is due evenly between its times.
    drawn: list[Spec] = [
        {"data": data(rows), "mark": {"type": "line", "strokeWidth": 2}, "encoding": encoding},
        {
            "data": data(_cumulative(each, axis)),
            "mark": {"type": "line", "strokeWidth": 2, "interpolate": "step-after"},
            "encoding": encoding,
        },
    ]
    says = f"Planned and filled shares over time; {shares(each.account.filled)} filled"
    return svg({"width": WIDTH, "height": 250, "layer": [*_midnights(axis), *drawn]}, name, says)


def price_chart(name: str, each: OrderTca, axis: TradingAxis, tape: MarketTape | None) -> str | None:
    """The mid, our fills by kind of venue, arrival and interval VWAP; None when there is no price to draw."""
    scale = each.order.price_scale
    mids = _mids(each, axis, tape)
    dots = _dots(each, axis)
    if not dots and not mids:
        return None
    across, up = _across(axis), number("px", f"price, {each.order.currency}", format=",.2f")
    layers = _midnights(axis)
    if mids:
        layers.append(
            {
                "data": data(mids),
                "mark": {"type": "line", "strokeWidth": 1.2, "color": INKS["market"]},
                "encoding": {"x": across, "y": up, "detail": {"field": "session"}},
            }
        )
    size = 34 if len(dots) <= DOTS_MAX // 3 else 16
    dot: Spec = {"type": "point", "filled": True, "size": size, "opacity": 0.7, "color": side_ink(each)}
    layers.append(
        {"data": data(dots), "mark": dot, "encoding": {"x": across, "y": up, "shape": keyed("kind", _kinds(dots))}}
    )
    layers += _levels(each, axis)
    says = f"Price and our fills; arrival {price(each.order.arrival_px, scale)}"
    return svg({"width": WIDTH, "height": 320, "layer": layers}, name, says)


def side_ink(each: OrderTca) -> str:
    """Buys blue, sells orange."""
    return INKS["buy" if each.order.side.sign > 0 else "sell"]


def _local(ns: int, zone: tzinfo) -> datetime:
    return datetime.fromtimestamp(ns // NS_PER_SECOND, UTC).astimezone(zone)


def _across(axis: TradingAxis) -> Spec:
    ticks = _ticks(axis)
    places, labels = [place for place, _ in ticks], [label for _, label in ticks]
    room = axis.width or 1.0
    opening = _local(axis.starts[0], axis.zone)
    day = f"{opening.date().isoformat()}, " if len(axis.starts) == 1 else ""
    return {
        "field": "x",
        "type": "quantitative",
        "scale": {"domain": [-0.012 * room, 1.012 * room], "nice": False},
        "axis": {
            "title": f"{day}{opening.strftime('%Z')}",
            "values": places,
            "labelExpr": f"{labels!r}[indexof({places!r}, datum.value)]",
            "labelFlush": True,
            "grid": False,
        },
    }


def _ticks(axis: TradingAxis) -> list[tuple[float, str]]:
    if len(axis.starts) > 1:
        every = -(-len(axis.starts) // TICKS_MAX)
        days = list(zip(axis.offsets, axis.starts, strict=True))[::every]
        return [(offset, _local(ns, axis.zone).date().isoformat()) for offset, ns in days]
    start, end = axis.starts[0], axis.ends[0]
    length = (end - start) // NS_PER_SECOND
    step = next((step for step in STEPS_S if length <= step * TICKS_MAX), STEPS_S[-1]) * NS_PER_SECOND
    first = -(-start // step) * step
    return [(axis.place(ns), _local(ns, axis.zone).strftime("%H:%M")) for ns in range(first, end + 1, step)]


def _midnights(axis: TradingAxis) -> list[Spec]:
    if len(axis.starts) == 1:
        return []
    rows: list[Row] = [{"x": offset} for offset in axis.offsets[1:]]
    return [
        {
            "data": data(rows),
            "mark": {"type": "rule", "color": INKS["rule"]},
            "encoding": {"x": _across(axis)},
        }
    ]


def _cumulative(each: OrderTca, axis: TradingAxis) -> list[Row]:
    done = np.cumsum(each.fills.qty)
    rows: list[Row] = [{"x": axis.place(each.window.start_ns), "shares": 0, "line": "filled"}]
    for row in fills_shown(each.fills, LINE_MAX):
        rows.append({"x": axis.place(int(each.fills.ts_ns[row])), "shares": int(done[row]), "line": "filled"})
    total = int(done[-1]) if done.size else 0
    return [*rows, {"x": axis.place(each.window.end_ns), "shares": total, "line": "filled"}]


def _mids(each: OrderTca, axis: TradingAxis, tape: MarketTape | None) -> list[Row]:
    scale = each.order.price_scale
    if tape is None:
        known = [row for row in fills_shown(each.fills, LINE_MAX) if each.fills.mid[row] > 0]
        return [_mid(axis, int(each.fills.ts_ns[row]), int(each.fills.mid[row]), scale) for row in known]
    inside = (tape.quote_ns >= axis.starts[0]) & (tape.quote_ns <= axis.ends[-1])
    ns, mid = tape.quote_ns[inside], tape.mid[inside]
    rows = np.unique(np.linspace(0, ns.size - 1, min(ns.size, LINE_MAX)).round().astype(np.int64))
    return [_mid(axis, int(ns[row]), int(mid[row]), scale) for row in rows.tolist()]


def _mid(axis: TradingAxis, ns: int, mid: int, scale: int) -> Row:
    return {"x": axis.place(ns), "px": mid / scale, "session": max(bisect_right(axis.starts, ns) - 1, 0)}


def _dots(each: OrderTca, axis: TradingAxis) -> list[Row]:
    fills, scale = each.fills, each.order.price_scale
    return [
        {
            "x": axis.place(int(fills.ts_ns[row])),
            "px": int(fills.px[row]) / scale,
            "kind": f"{fills.venues[int(fills.venue[row])][1].value} fill",
        }
        for row in fills_shown(fills, DOTS_MAX)
    ]


def _kinds(dots: Sequence[Row]) -> dict[str, object]:
    seen = {dot["kind"] for dot in dots}
    return {f"{kind.value} fill": SHAPES[kind.value] for kind in KINDS if f"{kind.value} fill" in seen}


def _levels(each: OrderTca, axis: TradingAxis) -> list[Spec]:
    """Arrival and interval VWAP as labelled horizontal lines."""
    wanted = {"arrival": [1, 0], "interval_vwap": [6, 4]}
    rows: list[Row] = [
        {"px": row.px / each.order.price_scale, "name": row.name, "label": row.label}
        for row in each.benchmarks
        if row.name in wanted and row.px is not None
    ]
    up: Spec = {"field": "px", "type": "quantitative"}
    lines: Spec = {
        "data": data(rows),
        "mark": {"type": "rule", "color": INKS["ink"], "strokeWidth": 1},
        "encoding": {"y": up, "strokeDash": keyed("name", dict(wanted), legend=False)},
    }
    # One name at each end, so that two levels close together can still be read.
    left = [row | {"x": 0} for row in rows if row["name"] == "arrival"]
    right = [row | {"x": axis.width} for row in rows if row["name"] != "arrival"]
    return [lines, *_level_names(left, "left", axis), *_level_names(right, "right", axis)]


def _level_names(rows: Sequence[Row], side: str, axis: TradingAxis) -> list[Spec]:
    """The names twice, the first as a rim of the page's colour that keeps them readable over the price."""
    mark: Spec = {"type": "text", "align": side, "baseline": "bottom", "dy": -4, "fontWeight": 600}
    rim: Spec = {"stroke": INKS["paper"], "strokeWidth": 5, "strokeJoin": "round", "color": INKS["paper"]}
    encoding: Spec = {"y": {"field": "px", "type": "quantitative"}, "x": _across(axis), "text": {"field": "label"}}
    return [{"data": data(rows), "mark": mark | ink, "encoding": encoding} for ink in (rim, {})]
