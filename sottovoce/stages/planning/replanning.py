"""The rest of an order planned again because the market left the plan: what was met goes in, what was approved bounds.

The forecast of volume and the volatility are corrected by what was seen, which counts as much as the prior once as many
prices have been taken as the prior is worth (Markov, Vilenskaia and Rashkovich, "Quintet volume projection":
models/volume_update.py). The new plan keeps the bounds of the one that was approved; where it would expect to cost more
than a person has to be asked for, it is refused and the plan in force goes on.
"""

from __future__ import annotations

from math import log

import msgspec

from sottovoce.core.forecast import MOST, VOLATILITY, VOLUME, Forecast
from sottovoce.core.instrument import Fact, Instrument, known
from sottovoce.core.orders import Failure, Plan
from sottovoce.core.replan_events import ONE, Departure, PlanBounds
from sottovoce.models.volume_update import early_update

PRIOR_SAMPLES = 13.0
"""What the forecast is worth in samples of five minutes: a sixth of a session (the reference's range is 0.3 to 0.8 of a
longer prior; half an hour is little, three hours are much)."""
FURTHEST = 4.0
"""What was seen counts at most this many times, or this part of, what was expected."""
SEEN = "as met while the order worked"


def as_met(instrument: Instrument, departure: Departure) -> Instrument:
    """The instrument with its volume and volatility, forecast ones too, corrected by what was seen of them."""
    return msgspec.structs.replace(
        instrument,
        adv=_corrected(instrument.adv, departure.volume_ppm, departure.samples),
        sigma_daily=_corrected(instrument.sigma_daily, departure.volatility_ppm, departure.samples),
        forecasts=tuple(_met(each, departure) for each in instrument.forecasts),
    )


def within(plan: Plan, bounds: PlanBounds) -> Plan:
    """The plan, with nothing larger than its bounds."""
    clip = min(plan.clip_qty, bounds.max_clip_qty)
    return msgspec.structs.replace(
        plan,
        participation_ppm=min(plan.participation_ppm, bounds.max_participation_ppm),
        max_participation_ppm=min(plan.max_participation_ppm, bounds.max_participation_ppm),
        clip_qty=clip,
        max_clip_qty=max(min(plan.max_clip_qty, bounds.max_clip_qty), clip),
        child_qty_max=_lesser(plan.child_qty_max, bounds.child_qty_max),
        close_qty=min(plan.close_qty, bounds.close_qty),
        dark_ppm=min(plan.dark_ppm, bounds.dark_ppm),
    )


def beyond(plan: Plan, bounds: PlanBounds) -> Failure | None:
    """Why a person would have to be asked for this plan; None where none has to."""
    if bounds.cost_most_bps <= 0 or plan.expected_cost_bps <= bounds.cost_most_bps:
        return None
    return Failure(
        stage="planning",
        code="replan_beyond_approval",
        value=f"{plan.expected_cost_bps:.1f} bps",
        limit=f"{bounds.cost_most_bps:.1f} bps",
        room="0",
        action="Amend the order, or let the plan in force go on.",
    )


def _lesser(one: int, other: int) -> int:
    """The smaller of two bounds of which 0 means none."""
    return min(one, other) if one and other else one or other


def _corrected(fact: Fact | None, seen_ppm: int, samples: int) -> Fact | None:
    prior = known(fact)
    if fact is None or prior is None or prior <= 0 or samples <= 0 or seen_ppm <= 0:
        return fact
    value = prior * _moved(seen_ppm, samples)
    return msgspec.structs.replace(fact, value=value, source=f"{fact.source}, {SEEN}")


def _met(forecast: Forecast, departure: Departure) -> Forecast:
    """The forecast after what was seen, which was measured against it; its interval moves with it."""
    seen_ppm = {VOLUME: departure.volume_ppm, VOLATILITY: departure.volatility_ppm}.get(forecast.figure, 0)
    if departure.samples <= 0 or seen_ppm <= 0:
        return forecast
    moved = min(_moved(seen_ppm, departure.samples), MOST[forecast.figure] / forecast.value)
    low, high = (None if end is None else end * moved for end in (forecast.low, forecast.high))
    return msgspec.structs.replace(
        forecast, value=forecast.value * moved, low=low, high=high, model=f"{forecast.model}, {SEEN}"
    )


def _moved(seen_ppm: int, samples: int) -> float:
    """By what a prior is multiplied after so many samples of so much of it."""
    ratio = min(max(seen_ppm / ONE, 1.0 / FURTHEST), FURTHEST)
    return early_update(1.0, log(ratio), float(samples), PRIOR_SAMPLES)
