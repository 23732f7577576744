"""How far options expect a stock to move at an event: from two expiries, from one, and from a straddle.

With base volatility σ_b and a one-off event of standard deviation m before both expiries, σ_i² = σ_b² + m²/T_i. Where
the observed volatilities leave no room for an event (a negative radicand) the answer is None, "no event priced",
and never zero. Volatilities are annual fractions, times years, moves fractions of the price.
Source: Dubinsky, Johannes, Kaeck and Seeger (RFS 2019); T-MKT-1 to T-MKT-3.
"""

from __future__ import annotations

from math import erf, exp, log, pi, sqrt

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.models.guards import finite, not_negative, positive

TRADING_DAY = 1 / 252
"""The day of the event, years."""

DESK_STRADDLE_SHARE = 0.85
"""The desk's rule: the expected move is so much of the at-the-money straddle. From general knowledge, unverified."""


class ImpliedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event read off two expiries: its standard deviation, and the volatility without it."""

    move: float
    base_volatility: float


def volatility_with_event(base_volatility: float, move: float, expiry: float) -> float:
    """σ of an expiry that contains the event.

    Args: base_volatility σ_b >= 0, move m >= 0, expiry T > 0 years.
    Raises: ModelError `not_positive`, `negative`, `not_finite`. Source: T-MKT-1.
    """
    base = not_negative("Base volatility", base_volatility)
    return sqrt(base**2 + not_negative("Move", move) ** 2 / positive("Expiry", expiry))


def event_from_term_structure(
    near_volatility: float, near_expiry: float, far_volatility: float, far_expiry: float
) -> ImpliedEvent | None:
    """Event and base volatility from two expiries that both lie after the event and after no other.

    Args: volatilities > 0 from mids of tight quotes; 0 < near_expiry < far_expiry, years.
    Returns: None when no event is priced.
    Raises: ModelError `not_positive`, `not_finite`, `expiry_order`. Source: T-MKT-1, T-MKT-2.
    """
    near = positive("Near volatility", near_volatility) ** 2
    far = positive("Far volatility", far_volatility) ** 2
    near_rate, far_rate = 1 / positive("Near expiry", near_expiry), 1 / positive("Far expiry", far_expiry)
    if near_rate <= far_rate:
        raise ModelError(
            f"The near expiry {near_expiry} is not before the far one {far_expiry}; swap them.", code="expiry_order"
        )
    event = (near - far) / (near_rate - far_rate)
    base = near - event * near_rate
    if event < 0 or base < 0:
        return None
    return ImpliedEvent(move=sqrt(event), base_volatility=sqrt(base))


def event_from_one_expiry(volatility: float, expiry: float, base_volatility: float) -> float | None:
    """m = √(σ²T − σ_b²(T − 1/252)): one expiry, the base assumed.

    Args: volatility > 0; expiry >= one trading day, years; base_volatility >= 0.
    Returns: m, None when no event is priced. Raises: ModelError as above, `expiry_too_near`. Source: T-MKT-2.
    """
    if positive("Expiry", expiry) < TRADING_DAY:
        raise ModelError(f"The expiry {expiry} years is less than a trading day away.", code="expiry_too_near")
    quiet = not_negative("Base volatility", base_volatility) ** 2 * (expiry - TRADING_DAY)
    event = positive("Volatility", volatility) ** 2 * expiry - quiet
    return sqrt(event) if event >= 0 else None


def expected_absolute_move(move: float) -> float:
    """E|move| = m √(2/π) of a normal event."""
    return not_negative("Move", move) * sqrt(2 / pi)


def straddle(spot: float, strike: float, volatility: float, expiry: float, rate: float = 0.0) -> float:
    """Black–Scholes value of a call and a put of one strike, in the currency of the spot.

    Args: spot, strike, volatility (annual), expiry (years) > 0; rate continuous, annual. Source: T-MKT-3.
    """
    total = positive("Volatility", volatility) * sqrt(positive("Expiry", expiry))
    discounted = positive("Strike", strike) * exp(-finite("Rate", rate) * expiry)
    d1 = log(positive("Spot", spot) / discounted) / total + total / 2
    return spot * (2 * _normal(d1) - 1) - discounted * (2 * _normal(d1 - total) - 1)


def straddle_approximation(spot: float, volatility: float, expiry: float) -> float:
    """√(2/π) S σ √T, for a straddle at the money without interest."""
    spread = positive("Volatility", volatility) * sqrt(positive("Expiry", expiry))
    return sqrt(2 / pi) * positive("Spot", spot) * spread


def move_from_straddle(straddle_px: float, spot: float, share: float = DESK_STRADDLE_SHARE) -> float:
    """The desk's expected absolute move, a fraction of the spot, from a straddle at the money."""
    return positive("Share", share) * not_negative("Straddle", straddle_px) / positive("Spot", spot)


def event_volatility(base_volatility: float, move: float, event_days: int, days: int) -> float:
    """Daily volatility over a horizon that contains event days: √((days σ_b²/252 + event_days m²)/days).

    Args: base_volatility annual; move m of one event; 0 <= event_days <= days, days > 0.
    Raises: ModelError `out_of_range`. Use it for impact and risk when an event lies in the horizon.
    """
    if days <= 0 or not 0 <= event_days <= days:
        raise ModelError(f"{event_days} event days of {days} make no horizon.", code="out_of_range")
    quiet = not_negative("Base volatility", base_volatility) ** 2 * TRADING_DAY
    return sqrt(quiet + event_days * not_negative("Move", move) ** 2 / days)


def _normal(x: float) -> float:
    return 0.5 * (1 + erf(x / sqrt(2)))
