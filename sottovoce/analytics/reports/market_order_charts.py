"""Charts of what a market does to orders of ours: impact against size, decay, and the fate of passive probes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sottovoce.analytics.market_facts.measured import NORMAL_95, Measured
from sottovoce.analytics.market_facts.passive_fills import QueueRow, queue_rows
from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed, number, svg
from sottovoce.analytics.reports.market_charts import HEIGHT, WIDTH, inks, logarithmic

POINTS = 40


def impact(name: str, markets: Sequence[Measured]) -> str | None:
    """Impact at completion by size with 95 % intervals, the fitted laws, and a square root of prefactor one."""
    fitted = [market for market in markets if market.impact is not None]
    if not fitted:
        return None
    bins = [row for market in fitted for row in _bins(market)]
    laws = [row for market in fitted for row in _law(market)]
    sizes = [float(str(row["x"])) for row in (*bins, *laws)]
    reference: list[Row] = [{"x": size, "y": size**0.5} for size in (min(sizes), max(sizes))]
    shown = [row[name] for row in (*bins, *laws, *reference) for name in ("y", "low", "high") if name in row]
    moves = [move for each in shown if (move := float(str(each))) > 0]
    across = logarithmic(number("x", "order, part of a day's volume", format="~%"), min(sizes) / 1.4, max(sizes) * 1.4)
    up = logarithmic(number("y", "impact, daily volatilities", format="~g"), min(moves) / 1.2, max(moves) * 1.2)
    colour = keyed("market", inks(fitted))
    layers: list[Spec] = [
        {
            "data": data(reference),
            "mark": {"type": "line", "strokeDash": [2, 4], "strokeWidth": 1.4, "color": INKS["market"]},
            "encoding": {"x": across, "y": up},
        },
        {
            "data": data([row for row in laws if float(str(row["y"])) > 0]),
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {"x": across, "y": up, "color": colour},
        },
        *_points(bins, across, up, colour),
    ]
    spec: Spec = {"width": WIDTH, "height": HEIGHT + 40, "layer": layers}
    return svg(spec, name, "Impact against order size with fitted power laws")


def _law(market: Measured) -> list[Row]:
    law = market.impact
    assert law is not None, "no law to draw"
    sizes = np.geomspace(law.bins[0].size, law.bins[-1].size, POINTS).tolist()
    return [{"x": size, "y": law.prefactor * size**law.exponent, "market": market.name} for size in sizes]


def _bins(market: Measured) -> list[Row]:
    """Bins above zero: the axis is logarithmic. An interval that reaches zero is drawn to a fifth of its mean."""
    law = market.impact
    assert law is not None, "no law to draw"
    return [
        {
            "x": each.size,
            "y": each.mean,
            "low": max(each.mean - NORMAL_95 * each.error, each.mean / 5),
            "high": each.mean + NORMAL_95 * each.error,
            "market": market.name,
        }
        for each in law.bins
        if each.mean > 0
    ]


def _points(rows: Sequence[Row], across: Spec, up: Spec, colour: Spec) -> list[Spec]:
    """Points with their intervals."""
    bars = {"x": across, "y": up | {"field": "low"}, "y2": {"field": "high"}, "color": colour}
    dots = {"x": across, "y": up, "color": colour}
    return [
        {"data": data(rows), "mark": {"type": "rule", "strokeWidth": 1.5}, "encoding": bars},
        {
            "data": data(rows),
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": dots,
        },
    ]


def fill_probability(name: str, markets: Sequence[Measured]) -> str | None:
    """Part of passive probes filled, by place in the queue; None without probes."""
    return _by_place(name, markets, "filled", "part filled", "%", "Fill probability by place in the queue")


def fill_markout(name: str, markets: Sequence[Measured]) -> str | None:
    """Mean markout of filled probes, by place in the queue; None without probes."""
    return _by_place(name, markets, "markout_bps", "markout after 10 s, bps", "", "Markout by place in the queue")


def _by_place(name: str, markets: Sequence[Measured], field: str, title: str, form: str, says: str) -> str | None:
    probed = [market for market in markets if market.probes]
    if not probed:
        return None
    rows = [_place(row, field) | {"market": market.name} for market in probed for row in queue_rows(market.probes)]
    across = number("x", "shares ahead at entry, mean of the venue = 1") | {"scale": {"zero": True}}
    up = number("y", title, format=form) if form else number("y", title)
    colour = keyed("market", inks(probed))
    line: Spec = {
        "data": data(rows),
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {"x": across, "y": up, "color": colour},
    }
    spec: Spec = {"width": WIDTH, "height": HEIGHT - 60, "layer": [line, *_points(rows, across, up, colour)]}
    return svg(spec, name, says)


def _place(row: QueueRow, field: str) -> Row:
    middle = row.filled if field == "filled" else row.markout_bps
    half = NORMAL_95 * (row.filled_error if field == "filled" else row.markout_error)
    return {"x": row.ahead, "y": middle, "low": middle - half, "high": middle + half}
