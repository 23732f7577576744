"""Dynamic VWAP: the part of an order that should be done when so much of the volume has printed."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.schedule_following import LEVEL_MOST, level_of, near_curve, volume_done

SHARES = st.floats(0.0, 1e9)


def test_level_is_the_update_the_source_publishes() -> None:
    """T-SCH-13: a prior of 1e6, five bins that say 1.5e6, a prior worth ten bins: 1,144,714."""
    assert 1e6 * level_of(1.5e6, 1e6, 5 / 26, 10 / 26) == pytest.approx(1_144_714, abs=1)


def test_usual_day_stays_at_its_level_and_on_its_curve() -> None:
    assert level_of(4_000.0, 4_000.0, 0.4) == 1.0
    assert volume_done(4_000.0, 500.0, 5_500.0, 1.0) == 0.45


def test_nothing_printed_says_nothing() -> None:
    assert level_of(0.0, 4_000.0, 0.4) == 1.0
    assert level_of(4_000.0, 0.0, 0.0) == 1.0


def test_one_wild_print_moves_the_level_no_further_than_its_bound() -> None:
    assert level_of(1e12, 1.0, 0.5, 0.5) == pytest.approx(exp(log(LEVEL_MOST) / 2))


def test_busy_start_that_does_not_last_means_more_is_done() -> None:
    """Twice the usual half day: with the rest usual two thirds are done, with the rest as busy one half."""
    assert volume_done(10_000.0, 0.0, 5_000.0, 1.0) == pytest.approx(2 / 3)
    assert volume_done(10_000.0, 0.0, 5_000.0, 2.0) == 0.5


@given(SHARES, SHARES, SHARES, st.floats(0.1, 8.0), SHARES)
def test_more_printed_is_never_less_done(printed: float, soon: float, later: float, level: float, more: float) -> None:
    first = volume_done(printed, soon, later, level)
    assert 0.0 <= first <= volume_done(printed + more, soon, later, level) + 1e-12
    assert volume_done(printed, soon, 0.0, level) == 1.0


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 0.5))
def test_schedule_stays_in_its_band_and_ends_on_the_curve(part: float, curve: float, band: float) -> None:
    kept = near_curve(part, curve, band)
    assert 0.0 <= kept <= 1.0
    assert abs(kept - curve) <= band + 1e-12
    assert near_curve(part, 1.0, band) == 1.0


def test_following_keeps_nearer_to_the_volume_than_the_curve_does() -> None:
    """On days whose volume wanders about its usual curve, E(X − x)² is less for x = E[X | printed] than for E[X]."""
    rng = np.random.default_rng(3)
    usual = np.full(26, 1_000.0)
    worse = better = 0.0
    for _ in range(300):
        state = np.empty(26)
        state[0] = 0.38 * rng.standard_normal()
        for at in range(1, 26):
            state[at] = 0.85 * state[at - 1] + 0.2 * rng.standard_normal()
        volume = usual * np.exp(state + 0.1 * rng.standard_normal())
        share = np.cumsum(volume) / volume.sum()
        for at in range(4, 25):
            printed, expected = float(volume[:at].sum()), float(usual[:at].sum())
            level = level_of(printed, expected, at / 26)
            follow = volume_done(printed, 0.0, float(usual[at:].sum()), level)
            better += (follow - share[at - 1]) ** 2
            worse += (at / 26 - share[at - 1]) ** 2
    assert better < 0.8 * worse, better / worse
