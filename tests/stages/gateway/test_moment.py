"""The third stage, check by check: what only the market and the session of now can say."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import TimeInForce, VenueKind
from sottovoce.core.market import Quote, Unusable
from sottovoce.stages.gateway.checking import STATE, run_checks
from sottovoce.stages.gateway.moment import STATE_CHECKS, Moment
from sottovoce.stages.gateway.written import QTY_MAX
from tests.scenarios.small_desk import CLOSE_NS, MID, OPEN_NS, VENUES, new_order
from tests.stages.gateway.subjects import SOUND, moment

MINUTE_NS = 60_000_000_000


def codes(subject: Moment) -> list[str]:
    return [failed.code for failed in run_checks(STATE, STATE_CHECKS, subject)]


@pytest.mark.parametrize(
    "code",
    ["no_market_data", "market_closed", "market_halted", "one_sided_quote", "crossed_quote", "stale_quote", "feed_gap",
     "implausible_quote"],
)  # fmt: skip
def test_reason_not_to_use_a_price_is_the_refusal(code: str) -> None:
    assert codes(moment(quote=Unusable(code=code, detail="why"))) == [code]


@pytest.mark.parametrize(("end_ns", "found"), [(OPEN_NS, ["horizon_past"]), (OPEN_NS + 1, [])])
def test_some_of_the_horizon_is_to_come(end_ns: int, found: list[str]) -> None:
    assert codes(moment(end_ns=end_ns)) == found


@pytest.mark.parametrize(
    ("qty", "found"),
    [(0, ["notional_below_one_share"]), (1, []), (QTY_MAX, []), (QTY_MAX + 1, ["value_out_of_range"])],
)  # fmt: skip
def test_size_is_a_share_or_more_and_can_be_counted(qty: int, found: list[str]) -> None:
    assert codes(moment(qty=qty)) == found


def test_largest_value_is_what_64_bits_hold() -> None:
    """In cents: a share of 100,000,000 dollars, of which there are 922 million in 64 bits."""
    dear = msgspec.structs.replace(SOUND, ask=10**14)
    most = ((1 << 63) - 1) // 10**10
    assert codes(moment(qty=most, quote=dear)) == []
    assert codes(moment(qty=most + 1, quote=dear)) == ["value_out_of_range"]


@pytest.mark.parametrize(
    ("notional", "found"),
    [("500000", []), ("625000", []), ("400000", []), ("626000", ["intent_disagrees"]), ("399000", ["intent_disagrees"]),
     ("10000", ["intent_disagrees"])],
)  # fmt: skip
def test_quantity_and_notional_given_together_agree(notional: str, found: list[str]) -> None:
    """10,000 shares at 50 are 500,000: a value typed in the units field is caught."""
    assert codes(moment(new_order(notional=notional))) == found


def test_value_typed_as_a_quantity_is_caught() -> None:
    (failed,) = run_checks(STATE, STATE_CHECKS, moment(new_order(order_qty=500_000, notional="500000")))
    assert (failed.code, failed.control) == ("intent_disagrees", "PT-25")
    assert failed.value == "500000 shares are 50 times 500000"


def test_closing_order_comes_before_its_auction_stops_taking_them() -> None:
    late = tuple(
        msgspec.structs.replace(facts, cutoff_ns=10 * MINUTE_NS) if facts.kind is VenueKind.AUCTION else facts
        for facts in VENUES
    )
    closing = new_order(time_in_force=TimeInForce.AT_THE_CLOSE)
    for before_ns, found in ((10 * MINUTE_NS + 1, []), (10 * MINUTE_NS, ["closing_cutoff"])):
        at_ns = CLOSE_NS - before_ns
        assert codes(moment(closing, venues=late, ts_ns=at_ns, start_ns=at_ns)) == found
        assert codes(moment(new_order(), venues=late, ts_ns=at_ns, start_ns=at_ns)) == []


def test_value_is_of_the_mid_in_whole_currency() -> None:
    assert moment(qty=3).value == 3 * MID // 1_000_000
    assert moment(quote=Unusable(code="stale_quote", detail="")).value == 0
    assert isinstance(SOUND, Quote)
