"""Every control, fault and incident has an answer that exists, or says why it has none."""

from __future__ import annotations

import pytest

from tools.assurance.catalogue import CONTROLS, FAULTS
from tools.assurance.entries import Entry, faults_of, read


@pytest.mark.parametrize(("name", "rows"), [("controls.tsv", CONTROLS), ("faults.tsv", FAULTS)])
def test_no_row_is_missing_and_every_place_is_there(name: str, rows: dict[str, str]) -> None:
    assert faults_of(read(name), rows) == []


def test_the_catalogue_is_whole() -> None:
    """27 + 14 + 16 controls; 13 invariants, 15 kill points, 48 faults, 11 incidents."""
    assert len(CONTROLS) == 27 + 14 + 16
    assert len(FAULTS) == 13 + 15 + 48 + 11


ROWS = {"PT-01": "one"}
PLACE, TEST = "sottovoce/core/access.py:may", "tests/tools/test_assurance.py::test_the_catalogue_is_whole"
GOOD = Entry("PT-01", PLACE, "", TEST, "")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        (GOOD._replace(row="PT-02"), "PT-02 is no row"),
        (GOOD._replace(test=""), "names no place or no test"),
        (GOOD._replace(where=""), "names no place or no test"),
        (GOOD._replace(test="", note="none yet"), "names no place or no test"),
        (GOOD._replace(where="sottovoce/core/access.py:might"), "access.py:might is not there"),
        (GOOD._replace(where="sottovoce/core/nothing.py"), "nothing.py is not there"),
        (GOOD._replace(test="tests/tools/test_assurance.py::test_of_nothing"), "test_of_nothing is not there"),
        (GOOD._replace(test="make nothing"), "make nothing is not there"),
    ],
)
def test_what_is_wrong_is_said(entry: Entry, says: str) -> None:
    assert says in " ".join(faults_of([entry], ROWS))


def test_what_is_right_is_not() -> None:
    assert faults_of([GOOD], ROWS) == []
    assert faults_of([Entry("PT-01", "", "", "", "does not apply: nothing here has options")], ROWS) == []
    assert faults_of([GOOD._replace(test="make test")], ROWS) == []


def test_a_forgotten_row_is_missed() -> None:
    assert faults_of([], ROWS) == ["PT-01 has no entry"]
