"""The sessions orders are worked in: a generator, a seed, a name, a side and two hours of the day.

Name, side and window follow from the seed alone, so every arm of a session meets the same draws of the background and
asks for the same shares from the same moment. Seeds of training and of testing never meet.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar, load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.enums import Side
from sottovoce.core.errors import NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE

GENERATORS = {"agents": "sim:agents", "queues": "sim:queues"}
"""Markets by the name `run --market` knows them under."""

DATE = "2018-02-08"
"""The session after the last day of the shipped reference data: the desk refuses figures older than three days."""

SYMBOLS = ("XEC US", "NTRS US", "KMX US")
"""One to two million shares a day: enough prints for a schedule, few enough for hundreds of sessions in minutes."""

WINDOWS_MIN = ((1, 121), (121, 241))
"""Minutes after the open between which an order is worked: when the volume curve falls, and when it is flat."""

COMBINATIONS = 12
"""Names, sides and windows: so many seeds in a row have each of them once."""

HISTORY_SEED, TRAIN_SEED, TEST_SEED = 1, 1_008, 100_008
"""The first seed of each; multiples of 12."""


class Meeting(msgspec.Struct, frozen=True, kw_only=True):
    """One session of the study: where, under which seed, in which name and window, on which side."""

    market: str
    seed: int
    symbol: str
    side: Side
    start_min: int
    end_min: int


def meeting_of(generator: str, seed: int) -> Meeting:
    """The session of a seed: three names, two sides and two windows in turn, all twelve together every twelve seeds."""
    start, end = WINDOWS_MIN[seed // 6 % 2]
    return Meeting(
        market=GENERATORS[generator],
        seed=seed,
        symbol=SYMBOLS[seed % 3],
        side=Side.BUY if seed // 3 % 2 else Side.SELL,
        start_min=start,
        end_min=end,
    )


@lru_cache(maxsize=1)
def calendar() -> Calendar:
    """The exchange's calendar."""
    return load_calendar("XNYS")


def day(date: str = DATE) -> Session:
    """The regular session of a date. Raises NotFound."""
    session = calendar().session(date)
    if session is None:
        raise NotFound(f"{date} is not a trading day.", code="no_session")
    return session


@lru_cache(maxsize=8)
def instrument(symbol: str) -> Instrument:
    """The instrument of a symbol. Raises NotFound."""
    found = load_shipped().resolve(symbol)
    if found is None:
        raise NotFound(f"No instrument is called {symbol}.", code="unknown_symbol")
    return found


def at_minute(session: Session, minute: int) -> int:
    """A moment so many minutes after the open, nanoseconds."""
    return session.open_ns + minute * NS_PER_MINUTE
