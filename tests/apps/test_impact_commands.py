"""The impact models from the command line: the published rows, the same as the models, and what is refused."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.models.impact_almgren import almgren2005
from sottovoce.models.impact_istar import istar
from sottovoce.models.impact_sqrt import sqrt_law
from tests.apps.commanding import Answer, ask

IBM = {"adv": 6_561_000.0, "shares_outstanding": 1_728_000_000.0, "sigma_daily": 0.0157, "quantity": 656_100.0}
BP = 1e-3


def impact(model: str, *extra: str, **figures: object) -> Answer:
    given = [part for name, figure in figures.items() for part in (f"--{name.replace('_', '-')}", str(figure))]
    return ask("impact", model, *given, *extra)


def printed(figures: msgspec.Struct) -> dict[str, object]:
    """The figures of a model as JSON gives them back."""
    return msgspec.json.decode(msgspec.json.encode(figures), type=dict[str, object])


@pytest.mark.parametrize(
    ("duration", "temporary", "cost"), [(0.1, 22.294, 32.224), (0.2, 14.709, 24.638), (0.5, 8.488, 18.418)]
)
def test_almgren2005_gives_the_published_rows(duration: float, temporary: float, cost: float) -> None:
    """T-IMP-1, ±0.001 bp."""
    found = impact("almgren2005", "--json", **IBM, duration=duration).json()
    assert found["permanent_bps"] == pytest.approx(19.860, abs=BP)
    assert found["temporary_bps"] == pytest.approx(temporary, abs=BP)
    assert found["cost_bps"] == pytest.approx(cost, abs=BP)


def test_sale_costs_the_same() -> None:
    """T-IMP-1: same magnitudes."""
    bought = impact("almgren2005", "--json", **IBM, duration=0.1).json()
    sold = impact("almgren2005", "--json", **(IBM | {"quantity": -656_100.0}), duration=0.1).json()
    assert sold["cost_bps"] == bought["cost_bps"]


@pytest.mark.parametrize(
    ("size", "sigma", "pov", "instantaneous", "temporary", "permanent", "cost"),
    [
        (0.10, 0.25, 0.10, 74.5711, 23.1098, 1.4914, 24.6013),
        (0.10, 0.25, 0.20, 74.5711, 32.6822, 1.4914, 34.1737),
        (0.05, 0.30, 0.10, 57.9726, 17.9659, 1.1595, 19.1254),
        (0.20, 0.40, 0.30, 152.4272, 81.8180, 3.0485, 84.8666),
        (0.10, 0.25, 1.00, 74.5711, 73.0797, 1.4914, 74.5711),
    ],
)
def test_istar_gives_the_published_rows(
    size: float, sigma: float, pov: float, instantaneous: float, temporary: float, permanent: float, cost: float
) -> None:
    """T-IMP-3, ±0.001 bp."""
    found = impact("istar", "--json", size=size, sigma_annual=sigma, pov=pov).json()
    assert found["instantaneous_bps"] == pytest.approx(instantaneous, abs=BP)
    assert found["temporary_bps"] == pytest.approx(temporary, abs=BP)
    assert found["permanent_bps"] == pytest.approx(permanent, abs=BP)
    assert found["cost_bps"] == pytest.approx(cost, abs=BP)


@pytest.mark.parametrize(("pov", "risk"), [(0.10, 86.6025), (0.20, 57.7350)])
def test_istar_timing_risk(pov: float, risk: float) -> None:
    """T-IMP-3."""
    found = impact("istar", "--json", size=0.10, sigma_annual=0.25, pov=pov).json()
    assert found["timing_risk_bps"] == pytest.approx(risk, abs=BP)


@pytest.mark.parametrize(("size", "prefactor", "peak"), [(0.01, 1, 20.0), (0.10, 1, 63.246), (0.01, 0.842, 16.840)])
def test_sqrt_gives_the_published_rows(size: float, prefactor: float, peak: float) -> None:
    """T-IMP-4, ±0.001 bp; the average is two thirds of the peak."""
    found = impact("sqrt", "--json", size=size, sigma_daily=0.02, prefactor=prefactor, exponent=0.5).json()
    assert found["peak_bps"] == pytest.approx(peak, abs=BP)
    assert found["average_bps"] == pytest.approx(peak * 2 / 3, abs=BP)


def test_sqrt_has_the_square_root_as_its_default() -> None:
    assert impact("sqrt", "--json", size=0.01, sigma_daily=0.02).json()["peak_bps"] == pytest.approx(20.0, abs=BP)


fraction = st.floats(1e-4, 1.0)


@settings(max_examples=60)
@given(size=fraction, sigma=fraction, pov=fraction, exponent=st.floats(0.1, 1.0), quantity=st.floats(1, 1e9))
def test_command_prints_what_the_model_says(
    size: float, sigma: float, pov: float, exponent: float, quantity: float
) -> None:
    """For any inputs, to the last digit."""
    asked = impact("istar", "--json", size=size, sigma_annual=sigma, pov=pov).json()
    assert asked.items() >= printed(istar(size, sigma, pov)).items()
    asked = impact("sqrt", "--json", size=size, sigma_daily=sigma, prefactor=pov, exponent=exponent).json()
    assert asked.items() >= printed(sqrt_law(size, sigma, pov, exponent)).items()
    asked = impact("almgren2005", "--json", **(IBM | {"quantity": quantity}), duration=size).json()
    ibm = (IBM["adv"], IBM["shares_outstanding"], IBM["sigma_daily"])
    assert asked.items() >= printed(almgren2005(quantity, *ibm, size)).items()


@pytest.mark.parametrize(
    ("name", "figure", "code"),
    [
        ("quantity", "nan", "not_finite"),
        ("quantity", "0", "zero_quantity"),
        ("quantity", "inf", "not_finite"),
        ("sigma_daily", "-1", "not_positive"),
        ("duration", "0", "not_positive"),
        ("duration", "-inf", "not_finite"),
        ("adv", "inf", "not_finite"),
        ("adv", "0", "not_positive"),
        ("adv", "1e-300", "not_finite"),
        ("shares_outstanding", "1e-320", "not_positive"),
        ("shares_outstanding", "-5", "not_positive"),
        ("adv", "many", "usage"),
        ("adv", "", "usage"),
        ("adv", "6,561,000", "usage"),
    ],
)
def test_bad_figures_are_refused_with_exit_2(name: str, figure: str, code: str) -> None:
    answer = impact("almgren2005", "--json", **(IBM | {"duration": 0.1, name: figure}))
    assert answer.refused() == code
    assert answer.code == 2


@pytest.mark.parametrize("figures", [{"size": 1e300, "sigma_daily": 1e300}, {"size": 0.01, "sigma_daily": "nan"}])
def test_a_figure_that_is_no_number_is_never_printed(figures: dict[str, object]) -> None:
    answer = impact("sqrt", "--json", **figures)
    assert answer.code == 2
    assert answer.refused() in ("out_of_range", "not_finite")


def test_missing_figure_is_named() -> None:
    answer = ask("impact", "istar", "--size", "0.1", "--json")
    assert (answer.code, answer.refused()) == (2, "usage")
    assert "--sigma-annual" in answer.err


def test_text_shows_every_figure_with_its_name() -> None:
    answer = impact("almgren2005", **IBM, duration=0.1)
    assert answer.code == 0
    assert "permanent_bps                19.8597" in answer.out
    assert answer.err == ""
