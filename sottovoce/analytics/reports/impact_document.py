"""The market-impact document: what moves the price, factor by factor, with the coefficients and how sure they are.

Three models answer for the same order; the total is the first that has its figures (Almgren 2005, then I-Star), the
others stand beside it. A factor without data carries None and the reason, and prints "not estimated".
"""

from __future__ import annotations

from collections.abc import Mapping

from sottovoce.analytics.reports.impact_factors import (
    SIGMA,
    missing,
    momentum,
    regime,
    sector,
    time_of_day,
    volatility_adjustment,
)
from sottovoce.analytics.reports.impact_interval import almgren_at, chosen, impact_interval, is_calibrated
from sottovoce.analytics.reports.impact_sections import (
    BestStrategy,
    Coefficient,
    ImpactDocument,
    ImpactPart,
    ModelAnswer,
    TotalImpact,
)
from sottovoce.core.enums import Strategy
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketState
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.models.impact_almgren import ALMGREN_2005
from sottovoce.models.impact_istar import ALL_STOCK, istar
from sottovoce.models.impact_sqrt import sqrt_law
from sottovoce.models.market_factors import annual_volatility
from sottovoce.models.volume import US_EQUITY, VolumeCurve

DIRECT = "a direct order is costed by the square-root law, which does not split"


def impact_document(
    order: ParentOrder,
    plan: Plan,
    instrument: Instrument,
    market: MarketState | None = None,
    sector_values: Mapping[str, float] | None = None,
    curve: VolumeCurve | None = US_EQUITY,
) -> ImpactDocument:
    """Put together the document of one planned order.

    Args:
        market: gives the price of the order's value where there is a touch; else the arrival price is used.
        sector_values: signed position value by sector before the order. curve: the instrument's day, None if
        unknown.
    """
    adv, shares = known(instrument.adv), known(instrument.shares_outstanding)
    volume = expected_participation(plan)
    return ImpactDocument(
        title=f"Market impact: {order.side.value.replace('_', ' ')} {order.order_qty:,} {order.symbol}",
        symbol=order.symbol,
        horizon_days=order.order_qty / adv / volume if adv and volume else None,
        model_version=plan.model_version,
        adv=adv,
        adv_as_of="" if instrument.adv is None else instrument.adv.as_of,
        adv_source="" if instrument.adv is None else instrument.adv.source,
        quantity=order.order_qty,
        pct_of_adv=100.0 * order.order_qty / adv if adv else None,
        pct_of_market_cap=100.0 * order.order_qty / shares if shares else None,
        temporary=_temporary(order, plan, instrument),
        permanent=_permanent(order, plan, instrument),
        volatility_adjustment=volatility_adjustment(instrument),
        momentum=momentum(order, instrument),
        volatility_regime=regime(instrument),
        time_of_day=time_of_day(plan, instrument, curve),
        sector_concentration=sector(order, instrument, market, sector_values),
        total=_total(order, plan, instrument),
        models=_models(order, plan, instrument),
        best_strategy=BestStrategy(strategy=plan.strategy.value, name=plan.recommended, reason=plan.reason),
        flags=plan.flags,
    )


def expected_participation(plan: Plan) -> float:
    """Expected share of the volume of the plan's own way, 0 where there is none."""
    way = chosen(plan)
    return 0.0 if way is None else way.participation


def why_no_impact(instrument: Instrument) -> str:
    """The first figure the impact models miss; empty when none is missing."""
    for fact, what in ((instrument.adv, "average daily volume"), (instrument.sigma_daily, SIGMA)):
        if known(fact) is None:
            return missing(fact, what)
    return ""


def _temporary(order: ParentOrder, plan: Plan, instrument: Instrument) -> ImpactPart:
    p = ALMGREN_2005
    way = chosen(plan)
    why = why_no_impact(instrument) or ("" if way is not None else DIRECT)
    paid = None if why or way is None else round(way.impact_bps - plan.permanent_bps, 4)
    if plan.model_version == ALL_STOCK.version:
        return ImpactPart(
            bps=paid, paid_bps=paid, formula="b1 I* POV^a4, I* = a1 (X/V)^a2 sigma_annual^a3",
            coefficients=_istar_coefficients(), not_estimated=why,
        )  # fmt: skip
    return ImpactPart(
        bps=paid, paid_bps=paid, formula="eta sigma (X / V T)^beta, over the schedule's buckets",
        coefficients=()
        if is_calibrated(plan)
        else (
            Coefficient(name="eta", value=p.eta, standard_error=p.eta_se),
            Coefficient(name="beta", value=p.beta, standard_error=p.beta_se),
        ),
        not_estimated=why,
    )  # fmt: skip


