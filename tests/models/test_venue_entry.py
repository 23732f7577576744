"""What a market checks when an order or a cancel of ours arrives: venue, session, quantity, price, terms, cut-off."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import OrdStatus, OrdType, TimeInForce
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.matching.dark_facts import AUCTION_FACTS, BLOCK_POOL_FACTS
from sottovoce.models.matching.lit_facts import LIT_FACTS
from sottovoce.models.venue_entry import cancel_fault, order_fault, same_order
from sottovoce.models.venue_orders import VenueOrder
from tests.models.test_venue_terms import route

SIMA = LIT_FACTS[0]
CLOSE_NS = 390 * NS_PER_MINUTE
SESSION = Session(date="2026-11-20", open_ns=0, close_ns=CLOSE_NS)
CENT = 10_000
NOON = 100 * NS_PER_MINUTE

CLOSING = route(time_in_force=TimeInForce.AT_THE_CLOSE)
OPENING = route(time_in_force=TimeInForce.AT_THE_OPENING)


def fault(order: Route, facts: VenueFacts | None = SIMA, session: Session | None = SESSION, at_ns: int = NOON) -> str:
    """What is said of an order for a cent tick."""
    return order_fault(order, facts, session, CENT, at_ns)


@pytest.mark.parametrize(
    ("order", "facts", "session", "at_ns", "says"),
    [
        (route(venue="XXXX"), None, SESSION, NOON, "unknown venue XXXX"),
        (route(), SIMA, None, NOON, "market closed"),
        (route(qty=0), SIMA, SESSION, NOON, "quantity 0 is not positive"),
        (route(price=0), SIMA, SESSION, NOON, "limit price 0 is not positive"),
        (route(price=CENT + 1), SIMA, SESSION, NOON, "price 10001 is not a multiple of the tick 10000"),
        (route(qty=99), BLOCK_POOL_FACTS, SESSION, NOON, "quantity 99 is below the minimum of 100 at SIMD"),
        (OPENING, SIMA, SESSION, NOON, "takes no at-the-opening orders"),
        (OPENING, AUCTION_FACTS, SESSION, NOON, "too late for the opening auction"),
        (route(), AUCTION_FACTS, SESSION, NOON, "only during a halt"),
        (CLOSING, AUCTION_FACTS, SESSION, CLOSE_NS - 10 * NS_PER_MINUTE + 1, "its cut-off is 10 minutes"),
    ],
)
def test_order_is_refused_in_words(
    order: Route, facts: VenueFacts | None, session: Session | None, at_ns: int, says: str
) -> None:
    assert says in fault(order, facts, session, at_ns)


@pytest.mark.parametrize(
    ("order", "facts"),
    [
        (route(), SIMA),
        (route(ord_type=OrdType.MARKET, price=0), SIMA),
        (route(ord_type=OrdType.PEGGED, price=0), SIMA),
        (route(time_in_force=TimeInForce.FILL_OR_KILL, qty=1), SIMA),
        (route(price=100_005_000), BLOCK_POOL_FACTS),
        (CLOSING, AUCTION_FACTS),
    ],
)
def test_order_is_taken(order: Route, facts: VenueFacts) -> None:
    assert fault(order, facts) == ""


def known(status: OrdStatus, order: Route | None = None) -> VenueOrder:
    """An order at its venue."""
    made = VenueOrder(order or route())
    made.status = status
    return made


def test_cancel_needs_a_live_order_and_an_auction_that_still_changes() -> None:
    assert cancel_fault(None, SIMA, SESSION, NOON) == "unknown order"
    assert cancel_fault(known(OrdStatus.FILLED), SIMA, SESSION, NOON) == "too late to cancel: order is filled"
    assert cancel_fault(known(OrdStatus.NEW), SIMA, SESSION, NOON) == ""
    closing = known(OrdStatus.NEW, CLOSING)
    assert cancel_fault(closing, AUCTION_FACTS, SESSION, NOON) == ""
    assert "closed to changes" in cancel_fault(closing, AUCTION_FACTS, SESSION, CLOSE_NS)
    assert "closed to changes" in cancel_fault(closing, AUCTION_FACTS, None, NOON)


def test_second_delivery_of_the_same_order_is_known() -> None:
    assert same_order(known(OrdStatus.NEW), route())
    assert not same_order(known(OrdStatus.NEW), msgspec.structs.replace(route(), qty=1))
    assert not same_order(known(OrdStatus.PENDING_NEW), route())
    assert not same_order(None, route())
