"""The weather of a session: activity, volatility, the fundamental and the width of quotes, by bucket of time.

Volatility is a U over the day times two fluctuations that fade over minutes and hours, partly shared by all names;
activity follows it. The fundamental is a path with that volatility, partly the market's own: names move together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.adapters.queues.calibration import OVERNIGHT_VARIANCE, Profile
from sottovoce.adapters.queues.dice import MARKET_WIDE, Stream, stream
from sottovoce.core.ports import Session
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray
from sottovoce.models.happenings import MarketEvent, between, halts, intensity, moved

BUCKET_NS = 250_000_000

VOLUME_MIDDAY = 0.62
"""Rate of trading at mid-day, in units of the day's mean; the curve is this plus a parabola, mean 1."""

FLUCTUATIONS = ((0.25, 600.0), (0.55, 3_600.0))
"""Standard deviation of the log of volatility, and the seconds over which it forgets."""

MARKET_SHARE = 0.3
"""Part of a name's variance that is the market's: two names correlate by it, the size of average stock correlations."""

SHARED_VOLATILITY = 0.5
FLOW_VARIANCE = 0.12
"""Part of a day's variance that is not the fundamental's but the flow's."""

ACTIVITY_POWER = 0.8
WIDTH_POWER = 0.7
WIDTH_SECONDS = 20
JUMPS_PER_DAY = 6.0
JUMP_VARIANCE = 0.06
"""Part of the fundamental's variance that comes in small jumps."""


class Weather(msgspec.Struct, frozen=True, kw_only=True):
    """Per bucket of BUCKET_NS since the open, shape (n,).

    activity: rate of events, mean 1; surge: what arranged events add to it; halted: nothing happens; fair: steps from
    the open; width: the spread providers aim for, steps.
    """

    activity: FloatArray
    surge: FloatArray
    halted: BoolArray
    fair: FloatArray
    width: IntArray


def forecast(profile: Profile, session: Session, seed: int, index: int, events: Sequence[MarketEvent]) -> Weather:
    """Roll a session's weather for one name; events since the last close, each felt from the open on."""
    times = np.arange(session.open_ns, session.close_ns, BUCKET_NS)
    part = (times - session.open_ns + BUCKET_NS / 2) / (session.close_ns - session.open_ns)
    u_shape = VOLUME_MIDDAY + 3.0 * (1.0 - VOLUME_MIDDAY) * (2.0 * part - 1.0) ** 2
    forced = intensity(events, times, session.open_ns)
    log_vol = _log_volatility(profile.instrument_id, len(times), seed, index)
    volatility = np.exp(log_vol - _log_variance()) * np.sqrt(u_shape) * forced
    activity = u_shape * np.exp(ACTIVITY_POWER * log_vol - 0.5 * ACTIVITY_POWER**2 * _log_variance())
    news = moved(between(events, session.open_ns, session.close_ns), times)
    jumped = profile.start_ticks / profile.grid * np.expm1(news)
    return Weather(
        activity=activity,
        surge=activity * (forced - 1.0),
        halted=_halted(events, times),
        fair=_fundamental(profile, volatility, seed, index) * profile.sigma_steps + jumped,
        width=_width(profile, volatility, stream(seed, profile.instrument_id, Stream.WIDTH, index)),
    )


def _halted(events: Sequence[MarketEvent], times: IntArray) -> BoolArray:
    """Whether trading is halted at each time, shape (n,)."""
    quiet = np.zeros(len(times), dtype=np.bool_)
    for halt in halts(events):
        quiet |= (times >= halt.at_ns) & (times < halt.end_ns)
    return quiet


def overnight_gap(profile: Profile, seed: int, index: int) -> float:
    """The fundamental's move before a session, in daily volatilities; none before the first."""
    if index == 0:
        return 0.0
    shared = stream(seed, MARKET_WIDE, Stream.OVERNIGHT, index).standard_normal()
    alone = stream(seed, profile.instrument_id, Stream.OVERNIGHT, index).standard_normal()
    return float(math.sqrt(OVERNIGHT_VARIANCE) * _blend(np.array([shared]), np.array([alone]), MARKET_SHARE)[0])


def _fundamental(profile: Profile, volatility: FloatArray, seed: int, index: int) -> FloatArray:
    """The fundamental from the open in daily volatilities, shape (n,): diffusion, and small jumps of the name's own."""
    buckets = len(volatility)
    shared = stream(seed, MARKET_WIDE, Stream.FUNDAMENTAL, index).standard_normal(buckets)
    own = stream(seed, profile.instrument_id, Stream.FUNDAMENTAL, index)
    steps = _blend(shared, own.standard_normal(buckets), MARKET_SHARE) * math.sqrt(1.0 - JUMP_VARIANCE)
    at = own.integers(0, buckets, own.poisson(JUMPS_PER_DAY))
    np.add.at(steps, at, own.standard_normal(len(at)) * math.sqrt(JUMP_VARIANCE * buckets / JUMPS_PER_DAY))
    variance = (1.0 - OVERNIGHT_VARIANCE) * (1.0 - FLOW_VARIANCE) / buckets
    path: FloatArray = np.cumsum(steps * volatility) * math.sqrt(variance)
    return path


def _log_volatility(name: str, buckets: int, seed: int, index: int) -> FloatArray:
    """Log of the fluctuating part of volatility, mean 0, shape (n,): rolled every ten seconds, straight in between."""
    coarse = buckets * BUCKET_NS // 10_000_000_000 + 2
    total = np.zeros(coarse)
    shared, own = (stream(seed, who, Stream.VOLATILITY, index) for who in (MARKET_WIDE, name))
    for sd, seconds in FLUCTUATIONS:
        kept = math.exp(-10.0 / seconds)
        rolls = _blend(shared.standard_normal(coarse), own.standard_normal(coarse), SHARED_VOLATILITY)
        rolls[1:] *= math.sqrt(1.0 - kept**2)
        total += sd * _faded_sum(rolls, kept)
    at = np.arange(buckets) * (BUCKET_NS / 1e10)
    log_vol: FloatArray = np.interp(at, np.arange(coarse), total)
    return log_vol


def _faded_sum(rolls: FloatArray, kept: float) -> FloatArray:
    """x_t = kept · x_{t−1} + rolls_t, shape (n,)."""
    out, level = [], 0.0
    for roll in rolls.tolist():
        level = kept * level + roll
        out.append(level)
    return np.array(out)


def _log_variance() -> float:
    """Variance of the log of volatility; subtracted from the log, it makes the mean square of volatility 1."""
    return sum(sd**2 for sd, _ in FLUCTUATIONS)


def _blend(shared: FloatArray, own: FloatArray, part: float) -> FloatArray:
    """Unit normals of which `part` of the variance is shared."""
    both: FloatArray = math.sqrt(part) * shared + math.sqrt(1.0 - part) * own
    return both


def _width(profile: Profile, volatility: FloatArray, rng: np.random.Generator) -> IntArray:
    """The spread providers aim for: in proportion to a power of volatility, whole steps by dice every few seconds."""
    buckets = len(volatility)
    hold = WIDTH_SECONDS * 1_000_000_000 // BUCKET_NS
    dice = np.repeat(rng.random(buckets // hold + 1), hold)[:buckets]
    usual = profile.spread_steps * WIDTH_NARROWER
    wide: IntArray = np.maximum(1, np.floor(usual * volatility**WIDTH_POWER + dice)).astype(np.int64)
    return wide


WIDTH_NARROWER = 0.85
"""Aimed for, in parts of the spread wanted: queues that empty add the rest."""
