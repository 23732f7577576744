"""`sottovoce tca ORDERS.json`: the account of orders traded anywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from sottovoce.apps.output import emit, write_page
from sottovoce.core.errors import NotFound

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def tca(path: Path, *, html: Path | None = None, as_json: Json = False) -> None:
    """Measure what orders cost and why: shortfall split, benchmarks, venues, forecast against outcome.

    Args:
        path: orders in the format of docs/reference/orders-format.md; examples/orders.json is one.
        html: also write the report as one self-contained page.
        as_json: one JSON object on standard output.
    """
    from sottovoce.analytics.reports.tca_json import report_json
    from sottovoce.analytics.reports.tca_report import build_report
    from sottovoce.analytics.reports.tca_text import render_text
    from sottovoce.analytics.tca.orders_file import read_orders

    if not path.is_file():
        raise NotFound(f"There is no file {path}; give a JSON file of orders.", code="no_file")
    report = build_report(read_orders(path.read_bytes()), {})
    if html is not None:
        from sottovoce.analytics.reports.tca_html import render_html

        write_page(html, render_html(report))
    emit(report_json(report), as_json, lambda: render_text(report))
