"""Orders a venue takes and orders it refuses, by its facts: each refusal names the venue and the reason."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import OrdType, Peg, Side, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.models.matching.dark_facts import AUCTION_FACTS, BLOCK_POOL_FACTS
from sottovoce.models.matching.lit_facts import LIT_FACTS
from sottovoce.models.venue_terms import may_rest, terms_fault

SIMA, SIMB, SIMC, _ = LIT_FACTS
LOTS = msgspec.structs.replace(SIMA, takes=OrderTerms(lot=100))

IOC = TimeInForce.IMMEDIATE_OR_CANCEL
FOK = TimeInForce.FILL_OR_KILL
OPENING = TimeInForce.AT_THE_OPENING
CLOSING = TimeInForce.AT_THE_CLOSE


def unsaid(kind: VenueKind) -> VenueFacts:
    """A venue whose facts do not say what it takes."""
    return msgspec.structs.replace(SIMA, venue="XNEW", kind=kind, takes=None)


def route(**change: object) -> Route:
    """A day limit order, with changes."""
    plain = Route(
        cl_ord_id="C",
        route_id="R",
        child_id="CH",
        parent_id="P",
        venue="SIMA",
        instrument_id="SMALL",
        side=Side.BUY,
        qty=300,
        ord_type=OrdType.LIMIT,
        price=100_000_000,
        time_in_force=TimeInForce.DAY,
        min_qty=0,
        sent_ns=0,
    )
    return msgspec.structs.replace(plain, **change)


MARKET = {"ord_type": OrdType.MARKET, "price": 0}
MID = {"ord_type": OrdType.PEGGED, "price": 0, "peg": Peg.MID}
PRIMARY = {"ord_type": OrdType.PEGGED, "price": 0, "peg": Peg.PRIMARY}

REFUSED = [
    (SIMA, {"time_in_force": OPENING}, "SIMA takes no at-the-opening orders: send them to the opening auction"),
    (SIMA, {"time_in_force": CLOSING}, "SIMA takes no at-the-close orders: send them to the closing auction"),
    (unsaid(VenueKind.LIT), {"time_in_force": FOK}, "XNEW takes no fill-or-kill orders"),
    (unsaid(VenueKind.DARK), {"time_in_force": FOK}, "XNEW takes no fill-or-kill orders"),
    (unsaid(VenueKind.AUCTION), {}, "XNEW takes at-the-close orders only"),
    (unsaid(VenueKind.AUCTION), {"time_in_force": OPENING}, "XNEW takes at-the-close orders only"),
    (AUCTION_FACTS, {"time_in_force": IOC}, "SIMX takes no immediate-or-cancel orders"),
    (AUCTION_FACTS, {"time_in_force": CLOSING, **MID}, "SIMX takes no pegged orders"),
    (SIMB, MID, "SIMB takes no pegged orders"),
    (SIMC, {**MID, "peg": Peg.MARKET}, "SIMC takes no orders pegged to the far side"),
    (BLOCK_POOL_FACTS, PRIMARY, "SIMD takes no orders pegged to the near side"),
    (unsaid(VenueKind.LIT), {"post_only": True}, "XNEW takes no post-only orders"),
    (BLOCK_POOL_FACTS, {"post_only": True}, "SIMD takes no post-only orders"),
    (SIMA, {"post_only": True, "time_in_force": IOC}, "must be one that may rest"),
    (SIMA, {"post_only": True, **MARKET}, "must be one that may rest"),
    (SIMA, {"display_qty": 301}, "display quantity 301 is not between 0 and the order's 300"),
    (SIMA, {"display_qty": -1}, "display quantity -1 is not between 0"),
    (unsaid(VenueKind.LIT), {"display_qty": 0}, "XNEW takes no hidden or reserve orders: display all of it"),
    (SIMC, {"display_qty": 100}, "SIMC takes no reserve orders: display all of it"),
    (BLOCK_POOL_FACTS, {"display_qty": 100}, "SIMD displays nothing"),
    (SIMA, {"display_qty": 100, "time_in_force": IOC}, "has nothing to hide"),
    (SIMA, {"display_qty": 100, **MID}, "an order pegged to the mid is never shown"),
    (unsaid(VenueKind.LIT), {"min_qty": 100, "time_in_force": IOC}, "XNEW takes no minimum quantity"),
    (SIMA, {"min_qty": 100}, "SIMA takes a minimum quantity only with orders that do not rest, or are hidden"),
    (SIMA, {"min_qty": 100, "time_in_force": FOK}, "trades whole"),
    (LOTS, {"qty": 250}, "quantity 250 is not a multiple of the 100 that SIMA trades in"),
]

TAKEN = [
    (SIMA, {}),
    (SIMA, MARKET),
    (SIMA, {"time_in_force": FOK}),
    (SIMA, {"post_only": True}),
    (SIMA, {"display_qty": 0, "min_qty": 100}),
    (SIMA, {"display_qty": 100}),
    (SIMA, {"display_qty": 300}),
    (SIMA, {**PRIMARY, "display_qty": 100}),
    (SIMA, {**MID, "min_qty": 200}),
    (SIMA, {"min_qty": 200, "time_in_force": IOC}),
    (SIMC, {**PRIMARY, "post_only": True}),
    (unsaid(VenueKind.LIT), {"time_in_force": IOC, "min_qty": 1}),
    (unsaid(VenueKind.LIT), {"display_qty": 300}),
    (unsaid(VenueKind.DARK), {**MID, "min_qty": 100}),
    (unsaid(VenueKind.AUCTION), {"time_in_force": CLOSING, **MARKET}),
    (BLOCK_POOL_FACTS, {"time_in_force": FOK, "display_qty": 0}),
    (AUCTION_FACTS, {"time_in_force": OPENING, "post_only": True}),
]


@pytest.mark.parametrize(("facts", "change", "says"), REFUSED)
def test_order_is_refused_in_words(facts: VenueFacts, change: dict[str, object], says: str) -> None:
    assert says in terms_fault(route(**change), facts)


@pytest.mark.parametrize(("facts", "change"), TAKEN)
def test_order_is_taken_as_it_is(facts: VenueFacts, change: dict[str, object]) -> None:
    assert terms_fault(route(**change), facts) == ""


def test_only_what_is_for_now_does_not_rest() -> None:
    assert may_rest(route())
    assert may_rest(route(**MID))
    assert may_rest(route(time_in_force=CLOSING))
    assert not may_rest(route(time_in_force=IOC))
    assert not may_rest(route(time_in_force=FOK))
    assert not may_rest(route(**MARKET))
