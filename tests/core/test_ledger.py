"""The parent's ledger: each move, what it refuses, and conservation over any sequence of moves."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import InvariantError
from sottovoce.core.ledger import LEDGER_EVENTS, Ledger


def ledger(**changes: int) -> Ledger:
    """A thousand wanted: 300 filled, 200 working, 500 unsent, unless a case says otherwise."""
    fields = {"target": 1_000, "filled": 300, "working": 200, "unsent": 500} | changes
    return Ledger(**fields)


def test_release_moves_unsent_to_working() -> None:
    each = Ledger.opened(1_000)
    each.release(400)
    assert each == Ledger(target=1_000, unsent=600, working=400)


def test_releasing_more_than_unsent_is_our_bug() -> None:
    with pytest.raises(InvariantError, match="does not conserve"):
        Ledger.opened(100).release(101)


def test_freed_quantity_is_unsent_again() -> None:
    each = ledger()
    each.free(150)
    assert (each.working, each.unsent) == (50, 650)


def test_freed_quantity_first_undoes_an_overfill() -> None:
    each = Ledger(target=1_000, unsent=0, filled=900, working=200, overfilled=100)
    each.free(200)
    assert each == Ledger(target=1_000, unsent=100, filled=900)


def test_freed_quantity_then_delivers_an_amendment_down() -> None:
    each = ledger()
    each.amend(400)
    assert (each.target, each.unsent, each.reduction, each.wanted) == (500, 0, 100, 400)
    each.free(200)
    assert (each.target, each.unsent, each.reduction) == (400, 100, 0)


def test_amendment_below_what_is_filled_stops_at_it() -> None:
    each = ledger(working=0, unsent=700)
    each.amend(100)
    assert (each.target, each.unsent, each.reduction) == (300, 0, 0)


def test_fill_of_what_an_amendment_hoped_for_ends_the_hope() -> None:
    each = ledger()
    each.amend(400)
    each.fill(200, 0, 0, 0)
    assert (each.target, each.filled, each.reduction) == (500, 500, 0)


def test_amendment_up_undoes_one_down_first() -> None:
    each = ledger()
    each.amend(400)
    each.amend(480)
    assert (each.target, each.unsent, each.reduction, each.wanted) == (500, 0, 20, 480)
    each.amend(900)
    assert (each.target, each.unsent, each.reduction) == (900, 400, 0)


def test_amendment_up_takes_in_an_overfill() -> None:
    """What was too much is part of what is wanted now, and not bought again."""
    each = Ledger(target=1_000, unsent=0, filled=1_100, overfilled=100)
    each.amend(1_250)
    assert each == Ledger(target=1_250, unsent=150, filled=1_100)


def test_split_of_a_fill_takes_unsent_then_returned_then_too_much() -> None:
    each = Ledger(target=1_000, unsent=50, filled=800, working=100, returned=50)
    assert each.split(100, 70, 60) == (100, 50, 50, 30)
    assert each.split(10, 0, 0) == (10, 0, 0, 0)
    assert each.split(0, 0, 20) == (0, 20, 0, 0)


def test_raised_order_takes_unsent_and_then_is_too_much() -> None:
    each = ledger()
    each.raised(600)
    assert each == ledger(working=800, unsent=0, overfilled=100)


def test_bust_moves_filled_to_busted() -> None:
    each = ledger()
    each.bust(120)
    assert (each.filled, each.busted) == (180, 120)


def test_returning_more_than_unsent_is_our_bug() -> None:
    with pytest.raises(InvariantError, match="does not conserve"):
        ledger().give_back(501)


def test_ledger_that_does_not_add_up_is_our_bug() -> None:
    with pytest.raises(InvariantError):
        ledger(filled=301).check()
    with pytest.raises(InvariantError):
        Ledger(target=0, unsent=5, returned=-5).check()


def test_every_ledger_event_is_a_known_move() -> None:
    names = {event.__name__ for event in LEDGER_EVENTS}
    assert names == {
        "ChildCreated", "ChildRejected", "ChildUnrouted", "RouteUpdated", "Fill", "FillBusted", "FillCorrected",
        "ParentReturned", "OrderRejected", "AmendCleared",
    }  # fmt: skip


MOVES = st.lists(st.tuples(st.sampled_from("release free fill bust amend raised return".split()), st.integers(1, 700)))


@given(MOVES)
def test_conservation_over_any_moves(moves: list[tuple[str, int]]) -> None:
    each = Ledger.opened(1_000)
    for move, qty in moves:
        _move(each, move, qty)
        each.check()
        assert each.overfilled == 0 or each.unsent == 0, "too much was filled and more is still wanted"
        assert each.reduction == 0 or each.unsent == 0


def _move(each: Ledger, move: str, qty: int) -> None:
    """One move, cut to what its caller could ask for."""
    if move == "release":
        each.release(min(qty, each.unsent))
    elif move == "free":
        each.free(min(qty, each.working))
    elif move == "fill":
        working = min(qty, each.working)
        each.fill(*each.split(working, qty - working, 0))
    elif move == "bust":
        each.bust(min(qty, each.filled))
    elif move == "amend":
        each.amend(qty)
    elif move == "raised":
        each.raised(qty)
    else:
        each.give_back(min(qty, each.unsent))
