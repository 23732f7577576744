"""T-IMP-10, T-IMP-11: models that pay for trading in circles are found and refused, sound ones are not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_transient import BoundedPowerKernel, ExponentialKernel, Kernel, PowerKernel, power_impact
from sottovoce.models.no_manipulation import cheapest_round_trip, refuse_manipulation, smallest_eigenvalue


@pytest.mark.parametrize(
    ("kernel", "exponent"),
    [
        (ExponentialKernel(rho=2.0), 0.5),
        (ExponentialKernel(rho=0.3), 0.6),
        (PowerKernel(gamma=0.4), 0.5),
        (PowerKernel(gamma=0.3), 0.6),
        (PowerKernel(gamma=0.45), 0.5),
        (BoundedPowerKernel(gamma=0.5, t0=0.1), 0.5),
    ],
)
def test_concave_impact_that_fades_too_slowly_is_refused(kernel: Kernel, exponent: float) -> None:
    """Gatheral: exponential decay with nonlinear f, and power laws with γ + δ < 1, admit profitable round trips."""
    with pytest.raises(ModelError, match=r"(buy|sell) .* then (buy|sell) .*: expected cost -") as refused:
        refuse_manipulation(kernel, power_impact(exponent))
    assert refused.value.code == "price_manipulation"


@pytest.mark.parametrize(
    ("kernel", "exponent"),
    [
        (ExponentialKernel(rho=2.0), 1.0),
        (ExponentialKernel(rho=0.0), 1.0),
        (PowerKernel(gamma=0.5), 1.0),
        (PowerKernel(gamma=0.5), 0.5),
        (PowerKernel(gamma=0.5), 0.6),
        (BoundedPowerKernel(gamma=0.5, t0=0.1), 1.0),
    ],
)
def test_sound_models_pass(kernel: Kernel, exponent: float) -> None:
    trip = refuse_manipulation(kernel, power_impact(exponent))
    bought = sum(rate * days for rate, days in zip(trip.rates, trip.durations, strict=True))
    assert bought == pytest.approx(0.0, abs=1e-9)


def test_a_spread_may_offset_it() -> None:
    kernel, impact = ExponentialKernel(rho=2.0), power_impact(0.5)
    assert cheapest_round_trip(kernel, impact).cost < 0
    assert refuse_manipulation(kernel, impact, half_spread=1.0).cost >= 0


@given(
    st.one_of(
        st.builds(ExponentialKernel, rho=st.floats(0.0, 50.0)),
        st.builds(PowerKernel, gamma=st.floats(0.05, 0.9)),
    ),
    st.integers(2, 40),
)
def test_linear_impact_never_pays(kernel: Kernel, intervals: int) -> None:
    """T-IMP-11: the kernel matrix is positive semi-definite; smallest eigenvalue >= −1e-12."""
    assert smallest_eigenvalue(kernel, np.linspace(0.0, 1.0, intervals + 1)) >= -1e-12


@pytest.mark.parametrize("bad", [{"scale_rate": 0.0}, {"half_spread": -1.0}])
def test_nonsense_is_refused(bad: dict[str, float]) -> None:
    with pytest.raises(ModelError):
        cheapest_round_trip(ExponentialKernel(rho=1.0), power_impact(1.0), **bad)