def _permanent(order: ParentOrder, plan: Plan, instrument: Instrument) -> ImpactPart:
    p = ALMGREN_2005
    why = why_no_impact(instrument) or (DIRECT if plan.strategy is Strategy.SOR else "")
    if plan.model_version == ALL_STOCK.version:
        return ImpactPart(
            bps=plan.permanent_bps, paid_bps=plan.permanent_bps, formula="(1 - b1) I*",
            coefficients=_istar_coefficients(),
        )  # fmt: skip
    if is_calibrated(plan) and not why:
        return ImpactPart(
            bps=2 * plan.permanent_bps, paid_bps=plan.permanent_bps, coefficients=(),
            formula=f"gamma sigma (X / V)^alpha (Theta / V)^delta, {plan.model_version}; the order pays half",
        )  # fmt: skip
    cost = None if why else almgren_at(order, instrument, 1.0)
    if not why and cost is None:
        why = missing(instrument.shares_outstanding, "shares outstanding")
    return ImpactPart(
        bps=None if cost is None else round(cost.permanent_bps, 4),
        paid_bps=None if cost is None else round(cost.permanent_bps / 2, 4),
        formula="gamma sigma (X / V)^alpha (Theta / V)^delta; the order pays half",
        coefficients=(
            Coefficient(name="gamma", value=p.gamma, standard_error=p.gamma_se),
            Coefficient(name="alpha", value=p.alpha, standard_error=p.alpha_se),
            Coefficient(name="delta", value=p.delta, standard_error=p.delta_se),
        ),
        not_estimated=why,
    )  # fmt: skip


def _istar_coefficients() -> tuple[Coefficient, ...]:
    names = ("a1", "a2", "a3", "a4", "b1")
    return tuple(Coefficient(name=each, value=getattr(ALL_STOCK, each), standard_error=None) for each in names)


def _total(order: ParentOrder, plan: Plan, instrument: Instrument) -> TotalImpact:
    why = why_no_impact(instrument)
    way = chosen(plan)
    interval = impact_interval(order, plan, instrument, way)
    bps = way.impact_bps if way is not None and not why else None
    if way is None and not why:
        bps = _sqrt(order, instrument)
    return TotalImpact(
        bps=bps,
        plus_minus_bps=None if interval is None or bps is None else round(interval[1] - bps, 4),
        low_bps=None if interval is None else interval[0],
        high_bps=None if interval is None else interval[1],
        confidence=0.80,
        not_estimated=why,
    )


def _models(order: ParentOrder, plan: Plan, instrument: Instrument) -> tuple[ModelAnswer, ...]:
    """Every model's answer at the plan's share of volume; the plan's own schedule moves the first a
    little.
    """
    share = expected_participation(plan)
    almgren = almgren_at(order, instrument, share)
    adv, annual = known(instrument.adv), annual_volatility(known(instrument.sigma_daily))
    star = istar(order.order_qty / adv, annual, min(share, 1.0)).cost_bps if adv and annual and share > 0 else None
    return (
        *_calibrated(plan),
        ModelAnswer(
            model=ALMGREN_2005.version, cost_bps=None if almgren is None else round(almgren.cost_bps, 4),
            note="permanent/2 + temporary, intraday orders up to 10 % of ADV",
        ),
        ModelAnswer(
            model=ALL_STOCK.version, cost_bps=None if star is None else round(star, 4),
            note="all-stock coefficients, no published errors",
        ),
        ModelAnswer(
            model="sqrt-law/y1-d0.5", cost_bps=_sqrt(order, instrument),
            note="average of the path, two thirds of the peak; blind to the speed of trading",
        ),
    )  # fmt: skip


def _calibrated(plan: Plan) -> tuple[ModelAnswer, ...]:
    """The answer of a version of one's own, where one planned the order."""
    if plan.impact is None or not is_calibrated(plan):
        return ()
    outside = "; extrapolated" if plan.impact.extrapolated else ""
    note = f"calibrated on {plan.impact.n:,} orders, {plan.impact.window}{outside}"
    return (ModelAnswer(model=plan.model_version, cost_bps=round(plan.impact.value_bps, 4), note=note),)


def _sqrt(order: ParentOrder, instrument: Instrument) -> float | None:
    adv, sigma = known(instrument.adv), known(instrument.sigma_daily)
    return round(sqrt_law(order.order_qty / adv, sigma).average_bps, 4) if adv and sigma else None
