"""Forecasts saved by one command and planned with by another: the file, its merging, and what the record keeps."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sottovoce.adapters.journal.sqlite_journal import open_for_reading
from sottovoce.adapters.reference.forecasts import ForecastRow, read_forecasts_json
from sottovoce.adapters.reference.store import ReferenceStore
from sottovoce.core.plan_events import OrderPlanned
from tests.apps.commanding import VWAP, ask
from tests.house.modules import ROOT

BARS = str(ROOT / "examples/recent_history.csv")
INTRADAY = str(ROOT / "examples/intraday_history.csv")


def rows(path: Path) -> dict[tuple[str, str], ForecastRow]:
    found = [row for _, row in read_forecasts_json(path.read_bytes(), path.name)]
    return {(row.symbol, row.figure): row for row in found}


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Volume and volatility of two names for 2018-02-08, from the shipped example."""
    path = tmp_path_factory.mktemp("ahead") / "ahead.json"
    for figure in ("volume", "volatility"):
        answer = ask("forecast", figure, BARS, "--save", str(path), "--json")
        assert (answer.code, answer.json()["saved"]) == (0, str(path))
    return path


def test_the_file_has_what_the_command_printed(saved: Path) -> None:
    printed = ask("forecast", "volume", BARS, "--json").json()
    assert "saved" not in printed
    kept = rows(saved)["MSFT", "volume"]
    at = printed["symbol"].index("MSFT")
    assert (kept.value, kept.low, kept.high) == tuple(
        printed[name][at] for name in ("expected_shares", "low_80", "high_80")
    )
    assert (kept.model, kept.n) == (printed["model"][at], printed["days"][at])
    assert (kept.date, kept.made, kept.window) == ("2018-02-08", "2018-02-07", "2017-08-01 to 2018-02-07")


def test_a_second_figure_joins_the_first_and_the_same_again_changes_nothing(saved: Path) -> None:
    assert set(rows(saved)) == {(symbol, figure) for symbol in ("MSFT", "XOM") for figure in ("volume", "volatility")}
    before = saved.read_bytes()
    ask("forecast", "volume", BARS, "--save", str(saved))
    assert saved.read_bytes() == before
    assert [each.name for each in saved.parent.iterdir()] == [saved.name]


def test_a_spread_is_the_mean_of_its_day_and_needs_a_name(tmp_path: Path) -> None:
    path = tmp_path / "ahead.json"
    printed = ask("forecast", "liquidity", INTRADAY, "--symbol", "AAPL", "--save", str(path), "--json").json()
    kept = rows(path)["AAPL", "spread"]
    assert kept.value == pytest.approx(sum(printed["expected"]) / len(printed["expected"]))
    assert (kept.date, kept.n) == ("2026-11-02", 30)
    nameless = ask("forecast", "liquidity", INTRADAY, "--save", str(path), "--json")
    assert (nameless.code, nameless.refused()) == (2, "symbol_missing")
    depth = ("forecast", "liquidity", INTRADAY, "--column", "depth_shares", "--symbol", "AAPL", "--save", str(path))
    assert ask(*depth, "--json").refused() == "not_a_spread"


def test_a_file_that_is_something_else_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "notes.json"
    path.write_text('{"mine": 1}', "utf-8")
    assert ask("forecast", "volume", BARS, "--save", str(path), "--json").refused() == "reference_field"
    assert path.read_text("utf-8") == '{"mine": 1}'
    assert ask("forecast", "volume", BARS, "--save", str(tmp_path / "a.csv"), "--json").refused() == "not_json"
    nowhere = str(tmp_path / "no" / "folder.json")
    assert ask("forecast", "volume", BARS, "--save", nowhere, "--json").refused() == "forecasts_unwritable"


def test_a_plan_rests_on_the_file_and_says_so(saved: Path) -> None:
    usual = ask("plan", VWAP, "--json").json()
    plan = ask("plan", VWAP, "--forecasts", str(saved), "--json").json()
    assert (usual["reference_version"], plan["reference_version"]) == (1, 2)
    told = {each["name"]: each for each in plan["strategy"]["conditions"]}
    volume = told["volume forecast"]
    assert volume["as_of"] == "2018-02-07"
    assert (
        volume["source"]
        == f"forecast, {rows(saved)['MSFT', 'volume'].model} of 132 observations, 2017-08-01 to 2018-02-07"
    )
    assert "average day" in volume["regime"]
    assert "volatility forecast" in told
    assert plan["plan_digest"] != usual["plan_digest"]


def test_forecasts_of_another_day_leave_the_plan_and_are_told_of(saved: Path) -> None:
    plan = ask("plan", VWAP, "--date", "2018-02-09", "--forecasts", str(saved), "--json").json()
    flags = plan["strategy"]["flags"]
    assert "the volume forecast for 2018-02-08 is not used: the order trades on 2018-02-09" in flags
    assert not [each for each in plan["strategy"]["conditions"] if each["name"].endswith("forecast")]


