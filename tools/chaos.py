"""kill -9 at random instants of a live run on real files: what was acknowledged is kept, and nothing is done twice.

A desk process works orders with a venue process over the loopback interface; a client remembers every answer it got.
The desk is killed at seeded random instants, sometimes before it has recovered, sometimes together with the venue, and
is started again on its journal. At the end both records and the client's memory are compared. A failing seed is
printed.

Run: python tools/chaos.py [--kills 200] [--seed 7] [--out build/chaos] [--json]
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.chaos_run.runner import Chaos
from tools.chaos_run.table import document_of, table_of


def main() -> int:
    """Run, print the table; 1 when something was lost, doubled or unequal."""
    parser = argparse.ArgumentParser(description="kill -9 at random instants of a live run on real files")
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--out", type=Path, default=None, help="folder for journal and records; else a temporary one")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.out or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        outcome = Chaos(folder, given.seed, given.kills).run()
    print(json.dumps(document_of(outcome), indent=2) if given.json else table_of(outcome))
    if not outcome.comparison.sound:
        print(f"FAILED with seed {given.seed}: python tools/chaos.py --kills {given.kills} --seed {given.seed}")
    return 0 if outcome.comparison.sound else 1


if __name__ == "__main__":
    sys.exit(main())
