"""The page's examples drawn: a name's days ahead, a day's curve and its update, a tape against the day before it."""

from __future__ import annotations

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, keyed, number
from tools.forecast_study.examples import DailyExample, IntradayExample
from tools.forecast_study.tapes import BINS, OPEN_MS, TapeDay

WIDTH = 900
MILLION = 1e6
AS_CLOCK = "floor(datum.value / 60) + ':' + format(datum.value % 60, '02')"
OPEN_MINUTE = OPEN_MS // 60_000
DAY_MINUTES = 390


def daily_picture(example: DailyExample) -> Spec:
    """Forecast with its 80 % interval and the rolling mean as lines, what happened as points; special days named."""
    rows: list[Row] = [
        {
            "number": place,
            "day": each.day,
            "low": each.low / MILLION,
            "high": each.high / MILLION,
            "forecast": each.median / MILLION,
            "rolling": each.rolling / MILLION,
            "seen": each.seen / MILLION,
            "kind": each.kind,
        }
        for place, each in enumerate(example.days)
    ]
    ticks = [place for place in range(len(rows)) if place % 15 == 0]
    labels = [example.days[place].day for place in ticks]
    axis = {"title": None, "values": ticks, "labelExpr": f"{labels}[indexof({ticks}, datum.value)]", "grid": False}
    across: Spec = {"field": "number", "type": "quantitative", "axis": axis, "scale": {"domain": [-1, len(rows)]}}
    up = number("seen", "million shares")
    lines = {f"forecast ({example.model})": INKS["buy"], "rolling mean of 20 days": INKS["market"]}
    return {
        "data": data(rows),
        "width": WIDTH,
        "height": 300,
        "layer": [
            {
                "mark": {"type": "area", "opacity": 0.16, "color": INKS["buy"]},
                "encoding": {"x": across, "y": up | {"field": "low"}, "y2": {"field": "high"}},
            },
            *(_line(across, up | {"field": field}, label, lines) for field, label in zip(_FIELDS, lines, strict=True)),
            {
                "mark": {"type": "point", "filled": True, "size": 38, "opacity": 1, "color": INKS["ink"]},
                "encoding": {"x": across, "y": up},
            },
            {
                "transform": [{"filter": "datum.kind != ''"}],
                "mark": {"type": "text", "dy": -12, "color": INKS["sell"]},
                "encoding": {"x": across, "y": up, "text": {"field": "kind"}},
            },
        ],
    }


_FIELDS = ("forecast", "rolling")


def _line(across: Spec, up: Spec, label: str, lines: dict[str, str]) -> Spec:
    dash = {name: [1, 0] if name.startswith("forecast") else [5, 3] for name in lines}
    return {
        "transform": [{"calculate": f"'{label}'", "as": "line"}],
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {"x": across, "y": up, "color": keyed("line", lines), "strokeDash": keyed("line", dash)},
    }


def intraday_picture(example: IntradayExample) -> Spec:
    """Bars as the bins came, the curve before the open, and the curve of the rest once the first bins have printed."""
    bins = len(example.seen)
    width = DAY_MINUTES / bins
    rows: list[Row] = [
        {"from": OPEN_MINUTE + width * place, "to": OPEN_MINUTE + width * (place + 1), "shares": seen / 1e3}
        for place, seen in enumerate(example.seen)
    ]
    curves = {
        "before the open": (0, example.before, INKS["market"], [5, 3]),
        f"after {example.printed} bins": (example.printed, example.after, INKS["buy"], [1, 0]),
    }
    points: list[Row] = [
        {"at": OPEN_MINUTE + width * (first + place + 0.5), "shares": shares / 1e3, "curve": name}
        for name, (first, curve, _, _) in curves.items()
        for place, shares in enumerate(curve)
    ]
    axis = {"title": None, "labelExpr": AS_CLOCK, "values": list(range(600, 961, 60)), "grid": False}
    across: Spec = {"field": "from", "type": "quantitative", "axis": axis}
    across["scale"] = {"domain": [OPEN_MINUTE, OPEN_MINUTE + DAY_MINUTES], "nice": False}
    up: Spec = number("shares", "thousand shares in a quarter hour") | {"scale": {"zero": True}}
    colour = keyed("curve", {name: ink for name, (_, _, ink, _) in curves.items()})
    dash = keyed("curve", {name: dashes for name, (_, _, _, dashes) in curves.items()})
    return {
        "width": WIDTH,
        "height": 280,
        "layer": [
            {
                "data": data(rows),
                "mark": {"type": "bar", "color": INKS["market"], "opacity": 0.45, "stroke": INKS["paper"]},
                "encoding": {"x": across, "x2": {"field": "to"}, "y": up, "y2": {"datum": 0}},
            },
            {
                "data": data(points),
                "mark": {"type": "line", "strokeWidth": 2.5},
                "encoding": {"x": across | {"field": "at"}, "y": up, "color": colour, "strokeDash": dash},
            },
        ],
    }


def tape_picture(tape: TapeDay) -> Spec:
    """Half-hour shares of a recorded day as bars, those of the day before as a line."""
    width, before = DAY_MINUTES / BINS, INKS["sell"]
    rows: list[Row] = [
        {
            "from": OPEN_MINUTE + width * place,
            "to": OPEN_MINUTE + width * (place + 1),
            "at": OPEN_MINUTE + width * (place + 0.5),
            "seen": 100 * seen,
            "before": 100 * earlier,
        }
        for place, (seen, earlier) in enumerate(zip(tape.shares, tape.shares_before, strict=True))
    ]
    axis = {"title": None, "labelExpr": AS_CLOCK, "values": [600, 720, 840, 960], "grid": False}
    across: Spec = {"field": "from", "type": "quantitative", "axis": axis}
    across["scale"] = {"domain": [OPEN_MINUTE, OPEN_MINUTE + DAY_MINUTES], "nice": False}
    up: Spec = number("seen", "% of the day") | {"scale": {"zero": True}}
    return {
        "data": data(rows),
        "width": 440,
        "height": 190,
        "layer": [
            {
                "mark": {"type": "bar", "color": INKS["market"], "opacity": 0.45, "stroke": INKS["paper"]},
                "encoding": {"x": across, "x2": {"field": "to"}, "y": up, "y2": {"datum": 0}},
            },
            {
                "mark": {
                    "type": "line",
                    "strokeWidth": 2,
                    "color": before,
                    "point": {"size": 28, "color": before},
                },
                "encoding": {"x": across | {"field": "at"}, "y": up | {"field": "before"}},
            },
        ],
    }
