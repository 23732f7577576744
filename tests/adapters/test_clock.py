"""Clocks: virtual time jumps and never goes back; real time waits, at the speed that was asked for."""

from __future__ import annotations

import time

import pytest

from sottovoce.adapters.clock import FOREVER_NS, PACE_NS, Clock, RealClock, VirtualClock

MS = 1_000_000
START_NS = 1_518_100_200_000_000_000


def test_virtual_time_is_where_it_was_waited_for() -> None:
    clock = VirtualClock(START_NS)
    assert clock.now_ns() == START_NS
    assert clock.wait_until(START_NS + 5) == START_NS + 5
    assert clock.now_ns() == START_NS + 5


def test_virtual_time_never_goes_back() -> None:
    clock = VirtualClock(START_NS)
    assert clock.wait_until(START_NS - 1) == START_NS
    assert clock.now_ns() == START_NS


def test_virtual_day_takes_no_time() -> None:
    clock, began = VirtualClock(START_NS), time.monotonic()
    clock.wait_until(START_NS + 86_400 * 1000 * MS)
    assert time.monotonic() - began < 0.5
    assert clock.limit_ns() == FOREVER_NS > START_NS


def test_real_time_waits_at_least_as_long_as_asked() -> None:
    clock, began = RealClock(START_NS), time.monotonic_ns()
    assert clock.wait_until(START_NS + 20 * MS) >= START_NS + 20 * MS
    assert time.monotonic_ns() - began >= 20 * MS - MS


def test_moment_that_has_passed_is_not_waited_for() -> None:
    clock, began = RealClock(START_NS), time.monotonic()
    assert clock.wait_until(START_NS - 10**12) >= START_NS
    assert time.monotonic() - began < 0.5


def test_faster_clock_waits_less() -> None:
    clock, began = RealClock(START_NS, 1_000.0), time.monotonic()
    clock.wait_until(START_NS + 10_000 * MS)
    assert 0.009 < time.monotonic() - began < 2.0


def test_real_time_starts_now_when_no_start_is_given() -> None:
    assert abs(RealClock().now_ns() - time.time_ns()) < 2_000 * MS


def test_real_time_only_goes_forward() -> None:
    clock = RealClock(START_NS, 50.0)
    seen = [clock.now_ns() for _ in range(1_000)]
    assert seen == sorted(seen)


@pytest.mark.parametrize("speed", [1.0, 600.0])
def test_market_may_run_a_little_ahead_of_the_clock(speed: float) -> None:
    clock = RealClock(START_NS, speed)
    before = clock.now_ns()
    limit_ns, after = clock.limit_ns(), clock.now_ns()
    assert before + int(PACE_NS * speed) <= limit_ns <= after + int(PACE_NS * speed)


def test_each_says_which_it_is() -> None:
    clocks: list[Clock] = [VirtualClock(START_NS), RealClock(START_NS)]
    assert [clock.is_real for clock in clocks] == [False, True]
