"""What is decided about the desk's clock and its record: marks that every later record stands under."""

from __future__ import annotations

from sottovoce.core.enums import Word
from sottovoce.core.event import Event


class ClockStanding(Word):
    """How far the times in the record may be relied on (RTS 25). UNKNOWN is not compliant."""

    COMPLIANT = "compliant"
    DRIFTING = "drifting"
    NONCOMPLIANT = "noncompliant"
    UNKNOWN = "unknown"


class ClockMarked(Event, frozen=True, kw_only=True, gc=False, tag="clock_marked"):
    """From here on records stand under this mark, until the next one: no record repeats it.

    offset_ns is wall time minus its reference, None where nothing could tell; error_ns what the source allows for.
    """

    standing: ClockStanding
    offset_ns: int | None
    error_ns: int
    source: str


class RecordStoreLost(Event, frozen=True, kw_only=True, gc=False, tag="record_store_lost"):
    """Checkpoints of the record cannot be kept: the journal and its chain go on, nothing new is taken on."""

    reason: str


class RecordStoreBack(Event, frozen=True, kw_only=True, gc=False, tag="record_store_back"):
    """Checkpoints are kept again, from where they stopped."""


ClockEvent = ClockMarked | RecordStoreLost | RecordStoreBack
