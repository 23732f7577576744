"""What every venue must do behind the Venue port, whatever kind it is: lit book, pool, cross or auction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol, runtime_checkable

import msgspec
import pytest

from sottovoce.core.enums import ExecType, Side
from sottovoce.models.matching.port import Outcome, Touch
from tests.contracts.venue_cases import CASES, START_NS, VenueCase
from tests.contracts.venue_days import filled, ledger_of, let_meet, random_day, refusal
from tests.models.matching.lit_play import CENT, CLOSE_NS, HOURS, PX

FOREVER_NS = CLOSE_NS + 1


@runtime_checkable
class Halting(Protocol):
    """A venue that can be halted for a while."""

    def halt(self, at_ns: int) -> Sequence[Outcome]: ...

    def resume(self, at_ns: int) -> Sequence[Outcome]: ...


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> VenueCase:
    chosen = request.param
    assert isinstance(chosen, VenueCase)
    return chosen


def having(flag: str) -> pytest.MarkDecorator:
    """Only the cases whose venue has a property."""
    return pytest.mark.parametrize("case", [case for case in CASES if getattr(case, flag)], ids=lambda case: case.name)


@pytest.mark.parametrize("seed", range(6))
def test_laws_hold_on_a_random_day_and_nothing_is_live_after_it(case: VenueCase, seed: int) -> None:
    venue, ledger = random_day(case, seed)
    assert ledger.live() == []
    assert venue.shown() == Touch(0, 0, 0, 0)
    assert venue.advance(FOREVER_NS) == []


def test_random_days_say_something(case: VenueCase) -> None:
    """The law above would hold of a venue that never trades."""
    days = [random_day(case, seed)[1] for seed in range(3)]
    kinds = {each.exec_type for ledger in days for each in ledger.news}
    assert sum(ledger.traded_qty() for ledger in days) > 1_000
    assert {ExecType.NEW, ExecType.TRADE, ExecType.CANCELED, ExecType.REPLACED, ExecType.REJECTED} <= kinds


def test_same_calls_same_news(case: VenueCase) -> None:
    assert random_day(case, 11)[1].news == random_day(case, 11)[1].news


def test_two_that_can_trade_do_once_for_each(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY, 300), START_NS)
    ledger.entered(venue, case.order("S", Side.SELL, 300), START_NS)
    trades = let_meet(case, venue, ledger)
    assert sorted((key, qty) for key, qty, _ in trades) == [("B", 300), ("S", 300)]
    assert ledger.live() == []


def test_two_of_one_side_never_trade(case: VenueCase) -> None:
    assert filled(case, case.order("B", Side.BUY), case.order("C", Side.BUY)) == {"B": 0, "C": 0}


def test_short_sale_meets_a_buy(case: VenueCase) -> None:
    assert filled(case, case.order("B", Side.BUY), case.order("S", Side.SELL_SHORT)) == {"B": 300, "S": 300}


def test_limits_apart_never_trade(case: VenueCase) -> None:
    buy, sell = case.order("B", Side.BUY, price=PX - CENT), case.order("S", Side.SELL, price=PX + CENT)
    assert filled(case, buy, sell) == {"B": 0, "S": 0}


def test_larger_one_keeps_what_is_left_until_it_is_canceled(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY, 500), START_NS)
    ledger.entered(venue, case.order("S", Side.SELL, 200), START_NS)
    let_meet(case, venue, ledger)
    buy = ledger.accounts["B"]
    assert buy.cum_qty == 200
    assert buy.over == (case.meets_ns == CLOSE_NS)
    if not buy.over:
        told = ledger.canceled(venue, "B", (case.meets_ns or START_NS) + 1)
        assert [(each.exec_type, each.cum_qty, each.leaves_qty) for each in told] == [(ExecType.CANCELED, 200, 0)]


def test_cancel_ends_an_order_once(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY), START_NS)
    assert [each.exec_type for each in ledger.canceled(venue, "B", START_NS)] == [ExecType.CANCELED]
    refusal(ledger.canceled(venue, "B", START_NS))
    refusal(ledger.replaced(venue, "B", 100, PX, START_NS))
    ledger.entered(venue, case.order("S", Side.SELL), START_NS)
    assert let_meet(case, venue, ledger) == []


def test_unknown_order_is_neither_canceled_nor_changed(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY), START_NS)
    before = venue.shown()
    assert refusal(ledger.canceled(venue, "X", START_NS)).reason == "unknown_order"
    assert refusal(ledger.replaced(venue, "X", 100, PX, START_NS)).reason == "unknown_order"
    assert venue.shown() == before
    assert ledger.live() == ["B"]


def test_second_entry_of_a_live_name_is_refused_without_effect(case: VenueCase) -> None:
    first, second = case.order("B", Side.BUY, 300), case.order("B", Side.BUY, 700)
    assert filled(case, first, second, case.order("S", Side.SELL, 900)) == {"B": 300, "S": 300}


def test_name_of_a_finished_order_is_not_used_again(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY), START_NS)
    ledger.canceled(venue, "B", START_NS)
    assert refusal(venue.enter(case.order("B", Side.BUY), START_NS)).reason == "duplicate_order"


@pytest.mark.parametrize("qty", [0, -100])
def test_quantity_that_is_none_is_refused(case: VenueCase, qty: int) -> None:
    venue = case.make()
    assert refusal(venue.enter(case.order("B", Side.BUY, qty), START_NS)).reason == "quantity_not_positive"
    assert venue.shown() == Touch(0, 0, 0, 0)


@pytest.mark.parametrize("price", [0, -CENT])
def test_limit_order_without_a_price_is_refused(case: VenueCase, price: int) -> None:
    entry = msgspec.structs.replace(case.order("B", Side.BUY), price=price)
    assert refusal(case.make().enter(entry, START_NS)).reason == "price_not_positive"


def test_change_to_nothing_is_refused_and_leaves_the_order(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY, 300), START_NS)
    refusal(ledger.replaced(venue, "B", 0, PX, START_NS))
    assert ledger.accounts["B"].leaves_qty == 300


def test_change_of_limit_is_kept_from_then_on(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY), START_NS)
    told = ledger.replaced(venue, "B", 300, PX - CENT, START_NS)
    assert [(each.exec_type, each.leaves_qty) for each in told] == [(ExecType.REPLACED, 300)]
    ledger.entered(venue, case.order("S", Side.SELL, price=PX), START_NS)
    assert let_meet(case, venue, ledger) == []


def test_nothing_is_taken_after_the_close(case: VenueCase) -> None:
    told = case.make().enter(case.order("B", Side.BUY), CLOSE_NS)
    assert [each.exec_type for each in told] == [ExecType.REJECTED]


def test_what_waits_expires_at_the_close(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    ledger.entered(venue, case.order("B", Side.BUY), START_NS)
    told = venue.advance(CLOSE_NS)
    ledger.book(told, CLOSE_NS)
    assert [each.exec_type for each in told] == [ExecType.EXPIRED]
    refusal(ledger.canceled(venue, "B", CLOSE_NS))


@having("takes_minimum")
def test_match_below_the_minimum_does_not_happen(case: VenueCase) -> None:
    buy = case.order("B", Side.BUY, 500, display_qty=case.hides, min_qty=200)
    assert filled(case, buy, case.order("S", Side.SELL, 100)) == {"B": 0, "S": 0}
    assert filled(case, buy, case.order("S", Side.SELL, 200)) == {"B": 200, "S": 200}


@having("takes_minimum")
def test_last_shares_trade_though_they_are_below_the_minimum(case: VenueCase) -> None:
    """Two matches of one order: the second is all that is left of it."""
    buy = case.order("B", Side.BUY, 300, display_qty=case.hides, min_qty=200)
    sells = (case.order("S", Side.SELL, 200), case.order("T", Side.SELL, 200))
    assert filled(case, buy, *sells)["B"] == 300


@having("ranks_prices")
@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_better_limit_trades_first(case: VenueCase, side: Side) -> None:
    worse, better = (case.order(name, side, price=PX + way * side.sign * CENT) for name, way in (("W", 1), ("B", 2)))
    taker = case.order("T", _other(side))
    assert filled(case, worse, better, taker) == {"W": 0, "B": 300, "T": 300}


@having("ranks_times")
@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_first_come_trades_first(case: VenueCase, side: Side) -> None:
    first, second, taker = case.order("1", side), case.order("2", side), case.order("T", _other(side))
    assert filled(case, first, second, taker) == {"1": 300, "2": 0, "T": 300}


@having("ranks_times")
@pytest.mark.parametrize(("qty", "first"), [(200, "1"), (300, "1"), (400, "2")])
def test_only_less_quantity_keeps_the_place(case: VenueCase, qty: int, first: str) -> None:
    venue, ledger = case.make(), ledger_of(case)
    for name in "12":
        ledger.entered(venue, case.order(name, Side.BUY), START_NS)
    ledger.replaced(venue, "1", qty, case.order("1", Side.BUY).price, START_NS)
    ledger.entered(venue, case.order("T", Side.SELL, 100), START_NS)
    assert [key for key, _, _ in let_meet(case, venue, ledger) if key != "T"] == [first]


@having("prevents_self_match")
def test_own_orders_do_not_trade_with_each_other(case: VenueCase) -> None:
    both = [case.order(name, side, owner="us") for name, side in (("B", Side.BUY), ("S", Side.SELL))]
    assert filled(case, *both) == {"B": 0, "S": 0}


def test_only_a_lit_venue_shows_what_waits(case: VenueCase) -> None:
    venue = case.make()
    venue.enter(case.order("B", Side.BUY, 300, PX), START_NS)
    assert venue.shown() == (Touch(PX, 300, 0, 0) if case.shows else Touch(0, 0, 0, 0))


@having("halts")
def test_halted_venue_matches_nothing_and_lets_orders_go(case: VenueCase) -> None:
    venue, ledger = case.make(), ledger_of(case)
    assert isinstance(venue, Halting)
    for name in "BC":
        ledger.entered(venue, case.order(name, Side.BUY), START_NS)
    ledger.book(venue.halt(START_NS), START_NS)
    ledger.entered(venue, case.order("S", Side.SELL), START_NS)
    assert ledger.traded_qty() == 0
    if "B" in ledger.live():
        assert ledger.canceled(venue, "B", START_NS)[-1].exec_type is ExecType.CANCELED
    ledger.book(venue.resume(START_NS), START_NS)
    assert ledger.accounts["B"].cum_qty == 0


def test_facts_are_dated_and_say_where_they_are_from(case: VenueCase) -> None:
    facts = case.make().facts
    assert date.fromisoformat(facts.effective_from) <= date.fromisoformat(HOURS.date)
    assert facts.source
    assert facts.latency_ns > 0


def test_four_lit_venues_have_facts_of_their_own() -> None:
    """Two pay makers, one pays takers, one is flat; no two are alike in fees, latency or what they take."""
    facts = [case.make().facts for case in CASES if case.shows]
    assert len({(each.make_fee, each.take_fee) for each in facts}) == len(facts) >= 4
    assert len({each.latency_ns for each in facts}) == len(facts)
    assert sum(each.make_fee < 0 for each in facts) >= 2
    assert sum(each.take_fee < 0 for each in facts) >= 1


def _other(side: Side) -> Side:
    return Side.SELL if side is Side.BUY else Side.BUY
