"""The market a plan was made in: each figure with its regime, its time and its source.

A regime compares a figure with the instrument's own longer past, never with another instrument: volatility of the last
weeks against that of the last year, and the live spread against the dated one. A figure nobody has given is shown as
missing.
"""

from __future__ import annotations

import numpy as np

from sottovoce.core.choices import (
    ASK,
    COMPLETION,
    COST,
    MOVE_AGAINST,
    PARTICIPATION,
    PRICE,
    PROGRESS,
    REPLAN,
    STOP,
    VOLATILITY,
    VOLUME,
    Expected,
    Reading,
    Watch,
)
from sottovoce.core.instrument import Fact, Instrument, known
from sottovoce.core.market import MarketView, Quote
from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import BPS, format_ns, format_px
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.facts import Facts
from sottovoce.stages.planning.forecast_readings import forecast_readings, regime
from sottovoce.stages.planning.horizon import Horizon, thinned
from sottovoce.stages.planning.own_costs import own_cost_reading

FEED, MASTER, NOTHING = "market data", "reference data", "not known"
SUPPOSED = "the last close with a usual spread about it; no market was asked"


def readings(
    order: ParentOrder, instrument: Instrument, facts: Facts, config: PlanningConfig, view: MarketView
) -> tuple[Reading, ...]:
    """The conditions of a plan: quote, spread, volatility, volume, forecasts of them for the order's sessions, the
    volume curve, and an event if one is near.
    """
    now = format_ns(view.ts_ns, 0)
    found = [
        *_quoted(order, instrument, view, now),
        _volatility(instrument),
        _dated("volume", instrument.adv, "{:,.0f} shares a day"),
        *forecast_readings(facts.forecasts, instrument),
        Reading(
            name="volume curve", value=f"{config.volume_curve.name}: {config.volume_curve.continuous:.1%} continuous",
            as_of="", source=config.volume_curve.origin,
        ),
        *own_cost_reading(order.symbol, config),
    ]  # fmt: skip
    if facts.event_ns is not None:
        found.append(
            Reading(name="event", value=facts.event, as_of=format_ns(facts.event_ns, 0), source=facts.event_source)
        )
    return tuple(found)


def _quoted(order: ParentOrder, instrument: Instrument, view: MarketView, now: str) -> list[Reading]:
    quote, usual = view.quote(order.instrument_id), known(instrument.spread_bps)
    if not isinstance(quote, Quote):
        return [
            Reading(name="quote", value="", as_of=now, source=f"{FEED}: {quote.detail}"),
            _dated("spread", instrument.spread_bps, "{:.2f} bps"),
        ]
    state = view.state(order.instrument_id)
    if state is not None and not (state.venues or quote.bid_size or quote.ask_size):
        return _supposed(order, instrument, quote)
    at = now if state is None else format_ns(state.quoted_ns, 0)
    scale, spread = order.price_scale, _spread_bps(quote)
    said = f"{format_px(quote.bid, scale)} bid for {quote.bid_size:,}, {format_px(quote.ask, scale)} asked for "
    return [
        Reading(name="quote", value=f"{said}{quote.ask_size:,}", as_of=at, source=FEED),
        Reading(
            name="spread", value=f"{spread:.2f} bps", as_of=at, source=FEED,
            regime=regime(spread, usual, "the dated spread"),
        ),
    ]  # fmt: skip


def _supposed(order: ParentOrder, instrument: Instrument, quote: Quote) -> list[Reading]:
    """A quote no venue made: a preview plans on the last close, and says so."""
    as_of = "" if instrument.close is None else instrument.close.as_of
    said = f"{format_px(quote.bid, order.price_scale)} bid, {format_px(quote.ask, order.price_scale)} asked"
    return [
        Reading(name="quote", value=said, as_of=as_of, source=SUPPOSED),
        Reading(name="spread", value=f"{_spread_bps(quote):.2f} bps", as_of=as_of, source=SUPPOSED),
    ]


def _spread_bps(quote: Quote) -> float:
    return BPS * (quote.ask - quote.bid) / quote.mid


def _volatility(instrument: Instrument) -> Reading:
    read = _dated("volatility", instrument.sigma_daily, "{:.2%} a day")
    told = regime(known(instrument.sigma_daily), known(instrument.sigma_daily_long), "that of the last year")
    return Reading(name=read.name, value=read.value, as_of=read.as_of, source=read.source, regime=told)


def _dated(name: str, fact: Fact | None, form: str) -> Reading:
    if fact is None:
        return Reading(name=name, value="", as_of="", source=NOTHING)
    said = "" if fact.value is None else form.format(fact.value)
    return Reading(name=name, value=said, as_of=fact.as_of, source=fact.source or MASTER)


def expectations(facts: Facts, config: PlanningConfig, horizon: Horizon) -> tuple[Expected, ...]:
    """What the market is expected to have done by the edges of the steps candidates are compared on; () without volume
    and volatility.
    """
    if facts.adv is None or facts.sigma_daily is None:
        return ()
    steps = thinned(horizon, config.choice.steps)
    volumes = np.rint(facts.adv * config.volume_curve.continuous * steps.volume_days).astype(np.int64)
    moves = np.rint(1e6 * facts.sigma_daily * np.sqrt(steps.risk_days)).astype(np.int64)
    marks = zip(steps.edges_ns.tolist(), volumes.tolist(), moves.tolist(), strict=True)
    return tuple(Expected(at_ns=at_ns, volume=volume, move_ppm=move) for at_ns, volume, move in marks)


def watches(config: PlanningConfig, max_participation_ppm: int) -> tuple[Watch, ...]:
    """Everything a plan is watched by, parts per million: of the volume and volatility expected, of the order against
    its own curve, of the price, of the order expected to be done, of the cost expected, of the volume we may be.
    """
    w = config.watches
    return (
        Watch(figure=VOLUME, then=REPLAN, low_ppm=w.volume_low_ppm, high_ppm=w.volume_high_ppm),
        Watch(figure=VOLATILITY, then=REPLAN, high_ppm=w.volatility_high_ppm),
        Watch(figure=PROGRESS, then=REPLAN, low_ppm=-w.behind_ppm),
        Watch(figure=PRICE, then=REPLAN, low_ppm=-w.replan_move_ppm, high_ppm=w.replan_move_ppm),
        Watch(figure=PARTICIPATION, then=STOP, high_ppm=max_participation_ppm),
        Watch(figure=COMPLETION, then=ASK, low_ppm=w.completion_low_ppm),
        Watch(figure=COST, then=ASK, high_ppm=w.cost_high_ppm),
        Watch(figure=MOVE_AGAINST, then=ASK, high_ppm=w.move_high_ppm),
    )
