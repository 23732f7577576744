"""A list's schedule on one page: what is left of sales and purchases, its limited sums, and its share of volume.

Every limited sum is drawn as a part of its limit, so that all share one axis and touching ±1 means binding.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec

WIDTH = 760
LABELS_MAX = 14
SUM_INKS = ("ink", "buy", "sell", "gain", "cost", "market")


class BasketPicture(msgspec.Struct, frozen=True, kw_only=True):
    """What is drawn. labels: of the start and every bucket's end, N + 1 of them.

    sales, purchases: currency left, N + 1 figures each; sums: name → part of its limit after each bucket, N figures;
    busiest and middle: part of the volume of the name worked hardest and of the middle name in each bucket, N figures.
    """

    title: str
    subtitle: str
    currency: str
    labels: Sequence[str]
    sales: Sequence[float]
    purchases: Sequence[float]
    sums: dict[str, Sequence[float]]
    busiest: Sequence[float]
    middle: Sequence[float]


def basket_picture(drawn: BasketPicture) -> Spec:
    """Two or three panels over the same buckets."""
    panels = [_left(drawn), *([_sums(drawn)] if drawn.sums else []), _rates(drawn)]
    apart = {"scale": {"color": "independent"}, "legend": {"color": "independent"}}
    title = {"text": drawn.title, "subtitle": drawn.subtitle}
    return {"title": title, "spacing": 14, "resolve": apart, "vconcat": panels}


def _left(drawn: BasketPicture) -> Spec:
    rows: list[Row] = []
    for kind, figures in (("left to sell", drawn.sales), ("left to buy", drawn.purchases)):
        rows += [{"at": at, "kind": kind, "left": left / 1e6} for at, left in enumerate(figures)]
    colour = _colour(["left to sell", "left to buy"], ["sell", "buy"])
    mark = {"type": "line", "interpolate": "step-after", "strokeWidth": 2}
    return _panel(drawn, rows, mark, "left", f"{drawn.currency} m", 200, colour)


def _sums(drawn: BasketPicture) -> Spec:
    rows: list[Row] = []
    for name, parts in drawn.sums.items():
        rows += [{"at": at, "kind": name, "part": part} for at, part in enumerate(parts, start=1)]
    names = list(drawn.sums)
    inks = [SUM_INKS[place % len(SUM_INKS)] for place in range(len(names))]
    chart = _panel(
        drawn, rows, {"type": "line", "strokeWidth": 1.6}, "part", "part of the limit", 180, _colour(names, inks)
    )
    rule = {
        "data": {"values": [{"at": 0, "part": 1}, {"at": 0, "part": -1}]},
        "mark": {"type": "rule", "strokeDash": [5, 4], "color": INKS["cost"]},
        "encoding": {"y": {"field": "part", "type": "quantitative"}},
    }
    data, mark, encoding = chart.pop("data"), chart.pop("mark"), chart.pop("encoding")
    return {**chart, "layer": [{"data": data, "mark": mark, "encoding": encoding}, rule]}


def _rates(drawn: BasketPicture) -> Spec:
    rows: list[Row] = []
    for kind, figures in (("busiest name", drawn.busiest), ("middle name", drawn.middle)):
        rows += [{"at": at, "kind": kind, "rate": 100 * rate} for at, rate in enumerate([*figures, figures[-1]])]
    mark = {"type": "line", "interpolate": "step-after", "strokeWidth": 1.6}
    colour = _colour(["busiest name", "middle name"], ["cost", "market"])
    return _panel(drawn, rows, mark, "rate", "% of volume", 110, colour)


def _panel(
    drawn: BasketPicture, rows: list[Row], mark: Spec, field: str, title: str, height: int, colour: Spec
) -> Spec:
    step = max(1, -(-(len(drawn.labels) - 1) // (LABELS_MAX - 1)))
    x: Spec = {
        "field": "at",
        "type": "quantitative",
        "title": None,
        "scale": {"domain": [0, len(drawn.labels) - 1], "nice": False},
        "axis": {
            "values": list(range(0, len(drawn.labels), step)),
            "labelExpr": f"{list(drawn.labels)}[datum.value]",
            "grid": False,
        },
    }
    up: Spec = {"field": field, "type": "quantitative", "title": title, "axis": {"tickCount": 5}}
    return {
        "width": WIDTH,
        "height": height,
        "data": {"values": rows},
        "mark": mark,
        "encoding": {"x": x, "y": up, "color": colour},
    }


def _colour(names: Sequence[str], inks: Sequence[str]) -> Spec:
    scale = {"domain": list(names), "range": [INKS[ink] for ink in inks]}
    return {"field": "kind", "type": "nominal", "scale": scale, "legend": {"orient": "top", "title": None}}
