"""Rounding a cumulative target to lots."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import PlanError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.rounding import round_cumulative, slice_sizes
from sottovoce.models.schedule_ac import almgren_chriss

weights = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=60).filter(lambda each: sum(each) > 0.01)


def curve_of(parts: list[float]) -> FloatArray:
    total = np.cumsum(np.array(parts))
    return np.asarray(total / total[-1], dtype=np.float64)


@given(parts=weights, quantity=st.integers(0, 10**9), lot=st.sampled_from([1, 10, 40, 100, 1000]))
def test_sum_is_exact_and_no_bin_end_is_off_by_more_than_half_a_lot(
    parts: list[float], quantity: int, lot: int
) -> None:
    """T-SCH-3: the odd remainder alone may wait for the end."""
    curve = curve_of(parts)
    cumulative = round_cumulative(curve, quantity, lot)
    sizes = slice_sizes(cumulative)
    assert int(cumulative[-1]) == quantity == int(sizes.sum())
    assert (sizes >= 0).all()
    remainder = quantity % lot
    off = np.abs(cumulative - curve * quantity)
    assert (off <= lot / 2 + remainder + 1e-6 * max(quantity, 1)).all()
    near = np.minimum(curve * quantity, quantity - remainder)
    before_end = curve < 1.0 - 1e-9
    assert (np.abs(cumulative - near)[before_end] <= lot / 2 + 1e-6).all()
    assert (cumulative[before_end] % lot == 0).all()


def test_almgren_chriss_in_lots() -> None:
    held = np.array(almgren_chriss(1_000_000, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, 1e-6).holdings)
    done = 1.0 - held / 1e6
    cumulative = round_cumulative(done, 1_000_000, 100)
    assert cumulative.tolist() == [0, 458_000, 710_100, 852_100, 937_900, 1_000_000]


def test_remainder_trades_in_the_last_bin_that_trades() -> None:
    """The last two bins plan nothing, so the odd 37 go with the last bin that does."""
    cumulative = round_cumulative(np.array([0.5, 1.0, 1.0, 1.0]), 1_037, 100)
    assert slice_sizes(cumulative).tolist() == [500, 537, 0, 0]


def test_less_than_a_lot_goes_at_the_end() -> None:
    assert round_cumulative(np.array([0.3, 0.9, 1.0]), 60, 100).tolist() == [0, 0, 60]


def test_separate_rounding_would_miss_the_sum() -> None:
    """Ten slices of 0.6 lot each would round to ten lots instead of six."""
    curve = np.arange(1, 11) / 10
    assert slice_sizes(round_cumulative(curve, 600, 100)).sum() == 600


def test_a_curve_that_ends_early_leaves_the_rest_unsent() -> None:
    assert round_cumulative(np.array([0.0, 0.25, 0.62]), 1_000, 100).tolist() == [0, 300, 600]


@pytest.mark.parametrize(
    ("curve", "quantity", "lot", "code"),
    [
        ([0.5, 1.0], -1, 1, "bad_quantity"),
        ([0.5, 1.0], 10, 0, "bad_lot"),
        ([], 10, 1, "bad_curve"),
        ([0.5, 0.4, 1.0], 10, 1, "bad_curve"),
        ([0.5, 1.2], 10, 1, "bad_curve"),
        ([-0.1, 1.0], 10, 1, "bad_curve"),
        ([float("nan"), 1.0], 10, 1, "bad_curve"),
    ],
)
def test_bad_input_is_refused(curve: list[float], quantity: int, lot: int, code: str) -> None:
    with pytest.raises(PlanError) as refused:
        round_cumulative(np.array(curve, dtype=np.float64), quantity, lot)
    assert refused.value.code == code
