"""The market-impact document: what moves the price, factor by factor, with the coefficients and how sure they
are.

Three models answer for the same order; the total is the first that has its figures (Almgren 2005, then
I-Star), the others stand beside it. A factor without data carries None and the reason, and prints "not
estimated".
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.analytics.reports.impact_interval import almgren_at, impact_interval
from sottovoce.core.instrument import Fact, Instrument, known
from sottovoce.core.market import MarketState
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.models.impact_almgren import ALMGREN_2005
from sottovoce.models.impact_istar import ALL_STOCK, istar
from sottovoce.models.impact_sqrt import sqrt_law
from sottovoce.models.market_factors import (
    CALM_BELOW,
    VOLATILE_ABOVE,
    annual_volatility,
    sector_concentration,
    time_of_day_multiplier,
)
from sottovoce.models.volume import US_EQUITY, VolumeCurve

NO_ADV = "no average daily volume for this instrument"
NO_SIGMA = "no daily volatility for this instrument"
NO_SHARES = "no shares outstanding for this instrument"
NO_POSITIONS = "no positions by sector were given"


class Factor(msgspec.Struct, frozen=True, kw_only=True):
    """One factor: its figure with unit, what it means here, or why it is not estimated (value None)."""

    name: str
    value: float | None
    unit: str
    meaning: str = ""
    not_estimated: str = ""


class Coefficient(msgspec.Struct, frozen=True, kw_only=True):
    """A model's figure with its standard error; None where none is published."""

    name: str
    value: float
    standard_error: float | None


class ImpactPart(msgspec.Struct, frozen=True, kw_only=True):
    """The temporary or the permanent part. bps: the model's part; paid_bps: what of it the average fill
    pays.
    """

    bps: float | None
    paid_bps: float | None
    formula: str
    coefficients: tuple[Coefficient, ...]
    not_estimated: str = ""


class TotalImpact(msgspec.Struct, frozen=True, kw_only=True):
    """Expected impact of the average fill against arrival; plus_minus_bps is half the interval's width."""

    bps: float | None
    plus_minus_bps: float | None
    low_bps: float | None
    high_bps: float | None
    confidence: float
    not_estimated: str = ""


class ModelAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What one model says of the same order."""

    model: str
    cost_bps: float | None
    note: str


class BestStrategy(msgspec.Struct, frozen=True, kw_only=True):
    strategy: str
    name: str
    reason: str


class ImpactDocument(msgspec.Struct, frozen=True, kw_only=True):
    """The whole document. quantity in shares; adv in shares a day, dated and sourced; percentages as
    percent.
    """

    title: str
    symbol: str
    horizon_days: float | None
    model_version: str
    adv: float | None
    adv_as_of: str
    adv_source: str
    quantity: int
    pct_of_adv: float | None
    pct_of_market_cap: float | None
    temporary: ImpactPart
    permanent: ImpactPart
    volatility_adjustment: Factor
    momentum: Factor
    volatility_regime: Factor
    time_of_day: Factor
    sector_concentration: Factor
    total: TotalImpact
    models: tuple[ModelAnswer, ...]
    best_strategy: BestStrategy
    flags: tuple[str, ...]


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
        volatility_adjustment=_volatility_adjustment(instrument),
        momentum=_momentum(order, instrument),
        volatility_regime=_regime(instrument),
        time_of_day=_time_of_day(plan, curve),
        sector_concentration=_sector(order, instrument, market, sector_values),
        total=_total(order, plan, instrument),
        models=_models(order, plan, instrument),
        best_strategy=BestStrategy(strategy=plan.strategy.value, name=plan.recommended, reason=plan.reason),
        flags=plan.flags,
    )


def expected_participation(plan: Plan) -> float:
    """Expected share of the volume of the plan's own way, 0 where there is none."""
    return next((each.participation for each in plan.alternatives if each.name == plan.recommended), 0.0)


def why_no_impact(instrument: Instrument) -> str:
    """The first figure the impact models miss; empty when none is missing."""
    for fact, why in ((instrument.adv, NO_ADV), (instrument.sigma_daily, NO_SIGMA)):
        if known(fact) is None:
            return why
    return ""


def _temporary(order: ParentOrder, plan: Plan, instrument: Instrument) -> ImpactPart:
    p = ALMGREN_2005
    way = next((each for each in plan.alternatives if each.name == plan.recommended), None)
    missing = why_no_impact(instrument) or ("" if way is not None else "a direct order is costed by the square-root law")
    paid = None if missing or way is None else round(way.impact_bps - plan.permanent_bps, 4)
    if plan.model_version == ALL_STOCK.version:
        return ImpactPart(
            bps=paid, paid_bps=paid, formula="b1 I* POV^a4, I* = a1 (X/V)^a2 sigma_annual^a3",
            coefficients=_istar_coefficients(), not_estimated=missing,
        )  # fmt: skip
    return ImpactPart(
        bps=paid, paid_bps=paid, formula="eta sigma (X / V T)^beta, over the schedule's buckets",
        coefficients=(
            Coefficient(name="eta", value=p.eta, standard_error=p.eta_se),
            Coefficient(name="beta", value=p.beta, standard_error=p.beta_se),
        ),
        not_estimated=missing,
    )  # fmt: skip


