"""Opening and closing: cut-offs, indication, uncrossing, margins, imbalance-only orders."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import OrdType, Peg, Side, TimeInForce
from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.matching.auction_rules import (
    AUCTION_RULES,
    AuctionKind,
    auction_rules_on,
)
from sottovoce.models.matching.port import Entry, Touch
from tests.models.matching.dark_desk import (
    CENT,
    CLOSE_NS,
    OPEN_NS,
    PX,
    START_NS,
    at_close,
    at_open,
    auctions,
    buy,
    check_laws,
    fills,
    in_halt,
    sell,
    sums,
    words,
)
from tests.models.matching.random_play import Taste, play


def test_opening_trades_at_the_open_and_closing_at_the_close() -> None:
    made = auctions()
    made.enter(at_open(buy("B", 300)), OPEN_NS - 1)
    made.enter(at_open(sell("S", 500, PX)), OPEN_NS - 1)
    made.enter(at_close(buy("MOC", 200)), OPEN_NS - 1)
    news = made.advance(START_NS)
    assert fills(news) == [("B", 300, PX), ("S", 300, PX)]
    assert words(news)[-1] == ("S", "expired", "auction_over")
    assert {each.at_ns for each in news} == {OPEN_NS}
    assert words(made.advance(CLOSE_NS)) == [("MOC", "expired", "auction_over")]


def test_indication_follows_the_book_and_the_auction_does_what_it_said() -> None:
    made = auctions()
    made.advance(OPEN_NS)
    empty = made.indication(START_NS)
    assert empty is not None
    assert (empty.kind, empty.px, empty.paired_qty, empty.imbalance_qty) == (AuctionKind.CLOSING, None, 0, 0)
    made.enter(at_close(buy("B", 800)), START_NS)
    made.enter(at_close(sell("S", 300, PX + CENT)), START_NS)
    shown = made.indication(START_NS)
    assert shown is not None
    assert (shown.px, shown.paired_qty, shown.imbalance_qty, shown.market_imbalance_qty) == (PX + CENT, 300, 500, 800)
    assert fills(made.advance(CLOSE_NS)) == [("B", 300, PX + CENT), ("S", 300, PX + CENT)]
    assert made.results[-1].paired_qty == 300
    assert made.indication(CLOSE_NS) is None


def test_all_market_orders_on_one_side_show_an_imbalance_and_trade_nothing() -> None:
    made = auctions()
    made.enter(at_close(buy("A", 500)), START_NS)
    made.enter(at_close(buy("B", 300)), START_NS)
    shown = made.indication(START_NS)
    assert shown is not None
    assert (shown.px, shown.paired_qty, shown.imbalance_qty) == (None, 0, 800)
    assert fills(made.advance(CLOSE_NS)) == []


def test_market_orders_first_then_better_limits_then_the_margin() -> None:
    made = auctions("nasdaq")
    made.enter(at_close(buy("even", 400, PX)), START_NS)
    made.enter(at_close(buy("late", 400, PX)), START_NS)
    made.enter(at_close(buy("better", 100, PX + CENT)), START_NS)
    made.enter(at_close(buy("market", 200)), START_NS)
    made.enter(at_close(sell("S", 800, PX)), START_NS)
    got = sums(made.advance(CLOSE_NS))
    assert got == {"market": 200, "better": 100, "even": 400, "late": 100, "S": 800}


def test_margin_in_proportion_where_the_rules_say_so() -> None:
    made = auctions("nyse")
    made.enter(at_close(buy("small", 100, PX)), START_NS)
    made.enter(at_close(buy("large", 300, PX)), START_NS)
    made.enter(at_close(sell("S", 200)), START_NS)
    got = sums(made.advance(CLOSE_NS))
    assert got == {"small": 50, "large": 150, "S": 200}


def test_imbalance_only_orders_neither_move_the_price_nor_add_to_an_imbalance() -> None:
    made = auctions()
    made.enter(at_close(buy("B", 800, PX)), START_NS)
    made.enter(at_close(sell("S", 300, PX)), START_NS)
    made.enter(at_close(sell("dear", 400, PX + CENT, post_only=True)), START_NS)
    made.enter(at_close(buy("same side", 400, PX + CENT, post_only=True)), START_NS)
    shown = made.indication(START_NS)
    assert shown is not None
    assert (shown.px, shown.paired_qty, shown.imbalance_qty) == (PX, 300, 500)


def test_imbalance_only_orders_are_taken_after_other_cut_offs() -> None:
    made = auctions()
    made.enter(at_close(buy("B", 800, PX)), START_NS)
    made.enter(at_close(sell("S", 300, PX)), START_NS)
    late_ns = CLOSE_NS - NS_PER_MINUTE
    assert words(made.enter(at_close(sell("T", 100, PX)), late_ns)) == [("T", "rejected", "after_cutoff")]
    made.enter(at_close(sell("IO", 400, PX - 5 * CENT, post_only=True)), late_ns)
    shown = made.indication(late_ns)
    assert shown is not None
    assert (shown.px, shown.paired_qty, shown.imbalance_qty) == (PX, 700, 100)
    got = sums(made.advance(CLOSE_NS))
    assert got == {"B": 700, "S": 300, "IO": 400}


@pytest.mark.parametrize(
    ("style", "kind", "last_minutes"),
    [("nyse", "market", 10), ("nyse", "limit", 10), ("nasdaq", "market", 5), ("nasdaq", "limit", 2)],
)
def test_cut_off_by_order_type(style: str, kind: str, last_minutes: int) -> None:
    """Markets reference §3: MOC/LOC 15:50; MOC 15:55, LOC 15:58."""
    last_ns = CLOSE_NS - last_minutes * NS_PER_MINUTE
    price = PX if kind == "limit" else 0
    made = auctions(style)
    assert words(made.enter(at_close(buy("A", 100, price)), last_ns)) == [("A", "new", "")]
    assert words(made.enter(at_close(buy("B", 100, price)), last_ns + 1)) == [("B", "rejected", "after_cutoff")]


def test_late_cancel_and_change_are_refused_and_change_nothing() -> None:
    made = auctions()
    made.enter(at_close(buy("B", 500)), START_NS)
    last_ns = CLOSE_NS - 10 * NS_PER_MINUTE
    assert words(made.replace("B", 400, 0, last_ns)) == [("B", "replaced", "")]
    refused = made.cancel("B", last_ns + 1)
    assert words(refused) == [("B", "rejected", "after_cutoff")]
    assert refused[0].leaves_qty == 400
    assert words(made.replace("B", 300, 0, last_ns + 1)) == [("B", "rejected", "after_cutoff")]


def test_cancel_before_the_cut_off() -> None:
    made = auctions()
    made.enter(at_close(buy("B", 500)), START_NS)
    assert words(made.cancel("B", START_NS)) == [("B", "canceled", "canceled")]
    assert words(made.cancel("B", START_NS)) == [("B", "rejected", "unknown_order")]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (at_close(buy("B", 0)), "quantity_not_positive"),
        (at_close(buy("B", 100, PX + 1)), "price_off_tick"),
        (at_close(buy("B", 100, post_only=True)), "imbalance_only_needs_limit"),
        (at_close(buy("B", 100, min_qty=100)), "min_qty_not_taken"),
        (buy("B", 100, time_in_force=TimeInForce.AT_THE_CLOSE, peg=Peg.MID), "peg_not_taken"),
        (in_halt(buy("B", 100)), "no_auction"),
        (in_halt(msgspec.structs.replace(buy("B", 100), conditional=True)), "conditional_not_taken"),
        (buy("B", 100, PX, time_in_force=TimeInForce.IMMEDIATE_OR_CANCEL), "time_in_force_not_taken"),
        (at_open(buy("B", 100)), "no_auction"),
    ],
)
def test_what_an_auction_does_not_take(entry: Entry, reason: str) -> None:
    assert words(auctions().enter(entry, START_NS)) == [("B", "rejected", reason)]


def test_reference_is_the_mid_last_seen() -> None:
    made = auctions()
    made.observe(Touch(101_000_000, 1, 101_020_000, 1), START_NS)
    made.observe(Touch(102_000_000, 1, 102_000_000, 1), START_NS)
    made.enter(at_close(buy("B", 100)), START_NS)
    made.enter(at_close(sell("S", 100)), START_NS)
    assert fills(made.advance(CLOSE_NS))[0] == ("B", 100, 101_010_000)


def test_rules_of_another_day_or_style_are_refused() -> None:
    with pytest.raises(ModelError) as refused:
        auction_rules_on(AUCTION_RULES, "nyse", AuctionKind.CLOSING, "1999-12-31")
    assert refused.value.code == "no_auction_rules"


@settings(max_examples=40)
@given(seed=st.integers(0, 2**32))
def test_laws_hold_whatever_happens(seed: int) -> None:
    """Orders for the close only; the venue's indication at the end is what it then does."""
    made = auctions("nasdaq")
    made.advance(OPEN_NS)
    taste = Taste(
        lives=(TimeInForce.AT_THE_CLOSE,),
        minimums=False,
        wait_ms=(0, 1_000, 60_000, 400_000),
        unpriced=OrdType.MARKET,
        prices=(0, PX - CENT, PX, PX + CENT),
    )
    taken, news = play(made, seed, 80, taste, lambda: None)
    shown = made.indication(CLOSE_NS)
    last = list(made.advance(CLOSE_NS))
    check_laws(taken, [*news, *last])
    if shown is not None:
        bought = sum(qty for name, qty, _ in fills(last) if taken[name].side is Side.BUY)
        assert bought == shown.paired_qty
        assert {px for _, _, px in fills(last)} <= {shown.px}
