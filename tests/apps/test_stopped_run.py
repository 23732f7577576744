"""A run that is killed or interrupted: what was shown is in the record, and the record is whole."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.core.execution_events import Fill
from sottovoce.core.plan_events import OrderApproved
from tests.apps.commanding import ask

SENTENCE = "Buy 30k MSFT VWAP"
PACE = "600"


def stopped_by(stop: signal.Signals, out: Path) -> tuple[int, str]:
    """(exit code, standard error) of a run stopped as soon as it has shown that a tenth is filled."""
    command = [sys.executable, "-m", "sottovoce.apps.cli", "run", SENTENCE, "--real-time", PACE, "--out", str(out)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:
        assert process.stderr is not None
        shown = []
        for line in process.stderr:
            shown.append(line)
            if "vs arrival" in line:
                process.send_signal(stop)
                break
        shown.append(process.stderr.read())
    return process.returncode, "".join(shown)


@pytest.mark.parametrize(("stop", "code"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)])
def test_what_was_shown_is_in_the_record(stop: signal.Signals, code: int, tmp_path: Path) -> None:
    """L6: also after kill -9, which leaves the WAL beside the file."""
    ended, shown = stopped_by(stop, tmp_path)
    assert ended == code
    assert "Traceback" not in shown
    path = tmp_path / "journal.db"
    assert ask("journal", "verify", str(path), "--json").json()["faults"] == []
    assert ask("replay", str(path)).code == 0
    events = [event for _, step in open_for_reading(path).steps() for event in step.events]
    assert any(isinstance(event, OrderApproved) for event in events)
    filled = sum(event.qty for event in events if isinstance(event, Fill))
    said = next(line for line in shown.splitlines() if "vs arrival" in line)
    assert filled >= int(said.split("ET")[1].split("/")[0].replace(",", ""))
