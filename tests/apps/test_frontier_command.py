"""`sottovoce frontier`: the table, the drawing, what would change the choice, and bad input with a stable code."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.apps.commanding import ask

ORDER = (
    "frontier", "--quantity", "500000", "--price", "159.54", "--adv", "42e6", "--sigma-daily", "0.0131",
    "--spread-bps", "1.2", "--shares-outstanding", "5.2e9", "--paths", "256",
)  # fmt: skip


def test_the_table_has_every_way_the_choice_and_what_would_change_it() -> None:
    answer = ask(*ORDER)
    assert answer.code == 0
    for said in ("▶ ", "VWAP", "POV 10%", "power law", "dominated by", "What would change it", "seed 20250101"):
        assert said in answer.out


def test_as_an_object_it_has_candidates_and_flips() -> None:
    found = ask(*ORDER, "--json").json()
    names = [each["name"] for each in found["candidates"]]
    assert found["chosen"] in names
    assert {each["figure"] for each in found["flips"]} <= {"risk_price", "volatility", "volume"}
    assert found["model_version"].startswith("almgren2005")


def test_it_says_which_model_its_costs_rest_on_and_how_sure_that_is() -> None:
    found, text = ask(*ORDER, "--json").json()["impact"], " ".join(ask(*ORDER).out.split())
    assert (found["version"], found["window"], found["n"]) == ("almgren2005/risk-18-7", "2001-12 to 2003-06", 29_509)
    assert found["low_bps"] < found["value_bps"] < found["high_bps"]
    assert (found["level"], found["extrapolated"]) == (0.8, False)
    assert "80% of the average" in text
    assert "by almgren2005/risk-18-7 from 29,509 orders, 2001-12 to 2003-06." in text


def test_istar_has_no_interval_and_nobody_can_say_whether_it_is_stretched() -> None:
    without = ORDER[: ORDER.index("--shares-outstanding")]
    found = ask(*without, "--json").json()["impact"]
    assert (found["version"], found["n"], found["extrapolated"]) == ("istar/all-stock", 0, None)
    assert (found["low_bps"], found["high_bps"], found["level"]) == (None, None, None)
    assert "no published error" in ask(*without).out
    assert "no one can say whether extrapolated" in " ".join(ask(*without).out.split())


def test_a_forecast_of_the_average_changes_nothing_and_one_of_more_makes_every_way_cheaper() -> None:
    usual = ask(*ORDER, "--json").json()
    same = ask(*ORDER, "--forecast-volume-shares", "42e6", "--json").json()
    busy = ask(*ORDER, "--forecast-volume-shares", "84e6", "--json").json()
    assert same == usual
    cost = [{each["name"]: each["expected_cost_bps"] for each in found["candidates"]} for found in (usual, busy)]
    assert cost[1]["VWAP"] < cost[0]["VWAP"]
    assert cost[1]["TWAP"] < cost[0]["TWAP"]
    assert ask(*ORDER, "--forecast-volume-shares", "-1", "--json").refused() == "not_positive"


def test_the_price_of_risk_is_the_one_given_at_any_urgency() -> None:
    for urgency in ("low", "medium", "high"):
        assert ask(*ORDER, "--risk-price", "0.3", "--urgency", urgency, "--json").json()["risk_price"] == 0.3


def test_measured_against_the_close_a_patient_manager_waits_for_it() -> None:
    small = [("4000" if word == "500000" else word) for word in ORDER]
    found = ask(*small, "--benchmark", "close", "--risk-price", "5", "--json").json()
    assert (found["chosen"], found["benchmark"]) == ("CLOSE", "close")


def test_news_between_sessions_adds_its_own_way() -> None:
    found = ask(*ORDER, "--horizon-days", "3", "--event-day", "2", "--json").json()
    assert "event" in [each["name"] for each in found["candidates"]]


def test_a_limit_makes_finishing_less_likely() -> None:
    free, bound = ask(*ORDER, "--json").json(), ask(*ORDER, "--limit-bps", "10", "--json").json()
    first, then = (
        next(way["completion_probability"] for way in each["candidates"] if way["name"] == "VWAP")
        for each in (free, bound)
    )
    assert then < first


@pytest.mark.parametrize("ending", ["svg", "png", "html"])
def test_it_is_drawn(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"frontier.{ending}"
    assert ask(*ORDER, "--plot", str(path), "--json").code == 0
    assert path.stat().st_size > 1_000


@pytest.mark.parametrize(
    ("flags", "code"),
    [
        (("--benchmark", "open"), "bad_choice"), (("--urgency", "soon"), "bad_choice"), (("--paths", "7"), "odd_paths"),
        (("--sigma-daily", "0"), "not_positive"), (("--horizon-days", "21"), "out_of_range"),
        (("--event-day", "1"), "out_of_range"), (("--max-participation", "1.5"), "out_of_range"),
        (("--adv", "nan"), "not_finite"), (("--plot", "frontier.pdf"), "plot_form"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_a_code(flags: tuple[str, ...], code: str) -> None:
    kept = [word for at, word in enumerate(ORDER) if word != flags[0] and (at == 0 or ORDER[at - 1] != flags[0])]
    answer = ask(*kept, *flags, "--json")
    assert (answer.code, answer.refused()) == (2, code)
