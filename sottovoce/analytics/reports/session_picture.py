"""A market over its sessions, minute by minute: mid price, volume, and the spread quoted."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

import msgspec
import numpy as np

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec
from sottovoce.analytics.reports.session_figures import AUCTION
from sottovoce.core.ports import Session, Tape
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray, IntArray

WIDTH = 760
CLOCK = "floor(datum.value / 60) + ':' + format(datum.value % 60, '02')"


class Minute(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One minute: its number over all sessions, last mid and mean spread in currency (None unquoted), and volume.

    volume leaves auctions out: one of them is a hundred minutes, and nothing else would be seen beside it.
    """

    at: int
    mid: float | None
    spread: float | None
    volume: int


def minutes_of(tape: Tape, sessions: Sequence[Session], price_scale: int) -> list[Minute]:
    """The minutes of the sessions in order: the mid at each one's end, the mean of its spreads, its volume."""
    found: list[Minute] = []
    quote_ns, bid, ask = (np.asarray(column) for column in (tape.quote_ns, tape.bid, tape.ask))
    usable = (bid > 0) & (ask > 0)
    quote_ns, mid, spread = quote_ns[usable], (bid + ask)[usable] / 2.0 / price_scale, (ask - bid)[usable] / price_scale
    for session in sessions:
        edges = np.arange(session.open_ns, session.close_ns + NS_PER_MINUTE, NS_PER_MINUTE)
        volume = _volume(tape, edges)
        rows = np.searchsorted(quote_ns, edges, side="right")
        for place in range(len(edges) - 1):
            first, after = int(rows[place]), int(rows[place + 1])
            found.append(
                Minute(
                    at=len(found),
                    mid=float(mid[after - 1]) if after else None,
                    spread=_mean(spread, first, after),
                    volume=int(volume[place]),
                )
            )
    return found


def session_picture(title: str, minutes: Sequence[Minute], sessions: Sequence[Session], open_minute: int) -> Spec:
    """Three panels over time. open_minute: the minute of the exchange's day at which a session opens (570 is 9:30)."""
    one_day = len(sessions) == 1
    rows: list[Row] = [_row(each, open_minute if one_day else 0) for each in minutes]
    axis: Spec = {"labelExpr": CLOCK, "grid": False, "values": list(range(0, 1440, 60))}
    if not one_day:
        lengths = [(each.close_ns - each.open_ns) // NS_PER_MINUTE for each in sessions]
        starts = list(accumulate(lengths[:-1], initial=0))
        axis = {"labelExpr": f"'day ' + (indexof({starts}, datum.value) + 1)", "values": starts}
    x: Spec = {
        "field": "at",
        "type": "quantitative",
        "title": None,
        "scale": {"nice": False, "zero": False},
        "axis": axis,
    }
    line = {"type": "line", "strokeWidth": 1.4, "color": INKS["buy"]}
    quiet = {"type": "line", "strokeWidth": 1.2, "color": INKS["cost"]}
    bars = {"type": "area", "color": INKS["market"], "interpolate": "step-after", "opacity": 0.8}
    return {
        "title": {"text": title, "subtitle": "* auctions left out; the spread is the mean of each minute's quotes"},
        "data": {"values": rows},
        "spacing": 10,
        "vconcat": [
            _panel(line, x, "mid", "mid price", 220, zero=False),
            _panel(bars, x, "volume", "shares a minute*", 110, zero=True),
            _panel(quiet, x, "spread", "spread", 110, zero=True),
        ],
    }


def _panel(mark: Spec, x: Spec, field: str, title: str, height: int, *, zero: bool) -> Spec:
    up = {
        "field": field,
        "type": "quantitative",
        "title": title,
        "scale": {"zero": zero},
        "axis": {"tickCount": 4},
    }
    return {"width": WIDTH, "height": height, "mark": mark, "encoding": {"x": x, "y": up}}


def _row(each: Minute, from_minute: int) -> Row:
    return {"at": each.at + from_minute, "mid": each.mid, "spread": each.spread, "volume": each.volume}


def _volume(tape: Tape, edges: IntArray) -> FloatArray:
    continuous = np.asarray(tape.trade_kind) != AUCTION
    ns, qty = np.asarray(tape.trade_ns)[continuous], np.asarray(tape.trade_qty)[continuous]
    found, _ = np.histogram(ns, bins=edges, weights=qty)
    return np.asarray(found, dtype=np.float64)


def _mean(values: FloatArray, first: int, after: int) -> float | None:
    """The mean of the minute's values, or what stood before it; None where nothing did."""
    if after > first:
        return float(values[first:after].mean())
    return float(values[first - 1]) if first else None
