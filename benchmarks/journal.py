"""What the record costs: alone with its fsync, in groups of 100, and in processor time.

The steps are real ones: an order's, from bytes in to routed children (benchmarks/desk), and the smaller one of a
later slice of an order at work. Each figure stands beside what the disk or SQLite asks for the same bytes with nothing
of ours around them: a file appended and fsynced, a table of one column. The cost follows the bytes of a step.
"""

from __future__ import annotations

import gc
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec.structs import replace

from benchmarks.desk import build_engine, decode, order_bytes, session_ns, static_states
from sottovoce.adapters.journal.committer import GroupCommitter
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.records import GENESIS, record_of
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.journal.verify import verify
from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.commands import AlgoWake
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted, RouteDecided
from sottovoce.core.work_events import ChildCreated, TimerSet
from sottovoce.runtime.metrics import NoMetrics

GROUP = 100
STEPS = 5_000
ALONE = 500
REPEATS = 5

OF_A_SLICE = (ChildCreated, ChildApproved, ChildRouted, RouteDecided, TimerSet)

Figures = tuple[float, float]
"""(steps a second of wall time, CPU microseconds a step)."""


def real_steps(count: int) -> list[Step]:
    """The steps of so many direct orders."""
    engine, now_ns = build_engine(MemoryJournal(), NoMetrics()), session_ns()
    states = static_states(now_ns)
    return [engine.step(now_ns, decode(order_bytes(number)), states) for number in range(count)]


def slices_of(steps: Sequence[Step]) -> list[Step]:
    """The same steps as a timer's: the child and its routes, with nothing said of the order again."""
    return [
        replace(
            step,
            input=AlgoWake(parent_id=step.events[0].parent_id, number=1),
            events=tuple(event for event in step.events if isinstance(event, OF_A_SLICE)),
        )
        for step in steps
    ]


def in_groups(path: Path, steps: Sequence[Step], group: int) -> Figures:
    """Steps appended and flushed in groups, by the loop itself."""
    journal = SqliteJournal(path)

    def work() -> None:
        for first in range(0, len(steps), group):
            for step in steps[first : first + group]:
                journal.append(step)
            journal.flush()

    figures = _timed(work, len(steps))
    journal.close()
    return figures


def through_committer(path: Path, steps: Sequence[Step]) -> Figures:
    """Steps submitted as fast as they are taken: groups as large as the disk makes them."""
    journal = SqliteJournal(path)
    committer = GroupCommitter(journal)

    def work() -> None:
        for step in steps:
            committer.submit(step, _nobody_listens)
        committer.drain()

    figures = _timed(work, len(steps))
    committer.close()
    journal.close()
    return figures


def bare_file(path: Path, contents: Sequence[bytes]) -> Figures:
    """The same bytes appended to a file, one fsync each: what the disk asks for a step alone."""
    with path.open("ab", buffering=0) as file:

        def work() -> None:
            for content in contents:
                file.write(content)
                os.fsync(file.fileno())

        return _timed(work, len(contents))


def bare_table(path: Path, contents: Sequence[bytes]) -> Figures:
    """The same bytes into a table of one column, in groups of 100: what SQLite asks, encoded and chained by nobody."""
    db = sqlite3.connect(path, isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA wal_autocheckpoint=0"):
        db.execute(statement)
    db.execute("CREATE TABLE bodies (body BLOB NOT NULL) STRICT")

    def work() -> None:
        for first in range(0, len(contents), GROUP):
            db.execute("BEGIN")
            db.executemany("INSERT INTO bodies VALUES (?)", [(content,) for content in contents[first : first + GROUP]])
            db.execute("COMMIT")

    figures = _timed(work, len(contents))
    db.close()
    return figures


def verified(path: Path, steps: Sequence[Step]) -> Figures:
    """A journal of the steps, checked whole; the writing is not timed."""
    in_groups(path, steps, GROUP)
    assert verify(path).ok
    return _timed(lambda: verify(path), len(steps))


def _nobody_listens(seq: int) -> None:
    """What a caller would be told; the figure is the journal's alone."""


def _timed(work: Callable[[], object], count: int) -> Figures:
    wall, processor = time.perf_counter_ns(), time.process_time_ns()
    work()
    processor, wall = time.process_time_ns() - processor, time.perf_counter_ns() - wall
    return count * 1e9 / wall, processor / count / 1000


def _bodies(steps: Sequence[Step]) -> list[bytes]:
    """What the journal writes of each step, without its keys and hashes."""
    records = [record_of(seq, step, GENESIS) for seq, step in enumerate(steps)]
    return [record.body + b"".join(content for _, content in record.evidence) for record in records]


def _shape(steps: Sequence[Step], bodies: Sequence[bytes]) -> str:
    events = statistics.mean(len(step.events) for step in steps)
    return f", {events:.1f} events and {statistics.mean(map(len, bodies)):.0f} bytes a step"


def _row(name: str, values: list[float], unit: str, note: str = "") -> float:
    middle = statistics.median(values)
    print(f"{name:<32} {middle:8.1f} {unit}  ({min(values):.1f} to {max(values):.1f}{note})", flush=True)
    return middle


def main() -> None:
    """Print the rows of the table; opponents are measured in turn with ours, so a slow minute slows both."""
    orders = real_steps(STEPS)
    slices = slices_of(orders)
    order_bodies, slice_bodies = _bodies(orders), _bodies(slices)
    kinds: dict[str, Callable[[Path], Figures]] = {
        "alone": lambda path: in_groups(path, slices[:ALONE], 1),
        "file": lambda path: bare_file(path, slice_bodies[:ALONE]),
        "slices": lambda path: in_groups(path, slices, GROUP),
        "slices_table": lambda path: bare_table(path, slice_bodies),
        "orders": lambda path: in_groups(path, orders, GROUP),
        "orders_table": lambda path: bare_table(path, order_bodies),
        "committer": lambda path: through_committer(path, orders),
        "verify": lambda path: verified(path, orders),
    }
    found: dict[str, list[Figures]] = {name: [] for name in kinds}
    gc.collect()
    gc.freeze()
    with tempfile.TemporaryDirectory() as folder:
        for repeat in range(REPEATS):
            for name, measure in kinds.items():
                found[name].append(measure(Path(folder) / f"{name}-{repeat}.db"))
    gc.unfreeze()
    _report(found, {"slices": _shape(slices, slice_bodies), "orders": _shape(orders, order_bodies)})


def _report(found: dict[str, list[Figures]], shapes: dict[str, str]) -> None:
    wall = {name: [figure for figure, _ in figures] for name, figures in found.items()}
    cpu = {name: [figure for _, figure in figures] for name, figures in found.items()}
    alone = _row("journal_single_commits", wall["alone"], "commits/s", shapes["slices"])
    disk = _row("journal_bare_fsyncs", wall["file"], "fsyncs/s")
    print(f"{'journal_single_ratio':<32} {alone / disk:8.2f} of the bare file")
    for kind, shape in shapes.items():
        _row(f"journal_{kind}_grouped", wall[kind], "steps/s", f", groups of {GROUP}{shape}")
        ours = _row(f"journal_{kind}_cpu", cpu[kind], "us/step")
        bare = _row(f"journal_{kind}_cpu_bare_table", cpu[f"{kind}_table"], "us/step")
        print(f"{f'journal_{kind}_cpu_ratio':<32} {ours / bare:8.2f} of the bare table")
    _row("journal_committer", wall["committer"], "orders/s")
    _row("journal_verify", wall["verify"], "orders/s")


if __name__ == "__main__":
    main()
