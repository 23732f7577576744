"""`sottovoce basket plan`: how a list of orders would be worked as one, before anything of it is entered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import cyclopts
import msgspec

from sottovoce.apps.basket_command import Json, stopped_unless
from sottovoce.apps.numbers_in import Whole, attempted
from sottovoce.apps.output import emit
from sottovoce.core.errors import ConfigError

if TYPE_CHECKING:
    from sottovoce.runtime.config import Config
    from sottovoce.stages.planning.config import PlanningConfig
    from sottovoce.stages.planning.list_plan import ListPlan

app = cyclopts.App()
"""Joined to `sottovoce basket` by the command line."""


@app.command
def plan(
    file: Path,
    *,
    declared_notional: str | None = None,
    currency: str = "USD",
    date: str | None = None,
    config: Path | None = None,
    forecasts: Path | None = None,
    risk_aversion_per_dollar: float | None = None,
    participation_max: float | None = None,
    cash_imbalance_max_usd: float | None = None,
    beta_max_usd: float | None = None,
    sector_max_usd: float | None = None,
    buckets: Whole | None = None,
    plot: Path | None = None,
    as_json: Json = False,
) -> None:
    """Schedule a list over the next session: all legs together, within limits, naming what binds or stands in the way.

    The list goes through the gateway's and risk's checks as in `basket check`; what they would stop is not planned.
    What is not given is as the configuration has it under planning.lists, which can also have lists worked this way.

    Args:
        file: a CSV with a header; columns symbol, side, quantity or notional, and what else is wanted.
        declared_notional: what the list is meant to be worth, gross, in its currency; compared with what it comes to.
        currency: the currency of the list.
        date: the trading day; the day after the reference data's date when not given.
        config: a configuration file; the simulation desk when not given.
        forecasts: volume, volatility and spread of the session, as `sottovoce forecast … --save` writes them.
        risk_aversion_per_dollar: what a dollar squared of variance is worth.
        participation_max: most of a name's volume in any bucket, as a fraction.
        cash_imbalance_max_usd: most raised by sales and not yet spent, or the other way round, after any bucket.
        beta_max_usd: most of |sum of beta times what is left|, after any bucket.
        sector_max_usd: most of |what is left| net in any sector, after any bucket.
        buckets: into how many equal pieces of clock time the session is cut.
        plot: write a drawing here, as .svg, .png or .html.
        as_json: one JSON object on standard output.

    Example:
        sottovoce basket plan examples/list_to_plan.csv --risk-aversion-per-dollar 3e-7 --beta-max-usd 2e6
    """
    from sottovoce.apps.baskets_in import basket_from
    from sottovoce.apps.desk_parts import open_parts
    from sottovoce.runtime.basket_preview import preview_basket
    from sottovoce.stages.planning.list_plan import plan_list

    parts = open_parts(config, date, forecasts)
    read, basket = basket_from(file, declared_notional, currency)
    session, reference = parts.sessions(1)[0], parts.reference
    seen = preview_basket(basket, session, reference, parts.calendar, parts.config)
    stopped_unless(read, basket, seen)
    asked = {
        "risk_aversion": risk_aversion_per_dollar, "buckets": buckets,
        "participation_ppm": None if participation_max is None else _ppm(participation_max),
        "cash_imbalance_max": cash_imbalance_max_usd,
        "beta_max": beta_max_usd,
        "sector_max": sector_max_usd,
    }  # fmt: skip
    planned = attempted(lambda: plan_list(seen.legs, session, session.open_ns, reference, _with(parts.config, asked)))
    _answer(planned, basket.basket_id, currency, plot, as_json)


def _answer(planned: ListPlan, basket_id: str, currency: str, plot: Path | None, as_json: bool) -> None:
    from sottovoce.apps.schedule_basket_output import basket_document, basket_text, write_drawing

    document: dict[str, Any] = {
        "basket_id": basket_id,
        "flags": list(planned.flags),
        **basket_document(planned.basket, planned.schedule, planned.lots, planned.impact, currency),
    }
    if plot is not None:
        write_drawing(plot, planned.basket, planned.schedule, document)
    told = [basket_text(document), *(f"note: {flag}" for flag in planned.flags), "Nothing was entered."]
    emit(document, as_json, lambda: "\n".join(told))


def _ppm(part: float) -> int:
    """A part as parts per million. Raises ModelError, out_of_range."""
    from sottovoce.models.guards import within

    return round(within("Maximum participation", part, 1e-6, 1.0) * 1e6)


def _with(config: Config, asked: dict[str, Any]) -> PlanningConfig:
    """The desk's planning with what was asked for this list and is not None. Raises ConfigError, config_invalid."""
    given = {name: each for name, each in asked.items() if each is not None}
    try:
        lists = msgspec.structs.replace(config.planning.lists, **given)
    except ValueError as error:
        raise ConfigError(f"{error}.", code="config_invalid") from error
    return msgspec.structs.replace(config.planning, lists=lists)
