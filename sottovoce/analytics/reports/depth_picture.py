"""A book at one moment: what stands at each price, and how much could be traded down to it."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec

WIDTH, HEIGHT = 720, 300
SIDES = {"bids": INKS["buy"], "asks": INKS["sell"]}

PricedLevel = tuple[float, float]
"""Price in currency, quantity in units of the instrument."""


def depth_picture(
    title: str, when: str, bids: Sequence[PricedLevel], asks: Sequence[PricedLevel], qty_name: str
) -> Spec:
    """Two panels over price: quantity by level as bars, and the sum from the touch outward as steps.

    Args:
        bids, asks: levels from the best outward. qty_name: what is counted ("shares", "BTC").
    """
    rows = [*_rows("bids", bids), *_rows("asks", asks)]
    x: Spec = {"field": "px", "type": "quantitative", "title": "price", "scale": {"zero": False, "nice": False}}
    color = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": list(SIDES), "range": list(SIDES.values())},
        "sort": list(SIDES),
    }
    bars: Spec = {
        "width": WIDTH,
        "height": HEIGHT // 2,
        "mark": {"type": "rule", "strokeWidth": max(2, min(10, WIDTH // max(4 * len(rows), 1)))},
        "encoding": {"x": x, "y": _up("qty", f"{qty_name} at the level"), "y2": {"datum": 0}, "color": color},
    }
    sums: Spec = {
        "width": WIDTH,
        "height": HEIGHT,
        "layer": [_steps("bids", "step-before", x, qty_name), _steps("asks", "step-after", x, qty_name)],
    }
    return {
        "title": {"text": title, "subtitle": when},
        "data": {"values": rows},
        "vconcat": [sums, bars],
        "spacing": 18,
    }


def _steps(side: str, interpolate: str, x: Spec, qty_name: str) -> Spec:
    return {
        "transform": [{"filter": f"datum.side == '{side}'"}],
        "mark": {
            "type": "area", "interpolate": interpolate, "line": {"color": SIDES[side], "strokeWidth": 2},
            "color": SIDES[side], "opacity": 0.35,
        },
        "encoding": {"x": x, "y": _up("sum", f"{qty_name} to this price")},
    }  # fmt: skip


def _up(field: str, title: str) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, "axis": {"format": "~s", "tickCount": 5}}


def _rows(side: str, levels: Sequence[PricedLevel]) -> list[Row]:
    rows: list[Row] = []
    total = 0.0
    for px, qty in levels:
        total += qty
        rows.append({"side": side, "px": px, "qty": qty, "sum": total})
    return rows
