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
