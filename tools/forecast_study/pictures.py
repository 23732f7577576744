"""Differences from the benchmark with their intervals, one row a model; left of zero is better."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.forecasts.daily import Compared
from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data

ROW_HEIGHT = 34


def difference_picture(compared: Sequence[Compared], title: str) -> Spec:
    """The drawing, in Vega-Lite."""
    rows: list[Row] = [
        {
            "model": each.model.replace("_", " "),
            "value": each.difference,
            "low": each.low,
            "high": each.high,
            "said": f"{each.difference:+.4f} [{each.low:+.4f}, {each.high:+.4f}]",
        }
        for each in compared
        if each.difference or each.high
    ]
    down: Spec = {"field": "model", "type": "nominal", "sort": None, "axis": {"title": None}}
    axis = {"title": f"{title} less the rolling benchmark's (left of zero is better)", "tickCount": 7}
    across: Spec = {"field": "value", "type": "quantitative", "axis": axis}
    ink = {"value": INKS["buy"]}
    return {
        "title": {"text": title[0].upper() + title[1:], "subtitle": f"n = {compared[0].n:,} name-days, 95 % intervals"},
        "data": data(rows),
        "width": 620,
        "height": ROW_HEIGHT * len(rows),
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 3]}, "encoding": {"x": {"datum": 0}}},
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"y": down, "x": {**across, "field": "low"}, "x2": {"field": "high"}, "color": ink},
            },
            {"mark": {"type": "point", "filled": True, "size": 90}, "encoding": {"y": down, "x": across, "color": ink}},
            {
                "mark": {"type": "text", "dy": -11, "fontSize": 11},
                "encoding": {"y": down, "x": across, "text": {"field": "said"}},
            },
        ],
    }
