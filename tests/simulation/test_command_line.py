"""The simulator's command line: figures when all is well, the line that repeats a breach when it is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.simulation.plants import PLANTS
from tools.faultsim.__main__ import main


def test_clean_seeds_print_their_figures_and_end_with_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "sim.json"
    assert main(["--seeds", "1", "--events", "600", "--jobs", "1", "--out", str(out)]) == 0
    assert "violations 0" in capsys.readouterr().out
    assert json.loads(out.read_text("utf-8"))["figures"]["runs"] == 1


def test_a_breach_prints_the_line_that_repeats_it_and_is_shrunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    next(plant for plant in PLANTS if plant.name == "draws are not given back").put(monkeypatch)
    assert main(["--seed", "1", "--events", "900", "--shrink", "--keep", str(tmp_path)]) == 1
    shown = capsys.readouterr().out
    assert "repeat with: make sim SEED=1 EVENTS=900" in shown
    assert "shrunk to: make sim SEED=1" in shown
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]
