"""Running totals of exposure against adding everything up again, over any life of several parents."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.stages.risk.exposure import Exposure, Totals

ACCOUNTS = ("FUND-A", "FUND-B")
MOVES = st.lists(
    st.tuples(
        st.sampled_from("reserve draw give trade bust return reprice raise close".split()),
        st.integers(0, 5),
        st.integers(1, 900),
    ),
    max_size=60,
)


@given(MOVES)
def test_totals_are_the_sum_of_their_parts(moves: list[tuple[str, int, int]]) -> None:
    exposure = Exposure()
    traded: dict[str, int] = {}
    for move, which, qty in moves:
        parent = f"P{which}"
        if parent not in exposure.reservations:
            exposure.reserve(parent, ACCOUNTS[which % 2], "ACME", 1 if which % 3 else -1, 1_000, 50 + which)
            traded[parent] = 0
        traded[parent] += _move(exposure, parent, move, qty)
        _check(exposure, traded)


def _move(exposure: Exposure, parent: str, move: str, qty: int) -> int:
    """One move of a parent, cut to what could happen to it; returns the signed value traded."""
    held = exposure.reservations[parent]
    if move == "draw":
        exposure.draw(parent, min(qty, held.open_qty - held.drawn_qty))
    elif move == "raise":
        exposure.draw(parent, qty)
    elif move == "give":
        exposure.draw(parent, -min(qty, held.drawn_qty))
    elif move == "trade":
        part = min(qty, held.drawn_qty)
        exposure.draw(parent, -part)
        exposure.trade(parent, part, held.sign * part * 49)
        return held.sign * part * 49
    elif move == "bust":
        exposure.trade(parent, 0, -held.sign * qty * 49)
        return -held.sign * qty * 49
    elif move == "return":
        exposure.change(parent, -min(qty, held.open_qty - held.drawn_qty))
    elif move == "reprice":
        exposure.reprice(parent, max(qty, held.drawn_qty), 40 + qty % 20)
    elif move == "close" and held.drawn_qty == 0:
        exposure.close(parent)
    return 0


def _check(exposure: Exposure, traded: dict[str, int]) -> None:
    for scope in ("", *ACCOUNTS):
        ours = {key: held for key, held in exposure.reservations.items() if scope in ("", held.account)}
        whole = Totals(
            open_buy=sum(held.open_qty * held.worst_px for held in ours.values() if held.sign > 0),
            open_sell=sum(held.open_qty * held.worst_px for held in ours.values() if held.sign < 0),
            traded=sum(traded[key] for key in ours),
        )
        assert exposure.totals.get(scope, Totals()) == whole
    for held in exposure.reservations.values():
        assert 0 <= held.drawn_qty <= held.open_qty


def test_gross_and_net_worst_case() -> None:
    """Bought 100 net, 300 more to buy, 500 to sell: gross 900, net the worse of 100 + 300 and 100 - 500."""
    exposure = Exposure(totals={"": Totals(open_buy=300, open_sell=500, traded=100)})
    assert exposure.after("", 1, 0) == (900, 400)
    assert exposure.after("", 1, 50) == (950, 450)
    assert exposure.after("", -1, 50) == (950, 450)
    assert exposure.after("nobody", -1, 7) == (7, 7)


def test_news_of_an_unknown_parent_changes_nothing() -> None:
    exposure = Exposure()
    exposure.change("P", 5)
    exposure.draw("P", 5)
    exposure.trade("P", 5, 5)
    exposure.close("P")
    assert exposure == Exposure()