def test_a_name_the_desk_does_not_know_is_refused_by_its_line(tmp_path: Path, saved: Path) -> None:
    path = tmp_path / "ahead.json"
    path.write_text(saved.read_text("utf-8").replace('"XOM"', '"XOMX"'), "utf-8")
    answer = ask("plan", VWAP, "--forecasts", str(path), "--json")
    assert (answer.code, answer.refused()) == (2, "forecast_symbol")
    assert "ahead.json, line 4, symbol: 'XOMX'" in answer.err


def test_a_run_s_record_says_what_it_was_planned_by_and_opens_without_the_file(saved: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran = ask("run", VWAP, "--forecasts", str(saved), "--approve", "--out", str(out), "--json")
    assert ran.code == 0
    journal = str(out / "journal.db")
    record = open_for_reading(Path(journal))
    planned = [event for _, step in record.steps() for event in step.events if isinstance(event, OrderPlanned)]
    assert record.meta()["forecasts_digest"] == ReferenceStore().load_forecasts(saved).forecasts_digest != ""
    assert record.meta()["reference_version"] == "2"
    record.close()
    assert [each.name for each in planned[0].plan.conditions if "forecast" in each.source] == [
        "volume forecast",
        "volatility forecast",
    ]
    assert ask("replay", journal, "--json").json()["digest"] == ran.json()["digest"]
    assert ask("recover", journal, "--json").json()["equal"]


def test_what_is_no_forecast_is_not_saved(tmp_path: Path) -> None:
    """A name that never moved has a volatility of nothing, which no plan can be made with."""
    days = [line.split(",") for line in (ROOT / "examples/recent_history.csv").read_text("utf-8").splitlines()]
    still = [",".join([day[0], "FLAT", "10", "10", "10", "10", "1000"]) for day in days[1::2]]
    history, path = tmp_path / "flat.csv", tmp_path / "ahead.json"
    history.write_text("\n".join([",".join(days[0]), *still]) + "\n", "utf-8")
    answer = ask("forecast", "volatility", str(history), "--model", "rolling", "--save", str(path), "--json")
    assert answer.refused() == "not_a_forecast"
    assert not path.exists()
    assert msgspec.json.decode(ask("forecast", "volatility", str(history), "--model", "rolling", "--json").out)


def test_an_instrument_is_shown_with_the_forecasts_laid_over_it(saved: Path) -> None:
    shown = ask("instruments", "MSFT", "--forecasts", str(saved))
    assert "(reference version 2)" in shown.out
    kept = rows(saved)["MSFT", "volume"]
    interval = f"{kept.low:,.6g} to {kept.high:,.6g}"
    assert f"volume on 2018-02-08: {kept.value:,.6g}, {interval} (made 2018-02-07 by {kept.model}" in shown.out
    found = ask("instruments", "MSFT", "--forecasts", str(saved), "--json").json()["instrument"]["forecasts"]
    assert {each["figure"] for each in found} == {"volume", "volatility"}
    assert ask("instruments", "MSFT", "--json").json()["instrument"]["forecasts"] == []


def test_a_list_is_scheduled_on_the_forecasts_of_its_session(saved: Path, tmp_path: Path) -> None:
    basket = tmp_path / "list.csv"
    basket.write_text("symbol,side,quantity\nMSFT,buy,200000\nXOM,sell,200000\n", "utf-8")
    usual = ask("basket", "plan", str(basket), "--json").json()
    found = ask("basket", "plan", str(basket), "--forecasts", str(saved), "--json").json()
    assert "forecasts of the session are used for 2 names" in found["flags"]
    assert "forecasts of the session are used for 2 names" not in usual["flags"]
    assert found["impact"] != usual["impact"]
    assert ask("basket", "check", str(basket), "--forecasts", str(saved), "--json").code == 0


def test_saving_again_finds_the_name_however_it_is_spelled_and_keeps_the_note(saved: Path, tmp_path: Path) -> None:
    path = tmp_path / "ahead.json"
    text = saved.read_text("utf-8").replace('"MSFT"', '"MSFT US"').rstrip().removesuffix("}")
    path.write_text(text + ', "note": "by hand"}', "utf-8")
    answer = ask("forecast", "volume", BARS, "--save", str(path), "--json")
    assert answer.code == 0
    document = msgspec.json.decode(path.read_bytes())
    assert document["note"] == "by hand"
    names = [(row["symbol"], row["figure"]) for row in document["forecasts"]]
    assert sorted(names) == [("MSFT", "volume"), ("MSFT US", "volatility"), ("XOM", "volatility"), ("XOM", "volume")]
    assert ReferenceStore().load_forecasts(path).forecasts_digest != ""
