"""The plan as one self-contained page: both documents, their charts inline, nothing fetched from anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from sottovoce.analytics.reports import choice_text, plan_charts, plan_text
from sottovoce.analytics.reports.impact_sections import ImpactDocument
from sottovoce.analytics.reports.strategy_sections import StrategyDocument

if TYPE_CHECKING:
    from jinja2 import Template

WITHOUT_CHARTS = "Charts need the extra `report`: pip install 'sottovoce[report]'."


def plan_html(strategy: StrategyDocument, impact: ImpactDocument | None = None, *, charts: bool = True) -> str:
    """The page of one plan. charts=False, or a missing drawing library, leaves the charts out and says so."""
    drawn = charts and plan_charts.drawing_available()
    return _template().render(
        strategy=strategy,
        impact=impact,
        charts=_charts(strategy) if drawn else {},
        without_charts="" if drawn else WITHOUT_CHARTS,
        factors=() if impact is None else _factors(impact),
        told=choice_text,
        total=None if impact is None else plan_text.total_text(impact),
    )


def _charts(document: StrategyDocument) -> dict[str, str]:
    charts = {"schedule": plan_charts.svg(plan_charts.schedule_chart(document))}
    if any(way.timing_risk_bps is not None for way in document.alternatives):
        charts["frontier"] = plan_charts.svg(plan_charts.frontier_chart(document))
        charts["outcome"] = plan_charts.svg(plan_charts.outcome_chart(document))
    return charts


def _factors(document: ImpactDocument) -> list[tuple[str, str]]:
    return [(each.name.capitalize(), plan_text.factor_text(each)) for each in plan_text.factors_of(document)]


@cache
def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    filters: dict[str, Callable[..., str]] = {
        "bps": plan_text.bps, "percent": plan_text.percent, "shares": plan_text.shares, "short": plan_text.short,
        "when": lambda iso: iso[:16].replace("T", " "), "share": lambda part: f"{part:.1%}",
        "count": lambda quantity: f"{quantity:,.0f}",
    }  # fmt: skip
    environment.filters.update(filters)
    source = resources.files("sottovoce.analytics.reports").joinpath("templates", "plan.html.j2")
    return environment.from_string(source.read_text("utf-8"))
