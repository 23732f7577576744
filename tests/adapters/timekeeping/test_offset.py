"""The offset is what chrony or the kernel says, and nothing where neither can tell."""

from __future__ import annotations

import ctypes

import pytest

from sottovoce.adapters.timekeeping.offset import (
    STA_NANO,
    STA_UNSYNC,
    TIME_ERROR,
    Timex,
    from_chrony,
    from_kernel,
    parse_tracking,
    read_clock,
)
from sottovoce.core.clock_commands import ClockReading

TRACKING = """\
Reference ID    : A9FEA97B (169.254.169.123)
Stratum         : 4
Ref time (UTC)  : Thu Feb 08 14:30:00 2018
System time     : 0.000012345 seconds {way} of NTP time
Last offset     : +0.000001000 seconds
RMS offset      : 0.000004000 seconds
Frequency       : 1.234 ppm slow
Residual freq   : +0.001 ppm
Skew            : 0.020 ppm
Root delay      : 0.000400000 seconds
Root dispersion : 0.000100000 seconds
Update interval : 16.1 seconds
Leap status     : {leap}
"""


@pytest.mark.parametrize(("way", "offset_ns"), [("fast", 12_345), ("slow", -12_345)])
def test_chronys_words_are_read(way: str, offset_ns: int) -> None:
    reading = parse_tracking(TRACKING.format(way=way, leap="Normal"))
    assert reading == ClockReading(offset_ns=offset_ns, error_ns=300_000, source="chrony")


@pytest.mark.parametrize("leap", ["Not synchronised", "Insert second", "nonsense"])
def test_chrony_that_is_not_synchronised_cannot_tell(leap: str) -> None:
    assert parse_tracking(TRACKING.format(way="fast", leap=leap)).offset_ns is None


@pytest.mark.parametrize("cut", ["System time", "Root delay", "Root dispersion", "Leap status"])
def test_words_with_a_line_missing_tell_nothing(cut: str) -> None:
    text = "\n".join(line for line in TRACKING.format(way="fast", leap="Normal").splitlines() if cut not in line)
    assert parse_tracking(text).offset_ns is None


def test_machine_without_chrony_asks_the_kernel() -> None:
    assert from_chrony(lambda: None) is None


def _kernel(state: int, **fields: int) -> ClockReading | None:
    def ask(found: Timex) -> int:
        for name, value in fields.items():
            setattr(found, name, value)
        return state

    return from_kernel(ask)


def test_kernel_tells_what_is_still_to_be_added() -> None:
    assert _kernel(0, offset=250, esterror=40) == ClockReading(offset_ns=-250_000, error_ns=40_000, source="kernel")
    nano = _kernel(0, offset=-250, esterror=40, status=STA_NANO)
    assert nano == ClockReading(offset_ns=250, error_ns=40_000, source="kernel")


@pytest.mark.parametrize(("state", "status"), [(TIME_ERROR, 0), (0, STA_UNSYNC), (0, STA_UNSYNC | STA_NANO)])
def test_kernel_that_is_not_synchronised_cannot_tell(state: int, status: int) -> None:
    reading = _kernel(state, status=status, offset=1)
    assert reading is not None
    assert reading.offset_ns is None


def test_call_that_fails_is_no_reading() -> None:
    assert _kernel(-1) is None


def test_room_for_the_kernels_whole_structure() -> None:
    assert ctypes.sizeof(Timex) >= 208


def test_reading_this_machine_never_raises() -> None:
    reading = read_clock()
    assert reading.source
    assert reading.offset_ns is None or abs(reading.offset_ns) < 10**18
