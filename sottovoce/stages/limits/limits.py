"""The limits stage: every change of a limit or a list is decided here, with four eyes where it lets more through.

What only tightens holds at once on one person's word. What loosens waits for another person of the same role, who names
the digest of what was proposed; everything is judged again at that moment. A dated version ends by the clock alone; the
timer puts it on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.access import Action, Directory, entitled
from sottovoce.core.events import StageEvent
from sottovoce.core.limit_commands import (
    ApproveChange,
    ChangeExpiry,
    ProposeLimits,
    ProposeLists,
    RowEnd,
    WithdrawChange,
)
from sottovoce.core.limit_events import (
    ChangeClosed,
    ChangeOutcome,
    ChangeProposed,
    LimitChange,
    LimitsChanged,
    ListChanged,
    RowEnded,
)
from sottovoce.core.limit_faults import STAGE
from sottovoce.core.limit_rows import LimitRows, in_force
from sottovoce.core.limits import LimitBook
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.limits.changes import as_whole, digest_of, taking_effect
from sottovoce.stages.limits.config import LimitsPolicy
from sottovoce.stages.limits.judging import judged
from sottovoce.stages.limits.loosening import unseen
from sottovoce.stages.limits.people import one_party, refused, worded

PENDING_MAX = 1_000
"""Changes that may wait at once."""


class Pending(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A change that waits for its second person."""

    change: LimitChange
    expires_ns: int


class LimitsState(msgspec.Struct, kw_only=True):
    """The changes that wait, how many were ever numbered, and every version of every limit and entry.

    rows is None until the first change, which is to say the rows the desk started with.
    """

    rows: LimitRows | None = None
    pending: dict[str, Pending] = {}
    changes: int = 0


