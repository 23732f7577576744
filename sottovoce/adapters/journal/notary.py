"""A journal whose checkpoints are signed while it is written, off the order path.

The loop only notes the hash a due checkpoint will be about; once that record is durable a thread signs it and adds it
to the second store. While the store is away the marks wait, in order, and the journal's own chain goes on: when it is
back nothing is missing. `lost` says why it is away, so that the desk takes on nothing new meanwhile (F-48).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

from sottovoce.adapters.journal.checkpoint_store import CheckpointStore
from sottovoce.adapters.journal.checkpoints import Checkpoint, due, sign_checkpoint
from sottovoce.adapters.journal.signing import Signer
from sottovoce.core.errors import JournalError, SottovoceError
from sottovoce.core.ports import Journal, Step

RETRY_S = 1.0
STRAIN = "audit_unavailable"
"""What the desk says to new work while checkpoints cannot be kept."""

WAITING_MAX = 10_000
"""Marks kept while the store is away; beyond it the oldest go, for a later checkpoint vouches for their records too."""


class Notary:
    """Signs marks (record, its hash) in order on a thread of its own. lost: why the store is away, or None."""

    def __init__(
        self, journal: str, store: CheckpointStore, signer: Signer, wall_ns: Callable[[], int] = time.time_ns
    ) -> None:
        self._journal = journal
        self._store = store
        self._signer = signer
        self._wall_ns = wall_ns
        self._waiting: deque[tuple[int, str, bool]] = deque(maxlen=WAITING_MAX)
        self._changed = threading.Condition()
        self._closing = False
        self.lost: str | None = None
        self._thread = threading.Thread(target=self._run, name="journal-notary", daemon=True)
        self._thread.start()

    def attest(self, seq: int, head: str, last: bool = False) -> None:
        """A durable record and its hash are to be signed."""
        with self._changed:
            self._waiting.append((seq, head, last))
            self._changed.notify_all()

    def close(self) -> None:
        """Sign what waits, try the store once more, end the thread and release the store."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        self._thread.join()
        self._store.close()

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closing)
                if not self._waiting:
                    return
                mark = self._waiting[0]
            kept = self._keep(*mark)
            with self._changed:
                if kept and self._waiting and self._waiting[0] == mark:
                    self._waiting.popleft()
                elif not kept and self._closing:
                    return
                elif not kept:
                    self._changed.wait(RETRY_S)

    def _keep(self, seq: int, head: str, last: bool) -> bool:
        checkpoint = Checkpoint(
            journal=self._journal,
            seq=seq,
            head=head,
            time_ns=self._wall_ns(),
            prev=self._store.prev,
            key_id=self._signer.key_id,
            last=last,
        )
        try:
            self._store.append(sign_checkpoint(checkpoint, self._signer))
        except (SottovoceError, OSError) as error:
            self.lost = str(error)
            return False
        self.lost = None
        return True


class SignedJournal:
    """The Journal port over another journal and a notary."""

    def __init__(self, journal: Journal, notary: Notary, monotonic_ns: Callable[[], int] = time.monotonic_ns) -> None:
        self._journal = journal
        self._notary = notary
        self._monotonic_ns = monotonic_ns
        self._seq = self._marked = journal.durable()
        self._marked_ns = monotonic_ns()
        self._mark: tuple[int, str] | None = None

    @property
    def lost(self) -> str | None:
        """Why the second store is away, or None: while it is, nothing that raises exposure may be taken on."""
        return self._notary.lost

    def append(self, step: Step) -> int:
        """Append, and note the record's hash if a checkpoint is due."""
        self._seq = self._journal.append(step)
        self._look()
        return self._seq

    def flush(self) -> None:
        """As the journal's; hands a due mark to the notary."""
        self._journal.flush()
        self._look()

    def durable(self) -> int:
        """As the journal's; hands a due mark to the notary."""
        self._look()
        return self._journal.durable()

    def snapshot(self, states: Mapping[str, bytes]) -> int:
        """As the journal's."""
        self._seq = self._journal.snapshot(states)
        self._look()
        return self._seq

    def steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """As the journal's."""
        return self._journal.steps(after_seq)

    def head(self) -> str:
        """As the journal's."""
        return self._journal.head()

    def close(self) -> None:
        """Make everything durable, sign the last record as the last, and release journal and store.

        Raises: JournalError, unsigned, when the second store stayed away: `sottovoce audit sign` makes up for it.
        """
        try:
            self._journal.flush()
            self._notary.attest(self._seq, self._journal.head(), last=True)
        finally:
            self._notary.close()
            self._journal.close()
        if self.lost is not None:
            raise JournalError(f"the end of the record is not signed: {self.lost}", code="unsigned")

    def strain(self) -> str:
        """Why nothing that raises exposure should be recorded now, as a live desk asks it."""
        return STRAIN if self.lost is not None else ""

    def _look(self) -> None:
        """Note a due mark; give it to the notary once its record is durable."""
        if self._mark is None and due(self._seq - self._marked, self._monotonic_ns() - self._marked_ns):
            self._mark = self._seq, self._journal.head()
        if self._mark is not None and self._mark[0] <= self._journal.durable():
            self._notary.attest(*self._mark)
            self._marked, self._marked_ns, self._mark = self._mark[0], self._monotonic_ns(), None


class KeepingJournal(Journal, Protocol):
    """A journal that writes snapshots while the loop goes on, and says when it is not well."""

    def begin_snapshot(self, states: Mapping[str, bytes]) -> int: ...

    def strain(self) -> str: ...


class SignedLiveJournal(SignedJournal):
    """The same over the journal of a live desk."""

    def __init__(
        self, journal: KeepingJournal, notary: Notary, monotonic_ns: Callable[[], int] = time.monotonic_ns
    ) -> None:
        super().__init__(journal, notary, monotonic_ns)
        self._keeping = journal

    def begin_snapshot(self, states: Mapping[str, bytes]) -> int:
        """As the journal's."""
        self._seq = self._keeping.begin_snapshot(states)
        self._look()
        return self._seq

    def strain(self) -> str:
        """The journal's own, else that checkpoints cannot be kept."""
        return self._keeping.strain() or super().strain()
