"""A day's changes of limits, read back from its journal: what stands, what waits on which digest, who changed what."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.commands import ClientCommand
from sottovoce.core.limit_commands import ApproveChange, ProposeLimits, ProposeLists
from sottovoce.core.limit_events import ChangeProposed
from sottovoce.core.limits import Level, LimitRow, ListName, ListRow
from sottovoce.core.ports import Step
from sottovoce.core.units import format_ns
from sottovoce.runtime.config import ACCOUNT, SIMULATED_RISK, Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.system import build_system
from tests.apps.commanding import ask
from tests.scenarios.small_desk import OPEN_NS

SECOND = 1_000_000_000


def gross(value: int, version: int) -> LimitRow:
    return LimitRow(
        limit_id=f"account.{ACCOUNT}.gross", level=Level.ACCOUNT, scope=ACCOUNT, name="gross", value=value,
        owner="house", review_date="2027-06-30", version=version,
    )  # fmt: skip


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    """A cut, an approved raise, a raise that waits, and a restricted name."""
    path = tmp_path / "journal.db"
    system = build_system(Config(), load_shipped(), load_calendar(), ())
    record = SqliteJournal(path, system.founded)
    engine = Engine(system, record, NoMetrics(), 60 * SECOND)

    def said(message: ClientCommand, second: int) -> Step:
        return engine.step(OPEN_NS + second * SECOND, message, {})

    def proposed(value: int, version: int, second: int) -> ChangeProposed:
        asked = ProposeLimits(principal=SIMULATED_RISK, rows=(gross(value, version),), reason=f"step {version}")
        return next(event for event in said(asked, second).events if isinstance(event, ChangeProposed))

    said(ProposeLimits(principal=SIMULATED_RISK, rows=(gross(800_000_000, 2),), reason="step 2"), 1)
    change = proposed(900_000_000, 3, 2).change
    said(ApproveChange(principal="simulated-risk-2", change_id=change.change_id, digest=change.digest), 3)
    entry = ListRow(entry_id="IBM", list_name=ListName.RESTRICTED, owner="compliance", instrument_id="IBM.US")
    said(ProposeLists(principal="simulated-compliance", rows=(entry,), reason="talks"), 4)
    proposed(950_000_000, 4, 5)
    record.close()
    return path


def test_show_counts_the_changes_in_and_says_what_waits(journal: Path) -> None:
    shown = ask("limits", "show", "--journal", str(journal), "--account", ACCOUNT, "--json").json()
    assert (shown["at"], shown["version"]) == (format_ns(OPEN_NS + 5 * SECOND, 0), 4)
    assert [(each["level"], each["value"], each["version"]) for each in shown["limits"]["gross"][1:]] == [
        ("account", 900_000_000, 3)
    ]
    assert shown["lists"] == [{"list_name": "restricted", "where": "firm", "instruments": ["IBM.US"]}]
    (waiting,) = shown["waiting"]
    text = ask("limits", "show", "--journal", str(journal), "--account", ACCOUNT).out
    assert "LC-4 waits for a second person until" in text
    assert f"digest {waiting['change']['digest']}" in text
    assert f"account.{ACCOUNT}.gross (account {ACCOUNT} gross): from 900,000,000 to 950,000,000" in text


def test_show_says_what_stood_earlier_and_forgets_what_has_lapsed(journal: Path) -> None:
    def account_gross(second: int) -> int:
        at = format_ns(OPEN_NS + second * SECOND, 0)
        shown = ask("limits", "show", "--journal", str(journal), "--account", ACCOUNT, "--at", at, "--json").json()
        value: int = shown["limits"]["gross"][-1]["value"]
        return value

    assert [account_gross(second) for second in (0, 1, 2, 3)] == [1_000_000_000, 800_000_000, 800_000_000, 900_000_000]
    late = format_ns(OPEN_NS + 7_200 * SECOND, 0)
    assert ask("limits", "show", "--journal", str(journal), "--at", late, "--json").json()["waiting"] == []


def test_report_tells_who_changed_what_with_whom(journal: Path) -> None:
    changes = ask("limits", "report", str(journal), "--json").json()["changes"]
    assert [(each["change_id"], each.get("approved_by", ""), each["reason"]) for each in changes] == [
        ("LC-1", "", "step 2"),
        ("LC-2", "simulated-risk-2", "step 3"),
        ("LC-3", "", "talks"),
    ]
