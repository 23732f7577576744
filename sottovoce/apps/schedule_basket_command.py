"""`sottovoce schedule basket`: a list worked as one, within what it may be out by on the way."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING

import cyclopts

from sottovoce.apps.numbers_in import Whole, attempted
from sottovoce.apps.output import emit
from sottovoce.apps.schedule_commands import Json, check_periods

if TYPE_CHECKING:
    from sottovoce.intake.schedule_list import ListRow
    from sottovoce.models.schedule_constrained_list import ListedName, ListMarket
    from sottovoce.models.schedule_constrained_problem import BasketLimits, ConstrainedBasket

app = cyclopts.App()
"""Joined to `sottovoce schedule` by the command line."""


@app.command
def basket(
    *file: Path,
    risk_aversion_per_dollar: float = 1e-6,
    participation_max: float = 0.10,
    cash_imbalance_max_usd: float = inf,
    beta_max_usd: float = inf,
    sector_max_usd: float = inf,
    horizon_days: float = 1.0,
    buckets: Whole = 39,
    market_sigma_daily: float | None = None,
    sector_sigma_daily: float | None = None,
    plot: Path | None = None,
    as_json: Json = False,
) -> None:
    """Almgren and Chriss for a list under limits: the cheapest schedule for its risk that never leaves them.

    Nothing is sold that was not on the list. Limits that cannot be kept are refused with the one that stands in the
    way and what it would need; none is relaxed.

    Args:
        file: CSV or JSON lists; columns symbol, side (buy, sell), quantity, price, adv, sigma_daily, spread_bps, beta,
            sector, and where wanted participation_max, first_bucket, last_bucket (from 1), lot.
        risk_aversion_per_dollar: what a dollar squared of variance is worth.
        participation_max: most of a name's volume in any bucket, as a fraction; an order's own goes first.
        cash_imbalance_max_usd: most raised by sales and not yet spent, or the other way round, after any bucket.
        beta_max_usd: most of |sum of beta times what is left|, after any bucket.
        sector_max_usd: most of |what is left| net in any sector, after any bucket.
        horizon_days: sessions, from an open.
        buckets: into how many equal pieces of clock time; 39 to a session are ten minutes each.
        market_sigma_daily: volatility of the market's return in a day, as a fraction.
        sector_sigma_daily: volatility of a sector's return beyond the market's, as a fraction.
        plot: write a drawing here, as .svg, .png or .html.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule basket examples/list_to_schedule.csv --risk-aversion-per-dollar 3e-7
        --participation-max 0.15 --cash-imbalance-max-usd 1.2e7 --beta-max-usd 2e6 --sector-max-usd 1.8e7
    """
    from sottovoce.intake.schedule_list import read_schedule_list
    from sottovoce.models import schedule_constrained_list as lists
    from sottovoce.models.schedule_constrained_problem import BasketLimits
    from sottovoce.models.session_buckets import session_buckets
    from sottovoce.models.volume import US_EQUITY

    check_periods(buckets)
    if plot is not None:
        _check_plot(plot)
    cut = session_buckets(US_EQUITY, horizon_days, buckets)
    market = lists.ListMarket(
        volume_days=cut.volume_days, continuous=US_EQUITY.continuous, buckets=cut.labels,
        participation=participation_max,
        market_sigma_daily=lists.MARKET_SIGMA_DAILY if market_sigma_daily is None else market_sigma_daily,
        sector_sigma_daily=lists.SECTOR_SIGMA_DAILY if sector_sigma_daily is None else sector_sigma_daily,
    )  # fmt: skip
    rows = [row for each in file for row in read_schedule_list(each)]
    listed = attempted(lambda: lists.listed_basket([_name(row) for row in rows], market))
    limits = BasketLimits(cash_max=cash_imbalance_max_usd, beta_max=beta_max_usd, sector_max=sector_max_usd)
    _answer(listed, limits, risk_aversion_per_dollar, rows, market, plot, as_json)


def _answer(
    listed: ConstrainedBasket,
    limits: BasketLimits,
    aversion: float,
    rows: list[ListRow],
    market: ListMarket,
    plot: Path | None,
    as_json: bool,
) -> None:
    """Solve, cut in lots, print and draw."""
    import numpy as np

    from sottovoce.apps.schedule_basket_output import basket_document, basket_text, write_drawing
    from sottovoce.models.impact_of_list import list_impact
    from sottovoce.models.schedule_constrained import constrained_schedule
    from sottovoce.models.schedule_constrained_lots import in_lots

    found = attempted(lambda: constrained_schedule(listed, limits, aversion))
    cut = in_lots(listed, found, np.array([row.lot for row in rows], dtype=np.int64))
    impact = list_impact(listed, found.holdings, np.array([row.adv for row in rows]), market)
    document = basket_document(listed, found, cut, impact, "USD")
    if plot is not None:
        write_drawing(plot, listed, found, document)
    emit(document, as_json, lambda: basket_text(document))


def _check_plot(plot: Path) -> None:
    from sottovoce.analytics.reports.picture_file import check_form

    check_form(plot.suffix)


def _name(row: ListRow) -> ListedName:
    """One row in the model's signs and counting."""
    from sottovoce.models.schedule_constrained_list import ListedName

    return ListedName(
        symbol=row.symbol,
        quantity=float(row.quantity if row.side == "sell" else -row.quantity),
        price=row.price,
        adv=row.adv,
        sigma_daily=row.sigma_daily,
        spread_bps=row.spread_bps,
        beta=row.beta,
        sector=row.sector,
        participation=row.participation_max,
        first_bucket=0 if row.first_bucket is None else row.first_bucket - 1,
        last_bucket=None if row.last_bucket is None else row.last_bucket - 1,
        lot=row.lot,
    )
