"""What the desk may choose: a short sale priced above the bid, own resting orders pulled; and flags that differ."""

from __future__ import annotations

import pytest

from sottovoce.core.alert_table import alert_of
from sottovoce.core.clearance_events import ChildApproved, ChildRejected
from sottovoce.core.enums import Side, Tactic, TimeInForce
from sottovoce.core.risk_commands import RecordLocate, SetShortSaleTest
from sottovoce.core.risk_events import ShortSaleTestSet
from sottovoce.core.work_events import ChildCancelRequested
from sottovoce.stages.risk.policy import RiskPolicy, SelfMatch
from sottovoce.stages.risk.repricing import repriced
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import ACCOUNT, CLOSE_NS, MID, OPEN_NS, TICK
from tests.stages.risk.cases import child, make, order
from tests.stages.risk.stage import OPERATIONS, Alone, only

BID = MID - TICK
QUIET = {"positions_required": False, "mark_every_ms": 0}
REPRICES = RiskPolicy(**QUIET, short_reprice=True)  # type: ignore[arg-type]
PULLS = RiskPolicy(**QUIET, self_match=SelfMatch.CANCEL_RESTING, owners={"FUND-B": ACCOUNT})  # type: ignore[arg-type]
KEEPS = RiskPolicy(**QUIET, owners={"FUND-B": ACCOUNT})  # type: ignore[arg-type]


# PT-17 -------------------------------------------------------------------------------------------------------


def short_desk(policy: RiskPolicy) -> Alone:
    """A short sale at work in a name that becomes restricted."""
    desk = Alone(policy=policy)
    desk.say(RecordLocate(principal=OPERATIONS, locate_id="L-1", account=ACCOUNT, instrument_id="ACME", qty=300,
                          expires_ns=CLOSE_NS, source="lender"))  # fmt: skip
    desk.enter("A", side=Side.SELL_SHORT, order_qty=300, locate_id="L-1")
    desk.say(SetShortSaleTest(principal=OPERATIONS, instrument_id="ACME", until_ns=CLOSE_NS, source="listing market"))
    return desk


@pytest.mark.parametrize("px", [BID, BID - 5 * TICK])
def test_short_sale_that_would_hit_the_bid_rests_a_tick_above_it(px: int) -> None:
    desk = short_desk(REPRICES)
    (approved,) = only(ChildApproved, desk.release("A", 1, 100, px))
    piece = approved.child
    assert (piece.limit_px, piece.tactic, piece.time_in_force) == (BID + TICK, Tactic.PASSIVE, TimeInForce.DAY)
    assert "short_repriced" in [noted.code for noted in approved.warnings]


def test_short_sale_above_the_bid_keeps_its_price() -> None:
    (approved,) = only(ChildApproved, short_desk(REPRICES).release("A", 1, 100, BID + TICK))
    assert approved.child.limit_px == BID + TICK
    assert approved.warnings == ()


def test_without_the_policy_it_is_rejected() -> None:
    (stopped,) = only(ChildRejected, short_desk(RiskPolicy(**QUIET)).release("A", 1, 100, BID))  # type: ignore[arg-type]
    assert [failed.code for failed in stopped.failures] == ["short_price_test"]


def test_new_price_is_judged_like_any_other() -> None:
    """No locate covers more, whatever the price."""
    (stopped,) = only(ChildRejected, short_desk(REPRICES).release("A", 1, 400, BID))
    assert "not_reserved" in [failed.code for failed in stopped.failures]


def test_closing_auction_and_long_sales_are_not_repriced() -> None:
    restricted = RiskState(short_tests={"ACME": OPEN_NS + 1})
    auction = child(limit_px=BID, side=Side.SELL_SHORT, tactic=Tactic.AUCTION)
    assert repriced(make(of=order(side=Side.SELL_SHORT), one=auction, state=restricted, policy=REPRICES)) is None
    long = child(limit_px=BID, side=Side.SELL)
    assert repriced(make(of=order(side=Side.SELL), one=long, state=restricted, policy=REPRICES)) is None


def test_flag_without_a_fall_we_see_is_told_of_and_holds() -> None:
    desk = short_desk(RiskPolicy(**QUIET))  # type: ignore[arg-type]
    (flag,) = only(ShortSaleTestSet, desk.history)
    alert = alert_of(flag)
    assert alert is not None
    assert alert.code == "short_test_differs"
    assert desk.state.short_tests["ACME"] == CLOSE_NS


def test_flag_and_fall_together_are_no_difference() -> None:
    desk = Alone()
    desk.mid = 45_000_000  # a tenth below the close
    desk.say(SetShortSaleTest(principal=OPERATIONS, instrument_id="ACME", until_ns=CLOSE_NS, source="listing market"))
    (flag,) = only(ShortSaleTestSet, desk.history)
    assert flag.disagrees == ""
    assert alert_of(flag) is None


def test_fall_we_see_without_a_flag_is_told_of_and_holds() -> None:
    desk = Alone()
    desk.say(RecordLocate(principal=OPERATIONS, locate_id="L-1", account=ACCOUNT, instrument_id="ACME", qty=300,
                          expires_ns=CLOSE_NS, source="lender"))  # fmt: skip
    desk.enter("A", side=Side.SELL_SHORT, order_qty=300, locate_id="L-1")
    desk.mid = 45_000_000
    events = desk.release("A", 1, 100, desk.mid)
    (own,) = only(ShortSaleTestSet, events)
    assert own.source == "own"
    assert alert_of(own) is not None


# PT-22 -------------------------------------------------------------------------------------------------------


def crossing(policy: RiskPolicy, buy_px: int = MID, sell_px: int = MID) -> tuple[Alone, list[object]]:
    """A buy rests; a sale of the same owner comes along. What is decided then."""
    desk = Alone(policy=policy)
    desk.enter("B", order_qty=200)
    desk.enter("S", order_qty=100, side=Side.SELL, account="FUND-B")
    desk.release("B", 1, 100, buy_px)
    desk.release("B", 2, 100, MID - 10 * TICK)
    return desk, list(desk.release("S", 1, 100, sell_px))


def test_resting_order_is_pulled_and_the_newer_waits_for_it_to_be_gone() -> None:
    _, events = crossing(PULLS)
    pulled = [event for event in events if isinstance(event, ChildCancelRequested)]
    assert [(event.parent_id, event.child_id) for event in pulled] == [("B", "B.1")], "and not the one far below"
    assert [event for event in events if isinstance(event, ChildRejected)]
    assert not [event for event in events if isinstance(event, ChildApproved)]


def test_a_tick_apart_they_do_not_meet_and_nothing_is_pulled() -> None:
    _, events = crossing(PULLS, buy_px=MID, sell_px=MID + TICK)
    assert [type(event) for event in events] == [ChildApproved]


def test_by_default_only_the_newer_is_stopped() -> None:
    assert RiskPolicy().self_match is SelfMatch.CANCEL_INCOMING
    _, events = crossing(KEEPS)
    assert [type(event) for event in events] == [ChildRejected]


def test_other_owners_orders_are_not_pulled() -> None:
    _, events = crossing(RiskPolicy(**QUIET, self_match=SelfMatch.CANCEL_RESTING))  # type: ignore[arg-type]
    assert [type(event) for event in events] == [ChildApproved]
