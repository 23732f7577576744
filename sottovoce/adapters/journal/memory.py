"""A journal in memory: the same records and the same chain, and nothing left when the process ends."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sottovoce.adapters.journal.records import FORMAT, GENESIS, Genesis, chain_hash, encode, record_of
from sottovoce.core.errors import JournalError
from sottovoce.core.ports import Step


class MemoryJournal:
    """For tests, previews and runs without an --out folder. Equal runs give the same head as on disk."""

    def __init__(self, meta: Mapping[str, str] | None = None) -> None:
        body = encode(Genesis(meta=dict(meta or {}) | {"format": FORMAT}))
        self._head = chain_hash(0, 0, body, GENESIS)
        self._steps: list[Step] = []
        self._client_ids: set[str] = set()

    def append(self, step: Step) -> int:
        """Add a step. Raises JournalError, client_id_twice, as the unique index on disk does."""
        seq = len(self._steps) + 1
        record = record_of(seq, step, self._head)
        for client_id in record.client_ids:
            if client_id in self._client_ids:
                raise JournalError(f"order {client_id} is recorded already", code="client_id_twice")
            self._client_ids.add(client_id)
        self._steps.append(step)
        self._head = record.hash
        return seq

    def flush(self) -> None:
        """Nothing to do: there is no disk."""

    def steps(self, after_seq: int = 0) -> Iterator[tuple[int, Step]]:
        """The steps after a sequence number, in order."""
        return iter([(seq, step) for seq, step in enumerate(self._steps[after_seq:], start=after_seq + 1)])

    def head(self) -> str:
        """Hash of the last record, hex."""
        return self._head.hex()

    def close(self) -> None:
        """Nothing to release."""
