"""A day of a basket: the 200 names with the highest known ADV, each with its own venues, on two processes.

For each generator (queues: compiled kernel; agents): wall seconds from nothing to the last close, processes and their
compiled code started included; processor seconds of both processes, which a busy machine does not stretch; background
events, by the feed's own count; and the most memory one process held. Names run ten to a market, tapes recorded, a
market forgotten when its day is over. Target: 60 s of wall time on two free cores.

Then memory against days: the most one process held after one day of four names, and after three in the same market.
`python -m benchmarks.basket_day 20` takes twenty names.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import NamedTuple

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.queues import QueueMarket
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Market

DATE = "2026-11-23"
NAMES, AT_ONCE, PROCESSES = 200, 10, 2
SEED = 1
GENERATORS = ("queues", "agents")


class Done(NamedTuple):
    """What some names took: background events, processor seconds, and the most memory the process held so far."""

    events: int
    seconds: float
    peak_mb: float


def main(names: int = NAMES) -> None:
    """Print the table."""
    symbols = [each.symbol for each in most_traded(names)]
    groups = [symbols[start : start + AT_ONCE] for start in range(0, len(symbols), AT_ONCE)]
    for generator in GENERATORS:
        began = perf_counter()
        with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
            done = list(pool.map(play, [generator] * len(groups), groups, [1] * len(groups)))
        row(f"basket_{generator}_{names}_names_wall", perf_counter() - began, "s")
        row(f"basket_{generator}_{names}_names_processor", sum(each.seconds for each in done), "s")
        row(f"basket_{generator}_{names}_names_events", sum(each.events for each in done), "events")
        row(f"basket_{generator}_{names}_names_memory", max(each.peak_mb for each in done), "MB a process")
        for days in (1, 3):
            row(f"basket_{generator}_memory_{days}_days", alone(generator, symbols[:4], days).peak_mb, "MB")


def row(name: str, value: float, unit: str) -> None:
    """One line of the table."""
    print(f"{name} {value:.6g} {unit}", flush=True)


def most_traded(names: int) -> list[Instrument]:
    """Names of the shipped master by ADV, highest first; only those with every fact a generator asks for."""
    known = [each for each in load_shipped().instruments if each.adv and each.close and each.sigma_daily]
    return sorted(known, key=lambda each: (-((each.adv and each.adv.value) or 0.0), each.symbol))[:names]


def alone(generator: str, symbols: Sequence[str], days: int) -> Done:
    """As play, in a process of its own, so that its memory is of this alone."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(play, generator, symbols, days).result()


def play(generator: str, symbols: Sequence[str], days: int) -> Done:
    """Run names in one market from the first open to the last close."""
    began = process_time()
    market, closes_ns = made(generator, symbols, days)
    events = 0
    for close_ns in closes_ns:
        market.advance(close_ns - 1)
        events = sum(state.seq for state in market.states().values())
        market.advance(close_ns)
    return Done(events, process_time() - began, peak_mb())


def made(generator: str, symbols: Sequence[str], days: int) -> tuple[Market, list[int]]:
    """A market of the names, and the closes of its sessions."""
    sessions = load_calendar("XNYS").sessions(DATE, days)
    reference = load_shipped()
    names = [name for name in map(reference.resolve, symbols) if name is not None]
    assert len(names) == len(symbols), f"of {symbols}, {len(names)} are in the instrument master"
    closes_ns = [session.close_ns for session in sessions]
    if generator == "queues":
        return QueueMarket(names, sessions, SEED, sessions_kept=0), closes_ns
    return SimulatedMarket(names, sessions, SEED, sessions_kept=0), closes_ns


def peak_mb() -> float:
    """The most memory this process ever held; NaN where the system does not say (it is in Linux's VmHWM)."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.is_file() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
