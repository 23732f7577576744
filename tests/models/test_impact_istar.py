"""I-Star: the published rows and the shape of the model."""

from __future__ import annotations

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_istar import ALL_STOCK, LARGE_CAP, SMALL_CAP, IStarParameters, istar

sizes, sigmas, povs = st.floats(1e-4, 2.0), st.floats(0.05, 1.5), st.floats(0.01, 0.99)


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
def test_published_rows(
    size: float,
    sigma: float,
    pov: float,
    instantaneous: float,
    temporary: float,
    permanent: float,
    cost: float,
) -> None:
    """T-IMP-3, ±0.001 bp."""
    found = istar(size, sigma, pov)
    assert found.instantaneous_bps == pytest.approx(instantaneous, abs=1e-3)
    assert found.temporary_bps == pytest.approx(temporary, abs=1e-3)
    assert found.permanent_bps == pytest.approx(permanent, abs=1e-3)
    assert found.cost_bps == pytest.approx(cost, abs=1e-3)


@pytest.mark.parametrize(("pov", "risk"), [(0.10, 86.6025), (0.20, 57.7350), (1.0, 0.0)])
def test_timing_risk(pov: float, risk: float) -> None:
    """T-IMP-3, timing risk at (0.10, 0.25)."""
    assert istar(0.10, 0.25, pov).timing_risk_bps == pytest.approx(risk, abs=1e-3)


@pytest.mark.parametrize("parameters", [ALL_STOCK, LARGE_CAP, SMALL_CAP])
@given(size=sizes, sigma=sigmas, pov=povs)
def test_faster_costs_more_and_risks_less(parameters: IStarParameters, size: float, sigma: float, pov: float) -> None:
    slow, quick = istar(size, sigma, pov, parameters), istar(size, sigma, pov * 1.01, parameters)
    assert quick.cost_bps > slow.cost_bps
    assert quick.timing_risk_bps < slow.timing_risk_bps
    at_once = istar(size, sigma, 1.0, parameters)
    assert at_once.cost_bps == pytest.approx(at_once.instantaneous_bps, rel=1e-12)


def test_unverified_parameters_say_so() -> None:
    assert [p.verified for p in (ALL_STOCK, LARGE_CAP, SMALL_CAP)] == [False, False, False]
    assert istar(0.1, 0.25, 0.1, LARGE_CAP).parameters is LARGE_CAP


@pytest.mark.parametrize(
    ("size", "sigma", "pov", "code"),
    [
        (0.0, 0.25, 0.1, "not_positive"),
        (0.1, -0.25, 0.1, "not_positive"),
        (0.1, 0.25, 0.0, "not_positive"),
        (0.1, 0.25, 1.01, "out_of_range"),
        (nan, 0.25, 0.1, "not_finite"),
    ],
)
def test_bad_figures_are_refused(size: float, sigma: float, pov: float, code: str) -> None:
    with pytest.raises(ModelError) as refused:
        istar(size, sigma, pov)
    assert refused.value.code == code
