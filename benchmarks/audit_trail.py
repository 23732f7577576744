"""How fast a signed journal is verified: records a second, and what that makes of ten million (target 60 s).

Wall and processor time: one process works, so on a machine with nothing else to do they are the same.

The records are those of a real order at work (tools/audit_sample), repeated, with a checkpoint every 1,000. Beside it
stands what SQLite and SHA-256 ask for the same bytes: every row read, every body hashed once.
"""

from __future__ import annotations

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from sottovoce.adapters.journal.checkpoint_store import CheckpointStore
from sottovoce.adapters.journal.notary import Notary
from sottovoce.adapters.journal.records import Record, record_of
from sottovoce.adapters.journal.signing import Signer, generate_key, load_signer
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.adapters.journal.trail import verify_trail
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.ports import Step
from tools.audit_sample.script import make_sample

RECORDS = 200_000
EVERY = 1_000
WHOLE = 10_000_000
REPEATS = 3


def main() -> None:
    """Print the rates, best of three."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        steps = _steps(folder / "sample")
        path, store, signer = folder / "journal.db", folder / "second" / "c.jsonl", load_signer(generate_key(folder)[0])
        _write(path, store, signer, steps)
        ours, cpu = map(min, zip(*(_verified(path, store, signer) for _ in range(REPEATS)), strict=True))
        bare, _ = map(min, zip(*(_hashed(path) for _ in range(REPEATS)), strict=True))
        size = path.stat().st_size
    print(f"audit.records {RECORDS:,} ({size / RECORDS:,.0f} bytes each on disk)")
    print(f"audit.verify {RECORDS / ours:,.0f} records/s")
    each = WHOLE / RECORDS
    print(f"audit.verify_10m {each * ours:.1f} s wall, {each * cpu:.1f} s processor (by the rate above; target 60)")
    print(f"audit.read_and_hash {RECORDS / bare:,.0f} records/s (verifying takes {ours / bare:.2f} times as long)")


def _steps(folder: Path) -> list[Step]:
    """An order's steps after its first: an order can be entered once in a journal."""
    journal = open_for_reading(make_sample(folder).journal)
    try:
        return [step for _, step in journal.steps() if not any(isinstance(x, OrderAccepted) for x in step.events)]
    finally:
        journal.close()


def _write(path: Path, store: Path, signer: Signer, steps: list[Step]) -> None:
    journal = SqliteJournal(path)
    notary = Notary(journal.head(), CheckpointStore(store, path), signer)
    group: list[Record] = []
    for record in _records(bytes.fromhex(journal.head()), steps):
        group.append(record)
        if len(group) == EVERY:
            journal.commit(group)
            notary.attest(record.seq, record.hash.hex())
            group = []
    notary.close()
    journal.close()


def _records(prev: bytes, steps: list[Step]) -> Iterator[Record]:
    for seq in range(1, RECORDS + 1):
        record = record_of(seq, steps[seq % len(steps)], prev)
        prev = record.hash
        yield record


def _verified(path: Path, store: Path, signer: Signer) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    found = verify_trail(path, store, [signer.public], sealed=True)
    assert found.ok, found.faults
    return time.perf_counter() - began, time.process_time() - cpu


def _hashed(path: Path) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    db = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    for _, _, body, _, _ in db.execute("SELECT seq, ts_ns, body, prev, hash FROM steps ORDER BY seq"):
        sha256(body).digest()
    db.close()
    return time.perf_counter() - began, time.process_time() - cpu


if __name__ == "__main__":
    main()
