"""`sottovoce plan`: two documents, three alternatives, the rule that would hold, and nothing ever sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.commanding import VWAP, ask

DEMO = "Buy $100M AAPL over 3 days with minimal market impact"


def test_plan_of_the_demo_sentence() -> None:
    answer = ask("plan", DEMO, "--json")
    plan = answer.json()
    assert (answer.code, answer.err) == (0, "")
    assert set(plan) == {"strategy", "impact", "plan_digest", "held_by", "reference_version"}
    details = plan["strategy"]["order_details"]
    assert (details["symbol"], details["side"]) == ("AAPL US", "buy")
    assert details["value"] == pytest.approx(100e6, rel=0.001)
    assert plan["held_by"][0]["code"] == "E-RM-1:value"


def test_three_alternatives_and_a_recommended_one_with_its_reason() -> None:
    strategy = ask("plan", DEMO, "--json").json()["strategy"]
    assert len(strategy["alternatives"]) == 3
    assert strategy["recommended"]
    assert len(strategy["reason"]) > 20


def test_same_order_has_the_same_plan_digest() -> None:
    first, second, other = (ask("plan", said, "--json").json() for said in (VWAP, VWAP, "Buy 31k MSFT VWAP"))
    assert first == second
    assert first["plan_digest"] != other["plan_digest"]
    assert len(first["plan_digest"]) == 64


def test_small_order_is_held_by_nothing() -> None:
    assert ask("plan", VWAP, "--json").json()["held_by"] == []


def test_order_beyond_the_limits_is_stopped_with_the_numbers_compared() -> None:
    answer = ask("plan", "Buy 999999999999 MSFT VWAP", "--json")
    assert (answer.code, answer.refused()) == (3, "stopped")
    failures = answer.json()["error"]["failures"]
    assert any(failed["code"] == "order_value" and failed["limit"] == "250,000,000.00" for failed in failures)
    assert "limit 250,000,000.00" in answer.err


def test_text_says_what_needs_a_second_person() -> None:
    answer = ask("plan", DEMO)
    assert answer.code == 0
    assert "Needs a second person before anything is sent:" in answer.out
    assert "25,000,000" in answer.out
    assert answer.err == ""


def test_page_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    page = tmp_path / "plan.html"
    assert ask("plan", VWAP, "--html", str(page), "--json").code == 0
    assert page.read_text("utf-8").lstrip().lower().startswith("<!doctype html>")


def test_page_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    answer = ask("plan", VWAP, "--html", str(tmp_path / "none" / "plan.html"), "--json")
    assert (answer.code, answer.refused()) == (2, "page_unwritable")


def test_plan_for_another_day_is_for_that_day() -> None:
    horizon = ask("plan", VWAP, "--date", "2018-02-12", "--json").json()["strategy"]["horizon"]
    assert "2018-02-12" in str(horizon)


def test_plan_for_a_day_the_figures_are_too_old_for_is_refused() -> None:
    answer = ask("plan", VWAP, "--date", "2018-03-15", "--json")
    assert (answer.code, answer.refused()) == (3, "stopped")
    (failed,) = answer.json()["error"]["failures"]
    assert (failed["code"], failed["value"]) == ("reference_stale", "volume of 2018-02-07, 26 weekdays")
