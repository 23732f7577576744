"""How likely an order is to be done by its end: the day's volume is uncertain, and a limit may be left
behind.

Volume: the order needs quantity/rate shares of market volume; the forecast's error is log-normal with a standard
deviation measured on daily data (PlanningConfig.volume_log_sd), or its own where it states one. Price: with a limit,
the chance that a driftless price ends on the limit's good side. The two are taken as independent.
"""

from __future__ import annotations

from bisect import bisect_right
from math import erf, log, sqrt

from sottovoce.core.orders import ParentOrder
from sottovoce.stages.planning.horizon import Horizon


def normal_cdf(z: float) -> float:
    """Φ(z)."""
    return 0.5 * (1.0 + erf(z / sqrt(2.0)))


def completion(
    order: ParentOrder,
    *,
    rate: float,
    volume: float,
    sessions: int,
    volume_log_sd: tuple[tuple[int, float], ...],
    sigma_daily: float | None,
    days: float,
) -> float:
    """Probability that the whole order trades.

    Args: rate: most of the volume we may be, 0 to 1. volume: middle of the market's volume to the end, shares; 0
        unknown, then volume does not bind. sessions: traded in. days: horizon in risk time.
    """
    by_price = within_limit(order, sigma_daily, days)
    if volume <= 0:
        return by_price
    room = rate / (1.0 - rate) * volume if rate < 1 else float("inf")
    return normal_cdf(log(room / order.order_qty) / volume_error(sessions, volume_log_sd)) * by_price


def volume_error(sessions: int, table: tuple[tuple[int, float], ...]) -> float:
    """Standard deviation of ln(volume/forecast) over that many sessions: the row at or before it, never too
    small.
    """
    at = bisect_right([days for days, _ in table], sessions) - 1
    return table[max(at, 0)][1]


def errors_over(horizon: Horizon, table: tuple[tuple[int, float], ...]) -> tuple[tuple[int, float], ...]:
    """The table, or what a forecast of the one session traded in says of its own error."""
    return table if horizon.volume_error is None else ((1, horizon.volume_error[0]),)


def middle_of(horizon: Horizon) -> float:
    """The volume that is exceeded as often as not, as a multiple of the volume expected; 1 where nobody says."""
    return 1.0 if horizon.volume_error is None else horizon.volume_error[1]


def within_limit(order: ParentOrder, sigma_daily: float | None, days: float) -> float:
    """Chance that a driftless price ends where the limit still trades; 1 without a limit.

    Without a volatility: 1 on the good side now, else 0.
    """
    if order.limit_px is None:
        return 1.0
    room = order.side.sign * (order.limit_px - order.arrival_px) / order.arrival_px
    if sigma_daily is None or days <= 0:
        return 1.0 if room >= 0 else 0.0
    return normal_cdf(room / (sigma_daily * sqrt(days)))
