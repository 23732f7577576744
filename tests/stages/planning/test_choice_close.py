"""When the closing auction is among the ways of an order, and what of it counts as done there."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.choices import Benchmark
from sottovoce.core.enums import Strategy
from sottovoce.core.units import NS_PER_MINUTE
from tests.stages.planning import desk
from tests.stages.planning.choices import FREE, chosen, named, planned, priced
from tests.stages.planning.desk import AAPL, CLOSE_NS, fact


@pytest.mark.parametrize(("qty", "compared"), [(271_000, True), (273_000, False), (6_000_000, False)])
def test_the_close_is_chosen_freely_only_where_the_auction_has_room(qty: int, compared: bool) -> None:
    """15 of 85 parts of 3.66 % of 42,138,739 are 272,170 shares: a rate of 15 %, ours counted with it.

    An order of four times the auction was sent there, for being the only way sure to finish.
    """
    choice = chosen(desk.order(qty=qty))
    assert ("CLOSE" in [each.name for each in choice.candidates]) == compared
    assert choice.chosen != "CLOSE"


def test_an_order_that_names_the_close_is_costed_there_whatever_its_size() -> None:
    asked = desk.order(qty=6_000_000, strategy=Strategy.CLOSE)
    assert (chosen(asked).chosen, planned(asked).close_qty) == ("CLOSE", 6_000_000)


@pytest.mark.parametrize(("most", "sent", "done"), [(50_000, 81_100, 0.0), (900_000, 1_000_000, 1.0)])
def test_what_a_maximum_keeps_out_of_the_auction_is_not_called_done(most: int, sent: int, done: float) -> None:
    """5 of 95 parts of the auction are 81,171 shares; the plan said all of a million would be done."""
    plan = planned(desk.order(qty=1_000_000, strategy=Strategy.CLOSE, max_participation_ppm=most))
    assert plan.choice is not None
    close = named(plan.choice, "CLOSE").completion_probability
    assert (plan.close_qty, plan.completion_probability, close) == (sent, done, done)
    assert any("expected to be returned" in flag for flag in plan.flags) == (sent < 1_000_000)


def test_a_maximum_of_all_of_the_auction_is_none() -> None:
    plan = planned(desk.order(qty=1_000_000, strategy=Strategy.CLOSE, max_participation_ppm=1_000_000))
    assert (plan.close_qty, plan.completion_probability) == (1_000_000, 1.0)


def test_an_order_that_stops_before_the_close_has_no_close_candidate() -> None:
    early = msgspec.structs.replace(FREE, end_ns=CLOSE_NS - NS_PER_MINUTE)
    assert "CLOSE" not in [each.name for each in chosen(early).candidates]


def test_the_volume_that_leaves_the_auction_too_small_changes_a_choice_of_the_close() -> None:
    """272,170 shares have room at 42,138,739 a day, so 200,000 at 31.0 million and no fewer."""
    config = priced(5.0, benchmark=Benchmark.CLOSE)
    order = desk.order(qty=200_000)
    (flip,) = (each for each in chosen(order, config=config).flips if each.figure == "volume")
    assert (chosen(order, config=config).chosen, flip.at) == ("CLOSE", 31_000_000)
    quieter = chosen(order, msgspec.structs.replace(AAPL, adv=fact(0.85 * flip.at)), config)
    assert quieter.chosen == flip.becomes == "VWAP"
