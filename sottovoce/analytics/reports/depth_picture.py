"""A book at one moment: what stands at each price, and how much could be traded down to it."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec

WIDTH, HEIGHT = 720, 300
BAR_MIN, BAR_MAX = 1.5, 8.0
"""Pixels: a lone tick still to be seen, and a book of a few levels."""

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
    scale: Spec = {"zero": False, "nice": False, "padding": BAR_MAX}
    x: Spec = {"field": "px", "type": "quantitative", "title": "price", "scale": scale, "axis": {"tickCount": 8}}
    color = {
        "field": "side",
        "type": "nominal",
        "scale": {"domain": list(SIDES), "range": list(SIDES.values())},
        "sort": list(SIDES),
    }
    bars: Spec = {
        "width": WIDTH,
        "height": HEIGHT // 2,
        "mark": {"type": "rule", "strokeWidth": _bar_width([px for px, _ in (*bids, *asks)])},
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


def _bar_width(pxs: Sequence[float]) -> float:
    """As wide as the closest two levels let the bars be without touching, between BAR_MIN and BAR_MAX."""
    ordered = sorted(set(pxs))
    gaps = [after - before for before, after in pairwise(ordered)]
    if not gaps:
        return BAR_MAX
    return max(BAR_MIN, min(BAR_MAX, 0.7 * WIDTH * min(gaps) / (ordered[-1] - ordered[0])))


def _up(field: str, title: str) -> Spec:
    return {"field": field, "type": "quantitative", "title": title, "axis": {"tickCount": 5}}


def _rows(side: str, levels: Sequence[PricedLevel]) -> list[Row]:
    rows: list[Row] = []
    total = 0.0
    for px, qty in levels:
        total += qty
        rows.append({"side": side, "px": px, "qty": qty, "sum": total})
    return rows
