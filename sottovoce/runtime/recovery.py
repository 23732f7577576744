"""Recovery: from the journal of a run that died to a desk that knows what it knew, with nothing sent on the way.

The tail is cut at the last whole step; the latest good snapshot is taken over and the steps after it are folded, or
every step from empty, which gives the same bytes; what is pending is known again. All of it reads: a recovery that is
killed is started again from the same place. What venues have done meanwhile is asked afterwards (reconciliation.py).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from sottovoce.adapters.journal.side_snapshot import Place, read_side
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.tail import Tail, cut_tail
from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Journal
from sottovoce.runtime.founding import same_founding
from sottovoce.runtime.memory import Memory


class Recovered(msgspec.Struct, frozen=True, kw_only=True):
    """What was done: the tail as found, the snapshot taken over (0 when none was), what was folded after it.

    last_ns is the time of the last step, 0 when there is none; pending are timers.
    """

    tail: Tail
    snapshot_seq: int
    snapshots_passed_over: int
    steps: int
    events: int
    last_seq: int
    last_ns: int
    pending: int


def begun(journal: Journal) -> Recovered:
    """Of a record that has only been begun: there is nothing to recover. Raises JournalError, record_not_empty."""
    if next(iter(journal.steps()), None) is not None:
        raise JournalError("the record has steps already: recover from it first", code="record_not_empty")
    seq = journal.durable()
    return Recovered(
        tail=Tail(last_seq=seq), snapshot_seq=0, snapshots_passed_over=0, steps=0, events=0, last_seq=seq, last_ns=0,
        pending=0,
    )  # fmt: skip


def open_crashed(path: Path) -> Tail:
    """Cut the tail of a journal a run left behind. Raises JournalError when it is damaged elsewhere than at its end."""
    return cut_tail(path)


def rebuild(memory: Memory, journal: SqliteJournal, tail: Tail | None = None, *, from_empty: bool = False) -> Recovered:
    """Bring a fresh memory to where the journal ends.

    Args:
        memory: of a system nothing has happened to.
        journal: sound at its end.
        tail: what was found there, for the account; None when nobody looked.
        from_empty: fold every step, and look at no snapshot.
    Raises: JournalError, not_foldable, naming a step whose events cannot follow; journal_damaged, one that was altered;
        other_founding, of a desk with other beginnings than the record's.
    """
    same_founding(journal.meta(), memory.system.founded)
    with _no_collection():
        seq, passed_over = (0, 0) if from_empty else _take_snapshot(memory, journal)
        number, steps, events, last_ns = seq, 0, 0, journal.time_of(seq)
        for number, step in journal.chained_steps(seq):
            try:
                memory.fold(step)
            except Exception as error:  # an impossible history: it is the record that is wrong
                sentence = f"step {number} cannot follow from those before it ({type(error).__name__}: {error})"
                raise JournalError(sentence, code="not_foldable") from error
            steps, events, last_ns = steps + 1, events + len(step.events), max(last_ns, step.ts_ns)
    return Recovered(
        tail=tail or Tail(last_seq=journal.durable()),
        snapshot_seq=seq,
        snapshots_passed_over=passed_over,
        steps=steps,
        events=events,
        last_seq=max(journal.durable(), number),
        last_ns=last_ns,
        pending=len(memory.timers.items()),
    )


def _take_snapshot(memory: Memory, journal: SqliteJournal) -> tuple[int, int]:
    """(sequence number of the snapshot taken over, snapshots that were no good); (0, ...) when none was."""
    passed_over = 0
    for seq, states in _snapshots(journal):
        if states is not None:
            try:
                memory.restore(states)
                return seq, passed_over
            except (KeyError, msgspec.DecodeError):  # of another build: what it says may mean something else now
                memory.forget()
        passed_over += 1
    return 0, passed_over


def _snapshots(journal: SqliteJournal) -> Iterator[tuple[int, dict[str, bytes] | None]]:
    """Every snapshot, latest first: the one beside the journal where it stands further on, then those in it."""
    beside = _side_snapshot(journal)
    for seq, states in journal.snapshots():
        if beside is not None and beside[0].seq > seq:
            yield beside[0].seq, beside[1]
            beside = None
        yield seq, states
    if beside is not None:
        yield beside[0].seq, beside[1]


def _side_snapshot(journal: SqliteJournal) -> tuple[Place, dict[str, bytes]] | None:
    """The side snapshot that stands at a record of this journal, or None."""
    found = read_side(journal.path)
    if found is None:
        return None
    try:
        return found if journal.hash_of(found[0].seq) == found[0].hash else None
    except JournalError:
        return None


@contextmanager
def _no_collection() -> Iterator[None]:
    """Folding makes no garbage in cycles, and a collector that looks for some costs more than the folding."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
