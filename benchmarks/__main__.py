"""Every benchmark in turn: `make bench`. Each prints rows `name value unit (spread)`."""

from __future__ import annotations

import importlib
import platform
import sys
import time

NAMES = (
    "order_path", "limit_book", "pretrade_gate", "latency", "journal", "audit_trail", "kill_switch", "simulated_market",
    "lit_venue", "book_speed", "basket_day", "basket_plan", "plan_speed", "tca", "start_up",
)  # fmt: skip


def calibration_ns() -> float:
    """Nanoseconds of one turn of a plain loop: how fast this machine is today, to read the other figures by."""
    best = float("inf")
    for _ in range(5):
        total, began = 0, time.perf_counter()
        for number in range(1_000_000):
            total += number
        best = min(best, (time.perf_counter() - began) * 1000)
    return best


def main() -> None:
    """Run the benchmarks named on the command line, or all of them."""
    wanted = sys.argv[1:] or list(NAMES)
    unknown = sorted(set(wanted) - set(NAMES))
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are {', '.join(NAMES)}")
    print(f"python {platform.python_version()}, plain loop {calibration_ns():.0f} ns a turn")
    for name in wanted:
        print(f"\n# {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main()
