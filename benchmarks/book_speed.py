"""How fast an order-by-order book is rebuilt: event by event plain and compiled, in batch, and beside hftbacktest.

Two feeds (`book_flow`): an hour of a real stock (92 thousand events, left out where its file is not at hand) and a
made one (half a million, a deeper book). Rows, in events a second of processor time, median of REPEATS (least to most):

* loop: one call with columns as lists, each event through the book's own methods; lists: made from arrays first;
* call: the caller's loop, a method call an event;
* touch: as lists, and best prices and sizes after every event into an array;
* compiled: the same source by mypyc (`tools/compile.py`), built here when it is not; left out where it cannot be;
* batch: the numba kernel over arrays, best prices and sizes after every event into an array;
* peer: hftbacktest in one go, and asked at every feed time (`book_peer` says what is equal). Ratios are taken pair by
  pair within a repetition. All final books are compared before anything is printed.

Last, the most memory a process ever held, after one day and after ten of the made feed, in runs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable
from time import process_time
from types import ModuleType

import numpy as np

from benchmarks import book_peer
from benchmarks.book_flow import made_flow, real_hour
from sottovoce.models.mbo import book as plain
from sottovoce.models.mbo import events as mbo
from sottovoce.models.mbo.batch import BatchBook
from sottovoce.models.mbo.events import MboEvents
from sottovoce.models.mbo.playing import spread
from tools import compile as compiling

REPEATS = 7
MADE = 500_000
BOOK = "sottovoce.models.mbo.book"

Lists = tuple[list[int], list[int], list[int], list[int], list[int]]
Way = Callable[[], object]
Seconds = dict[str, list[float]]

PAIRS = (("batch", "peer_asked"), ("batch", "peer_both_asked"), ("batch", "peer"), ("compiled_loop", "plain_loop"))
"""Whose ratio to whose is printed."""

MEMORY = """
import sys
from pathlib import Path
from benchmarks.book_flow import made_flow
from sottovoce.models.mbo.batch import touches_of
day = made_flow(100_000, 2)
runs = (day.where(day.ns // 20_000_000 == part) for _ in range(int(sys.argv[1])) for part in range(5))
assert sum(len(touches) for touches in touches_of(runs)) == 100_000 * int(sys.argv[1])
print(next(line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")))
"""
"""VmHWM and not getrusage: that figure survives exec, so a child would begin with its parent's."""


def main() -> None:
    """Print the table."""
    compiled = _compiled_book()
    feeds = {"hour": real_hour(), "made": made_flow(MADE, 1)}
    for name, events in feeds.items():
        if events is None:
            print(f"# book_{name}: the file is not at hand; set SOTTOVOCE_DATA")
            continue
        ways = _ways(events, compiled)
        _check_same_end(events, ways)
        seconds = _timed(ways)
        for way, spent in seconds.items():
            row(f"book_{name}_{way}", [len(events) / each for each in spent], "events/s")
        for ours, theirs in PAIRS:
            if ours in seconds and theirs in seconds:
                ratios = [b / a for a, b in zip(seconds[ours], seconds[theirs], strict=True)]
                row(f"book_{name}_{ours}_to_{theirs}", ratios, "x")
    for days in (1, 10):
        row(f"book_memory_{days}_days", _peaks_mb(days), "MB")


def row(name: str, values: list[float], unit: str) -> None:
    """One line of the table: the median, and from least to most."""
    print(f"{name} {statistics.median(values):.4g} {unit} ({min(values):.4g} to {max(values):.4g})", flush=True)


def _compiled_book() -> ModuleType | None:
    """The compiled module, built when it is old or missing; None, and a line that says why, where it cannot be."""
    try:
        if not compiling.is_fresh():
            compiling.build()
    except compiling.CannotCompile as why:
        print(f"# no compiled rows: {why}")
        return None
    with compiling.loaded() as modules:
        return modules[BOOK]


def _ways(events: MboEvents, compiled: ModuleType | None) -> dict[str, Way]:
    """What is timed, by name; each builds a book from nothing."""
    local, both = (book_peer.feed_of(events, where) for where in (book_peer.LOCAL, book_peer.BOTH))
    return {
        **_event_by_event("plain", plain, events),
        **(_event_by_event("compiled", compiled, events) if compiled else {}),
        "batch": lambda: BatchBook().play(events),
        "peer": lambda: book_peer.run(local),
        "peer_asked": lambda: book_peer.run_asked(local),
        "peer_both_asked": lambda: book_peer.run_asked(both),
    }


def _event_by_event(name: str, module: ModuleType, events: MboEvents) -> dict[str, Way]:
    columns = _lists(events)
    return {
        f"{name}_loop": lambda: _looped(module, columns),
        f"{name}_lists": lambda: _looped(module, _lists(events)),
        f"{name}_call": lambda: _called(module, columns),
        f"{name}_touch": lambda: _touched(module, events),
    }


def _lists(events: MboEvents) -> Lists:
    kind, order_id, side, px, qty = (column.tolist() for column in events.columns[1:])
    return kind, order_id, side, px, qty


def _looped(module: ModuleType, columns: Lists) -> object:
    book = module.MboBook()
    book.apply_all(*columns)
    return book


def _called(module: ModuleType, columns: Lists) -> object:
    book = module.MboBook()
    add, reduce, delete = book.add, book.reduce, book.delete
    is_add, is_delete, is_cancel, is_execute = mbo.ADD, mbo.DELETE, mbo.CANCEL, mbo.EXECUTE
    for kind, order_id, side, px, qty in zip(*columns, strict=True):
        if kind == is_add:
            add(order_id, side, px, qty)
        elif kind == is_delete:
            delete(order_id)
        elif kind in (is_execute, is_cancel):
            reduce(order_id, qty)
    return book


def _touched(module: ModuleType, events: MboEvents) -> object:
    moves: list[int] = []
    module.MboBook().apply_all(*_lists(events), moves)
    return spread(moves, len(events))


def _check_same_end(events: MboEvents, ways: dict[str, Way]) -> None:
    """Every way has the same book at the end; those that note the best after each event, the same throughout."""
    batch = BatchBook()
    touches = batch.play(events)
    end = batch.touch()
    for name, way in ways.items():
        got = way()
        if name.startswith("peer"):
            bid, bid_qty, ask, ask_qty = got if isinstance(got, tuple) else np.asarray(got)[-1]
            got_end = (round(bid * book_peer.UNITS), int(bid_qty), round(ask * book_peer.UNITS), int(ask_qty))
            assert got_end == end, f"{name} ends with {got_end}, the batch book with {end}"
        elif isinstance(got, np.ndarray):
            assert np.array_equal(got, touches), f"{name} disagrees with the batch book on the way"
        else:
            assert got.touch() == end, f"{name} ends with {got.touch()}, the batch book with {end}"  # type: ignore[attr-defined]


def _timed(ways: dict[str, Way]) -> Seconds:
    """Processor seconds of each way, REPEATS times in turn, so that a busy minute falls on all of them."""
    seconds: Seconds = {name: [] for name in ways}
    for _ in range(REPEATS):
        for name, way in ways.items():
            began = process_time()
            way()
            seconds[name].append(process_time() - began)
    return seconds


def _peaks_mb(days: int) -> list[float]:
    """Most memory of a process that plays so many days, three times over."""
    command = [sys.executable, "-c", MEMORY, str(days)]
    done = [subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(3)]
    return [int(each.stdout) / 1024 for each in done]


if __name__ == "__main__":
    main()
