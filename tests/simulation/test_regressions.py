"""Runs that once broke an invariant, kept by the simulator and repeated in every run of the tests."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tools.faultsim.runs import Run, play

KEPT = sorted((Path(__file__).parent / "regressions").glob("*.json"))


def test_there_are_regressions() -> None:
    assert KEPT


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_a_run_that_once_failed_holds_now(path: Path) -> None:
    outcome = play(msgspec.json.decode(path.read_bytes(), type=Run))
    assert outcome.invariant == "", f"{outcome.what}\n{outcome.run.command}"
