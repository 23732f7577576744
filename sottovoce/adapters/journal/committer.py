"""Group commit that never waits: commit when idle, collect while a commit runs.

A step is encoded and chained on the caller's thread, then handed to a thread that does nothing but commit. A lone
step is committed at once; steps that arrive while the disk is busy share the next transaction, so the group grows
with the load and nobody tunes it. Nothing is said before its record is on disk: callbacks run after the commit.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping

from sottovoce.adapters.journal.checkpoint import CHECKPOINT_BYTES, Checkpointer
from sottovoce.adapters.journal.records import Record
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Step

PENDING_MAX = 10_000
"""Steps that may wait for the disk; the next submit waits with them."""

SLOW_FROM = 1_000
"""Steps waiting from which new orders are refused: what is left of PENDING_MAX is for cancels and venues' news."""

OnDurable = Callable[[int], None]
"""Told the sequence number of a step that is on disk; runs on the committing thread, in order."""


class GroupCommitter:
    """Commits the steps of one submitting thread to one journal; the journal must not be written otherwise.

    After a failure, of a commit or of a callback, nothing more is committed or said: stop taking orders.
    """

    def __init__(self, journal: SqliteJournal, checkpoint_bytes: int = CHECKPOINT_BYTES) -> None:
        self._journal = journal
        self._waiting: list[tuple[Record, OnDurable]] = []
        self._changed = threading.Condition()
        self._failure: Exception | None = None
        self._committing = False
        self._closing = False
        self.groups = 0
        self._checkpointer = Checkpointer(journal.path, checkpoint_bytes)
        self._thread = threading.Thread(target=self._run, name="journal-commit", daemon=True)
        self._thread.start()

    def submit(self, step: Step, on_durable: OnDurable) -> int:
        """Chain a step and hand it over; on_durable(seq) is called once it is on disk. Returns seq.

        Raises: JournalError when an earlier step could not be made durable.
        """
        self._refuse_when_over()
        return self._hand_over(self._journal.chain(step), on_durable)

    def submit_snapshot(self, states: Mapping[str, bytes], on_durable: OnDurable) -> int:
        """Chain a snapshot as of the last step submitted and hand it over: it is written while the loop goes on."""
        self._refuse_when_over()
        return self._hand_over(self._journal.chain_snapshot(states), on_durable)

    def _hand_over(self, record: Record, on_durable: OnDurable) -> int:
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < PENDING_MAX or self._failure is not None)
            self._refuse_after_failure()
            self._waiting.append((record, on_durable))
            self._changed.notify_all()
        return record.seq

    @property
    def waiting(self) -> int:
        """Records that have not begun to be committed."""
        return len(self._waiting)

    @property
    def checkpoints(self) -> int:
        """Checkpoints made since the start."""
        return self._checkpointer.done

    def drain(self) -> None:
        """Wait until every step submitted is durable and said. Raises JournalError when one could not be."""
        with self._changed:
            self._changed.wait_for(lambda: self._failure is not None or not (self._waiting or self._committing))
        self._refuse_after_failure()

    def close(self) -> None:
        """Drain and end the threads; the journal stays open. Raises JournalError when a step is not durable."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._checkpointer.close()
        self._refuse_after_failure()

    def _refuse_when_over(self) -> None:
        self._refuse_after_failure()
        if self._closing:
            raise JournalError(f"{self._journal.path}: the committer is closed.", code="journal_closed")

    def _refuse_after_failure(self) -> None:
        if self._failure is not None:
            sentence = f"{self._journal.path}: steps are no longer being recorded: {self._failure}"
            raise JournalError(sentence, code="commit_failed") from self._failure

    def _run(self) -> None:
        while group := self._next_group():
            try:
                self._journal.commit([record for record, _ in group])
                self._checkpointer.committed(sum(len(record.body) for record, _ in group))
                self.groups += 1
                for record, on_durable in group:
                    on_durable(record.seq)
            except Exception as error:  # whatever it was, no later step may be said to be on disk
                self._fail(error)
                return

    def _next_group(self) -> list[tuple[Record, OnDurable]]:
        """Everything that has collected, waiting for the first; empty when closing and nothing is left."""
        with self._changed:
            self._committing = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._waiting or self._closing)
            group, self._waiting = self._waiting, []
            self._committing = bool(group)
            return group

    def _fail(self, error: Exception) -> None:
        with self._changed:
            self._failure = error
            self._waiting = []
            self._committing = False
            self._changed.notify_all()


class GroupedJournal:
    """The Journal port over a group committer: append hands over, durable says how far the disk has come.

    For the real clock, where the loop must not wait for the disk: it lets a step's messages out once the step is
    durable, and works on meanwhile.
    """

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self._committer = GroupCommitter(journal)
        self._durable = journal.durable()

    def append(self, step: Step) -> int:
        """Chain a step and hand it to the committing thread."""
        return self._committer.submit(step, self._reached)

    def flush(self) -> None:
        """Wait until everything appended is on disk."""
        self._committer.drain()

    def durable(self) -> int:
        """Sequence number of the last step on disk."""
        return self._durable

    def steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """The recorded steps after a sequence number, in order."""
        self.flush()
        return self._journal.steps(after_seq)

    def snapshot(self, states: Mapping[str, bytes]) -> int:
        """As SqliteJournal.snapshot: on disk on return."""
        seq = self.begin_snapshot(states)
        self.flush()
        return seq

    def begin_snapshot(self, states: Mapping[str, bytes]) -> int:
        """Chain a snapshot and leave writing it to the committing thread; durable() tells when it is on disk."""
        return self._committer.submit_snapshot(states, self._reached)

    def strain(self) -> str:
        """Why nothing that raises exposure should be recorded now: no room, or a disk that does not keep up."""
        return "journal_slow" if self._committer.waiting >= SLOW_FROM else self._journal.strain()

    def head(self) -> str:
        """Hash of the last record appended, hex."""
        return self._journal.head()

    def close(self) -> None:
        """Drain, end the threads, fold the WAL into the file and release it, also when a step is not durable."""
        try:
            self._committer.close()
        finally:
            self._journal.close()

    def _reached(self, seq: int) -> None:
        self._durable = seq
