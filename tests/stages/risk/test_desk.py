"""What operations tells risk: positions, locates, restrictions; and the marking of positions (PT-15 to 17, PO-03)."""

from __future__ import annotations

import pytest

from sottovoce.core.clearance_events import ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.enums import Side
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.limits import Level
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.recovery_events import DayRolled
from sottovoce.core.risk_commands import MarkPositions, RecordLocate, RecordPosition, SetShortSaleTest
from sottovoce.core.risk_events import LocateRecorded, PositionRecorded, PositionsMarked, ScopeLatched
from sottovoce.core.units import NS_PER_HOUR, NS_PER_SECOND
from sottovoce.core.work_events import ParentDone, ParentReturned, TimerSet
from sottovoce.stages.risk.policy import RiskPolicy
from tests.scenarios.small_desk import ACCOUNT, CLOSE_NS, MID, OPEN_NS, RISK, TICK, TRADER
from tests.stages.risk.cases import row
from tests.stages.risk.stage import OPERATIONS, Alone, only

STRICT = RiskPolicy(mark_every_ms=0)


def position(desk: Alone, qty: int, who: str = OPERATIONS, name: str = "ACME") -> object:
    command = RecordPosition(principal=who, account=ACCOUNT, instrument_id=name, qty=qty, source="custodian")
    return desk.say(command)[0]


def locate(
    desk: Alone, qty: int = 300, expires_ns: int = CLOSE_NS, who: str = OPERATIONS, ident: str = "L-1"
) -> object:
    command = RecordLocate(
        principal=who, locate_id=ident, account=ACCOUNT, instrument_id="ACME", qty=qty, expires_ns=expires_ns,
        source="lender",
    )  # fmt: skip
    return desk.say(command)[0]


@pytest.mark.parametrize(("who", "name", "taken"), [(OPERATIONS, "ACME", True), (TRADER, "ACME", False),
                                                    (RISK, "ACME", False), (OPERATIONS, "NONE", False)])  # fmt: skip
def test_only_operations_records_positions_of_known_names(who: str, name: str, taken: bool) -> None:
    assert isinstance(position(Alone(), 100, who, name), PositionRecorded if taken else CommandRefused)


def test_sale_is_marked_from_positions_and_what_is_on_sale() -> None:
    """Long 1,000 with 900 already on sale: the next 200 are short."""
    desk = Alone(policy=STRICT)
    found = only(OrderRejected, desk.enter("A", side=Side.SELL, order_qty=1))
    assert [failed.code for failed in found[0].failures] == ["positions_unknown"]
    position(desk, 1_000)
    assert only(OrderCleared, desk.enter("B", side=Side.SELL, order_qty=900))
    found = only(OrderRejected, desk.enter("C", side=Side.SELL, order_qty=200))
    assert [(failed.code, failed.limit) for failed in found[0].failures] == [("marking_wrong", "sell_short")]
    assert only(OrderCleared, desk.enter("D", side=Side.SELL, order_qty=100))


def short(desk: Alone, parent: str, qty: int, locate_id: str = "L-1") -> list[str]:
    events = desk.enter(parent, side=Side.SELL_SHORT, order_qty=qty, locate_id=locate_id)
    return [failed.code for event in only(OrderRejected, events) for failed in event.failures]


def test_two_orders_share_one_locate_and_no_more_than_it_has() -> None:
    desk = Alone()
    assert isinstance(locate(desk, 300), LocateRecorded)
    assert short(desk, "A", 200) == []
    assert short(desk, "B", 101) == ["locate_used"]
    assert short(desk, "C", 100) == []
    assert short(desk, "D", 1) == ["locate_used"]
    assert desk.state.locates["L-1"].left == 0


def test_what_is_returned_unsold_may_be_located_again() -> None:
    desk = Alone()
    locate(desk, 300)
    short(desk, "A", 300)
    desk.hear(ParentReturned(parent_id="A", ts_ns=desk.now_ns, qty=120, reason="canceled"))
    desk.hear(ParentDone(parent_id="A", ts_ns=desk.now_ns, reason="canceled"))
    assert desk.state.locates["L-1"].left == 120
    assert short(desk, "B", 121) == ["locate_used"]
    assert short(desk, "C", 120) == []
    assert desk.replayed() == desk.state


def test_locate_ends_with_its_session_whatever_it_says() -> None:
    desk = Alone()
    found = locate(desk, 300, CLOSE_NS + 100 * NS_PER_HOUR)
    assert isinstance(found, LocateRecorded)
    assert found.expires_ns == CLOSE_NS
    desk.now_ns = CLOSE_NS
    assert short(desk, "A", 100) == ["locate_expired"]
    desk.hear(DayRolled(parent_id="", ts_ns=CLOSE_NS, date="2018-02-12"))
    assert desk.state.locates == {}


@pytest.mark.parametrize(
    ("qty", "expires_ns", "who"), [(0, CLOSE_NS, OPERATIONS), (100, OPEN_NS, OPERATIONS), (100, CLOSE_NS, TRADER)]
)
def test_locate_that_is_none(qty: int, expires_ns: int, who: str) -> None:
    assert isinstance(locate(Alone(), qty, expires_ns, who), CommandRefused)


def test_locate_is_recorded_once() -> None:
    desk = Alone()
    locate(desk)
    assert isinstance(locate(desk), CommandRefused)