def _permanent(order: ParentOrder, plan: Plan, instrument: Instrument) -> ImpactPart:
    p = ALMGREN_2005
    missing = why_no_impact(instrument)
    if plan.model_version == ALL_STOCK.version:
        return ImpactPart(
            bps=plan.permanent_bps, paid_bps=plan.permanent_bps, formula="(1 - b1) I*",
            coefficients=_istar_coefficients(),
        )  # fmt: skip
    cost = almgren_at(order, instrument, 1.0)
    if not missing and cost is None:
        missing = NO_SHARES
    return ImpactPart(
        bps=None if cost is None else round(cost.permanent_bps, 4),
        paid_bps=None if cost is None else round(cost.permanent_bps / 2, 4),
        formula="gamma sigma (X / V)^alpha (Theta / V)^delta; the order pays half",
        coefficients=(
            Coefficient(name="gamma", value=p.gamma, standard_error=p.gamma_se),
            Coefficient(name="alpha", value=p.alpha, standard_error=p.alpha_se),
            Coefficient(name="delta", value=p.delta, standard_error=p.delta_se),
        ),
        not_estimated=missing,
    )  # fmt: skip


def _istar_coefficients() -> tuple[Coefficient, ...]:
    names = ("a1", "a2", "a3", "a4", "b1")
    return tuple(Coefficient(name=each, value=getattr(ALL_STOCK, each), standard_error=None) for each in names)


def _volatility_adjustment(instrument: Instrument) -> Factor:
    sigma, year = known(instrument.sigma_daily), known(instrument.sigma_daily_long)
    name, unit = "volatility adjustment", "times"
    if sigma is None or not year:
        why = NO_SIGMA if sigma is None else "no long-run volatility for this instrument"
        return Factor(name=name, value=None, unit=unit, not_estimated=why)
    meaning = f"impact is proportional to volatility: {sigma:.2%} a day now, {year:.2%} over the year"
    return Factor(name=name, value=round(sigma / year, 4), unit=unit, meaning=meaning)


def _momentum(order: ParentOrder, instrument: Instrument) -> Factor:
    name, unit = "momentum", "bps over 20 days, positive = against the order"
    move = known(instrument.momentum_20d)
    if move is None:
        return Factor(name=name, value=None, unit=unit, not_estimated=_why(instrument.momentum_20d, "momentum"))
    against = order.side.sign * move
    way = "the price has been moving against the order" if against > 0 else "the price has been coming to the order"
    return Factor(name=name, value=round(1e4 * against, 1), unit=unit, meaning=f"{way}; not part of the total")


def _regime(instrument: Instrument) -> Factor:
    name, unit = "volatility regime", "recent over long-run volatility"
    sigma, year = known(instrument.sigma_daily), known(instrument.sigma_daily_long)
    if sigma is None or not year:
        return Factor(name=name, value=None, unit=unit, not_estimated="needs recent and long-run volatility")
    ratio = sigma / year
    word = "calm" if ratio < CALM_BELOW else "volatile" if ratio > VOLATILE_ABOVE else "normal"
    return Factor(name=name, value=round(ratio, 4), unit=unit, meaning=word)


def _time_of_day(plan: Plan, curve: VolumeCurve | None) -> Factor:
    name, unit = "time of day", "times the cost at the day's average volume rate"
    hours = _hours(plan, curve)
    if curve is None or hours is None:
        return Factor(name=name, value=None, unit=unit, not_estimated="no volume curve for this window")
    multiplier = time_of_day_multiplier(curve, *hours)
    if multiplier is None:
        return Factor(name=name, value=None, unit=unit, not_estimated="the window is outside the volume curve")
    meaning = f"volume curve {curve.name}; it is in the schedule's buckets already"
    return Factor(name=name, value=round(multiplier, 4), unit=unit, meaning=meaning)


def _hours(plan: Plan, curve: VolumeCurve | None) -> tuple[int, int] | None:
    """The window in ns of the exchange's day: known from the curve for whole sessions, else from the first
    edge.
    """
    if curve is None:
        return None
    length = plan.edges_ns[-1] - plan.edges_ns[0]
    day = curve.close_ns - curve.open_ns
    if length >= day:
        return curve.open_ns, curve.close_ns
    return None


def _sector(
    order: ParentOrder, instrument: Instrument, market: MarketState | None, values: Mapping[str, float] | None
) -> Factor:
    name, unit = "sector concentration", "% of gross value in the sector after the order"
    if values is None or instrument.sector is None:
        why = NO_POSITIONS if values is None else "no sector for this instrument"
        return Factor(name=name, value=None, unit=unit, not_estimated=why)
    mid = order.arrival_px if market is None or market.bid <= 0 else (market.bid + market.ask) / 2
    share = sector_concentration(values, instrument.sector, order.side.sign * order.order_qty * mid / order.price_scale)
    if share is None:
        return Factor(name=name, value=None, unit=unit, not_estimated="nothing would be held")
    return Factor(name=name, value=round(100 * share, 2), unit=unit, meaning=instrument.sector)


def _total(order: ParentOrder, plan: Plan, instrument: Instrument) -> TotalImpact:
    missing = why_no_impact(instrument)
    way = next((each for each in plan.alternatives if each.name == plan.recommended), None)
    interval = impact_interval(order, plan, instrument)
    bps = way.impact_bps if way is not None and not missing else None
    if way is None and not missing:
        bps = _sqrt(order, instrument)
    return TotalImpact(
        bps=bps,
        plus_minus_bps=None if interval is None or bps is None else round(interval[1] - bps, 4),
        low_bps=None if interval is None else interval[0],
        high_bps=None if interval is None else interval[1],
        confidence=0.80,
        not_estimated=missing,
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


def _sqrt(order: ParentOrder, instrument: Instrument) -> float | None:
    adv, sigma = known(instrument.adv), known(instrument.sigma_daily)
    return round(sqrt_law(order.order_qty / adv, sigma).average_bps, 4) if adv and sigma else None


def _why(fact: Fact | None, what: str) -> str:
    """Why a figure is missing, in its source's own words where it was marked unusable."""
    return f"no {what} for this instrument" if fact is None else fact.source
