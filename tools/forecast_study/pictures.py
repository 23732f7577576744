"""Differences with their intervals, one row each; left of zero is better."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.forecasts.daily import Compared
from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed
from tools.forecast_study.special_day_gain import Gain

ROW_HEIGHT = 26
AROUND = 100
"""Height of axis and legend, pixels."""
WIDTH = 940
PADDING = {"left": 8, "top": 8, "bottom": 8, "right": 36}
"""The drawing library measures the figures on the right a little short."""
VERDICTS = {"better": INKS["gain"], "no difference": INKS["market"], "worse": INKS["cost"]}
SHAPES = {"better": "circle", "no difference": "diamond", "worse": "square"}
OF_GAINS = {"gain": "better", "no gain": "no difference", "loss": "worse"}


def difference_picture(compared: Sequence[Compared], title: str) -> Spec:
    """The drawing as a file of its own, with title and count."""
    subtitle = f"n = {compared[0].n:,} name-days, 95 % intervals"
    return {"title": {"text": title[0].upper() + title[1:], "subtitle": subtitle}, **difference_forest(compared, title)}


def difference_forest(compared: Sequence[Compared], title: str) -> Spec:
    """Every model less the benchmark."""
    rows = [
        _row(each.model.replace("_", " "), each.difference, each.low, each.high, each.verdict)
        for each in compared
        if each.difference or each.high
    ]
    return _forest(rows, f"{title} less the rolling benchmark's (left of zero is better)")


def gain_forest(gains: Sequence[Gain], axis: str, *, against: bool = False) -> Spec:
    """Every treatment less another; against: name the other beside it."""
    rows = [
        _row(
            f"{each.treatment} − {each.against}" if against else each.treatment,
            each.difference,
            each.low,
            each.high,
            OF_GAINS[each.verdict],
        )
        for each in gains
    ]
    return _forest(rows, axis)


def _row(label: str, value: float, low: float, high: float, verdict: str) -> Row:
    said = f"{value:+.4f} [{low:+.4f}, {high:+.4f}]".replace("-", "−")
    return {"label": label, "value": value, "low": low, "high": high, "verdict": verdict, "said": said}


def _forest(rows: list[Row], title: str) -> Spec:
    """Names on the left, figures in words on the right, the difference and its interval between them."""
    placed: list[Row] = [{**row, "place": place} for place, row in enumerate(rows)]
    across: Spec = {"field": "value", "type": "quantitative", "axis": {"title": title, "tickCount": 7}}
    names, figures = _down([row["label"] for row in rows], "left"), _down([row["said"] for row in rows], "right")
    there = [verdict for verdict in VERDICTS if any(row["verdict"] == verdict for row in rows)]
    colour = keyed("verdict", {verdict: VERDICTS[verdict] for verdict in there})
    shape = keyed("verdict", {verdict: SHAPES[verdict] for verdict in there})
    return {
        "data": data(placed),
        "padding": PADDING,
        "width": WIDTH,
        "height": ROW_HEIGHT * len(rows) + AROUND,
        "resolve": {"axis": {"y": "independent"}},
        "layer": [
            {
                "mark": {"type": "rule", "strokeDash": [4, 3], "color": INKS["muted"]},
                "encoding": {"x": {"datum": 0, "type": "quantitative"}},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2.5},
                "encoding": {"y": names, "x": across | {"field": "low"}, "x2": {"field": "high"}, "color": colour},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
                "encoding": {"y": figures, "x": across, "color": colour, "shape": shape},
            },
        ],
    }


def _down(labels: Sequence[object], side: str) -> Spec:
    axis: Spec = {"title": None, "orient": side, "labelLimit": 420, "ticks": False, "domain": False, "grid": False}
    axis["labelExpr"] = f"{list(labels)}[datum.value]"
    return {"field": "place", "type": "ordinal", "axis": axis}
