"""What a stopped child leads to: latches, pauses, alerts; and that only the right person ends them."""

from __future__ import annotations

import pytest

from sottovoce.core.clearance_events import ChildApproved, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.enums import Side
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.limit_events import ListChanged
from sottovoce.core.limits import Level, ListName
from sottovoce.core.order_events import CommandRefused, ResumeAccepted
from sottovoce.core.risk_commands import ReenableScope
from sottovoce.core.risk_events import ConductAlert, ScopeLatched, ScopeReenabled
from sottovoce.core.units import NS_PER_MILLISECOND, NS_PER_SECOND
from sottovoce.stages.risk.policy import RiskPolicy
from tests.scenarios.small_desk import ACCOUNT, MID, OPEN_NS, RISK, TRADER, WIDE_LIMITS
from tests.stages.risk.cases import entry, row
from tests.stages.risk.routes import routed
from tests.stages.risk.stage import Alone, only


def burst(desk: Alone, messages: int, seconds: float) -> tuple[int, int | None]:
    """So many children in so long; how many left, and how many milliseconds it took to latch."""
    left, latched_ms = 0, None
    for number in range(messages):
        desk.now_ns = OPEN_NS + int(number * seconds * NS_PER_SECOND / messages)
        events = desk.release("P", number, 1)
        if only(ChildApproved, events):
            left += 1
            desk.hear(routed(desk, "P", number))
        if only(ScopeLatched, events) and latched_ms is None:
            latched_ms = (desk.now_ns - OPEN_NS) // NS_PER_MILLISECOND
    return left, latched_ms


def test_burst_of_messages_is_slowed_and_then_latched() -> None:
    """PT-09: 6,767 children in three seconds; at most 150 leave and the order is disabled within a second."""
    desk = Alone(strategy_rate=50, cancel_reserve_ppm=200_000)
    desk.enter(order_qty=10_000)
    left, latched_ms = burst(desk, 6_767, 3.0)
    assert 0 < left <= 150
    assert latched_ms is not None
    assert latched_ms < 1_000


def test_slow_flow_is_never_latched() -> None:
    desk = Alone(strategy_rate=50, cancel_reserve_ppm=200_000)
    desk.enter(order_qty=10_000)
    left, latched_ms = burst(desk, 200, 10.0)
    assert (left, latched_ms) == (200, None)


def latched() -> Alone:
    """A desk with the order P disabled."""
    desk = Alone(strategy_rate=50, cancel_reserve_ppm=0)
    desk.enter(order_qty=10_000)
    burst(desk, 500, 0.1)
    assert set(desk.state.latches) == {"order:P"}
    desk.now_ns += 10 * NS_PER_SECOND
    return desk


def test_latched_order_is_paused_and_stays_stopped_however_long_it_waits() -> None:
    desk = latched()
    events = desk.release("P", 1_000, 1)
    assert [failed.code for failed in only(ChildRejected, events)[0].failures] == ["latched"]
    assert only(ParentPaused, events)


@pytest.mark.parametrize(
    ("who", "scope", "reason", "ends"),
    [(RISK, "order:P", "looked", True), (TRADER, "order:P", "looked", False), ("nobody", "order:P", "looked", False),
     (RISK, "order:Q", "looked", False), (RISK, "order:P", "", False)],
)  # fmt: skip
def test_only_risk_re_enables_and_says_why(who: str, scope: str, reason: str, ends: bool) -> None:
    desk = latched()
    (event,) = desk.say(ReenableScope(principal=who, scope=scope, reason=reason))
    assert isinstance(event, ScopeReenabled if ends else CommandRefused)
    assert bool(only(ChildApproved, desk.release("P", 1_000, 1))) is ends


def test_runaway_order_is_disabled_until_risk_looks_and_a_resume_does_not_do() -> None:
    """PT-10: fifty times back to the market in ten seconds."""
    desk = Alone(rerun_entries=50, rerun_window_ns=10 * NS_PER_SECOND)
    desk.enter(order_qty=10_000)
    for number in range(50):
        desk.hear(routed(desk, "P", number, freed=1))
    events = desk.release("P", 60, 1)
    assert [event.scope for event in only(ScopeLatched, events)] == ["order:P"]
    assert only(ParentPaused, events)
    desk.hear(ResumeAccepted(parent_id="P", ts_ns=desk.now_ns, principal=TRADER))
    assert [failed.code for failed in only(ChildRejected, desk.release("P", 61, 1))[0].failures] == ["latched"]


