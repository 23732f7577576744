"""`sottovoce basket plan`: the desk's own checks first, then one schedule for all legs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.commanding import ask

LIST = "examples/list_to_plan.csv"
WORDS = ("basket", "plan", LIST, "--risk-aversion-per-dollar", "3e-6")


def test_every_leg_is_scheduled_within_the_limit() -> None:
    document = ask(*WORDS, "--beta-max-usd", "2e5", "--json").json()
    rows = Path(LIST).read_text().strip().splitlines()[1:]
    wanted = {row.split(",")[0]: (row.split(",")[1], int(row.split(",")[2])) for row in rows}
    assert {each["symbol"]: (each["side"], each["quantity"]) for each in document["orders"]} == wanted
    assert [each["kind"] for each in document["binding"]] == ["beta"]
    assert document["kkt_residual"] <= 1e-6
    assert any("beta 1 is assumed" in flag for flag in document["flags"])


def test_the_impact_is_that_of_the_desks_coefficients(tmp_path: Path) -> None:
    config = tmp_path / "desk.toml"
    config.write_text(
        '[planning.impact]\nversion = "ours"\ngamma = 0.3\ngamma_se = 0.0\neta = 0.284\neta_se = 0.0\nbeta_se = 0.0\n'
    )
    even = ("--risk-aversion-per-dollar", "1e-12")
    published, ours = (
        ask("basket", "plan", LIST, *even, *more, "--json").json()["impact"] for more in ((), ("--config", str(config)))
    )
    assert (published["version"], ours["version"]) == ("almgren2005/risk-18-7", "ours")
    assert ours["value_bps"] == pytest.approx(2 * published["value_bps"], rel=1e-3)
    assert ours["low_bps"] == ours["value_bps"] == ours["high_bps"]


def test_nothing_is_entered_and_that_is_said() -> None:
    answer = ask(*WORDS)
    assert answer.code == 0
    assert answer.out.rstrip().endswith("Nothing was entered.")


def test_a_limit_that_cannot_hold_stops_the_plan() -> None:
    answer = ask(*WORDS, "--participation-max", "0.001", "--json")
    assert (answer.code, answer.refused()) == (2, "participation_infeasible")


def test_a_list_the_desk_would_stop_is_not_planned(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("symbol,side,quantity\nMSFT US,buy,300\nNONE US,buy,300\n")
    answer = ask("basket", "plan", str(path), "--json")
    assert (answer.code, answer.refused()) == (3, "stopped")


def test_a_name_on_both_sides_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("symbol,side,quantity,algo\nMSFT US,buy,300,SOR\nMSFT US,sell,200,SOR\n")
    answer = ask("basket", "plan", str(path), "--json")
    assert (answer.code, answer.refused()) == (2, "name_twice")


def configured(folder: Path, participation_ppm: int) -> str:
    """A desk that works lists as one."""
    path = folder / "desk.toml"
    path.write_text(f"[planning.lists]\ncoordinated = true\nbeta_max = 2e5\nparticipation_ppm = {participation_ppm}\n")
    return str(path)


def test_check_says_how_a_coordinated_list_is_worked(tmp_path: Path) -> None:
    words = ("basket", "check", LIST, "--config", configured(tmp_path, 100_000))
    schedule = ask(*words, "--json").json()["schedule"]
    assert len(schedule["curves"]) == 42
    assert [each["kind"] for each in schedule["binding"]] == ["beta"]
    assert "42 orders worked as one" in ask(*words).out
    assert ask("basket", "check", LIST, "--json").json()["schedule"] is None


def test_check_stops_a_list_that_cannot_keep_its_limits(tmp_path: Path) -> None:
    answer = ask("basket", "check", LIST, "--config", configured(tmp_path, 100), "--json")
    assert (answer.code, answer.refused()) == (3, "stopped")
    (why,) = answer.json()["error"]["failures"]
    assert why["code"] == "list_unschedulable"
    assert "shares undone" in why["value"]
