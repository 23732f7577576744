"""A list of orders on the command line: looked at whole, worked whole, or nothing of it is sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.reference.store import load_shipped
from tests.apps.commanding import ask

ROWS = "symbol,side,quantity,algo\nMSFT US,buy,300,SOR\nMSFT US,sell,200,SOR\n"
WORTH = "44750"
"""500 MSFT at their close of 89.50."""


@pytest.fixture
def listed(tmp_path: Path) -> str:
    path = tmp_path / "list.csv"
    path.write_text(ROWS)
    return str(path)


def test_sound_list_would_pass(listed: str) -> None:
    answer = ask("basket", "check", listed, "--declared-notional", WORTH, "--json")
    assert answer.code == 0
    document = answer.json()
    assert (document["status"], document["rows"], document["faults"], document["rules"]) == ("released", 2, [], [])
    assert document["gross"] == pytest.approx(float(WORTH), rel=0.01)
    assert len(document["content_digest"]) == 64


def test_text_says_what_the_list_is_worth_and_that_nothing_was_entered(listed: str) -> None:
    answer = ask("basket", "check", listed)
    assert answer.code == 0
    assert "list.csv: 2 orders, gross 44,8" in answer.out.replace("44,7", "44,8")
    assert "nothing was entered" in answer.out


@pytest.mark.parametrize(("declared", "status"), [("35000", "held"), ("1000", "refused")])
def test_list_unlike_what_was_declared_is_stopped(listed: str, declared: str, status: str) -> None:
    answer = ask("basket", "check", listed, "--declared-notional", declared, "--json")
    assert (answer.code, answer.refused()) == (3, "stopped")
    assert answer.json()["status"] == status
    assert any(failed["code"].startswith("basket_ratio") for failed in answer.json()["error"]["failures"])


def test_units_field_incident_sends_nothing(tmp_path: Path) -> None:
    """May 2022: 349 names, 58 million typed as units of each, 58 million dollars meant."""
    names = [each.symbol for each in load_shipped().instruments if each.close and each.close.value][:349]
    path = tmp_path / "basket.csv"
    path.write_text("symbol,side,quantity\n" + "".join(f"{name},sell,58000000\n" for name in names))
    declared = ask("basket", "check", str(path), "--declared-notional", "58000000", "--json")
    assert declared.code == 3
    assert [failed["code"] for failed in declared.json()["error"]["failures"]] == ["basket_ratio_hard"]
    undeclared = ask("basket", "check", str(path), "--json")  # one layer off: the next one holds
    codes = {failed["code"] for failed in undeclared.json()["error"]["failures"]}
    assert undeclared.code == 3
    assert {"basket_value", "gross_exposure", "basket_leg"} <= codes
    assert any(failed["value"].startswith("349 legs") for failed in undeclared.json()["error"]["failures"])


def test_every_bad_cell_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("symbol,side,quantity\nMSFT US,hold,1e3\n")
    answer = ask("basket", "check", str(path), "--json")
    assert (answer.code, answer.refused()) == (2, "basket_rejected")
    assert "bad.csv, line 2, column side: 'hold' cannot be used" in answer.err
    assert "bad.csv, line 2, column quantity: '1e3' cannot be used" in answer.err


def test_rows_that_cannot_be_entered_are_counted_by_rule(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("symbol,side,quantity\nNOSUCH US,buy,1\nMSFT US,buy,100\nNEITHER US,buy,2\n")
    answer = ask("basket", "check", str(path), "--json")
    assert answer.code == 3
    (one,) = answer.json()["classes"]
    assert (one["code"], one["count"], one["row"]) == ("unknown_symbol", 2, 2)
    assert "unknown_symbol x 2 (first row 2)" in answer.err


def test_missing_file_is_not_found() -> None:
    assert (ask("basket", "check", "none.csv", "--json").code, ask("run", "none.csv", "--json").code) == (4, 4)


def test_list_is_worked_on_the_simulated_desk(listed: str) -> None:
    answer = ask("run", listed, "--declared-notional", WORTH, "--json")
    assert answer.code == 0
    orders = answer.json()["orders"]
    assert [(order["side"], order["filled"]) for order in orders] == [("buy", 300), ("sell", 200)]


@pytest.mark.parametrize(
    ("declared", "approve", "code"), [("35000", (), 3), ("35000", ("--approve",), 0), ("1000", (), 3)]
)
def test_list_that_is_stopped_sends_nothing_until_it_is_released(
    listed: str, declared: str, approve: tuple[str, ...], code: int
) -> None:
    answer = ask("run", listed, "--declared-notional", declared, *approve, "--json")
    assert answer.code == code
    assert ("orders" in answer.json()) is (code == 0)
