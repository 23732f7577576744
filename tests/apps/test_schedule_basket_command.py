"""`sottovoce schedule basket`: the whole way from a file to a table, a document, a drawing, or a refusal that helps."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.commanding import ask

LIST = "examples/list_to_schedule.csv"
WORDS = ("schedule", "basket", LIST, "--risk-aversion-per-dollar", "3e-7", "--participation-max", "0.15")
LIMITS = ("--cash-imbalance-max-usd", "1.2e7", "--beta-max-usd", "2e6", "--sector-max-usd", "1.8e7")


def test_a_list_keeps_its_limits_and_says_what_binds() -> None:
    document = ask(*WORDS, *LIMITS, "--json").json()
    assert document["kkt_residual"] <= 1e-6
    assert {each["kind"] for each in document["binding"]} == {"cash", "beta", "sector"}
    for each in document["sums"]:
        slack = 1e-6 * each["limit"]
        assert all(each["low"] - slack <= left <= each["high"] + slack for left in each["left"][1:-1])
    for order in document["orders"]:
        assert (order["left"][0], order["left"][-1]) == (order["quantity"], 0)
        assert order["left"] == sorted(order["left"], reverse=True)
        assert order["most_of_volume"] <= 0.15 + 1e-3
    assert document["lots"]["over_cap_lots"] <= 1.0


def test_a_list_says_which_model_its_cost_rests_on_and_how_sure_that_is() -> None:
    found, text = ask(*WORDS, "--json").json(), ask(*WORDS).out
    impact = found["impact"]
    assert (impact["version"], impact["n"], impact["level"]) == ("almgren2005/risk-18-7", 29_509, 0.8)
    assert 0.0 < impact["low_bps"] < impact["value_bps"] < impact["high_bps"]
    assert impact["value_bps"] < found["expected_cost_bps"]
    assert (impact["extrapolated"], impact["outside"]) == (False, {})
    assert "by almgren2005/risk-18-7 from 29,509 orders, 2001-12 to 2003-06\n" in text


def test_a_list_names_the_orders_its_coefficients_never_saw_the_like_of(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    head = "symbol,side,quantity,price,adv,sigma_daily,spread_bps,beta,sector\n"
    path.write_text(f"{head}BIG,sell,120000,20,1000000,0.02,3,1,Energy\nUSUAL,buy,40000,20,1000000,0.02,3,1,Energy\n")
    words = ("schedule", "basket", str(path), "--participation-max", "0.3")
    found, text = ask(*words, "--json").json()["impact"], ask(*words).out
    assert (found["extrapolated"], found["outside"]) == (True, {"BIG": ["size_above_sample"]})
    assert "\nextrapolated for 1 of 2 names: BIG\n" in text


def test_limits_cost_something() -> None:
    free, bound = (ask(*WORDS, *more, "--json").json() for more in ((), LIMITS))
    assert bound["utility"] > free["utility"]


def test_text_names_what_binds() -> None:
    answer = ask(*WORDS, *LIMITS)
    assert answer.code == 0
    assert "What binds" in answer.out
    assert "net beta 2,000,000 USD" in answer.out
    assert "No limit binds" in ask(*WORDS).out


@pytest.mark.parametrize("flag", ["--cash-imbalance-max-usd", "--sector-max-usd"])
def test_a_limit_that_cannot_hold_is_named(flag: str) -> None:
    answer = ask(*WORDS, flag, "1000", "--json")
    assert (answer.code, answer.refused()) == (2, "limits_infeasible")
    assert "it needs" in answer.json()["error"]["message"]


def test_a_cap_that_cannot_hold_names_the_orders() -> None:
    answer = ask("schedule", "basket", LIST, "--participation-max", "0.03", "--json")
    assert (answer.code, answer.refused()) == (2, "participation_infeasible")
    assert "shares undone by 16:00; it needs 0.0" in answer.json()["error"]["message"]


@pytest.mark.parametrize("suffix", [".svg", ".png", ".html"])
def test_the_drawing_is_written(tmp_path: Path, suffix: str) -> None:
    pytest.importorskip("vl_convert", reason="drawing needs the extra `report`")
    path = tmp_path / f"list{suffix}"
    assert ask(*WORDS, *LIMITS, "--plot", str(path)).code == 0
    assert path.stat().st_size > 10_000


def test_a_drawing_nobody_can_write_is_refused_before_the_work() -> None:
    assert ask(*WORDS, "--plot", "list.gif", "--json").refused() == "plot_form"


def test_the_power_law_with_a_horizon_is_almgren_chriss_at_one() -> None:
    words = ("--quantity", "1e6", "--sigma-price", "0.95", "--eta", "2.5e-6", "--risk-aversion", "1e-6")
    power = ask("schedule", "power-law", *words, "--exponent", "1", "--horizon-days", "5", "--periods", "5", "--json")
    plain = ask("schedule", "almgren-chriss", *words, "--horizon-days", "5", "--periods", "5", "--gamma", "0",
                "--epsilon", "0", "--json")  # fmt: skip
    assert power.json()["held"] == pytest.approx(plain.json()["holdings"], abs=0.5)
    assert power.json()["kkt_residual"] <= 1e-6
