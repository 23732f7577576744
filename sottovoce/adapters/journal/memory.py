"""A journal in memory: the same records and the same chain, and nothing left when the process ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sottovoce.adapters.journal.records import (
    FORMAT,
    GENESIS,
    Genesis,
    SnapshotTaken,
    chain_hash,
    content_hash,
    encode,
    record_of,
    snapshot_content,
)
from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Step


class MemoryJournal:
    """For tests, previews and runs without an --out folder. Equal runs give the same head as on disk."""

    def __init__(self, meta: Mapping[str, str] | None = None) -> None:
        body = encode(Genesis(meta=dict(meta or {}) | {"format": FORMAT}))
        self._head = chain_hash(0, 0, body, GENESIS)
        self._seq = 0
        self._steps: list[tuple[int, Step]] = []
        self._client_ids: set[str] = set()

    def append(self, step: Step) -> int:
        """Add a step. Raises JournalError, client_id_twice, as the unique index on disk does."""
        record = record_of(self._seq + 1, step, self._head)
        twice = self._client_ids.intersection(record.client_ids)
        if twice:
            raise JournalError(f"order {twice.pop()} is recorded already", code="client_id_twice")
        self._client_ids.update(record.client_ids)
        self._steps.append((record.seq, step))
        self._seq, self._head = record.seq, record.hash
        return record.seq

    def flush(self) -> None:
        """Nothing to do: there is no disk."""

    def durable(self) -> int:
        """Every step: memory is all there is."""
        return self._seq

    def snapshot(self, states: Mapping[str, bytes]) -> int:
        """Chain the hash of the stages' states, as on disk; the states themselves are not kept."""
        self._seq += 1
        body = encode(SnapshotTaken(hash=content_hash(snapshot_content(states))))
        self._head = chain_hash(self._seq, 0, body, self._head)
        return self._seq

    def begin_snapshot(self, states: Mapping[str, bytes]) -> int:
        """As snapshot: there is no disk to wait for."""
        return self.snapshot(states)

    def strain(self) -> str:
        """Memory is never short of disk."""
        return ""

    def steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """The steps after a sequence number, in order."""
        return iter([each for each in self._steps if each[0] > after_seq])

    def head(self) -> str:
        """Hash of the last record, hex."""
        return self._head.hex()

    def close(self) -> None:
        """Nothing to release."""
