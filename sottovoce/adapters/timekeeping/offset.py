"""How far the wall clock is from UTC, as the machine's own time service says: chrony where present, else the kernel.

Nothing is measured here and nothing is guessed: where nobody can tell, the offset is None, and that is not compliant.
Sources: chronyc(1), `tracking`; adjtimex(2) and linux/timex.h.
"""

from __future__ import annotations

import ctypes
import re
import subprocess
import sys
from collections.abc import Callable

from sottovoce.core.clock_commands import ClockReading
from sottovoce.core.units import NS_PER_SECOND

CHRONY_TIMEOUT_S = 2.0
NS_PER_US = 1_000
STA_UNSYNC, STA_NANO, TIME_ERROR = 0x0040, 0x2000, 5

_SYSTEM = re.compile(r"^System time\s*:\s*([0-9.]+) seconds (fast|slow) of NTP time", re.MULTILINE)
_SECONDS = r"^{}\s*:\s*([0-9.]+) seconds"
_DELAY = re.compile(_SECONDS.format("Root delay"), re.MULTILINE)
_DISPERSION = re.compile(_SECONDS.format("Root dispersion"), re.MULTILINE)
_LEAP = re.compile(r"^Leap status\s*:\s*(.+?)\s*$", re.MULTILINE)


class Timex(ctypes.Structure):
    """struct timex of Linux, 64 bits; the fields after tolerance are not read but must have their room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_char * 256),
    )


def read_clock() -> ClockReading:
    """One reading: of chrony, else of the kernel, else unknown. Never raises."""
    for source in (from_chrony, from_kernel):
        reading = source()
        if reading is not None:
            return reading
    return ClockReading(offset_ns=None, source="unknown")


def from_chrony(run: Callable[[], str | None] | None = None) -> ClockReading | None:
    """What `chronyc tracking` says; None where there is no chrony to ask."""
    text = (run or _tracking)()
    return None if text is None else parse_tracking(text)


def parse_tracking(text: str) -> ClockReading:
    """A reading from chronyc's words. A daemon that follows no source knows nothing: its offset is None."""
    system, delay, dispersion, leap = (each.search(text) for each in (_SYSTEM, _DELAY, _DISPERSION, _LEAP))
    if system is None or leap is None or leap[1] != "Normal" or delay is None or dispersion is None:
        return ClockReading(offset_ns=None, source="chrony, not synchronised")
    sign = 1 if system[2] == "fast" else -1
    return ClockReading(
        offset_ns=sign * _ns(system[1]), error_ns=_ns(dispersion[1]) + _ns(delay[1]) // 2, source="chrony"
    )


def from_kernel(ask: Callable[[Timex], int] | None = None) -> ClockReading | None:
    """What the kernel's clock discipline says; None where there is no such call (anything but Linux)."""
    ask = ask or _adjtimex()
    if ask is None:
        return None
    found = Timex()
    state = ask(found)
    if state < 0:
        return None
    if state == TIME_ERROR or found.status & STA_UNSYNC:
        return ClockReading(offset_ns=None, source="kernel, not synchronised")
    # The kernel tells what is still to be added to the clock: the clock is behind by it.
    unit = 1 if found.status & STA_NANO else NS_PER_US
    return ClockReading(offset_ns=-found.offset * unit, error_ns=found.esterror * NS_PER_US, source="kernel")


def _tracking() -> str | None:
    try:
        done = subprocess.run(
            ["chronyc", "-n", "tracking"],
            capture_output=True,
            text=True,
            timeout=CHRONY_TIMEOUT_S,
            check=False,
            env={"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"},
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _adjtimex() -> Callable[[Timex], int] | None:
    if sys.platform != "linux":
        return None
    try:
        call = ctypes.CDLL(None).adjtimex
    except (OSError, AttributeError):
        return None
    return lambda found: int(call(ctypes.byref(found)))


def _ns(seconds: str) -> int:
    """Decimal seconds as nanoseconds, without passing through a float."""
    whole, _, part = seconds.partition(".")
    return int(whole or 0) * NS_PER_SECOND + int(part[:9].ljust(9, "0") or 0)
