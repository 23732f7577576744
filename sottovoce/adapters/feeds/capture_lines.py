"""Lines of a websocket capture: local receive time in ns since 1970, a space, the message as it came.

Only the time is read here; the message stays bytes for its exchange's reader. A line without a plausible time is a
bad row, an empty line is nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sottovoce.adapters.feeds.faults import BadRow, FaultLog, shortened
from sottovoce.adapters.feeds.source import Source, line_chunks, source_name

EARLIEST_NS = 946_684_800_000_000_000
LATEST_NS = 4_102_444_800_000_000_000
"""2000-01-01 and 2100-01-01: a time outside them is in another unit, or no time."""


class CaptureLine(NamedTuple):
    """Number from 1, when it was received, and what was received."""

    number: int
    receive_ns: int
    payload: bytes


def capture_lines(source: Source, log: FaultLog) -> Iterator[CaptureLine]:
    """Every line with a message, streaming.

    Raises: as source.byte_chunks does for the file; FeedFault feed_time at a line without a plausible receive time,
    unless the log skips.
    """
    for run in line_chunks(source):
        for number, line in enumerate(run.data.split(b"\n"), start=run.number):
            text, _, payload = line.rstrip(b"\r").partition(b" ")
            receive_ns = _nanoseconds(text)
            if receive_ns is not None and payload:
                yield CaptureLine(number, receive_ns, payload)
            elif line.strip():
                log.bad_row(_bad(source, number, text, bool(payload)))


def _nanoseconds(text: bytes) -> int | None:
    if len(text) != 19 or not text.isdigit():
        return None
    ns = int(text)
    return ns if EARLIEST_NS <= ns < LATEST_NS else None


def _bad(source: Source, number: int, text: bytes, has_payload: bool) -> BadRow:
    found = shortened(text.decode("utf-8", "backslashreplace"))
    why = "is not a receive time in ns since 1970" if has_payload else "is not a receive time, a space and a message"
    name = source_name(source)
    return BadRow(file=name, code="feed_time", why=why, number=number, field="receive time", value=found)
