"""The report on forecasts, on the shared market data: what it reads, and what it finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tools.forecast_report import main
from tools.forecast_study.study import Study, study
from tools.forecast_study.words import page

DATA = Path(os.environ.get("SOTTOVOCE_DATA", Path(__file__).resolve().parents[3] / "shared/data"))
PRESENT = (DATA / "us_daily_sp500").is_dir()

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(not PRESENT, reason="the shared market data is not beside the checkout"),
]


@pytest.fixture(scope="module")
def found() -> Study:
    return study(DATA)


def test_panel_is_whole_and_its_errors_are_noticed(found: Study) -> None:
    assert (found.names, found.days) == (286, 1259)
    assert found.odd == 14


def test_models_are_told_from_the_rolling_mean(found: Study) -> None:
    by_model = {each.model: each for each in found.daily if each.measure == "log"}
    for model in ("arma", "kalman", "arma + days", "kalman + days"):
        assert by_model[model].high < 0
    assert by_model["arma + days"].error < by_model["arma"].error


def test_volatility_models_are_told_from_the_rolling_variance(found: Study) -> None:
    assert all(each.high < 0 for each in found.volatility if each.model != "rolling")


def test_tapes_are_an_illustration_with_their_number(found: Study) -> None:
    text = page(found)
    assert f"n = {len(found.tapes)} days" in text
    assert len(found.tapes) == 4


def test_report_is_written(found: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.forecast_report.study", lambda data: found)
    assert main(["--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "daily-volume.png", "report.json", "report.md", "volatility.png"
    ]  # fmt: skip
