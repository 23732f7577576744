"""The pictures: paired differences with their intervals, and coverage of the cost intervals by size."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed
from tools.execution_bench.arms import ARMS, PAIRS, SIZES
from tools.execution_bench.findings import BAND, POOLED, Compared, Covered
from tools.execution_bench.report_tables import MEASURE_TITLES

WIDTH = 760
ROW_HEIGHT = 22
SHAPES = {"agents": "circle", "queues": "square", POOLED: "diamond"}
COLOURS: dict[str, object] = {"agents": INKS["buy"], "queues": INKS["sell"], POOLED: INKS["ink"]}


def difference_chart(compared: Sequence[Compared], measure: str) -> Spec:
    """One row a pair, one mark a market, its interval as a line; zero is drawn."""
    titles = {arm.name: arm.title for arm in ARMS}
    order = [f"{arm.title} − {other.title}" for arm, other in PAIRS]
    rows: list[Row] = [
        {
            "pair": f"{titles[each.arm]} − {titles[each.against]}",
            "market": each.market,
            "value": round(each.found.value, 4),
            "low": round(each.found.low, 4),
            "high": round(each.found.high, 4),
        }
        for each in compared
        if each.measure == measure
    ]
    height = ROW_HEIGHT * 3 * len(order)
    title = f"{MEASURE_TITLES[measure]}: difference, bps (left of zero the first is better)"
    across: Spec = {"field": "value", "type": "quantitative", "axis": {"title": title, "tickCount": 7}}
    return {"data": data(rows), "width": WIDTH, "height": height, "layer": _marks(rows, across, "pair", order)}


def coverage_chart(covered: Sequence[Covered]) -> Spec:
    """Coverage with two standard errors, by size and market, over the band that passes."""
    rows: list[Row] = [
        {
            "size": each.size,
            "market": each.market,
            "value": each.found.part,
            "low": each.found.part - 2 * each.found.error,
            "high": min(each.found.part + 2 * each.found.error, 1.0),
        }
        for each in covered
        if each.ends == "learned"
    ]
    order = [size.name for size in SIZES]
    axis = {"title": "part of orders inside the 80 % interval, ± 2 standard errors", "format": ".0%", "tickCount": 8}
    across: Spec = {"field": "value", "type": "quantitative", "scale": {"zero": False}, "axis": axis}
    band: Spec = {
        "data": data([{"from": 0.8 - BAND, "to": 0.8 + BAND}]),
        "mark": {"type": "rect", "color": INKS["gain"], "opacity": 0.18},
        "encoding": {"x": {"field": "from", "type": "quantitative"}, "x2": {"field": "to"}},
    }
    marks = _marks(rows, across, "size", order, at=0.8)
    return {"data": data(rows), "width": WIDTH, "height": ROW_HEIGHT * 3 * len(order), "layer": [band, *marks]}


def _marks(rows: Sequence[Row], across: Spec, group: str, order: list[str], at: float = 0.0) -> list[Spec]:
    """A rule at a figure, and for each row its interval and its mark, markets side by side."""
    markets = list(dict.fromkeys(str(row["market"]) for row in rows))
    down: Spec = {
        "y": {"field": group, "type": "nominal", "sort": order, "axis": {"title": None, "labelLimit": 300}},
        "yOffset": {"field": "market", "type": "nominal", "sort": markets, "scale": {"paddingOuter": 0.6}},
    }
    colour = keyed("market", {market: COLOURS.get(market, INKS["market"]) for market in markets})
    shape = keyed("market", {market: SHAPES.get(market, "cross") for market in markets})
    zero: Spec = {"data": data([{"at": at}]), "mark": {"type": "rule", "color": INKS["muted"], "strokeDash": [4, 3]},
                  "encoding": {"x": {"field": "at", "type": "quantitative"}}}  # fmt: skip
    reach: Spec = {
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {**down, "x": across | {"field": "low"}, "x2": {"field": "high"}, "color": colour},
    }
    point: Spec = {
        "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
        "encoding": {**down, "x": across, "color": colour, "shape": shape},
    }
    return [zero, reach, point]
