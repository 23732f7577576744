"""What every expected impact says of itself: interval, model, version, sample, and on which side it was stretched."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.calibrations.registry import ASKED, CalibrationRegistry
from sottovoce.models.impact_almgren import almgren2005, cost_interval
from sottovoce.models.impact_answer import answer
from sottovoce.models.impact_record import CalibratedImpact, Parameter
from tests.apps.commanding import Answer, ask

IBM = "impact almgren2005 --adv 6.561e6 --shares-outstanding 1.728e9 --sigma-daily 0.0157"
BOOK = (
    "impact obizhaeva-wang --density-shares-per-price 5000 --permanent-price-per-share 1e-4 --resilience-per-day 2.231"
    " --horizon-days 1 --intervals 4 --quantity 100000"
)
TRANSIENT = "impact propagator --kernel power --decay 0.5 --exponent 0.5"
FIELDS = {
    "value_bps", "low_bps", "high_bps", "level", "model", "version", "window", "sample", "n", "extrapolated", "outside",
    "extrapolation",
}  # fmt: skip


def said(command: str, *more: str) -> Answer:
    answer = ask(*command.split(), *more)
    assert answer.code == 0, answer.err
    return answer


def flat(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize(
    "command",
    [
        f"{IBM} --quantity 656100 --duration-volume-days 0.1",
        "impact istar --size 0.1 --sigma-annual 0.25 --pov 0.1",
        "impact sqrt --size 0.01 --sigma-daily 0.02",
        "impact sqrt --size 0.01 --sigma-daily 0.02 --prefactor 0.842",
        BOOK,
        f"{TRANSIENT} --edges-days 0,0.1 --rates 10",
    ],
)
def test_every_expected_impact_says_where_it_comes_from(command: str) -> None:
    document, text = said(command, "--json").json(), said(command).out
    assert document.keys() >= FIELDS
    for name in ("expected impact", "interval", "model", "fitted from", "extrapolated"):
        assert f"\n  {name}" in text or f"% {name}" in text
    assert document["version"] in text
    assert ("no published error" in text) == (document["low_bps"] is None)


def test_almgren_has_the_interval_of_its_published_errors_and_the_sample_of_the_paper() -> None:
    """impact.md §1: 29,509 orders, S&P 500, December 2001 to June 2003; gamma ± 0.041, eta ± 0.0062."""
    found = said(f"{IBM} --quantity 656100 --duration-volume-days 0.1", "--json").json()
    cost = almgren2005(656_100, 6.561e6, 1.728e9, 0.0157, 0.1)
    ends = cost_interval(cost, z=1.281552, include_exponents=True)
    assert (found["value_bps"], found["low_bps"], found["high_bps"]) == (cost.cost_bps, ends.low_bps, ends.high_bps)
    assert (found["level"], found["n"], found["window"]) == (0.8, 29_509, "2001-12 to 2003-06")
    assert "S&P 500" in found["sample"]
    assert (found["extrapolated"], found["outside"]) == (False, [])


@pytest.mark.parametrize(
    ("quantity", "duration", "outside", "words"),
    [
        (10_000, 0.1, ["size_below_sample"], "0.152% of ADV is below the 0.25% the model was fitted from"),
        (1_000_000, 0.2, ["size_above_sample"], "15.2% of ADV is above the 10% the model was fitted to"),
        (100_000, 1.5, ["longer_than_a_day"], "1.5 days of volume; the model was fitted within one day"),
    ],
)
def test_almgren_says_on_which_side_an_order_lies_outside(
    quantity: int, duration: float, outside: list[str], words: str
) -> None:
    command = f"{IBM} --quantity {quantity} --duration-volume-days {duration}"
    found = said(command, "--json").json()
    assert (found["extrapolated"], found["outside"], found["extrapolation"]) == (True, outside, f"yes: {words}")
    assert f"extrapolated yes: {words}" in flat(said(command).out)


def test_an_interval_ends_at_nothing() -> None:
    found = said(f"{IBM} --quantity 1656100 --duration-volume-days 1.1", "--json").json()
    assert (found["low_bps"], found["high_bps"] > found["value_bps"]) == (0.0, True)


def test_nobody_can_say_whether_istar_is_stretched() -> None:
    """impact.md §2 quotes the all-stock parameters as those of all US stocks: no dates, no sizes, no errors."""
    found = said("impact istar --size 0.9 --sigma-annual 0.25 --pov 0.1", "--json").json()
    assert (found["version"], found["sample"]) == ("istar/all-stock", "all US stocks")
    assert (found["window"], found["n"], found["extrapolated"]) == ("", 0, None)
    assert (found["low_bps"], found["high_bps"], found["level"]) == (None, None, None)
    assert found["value_bps"] == found["cost_bps"]


@pytest.mark.parametrize(
    ("size", "outside", "words"),
    [
        ("0.00005", ["size_below_sample"], "yes: 0.005% of ADV is below the 0.01% the model was tested from"),
        ("0.01", [], "no: within the 0.01% to 10% of ADV the law was tested at"),
        ("5", ["size_above_sample"], "yes: 500.0% of ADV is above the 10% the model was tested to"),
    ],
)
def test_the_square_root_law_says_at_which_sizes_it_was_tested(size: str, outside: list[str], words: str) -> None:
    found = said(f"impact sqrt --size {size} --sigma-daily 0.02", "--json").json()
    assert (found["extrapolated"], found["outside"], found["extrapolation"]) == (bool(outside), outside, words)
    assert (found["version"], found["value_bps"]) == ("sqrt-law/y1-d0.5", found["average_bps"])


@pytest.mark.parametrize("figures", ["--prefactor 0.842", "--exponent 0.6", "--prefactor 1 --exponent 0.5"])
def test_coefficients_of_the_command_line_are_no_published_version(figures: str) -> None:
    assert said(f"impact sqrt --size 0.01 --sigma-daily 0.02 {figures}", "--json").json()["version"] == "given"


@pytest.mark.parametrize("command", [BOOK, f"{TRANSIENT} --edges-days 0,0.1 --rates 10"])
def test_a_price_turns_currency_into_bps(command: str) -> None:
    plain, priced = said(command, "--json").json(), said(command, "--json", "--price", "100").json()
    shares = plain.get("quantity", 100_000)
    assert priced["value_bps"] == pytest.approx(1e4 * priced["cost"] / (100.0 * shares))
    assert (plain["value_bps"], plain["version"], plain["extrapolated"]) == (None, "given", None)
    assert "--price" in said(command).out


def test_a_sale_costs_what_a_purchase_costs() -> None:
    bought, sold = (
        said(f"{TRANSIENT} --edges-days 0,0.1 --rates {rate} --price 100", "--json").json() for rate in (10, -10)
    )
    assert sold["value_bps"] == bought["value_bps"] > 0
    assert sold["cost_per_share"] == bought["cost_per_share"] > 0


@pytest.mark.parametrize(
    "path",
    [
        "--edges-days 0,0.1,0.2 --rates 10,-10",
        "--edges-days 0,0.1,0.2,0.3 --rates 10,0,-10",
        "--edges-days 0.1,0.2,0.3,0.7 --rates 1e9,-2e9,250000000",
    ],
)
def test_a_round_trip_has_no_cost_a_share(path: str) -> None:
    """0.3 - 0.2 is not 0.1 in binary: what rounding leaves of a trip there and back is no quantity to divide by."""
    found = said(f"{TRANSIENT} {path} --price 100", "--json").json()
    assert (found["value_bps"], found["quantity"], found["cost_per_share"]) == (None, 0.0, 0.0)
    assert found["cost"] > 0


def test_a_small_net_quantity_still_counts() -> None:
    found = said(f"{TRANSIENT} --edges-days 0,0.1,0.2 --rates 1e6,-999999 --price 100", "--json").json()
    assert found["quantity"] == pytest.approx(0.1, rel=1e-6)
    assert found["value_bps"] > 0


@pytest.mark.parametrize("price", ["0", "-1", "nan"])
def test_a_price_must_be_one(price: str) -> None:
    answer = ask(*BOOK.split(), "--price", price, "--json")
    assert (answer.code, answer.refused()) == (2, "not_finite" if price == "nan" else "not_positive")


LAW = CalibratedImpact(
    form="square_root", level=0.95, window=("2026-01-05", "2026-01-09"), n=900, clusters=100,
    parameters=(Parameter(name="prefactor", value=0.6, error=0.1), Parameter(name="exponent", value=0.55, error=0.02)),
    size_range=(1e-3, 0.2), duration_max=1.0, r_squared=0.9, out_of_sample=None, bins=(), buckets=(), symbols=(),
    factors=(), dropped={}, notes=(), guard="", data_digest="d", draws=1000, seed=0, covariance=0.0015,
)  # fmt: skip
COEFFICIENTS = tuple(
    Parameter(name=name, value=value, error=error)
    for name, value, error in (
        ("gamma", 0.3, 0.05), ("eta", 0.2, 0.01), ("alpha", 1.0, 0.1), ("delta", 0.25, 0.1), ("beta", 0.6, 0.03)
    )
)  # fmt: skip
OURS = CalibratedImpact(
    form="almgren", level=0.95, window=("2026-01-05", "2026-01-09"), n=700, clusters=90, parameters=COEFFICIENTS,
    size_range=(1e-3, 0.05), duration_max=0.5, r_squared=None, out_of_sample=None, bins=(), buckets=(), symbols=(),
    factors=(), dropped={}, notes=(), guard="", data_digest="d", draws=1000, seed=0,
)  # fmt: skip
ANSWER = f"{IBM} --quantity 131220 --duration-volume-days 0.2"


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    path = tmp_path / "models.db"
    with CalibrationRegistry(path, create=True) as kept:
        kept.add(LAW)
        kept.add(OURS)
    return path


def test_a_calibrated_law_answers_with_its_interval_and_sample_and_the_asking_is_kept(registry: Path) -> None:
    command = f"impact sqrt --size 0.02 --sigma-daily 0.02 --version {LAW.version} --registry {registry}"
    found = said(command, "--json").json()
    estimate = answer(LAW, 0.02, 0.02)
    assert found["value_bps"] == pytest.approx(estimate.value_bps) == found["average_bps"]
    assert found["low_bps"] == pytest.approx(estimate.low_bps)
    assert found["high_bps"] == pytest.approx(estimate.high_bps)
    assert (found["version"], found["n"], found["window"]) == (LAW.version, 900, "2026-01-05 to 2026-01-09")
    assert found["sample"] == "our own, on 100 symbol-days, 0.1000% to 20.00% of ADV"
    assert LAW.version in said(command).out
    with CalibrationRegistry(registry) as kept:
        uses = kept.uses(LAW.version)
    assert [(each.journal, each.seq, each.extrapolated) for each in uses] == [(ASKED, 1, False), (ASKED, 2, False)]
    assert uses[0].parent_id == "0.02 of ADV, 0.02 a day"
    assert 0 < uses[0].ts_ns <= uses[1].ts_ns


def test_calibrated_coefficients_answer_in_the_place_of_the_published_ones(registry: Path) -> None:
    found = said(f"{ANSWER} --version almgren --registry {registry}", "--json").json()
    estimate = answer(OURS, 0.02, 0.0157, duration_days=0.2, turnover=1.728e9 / 6.561e6)
    assert found["value_bps"] == pytest.approx(estimate.value_bps)
    assert (found["version"], found["n"], found["parameters"]["eta"]) == (OURS.version, 700, 0.2)
    assert found["value_bps"] != said(ANSWER, "--json").json()["value_bps"]


def test_an_extrapolated_use_is_kept_as_one(registry: Path) -> None:
    found = said(f"impact sqrt --size 0.3 --sigma-daily 0.02 --version {LAW.version} --registry {registry}", "--json")
    assert found.json()["extrapolation"] == "yes: 30.0% of ADV is above the 20% the model was fitted to"
    with CalibrationRegistry(registry) as kept:
        assert [each.extrapolated for each in kept.uses(LAW.version)] == [True]


@pytest.mark.parametrize(
    ("words", "code", "why"),
    [
        ("impact sqrt --size 0.01 --sigma-daily 0.02 --version gone", 4, "model_version"),
        ("impact sqrt --size 0.01 --sigma-daily 0.02 --version almgren", 2, "other_form"),
        ("impact sqrt --size 0.01 --sigma-daily 0.02 --version square_root --prefactor 1", 2, "figures_twice"),
        ("impact sqrt --size -1 --sigma-daily 0.02 --version square_root", 2, "not_positive"),
        (f"{ANSWER} --version gone", 4, "model_version"),
        (f"{ANSWER} --version square_root", 2, "other_form"),
    ],
)
def test_a_version_that_cannot_answer_is_refused_and_nothing_is_kept(
    registry: Path, words: str, code: int, why: str
) -> None:
    refused = ask(*words.split(), "--registry", str(registry), "--json")
    assert (refused.code, refused.refused()) == (code, why)
    with CalibrationRegistry(registry) as kept:
        assert [*kept.uses(LAW.version), *kept.uses(OURS.version)] == []


def test_without_a_registry_there_is_no_version(tmp_path: Path) -> None:
    refused = ask(*ANSWER.split(), "--version", "almgren", "--registry", str(tmp_path / "gone.db"), "--json")
    assert (refused.code, refused.refused()) == (4, "no_registry")
