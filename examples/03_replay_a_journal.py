"""Read a run's journal: check its chain, fold it into the state it gives, and follow one order through it.

Run: .venv/bin/python examples/03_replay_a_journal.py [journal.db]      without a file it makes one first
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.adapters.journal.verify import verify
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.apps.cli import run_command_line
from sottovoce.core.execution_events import Fill
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.route_events import RouteDecided
from sottovoce.core.work_events import ParentDone
from sottovoce.runtime.config import Config
from sottovoce.runtime.replay import fold
from sottovoce.runtime.system import build_system


def read(path: Path) -> None:
    """Print what a journal holds."""
    checked = verify(path)
    print(f"{checked.records} records, {'intact' if checked.ok else checked.faults}, head {checked.head[:16]}")
    journal = open_for_reading(path)
    system = build_system(Config(), load_shipped(), load_calendar(), ())
    print(f"folded state {fold(system, journal.steps())[:16]}")
    fills = decisions = 0
    for seq, step in journal.steps():
        for event in step.events:
            fills += isinstance(event, Fill)
            decisions += isinstance(event, RouteDecided)
            if isinstance(event, OrderApproved):
                print(f"step {seq}: {event.order.symbol} released by {event.by}, plan {event.plan.strategy.value}")
            elif isinstance(event, ParentDone):
                print(f"step {seq}: done, {event.reason}, after {decisions} routing decisions and {fills} fills")
    journal.close()


if len(sys.argv) > 1:
    read(Path(sys.argv[1]))
else:
    with TemporaryDirectory() as folder:
        run_command_line(["run", "Buy 5k IBM TWAP", "--seed", "7", "--out", folder, "--json"])
        read(Path(folder) / "journal.db")
