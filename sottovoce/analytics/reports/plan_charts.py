"""The plan's charts as SVG, drawn from Vega-Lite descriptions without a browser, so that a page needs nothing else.

Axes carry minutes and basis points as plain numbers: no date reaches the drawing library, whose clock would be the
machine's.
"""

from __future__ import annotations

from typing import Any

import msgspec

from sottovoce.analytics.reports.choice_chart import choice_chart
from sottovoce.analytics.reports.strategy_sections import Slice, StrategyDocument

INK, MUTED, LINE = "#1b2530", "#6b7785", "#d9dee4"
PEAK, OFF_PEAK, AUCTION, CHOSEN, OTHER = "#2f6db5", "#a9c6e8", "#d98b2b", "#c4472f", "#8496a9"
WIDTH = 760
AUCTION_MINUTES = 6
HOUR = "floor(datum.value / 60) + ':' + format(datum.value % 60, '02')"

Spec = dict[str, Any]


def drawing_available() -> bool:
    """Whether the drawing library is installed (extra `report`)."""
    try:
        import vl_convert  # noqa: F401
    except ImportError:
        return False
    return True


def svg(spec: Spec) -> str:
    """A description drawn. Raises: ImportError without the extra `report`."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(msgspec.json.encode(_styled(spec)).decode())
    assert isinstance(drawn, str)
    return drawn


def png(spec: Spec, scale: float = 2.0) -> bytes:
    """The same as a bitmap, for mail and for looking at in a test."""
    import vl_convert

    drawn = vl_convert.vegalite_to_png(msgspec.json.encode(_styled(spec)).decode(), scale=scale)
    assert isinstance(drawn, bytes)
    return drawn


def schedule_chart(document: StrategyDocument) -> Spec:
    """Shares by bucket, one panel a day, peak time and the closing auction in their own colours."""
    time = document.time_distribution
    rows = [_bar(each) for each in time.buckets]
    days = max(len(time.days), 1)
    kinds, colours = ["peak", "off-peak", "closing auction"], [PEAK, OFF_PEAK, AUCTION]
    return {
        "data": {"values": rows},
        "spacing": 12,
        "facet": {"column": {"field": "day", "type": "nominal", "header": {"title": None, "labelFontWeight": 600}}},
        "spec": {
            "width": max((WIDTH - 40) // days - 12, 90),
            "height": 190,
            "mark": {"type": "bar", "stroke": "white", "strokeWidth": 0.3},
            "encoding": {
                "x": {"field": "from", "type": "quantitative", "title": None, "scale": {"zero": False, "nice": False},
                      "axis": {"labelExpr": HOUR, "values": [600, 720, 840, 960], "grid": False}},
                "x2": {"field": "to"},
                "y": {"field": "shares", "type": "quantitative", "title": "shares a bucket"},
                "y2": {"datum": 0},
                "color": {"field": "kind", "type": "nominal", "scale": {"domain": kinds, "range": colours},
                          "legend": {"title": None, "orient": "bottom"}},
            },
        },
    }  # fmt: skip


def frontier_chart(document: StrategyDocument) -> Spec:
    """Expected cost against risk: of every candidate where they were compared, else of the alternatives with the 80 %
    interval of the cost.
    """
    if document.choice is not None:
        return choice_chart(document.choice)
    rows = _ways(document)
    x = {"field": "risk", "type": "quantitative", "title": "timing risk, bps (one standard deviation)",
         "scale": {"zero": True}}  # fmt: skip
    y = {"type": "quantitative", "title": "expected cost, bps", "scale": {"zero": True}}
    chosen = {"condition": {"test": "datum.chosen", "value": CHOSEN}, "value": OTHER}
    return {
        "width": 330,
        "height": 210,
        "data": {"values": rows},
        "layer": [
            {"mark": {"type": "line", "color": LINE, "strokeDash": [4, 3]},
             "encoding": {"x": x, "y": {"field": "cost", **y}, "order": {"field": "risk"}}},
            {"mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.6},
             "encoding": {"x": x, "y": {"field": "low", **y}, "y2": {"field": "high"}, "color": chosen}},
            {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "cost", **y}, "color": chosen}},
            {"mark": {"type": "text", "dx": 9, "dy": -9, "align": "left", "color": INK},
             "encoding": {"x": x, "y": {"field": "cost", **y}, "text": {"field": "label"}}},
        ],
    }  # fmt: skip


def outcome_chart(document: StrategyDocument) -> Spec:
    """Where one order's cost will fall with 80 %, a bar an alternative, the expected cost marked."""
    y = {"field": "label", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 160}}
    x = {"type": "quantitative", "title": "cost against arrival, bps: 80 % of outcomes"}
    chosen = {"condition": {"test": "datum.chosen", "value": CHOSEN}, "value": OTHER}
    return {
        "width": 270,
        "height": 130,
        "data": {"values": _ways(document)},
        "layer": [
            {"mark": {"type": "bar", "height": 14, "opacity": 0.55, "cornerRadius": 3},
             "encoding": {"y": y, "x": {"field": "worst", **x}, "x2": {"field": "best"}, "color": chosen}},
            {"mark": {"type": "tick", "thickness": 2, "size": 20, "color": INK},
             "encoding": {"y": y, "x": {"field": "cost", **x}}},
        ],
    }  # fmt: skip


def _bar(each: Slice) -> Spec:
    start, end = _minute(each.start), _minute(each.end)
    auction = start == end
    kind = "closing auction" if auction else "peak" if each.peak else "off-peak"
    return {"day": each.start[:10], "from": start, "to": start + AUCTION_MINUTES if auction else end,
            "shares": each.quantity, "kind": kind}  # fmt: skip


def _minute(iso: str) -> float:
    return int(iso[11:13]) * 60 + int(iso[14:16]) + float(iso[17:19]) / 60


def _ways(document: StrategyDocument) -> list[Spec]:
    """The alternatives that have a risk to draw. low, high: the model's interval, moved by spread and fees."""
    return [
        {
            "label": f"{way.name} ({way.strategy})",
            "chosen": way.recommended,
            "risk": way.timing_risk_bps,
            "cost": way.expected_cost_bps,
            "low": way.expected_cost_bps if way.impact_low_bps is None
            else way.impact_low_bps + way.spread_bps + way.fees_bps,
            "high": way.expected_cost_bps if way.impact_high_bps is None
            else way.impact_high_bps + way.spread_bps + way.fees_bps,
            "best": way.cost_low_bps,
            "worst": way.cost_high_bps,
        }
        for way in document.alternatives
        if way.timing_risk_bps is not None
    ]  # fmt: skip


def _styled(spec: Spec) -> Spec:
    axis = {"labelColor": MUTED, "titleColor": MUTED, "gridColor": "#eef1f4", "domainColor": LINE, "tickColor": LINE,
            "titleFontWeight": 400}  # fmt: skip
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "background": "white",
        "config": {"font": "Helvetica, Arial, sans-serif", "axis": axis, "view": {"stroke": None},
                   "legend": {"labelColor": INK}, "header": {"labelColor": INK}},
        **spec,
    }  # fmt: skip
