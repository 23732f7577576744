"""What lit venues refuse, code by code, and what their facts let through."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import OrdType, Peg, Side, TimeInForce
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.models.matching.lit_entry import EntryChecks, banded_tick
from sottovoce.models.matching.lit_facts import LIT_FACTS, RULE_612_TICKS
from sottovoce.models.matching.lit_order import LitOrder
from sottovoce.models.matching.port import Entry
from tests.models.matching.lit_desk import FOK, IOC, at_market, buy, pegged

EVERYTHING, NO_PEGS, NO_ICEBERGS, _ = LIT_FACTS
BARE = msgspec.structs.replace(EVERYTHING, takes=None, min_qty=100)
LOTS = msgspec.structs.replace(EVERYTHING, takes=OrderTerms(hidden=True, reserve=True, lot=100))

FAULTS = [
    (EVERYTHING, buy("B", 0, 1), "quantity_not_positive"),
    (EVERYTHING, buy("B", -5, 1), "quantity_not_positive"),
    (BARE, buy("B", 99, 1), "quantity_below_minimum"),
    (LOTS, buy("B", 150, 1), "quantity_not_in_lots"),
    (LOTS, buy("B", 300, 1, display_qty=150), "quantity_not_in_lots"),
    (EVERYTHING, buy("B", 100, 1, price=0), "price_not_positive"),
    (EVERYTHING, buy("B", 100, 1, price=-10_000), "price_not_positive"),
    (EVERYTHING, buy("B", 100, 0.5), "price_off_tick"),
    (EVERYTHING, buy("B", 100, 1, price=500_050), "price_off_tick"),
    (EVERYTHING, pegged(Side.BUY, "B", 100, Peg.MID, price=-1), "price_not_positive"),
    (EVERYTHING, at_market(Side.BUY, "B", 100, price=10_000), "price_not_taken"),
    (NO_PEGS, pegged(Side.BUY, "B", 100, Peg.PRIMARY), "peg_not_taken"),
    (NO_ICEBERGS, pegged(Side.BUY, "B", 100, Peg.MARKET), "peg_not_taken"),
    (msgspec.structs.replace(EVERYTHING, takes=OrderTerms(ord_types=(OrdType.LIMIT,))),
     at_market(Side.BUY, "B", 100), "order_type_not_taken"),
    (EVERYTHING, buy("B", 100, 1, time_in_force=TimeInForce.AT_THE_CLOSE), "time_in_force_not_taken"),
    (EVERYTHING, buy("B", 100, 1, time_in_force=TimeInForce.AT_THE_OPENING), "time_in_force_not_taken"),
    (BARE, buy("B", 100, 1, time_in_force=FOK), "time_in_force_not_taken"),
    (EVERYTHING, buy("B", 100, 1, conditional=True), "conditional_not_taken"),
    (BARE, buy("B", 100, 1, post_only=True), "post_only_not_taken"),
    (EVERYTHING, buy("B", 100, 1, post_only=True, time_in_force=IOC), "post_only_must_rest"),
    (EVERYTHING, at_market(Side.BUY, "B", 100, post_only=True), "post_only_must_rest"),
    (EVERYTHING, buy("B", 100, 1, display_qty=-1), "display_out_of_range"),
    (EVERYTHING, buy("B", 100, 1, display_qty=101), "display_out_of_range"),
    (NO_ICEBERGS, buy("B", 100, 1, display_qty=50), "display_not_taken"),
    (BARE, buy("B", 100, 1, display_qty=0), "display_not_taken"),
    (EVERYTHING, buy("B", 100, 1, display_qty=0, time_in_force=IOC), "display_must_rest"),
    (EVERYTHING, at_market(Side.BUY, "B", 100, display_qty=50), "display_must_rest"),
    (EVERYTHING, pegged(Side.BUY, "B", 100, Peg.MID, display_qty=50), "peg_is_hidden"),
    (EVERYTHING, buy("B", 100, 1, min_qty=101, display_qty=0), "min_qty_out_of_range"),
    (EVERYTHING, buy("B", 100, 1, min_qty=-1, display_qty=0), "min_qty_out_of_range"),
    (BARE, buy("B", 100, 1, min_qty=50, time_in_force=IOC), "min_qty_not_taken"),
    (EVERYTHING, buy("B", 100, 1, min_qty=50, time_in_force=FOK), "min_qty_not_taken"),
    (EVERYTHING, buy("B", 100, 1, min_qty=50), "min_qty_must_be_hidden"),
]  # fmt: skip

TAKEN = [
    (EVERYTHING, buy("B", 1, 1)),
    (EVERYTHING, buy("B", 100, 1, price=500_100)),
    (EVERYTHING, buy("B", 100, 1, display_qty=100)),
    (EVERYTHING, buy("B", 100, 1, min_qty=100, time_in_force=IOC)),
    (EVERYTHING, buy("B", 100, 1, min_qty=50, display_qty=0)),
    (EVERYTHING, pegged(Side.BUY, "B", 100, Peg.MID, min_qty=50)),
    (EVERYTHING, pegged(Side.BUY, "B", 100, Peg.MARKET, 3, time_in_force=IOC)),
    (EVERYTHING, at_market(Side.BUY, "B", 100)),
    (NO_ICEBERGS, pegged(Side.SELL, "B", 100, Peg.PRIMARY, post_only=True)),
    (NO_PEGS, buy("B", 100, 1, time_in_force=FOK)),
    (LOTS, buy("B", 300, 1, display_qty=100)),
    (BARE, buy("B", 100, 1, time_in_force=IOC)),
]


def checks(facts: VenueFacts) -> EntryChecks:
    return EntryChecks(facts, banded_tick(RULE_612_TICKS))


@pytest.mark.parametrize(
    ("facts", "entry", "code"), FAULTS, ids=[f"{code}-{i}" for i, (_, _, code) in enumerate(FAULTS)]
)
def test_order_is_refused(facts: VenueFacts, entry: Entry, code: str) -> None:
    assert checks(facts).entry_fault(entry) == code


@pytest.mark.parametrize(("facts", "entry"), TAKEN)
def test_order_is_taken(facts: VenueFacts, entry: Entry) -> None:
    assert checks(facts).entry_fault(entry) == ""


@pytest.mark.parametrize(
    ("qty", "price", "code"),
    [
        (100, 100_010_000, "quantity_not_above_filled"),
        (300, 0, "price_not_positive"),
        (300, 100_005_000, "price_off_tick"),
        (101, 100_020_000, ""),
    ],
)
def test_change_is_checked_like_an_entry(qty: int, price: int, code: str) -> None:
    order = LitOrder(buy("B", 200, 1))
    order.cum_qty = 100
    assert checks(EVERYTHING).change_fault(order, qty, price) == code


def test_peg_may_lose_its_limit() -> None:
    assert checks(EVERYTHING).change_fault(LitOrder(pegged(Side.BUY, "B", 200, Peg.MID, 1)), 100, 0) == ""


@pytest.mark.parametrize(("px", "tick"), [(0, 100), (999_999, 100), (1_000_000, 10_000), (10**12, 10_000)])
def test_tick_is_that_of_the_band(px: int, tick: int) -> None:
    assert banded_tick(RULE_612_TICKS)(px) == tick


def test_tick_without_bands_is_refused() -> None:
    with pytest.raises(ModelError) as refused:
        banded_tick(())
    assert refused.value.code == "no_ticks"
