"""The plan of a direct order (SOR): all of it due now, no alternatives, nothing computed twice.

This plan is on the latency path, so what depends on the instrument alone is worked out once per version of the
reference data, and per session where there are forecasts: the coefficient of the square-root law (the published one, or
a calibration's), the fees, the timing risk of the time a direct order takes. The law stands in for Almgren 2005, whose
cost grows without bound as the duration goes to nothing.
"""

from __future__ import annotations

from math import sqrt

import msgspec

from sottovoce.core.choices import Reading
from sottovoce.core.enums import Strategy
from sottovoce.core.forecast import SPREAD, VOLATILITY, VOLUME
from sottovoce.core.impact_estimate import ImpactEstimate
from sottovoce.core.instrument import Instrument, expected, known
from sottovoce.core.market import MarketView, Quote
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan
from sottovoce.core.ports import Session
from sottovoce.core.units import BPS
from sottovoce.models.cost_interval import Z_80
from sottovoce.models.impact_sqrt import SquareRootLaw, sqrt_law
from sottovoce.stages.planning.ahead import NOTHING, Known, known_forecasts
from sottovoce.stages.planning.completion import within_limit
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.costing import SPREAD_ONLY
from sottovoce.stages.planning.facts import NO_ADV, NO_SIGMA, NO_SPREAD
from sottovoce.stages.planning.forecast_readings import forecast_readings
from sottovoce.stages.planning.reason import DIRECT
from sottovoce.stages.planning.sizing import dark_ppm

SOR = Strategy.SOR
CURVE = (CURVE_ONE, CURVE_ONE)
HALF_BPS = 0.5 * BPS
SQUARE_ROOT = "square_root"
GRID = 10_000
"""Figures are cut to 1e-4 bps."""
NEVER = 2**63 - 1
EXTRAPOLATED = "extrapolated: the size is above {most:.0%} of ADV"


