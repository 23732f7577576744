"""How busy and how volatile a session is, ten seconds by ten seconds, before anybody trades.

Both follow the name's curve over the day, times a state that wanders at random: minutes, tens of minutes and hours
at once, half of it common to all names. Volatility moves with the state, trading with a part of it. This is where
volatility clusters, returns have fat tails, and volume and volatility go together.

Source of the picture: Clark 1973 and Andersen 1996 (one state behind both); Corsi 2009 (several horizons).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import accumulate
from math import exp, sqrt

import msgspec
import numpy as np

from sottovoce.adapters.simulated.profile import Profile, volume_share
from sottovoce.adapters.simulated.seeds import MARKET_NAME, Agent, generator
from sottovoce.core.ports import Session
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.happenings import MarketEvent, intensity

STEP_NS = 10_000_000_000

HORIZONS_S = (120.0, 1_800.0, 10_800.0)
"""Time constants of the state's parts, of equal variance."""

STATE_SIGMA = 0.60
"""Standard deviation of the state, the log of volatility over its usual level."""

COMMON = 0.5
"""Part of the state's variance that all names share."""

TRADING_ELASTICITY = 0.6
"""The log of trading moves by this times the state."""


class Pace(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Cumulative trading and variance of a session at its grid's edges, shapes (n + 1,), 1 on an average day."""

    edges_ns: IntArray
    trading: FloatArray
    variance: FloatArray

    def trading_times(self, quantiles: FloatArray) -> FloatArray:
        """Seconds since the open at which given parts (0 to 1) of the session's own trading are done."""
        since = (self.edges_ns - self.edges_ns[0]) / 1e9
        times: FloatArray = np.interp(quantiles * self.trading[-1], self.trading, since)
        return times

    def variance_at(self, times_ns: IntArray) -> FloatArray:
        """Cumulative variance at times, shape as times_ns."""
        done: FloatArray = np.interp(times_ns, self.edges_ns, self.variance)
        return done


def pace_of(profile: Profile, session: Session, seed: int, index: int, events: Sequence[MarketEvent] = ()) -> Pace:
    """The pace of one name and session."""
    edges = _edges(session)
    own = _state(seed, profile.instrument_id, index, len(edges) - 1)
    common = _state(seed, MARKET_NAME, index, len(edges) - 1)
    state = sqrt(COMMON) * common + sqrt(1.0 - COMMON) * own
    forced = intensity(events, (edges[:-1] + edges[1:]) // 2, session.open_ns)
    usual = np.diff(volume_share(profile.curve, (edges - edges[0]) / (edges[-1] - edges[0])))
    calm = 0.5 * (TRADING_ELASTICITY * STATE_SIGMA) ** 2
    return Pace(
        edges_ns=edges,
        trading=_running(usual * forced * np.exp(TRADING_ELASTICITY * state - calm)),
        variance=_running(usual * forced**2 * np.exp(2.0 * state - 2.0 * STATE_SIGMA**2)),
    )


def market_pace(session: Session, seed: int, index: int, curve: tuple[float, ...] = ()) -> Pace:
    """The pace of what all names share; bursts of single names are not in it."""
    edges = _edges(session)
    state = _state(seed, MARKET_NAME, index, len(edges) - 1)
    usual = np.diff(volume_share(curve, (edges - edges[0]) / (edges[-1] - edges[0])))
    variance = _running(usual * np.exp(2.0 * state - 2.0 * STATE_SIGMA**2))
    return Pace(edges_ns=edges, trading=_running(usual), variance=variance)


def _edges(session: Session) -> IntArray:
    count = max(1, round((session.close_ns - session.open_ns) / STEP_NS))
    return np.linspace(session.open_ns, session.close_ns, count + 1).astype(np.int64)


def _running(parts: FloatArray) -> FloatArray:
    return np.concatenate([[0.0], np.cumsum(parts)])


@lru_cache(maxsize=8)
def _state(seed: int, name: str, index: int, steps: int) -> FloatArray:
    """The state of a name (or of the market) over a session, one value a step, stationary from the open."""
    rng = generator(seed, name, Agent.STATE, index)
    path = np.zeros(steps)
    for horizon_s in HORIZONS_S:
        fade = exp(-STEP_NS / 1e9 / horizon_s)
        shocks = rng.standard_normal(steps)
        shocks[1:] *= sqrt(1.0 - fade**2)
        path += _faded(shocks, fade)
    path *= STATE_SIGMA / sqrt(len(HORIZONS_S))
    path.flags.writeable = False
    return path


def _faded(shocks: FloatArray, fade: float) -> FloatArray:
    """An autoregression: each value is the one before it, faded, and a shock."""
    return np.array(list(accumulate(shocks.tolist(), lambda level, shock: level * fade + shock)))
