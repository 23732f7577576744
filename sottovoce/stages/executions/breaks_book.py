"""How events change what is remembered of drop copies and breaks: what one side has told and the other has not."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sottovoce.core.execution_events import Fill
from sottovoce.core.session_commands import DropCopySweep
from sottovoce.core.session_events import (
    BreakAged,
    BreakClosed,
    BreakClosingProposed,
    BreakOpened,
    DropCopyMatched,
    DropCopyNoted,
)
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.executions.config import ExecutionsConfig
from sottovoce.stages.executions.records import ExecutionsState, OpenBreak, Side


def key_of(venue: str, exec_id: str) -> str:
    """A trade's name on both sides: ExecIDs are the venue's own."""
    return f"{venue}:{exec_id}"


class BreaksBook:
    """The only place that writes the records of drop copies and breaks."""

    def __init__(self, state: Callable[[], ExecutionsState], config: ExecutionsConfig) -> None:
        self._state = state
        self._config = config

    def appliers(self) -> Mapping[type, Applier]:
        """Event type → function."""
        return {
            DropCopyNoted: self._on_noted,
            DropCopyMatched: self._on_matched,
            BreakOpened: self._on_opened,
            BreakAged: self._on_aged,
            BreakClosingProposed: self._on_proposed,
            BreakClosed: self._on_closed,
        }

    def told(self, event: Fill) -> None:
        """A trade of ours: the venue's drop copy must confirm it, or has done so already."""
        state, key = self._state(), key_of(event.venue, event.exec_id)
        if state.theirs.pop(key, None) is not None:
            self._settled(event.parent_id, key)
        elif event.venue in self._config.drop_copy_venues:
            sent = state.sent[event.cl_ord_id]
            state.ours[key] = Side(
                parent_id=event.parent_id,
                cl_ord_id=event.cl_ord_id,
                venue=event.venue,
                instrument_id=sent.route.instrument_id,
                qty=event.qty,
                px=event.px,
                since_ns=event.ts_ns,
            )
            state.sides_of.setdefault(event.parent_id, {})[key] = 1

    def on_timer(self, event: TimerSet) -> None:
        """A look at what is unmatched is arranged."""
        if isinstance(event.timer, DropCopySweep):
            self._state().sweeps[event.parent_id] = (event.timer.number, event.at_ns)

    def _on_noted(self, event: DropCopyNoted) -> None:
        state, key = self._state(), key_of(event.venue, event.exec_id)
        state.theirs[key] = Side(
            parent_id=event.parent_id,
            cl_ord_id=event.cl_ord_id,
            venue=event.venue,
            instrument_id=event.instrument_id,
            qty=event.qty,
            px=event.px,
            since_ns=event.ts_ns,
        )
        state.sides_of.setdefault(event.parent_id, {})[key] = 1

    def _on_matched(self, event: DropCopyMatched) -> None:
        key = key_of(event.venue, event.exec_id)
        self._state().ours.pop(key, None)
        self._settled(event.parent_id, key)

    def _settled(self, parent_id: str, key: str) -> None:
        sides = self._state().sides_of.get(parent_id)
        if sides is not None:
            sides.pop(key, None)
            if not sides:
                del self._state().sides_of[parent_id]

    def _on_opened(self, event: BreakOpened) -> None:
        state = self._state()
        state.breaks[event.break_id] = OpenBreak(
            parent_id=event.parent_id,
            kind=event.kind,
            venue=event.venue,
            instrument_id=event.instrument_id,
            cl_ord_id=event.cl_ord_id,
            opened_ns=event.ts_ns - event.age_ns,
            ours=event.ours,
            theirs=event.theirs,
        )
        state.breaks_of.setdefault(event.parent_id, {})[event.break_id] = 1

    def _on_aged(self, event: BreakAged) -> None:
        self._state().breaks[event.break_id].holding = True

    def _on_proposed(self, event: BreakClosingProposed) -> None:
        self._state().breaks[event.break_id].proposed_by = event.principal

    def _on_closed(self, event: BreakClosed) -> None:
        state = self._state()
        found = state.breaks.pop(event.break_id)
        ids = state.breaks_of[found.parent_id]
        ids.pop(event.break_id, None)
        if not ids:
            del state.breaks_of[found.parent_id]