def test_name_put_on_the_list_stops_the_next_child_and_pauses_the_order() -> None:
    """PT-12: while the order is at work."""
    desk = Alone()
    desk.enter(order_qty=200)
    assert only(ChildApproved, desk.release("P", 1, 100))
    changed = ListChanged(
        parent_id="", ts_ns=desk.now_ns, version=2, rows=(entry(ListName.RESTRICTED, "ACME"),), change_id="C",
        proposed_by="compliance-1", reason="a test", digest="",
    )  # fmt: skip
    desk.hear(changed)
    events = desk.release("P", 2, 100)
    assert [failed.code for failed in only(ChildRejected, events)[0].failures] == ["restricted"]
    assert only(ParentPaused, events)[0].reason.startswith("restricted")
    assert [failed.code for failed in only(OrderRejected, desk.enter("Q"))[0].failures] == ["restricted"]


def test_chase_pauses_the_order() -> None:
    """PT-06: twenty steps of 0.2 % a second; the eighth is held."""
    desk = Alone(drift_fast_ppm=15_000)
    desk.enter(order_qty=10_000)
    for step in range(20):
        desk.now_ns, desk.mid = OPEN_NS + step * NS_PER_SECOND, MID + MID * 2 * step // 1_000
        events = desk.release("P", step, 1, desk.mid)
        if only(ParentPaused, events):
            break
    assert step == 8


def test_loss_latches_the_level_once_and_lets_reductions_through() -> None:
    """AT-10: long 1,000 from 50; at 49 the account has lost its limit."""
    desk = Alone(row(Level.ACCOUNT, ACCOUNT, "loss", 1_000))
    desk.enter(order_qty=1_000, limit_px=MID)
    desk.state.exposure.mark("ACME", MID, desk.now_ns)
    desk.state.exposure.trade("P", 1_000, 1_000, 1_000 * MID)
    desk.now_ns, desk.mid = desk.now_ns + NS_PER_SECOND, MID - 1_000_000
    desk.state.exposure.mark("ACME", desk.mid, desk.now_ns)
    first, second = desk.enter("Q", limit_px=desk.mid), desk.enter("R", limit_px=desk.mid)
    assert [event.scope for event in only(ScopeLatched, first)] == [f"account:{ACCOUNT}"]
    assert only(ScopeLatched, second) == []
    assert only(OrderCleared, desk.enter("S", side=Side.SELL, order_qty=1_000))


HOUSE = RiskPolicy(positions_required=False, mark_every_ms=0, house=("PROP",))


def test_house_order_waits_for_the_client_and_one_just_before_is_told() -> None:
    """PO-11: in the same name and direction."""
    desk = Alone(policy=HOUSE)
    assert only(OrderCleared, desk.enter("H", account="PROP"))
    alerts = only(ConductAlert, desk.enter("C"))
    assert [alert.code for alert in alerts] == ["ahead_of_client"]
    codes = [failed.code for failed in only(OrderRejected, desk.enter("I", account="PROP"))[0].failures]
    assert codes == ["front_running"]
    assert only(OrderCleared, desk.enter("J", account="PROP", side=Side.SELL))


def test_own_orders_of_two_accounts_of_one_owner_do_not_meet() -> None:
    """PT-22: and once the first is gone, the second may leave."""
    desk = Alone(policy=RiskPolicy(positions_required=False, mark_every_ms=0, owners={"FUND-B": ACCOUNT}))
    desk.enter("B", order_qty=100)
    desk.enter("S", order_qty=100, side=Side.SELL, account="FUND-B")
    assert only(ChildApproved, desk.release("B", 1, 100))
    stopped = only(ChildRejected, desk.release("S", 1, 100))
    assert [failed.code for failed in stopped[0].failures] == ["self_match"]
    desk.hear(routed(desk, "B", 1, freed=100))
    assert only(ChildApproved, desk.release("S", 2, 100))


def test_wide_limits_latch_nothing() -> None:
    desk = Alone(limits=WIDE_LIMITS)
    desk.enter(order_qty=10_000)
    assert burst(desk, 500, 0.1) == (500, None)
