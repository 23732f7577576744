"""A day's volume as it goes on: the published figures and what the updates must do in between."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.volume_update import bins_say, early_update, geometric_prior, precise_update


def test_the_published_updates() -> None:
    """T-SCH-13, ±1 share: κ0 = 10 gives 1,144,714; Σ² = 0.09, σ0² = 0.04 give 1,322,642."""
    assert early_update(1e6, log(1.5e6), 5, 10.0) == pytest.approx(1_144_714, abs=1)
    assert precise_update(1e6, log(1.5e6), 5, 0.09, 0.04) == pytest.approx(1_322_642, abs=1)


def test_prior_and_bins() -> None:
    assert geometric_prior(np.array([1e6, 4e6])) == pytest.approx(2e6)
    usual = np.array([0.1, 0.05])
    assert bins_say(1.5e6 * usual, usual) == pytest.approx(log(1.5e6))


@given(st.floats(1e3, 1e9), st.floats(1e3, 1e9), st.integers(0, 78), st.floats(0.1, 50))
def test_early_in_the_day_the_prior_rules(prior: float, told: float, bins: int, worth: float) -> None:
    """Between prior and bins, at the prior before any bin, nearer the bins the more have printed."""
    now = early_update(prior, log(told), bins, worth)
    low, high = sorted((prior, told))
    assert low * (1 - 1e-9) <= now <= high * (1 + 1e-9)
    assert early_update(prior, log(told), 0, worth) == pytest.approx(prior)
    later = early_update(prior, log(told), bins + 10, worth)
    assert abs(log(later / told)) <= abs(log(now / told)) + 1e-9


@given(st.floats(1e3, 1e9), st.floats(1e3, 1e9), st.integers(0, 78))
def test_both_updates_agree_where_the_prior_is_worth_the_same(prior: float, told: float, bins: int) -> None:
    """κ0 = Σ²/σ0²."""
    one = early_update(prior, log(told), bins, 0.09 / 0.04)
    assert precise_update(prior, log(told), bins, 0.09, 0.04) == pytest.approx(one, rel=1e-9)


@pytest.mark.parametrize("volumes", [np.array([]), np.array([1e6, 0.0]), np.array([float("nan")]), np.array([-1.0])])
def test_priors_that_make_no_sense(volumes: np.ndarray) -> None:
    with pytest.raises(ModelError):
        geometric_prior(volumes)


def test_bins_without_their_parts() -> None:
    with pytest.raises(ModelError, match="usual part"):
        bins_say(np.array([1.0]), np.array([0.1, 0.2]))
    with pytest.raises(ModelError):
        early_update(1e6, exp(1), -1, 10.0)