def test_flag_that_arrives_while_a_short_order_works() -> None:
    """PT-17: the next child at the bid stays in, above it leaves."""
    desk = Alone()
    locate(desk, 300)
    short(desk, "A", 300)
    desk.say(SetShortSaleTest(principal=OPERATIONS, instrument_id="ACME", until_ns=CLOSE_NS, source="listing market"))
    stopped = only(ChildRejected, desk.release("A", 1, 100, MID - TICK))
    assert [failed.code for failed in stopped[0].failures] == ["short_price_test"]
    assert only(ChildRejected, desk.release("A", 2, 100, MID)) == []


def test_our_own_look_at_the_last_sale_restricts_for_the_next_session_too() -> None:
    """PT-17: a fall of a tenth seen once holds after the price has come back."""
    desk = Alone()
    locate(desk, 300)
    short(desk, "A", 300)
    desk.mid = 45 * 1_000_000
    desk.release("A", 1, 100, desk.mid + 2 * TICK)
    desk.mid = MID
    (next_close_ns,) = desk.state.short_tests.values()
    assert next_close_ns == CLOSE_NS + 24 * NS_PER_HOUR
    stopped = only(ChildRejected, desk.release("A", 2, 100, MID - TICK))
    assert [failed.code for failed in stopped[0].failures] == ["short_price_test"]
    assert desk.replayed() == desk.state


# marks ----------------------------------------------------------------------------------------------------

EVERY_SECOND = RiskPolicy(positions_required=False, mark_every_ms=1_000)


def test_marking_goes_on_while_something_is_open_or_held() -> None:
    desk = Alone(policy=EVERY_SECOND)
    timers = only(TimerSet, desk.enter("A"))
    assert [timer.at_ns - desk.now_ns for timer in timers] == [NS_PER_SECOND]
    assert only(TimerSet, desk.enter("B")) == [], "one timer is enough"
    desk.now_ns += NS_PER_SECOND
    events = desk.say(MarkPositions(number=1))
    assert [event.number for event in only(PositionsMarked, events)] == [2]
    assert desk.say(MarkPositions(number=1)) == [], "an old timer says nothing"
    for parent in ("A", "B"):
        desk.hear(ParentReturned(parent_id=parent, ts_ns=desk.now_ns, qty=100, reason="canceled"))
        desk.hear(ParentDone(parent_id=parent, ts_ns=desk.now_ns, reason="canceled"))
    assert only(TimerSet, desk.say(MarkPositions(number=2))) == []
    assert only(TimerSet, desk.enter("C")), "and begins again with the next order"


def test_move_of_the_market_latches_the_loss_without_any_order() -> None:
    desk = Alone(row(Level.ACCOUNT, ACCOUNT, "loss", 1_000), policy=EVERY_SECOND)
    position(desk, 1_000)
    desk.enter("A", side=Side.SELL, order_qty=100)
    desk.now_ns, desk.mid = desk.now_ns + NS_PER_SECOND, MID - 999_000
    assert only(ScopeLatched, desk.say(MarkPositions(number=1))) == []
    desk.now_ns, desk.mid = desk.now_ns + NS_PER_SECOND, MID - 1_000_000
    latches = only(ScopeLatched, desk.say(MarkPositions(number=2)))
    assert [latch.scope for latch in latches] == [f"account:{ACCOUNT}"]
    assert latches[0].failure.limit_id == f"account.{ACCOUNT}.loss"
    desk.now_ns += NS_PER_SECOND
    assert only(ScopeLatched, desk.say(MarkPositions(number=3))) == [], "once"


def test_move_of_the_market_past_a_gross_limit_pauses_increases_only() -> None:
    """PT-13: long 1,000 and buying, against 60,000; at 58 both together are past it."""
    desk = Alone(row(Level.ACCOUNT, ACCOUNT, "gross", 60_000), policy=EVERY_SECOND)
    position(desk, 1_000)
    desk.enter("B", order_qty=50, limit_px=MID)
    desk.enter("S", side=Side.SELL, order_qty=50, limit_px=MID)
    desk.now_ns, desk.mid = desk.now_ns + NS_PER_SECOND, MID + 8_000_000
    paused = only(ParentPaused, desk.say(MarkPositions(number=1)))
    assert [event.parent_id for event in paused] == ["B"]


def test_marks_are_those_of_a_plain_recount() -> None:
    """PO-03: profit of the account against quantity times price, added up by hand."""
    desk = Alone(policy=EVERY_SECOND)
    position(desk, 1_000)
    position(desk, -400, name="BETA")
    desk.enter("A")
    for second in range(1, 6):
        desk.now_ns, desk.mid = OPEN_NS + second * NS_PER_SECOND, MID + second * 70_000
        desk.say(MarkPositions(number=second))
        totals = desk.state.exposure.totals[f"account:{ACCOUNT}"]
        assert totals.profit == 600 * (desk.mid - MID)
        assert totals.position == 600 * desk.mid


def test_a_new_day_has_lost_nothing_yet() -> None:
    desk = Alone(policy=EVERY_SECOND)
    position(desk, 1_000)
    desk.state.exposure.mark("ACME", MID // 2, desk.now_ns + 1)
    assert desk.state.exposure.totals[""].profit < 0
    desk.hear(DayRolled(parent_id="", ts_ns=desk.now_ns + 2, date="2018-02-12"))
    assert desk.state.exposure.totals[""].profit == 0
