"""The registry: versions stay as they are, use is a decision with a reason, and each plan is recorded once."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from sottovoce.adapters.calibrations.registry import ASKED, CalibrationRegistry, ModelUse
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.models.impact_record import CalibratedImpact, Parameter

RECORD = CalibratedImpact(
    form="square_root", level=0.95, window=("2026-01-05", "2026-01-09"), n=500, clusters=100,
    parameters=(Parameter(name="prefactor", value=0.6, error=0.1), Parameter(name="exponent", value=0.5, error=0.02)),
    size_range=(1e-4, 0.1), duration_max=1.0, r_squared=0.9, out_of_sample=None, bins=(), buckets=(), symbols=(),
    factors=(), dropped={}, notes=(), guard="", data_digest="d", draws=1000, seed=0, created_ns=5,
)  # fmt: skip
OTHER = replace(RECORD, n=501)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with CalibrationRegistry(tmp_path / "models.db", create=True) as kept:
        kept.add(RECORD)
    return tmp_path / "models.db"


def test_what_is_kept_is_had_again_by_its_name_or_a_beginning_or_an_end_of_it(path: Path) -> None:
    with CalibrationRegistry(path) as kept:
        assert kept.get(RECORD.version) == kept.get(RECORD.version[-8:]) == kept.get("square_root") == RECORD
        assert kept.versions() == [RECORD.version]


def test_a_version_is_never_changed(path: Path) -> None:
    with CalibrationRegistry(path) as kept:
        kept.add(replace(RECORD, created_ns=99))
        assert kept.get(RECORD.version).created_ns == 5


def test_by_default_the_published_parameters_are_in_use(path: Path) -> None:
    with CalibrationRegistry(path) as kept:
        assert kept.in_use("square_root") is None
        assert kept.in_use("almgren") is None


def test_use_is_a_decision_that_is_added_and_can_be_taken_back(path: Path) -> None:
    with CalibrationRegistry(path) as kept:
        kept.add(OTHER)
        kept.decide(RECORD.version, by="ana", reason="out of sample better", at_ns=1)
        kept.decide(OTHER.version[-8:], by="ana", reason="one order more", at_ns=2)
        assert kept.in_use("square_root") == OTHER
        assert kept.in_use("almgren") is None
        kept.decide("published", by="ben", reason="costs look wrong", at_ns=3)
        assert kept.in_use("square_root") is None
        assert [each.by for each in kept.decisions()] == ["ana", "ana", "ben"]


@pytest.mark.parametrize(("by", "reason"), [("", "because"), ("ana", " ")])
def test_no_use_without_a_person_and_a_reason(path: Path, by: str, reason: str) -> None:
    with CalibrationRegistry(path) as kept, pytest.raises(ConfigError) as refused:
        kept.decide(RECORD.version, by=by, reason=reason, at_ns=1)
    assert refused.value.code == "no_reason"


def test_a_beginning_that_two_have_names_none(path: Path) -> None:
    with CalibrationRegistry(path) as kept:
        kept.add(OTHER)
        with pytest.raises(NotFound, match=OTHER.version) as refused:
            kept.get("square_root")
    assert refused.value.code == "model_version"


@pytest.mark.parametrize("version", ["almgren/none", "", "2026-01-05"])
def test_an_unknown_version_is_not_found(path: Path, version: str) -> None:
    with CalibrationRegistry(path) as kept, pytest.raises(NotFound) as refused:
        kept.decide(version, by="ana", reason="because", at_ns=1)
    assert refused.value.code == "model_version"


def test_a_version_somebody_edited_is_refused(path: Path) -> None:
    body = msgspec.json.encode(replace(RECORD, n=900))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE versions SET body = ?", (body,))
    with CalibrationRegistry(path) as kept, pytest.raises(ConfigError, match="is not what was fitted") as refused:
        kept.get(RECORD.version)
    assert refused.value.code == "registry_bad"


def test_each_use_is_recorded_once(path: Path) -> None:
    use = ModelUse(journal="j", parent_id="P1", seq=3, version=RECORD.version, ts_ns=7, extrapolated=True)
    with CalibrationRegistry(path) as kept:
        others = [replace(use, seq=4, extrapolated=False), replace(use, seq=5, extrapolated=None)]
        assert kept.record_uses([use, *others]) == 3
        assert kept.record_uses([use]) == 0
        assert [each.extrapolated for each in kept.uses(RECORD.version)] == [True, False, None]


def test_no_file_and_no_registry_are_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound) as missing:
        CalibrationRegistry(tmp_path / "none.db")
    (tmp_path / "bad.db").write_bytes(b"not a database at all, but long enough to be looked at" * 30)
    with pytest.raises(ConfigError) as bad:
        CalibrationRegistry(tmp_path / "bad.db")
    assert (missing.value.code, bad.value.code) == ("no_registry", "registry_bad")


def test_every_answer_to_a_person_is_kept_and_numbered(path: Path) -> None:
    with CalibrationRegistry(path) as kept:
        for at_ns, outside in ((1, False), (2, True)):
            kept.record_asked("what costs it", RECORD.version, at_ns, outside)
        asked = kept.uses(RECORD.version)
    assert [(each.journal, each.seq, each.ts_ns, each.extrapolated) for each in asked] == [
        (ASKED, 1, 1, False), (ASKED, 2, 2, True),
    ]  # fmt: skip


def test_a_use_that_cannot_be_kept_is_refused(path: Path) -> None:
    use = ModelUse(journal="j", parent_id="P1", seq=3, version=RECORD.version, ts_ns=7, extrapolated=True)
    with CalibrationRegistry(path) as kept:
        with sqlite3.connect(path) as db:
            db.execute("DROP TABLE uses")
        for keep in (
            lambda: kept.record_asked("what costs it", RECORD.version, 1, False),
            lambda: kept.record_uses([use]),
        ):
            with pytest.raises(ConfigError, match="cannot keep") as refused:
                keep()
            assert refused.value.code == "registry_unwritable"


def test_uses_are_kept_all_or_none(path: Path) -> None:
    use = ModelUse(journal="j", parent_id="P1", seq=3, version=RECORD.version, ts_ns=7, extrapolated=True)
    with sqlite3.connect(path) as db:
        stop = "CREATE TRIGGER full BEFORE INSERT ON uses WHEN new.seq = 4 BEGIN SELECT RAISE(ABORT, 'full'); END"
        db.execute(stop)
    with CalibrationRegistry(path) as kept:
        with pytest.raises(ConfigError, match="full"):
            kept.record_uses([use, replace(use, seq=4)])
        assert kept.uses(RECORD.version) == []
        assert kept.record_uses([use]) == 1
