"""What else bears on the impact of an order: each factor with its figure, or why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from sottovoce.analytics.reports.exchange_time import minute, ns_of_day, zone_of
from sottovoce.analytics.reports.impact_sections import Factor
from sottovoce.core.enums import Strategy
from sottovoce.core.instrument import Fact, Instrument, known
from sottovoce.core.market import MarketState
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.market_factors import CALM_BELOW, VOLATILE_ABOVE, sector_concentration, time_of_day_multiplier
from sottovoce.models.volume import VolumeCurve

SIGMA, LONG_SIGMA = "daily volatility", "long-run volatility"
NO_POSITIONS = "no positions by sector were given"


def missing(fact: Fact | None, what: str) -> str:
    """Why a figure is missing: in its source's own words where it was marked unusable."""
    return f"no {what} for this instrument" if fact is None else fact.source


def _why_no_volatility(instrument: Instrument) -> str:
    if known(instrument.sigma_daily) is None:
        return missing(instrument.sigma_daily, SIGMA)
    return missing(instrument.sigma_daily_long, LONG_SIGMA)


def volatility_adjustment(instrument: Instrument) -> Factor:
    """Daily volatility now against the year's: impact is proportional to it."""
    sigma, year = known(instrument.sigma_daily), known(instrument.sigma_daily_long)
    name, unit = "volatility adjustment", "times"
    if sigma is None or not year:
        return Factor(name=name, value=None, unit=unit, not_estimated=_why_no_volatility(instrument))
    meaning = f"impact is proportional to volatility: {sigma:.2%} a day now, {year:.2%} over the year"
    return Factor(name=name, value=round(sigma / year, 4), unit=unit, meaning=meaning)


def momentum(order: ParentOrder, instrument: Instrument) -> Factor:
    """The last 20 days' move, signed so that positive is against the order."""
    name, unit = "momentum", "bps over 20 days, positive = against the order"
    move = known(instrument.momentum_20d)
    if move is None:
        why = missing(instrument.momentum_20d, "20-day momentum")
        return Factor(name=name, value=None, unit=unit, not_estimated=why)
    against = order.side.sign * move
    way = "the price has been moving against the order" if against > 0 else "the price has been coming to the order"
    return Factor(name=name, value=round(1e4 * against, 1), unit=unit, meaning=f"{way}; not part of the total")


def regime(instrument: Instrument) -> Factor:
    """The same ratio as a word: calm, normal or volatile."""
    name, unit = "volatility regime", "recent over long-run volatility"
    sigma, year = known(instrument.sigma_daily), known(instrument.sigma_daily_long)
    if sigma is None or not year:
        return Factor(name=name, value=None, unit=unit, not_estimated=_why_no_volatility(instrument))
    ratio = sigma / year
    word = "calm" if ratio < CALM_BELOW else "volatile" if ratio > VOLATILE_ABOVE else "normal"
    return Factor(name=name, value=round(ratio, 4), unit=unit, meaning=word)


def time_of_day(plan: Plan, instrument: Instrument, curve: VolumeCurve | None) -> Factor:
    """Temporary impact in the plan's window against the same length at the day's average rate of volume."""
    name, unit = "time of day", "times the temporary impact at the day's average rate of volume"
    if curve is None:
        return Factor(name=name, value=None, unit=unit, not_estimated="no volume curve for this instrument")
    multiplier = time_of_day_multiplier(curve, *_hours(plan, curve, zone_of(instrument.calendar)))
    if multiplier is None:
        return Factor(name=name, value=None, unit=unit, not_estimated="the window is outside the volume curve")
    meaning = f"volume curve {curve.name}; it is in the schedule's buckets already"
    return Factor(name=name, value=round(multiplier, 4), unit=unit, meaning=meaning)


def _hours(plan: Plan, curve: VolumeCurve, zone: tzinfo) -> tuple[int, int]:
    """The window in ns of the exchange's day: all of it for a plan over several dates, a minute for a direct order."""
    first, last = plan.edges_ns[0], plan.edges_ns[-1]
    if plan.strategy is Strategy.SOR:
        return ns_of_day(first, zone), ns_of_day(first, zone) + NS_PER_MINUTE
    if minute(first, zone)[:10] != minute(last, zone)[:10]:
        return curve.open_ns, curve.close_ns
    return ns_of_day(first, zone), ns_of_day(last, zone)


def sector(
    order: ParentOrder, instrument: Instrument, market: MarketState | None, values: Mapping[str, float] | None
) -> Factor:
    """Share of gross value the order's sector will have once it is done."""
    name, unit = "sector concentration", "% of gross value in the sector after the order"
    if values is None or instrument.sector is None:
        why = NO_POSITIONS if values is None else "no sector for this instrument"
        return Factor(name=name, value=None, unit=unit, not_estimated=why)
    mid = order.arrival_px if market is None or market.bid <= 0 else (market.bid + market.ask) / 2
    share = sector_concentration(values, instrument.sector, order.side.sign * order.order_qty * mid / order.price_scale)
    if share is None:
        return Factor(name=name, value=None, unit=unit, not_estimated="nothing would be held")
    return Factor(name=name, value=round(100 * share, 2), unit=unit, meaning=instrument.sector)