class Limits:
    """Decides on ProposeLimits, ProposeLists, ApproveChange, WithdrawChange, and the two timers."""

    name = "limits"

    def __init__(self, rows: LimitRows, directory: Directory, reference: ReferenceData, policy: LimitsPolicy) -> None:
        self._directory = directory
        self._reference = reference
        self._policy = policy
        self._state = LimitsState()
        self._started_with = rows
        self._book = LimitBook(rows)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            ProposeLimits: self._propose,
            ProposeLists: self._propose,
            ApproveChange: self._approve,
            WithdrawChange: self._withdraw,
            ChangeExpiry: self._expire,
            RowEnd: self._end,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return {
            ChangeProposed: self._on_proposed,
            LimitsChanged: self._on_limits,
            ListChanged: self._on_lists,
            ChangeClosed: self._on_closed,
        }

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=LimitsState)
        self._book.restore(self._started_with if self._state.rows is None else self._state.rows)

    @property
    def rows(self) -> LimitRows:
        """Every version of every limit and entry, as they stand."""
        return self._book.rows

    # decisions -------------------------------------------------------------------------------------------

    def _propose(self, command: ProposeLimits | ProposeLists, view: MarketView) -> Sequence[StageEvent]:
        action = Action.CHANGE_LIMITS if isinstance(command, ProposeLimits) else Action.EDIT_LISTS
        found = self._entitled(command.principal, action)
        if not found:
            found = [failure(STAGE, "limit_file", fault) for fault in command.faults] + worded(command.reason)
        if found:
            return (refused(command, found, view),)
        change = self._numbered(command, view.ts_ns)
        found, looser = judged(change, self._book, self._reference, self._policy, view.ts_ns)
        if looser and len(self._state.pending) >= PENDING_MAX:
            found = [failure(STAGE, "change_crowd", len(self._state.pending), PENDING_MAX)]
        if found:
            return (refused(command, found, view),)
        change = msgspec.structs.replace(change, looser=tuple(looser))
        change = msgspec.structs.replace(change, digest=digest_of(change))
        return self._waits(change, view) if looser else self._holds(change, "", view)

    def _numbered(self, command: ProposeLimits | ProposeLists, ts_ns: int) -> LimitChange:
        """The change a command asks for, under its own number."""
        change = LimitChange(
            change_id=f"LC-{self._state.changes + 1}",
            principal=command.principal,
            reason=command.reason,
            source=command.source,
        )
        rows = self.rows
        if isinstance(command, ProposeLimits):
            limits = as_whole(rows.limits, command.rows, ts_ns) if command.whole else command.rows
            return msgspec.structs.replace(change, limits=limits)
        lists = as_whole(rows.lists, command.rows, ts_ns) if command.whole else command.rows
        return msgspec.structs.replace(change, lists=lists)

    def _waits(self, change: LimitChange, view: MarketView) -> Sequence[StageEvent]:
        expires_ns = view.ts_ns + self._policy.proposal_minutes * NS_PER_MINUTE
        proposed = ChangeProposed(parent_id="", ts_ns=view.ts_ns, change=change, expires_ns=expires_ns)
        timer = ChangeExpiry(change_id=change.change_id)
        return proposed, TimerSet(parent_id="", ts_ns=view.ts_ns, at_ns=expires_ns, timer=timer)

    def _holds(self, change: LimitChange, approved_by: str, view: MarketView) -> Sequence[StageEvent]:
        """The change takes effect, and every window it opens is put on the clock."""
        version = self.rows.version + 1
        changed = taking_effect(change, version, approved_by, view.ts_ns)
        ends = [(row.until_ns, RowEnd(row_id=row.row_id, version=row.version)) for row in changed.rows]
        timers = [TimerSet(parent_id="", ts_ns=view.ts_ns, at_ns=at, timer=end) for at, end in ends if at is not None]
        return changed, *timers

    def _approve(self, command: ApproveChange, view: MarketView) -> Sequence[StageEvent]:
        pending = self._state.pending.get(command.change_id)
        found = self._may(command, pending)
        if pending is not None and not found:
            found = self._second(command, pending, view.ts_ns)
        if found or pending is None:
            return (refused(command, found, view),)
        return self._holds(pending.change, command.principal, view)

    def _may(self, command: ApproveChange | WithdrawChange, pending: Pending | None) -> list[Failure]:
        """Whether the caller's role owns this kind of change, and there is one."""
        if pending is None:
            known = entitled(self._directory.find(command.principal), command.principal, Action.CHANGE_LIMITS)
            lists = entitled(self._directory.find(command.principal), command.principal, Action.EDIT_LISTS)
            return (known and lists) or [failure(STAGE, "change_unknown", command.change_id[:64])]
        action = Action.CHANGE_LIMITS if pending.change.limits else Action.EDIT_LISTS
        return self._entitled(command.principal, action)

    def _second(self, command: ApproveChange, pending: Pending, ts_ns: int) -> list[Failure]:
        """Why this person may not be the second, or the change may not hold any more."""
        change, found = pending.change, list[Failure]()
        if one_party(self._directory, command.principal, change.principal):
            found.append(failure(STAGE, "same_person", command.principal))
        if command.digest != change.digest:
            found.append(failure(STAGE, "change_digest", command.digest[:64], change.digest))
        if ts_ns >= pending.expires_ns:
            found.append(failure(STAGE, "change_expired", ts_ns, pending.expires_ns))
        findings, looser = judged(change, self._book, self._reference, self._policy, ts_ns)
        found += [failure(STAGE, "change_moved", sentence) for sentence in unseen(looser, change.looser)]
        return found + findings

    def _withdraw(self, command: WithdrawChange, view: MarketView) -> Sequence[StageEvent]:
        pending = self._state.pending.get(command.change_id)
        found = self._may(command, pending) or worded(command.reason)
        if found:
            return (refused(command, found, view),)
        closed = ChangeClosed(
            parent_id="",
            ts_ns=view.ts_ns,
            change_id=command.change_id,
            outcome=ChangeOutcome.WITHDRAWN,
            principal=command.principal,
            reason=command.reason,
        )
        return (closed,)

    def _expire(self, timer: ChangeExpiry, view: MarketView) -> Sequence[StageEvent]:
        pending = self._state.pending.get(timer.change_id)
        if pending is None or view.ts_ns < pending.expires_ns:
            return ()
        expired = ChangeOutcome.EXPIRED
        return (ChangeClosed(parent_id="", ts_ns=view.ts_ns, change_id=timer.change_id, outcome=expired),)

    def _end(self, timer: RowEnd, view: MarketView) -> Sequence[StageEvent]:
        """A window has closed: what stands in its place is put on record. A version overtaken meanwhile is not news."""
        limits, lists = self.rows.limits.get(timer.row_id, ()), self.rows.lists.get(timer.row_id, ())
        before = in_force(limits, view.ts_ns - 1)
        entry = in_force(lists, view.ts_ns - 1)
        overtaken = timer.version not in [row.version for row in (before, entry) if row is not None]
        if overtaken:
            return ()
        now, now_entry = in_force(limits, view.ts_ns), in_force(lists, view.ts_ns)
        stands = now or now_entry
        ended = RowEnded(
            parent_id="",
            ts_ns=view.ts_ns,
            row_id=timer.row_id,
            version=timer.version,
            stands=0 if stands is None else stands.version,
            value_before=None if before is None else before.value,
            value=None if now is None else now.value,
        )
        return (ended,)

    def _entitled(self, name: str, action: Action) -> list[Failure]:
        return entitled(self._directory.find(name), name, action)

    # state -----------------------------------------------------------------------------------------------

    def _on_proposed(self, event: ChangeProposed) -> None:
        self._state.changes += 1
        self._state.pending[event.change.change_id] = Pending(change=event.change, expires_ns=event.expires_ns)

    def _on_limits(self, event: LimitsChanged) -> None:
        self._settle(event.change_id)
        self._book.change(event.version, limits=event.rows)

    def _on_lists(self, event: ListChanged) -> None:
        self._settle(event.change_id)
        self._book.change(event.version, lists=event.rows)

    def _settle(self, change_id: str) -> None:
        """A change holds: it was waiting, or it is a new one that only tightens. The first one makes the rows ours."""
        if self._state.rows is None:
            self._state.rows = self._started_with.copy()
            self._book.restore(self._state.rows)
        if self._state.pending.pop(change_id, None) is None:
            self._state.changes += 1

    def _on_closed(self, event: ChangeClosed) -> None:
        self._state.pending.pop(event.change_id, None)
