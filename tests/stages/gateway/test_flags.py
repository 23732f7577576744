"""Compliance flags over every profile a venue could have: each flag asked for and absent is one failure, no other."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Capacity, Side
from sottovoce.core.order_events import OrderAccepted
from sottovoce.stages.gateway.business import BUSINESS_CHECKS
from sottovoce.stages.gateway.checking import BUSINESS, run_checks
from sottovoce.stages.gateway.config import EUROPE, Flag, GatewayConfig, VenueProfile, profiles_of
from sottovoce.stages.gateway.syntax import check_syntax
from tests.scenarios.small_desk import ACME, new_order
from tests.stages.gateway.subjects import business
from tests.stages.gateway.test_gateway import Door

GIVEN = {
    Flag.CAPACITY: Capacity.AGENCY,
    Flag.CLIENT_ID: "LEI-1",
    Flag.INVESTMENT_DECISION: "PM-7",
    Flag.EXECUTION_DECISION: "ALGO.3",
    Flag.ALGO_ID: "A-1",
}
FLAGS = st.frozensets(st.sampled_from(list(Flag)))


def flagged(flags: frozenset[Flag], **changes: object) -> NewOrder:
    return new_order(**{flag.value: GIVEN[flag] for flag in Flag if flag in flags and flag in GIVEN}, **changes)


def missing(order: NewOrder, config: GatewayConfig, mic: str | None = "XTST", country: str = "XX") -> list[str]:
    listed = msgspec.structs.replace(ACME, mic=mic, country=country)
    found = run_checks(BUSINESS, BUSINESS_CHECKS, business(order, listed, config=config))
    assert {failed.code for failed in found} <= {"flag_missing"}
    return [failed.value for failed in found]


@given(required=FLAGS, given_flags=FLAGS, side=st.sampled_from(list(Side)))
def test_each_flag_a_venue_asks_for_is_there_or_named(
    required: frozenset[Flag], given_flags: frozenset[Flag], side: Side
) -> None:
    asked = tuple(flag for flag in Flag if flag in required)
    config = GatewayConfig(profiles=(VenueProfile(name="T", mics=("XTST",), required=asked),))
    order = flagged(given_flags, side=side)
    expected = [flag.value for flag in asked if flag not in given_flags and flag is not Flag.SHORT_FLAG]
    assert missing(order, config) == expected
    assert missing(order, config, mic="XOTH") == []
    assert check_syntax(order) == []


@pytest.mark.parametrize(("mic", "country"), [("XPAR", "FR"), (None, "DE"), ("XETR", "DE")])
def test_european_listings_ask_for_every_flag(mic: str | None, country: str) -> None:
    assert missing(new_order(), GatewayConfig(), mic, country) == [flag.value for flag in Flag if flag in GIVEN]
    assert missing(flagged(frozenset(Flag)), GatewayConfig(), mic, country) == []


def test_mic_decides_before_the_country() -> None:
    assert profiles_of((EUROPE,), "XNYS", "FR") == ()
    assert profiles_of((EUROPE,), None, "FR") == (EUROPE,)


def test_house_may_ask_for_flags_whatever_the_venue() -> None:
    assert missing(new_order(), GatewayConfig(house_flags=(Flag.CAPACITY,)), "XNYS", "US") == ["capacity"]


@pytest.mark.parametrize("flag", [flag for flag in GIVEN if flag is not Flag.CAPACITY])
@pytest.mark.parametrize("bad", ["", "a b", "x" * 65, "ä", "a\u200b", "a\ud800"])
def test_flag_that_is_no_identifier_is_malformed(flag: Flag, bad: str) -> None:
    (failed,) = check_syntax(new_order(**{flag.value: bad}))
    assert (failed.code, failed.control) == ("bad_flag", "PT-21")


def test_flags_travel_with_the_order() -> None:
    event = Door().take(flagged(frozenset(Flag), locate_id="L-1"))
    assert isinstance(event, OrderAccepted), event
    order = event.order
    assert (order.capacity, order.client_id, order.investment_decision) == ("agency", "LEI-1", "PM-7")
    assert (order.execution_decision, order.algo_id, order.locate_id) == ("ALGO.3", "A-1", "L-1")
