"""How long a person waits for `sottovoce --help`, beside a bare interpreter, in fresh processes."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 11
LIMIT_MS = 300.0


def wall_ms(*command: str) -> list[float]:
    """Wall milliseconds of a command, once to warm up and then RUNS times."""
    figures = []
    for number in range(RUNS + 1):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        if number:
            figures.append(1000 * (time.perf_counter() - began))
    return figures


def main() -> None:
    """Print the rows of the table."""
    bare = wall_ms(sys.executable, "-c", "pass")
    ours = wall_ms(sys.executable, "-m", "sottovoce", "--help")
    for name, figures in (("start_up_python", bare), ("start_up_help", ours)):
        spread = f"{min(figures):.1f} to {max(figures):.1f}, {RUNS} runs"
        print(f"{name:<32} {statistics.median(figures):8.1f} ms  ({spread})")
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"{'start_up_ratio':<32} {ratio:8.1f} x  (limit {LIMIT_MS:.0f} ms)")


if __name__ == "__main__":
    main()
