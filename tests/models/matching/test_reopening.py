"""Reopening after a halt: day orders are collected, and a collar in the way puts it off and widens."""

from __future__ import annotations

import pytest

from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.matching.auction_rules import (
    REOPENING_RULES,
    AuctionKind,
    reopening_collar,
)
from sottovoce.models.matching.uncross import Collar
from tests.models.matching.dark_desk import (
    CLOSE_NS,
    PX,
    START_NS,
    auctions,
    buy,
    fills,
    in_halt,
    sell,
    sums,
    words,
)


def test_halt_collects_day_orders_and_reopens() -> None:
    made = auctions()
    made.halt(START_NS, START_NS + 5 * NS_PER_MINUTE)
    made.enter(in_halt(buy("B", 300)), START_NS + 1)
    made.enter(in_halt(sell("S", 200, PX)), START_NS + 1)
    shown = made.indication(START_NS + 2)
    assert shown is not None
    assert (shown.kind, shown.due_ns, shown.px) == (AuctionKind.REOPENING, START_NS + 5 * NS_PER_MINUTE, PX)
    news = made.advance(START_NS + 6 * NS_PER_MINUTE)
    assert fills(news) == [("B", 200, PX), ("S", 200, PX)]
    assert words(news)[-1] == ("B", "expired", "auction_over")
    with pytest.raises(ModelError):
        made.halt(START_NS + 7 * NS_PER_MINUTE, START_NS + 7 * NS_PER_MINUTE)


def test_collar_in_the_way_puts_the_reopening_off_and_widens() -> None:
    """Paused at the upper band of 105 on a reference of 100: collars to 110.25, then 115.50."""
    made = auctions()
    collar = reopening_collar(REOPENING_RULES[0], Collar(95_000_000, 105_000_000), up=True)
    assert collar.collar == Collar(95_000_000, 110_250_000)
    due_ns = START_NS + 5 * NS_PER_MINUTE
    made.halt(START_NS, due_ns, collar)
    made.enter(in_halt(buy("B", 300, 112_000_000)), START_NS + 1)
    made.enter(in_halt(sell("S", 300, 112_000_000)), START_NS + 1)
    assert made.advance(due_ns) == []
    shown = made.indication(due_ns)
    assert shown is not None
    assert (shown.due_ns, shown.low_px, shown.high_px) == (due_ns + 5 * NS_PER_MINUTE, 95_000_000, 115_500_000)
    assert fills(made.advance(due_ns + 5 * NS_PER_MINUTE))[0] == ("B", 300, 112_000_000)


def test_market_orders_left_over_put_the_reopening_off_downwards_too() -> None:
    made = auctions()
    collar = reopening_collar(REOPENING_RULES[0], Collar(95_000_000, 105_000_000), up=False)
    assert collar.collar == Collar(90_250_000, 105_000_000)
    due_ns = START_NS + 5 * NS_PER_MINUTE
    made.halt(START_NS, due_ns, collar)
    made.enter(in_halt(sell("S", 300)), START_NS + 1)
    made.enter(in_halt(buy("B", 300, 88_000_000)), START_NS + 1)
    assert made.advance(due_ns) == []
    assert fills(made.advance(due_ns + 5 * NS_PER_MINUTE)) == [("B", 300, 88_000_000), ("S", 300, 88_000_000)]


def test_market_orders_left_over_inside_the_collar_put_the_reopening_off() -> None:
    """The best price lies inside; 200 of the market orders would still go without."""
    made = auctions()
    due_ns = START_NS + 5 * NS_PER_MINUTE
    made.halt(START_NS, due_ns, reopening_collar(REOPENING_RULES[0], Collar(95_000_000, 105_000_000), up=True))
    made.enter(in_halt(buy("B", 300)), START_NS + 1)
    made.enter(in_halt(sell("S", 100, PX)), START_NS + 1)
    assert made.advance(due_ns) == []
    made.enter(in_halt(sell("T", 200, 115_000_000)), due_ns + 1)
    assert sums(made.advance(due_ns + 5 * NS_PER_MINUTE))["B"] == 300
    assert made.results[-1].px == 115_000_000


def test_reopening_that_would_come_at_the_close_is_not_held() -> None:
    made = auctions()
    made.halt(CLOSE_NS - NS_PER_MINUTE, CLOSE_NS + NS_PER_MINUTE)
    for entry in (buy("B", 100, PX), sell("S", 100, PX)):
        made.enter(in_halt(entry), CLOSE_NS - 1)
    assert sorted(words(made.advance(CLOSE_NS))) == [("B", "expired", "auction_over"), ("S", "expired", "auction_over")]


def test_cheap_stock_widens_by_a_fixed_step() -> None:
    collar = reopening_collar(REOPENING_RULES[0], Collar(1_600_000, 2_400_000), up=True)
    assert collar.collar == Collar(1_600_000, 2_550_000)
