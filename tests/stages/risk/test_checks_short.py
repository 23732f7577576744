"""Marks from what is held, locates of the day, and the price test (PT-15, PT-16, PT-17)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Side
from sottovoce.core.limits import ListName
from sottovoce.stages.risk import checks_short
from sottovoce.stages.risk.policy import SIMULATION_POLICY
from sottovoce.stages.risk.state import Locate, RiskState
from tests.scenarios.small_desk import ACCOUNT, ACME, MID, OPEN_NS, TICK, market_state
from tests.stages.risk.cases import child, entry, holder, holding, make, order, told

SHORT = order(side=Side.SELL_SHORT)


def selling(held: int, on_sale: int) -> RiskState:
    """Long so many, of which so many are on sale already."""
    state = holding(held)
    state.exposure.reserve("Q", holder(), -1, on_sale, MID)
    return state


@pytest.mark.parametrize(
    ("held", "on_sale", "qty", "right"),
    [
        (1_000, 900, 100, Side.SELL),
        (1_000, 900, 200, Side.SELL_SHORT),
        (1_000, 1_000, 1, Side.SELL_SHORT),
        (0, 0, 1, Side.SELL_SHORT),
        (-500, 0, 1, Side.SELL_SHORT),
        (1_000, 0, 1_000, Side.SELL),
    ],
)
def test_mark_follows_what_is_held_and_not_on_sale(held: int, on_sale: int, qty: int, right: Side) -> None:
    for mark in (Side.SELL, Side.SELL_SHORT):
        case = make(of=order(side=mark, order_qty=qty), state=selling(held, on_sale))
        assert told(checks_short.marking, case) == ([] if mark is right else ["marking_wrong"])


def test_unknown_positions_stop_a_sale_unless_the_clients_word_is_taken() -> None:
    assert told(checks_short.marking, make(of=order(side=Side.SELL))) == ["positions_unknown"]
    assert told(checks_short.marking, make(of=order(side=Side.SELL), policy=SIMULATION_POLICY)) == []
    assert told(checks_short.marking, make(of=order(side=Side.BUY))) == []


def located(left: int = 100, expires_ns: int = OPEN_NS + 1, account: str = ACCOUNT, name: str = "ACME") -> RiskState:
    locate = Locate(account=account, instrument_id=name, qty=100, left=left, expires_ns=expires_ns)
    return RiskState(locates={"L-1": locate})


@pytest.mark.parametrize(
    ("locate_id", "state", "found"),
    [
        (None, located(), ["locate_missing"]),
        ("L-2", located(), ["locate_unknown"]),
        ("L-1", located(account="FUND-B"), ["locate_unknown"]),
        ("L-1", located(name="BETA"), ["locate_unknown"]),
        ("L-1", located(left=99), ["locate_used"]),
        ("L-1", located(expires_ns=OPEN_NS), ["locate_expired"]),
        ("L-1", located(), []),
    ],
)
def test_short_sale_needs_a_locate_of_its_own(locate_id: str | None, state: RiskState, found: list[str]) -> None:
    case = make(of=msgspec.structs.replace(SHORT, locate_id=locate_id), state=state)
    assert told(checks_short.locate, case) == found


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        ((entry(ListName.EASY_TO_BORROW, "ACME"),), []),
        ((entry(ListName.EASY_TO_BORROW, "ACME"), entry(ListName.HARD_TO_BORROW, "ACME")), ["locate_missing"]),
        ((entry(ListName.EASY_TO_BORROW, "BETA"),), ["locate_missing"]),
    ],
)
def test_easy_to_borrow_is_reasonable_grounds_and_hard_is_not(lists: tuple[object, ...], found: list[str]) -> None:
    assert told(checks_short.locate, make(of=SHORT, lists=lists)) == found  # type: ignore[arg-type]


def test_long_sale_needs_no_locate() -> None:
    assert told(checks_short.locate, make(of=order(side=Side.SELL))) == []


BID = MID - TICK


@pytest.mark.parametrize(("px", "found"), [(BID, ["short_price_test"]), (BID - 1, ["short_price_test"]), (BID + 1, [])])
@pytest.mark.parametrize("why", ["flag", "fall"])
def test_restricted_short_sale_is_above_the_bid(px: int, found: list[str], why: str) -> None:
    """By the market's flag, or by our own look at the last sale: 45 dollars against a close of 50."""
    flagged = RiskState(short_tests={"ACME": OPEN_NS + 1} if why == "flag" else {})
    fallen = msgspec.structs.replace(market_state(), last_px=45_000_000 if why == "fall" else MID)
    piece = child(limit_px=px, side=Side.SELL_SHORT)
    assert told(checks_short.price_test, make(of=SHORT, one=piece, state=flagged, market=fallen)) == found


def test_price_test_ends_and_is_for_short_sales_only() -> None:
    piece, over = child(limit_px=BID, side=Side.SELL_SHORT), RiskState(short_tests={"ACME": OPEN_NS})
    assert told(checks_short.price_test, make(of=SHORT, one=piece, state=over)) == []
    on = RiskState(short_tests={"ACME": OPEN_NS + 1})
    long = make(of=order(side=Side.SELL), one=child(limit_px=BID, side=Side.SELL), state=on)
    assert told(checks_short.price_test, long) == []


@pytest.mark.parametrize(("last_px", "fallen"), [(45_000_001, False), (45_000_000, True)])
def test_a_fall_of_a_tenth_is_a_fall(last_px: int, fallen: bool) -> None:
    assert checks_short.fallen(make(market=msgspec.structs.replace(market_state(), last_px=last_px))) is fallen


def test_name_without_a_close_counts_as_restricted() -> None:
    for px, found in ((BID, ["short_price_test"]), (BID + 1, [])):
        piece = child(limit_px=px, side=Side.SELL_SHORT)
        case = make(of=SHORT, one=piece, name=msgspec.structs.replace(ACME, close=None))
        assert told(checks_short.price_test, case) == found
