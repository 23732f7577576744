"""The report on forecasts, on the shared market data: what it reads, and what it finds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sottovoce.models.day_kinds import GAINING, SPECIAL
from tools.forecast_report import main
from tools.forecast_study.page import html_page
from tools.forecast_study.special_day_gain import EXPIRIES, IN_USE, MEDIANS, NONE, WITH_WEEKDAYS
from tools.forecast_study.special_words import line
from tools.forecast_study.study import BEST, Study, study
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
    assert min(by_model, key=lambda model: by_model[model].error) == BEST


def test_kinds_of_day_in_use_are_those_that_gain(found: Study) -> None:
    gaining = [each.treatment for each in found.special.kinds if each.verdict == "gain" and each.treatment in SPECIAL]
    assert tuple(gaining) == GAINING


def test_special_days_in_use_gain_and_what_does_not_is_left_out(found: Study) -> None:
    assert line(found.special, IN_USE, NONE).verdict == "gain"
    assert line(found.special, IN_USE, EXPIRIES).verdict == "gain"
    assert line(found.special, MEDIANS, IN_USE).verdict == "no gain"
    assert line(found.special, WITH_WEEKDAYS, IN_USE).verdict != "gain"


def test_volatility_models_are_told_from_the_rolling_variance(found: Study) -> None:
    assert all(each.high < 0 for each in found.volatility if each.model != "rolling")


def test_tapes_are_an_illustration_with_their_number(found: Study) -> None:
    text = page(found)
    assert f"n = {len(found.tapes)} days" in text
    assert len(found.tapes) == 4


def test_example_is_in_its_interval_about_as_often_as_stated(found: Study) -> None:
    days = found.daily_example.days
    assert len(days) == 90
    assert all(each.low < each.median < each.high for each in days)
    assert 0.7 < found.daily_example.inside / len(days) < 0.95


def test_page_needs_nothing_from_elsewhere(found: Study) -> None:
    said = html_page(found)
    assert said == html_page(found)
    assert said.count("<svg") == 7 + len(found.tapes)
    assert not any(word in said for word in ("http://", "https://", "<script", "<link", "url(http"))
    assert f"n = {len(found.tapes)}" in said


def test_report_is_written(found: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tools.forecast_report.study", lambda data: found)
    assert main(["--out", str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "daily-volume.png", "report.html", "report.json", "report.md", "volatility.png"
    ]  # fmt: skip


def test_intervals_hold_about_as_often_as_they_say(found: Study) -> None:
    """Within five points of 80 %, or with an interval that has 80 in it."""
    assert len(found.held) == 6
    for each in found.held:
        assert 0.75 <= each.part <= 0.85 or each.low <= 0.80 <= each.high, each
    assert min(each.n for each in found.held if each.outcome != "all the rest") > 1_000
