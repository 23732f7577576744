"""Runs that several tests look at, made once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.apps.commanding import Answer, ask

VWAP = "Buy 30k MSFT VWAP"


class Ran(msgspec.Struct, frozen=True, kw_only=True):
    """A finished run: its answer and the folder it wrote."""

    answer: Answer
    folder: Path

    @property
    def document(self) -> dict[str, Any]:
        return self.answer.json()

    @property
    def journal(self) -> str:
        return str(self.folder / "journal.db")


@pytest.fixture(scope="session")
def vwap_run(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The run of the contract, on the simulated market with seed 7."""
    folder = tmp_path_factory.mktemp("vwap") / "out"
    answer = ask("run", VWAP, "--market", "sim", "--seed", "7", "--approve", "--out", str(folder), "--json")
    return Ran(answer=answer, folder=folder)
