"""Record keeping: what the state of the clock and of the second store means for the record.

A reading of the clock becomes a mark when it changes what the times in the record may be relied on for; every record
until the next mark stands under it (PO-15, F-22). That checkpoints could not be kept, and from when to when, is on the
record too; the runtime takes on nothing new meanwhile (F-48), because a stage cannot know before the record is behind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.clock_commands import ClockReading, RecordStoreReport
from sottovoce.core.clock_events import ClockMarked, ClockStanding, RecordStoreBack, RecordStoreLost
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.ranges import Nanoseconds
from sottovoce.core.stage import Applier, Decider


class ClockConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Divergence from UTC, nanoseconds, above which the clock is said to drift, and above which it is not compliant.

    Source: RTS 25, 1 ms for algorithmic trading that is not high-frequency; the alert stands at half of it.
    """

    alert_ns: Nanoseconds = 500_000
    compliant_ns: Nanoseconds = 1_000_000


class RecordKeepingState(msgspec.Struct, kw_only=True):
    """standing: of the clock, None before the first reading; lost: whether the second store is away."""

    standing: ClockStanding | None = None
    lost: bool = False


class RecordKeeping:
    """Decides on ClockReading and RecordStoreReport."""

    name = "record_keeping"

    def __init__(self, config: ClockConfig) -> None:
        self._config = config
        self._state = RecordKeepingState()

    def deciders(self) -> Mapping[type, Decider]:
        return {ClockReading: self._read, RecordStoreReport: self._reported}

    def appliers(self) -> Mapping[type, Applier]:
        return {ClockMarked: self._on_marked, RecordStoreLost: self._on_lost, RecordStoreBack: self._on_back}

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=RecordKeepingState)

    # decisions -------------------------------------------------------------------------------------------

    def standing(self, reading: ClockReading) -> ClockStanding:
        """What a reading shows. What the source allows for counts against the clock: UTC may be that far off."""
        if reading.offset_ns is None:
            return ClockStanding.UNKNOWN
        divergence_ns = abs(reading.offset_ns) + reading.error_ns
        if divergence_ns > self._config.compliant_ns:
            return ClockStanding.NONCOMPLIANT
        return ClockStanding.DRIFTING if divergence_ns > self._config.alert_ns else ClockStanding.COMPLIANT

    def _read(self, reading: ClockReading, view: MarketView) -> Sequence[StageEvent]:
        standing = self.standing(reading)
        if standing is self._state.standing:
            return ()
        marked = ClockMarked(
            parent_id="",
            ts_ns=view.ts_ns,
            standing=standing,
            offset_ns=reading.offset_ns,
            error_ns=reading.error_ns,
            source=reading.source,
        )
        return (marked,)

    def _reported(self, report: RecordStoreReport, view: MarketView) -> Sequence[StageEvent]:
        if report.up:
            return (RecordStoreBack(parent_id="", ts_ns=view.ts_ns),) if self._state.lost else ()
        if self._state.lost:
            return ()
        return (RecordStoreLost(parent_id="", ts_ns=view.ts_ns, reason=report.reason),)

    # state -----------------------------------------------------------------------------------------------

    def _on_marked(self, event: ClockMarked) -> None:
        self._state.standing = event.standing

    def _on_lost(self, event: RecordStoreLost) -> None:
        self._state.lost = True

    def _on_back(self, event: RecordStoreBack) -> None:
        self._state.lost = False
