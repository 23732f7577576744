"""Whether a simulated market is one: every stylised-fact gate, measured on sessions of a generator, as a table.

Run: python tools/market_gates.py --generator agents --sessions 20 --symbol A
--quick leaves out the order of two sessions and every second size. Exit 1 when a gate did not pass.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [] if str(ROOT) in sys.path else [str(ROOT)]

from sottovoce.adapters.calendar.sessions import load_calendar  # noqa: E402
from sottovoce.adapters.reference.store import load_shipped  # noqa: E402
from sottovoce.analytics.market_facts.gates import Judged  # noqa: E402
from sottovoce.analytics.market_facts.measured import Measured  # noqa: E402
from tools.market_study.generators import GENERATORS  # noqa: E402
from tools.market_study.judging import measured  # noqa: E402
from tools.market_study.parents import SIZES  # noqa: E402
from tools.market_study.study import Plan, run  # noqa: E402

START_DATE = "2026-11-30"
DAYS = 2


def plan_of(generator: str, options: argparse.Namespace) -> Plan | None:
    """What to run; None for a symbol nobody knows."""
    instrument = load_shipped().resolve(options.symbol)
    if instrument is None:
        return None
    return Plan(
        generator=generator,
        instrument=instrument,
        sessions=tuple(load_calendar("XNYS").sessions(START_DATE, 1 if options.quick else DAYS)),
        seeds=options.sessions,
        first_seed=options.first_seed,
        sizes=SIZES[::2] if options.quick else SIZES,
    )


def row(each: Judged) -> str:
    """One gate as a line."""
    got = "not measured" if each.got.value is None else f"{each.got.value:.{each.gate.decimals}f}"
    error = "" if each.got.error is None else f"± {each.got.error:.{each.gate.decimals}f}"
    what = f"{each.gate.fact}: {each.gate.measure}"
    return f"{what:<76}{got:>13} {error:<9}{each.gate.allowed:>15}  {each.verdict:<9} {each.got.note}"


def printed(found: Measured) -> str:
    """The table of a generator, with how busy and how volatile it was."""
    busy = sum(each.trades for each in found.facts) / len(found.facts)
    quotes = sum(each.quotes for each in found.facts) / len(found.facts)
    head = (
        f"{found.name}: {len(found.facts)} sessions, {found.volume:,.0f} shares, {busy:,.0f} prints and {quotes:,.0f} "
        f"quotes a session, volatility {found.volatility:.2%} open to close"
    )
    return "\n".join([head, *(row(each) for each in found.judged)])


def main(words: list[str] | None = None) -> int:
    """Measure and print; returns 0 when every gate passed, 1 when one did not, 2 when nothing could be run."""
    options = arguments(words)
    plan = plan_of(options.generator, options)
    if plan is None:
        print(f"No instrument is called {options.symbol}.", file=sys.stderr)
        return 2
    found = measured(plan.generator, plan.instrument, START_DATE, run(plan, options.processes))
    print(printed(found))
    return 0 if all(each.passed for each in found.judged) else 1


def arguments(words: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Every stylised-fact gate on sessions of a generator.")
    parser.add_argument("--generator", choices=sorted(GENERATORS), default="agents")
    add_study(parser)
    return parser.parse_args(words)


def add_study(parser: argparse.ArgumentParser) -> None:
    """The options that say what is run."""
    parser.add_argument("--symbol", default="A")
    parser.add_argument("--sessions", type=int, default=20, help="each is a seed of its own")
    parser.add_argument("--first-seed", type=int, default=1, help="the others follow it")
    parser.add_argument("--quick", action="store_true", help="fewer sizes, no order of two sessions")
    parser.add_argument("--processes", type=int, default=2, help="1 or 2")


if __name__ == "__main__":
    sys.exit(main())
