"""The square-root law: published rows, marginal cost, averages and extrapolation."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_sqrt import sqrt_law


@pytest.mark.parametrize(("size", "prefactor", "peak"), [(0.01, 1.0, 20.0), (0.10, 1.0, 63.246), (0.01, 0.842, 16.840)])
def test_published_rows(size: float, prefactor: float, peak: float) -> None:
    """T-IMP-4, ±0.001 bp at 2 % volatility."""
    assert sqrt_law(size, 0.02, prefactor).peak_bps == pytest.approx(peak, abs=1e-3)


@given(size=st.floats(1e-5, 1.0), sigma=st.floats(0.001, 0.2))
def test_twice_the_size_costs_root_two(size: float, sigma: float) -> None:
    """T-IMP-5, ±1e-12."""
    ratio = sqrt_law(2 * size, sigma).peak_bps / sqrt_law(size, sigma).peak_bps
    assert ratio == pytest.approx(sqrt(2), abs=1e-12)


@pytest.mark.parametrize("exponent", [0.3, 0.5, 0.6, 1.0])
def test_average_is_the_mean_of_the_path(exponent: float) -> None:
    """Numerical mean of I(uQ) over u in (0, 1); at one half two thirds of the peak."""
    cost = sqrt_law(0.05, 0.02, 1.3, exponent)
    steps = (np.arange(200_000) + 0.5) / 200_000
    path = [sqrt_law(0.05 * step, 0.02, 1.3, exponent).peak_bps for step in steps[::400]]
    assert cost.average_bps == pytest.approx(cost.peak_bps / (1 + exponent), rel=1e-12)
    assert cost.average_bps == pytest.approx(float(np.mean(path)), rel=0.005)


@pytest.mark.parametrize(("size", "extrapolated"), [(1e-4, False), (0.1, False), (9e-5, True), (0.11, True)])
def test_extrapolation_is_said(size: float, extrapolated: bool) -> None:
    """T-IMP-5."""
    assert sqrt_law(size, 0.02).extrapolated is extrapolated
    assert sqrt_law(0.5, 0.02, calibrated_size=(0.01, 1.0)).extrapolated is False


@pytest.mark.parametrize(
    ("size", "sigma", "prefactor", "exponent"),
    [(0, 0.02, 1, 0.5), (0.1, 0, 1, 0.5), (0.1, 0.02, 0, 0.5), (0.1, 0.02, 1, 0), (0.1, 0.02, 1, 1.2)],
)
def test_bad_figures_are_refused(size: float, sigma: float, prefactor: float, exponent: float) -> None:
    with pytest.raises(ModelError) as refused:
        sqrt_law(size, sigma, prefactor, exponent)
    assert refused.value.code in {"not_positive", "out_of_range"}
