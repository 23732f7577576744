"""Runs that several tests look at, made once."""

from __future__ import annotations

import pytest

from tests.apps.commanding import VWAP, Ran, ask


@pytest.fixture(scope="session")
def vwap_run(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The run of the contract, on the simulated market with seed 7."""
    folder = tmp_path_factory.mktemp("vwap") / "out"
    answer = ask("run", VWAP, "--market", "sim", "--seed", "7", "--approve", "--out", str(folder), "--json")
    return Ran(answer=answer, folder=folder)
