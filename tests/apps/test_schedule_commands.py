"""Almgren–Chriss from the command line: the published rows, sums that hold, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.models.schedule_ac import almgren_chriss
from tests.apps.commanding import Answer, ask

TABLE_1 = {
    "quantity": 1_000_000.0,
    "horizon": 5.0,
    "periods": 5,
    "sigma-price": 0.95,
    "gamma": 2.5e-7,
    "eta": 2.5e-6,
    "epsilon": 0.0625,
    "risk-aversion": 1e-6,
}


def schedule(*extra: str, **other: object) -> Answer:
    """The paper's example with some figures replaced."""
    figures = {**TABLE_1, **{name.replace("_", "-"): figure for name, figure in other.items()}}
    given = [part for name, figure in figures.items() for part in (f"--{name}", str(figure))]
    return ask("schedule", "almgren-chriss", *given, *extra)


@pytest.mark.parametrize(
    ("risk_aversion", "held", "cost", "variance"),
    [
        (1e-6, (541_955.55, 289_854.22, 147_897.49, 62_141.80), 911_226.99, 3.641286e11),
        (5e-7, (636_913.22, 394_839.96, 227_786.28, 104_012.00), 768_132.81, 5.633966e11),
        (1e-7, (757_882.39, 544_564.31, 351_939.68, 172_688.75), 670_057.46, 9.247186e11),
        (1e-5, (177_868.31, 31_636.20, 5_621.63, 969.25), 1_845_211.26, 2.948515e10),
        (0.0, (800_000, 600_000, 400_000, 200_000), 662_500.00, 1.083000e12),
    ],
)
def test_published_rows(risk_aversion: float, held: tuple[float, ...], cost: float, variance: float) -> None:
    """T-SCH-1: ±0.01 share, ±0.01 $, V to 1e-6 relative."""
    found = schedule("--json", risk_aversion=risk_aversion).json()
    assert set(found) == {"holdings", "trades", "expected_cost", "variance", "kappa"}
    assert found["holdings"] == pytest.approx([1e6, *held, 0.0], abs=0.01)
    assert found["expected_cost"] == pytest.approx(cost, abs=0.01)
    assert found["variance"] == pytest.approx(variance, rel=1e-6)


def test_kappa() -> None:
    """T-SCH-1: κ = 0.60707616."""
    assert schedule("--json").json()["kappa"] == pytest.approx(0.60707616, abs=5e-9)


def test_intraday() -> None:
    """T-SCH-4: κ, x_1, x_6 and E of 250,000 shares over a day in 13 periods."""
    day = {"quantity": 250_000, "horizon": 1, "periods": 13, "sigma_price": 2, "gamma": 4e-8, "eta": 4e-7}
    found = schedule("--json", **day, epsilon=0.01).json()
    assert found["kappa"] == pytest.approx(3.160587, abs=5e-7)
    assert found["holdings"][1] == pytest.approx(195_822.8, abs=0.05)
    assert found["holdings"][6] == pytest.approx(56_301.0, abs=0.05)
    assert found["expected_cost"] == pytest.approx(43_955.90, abs=0.01)


@settings(max_examples=60)
@given(
    quantity=st.floats(1, 1e9),
    periods=st.integers(1, 60),
    risk_aversion=st.floats(0, 1e-3),
    drift=st.floats(-0.1, 0.1),
)
def test_command_prints_what_the_model_says(quantity: float, periods: int, risk_aversion: float, drift: float) -> None:
    asked = schedule("--json", quantity=quantity, periods=periods, risk_aversion=risk_aversion, drift=drift).json()
    model = almgren_chriss(quantity, 5.0, periods, 0.95, 2.5e-7, 2.5e-6, 0.0625, risk_aversion, drift=drift)
    assert asked["holdings"] == list(model.holdings)
    assert asked["trades"] == list(model.trades)
    assert (asked["expected_cost"], asked["variance"]) == (model.expected_cost, model.variance)
    assert sum(asked["trades"]) == pytest.approx(quantity, rel=1e-9)


def test_drift_tilts_the_schedule() -> None:
    """Positive drift is the sign of a sale: the price rises, so more is held for longer."""
    still, rising = schedule("--json").json(), schedule("--json", drift=0.02).json()
    assert all(more > less for more, less in zip(rising["holdings"][1:-1], still["holdings"][1:-1], strict=True))


@pytest.mark.parametrize(
    ("name", "figure", "code"),
    [
        ("quantity", "nan", "not_finite"),
        ("quantity", "0", "not_positive"),
        ("quantity", "1e200", "not_computable"),
        ("horizon", "0", "not_positive"),
        ("periods", "0", "not_positive"),
        ("periods", "-3", "not_positive"),
        ("periods", "1.5", "usage"),
        ("periods", "1e3", "usage"),
        ("periods", "100000000", "too_many_periods"),
        ("sigma_price", "-0.95", "negative"),
        ("gamma", "inf", "not_finite"),
        ("eta", "0", "not_positive"),
        ("eta", "1e-12", "eta_tilde_not_positive"),
        ("risk_aversion", "-1", "negative"),
        ("drift", "nan", "not_finite"),
    ],
)
def test_bad_figures_are_refused_with_exit_2(name: str, figure: str, code: str) -> None:
    answer = schedule("--json", **{name: figure})
    assert answer.refused() == code
    assert answer.code == 2


def test_text_lists_the_periods() -> None:
    answer = schedule()
    assert answer.code == 0
    assert "Expected cost 911,226.99, standard deviation 603,430.67, kappa 0.607076 a day" in answer.out
    assert "541,955.55" in answer.out
