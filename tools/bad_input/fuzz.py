"""A million random cases at the doors: no traceback, every refusal with a code, everything accepted right.

    python -m tools.bad_input.fuzz [--cases N] [--seed S] [--corpus]

Prints one line of figures and exits 1 when a case was not as it must be; such a case is printed with its seed, block
and bytes. Memory is read before and after: the doors keep nothing.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from tools.bad_input.cases import Case
from tools.bad_input.corpus import corpus
from tools.bad_input.doors import Doors
from tools.bad_input.oracle import Oracle
from tools.bad_input.spoiling import BLOCK, block

KEPT_MAX = 20
PROGRESS_S = 5.0
RSS_GROWTH_MAX = 64 * 1024
"""Kibibytes by which the process may grow over a run (F-35)."""


class Findings(msgspec.Struct):
    """What a run came to. tracebacks and wrong are the failures: both must stay empty."""

    cases: int = 0
    accepted: int = 0
    by_door: Counter[str] = msgspec.field(default_factory=Counter)
    by_code: Counter[str] = msgspec.field(default_factory=Counter)
    tracebacks: int = 0
    wrong: int = 0
    kept: list[str] = []

    def keep(self, where: str, case: Case, what: str) -> None:
        """Remember the first of the failures, with what repeats them."""
        if len(self.kept) < KEPT_MAX:
            self.kept.append(f"{where}: {case.door} {case.kind}: {what}\n    {case.payload[:400]!r}")


class Judge:
    """Takes cases to the doors and holds what comes of them against the oracle."""

    def __init__(self) -> None:
        self.doors = Doors()
        self.findings = Findings()
        self._oracle = Oracle(self.doors.now_ns)

    def judge(self, case: Case, where: str) -> None:
        """One case: refused with codes, or accepted and right; anything else is kept."""
        found = self.findings
        found.cases += 1
        found.by_door[case.door] += 1
        try:
            verdict = self.doors.knock(case)
        except Exception:  # the very thing that is counted here
            found.tracebacks += 1
            found.keep(where, case, traceback.format_exc(limit=-3))
            return
        if verdict.accepted is None:
            found.by_code[verdict.codes[0] if verdict.codes else ""] += 1
            if not verdict.codes or not all(verdict.codes):
                found.wrong += 1
                found.keep(where, case, "refused without a code")
            return
        found.accepted += 1
        objections = self._oracle.objections(json.loads(msgspec.json.encode(verdict.accepted)))
        if objections:
            found.wrong += 1
            found.keep(where, case, f"accepted, but {'; '.join(objections)}")


def run_corpus(cases: list[Case]) -> Findings:
    """The corpus: nothing in it may be accepted, so an accepted case is wrong whatever the oracle says."""
    judge = Judge()
    for number, case in enumerate(cases):
        before = judge.findings.accepted
        judge.judge(case, f"corpus {number}")
        if judge.findings.accepted > before:
            judge.findings.wrong += 1
            judge.findings.keep(f"corpus {number}", case, "accepted")
    return judge.findings


def run_fuzz(cases: int, seed: int, progress: bool = True) -> tuple[Findings, dict[str, float]]:
    """Random cases; returns what was found, and seconds and memory (KiB) after ten blocks and at the end."""
    judge, began, told = Judge(), time.monotonic(), time.monotonic()
    first_kib = 0
    for place, number, case in _numbered(cases, seed):
        judge.judge(case, f"seed {seed} block {place} case {number}")
        if number == 0 and place == 10:
            first_kib = resident_kib()
        if progress and number == 0 and time.monotonic() - told > PROGRESS_S:
            told = time.monotonic()
            done = judge.findings.cases
            sys.stderr.write(f"{done:,} cases, {done / (told - began):,.0f} a second, {resident_kib()} KiB\n")
    seconds = time.monotonic() - began
    return judge.findings, {"seconds": round(seconds, 1), "rss_kib_before": first_kib, "rss_kib_after": resident_kib()}


def _numbered(cases: int, seed: int) -> Iterator[tuple[int, int, Case]]:
    for place in range(-(-cases // BLOCK)):
        for number, case in enumerate(block(seed, place)[: cases - place * BLOCK]):
            yield place, number, case


def resident_kib() -> int:
    """Memory of this process now, KiB; 0 where the system does not say."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0)


def report(found: Findings, more: dict[str, Any]) -> int:
    """Print the figures; returns the exit code."""
    figures = {
        "cases": found.cases,
        "accepted": found.accepted,
        "wrong": found.wrong,
        "tracebacks": found.tracebacks,
        **more,
        "by_door": dict(found.by_door.most_common()),
        "by_code": dict(found.by_code.most_common()),
    }
    sys.stdout.write(json.dumps(figures) + "\n")
    sys.stderr.writelines(f"{each}\n" for each in found.kept)
    grown = more.get("rss_kib_after", 0) - more.get("rss_kib_before", 0) if more.get("rss_kib_before") else 0
    return int(bool(found.wrong or found.tracebacks) or grown > RSS_GROWTH_MAX)


def main() -> None:
    """Run the corpus or the fuzzer."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--corpus", action="store_true", help="the 10,000 fixed cases instead")
    asked = parser.parse_args()
    if asked.corpus:
        sys.exit(report(run_corpus(corpus()), {}))
    sys.exit(report(*run_fuzz(asked.cases, asked.seed)))


if __name__ == "__main__":
    main()
