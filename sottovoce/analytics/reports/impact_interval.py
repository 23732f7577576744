"""How sure the impact model is of its own answer: the interval of the expected impact, and the most speed can
cost.

The plan's cost_low and cost_high bound one order's outcome, which price noise dominates. These bound the
average: they come from the standard errors of the coefficients where the model publishes them.
"""

from __future__ import annotations

from sottovoce.core.enums import Strategy
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.orders import Alternative, ParentOrder, Plan
from sottovoce.models.impact_almgren import ALMGREN_2005, AlmgrenCost, almgren2005, cost_interval
from sottovoce.models.impact_istar import ALL_STOCK, istar
from sottovoce.models.impact_sqrt import UNIT_LAW, sqrt_law
from sottovoce.models.market_factors import annual_volatility

Z_80 = 1.281552


def almgren_at(order: ParentOrder, instrument: Instrument, participation: float) -> AlmgrenCost | None:
    """Almgren 2005 for the order at a constant share of volume; None where a figure is missing or the share
    is 0.
    """
    adv, shares = known(instrument.adv), known(instrument.shares_outstanding)
    sigma = known(instrument.sigma_daily)
    if not adv or not shares or not sigma or participation <= 0:
        return None
    return almgren2005(order.order_qty, adv, shares, sigma, order.order_qty / adv / participation)


def direct_impact(order: ParentOrder, plan: Plan, instrument: Instrument) -> float | None:
    """Average impact of a direct order by the square-root law, bps: the figure its plan's total contains."""
    adv, sigma = known(instrument.adv), known(instrument.sigma_daily)
    if plan.strategy is not Strategy.SOR or not adv or not sigma:
        return None
    if plan.impact is not None:
        return round(plan.impact.value_bps, 4)
    return round(sqrt_law(order.order_qty / adv, sigma).average_bps, 4)


def chosen(plan: Plan) -> Alternative | None:
    """The alternative the plan follows; None for a direct order, which has none."""
    return next((each for each in plan.alternatives if each.name == plan.recommended), None)


def impact_interval(
    order: ParentOrder, plan: Plan, instrument: Instrument, way: Alternative | None
) -> tuple[float, float] | None:
    """80 % bounds of an alternative's expected impact, bps; None where no model that publishes its errors was used."""
    if way is None:
        return None
    if plan.model_version != ALMGREN_2005.version:
        return _calibrated_interval(plan, way)
    cost = almgren_at(order, instrument, way.participation)
    if cost is None:
        return None
    reach = Z_80 * cost_interval(cost, include_exponents=True).standard_error_bps
    return round(max(way.impact_bps - reach, 0.0), 4), round(way.impact_bps + reach, 4)


def is_calibrated(plan: Plan) -> bool:
    """Whether a version of one's own planned it: `sottovoce calibrate show` prints its figures."""
    published = plan.model_version in (ALMGREN_2005.version, ALL_STOCK.version, UNIT_LAW.version)
    return plan.impact is not None and plan.impact.n > 0 and not published


def _calibrated_interval(plan: Plan, way: Alternative) -> tuple[float, float] | None:
    """The plan's own interval, at another way's impact as wide in proportion; None where its model has none."""
    said = plan.impact
    if said is None or said.low_bps is None or said.high_bps is None or said.value_bps <= 0:
        return None
    times = way.impact_bps / said.value_bps
    return round(said.low_bps * times, 4), round(said.high_bps * times, 4)


def impact_most(order: ParentOrder, plan: Plan, instrument: Instrument) -> float | None:
    """Expected impact if all of the order traded at the plan's maximum participation, bps; None without a
    model.
    """
    most = plan.max_participation_ppm / 1e6
    if plan.strategy in (Strategy.SOR, Strategy.CLOSE):
        return None
    if plan.model_version == ALMGREN_2005.version:
        cost = almgren_at(order, instrument, most)
        return None if cost is None else round(cost.cost_bps, 4)
    adv, sigma = known(instrument.adv), annual_volatility(known(instrument.sigma_daily))
    if plan.model_version == ALL_STOCK.version and adv and sigma:
        return round(istar(order.order_qty / adv, sigma, most).cost_bps, 4)
    return None
