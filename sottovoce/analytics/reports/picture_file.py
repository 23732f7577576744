"""A Vega-Lite drawing as the file a person asked for: SVG, PNG, or a page that needs nothing else.

The colours are those of the reports' charts, fixed here: a picture on its own has no page whose theme it follows.
"""

from __future__ import annotations

from html import escape

from sottovoce.analytics.reports.chart_svg import FONT, INKS, Spec
from sottovoce.core.errors import ConfigError

FORMS = (".svg", ".png", ".html")
PNG_SCALE = 2.0

_AXIS: Spec = {
    "labelColor": INKS["muted"],
    "titleColor": INKS["muted"],
    "gridColor": INKS["rule"],
    "domainColor": INKS["market"],
    "tickColor": INKS["market"],
    "titleFontWeight": "normal",
    "labelFontSize": 12,
    "titleFontSize": 12,
}
_CONFIG: Spec = {
    "font": FONT,
    "background": INKS["paper"],
    "view": {"stroke": None},
    "axis": _AXIS,
    "legend": {"labelColor": INKS["ink"], "title": None, "orient": "top", "labelFontSize": 12},
    "title": {"color": INKS["ink"], "subtitleColor": INKS["muted"], "anchor": "start", "fontSize": 15},
    "text": {"color": INKS["ink"], "fontSize": 12},
}


def check_form(suffix: str) -> None:
    """Refuse a form nobody can draw, before the work is done. Raises: ConfigError, plot_form, plot_extra_missing."""
    if suffix.lower() not in FORMS:
        found = suffix or "no ending"
        raise ConfigError(f"A plot is written as {', '.join(FORMS)}, not {found}.", code="plot_form")
    try:
        import vl_convert  # noqa: F401
    except ImportError as error:
        sentence = "Drawing a plot needs vl-convert, which is not installed: pip install sottovoce[report]."
        raise ConfigError(sentence, code="plot_extra_missing") from error


def picture(spec: Spec, suffix: str, says: str) -> bytes:
    """The drawing in the form of a file ending. says describes it to who cannot see it. Raises as check_form."""
    check_form(suffix)
    import vl_convert

    whole = {"padding": 14, **spec, "config": _CONFIG}
    if suffix.lower() == ".png":
        return bytes(vl_convert.vegalite_to_png(whole, scale=PNG_SCALE))
    drawn = str(vl_convert.vegalite_to_svg(whole)).replace("<svg", f'<svg role="img" aria-label="{escape(says)}"', 1)
    return (_page(drawn, says) if suffix.lower() == ".html" else drawn).encode()


def _page(drawn: str, says: str) -> str:
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(says)}</title>'
        f"<style>body{{margin:24px;background:{INKS['paper']};color:{INKS['ink']};font-family:{FONT}}}"
        "svg{max-width:100%;height:auto}</style></head>\n"
        f"<body>{drawn}</body></html>\n"
    )
