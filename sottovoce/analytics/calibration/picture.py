"""A calibration drawn: mean cost of the orders by size with its 95 % interval, and what the model says of them."""

from __future__ import annotations

from sottovoce.analytics.reports.chart_svg import INKS, Row, Spec, data, number
from sottovoce.analytics.reports.picture_file import picture
from sottovoce.models.impact_record import CalibratedImpact

WIDTH, HEIGHT = 620, 380
NORMAL_95 = 1.96


def model_picture(record: CalibratedImpact, suffix: str) -> bytes:
    """The drawing in the form of a file ending. Raises: ConfigError as picture_file.check_form."""
    says = f"Cost against order size, {record.n:,} orders, {record.version}"
    return picture(model_spec(record), suffix, says)


def model_spec(record: CalibratedImpact) -> Spec:
    """The drawing as Vega-Lite. Sizes are logarithmic, costs are not: a bin may well have cost less than nothing."""
    bins: list[Row] = [
        {"x": each.size, "y": each.mean, "low": each.mean - NORMAL_95 * each.error,
         "high": each.mean + NORMAL_95 * each.error}
        for each in record.bins
    ]  # fmt: skip
    model: list[Row] = [{"x": each.size, "y": each.fitted} for each in record.bins]
    sizes = [each.size for each in record.bins]
    across = number("x", "order, part of a day's volume", format="~%")
    across |= {"scale": {"type": "log", "domain": [min(sizes) / 1.3, max(sizes) * 1.3]}}
    up = number("y", "average cost, daily volatilities", format="~g")
    points: Spec = {"x": across, "y": up}
    layers: list[Spec] = [
        {"data": data([{"y": 0.0}]), "mark": {"type": "rule", "color": INKS["rule"]}, "encoding": {"y": up}},
        {
            "data": data(bins),
            "mark": {"type": "rule", "color": INKS["market"], "strokeWidth": 1.6},
            "encoding": {"x": across, "y": number("low", "average cost, daily volatilities"), "y2": {"field": "high"}},
        },
        {
            "data": data(bins),
            "mark": {"type": "point", "filled": True, "size": 46, "color": INKS["ink"], "opacity": 1},
            "encoding": points,
        },
        {"data": data(model), "mark": {"type": "line", "strokeWidth": 2.2, "color": INKS["buy"]}, "encoding": points},
    ]
    title = {"text": f"Cost against size: {record.n:,} orders, {_figures(record)}", "subtitle": _below(record)}
    return {"width": WIDTH, "height": HEIGHT, "title": title, "layer": layers}


def _figures(record: CalibratedImpact) -> str:
    return ", ".join(f"{each.name} {each.value:.3f} ± {each.error:.3f}" for each in record.parameters if not each.held)


def _below(record: CalibratedImpact) -> list[str]:
    window = f"{record.window[0]} to {record.window[1]}, {record.clusters:,} symbol-days"
    return [f"points: mean of a bin, its 95 % interval; line: the model on the same orders. {window}", record.version]
