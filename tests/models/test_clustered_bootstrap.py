"""Intervals by drawing whole symbol-days: their reach, their refusals, and what clusters do to them."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.clustered_bootstrap import CLUSTERS_MIN, cluster_draws, numbered, studentised


def test_every_draw_has_as_many_clusters_as_the_sample() -> None:
    times = cluster_draws(37, 200, seed=3)
    assert times.shape == (200, 37)
    assert (times.sum(axis=1) == 37).all()
    assert times.mean() == pytest.approx(1.0)


def test_the_same_seed_draws_the_same() -> None:
    assert (cluster_draws(25, 50, 9) == cluster_draws(25, 50, 9)).all()
    assert (cluster_draws(25, 50, 9) != cluster_draws(25, 50, 10)).any()


def test_numbers_have_no_gaps() -> None:
    assert numbered(np.arange(100, 100 + 2 * CLUSTERS_MIN, 2)).tolist() == list(range(CLUSTERS_MIN))


def test_too_few_days_give_no_interval() -> None:
    with pytest.raises(ModelError) as refused:
        numbered(np.arange(CLUSTERS_MIN - 1))
    assert refused.value.code == "too_few_clusters"


def test_the_reach_is_the_quantile_of_the_studentised_draws() -> None:
    drawn = 2.0 + np.linspace(-3.0, 3.0, 1001)
    found = studentised(2.0, 0.5, drawn, np.ones(1001))
    assert (found.low, found.high) == pytest.approx((2.0 - 2.85 * 0.5, 2.0 + 2.85 * 0.5), abs=0.01)


def test_a_positive_figure_keeps_its_interval_above_zero() -> None:
    rng = np.random.default_rng(1)
    drawn = np.exp(0.8 * rng.standard_normal(2_000))
    found = studentised(1.0, 0.8, drawn, 0.8 * drawn, log=True)
    assert found.low > 0
    assert found.low * found.high == pytest.approx(1.0)
    assert found.error == 0.8


@pytest.mark.parametrize(("lost", "error"), [(150, 1.0), (0, 0.0), (0, float("nan"))])
def test_draws_that_fail_or_no_error_give_no_interval(lost: int, error: float) -> None:
    drawn = np.random.default_rng(0).standard_normal(1_000)
    drawn[:lost] = np.nan
    with pytest.raises(ModelError) as refused:
        studentised(0.0, error, drawn, np.ones(1_000))
    assert refused.value.code == "no_interval"
