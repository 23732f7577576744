"""Latency from an order's arrival to its children being allowed out, fsync included, open loop.

Orders arrive on a timetable whether or not the last one is done, and each is timed from when it was due, so a stall
is paid by every order behind it (no coordinated omission). Group commit: the disk is never waited for by the loop;
an order is done when its step is on disk.
"""

from __future__ import annotations

import tempfile
import threading
import time
from pathlib import Path

from benchmarks.desk import build_engine, decode, order_bytes, session_ns, static_states
from sottovoce.adapters.journal.committer import GroupCommitter
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.core.ports import Step
from sottovoce.runtime.metrics import NoMetrics

RATES = (100, 1_000, 5_000, 10_000)
SECONDS = 3
WARM = 500


class Grouped:
    """The journal port over a group committer; remembers when each step reached the disk."""

    def __init__(self, committer: GroupCommitter) -> None:
        self._committer = committer
        self.durable_ns: dict[int, int] = {}

    def append(self, step: Step) -> int:
        return self._committer.submit(step, self._done)

    def flush(self) -> None:
        return None

    def durable(self) -> int:
        return 0

    def _done(self, seq: int) -> None:
        self.durable_ns[seq] = time.perf_counter_ns()


def quantile(values: list[int], part: float) -> float:
    """The value below which a part of the sorted values lies, microseconds."""
    ordered = sorted(values)
    return ordered[min(int(part * len(ordered)), len(ordered) - 1)] / 1000


def measure(rate: int, folder: Path) -> tuple[list[int], int, int]:
    """(latencies ns, orders, groups committed) at a rate of orders a second."""
    journal = SqliteJournal(folder / f"latency-{rate}.db", {})
    committer = GroupCommitter(journal)
    grouped = Grouped(committer)
    engine = build_engine(grouped, NoMetrics())  # type: ignore[arg-type]
    now_ns, count = session_ns(), min(rate * SECONDS, 20_000)
    states = static_states(now_ns)
    messages = [order_bytes(number) for number in range(WARM + count)]
    for message in messages[:WARM]:
        engine.step(now_ns, decode(message), states)
    committer.drain()
    due_ns: dict[int, int] = {}
    began = time.perf_counter_ns()
    for number, message in enumerate(messages[WARM:]):
        due = began + number * 1_000_000_000 // rate
        # Waiting lets the committing thread have the interpreter, as an event loop that waits would; sleeping to the
        # microsecond is not to be had, so the last tenth of a millisecond is spent yielding.
        while (left := due - time.perf_counter_ns()) > 0:
            time.sleep(max(left - 100_000, 0) / 1e9)
        due_ns[WARM + number + 1] = due
        engine.step(now_ns, decode(message), states)
    committer.drain()
    groups = committer.groups
    committer.close()
    journal.close()
    return [grouped.durable_ns[seq] - due for seq, due in due_ns.items()], count, groups


def main() -> None:
    """Print the rows of the table."""
    with tempfile.TemporaryDirectory() as name:
        for rate in RATES:
            latencies, count, groups = measure(rate, Path(name))
            p50, p99 = quantile(latencies, 0.50), quantile(latencies, 0.99)
            print(f"latency_{rate}_per_s_p50 {p50:18.0f} us  (p99 {p99:.0f} us, {count} orders, {groups} groups)")
    assert threading.active_count() == 1


if __name__ == "__main__":
    main()
