"""Strategies against each other on paired sessions, and whether the plans' cost intervals hold.

Run: python -m tools.execution_bench --out build/execution
A study that was stopped is taken up where it stopped: finished sessions are kept in OUT/runs. Exit 0 when the report
was written and every coverage is within its band, 1 when a coverage is not.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from tools.execution_bench.findings import POOLED, coverages
from tools.execution_bench.report import markdown, report_of, write
from tools.execution_bench.sessions import GENERATORS
from tools.execution_bench.study import PROCESSES, Plan, run
from tools.execution_bench.tapes import tape_folder, tape_orders


def main(words: Sequence[str] | None = None) -> int:
    """Run the study and write its report."""
    asked = _parser().parse_args(words)
    plan = Plan(
        generators=tuple(asked.generators.split(",")),
        history=asked.history,
        fit=asked.fit,
        ends=asked.ends,
        sessions=asked.sessions,
    )
    found = run(plan, asked.out / "runs", asked.processes)
    folder = tape_folder() if asked.tapes else None
    report = report_of(found, tape_orders(folder) if folder is not None else [])
    paths = write(report, asked.out)
    print(json.dumps(msgspec.to_builtins(report.figures)) if asked.json else markdown(report))
    print("written:", *map(str, paths), file=sys.stderr)
    tested = [order for each in found for order in each.tested]
    covered = coverages(tested, {each.generator: each.learned for each in found})
    return 0 if all(each.within for each in covered if (each.market, each.ends) == (POOLED, "learned")) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="execution_bench", description="Strategies on paired sessions.")
    parser.add_argument("--out", type=Path, default=Path("build/execution"), help="folder of the report")
    parser.add_argument("--generators", default=",".join(GENERATORS), help="markets, with commas")
    parser.add_argument("--sessions", type=int, default=Plan().sessions, help="paired sessions of each generator")
    parser.add_argument("--fit", type=int, default=Plan().fit, help="orders the impact is fitted to, of each")
    parser.add_argument("--ends", type=int, default=Plan().ends, help="orders the interval's ends are learned from")
    parser.add_argument("--history", type=int, default=Plan().history, help="days the volume curve is of, each")
    parser.add_argument("--no-tapes", dest="tapes", action="store_false", help="leave the recorded days out")
    parser.add_argument("--processes", type=int, default=PROCESSES)
    parser.add_argument("--json", action="store_true", help="print every figure as JSON")
    return parser


if __name__ == "__main__":
    sys.exit(main())
