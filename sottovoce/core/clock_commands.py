"""What the desk's watch over its clock and its record says to the stages: inputs that are recorded like any other."""

from __future__ import annotations

import msgspec


class ClockReading(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="clock_reading"):
    """The wall clock was compared with its reference, nanoseconds.

    offset_ns: wall minus reference, None where nothing could tell; error_ns: what the source allows for besides.
    """

    offset_ns: int | None
    source: str
    error_ns: int = 0


class RecordStoreReport(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="record_store"):
    """The second store of the record went away, or is back (up): checkpoints cannot, or can, be kept."""

    up: bool
    reason: str = ""


ClockMessage = ClockReading | RecordStoreReport
