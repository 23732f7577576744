"""What a day is expected to bring, as dated reference data: one figure of one session, who says so, and from what.

A forecast knows the last observation it was made with. Whoever uses it asks for what was known before the session
(`for_session`): a figure made with the session's own day would be hindsight.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isfinite, log, sqrt

import msgspec

from sottovoce.core.errors import InvariantError
from sottovoce.core.text import is_iso_date

VOLUME, VOLATILITY, SPREAD = "volume", "volatility", "spread"
FIGURES = (VOLUME, VOLATILITY, SPREAD)
"""Volume: shares that session, continuous trading and auctions together, as ADV counts them. Volatility: standard
deviation of that session's log return, a fraction. Spread: quoted, time-weighted, bps of the mid."""
MOST = {VOLUME: 1e12, VOLATILITY: 1.0, SPREAD: 1e4}
"""No session has more: shares, a volatility of 100 % a day, a spread of the whole price. A figure above is in another
unit, mostly per cent."""
UNITS = {VOLUME: "shares", VOLATILITY: "a day, as a fraction", SPREAD: "bps"}
LEAST_OF_VALUE = 0.01
ROUNDED = 1.0 + 1e-9
"""A figure at its bound that has been multiplied is not refused for its last digit."""
Z_OF_LEVEL = {0.80: 1.2815515594, 0.90: 1.6448536251, 0.95: 1.9599639861}
"""Quantiles of the normal law that leave (1 − level)/2 above them."""


class Forecast(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, forbid_unknown_fields=True):
    """One figure of one session.

    date: ISO, the session it is for. low and high: where the figure lies with probability `level`; None where the
    model states no interval. window: the dates it was learned from, such as "2017-01-03 to 2018-02-07"; n: how many
    observations. made: ISO date of the last of them. A figure that cannot be is a ValueError.
    """

    figure: str
    date: str
    value: float
    low: float | None = None
    high: float | None = None
    level: float = 0.80
    model: str
    window: str
    n: int
    made: str

    def __post_init__(self) -> None:
        if self.figure not in FIGURES:
            raise ValueError(f"figure {self.figure[:40]!r}: there are {', '.join(FIGURES)}")
        for name, day in (("date", self.date), ("made", self.made)):
            if not is_iso_date(day):
                raise ValueError(f"{name} {day[:40]!r} is not a day such as 2018-02-08")
        if not (isfinite(self.value) and 0 < self.value <= MOST[self.figure] * ROUNDED):
            raise ValueError(f"value {self.value} cannot be; a {self.figure} is above 0 and at most {self._most}")
        if self.n < 1 or not self.model:
            raise ValueError("model is a name, and n is 1 or more")
        self._check_interval()

    def _check_interval(self) -> None:
        if (self.low is None) is not (self.high is None):
            raise ValueError("low and high are given both or not at all")
        if self.level not in Z_OF_LEVEL:
            raise ValueError(f"level {self.level}: there are {', '.join(map(str, Z_OF_LEVEL))}")
        if self.low is None or self.high is None:
            return
        if not (isfinite(self.high) and 0 < self.low <= self.value <= self.high):
            raise ValueError(f"value {self.value} is not between low {self.low} and high {self.high}, above 0")
        if self.low * ROUNDED < LEAST_OF_VALUE * self.value or self.high * LEAST_OF_VALUE > self.value * ROUNDED:
            raise ValueError(f"low {self.low} and high {self.high} are a hundred times from the value: not an interval")

    @property
    def _most(self) -> str:
        return f"{MOST[self.figure]:g} {UNITS[self.figure]}"

    @property
    def log_sd(self) -> float | None:
        """Standard deviation of the log error the interval stands for; None without one, or with one of no width."""
        if self.low is None or self.high is None or self.high <= self.low:
            return None
        return log(self.high / self.low) / (2.0 * Z_OF_LEVEL[self.level])

    @property
    def middle(self) -> float:
        """What is exceeded as often as not, as a multiple of the value, which is a mean; 1 without an interval."""
        if self.low is None or self.high is None:
            return 1.0
        return sqrt(self.low * self.high) / self.value


def for_session(forecasts: Iterable[Forecast], figure: str, session: str, known_before: str) -> Forecast | None:
    """The forecast of a figure for a session, if it was made before an ISO date; None where there is none."""
    for each in forecasts:
        if each.figure == figure and each.date == session and each.made < known_before:
            return each
    return None


def one_of_each(forecasts: Sequence[Forecast]) -> None:
    """That no figure of a session is forecast twice. Raises: InvariantError, code forecast_twice."""
    seen = {(each.figure, each.date) for each in forecasts}
    if len(seen) < len(forecasts):
        raise InvariantError("a figure of a session has two forecasts; keep one", code="forecast_twice")
