"""Readings come at an interval, and a stepped wall clock is seen at the next look; slewing is not a step."""

from __future__ import annotations

from sottovoce.adapters.timekeeping.watch import JUMP_NS, READ_EVERY_NS, ClockWatch
from sottovoce.core.clock_commands import ClockReading
from sottovoce.core.recovery_commands import ClockJumped
from sottovoce.core.units import NS_PER_HOUR, NS_PER_SECOND

READING = ClockReading(offset_ns=10, source="a test")


class Clocks:
    """Both clocks of a machine, and what its time service says."""

    def __init__(self) -> None:
        self.mono_ns = 0
        self.wall_ns = 1_518_100_200 * NS_PER_SECOND
        self.watch = ClockWatch(lambda: READING, lambda: self.wall_ns, lambda: self.mono_ns)

    def passes(self, ns: int, drift_ns: int = 0) -> list[ClockReading | ClockJumped]:
        """Let time pass, the wall clock drift_ns more of it, and look."""
        self.mono_ns += ns
        self.wall_ns += ns + drift_ns
        return self.watch.look()


def test_readings_come_every_five_seconds() -> None:
    clocks = Clocks()
    looks = [clocks.passes(NS_PER_SECOND) for _ in range(11)]
    assert [at for at, found in enumerate(looks) if found] == [0, 5, 10]
    assert READ_EVERY_NS <= 5 * NS_PER_SECOND, "F-22: an alert within 5 s"


def test_step_back_of_a_second_or_an_hour_is_seen_and_read_at_once() -> None:
    for back_ns in (NS_PER_SECOND, NS_PER_HOUR):
        clocks = Clocks()
        clocks.passes(NS_PER_SECOND)
        jump, reading = clocks.passes(NS_PER_SECOND, -back_ns)
        assert jump == ClockJumped(by_ns=-back_ns, wall_ns=clocks.wall_ns)
        assert reading == READING


def test_every_step_is_seen_once() -> None:
    clocks = Clocks()
    clocks.passes(NS_PER_SECOND)
    seen = [found for _ in range(5) for found in clocks.passes(60 * NS_PER_SECOND, 2 * NS_PER_SECOND)]
    jumps = [found.by_ns for found in seen if isinstance(found, ClockJumped)]
    assert jumps == [2 * NS_PER_SECOND] * 5
    assert not any(isinstance(found, ClockJumped) for found in clocks.passes(NS_PER_SECOND))


def test_slewing_is_no_step() -> None:
    clocks = Clocks()
    for _ in range(200):
        assert not any(isinstance(found, ClockJumped) for found in clocks.passes(NS_PER_HOUR, NS_PER_HOUR // 2_000))


def test_smallest_step_beyond_slewing_is_seen() -> None:
    clocks = Clocks()
    clocks.passes(1)
    assert isinstance(clocks.passes(1, JUMP_NS + 1)[0], ClockJumped)
    assert not any(isinstance(found, ClockJumped) for found in clocks.passes(1, JUMP_NS))
