"""Sharing a short quantity: nobody above his wish, nothing lost, and the exact part to within a share."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.matching.allotment import Allotment, allot

SIZES = st.lists(st.integers(1, 10_000), max_size=12)


@pytest.mark.parametrize("rule", list(Allotment))
@given(sizes=SIZES, total=st.integers(0, 100_000))
def test_all_is_given_and_nobody_gets_more_than_wished(rule: Allotment, sizes: list[int], total: int) -> None:
    given_out = allot(sizes, total, rule)
    assert sum(given_out) == min(total, sum(sizes))
    assert all(0 <= got <= wished for got, wished in zip(given_out, sizes, strict=True))


@given(sizes=SIZES.filter(bool), total=st.integers(0, 100_000))
def test_pro_rata_is_exact_to_within_a_share(sizes: list[int], total: int) -> None:
    part = Fraction(min(total, sum(sizes)), sum(sizes))
    for got, wished in zip(allot(sizes, total, Allotment.PRO_RATA), sizes, strict=True):
        assert abs(got - wished * part) < 1


def test_worked_rows() -> None:
    assert allot([300, 200, 500], 400, Allotment.TIME) == [300, 100, 0]
    assert allot([300, 200, 500], 400, Allotment.PRO_RATA) == [120, 80, 200]
    assert allot([1, 1, 1], 2, Allotment.PRO_RATA) == [1, 1, 0]
    assert allot([100, 200], 100, Allotment.PRO_RATA) == [33, 67]
    assert allot([], 5, Allotment.PRO_RATA) == []


@pytest.mark.parametrize(("sizes", "total"), [([100], -1), ([100, 0], 50), ([-1], 1)])
def test_nonsense_is_refused(sizes: list[int], total: int) -> None:
    with pytest.raises(ModelError) as refused:
        allot(sizes, total, Allotment.TIME)
    assert refused.value.code == "bad_allotment"
