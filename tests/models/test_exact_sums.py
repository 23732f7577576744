"""Exact integer sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.exact_sums import exact_dot, exact_sum

int64 = st.integers(-(2**63), 2**63 - 1)


@given(pairs=st.lists(st.tuples(int64, int64), max_size=80))
def test_equal_to_python_integers_whatever_the_size(pairs: list[tuple[int, int]]) -> None:
    a = np.array([pair[0] for pair in pairs], dtype=np.int64)
    b = np.array([pair[1] for pair in pairs], dtype=np.int64)
    assert exact_dot(a, b) == sum(x * y for x, y in pairs)
    assert exact_sum(a) == sum(x for x, _ in pairs)


def test_a_sum_past_64_bits_where_numpy_alone_would_wrap() -> None:
    px = np.full(1_000, 700_000_000_000, dtype=np.int64)
    qty = np.full(1_000, 100_000, dtype=np.int64)
    assert exact_dot(px, qty) == 70_000_000_000_000_000_000
    assert int(px @ qty) != 70_000_000_000_000_000_000


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ModelError) as refused:
        exact_dot(np.array([1, 2]), np.array([1]))
    assert refused.value.code == "shapes_differ"
