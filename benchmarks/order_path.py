"""CPU per order from bytes in to routed child, closed loop, in groups of 100.

Every stage runs with every check: decode, gateway, risk, planning, approval, algorithm, child risk, routing, and the
children built for the venue. With the journal on, each step is encoded, hashed, chained and committed to SQLite in
groups of 100; the figure is processor time of the process, so waiting for the disk does not count (benchmarks/latency
counts it).
"""

from __future__ import annotations

import gc
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.desk import build_engine, decode, order_bytes, session_ns, static_states
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.core.ports import Journal, Step
from sottovoce.core.route_events import RouteDecided
from sottovoce.runtime.metrics import StageMetrics

GROUP = 100
WARM = 2_000
ORDERS = 20_000
REPEATS = 5


class NoJournal:
    """Forgets every step: the path without its record."""

    def append(self, step: Step) -> int:
        return 0

    def flush(self) -> None:
        return None

    def steps(self, after_seq: int = 0) -> object:
        return iter(())

    def durable(self) -> int:
        return 0

    def head(self) -> str:
        return ""

    def close(self) -> None:
        return None


def measure(journal: Journal, repeats: int = REPEATS) -> list[float]:
    """CPU microseconds per order, one figure a repeat."""
    now_ns = session_ns()
    states = static_states(now_ns)
    engine = build_engine(journal, StageMetrics())
    messages = [order_bytes(number) for number in range(WARM + repeats * ORDERS)]
    _work(engine, messages[:WARM], now_ns, states)
    gc.collect()
    gc.freeze()
    figures = []
    for repeat in range(repeats):
        part = messages[WARM + repeat * ORDERS : WARM + (repeat + 1) * ORDERS]
        began = time.process_time_ns()
        _work(engine, part, now_ns, states)
        figures.append((time.process_time_ns() - began) / len(part) / 1000)
    gc.unfreeze()
    return figures


def _work(engine: object, messages: list[bytes], now_ns: int, states: object) -> None:
    step, journal = engine.step, engine.journal  # type: ignore[attr-defined]
    for first in range(0, len(messages), GROUP):
        for message in messages[first : first + GROUP]:
            done = step(now_ns, decode(message), states)
            assert any(type(event) is RouteDecided for event in done.events)
        journal.flush()


def main() -> None:
    """Print the rows of the table."""
    off = measure(NoJournal())  # type: ignore[arg-type]
    with tempfile.TemporaryDirectory() as folder:
        journal = SqliteJournal(Path(folder) / "journal.db", {})
        on = measure(journal)
        journal.close()
    for name, figures in (("order_path_journal_off", off), ("order_path_journal_on", on)):
        middle = statistics.median(figures)
        print(f"{name:<32} {middle:8.1f} us/order  ({min(figures):.1f} to {max(figures):.1f}, {REPEATS} x {ORDERS})")
    print(f"{'order_path_journal_ratio':<32} {statistics.median(on) / statistics.median(off):8.2f} on/off")


if __name__ == "__main__":
    main()
