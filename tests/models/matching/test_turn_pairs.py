"""Fills written down as matches: everybody gets his fill, in turn, in as few matches as turns allow."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.matching.turn_pairs import turn_pairs
from sottovoce.models.matching.working import Working
from tests.models.matching.dark_desk import buy, sell

CUTS = st.lists(st.integers(1, 99), max_size=8)


def test_worked_row() -> None:
    buys = [Working(buy("A", 300), 1), Working(buy("B", 200), 2)]
    sells = [Working(sell("S", 100), 3), Working(sell("T", 400), 4)]
    met = turn_pairs(buys, sells, {"A": 300, "B": 200, "S": 100, "T": 400})
    assert [(one.order_id, other.order_id, qty) for one, other, qty in met] == [
        ("A", "S", 100),
        ("A", "T", 200),
        ("B", "T", 200),
    ]


@given(bought=CUTS, sold=CUTS)
def test_everybody_gets_his_fill(bought: list[int], sold: list[int]) -> None:
    """Both lists cut the same hundred shares."""
    buys = {f"B{number}": qty for number, qty in enumerate(_pieces(bought))}
    sells = {f"S{number}": qty for number, qty in enumerate(_pieces(sold))}
    met = list(
        turn_pairs(
            [Working(buy(name, qty), place) for place, (name, qty) in enumerate(buys.items())],
            [Working(sell(name, qty), place) for place, (name, qty) in enumerate(sells.items())],
            {**buys, **sells},
        )
    )
    got: Counter[str] = Counter()
    for one, other, qty in met:
        assert qty > 0
        got.update({one.order_id: qty, other.order_id: qty})
    assert got == {**buys, **sells}
    assert len(met) <= len(buys) + len(sells) - 1


def _pieces(cuts: list[int]) -> list[int]:
    edges = [0, *sorted(set(cuts)), 100]
    return [right - left for left, right in pairwise(edges)]
