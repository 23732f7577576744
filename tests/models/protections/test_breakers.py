"""T-MKT-5: market-wide breakers."""

from __future__ import annotations

import pytest

from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.protections.breakers import MarketBreaker, breaker_levels, breakers_on

HOURS = Session(date="2026-11-20", open_ns=0, close_ns=390 * NS_PER_MINUTE)
QUIET_NS = HOURS.close_ns - 35 * NS_PER_MINUTE


def market() -> MarketBreaker:
    """A prior close of 5,000.00, in hundredths."""
    return MarketBreaker(HOURS, 500_000)


def test_published_levels() -> None:
    """T-MKT-5, exact."""
    assert breaker_levels(5_000, breakers_on("2026-11-20")) == (4_650, 4_350, 4_000)


def test_first_level_halts_once_for_a_quarter_of_an_hour() -> None:
    breaker = market()
    assert breaker.index(465_001, 1) is None
    halt = breaker.index(465_000, 2)
    assert halt is not None
    assert (halt.level, halt.until_ns, halt.closes_day) == (1, 2 + 15 * NS_PER_MINUTE, False)
    assert breaker.is_halted(2)
    assert not breaker.is_halted(halt.until_ns)
    assert breaker.index(460_000, halt.until_ns) is None
    second = breaker.index(435_000, halt.until_ns + 1)
    assert second is not None
    assert second.level == 2
    assert breaker.index(430_000, second.until_ns) is None


def test_first_two_levels_sleep_from_1525() -> None:
    breaker = market()
    assert breaker.index(430_000, QUIET_NS) is None
    early = market().index(430_000, QUIET_NS - 1)
    assert early is not None
    assert early.level == 2


def test_third_level_closes_the_day_at_any_time() -> None:
    halt = market().index(400_000, HOURS.close_ns - 1)
    assert halt is not None
    assert (halt.level, halt.until_ns, halt.closes_day) == (3, HOURS.close_ns, True)


def test_straight_through_two_levels_halts_at_the_deeper_one_only() -> None:
    breaker = market()
    halt = breaker.index(434_000, 1)
    assert halt is not None
    assert halt.level == 2
    assert breaker.index(464_000, halt.until_ns) is None


def test_outside_the_session_nothing_halts() -> None:
    assert market().index(1, -1) is None
    assert market().index(1, HOURS.close_ns) is None


def test_nonsense_is_refused() -> None:
    with pytest.raises(ModelError):
        MarketBreaker(HOURS, 0)
    with pytest.raises(ModelError) as refused:
        breakers_on("1987-10-19")
    assert refused.value.code == "no_breaker_table"
