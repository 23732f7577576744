"""Pegged orders of a lit venue: what they follow, where they stop, and the place they lose."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import Peg, Side
from sottovoce.models.matching.port import Touch
from tests.models.matching.lit_desk import FOK, IOC, NOW, buy, cents, code, fills, pegged, sell, venue, words
from tests.models.matching.lit_play import CENT, PX

UP = Touch(PX + CENT, 100, PX + 3 * CENT, 100)
NARROW = Touch(PX, 100, PX + CENT, 100)
LOCKED = Touch(PX, 100, PX, 100)
NO_BID = Touch(0, 0, PX + 2 * CENT, 100)
ODD = Touch(PX + 3_000, 100, PX + CENT + 3_000, 100)

BUY, SELL = Side.BUY, Side.SELL


def where(side: Side, peg: Peg, touch: Touch, limit: float | None = None) -> float | None:
    """The price, cents above 100, at which a pegged order trades with one that takes any; None if it does not."""
    made = venue(pegged(side, "P", 100, peg, limit))
    assert made.observe(touch, NOW) == []
    taker = sell("T", 100, -50, time_in_force=IOC) if side is BUY else buy("T", 100, 50, time_in_force=IOC)
    return next((px for _, _, px in fills(made.enter(taker, NOW))), None)


@pytest.mark.parametrize(
    ("side", "peg", "touch", "limit", "px"),
    [
        (BUY, Peg.PRIMARY, UP, None, 1),
        (SELL, Peg.PRIMARY, UP, None, 3),
        (BUY, Peg.MARKET, UP, None, 3),
        (SELL, Peg.MARKET, UP, None, 1),
        (BUY, Peg.MID, UP, None, 2),
        (SELL, Peg.MID, NARROW, None, 0.5),
        (BUY, Peg.PRIMARY, UP, 0, 0),
        (SELL, Peg.PRIMARY, UP, 5, 5),
        (BUY, Peg.MID, NARROW, 0, 0),
        (SELL, Peg.MID, UP, 1, 2),
        (BUY, Peg.MID, LOCKED, None, None),
        (BUY, Peg.PRIMARY, LOCKED, None, 0),
        (BUY, Peg.PRIMARY, NO_BID, 1, None),
        (SELL, Peg.PRIMARY, NO_BID, None, 2),
        (SELL, Peg.MARKET, NO_BID, None, None),
        (BUY, Peg.PRIMARY, ODD, None, 0),
        (SELL, Peg.PRIMARY, ODD, None, 2),
        (BUY, Peg.MID, ODD, None, 0.8),
    ],
)
def test_price_that_is_followed(side: Side, peg: Peg, touch: Touch, limit: float | None, px: float | None) -> None:
    assert where(side, peg, touch, limit) == px


def test_primary_peg_is_shown_and_the_others_are_not() -> None:
    assert venue(pegged(BUY, "P", 100, Peg.PRIMARY)).shown() == Touch(cents(0), 100, 0, 0)
    assert venue(pegged(BUY, "P", 100, Peg.PRIMARY, display_qty=0)).shown() == Touch(0, 0, 0, 0)
    assert venue(pegged(BUY, "P", 100, Peg.MID)).shown() == Touch(0, 0, 0, 0)
    assert venue(pegged(BUY, "P", 100, Peg.MARKET)).shown() == Touch(0, 0, 0, 0)


def test_peg_that_moves_loses_its_place_and_one_that_stays_keeps_it() -> None:
    made = venue(pegged(BUY, "P", 100, Peg.PRIMARY, 0), pegged(BUY, "Q", 100, Peg.PRIMARY), buy("B", 100, 0))
    made.observe(UP, NOW)
    made.observe(Touch(PX, 1, PX + 2 * CENT, 1), NOW)
    assert fills(made.enter(sell("S", 300, 0), NOW)) == [("P", 100, 0), ("B", 100, 0), ("Q", 100, 0)]


def test_mid_pegs_of_both_sides_meet_at_half_a_tick_once_there_is_a_mid() -> None:
    made = venue()
    made.observe(LOCKED, NOW)
    made.enter(pegged(BUY, "B", 100, Peg.MID), NOW)
    assert fills(made.enter(pegged(SELL, "S", 300, Peg.MID), NOW)) == []
    told = made.observe(NARROW, NOW)
    assert fills(told) == [("B", 100, 0.5)]
    assert words(told) == [("S", "trade", 200), ("B", "trade", 0)]


def test_shown_order_that_arrives_gets_the_mid() -> None:
    made = venue(pegged(SELL, "S", 100, Peg.MID))
    made.observe(NARROW, NOW)
    assert fills(made.enter(buy("B", 100, 1), NOW)) == [("S", 100, 0.5)]


def test_peg_takes_what_its_new_price_reaches() -> None:
    made = venue(pegged(BUY, "P", 300, Peg.PRIMARY), sell("S", 100, 1))
    assert words(made.observe(UP, NOW)) == [("P", "trade", 200), ("S", "trade", 0)]
    assert made.shown() == Touch(cents(1), 200, 0, 0)


def test_post_only_peg_ends_where_it_would_take() -> None:
    made = venue(pegged(BUY, "P", 300, Peg.PRIMARY, post_only=True), sell("S", 100, 1))
    assert words(made.observe(UP, NOW)) == [("P", "post_only_would_take", 0)]


def test_peg_without_a_price_can_be_changed_and_canceled() -> None:
    made = venue()
    made.observe(Touch(0, 0, 0, 0), NOW)
    made.enter(pegged(BUY, "P", 300, Peg.PRIMARY), NOW)
    assert words(made.replace("P", 200, cents(1), NOW)) == [("P", "replaced", 200)]
    assert made.shown() == Touch(0, 0, 0, 0)
    made.observe(UP, NOW)
    assert made.shown() == Touch(cents(1), 200, 0, 0)
    assert words(made.cancel("P", NOW)) == [("P", "canceled", 0)]


@pytest.mark.parametrize("life", [IOC, FOK])
def test_peg_that_may_not_rest_takes_at_its_price_or_ends(life: object) -> None:
    made = venue(sell("S", 100, 1))
    assert fills(made.enter(pegged(BUY, "P", 100, Peg.MID, time_in_force=life), NOW)) == [("S", 100, 1)]
    made.observe(LOCKED, NOW)
    told = made.enter(pegged(BUY, "Q", 100, Peg.MID, time_in_force=life), NOW)
    assert words(told) == [("Q", "new", 100), ("Q", "not_filled_at_once", 0)]


def test_pegs_stand_still_during_a_halt_and_move_at_its_end_before_what_waited() -> None:
    made = venue(pegged(BUY, "P", 100, Peg.PRIMARY))
    made.halt(NOW)
    made.enter(pegged(BUY, "Q", 100, Peg.PRIMARY), NOW)
    assert made.observe(UP, NOW) == []
    assert made.shown() == Touch(cents(0), 100, 0, 0)
    made.resume(NOW)
    assert made.shown() == Touch(cents(1), 200, 0, 0)
    assert fills(made.enter(sell("S", 100, 1), NOW)) == [("P", 100, 1)]


def test_limit_of_a_peg_is_on_the_grid_and_its_price_need_not_be() -> None:
    made = venue()
    assert code(made.enter(pegged(BUY, "P", 100, Peg.MID, 0.5), NOW)) == "price_off_tick"
    made.observe(NARROW, NOW)
    assert code(made.enter(pegged(BUY, "P", 100, Peg.MID, 1), NOW)) == ""
