"""A record says what it was begun with; it folds the same without the configuration file, and to nothing else."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from sottovoce.adapters.journal.sqlite_journal import SqliteJournal, open_for_reading
from sottovoce.core.access import Directory
from sottovoce.core.errors import ConfigError, JournalError
from sottovoce.runtime.alarms import AlertsConfig
from sottovoce.runtime.config import Config
from sottovoce.runtime.founding import CONFIG, FOLDED, UNRECORDED, differences, founding, recorded_config
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.recovery import rebuild
from sottovoce.runtime.replay import fold
from sottovoce.stages.continuity import ContinuityConfig
from tests.runtime.mortal_desk import Life, Street
from tests.scenarios.small_desk import WIDE_CONFIG, Shelf, small_system

OTHER_LIMITS = msgspec.structs.replace(
    WIDE_CONFIG, limits=msgspec.structs.replace(WIDE_CONFIG.limits, version=WIDE_CONFIG.limits.version + 1)
)
BESIDES = {"directory", "planning", "routing", "watch", "max_quote_age_s", "model_registry"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The record of a life with the wide configuration."""
    path = tmp_path / "journal.db"
    Life(path, Street()).run().die()
    return path


def test_every_part_of_the_configuration_is_recorded_or_named_as_not() -> None:
    recorded = set(msgspec.json.decode(founding(Config(), Shelf())[CONFIG]))
    fields = {field.name for field in msgspec.structs.fields(Config)}
    assert recorded == fields - UNRECORDED
    assert set(FOLDED) | BESIDES == recorded


def test_configuration_comes_back_from_the_record_as_it_was() -> None:
    for config in (Config(), WIDE_CONFIG, OTHER_LIMITS):
        assert recorded_config(founding(config, Shelf())) == msgspec.structs.replace(config, alerts=AlertsConfig())


def test_desk_with_other_starting_limits_is_refused_by_name(path: Path) -> None:
    with pytest.raises(JournalError) as refused:
        Life(path, Street(), OTHER_LIMITS)
    assert refused.value.code == "other_founding"
    assert "begun with another limits" in str(refused.value)


def test_every_folded_part_is_compared() -> None:
    mine = founding(Config(), Shelf())
    for name in FOLDED:
        other = msgspec.json.decode(mine[CONFIG])
        other[name] = {"changed": other[name]}
        assert differences({CONFIG: msgspec.json.encode(other).decode()}, mine) == (name,)


def test_desk_with_other_reference_data_is_refused(path: Path) -> None:
    with closing(open_for_reading(path)) as journal:
        memory = Memory(small_system())
        memory.system.founded["reference_digest"] = "another"
        with pytest.raises(JournalError, match="reference data"):
            rebuild(memory, journal)


def test_record_that_does_not_say_what_it_was_begun_with_is_not_gone_on_with(tmp_path: Path) -> None:
    journal = SqliteJournal(tmp_path / "bare.db")
    with pytest.raises(JournalError) as refused:
        rebuild(Memory(small_system()), journal)
    assert refused.value.code == "founding_missing"
    journal.close()


def test_people_may_change_between_starts_and_fold_the_same(path: Path) -> None:
    other = msgspec.structs.replace(
        WIDE_CONFIG,
        directory=Directory(principals=WIDE_CONFIG.directory.principals[:1]),
    )
    with closing(open_for_reading(path)) as journal:
        assert fold(small_system(other), journal.steps()) == fold(small_system(), journal.steps())
        rebuild(Memory(small_system(other)), journal)


def test_given_configuration_must_agree_with_the_record() -> None:
    meta = founding(Config(), Shelf())
    later = msgspec.structs.replace(Config(), continuity=ContinuityConfig())
    assert recorded_config(meta, later) == Config()
    with pytest.raises(ConfigError) as refused:
        recorded_config(meta, OTHER_LIMITS)
    assert refused.value.code == "other_founding"
