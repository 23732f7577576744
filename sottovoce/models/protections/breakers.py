"""The market-wide circuit breakers: falls of the S&P 500 against the prior close that halt all US stocks.

Levels 1 and 2 halt for 15 minutes, each once a day and only before 15:25; level 3 closes the market for the day at
any time. Figures are effective-dated data; index values are integers in any one unit (hundredths of a point serve).
Source: markets reference §2, T-MKT-5; day of effect unverified.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.dated_rules import in_force

PPM = 1_000_000


class BreakerLevel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A fall, parts per million of the prior close; how long it halts, and before which time to the close only.

    halt_ns None closes the market for the day; quiet_ns 0 is any time.
    """

    fall_ppm: int
    halt_ns: int | None
    quiet_ns: int = 0


class BreakerTable(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The levels from a date on, the smallest fall first."""

    effective_from: str
    levels: tuple[BreakerLevel, ...]
    source: str


BREAKER_TABLES: tuple[BreakerTable, ...] = (
    BreakerTable(
        effective_from="2013-04-08",
        levels=(
            BreakerLevel(fall_ppm=70_000, halt_ns=15 * NS_PER_MINUTE, quiet_ns=35 * NS_PER_MINUTE),
            BreakerLevel(fall_ppm=130_000, halt_ns=15 * NS_PER_MINUTE, quiet_ns=35 * NS_PER_MINUTE),
            BreakerLevel(fall_ppm=200_000, halt_ns=None),
        ),
        source="markets reference §2: 7, 13 and 20 %; before 15:25 of a session that closes at 16:00",
    ),
)


class MarketHalt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A halt of the whole market: level from 1; until_ns is the session's close for the last level."""

    level: int
    at_ns: int
    until_ns: int
    closes_day: bool


def breaker_levels(prior_close: int, table: BreakerTable) -> tuple[int, ...]:
    """The index values at or below which each level is reached, rounded down to the unit.

    Raises: ModelError `not_positive`. Source: T-MKT-5.
    """
    if prior_close <= 0:
        raise ModelError(f"The prior close of the index is {prior_close}; it must be above zero.", code="not_positive")
    return tuple(prior_close * (PPM - level.fall_ppm) // PPM for level in table.levels)


def breakers_on(date: str, tables: Iterable[BreakerTable] = BREAKER_TABLES) -> BreakerTable:
    """The levels in force on an ISO date. Raises ModelError `no_breaker_table`."""
    return in_force(tables, date, "market-wide breakers", "no_breaker_table")


class MarketBreaker:
    """The breakers through one session. Calls come in order of time."""

    def __init__(self, hours: Session, prior_close: int) -> None:
        self._hours = hours
        self._table = breakers_on(hours.date)
        self._thresholds = breaker_levels(prior_close, self._table)
        self._reached = 0
        self.halt: MarketHalt | None = None

    def index(self, value: int, at_ns: int) -> MarketHalt | None:
        """The index printed; returns the halt that this begins, if any. A level halts once a day.

        A fall in the quiet time before the close uses up no level and halts nothing below the last one.
        """
        for number in range(len(self._table.levels), self._reached, -1):
            level = self._table.levels[number - 1]
            if value <= self._thresholds[number - 1] and self._is_live(level, at_ns):
                return self._halted(number, level, at_ns)
        return None

    def is_halted(self, at_ns: int) -> bool:
        """Whether the market stands still at a moment."""
        return self.halt is not None and self.halt.at_ns <= at_ns < self.halt.until_ns

    def _is_live(self, level: BreakerLevel, at_ns: int) -> bool:
        if not self._hours.open_ns <= at_ns < self._hours.close_ns:
            return False
        return at_ns < self._hours.close_ns - level.quiet_ns

    def _halted(self, number: int, level: BreakerLevel, at_ns: int) -> MarketHalt:
        self._reached = number
        close_ns = self._hours.close_ns
        until_ns = close_ns if level.halt_ns is None else min(close_ns, at_ns + level.halt_ns)
        self.halt = MarketHalt(level=number, at_ns=at_ns, until_ns=until_ns, closes_day=level.halt_ns is None)
        return self.halt