class Direct(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a direct order's plan takes from its instrument. average_bps is for one share: times quantity^exponent.

    fee_units is the fee in bps times the price in units; noise_bps2 the square of the 80 % reach of timing risk;
    spread_bps the forecast of the session, else the dated figure, None where there is none. until_ns: when the session
    of its forecasts is over; conditions: those forecasts.
    """

    average_bps: float
    law: SquareRootLaw
    reach2: float
    fee_units: float
    timing_risk_bps: float
    noise_bps2: float
    sigma_daily: float | None
    days: float
    spread_bps: float | None
    large_qty: float
    extrapolated_qty: float
    model_version: str
    child_qty_max: int
    flags: tuple[str, ...]
    until_ns: int = NEVER
    conditions: tuple[Reading, ...] = ()


def direct_facts(instrument: Instrument, config: PlanningConfig, session: Session | None = None) -> Direct:
    """Work out an instrument's constants, those of a session where forecasts are looked at."""
    date, ahead = "" if session is None else session.date, _of_session(instrument, session)
    adv, sigma, law = known(instrument.adv), expected(instrument, VOLATILITY, date), config.square_root
    priced = bool(adv and sigma and adv > 0 and sigma > 0)
    days = config.direct_ns / (config.volume_curve.close_ns - config.volume_curve.open_ns)
    risk = (sigma or 0.0) * BPS * sqrt(days / 3.0)
    return Direct(
        average_bps=sqrt_law(1.0 / adv, sigma, law.prefactor, law.exponent).average_bps
        if adv and sigma and priced
        else 0.0,
        law=law,
        reach2=(Z_80 * law.relative_error) ** 2,
        fee_units=BPS * float(config.take_fee) if instrument.currency == config.fee_currency else 0.0,
        timing_risk_bps=round(risk, 4),
        noise_bps2=(Z_80 * risk) ** 2,
        sigma_daily=sigma,
        days=days,
        spread_bps=expected(instrument, SPREAD, date),
        large_qty=config.large_order_adv_ppm / 1e6 * adv if adv else float("inf"),
        extrapolated_qty=law.size_max * adv if adv else float("inf"),
        model_version=law.version if priced else SPREAD_ONLY,
        child_qty_max=int((adv or 0.0) * config.child_adv_ppm / 1e6),
        flags=(*(flag for value, flag in ((adv, NO_ADV), (sigma, NO_SIGMA)) if not value), *ahead.flags),
        until_ns=NEVER if session is None else session.close_ns,
        conditions=tuple(forecast_readings(ahead.used, instrument)),
    )


def _of_session(instrument: Instrument, session: Session | None) -> Known:
    """The forecasts of the session but for its volume, which has no part in a plan of now."""
    taken = tuple(each for each in instrument.forecasts if each.figure != VOLUME)
    return NOTHING if session is None else known_forecasts(taken, (session,))


def direct_plan(order: ParentOrder, facts: Direct, config: PlanningConfig, view: MarketView) -> Plan:
    """Everything now, at half the spread plus the square-root law plus the taker's fee.

    permanent_bps is 0: nothing has moved yet when all of it trades at once, so all impact is instantaneous.
    """
    qty, px = order.order_qty, order.arrival_px
    half_spread, flags = _half_spread(order, facts, view)
    if qty > facts.extrapolated_qty:
        flags = (*flags, EXTRAPOLATED.format(most=facts.law.size_max))
    impact = facts.average_bps * qty**facts.law.exponent
    expected = impact + half_spread + facts.fee_units / px
    reach = sqrt(facts.noise_bps2 + facts.reach2 * impact * impact)
    most = order.max_participation_ppm
    return Plan(
        strategy=SOR,
        edges_ns=(order.start_ns, order.end_ns),
        curve=CURVE,
        wake_ns=config.wake_ns,
        participation_ppm=1_000_000,
        max_participation_ppm=1_000_000 if most is None else most,
        clip_qty=qty,
        max_clip_qty=qty,
        dark_ppm=dark_ppm(order.dark, config, order.urgency, large=qty > facts.large_qty),
        close_qty=0,
        child_qty_max=facts.child_qty_max,
        expected_cost_bps=int(expected * GRID) / GRID,
        cost_low_bps=int((expected - reach) * GRID) / GRID,
        cost_high_bps=int((expected + reach) * GRID) / GRID,
        timing_risk_bps=facts.timing_risk_bps,
        completion_probability=1.0
        if order.limit_px is None
        else round(within_limit(order, facts.sigma_daily, facts.days), 4),
        model_version=facts.model_version,
        impact=_estimate(facts, impact, qty),
        recommended="direct",
        reason=DIRECT,
        flags=flags,
        conditions=facts.conditions,
    )


def _estimate(facts: Direct, impact: float, qty: int) -> ImpactEstimate | None:
    """The record of one use of the law; None where it could not price the order."""
    if facts.model_version == SPREAD_ONLY:
        return None
    reach, law = sqrt(facts.reach2) * impact, facts.law
    return ImpactEstimate(
        value_bps=int(impact * GRID) / GRID,
        low_bps=int(max(impact - reach, 0.0) * GRID) / GRID,
        high_bps=int((impact + reach) * GRID) / GRID,
        model=SQUARE_ROOT,
        version=law.version,
        window=law.window,
        n=law.n,
        extrapolated=qty > facts.extrapolated_qty,
    )


def _half_spread(order: ParentOrder, facts: Direct, view: MarketView) -> tuple[float, tuple[str, ...]]:
    quote = view.quote(order.instrument_id)
    if type(quote) is Quote:
        return HALF_BPS * (quote.ask - quote.bid) / quote.mid, facts.flags
    if facts.spread_bps is not None:
        return 0.5 * facts.spread_bps, facts.flags
    return HALF_BPS * order.tick / order.arrival_px, (*facts.flags, NO_SPREAD)
