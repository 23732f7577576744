"""Where the money went: the waterfall of the shortfall, the forecast against the outcome, the venues."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed, number, svg
from sottovoce.analytics.reports.figures import bps, percent, signed, word
from sottovoce.analytics.reports.tca_text import LABELS
from sottovoce.analytics.tca.outcome import Outcome
from sottovoce.analytics.tca.venues import VenueRow

WIDTH = 880
VENUES_MAX = 16
TONES = {"cost": INKS["cost"], "gain": INKS["gain"], "none": INKS["market"], "total": INKS["ink"]}
KIND_INKS = {"lit": INKS["buy"], "dark": INKS["ink"], "auction": INKS["market"]}


def waterfall(name: str, parts: Sequence[tuple[str, float | None]], total: float | None) -> str:
    """The known parts of the shortfall in bps, each starting where the last ended, then the total."""
    rows: list[Row] = []
    level = 0.0
    for part, value in parts:
        if value is not None:
            rows.append(_bar(LABELS[part], level, level + value, value, word(value) or "none"))
            level += value
    if total is not None:
        rows.append(_bar("Shortfall", 0.0, total, total, "total"))
    across: Spec = {
        "field": "part",
        "type": "nominal",
        "sort": [row["part"] for row in rows],
        "axis": {"title": None, "labelAngle": 0, "ticks": False, "labelColor": INKS["ink"]},
    }
    height = number("low", "bps of decision value") | {"scale": {"zero": True, "nice": True}}
    bars: Spec = {
        "mark": {"type": "bar", "width": {"band": 0.56}},
        "encoding": {"x": across, "y": height, "y2": {"field": "high"}, "color": keyed("tone", TONES, legend=False)},
    }
    words: Spec = {
        "mark": {"type": "text", "baseline": "bottom", "dy": -5},
        "encoding": {"x": across, "y": {"field": "top", "type": "quantitative"}, "text": {"field": "label"}},
    }
    zero: Spec = {
        "data": data([{"zero": 0}]),
        "mark": {"type": "rule", "color": INKS["muted"]},
        "encoding": {"y": {"field": "zero", "type": "quantitative"}},
    }
    spec: Spec = {"data": data(rows), "width": WIDTH, "height": 300, "layer": [bars, zero, words]}
    return svg(spec, name, f"Waterfall of the shortfall, {bps(total)}")


def _bar(label: str, start: float, end: float, value: float, tone: str) -> Row:
    says = f"{signed(value)} {word(value)}".rstrip()
    part, top = label.removesuffix(" impact"), max(start, end)
    return {"part": part, "low": start, "high": end, "top": top, "tone": tone, "label": says}


def forecast_strip(name: str, outcome: Outcome) -> str | None:
    """The forecast interval as a band, the expected cost in it, and what it was; None without a forecast."""
    if outcome.expected_bps is None or outcome.low_bps is None or outcome.high_bps is None:
        return None
    named = {"expected": outcome.expected_bps, "realised": outcome.realised_bps}
    points: list[Row] = [
        {"at": at, "mark": mark, "label": f"{mark} {signed(at)}"} for mark, at in named.items() if at is not None
    ]
    across = number("at", "bps of arrival value, positive = cost", tickCount=8)
    middle: Spec = {"value": 42}
    band: Spec = {
        "data": data([{"low": outcome.low_bps, "high": outcome.high_bps}]),
        "mark": {"type": "bar", "height": 10, "color": INKS["market"], "cornerRadius": 5},
        "encoding": {"x": across | {"field": "low"}, "x2": {"field": "high"}, "y": middle},
    }
    shape = keyed("mark", {"expected": "M0,-1.1L0,1.1", "realised": "circle"}, legend=False)
    marks: Spec = {
        "data": data(points),
        "mark": {"type": "point", "size": 190, "opacity": 1, "strokeWidth": 3.5},
        "encoding": {
            "x": across,
            "y": middle,
            "shape": shape,
            "color": keyed("mark", {"expected": INKS["ink"], "realised": INKS["buy"]}, legend=False),
        },
    }
    layers = [band, marks, _labels(points, "expected", 20), _labels(points, "realised", 66)]
    spec: Spec = {"width": WIDTH, "height": 138, "layer": layers}
    return svg(spec, name, f"Forecast {signed(outcome.expected_bps)} bps, realised {bps(outcome.realised_bps)}")


def _labels(points: Sequence[Row], mark: str, y: int) -> Spec:
    return {
        "data": data([point for point in points if point["mark"] == mark]),
        "mark": {"type": "text"},
        "encoding": {
            "x": {"field": "at", "type": "quantitative"},
            "y": {"value": y},
            "text": {"field": "label"},
        },
    }


def venue_bars(name: str, rows: Sequence[VenueRow]) -> str | None:
    """Share of what we executed by venue, with its kind and fill rate in words; None when nothing traded."""
    traded = [row for row in rows if row.filled_qty][:VENUES_MAX]
    if not traded:
        return None
    bars: list[Row] = [
        {"venue": _named(row), "share": row.share, "kind": row.kind.value, "label": _said(row)} for row in traded
    ]
    down: Spec = {
        "field": "venue",
        "type": "nominal",
        "sort": [bar["venue"] for bar in bars],
        "axis": {"title": None, "ticks": False, "domain": False, "labelColor": INKS["ink"], "labelLimit": 220},
    }
    across: Spec = {
        "field": "share",
        "type": "quantitative",
        "scale": {"domain": [0, max(row.share for row in traded) * 1.35]},
        "axis": None,
    }
    tone = keyed("kind", KIND_INKS, legend=False)
    layers: list[Spec] = [
        {"mark": {"type": "bar", "height": 20}, "encoding": {"x": across, "color": tone}},
        {"mark": {"type": "text", "align": "left", "dx": 8}, "encoding": {"x": across, "text": {"field": "label"}}},
    ]
    spec: Spec = {
        "data": data(bars),
        "width": WIDTH,
        "height": 34 * len(bars) + 20,
        "encoding": {"y": down},
        "layer": layers,
    }
    return svg(spec, name, "Share of executed quantity by venue")


def _named(row: VenueRow) -> str:
    return f"{row.venue} ({row.kind.value})"


def _said(row: VenueRow) -> str:
    rate = "" if row.fill_rate is None else f", {percent(row.fill_rate, 0)} of what was sent"
    return f"{percent(row.share)}{rate}"
