"""The command line: `python -m tools.faultsim --seeds 200`, or `--seed 7` to repeat one."""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Iterator, Sequence
from multiprocessing import get_context
from pathlib import Path

import msgspec

from tools.faultsim.faults import SINGLES
from tools.faultsim.runs import MIXED, Outcome, Run, play, shrink

CHILD_RUNS = 20
"""A worker is replaced after so many runs, so that memory stays what one run needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 0 when every invariant held in every run, 1 when one did not."""
    asked = _parser().parse_args(arguments)
    runs = _runs(asked)
    began = time.perf_counter()
    outcomes, failed = [], []
    for outcome in _played(runs, asked.jobs):
        outcomes.append(outcome)
        if outcome.invariant:
            failed.append(outcome)
            _tell(outcome)
        if asked.verbose:
            print(_line(outcome), flush=True)
    _summary(outcomes, failed, time.perf_counter() - began, asked.out)
    if failed and asked.shrink:
        _keep(shrink(failed[0]), asked.keep)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="faultsim", description="Seeded faults on a whole desk in one process.")
    parser.add_argument("--seed", type=int, help="run this seed only")
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds of everything at once")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--events", type=int, default=20_000, help="events of one seed")
    parser.add_argument("--fault", default=MIXED, help="one row of the fault matrix alone, or all")
    parser.add_argument("--without", default="", help="faults to leave out, by name, with commas")
    parser.add_argument("--singles", action="store_true", help="every fault alone as well")
    parser.add_argument("--single-events", type=int, default=5_000, help="events of each of those")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--shrink", action="store_true", help="look for a shorter run with the first breach found")
    parser.add_argument("--keep", type=Path, help="folder to keep the shrunk run in")
    parser.add_argument("--out", type=Path, help="file for the figures, JSON")
    parser.add_argument("--verbose", action="store_true", help="a line for each run")
    return parser


def _runs(asked: argparse.Namespace) -> list[Run]:
    without = tuple(name for name in asked.without.split(",") if name)
    if asked.seed is not None:
        return [Run(seed=asked.seed, fault=asked.fault, events=asked.events, without=without)]
    seeds = range(asked.first, asked.first + asked.seeds)
    runs = [Run(seed=seed, fault=asked.fault, events=asked.events, without=without) for seed in seeds]
    alone = [Run(seed=asked.first, fault=name, events=asked.single_events) for name in SINGLES]
    return [*alone, *runs] if asked.singles else runs


def _played(runs: Sequence[Run], jobs: int) -> Iterator[Outcome]:
    if jobs <= 1 or len(runs) == 1:
        yield from map(play, runs)
        return
    with get_context("spawn").Pool(jobs, maxtasksperchild=CHILD_RUNS) as pool:
        yield from pool.imap_unordered(play, runs)


def _tell(outcome: Outcome) -> None:
    print(f"BREACH {outcome.what[:600]}\n  repeat with: {outcome.run.command}", flush=True)


def _line(outcome: Outcome) -> str:
    return f"{outcome.run.fault:24} seed {outcome.run.seed:6} {json.dumps(outcome.figures)} {outcome.seconds:.2f} s"


def _summary(outcomes: Sequence[Outcome], failed: Sequence[Outcome], seconds: float, out: Path | None) -> None:
    sums = {
        name: sum(int(outcome.figures[name]) for outcome in outcomes)
        for name in ("events", "steps", "orders", "parents", "crashes", "torn", "poisoned")
    }
    figures = {
        "runs": len(outcomes), **sums, "violations": len(failed), "seconds": round(seconds, 1),
        "cpu_seconds": round(sum(outcome.cpu_seconds for outcome in outcomes), 1),
        "events_per_second": round(sums["events"] / max(seconds, 1e-9)),
    }  # fmt: skip
    print(", ".join(f"{name} {value:,}" for name, value in figures.items()))
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(msgspec.json.format(msgspec.json.encode({"figures": figures, "failed": list(failed)})))


def _keep(outcome: Outcome, folder: Path | None) -> None:
    """Show the shortest run found, and keep it where the tests look."""
    print(f"shrunk to: {outcome.run.command}\n  {outcome.what[:600]}")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        name = folder / f"{outcome.invariant}-{outcome.run.seed}.json"
        name.write_bytes(msgspec.json.format(msgspec.json.encode(outcome.run)))
        print(f"kept in {name}")


if __name__ == "__main__":
    sys.exit(main())
