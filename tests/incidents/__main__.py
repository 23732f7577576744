"""Plays every incident with none, one and two of its layers off, and prints the exposure reached.

python -m tests.incidents [I-01 ...]
"""

from __future__ import annotations

import sys

from tests.incidents import INCIDENTS


def main(wanted: list[str]) -> int:
    """Print the table; exit 1 where an incident is not held."""
    failed = 0
    for incident in INCIDENTS:
        if wanted and incident.row not in wanted:
            continue
        print(f"\n{incident.row} {incident.title}")
        for off in incident.off:
            outcome = incident.outcome(off)
            without = ", ".join(layer.name for layer in incident.layers[:off]) or "nothing"
            failed += not outcome.passed
            print(
                f"  {'held  ' if outcome.passed else 'BROKEN'} without {without}: {outcome.orders:,} orders,"
                f" {outcome.shares:,} shares, {outcome.value:,.0f} reached the street;"
                f" stopped by {', '.join(outcome.stopped_by) or 'nobody'}; {outcome.note}"
            )
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
