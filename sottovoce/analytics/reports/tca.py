"""The cost report: build it once, render it as text, JSON or HTML."""

from sottovoce.analytics.reports.tca_html import render_html
from sottovoce.analytics.reports.tca_json import report_json
from sottovoce.analytics.reports.tca_report import Report, build_report
from sottovoce.analytics.reports.tca_text import render_text

__all__ = ["Report", "build_report", "render_text", "report_json", "render_html"]
