"""`sottovoce run` on a recorded day: the tape's own average, the benchmark used, and days that are not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.commanding import Ran, ask

SENTENCE = "Buy 200k IBM VWAP"
DATE = "2013-10-08"
TAPE_VWAP = 179.8697
"""Regular hours of 2013-10-08, closing auction excluded: the data's README."""


@pytest.fixture(scope="session")
def tape(market_data: Path) -> str:
    return f"tape:{market_data / 'us_equity_taq_ticks'}"


@pytest.fixture(scope="session")
def ibm(tape: str, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The run of the contract on the tape."""
    out = tmp_path_factory.mktemp("ibm") / "out"
    answer = ask(
        "run", SENTENCE, "--market", tape, "--date", DATE, "--seed", "7", "--approve", "--out", str(out), "--json"
    )
    return Ran(answer=answer, folder=out)


def test_order_is_worked_whole(ibm: Ran) -> None:
    assert (ibm.answer.code, ibm.answer.err) == (0, "")
    (order,) = ibm.document["orders"]
    assert (order["status"], order["order_qty"]) == ("done", 200_000)
    given = sum(order[name] for name in ("filled", "working", "unsent", "busted", "returned"))
    assert given == 200_000 + order["overfilled"]
    assert order["filled"] > 190_000


def test_report_has_the_tapes_own_average(ibm: Ran) -> None:
    """As the data's README defines it, in the object, the report and the text."""
    assert ibm.document["tape"]["vwap"] == pytest.approx(TAPE_VWAP, abs=5e-5)
    assert ibm.document["report"]["benchmarks"]["tape_vwap"]["px"] == pytest.approx(TAPE_VWAP, abs=5e-5)
    assert f"{TAPE_VWAP:.4f}" in (ibm.folder / "report.txt").read_text("utf-8")
    assert "closing auction excluded" in ibm.document["tape"]["definition"]


def test_interval_average_is_the_benchmark_and_its_rule_is_said(ibm: Ran) -> None:
    report = ibm.document["report"]
    interval = report["benchmarks"]["interval_vwap"]
    assert report["performance"]["benchmark"] == "interval_vwap"
    assert interval["px"] == pytest.approx(TAPE_VWAP, rel=0.005)
    assert abs(interval["slippage_bps"]) < 20
    assert "prints of others" in interval["rule"]


def test_schedule_knew_only_earlier_days(ibm: Ran) -> None:
    origin = ibm.document["tape"]["volume_curve"]
    assert "2013-10-07" in origin
    assert DATE not in origin


def test_components_sum_to_the_shortfall(ibm: Ran) -> None:
    report = ibm.document["report"]
    assert sum(report["components_bps"].values()) == pytest.approx(report["shortfall_bps"], abs=1e-9)


def test_record_verifies_replays_and_repeats(ibm: Ran, tape: str) -> None:
    assert ask("journal", "verify", ibm.journal).code == 0
    assert ask("replay", ibm.journal, "--json").json()["digest"] == ibm.document["digest"]
    again = ask("run", SENTENCE, "--market", tape, "--date", DATE, "--seed", "7", "--approve", "--json").json()
    assert again["digest"] == ibm.document["digest"]
    assert again["journal_digest"] == ibm.document["journal_digest"]
    assert again["report"] == ibm.document["report"]


@pytest.mark.parametrize(("sentence", "date"), [("Buy 20k IBM VWAP", "2013-10-10"), ("Buy 20k IBM VWAP", "2018-02-08")])
def test_missing_day_lists_the_days_there_are(tape: str, sentence: str, date: str) -> None:
    answer = ask("run", sentence, "--market", tape, "--date", date, "--json")
    assert (answer.code, answer.refused()) == (4, "tape_day_missing")
    assert "2013-10-07, 2013-10-08, 2013-10-09" in answer.err


def test_name_that_is_not_on_the_tape(tape: str) -> None:
    answer = ask("run", "Buy 20k MSFT VWAP", "--market", tape, "--date", DATE, "--json")
    assert (answer.code, answer.refused()) == (4, "tape_day_missing")


def test_order_longer_than_the_tape_names_the_missing_day(tape: str) -> None:
    answer = ask("run", "Buy 20k IBM VWAP over 3 days", "--market", tape, "--date", DATE, "--approve", "--json")
    assert (answer.code, answer.refused()) == (4, "tape_day_missing")
    assert "2013-10-10" in answer.err
