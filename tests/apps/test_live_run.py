"""A run on the real clock is the live desk: started and reconciled by the record, its clock and its record watched."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.clock import RealClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.journal.signing import KEY_FILE_VARIABLE
from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.core.clock_commands import ClockReading, RecordStoreReport
from sottovoce.core.errors import JournalError
from sottovoce.core.recovery_commands import DeskRestarted
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.live_run import live_desk
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.recovery import begun
from tests.apps.commanding import ask
from tests.runtime.mortal_desk import Street
from tests.scenarios.small_desk import MAX_AGE_NS, OPEN_NS, new_order, small_system

SENTENCE = "Buy 500 MSFT TWAP over 10 minutes"


def test_signed_run_on_the_real_clock_is_watched_and_can_be_recovered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, out, store = tmp_path / "desk.toml", tmp_path / "out", tmp_path / "second" / "c.jsonl"
    config.write_text("max_quote_age_s = 36_000.0\n", "utf-8")
    keys = ask("audit", "keygen", str(tmp_path / "key"), "--json").json()
    monkeypatch.setenv(KEY_FILE_VARIABLE, keys["private"])
    files = ["--config", str(config), "--out", str(out), "--checkpoints", str(store)]
    found = ask("run", SENTENCE, "--real-time", "300", *files, "--json")
    assert (found.code, found.json()["orders"][0]["filled"]) == (0, 500)
    path = out / "journal.db"
    journal = open_for_reading(path)
    inputs = [step.input for _, step in journal.steps()]
    journal.close()
    assert isinstance(inputs[0], DeskRestarted)
    assert {each.venue for each in inputs if isinstance(each, SessionStatus) and each.up} >= {"SIMA", "SIMF"}
    assert any(isinstance(each, ClockReading) for each in inputs)
    verified = ask("audit", "verify", str(path), "--checkpoints", str(store), "--key", keys["public"], "--json")
    assert (verified.code, verified.json()["ok"]) == (0, True)
    again = ask("recover", str(path), "--json").json()
    assert (again["equal"], again["snapshot_seq"] > 0) == (True, True), "the last snapshot has all that is recovered"
    assert again["digest"] == found.json()["digest"]


def test_store_that_goes_away_is_recorded() -> None:
    lost: list[str | None] = [None]
    clock, journal = RealClock(OPEN_NS, 600.0), MemoryJournal()
    street = Street()
    engine = Engine(small_system(), journal, NoMetrics(), MAX_AGE_NS)
    desk = live_desk(engine, street.connect(), clock, journal, (), lambda: lost[0])
    desk.run_until(clock.now_ns() + NS_PER_SECOND)
    lost[0] = "the second store does not answer"
    desk.run_until(clock.now_ns() + NS_PER_SECOND)
    reports = [step.input for _, step in journal.steps() if isinstance(step.input, RecordStoreReport)]
    assert [(each.up, each.reason) for each in reports] == [(False, "the second store does not answer")]


def test_begun_record_is_empty() -> None:
    journal = MemoryJournal()
    assert begun(journal).last_seq == 0
    engine = Engine(small_system(), journal, NoMetrics(), MAX_AGE_NS)
    engine.step(OPEN_NS, new_order(), {})
    with pytest.raises(JournalError) as refused:
        begun(journal)
    assert refused.value.code == "record_not_empty"
