"""`sottovoce calibrate`: from finished orders to a version, from a decision to plans made with it, and back."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.apps.commanding import ask

ORDERS = "examples/finished_orders.csv"
WORK = "Buy 30k XEC IS"
NOW = "Buy 500 XEC SOR"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("models") / "models.db"
    for form in ("almgren", "square-root"):
        answer = ask("calibrate", "impact", ORDERS, "--form", form, "--draws", "200", "--registry", str(path), "--json")
        assert answer.code == 0, answer.err
    return path


def versions(registry: Path) -> dict[str, str]:
    listed = ask("calibrate", "list", "--registry", str(registry), "--json").json()["versions"]
    return {name.split("/")[0]: name for name in listed}


def config_with(registry: Path, tmp_path: Path) -> str:
    path = tmp_path / "desk.toml"
    path.write_text(f'model_registry = "{registry}"\n', "utf-8")
    return str(path)


def test_a_calibration_prints_its_figures_with_intervals_and_keeps_its_version(tmp_path: Path) -> None:
    plot, path, out = tmp_path / "fit.svg", tmp_path / "models.db", tmp_path / "orders.csv"
    answer = ask("calibrate", "impact", ORDERS, "--draws", "200", "--registry", str(path), "--plot", str(plot),
                 "--parents-out", str(out), "--json")  # fmt: skip
    found = answer.json()
    assert (answer.code, found["n"], found["parents_read"]) == (0, 900, 900)
    exponent = found["parameters"][1]
    assert exponent["low"] < 0.6 < exponent["high"]
    assert plot.read_text("utf-8").count("<svg") == 1
    assert out.read_text("utf-8").count("\n") == 901
    assert versions(path) == {"square_root": found["version"]}


def test_a_model_under_which_a_round_trip_earns_is_refused_with_exit_3_and_not_kept(tmp_path: Path) -> None:
    path = tmp_path / "models.db"
    answer = ask("calibrate", "impact", ORDERS, "--form", "almgren", "--free-exponents", "--draws", "200",
                 "--registry", str(path), "--json")  # fmt: skip
    assert (answer.code, answer.refused()) == (3, "price_manipulation")
    assert "then sell" in answer.json()["error"]["message"]
    assert not path.exists()


def test_plans_use_a_version_only_after_a_decision_with_a_reason_and_carry_it(registry: Path, tmp_path: Path) -> None:
    config, kept = config_with(registry, tmp_path), ["--registry", str(registry), "--json"]
    name = versions(registry)["almgren"]
    plain = ask("plan", WORK, "--config", config, "--json").json()
    assert plain["impact"]["model_version"] == "almgren2005/risk-18-7"
    used = ask("calibrate", "use", name[-8:], "--reason", "our own orders", "--by", "ana", *kept)
    assert (used.code, used.json()["version"]) == (0, name)
    planned = ask("plan", WORK, "--config", config, "--json").json()
    assert planned["impact"]["model_version"] == name
    assert planned["impact"]["models"][0]["model"] == name
    assert planned["impact"]["models"][0]["note"].startswith("calibrated on 900 orders, 2026-01-05 to 2026-01-09")
    assert planned["impact"]["total"]["low_bps"] < planned["impact"]["total"]["bps"]
    assert planned["plan_digest"] != plain["plan_digest"]
    assert ask("calibrate", "use", "published", "--reason", "back", "--by", "ben", *kept).code == 0
    assert ask("plan", WORK, "--config", config, "--json").json()["plan_digest"] == plain["plan_digest"]


def test_direct_orders_are_costed_with_the_law_in_use(registry: Path, tmp_path: Path) -> None:
    config, name = config_with(registry, tmp_path), versions(registry)["square_root"]
    ask("calibrate", "use", name, "--reason", "our own orders", "--by", "ana", "--registry", str(registry))
    try:
        assert ask("plan", NOW, "--config", config, "--json").json()["impact"]["model_version"] == name
        worked = ask("plan", WORK, "--config", config, "--json").json()
        assert worked["impact"]["model_version"].startswith("almgren2005")
    finally:
        ask("calibrate", "use", "published", "--reason", "back", "--by", "ana", "--registry", str(registry))


def test_a_use_without_a_reason_is_bad_input(registry: Path) -> None:
    name = versions(registry)["almgren"]
    answer = ask("calibrate", "use", name, "--reason", " ", "--by", "ana", "--registry", str(registry), "--json")
    assert (answer.code, answer.refused()) == (2, "no_reason")


def test_a_version_says_of_an_order_what_it_costs_and_whether_that_is_extrapolated(registry: Path) -> None:
    name = versions(registry)["square_root"]
    shown = ["calibrate", "show", name, "--registry", str(registry), "--sigma-daily", "0.02", "--json", "--size"]
    inside, outside = (ask(*shown, size).json()["estimate"] for size in ("0.02", "0.8"))
    assert inside["low_bps"] < inside["value_bps"] < inside["high_bps"]
    assert (inside["extrapolated"], outside["extrapolated"]) == (False, True)
    assert outside["outside"] == ["size_above_sample"]
    assert (inside["version"], inside["n"]) == (name, 900)
    text = ask(*shown[:-2], "--size", "0.8").out
    assert "yes: 80.0% of ADV is above the" in text
    assert "used by 0 recorded plans, and asked 3 times" in text


def test_the_desk_does_not_start_without_the_registry_it_names(tmp_path: Path) -> None:
    answer = ask("plan", WORK, "--config", config_with(tmp_path / "gone.db", tmp_path), "--json")
    assert (answer.code, answer.refused()) == (4, "no_registry")


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        (["impact", "nothing.csv"], 4, "no_file"),
        (["impact", "docs"], 4, "no_journal"),
        (["impact", "examples/basket.csv"], 2, "parents_unreadable"),
        (["impact", ORDERS, "--draws", "10"], 2, "bad_draws"),
        (["impact", ORDERS, "--daily", "examples/basket.csv"], 2, "history_columns"),
        (["show", "x", "--registry", "nothing.db"], 4, "no_registry"),
        (["uses", "nothing.db"], 4, "no_journal"),
    ],
)
def test_what_cannot_be_done_is_said(words: list[str], code: int, why: str) -> None:
    answer = ask("calibrate", *words, "--json")
    assert (answer.code, answer.refused()) == (code, why)


def test_a_run_becomes_a_finished_order_and_its_plans_are_recorded_once(registry: Path, tmp_path: Path) -> None:
    """A simulated run's journal: its order is read with every figure the tape gives, its plan names its model."""
    folder, out = tmp_path / "run", tmp_path / "orders.csv"
    assert ask("run", "Buy 500 XEC POV 10%", "--seed", "5", "--out", str(folder), "--json").code == 0
    few = ask("calibrate", "impact", str(folder), "--parents-out", str(out), "--json")
    assert (few.code, few.refused()) == (2, "too_few_orders")
    row = next(csv.DictReader(out.read_text("utf-8").splitlines()))
    assert (row["symbol"], row["side"], row["strategy"]) == ("XEC US", "1", "POV")
    assert 0 < float(row["quantity"]) <= 500
    assert 0 < float(row["duration_days"]) < 0.2
    uses = ["calibrate", "uses", str(folder / "journal.db"), "--registry", str(registry), "--json"]
    first, again = ask(*uses).json(), ask(*uses).json()
    assert first["new"] == len(first["plans"]) >= 1
    assert again["new"] == 0
    assert {each["version"] for each in first["plans"]} == {"almgren2005/risk-18-7"}
