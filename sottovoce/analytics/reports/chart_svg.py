"""Charts for reports as SVG to inline: Vega-Lite specifications drawn by vl-convert, without a browser.

Every colour is one of INKS and becomes a CSS variable in the SVG, so one drawing follows the page's light or dark
theme. Nothing is told by colour alone: bars carry sign and word, kinds have shapes, lines have dashes and a legend.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Spec = dict[str, object]
Row = dict[str, object]

INKS = {
    "paper": "#fdfefe",
    "ink": "#17212b",
    "muted": "#566473",
    "rule": "#dde3e9",
    "buy": "#0b62b8",
    "sell": "#b4530a",
    "cost": "#a8443a",
    "gain": "#2c7a66",
    "market": "#7f8c99",
}
FONT = "Inter, Segoe UI, system-ui, sans-serif"

ABSENT = '<p class="note">The chart needs the report extra: pip install "sottovoce[report]".</p>'

_AXIS: Spec = {
    "labelColor": INKS["muted"],
    "titleColor": INKS["muted"],
    "gridColor": INKS["rule"],
    "domainColor": INKS["market"],
    "tickColor": INKS["market"],
    "labelFontSize": 12,
    "titleFontSize": 12,
    "titleFontWeight": "normal",
    "titlePadding": 10,
    "labelPadding": 6,
}
_CONFIG: Spec = {
    "background": None,
    "font": FONT,
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {
        "labelColor": INKS["ink"],
        "labelFontSize": 12,
        "title": None,
        "orient": "top",
        "symbolSize": 110,
        "symbolStrokeWidth": 2,
        "offset": 14,
    },
    "text": {"color": INKS["ink"], "fontSize": 12},
}


def svg(spec: Spec, name: str, says: str) -> str:
    """Draw a specification. name keeps the ids of several drawings on a page apart; says is for screen readers.

    Without vl-convert a sentence stands in the drawing's place: the figures are on the page all the same.
    """
    try:
        import vl_convert
    except ImportError:
        return ABSENT

    # Fitted to the width given, labels included, so that charts line up on the page.
    fitted = {"autosize": {"type": "fit", "contains": "padding"}, "padding": 5, **spec, "config": _CONFIG}
    drawn = str(vl_convert.vegalite_to_svg(fitted))
    for ink, colour in INKS.items():
        drawn = drawn.replace(f'"{colour}"', f'"var(--{ink})"')
    drawn = re.sub(r' xmlns(:xlink)?="[^"]*"', "", drawn)
    drawn = re.sub(r'(id="|url\(#)([a-z]+_?\d+)', rf"\1{name}-\2", drawn)
    drawn = re.sub(r' aria-label="[^"]*"| aria-roledescription="[^"]*"| role="graphics-[a-z]*"', "", drawn)
    return drawn.replace("<svg", f'<svg role="img" aria-label="{says}"', 1)


def data(rows: Sequence[Row]) -> Spec:
    """Inline rows."""
    return {"values": list(rows)}


def number(field: str, title: str | None, **axis: object) -> Spec:
    """A quantitative channel; zero is not forced into view."""
    return {
        "field": field,
        "type": "quantitative",
        "scale": {"zero": False},
        "axis": {"title": title, "tickCount": 5, **axis},
    }


def keyed(field: str, choices: Mapping[str, object], legend: bool = True) -> Spec:
    """A nominal channel with a value for each name."""
    channel: Spec = {
        "field": field,
        "type": "nominal",
        "scale": {"domain": list(choices), "range": list(choices.values())},
        "sort": list(choices),
    }
    return channel if legend else channel | {"legend": None}
