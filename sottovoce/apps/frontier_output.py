"""The frontier as text, as an object, and as a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sottovoce.apps.output import emit
from sottovoce.core.choices import Choice
from sottovoce.core.errors import ModelError
from sottovoce.core.orders import Plan

FIRST_DAY = "2018-02-08"
"""Whole sessions follow it: the frontier needs days to trade in, and none in particular."""


def show(given: dict[str, Any], plot: Path | None, as_json: bool) -> None:
    """Make the frontier of the figures given (FrontierInputs), draw it where that was asked for, and print it.

    Raises: ModelError, PlanError, ConfigError, for figures without meaning and for a drawing that cannot be made.
    """
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.apps.numbers_in import attempted
    from sottovoce.runtime.frontier import DAYS_MAX, FrontierInputs, frontier
    from sottovoce.runtime.markets import sessions_for

    calendar = load_calendar()
    sessions = sessions_for(calendar, FIRST_DAY, DAYS_MAX)
    plan = attempted(lambda: frontier(FrontierInputs(**given), calendar, sessions))
    if plot is not None:
        draw(plan, plot)
    emit(document(plan), as_json, lambda: text(plan))


def document(plan: Plan) -> dict[str, Any]:
    """The choice, its reason, and the model it rests on; impact is that of the way chosen.

    Raises: ModelError `not_compared`.
    """
    from sottovoce.apps.impact_output import impact_document

    choice = _choice(plan)
    return {
        **msgspec.to_builtins(choice),
        "reason": plan.reason,
        "model_version": plan.model_version,
        "impact": None if plan.impact is None else impact_document(plan.impact),
        "flags": list(plan.flags),
    }


def text(plan: Plan) -> str:
    """The table, what would change the choice, and warnings."""
    from sottovoce.analytics.reports.choice_text import choice_lines
    from sottovoce.analytics.reports.plan_layout import heading, wrapped

    choice = _choice(plan)
    flags = [line for flag in plan.flags for line in wrapped(f"! {flag}", 2)]
    model = wrapped(_model(plan), 2)
    head = [*heading(f"Frontier: {choice.chosen}"), *wrapped(plan.reason, 2)]
    return "\n".join([*head, *choice_lines(choice), "", *model, *flags])


def _model(plan: Plan) -> str:
    """What the impact of the way chosen rests on."""
    from sottovoce.apps.impact_output import EXTRAPOLATED, impact_line

    if plan.impact is None:
        return f"Impact by {plan.model_version}."
    return f"Impact {impact_line(plan.impact)}{EXTRAPOLATED[plan.impact.extrapolated]}."


def draw(plan: Plan, path: Path) -> None:
    """The frontier drawn where it was asked for. Raises: ConfigError plot_form, plot_extra_missing, plot_unwritable."""
    from sottovoce.analytics.reports.choice_chart import choice_chart, says
    from sottovoce.analytics.reports.picture_file import check_form, picture
    from sottovoce.apps.market_simulate import write_plot

    check_form(path.suffix)
    choice = _choice(plan)
    write_plot(path, picture(choice_chart(choice, 620, 380), path.suffix, says(choice)))


def _choice(plan: Plan) -> Choice:
    if plan.choice is None:
        raise ModelError("The candidates cannot be compared on these figures.", code="not_compared")
    return plan.choice
