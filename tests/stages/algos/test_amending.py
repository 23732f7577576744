"""A live parent is amended in every way there is, and re-planned from what is filled and working."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.clearance_events import AmendCleared, AmendRejected
from sottovoce.core.enums import DarkUse, ExecType, ParentStatus, Strategy, Urgency
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.plan_events import OrderReplanned, ReplanRefused, ReplanWanted
from sottovoce.core.session_events import ChildReplaceWanted, RouteReplaceRequested
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCancelRequested, ChildCreated, ParentDone
from tests.scenarios.small_desk import (
    LIT,
    OPEN_NS,
    TICK,
)
from tests.stages.algos.live_parent import END_NS, Worked, only, refused, routes


@pytest.mark.parametrize(
    ("changes", "attribute", "value"),
    [
        ({"end_ns": END_NS + 60 * NS_PER_MINUTE}, "end_ns", END_NS + 60 * NS_PER_MINUTE),
        ({"urgency": Urgency.HIGH}, "urgency", Urgency.HIGH),
        ({"dark": DarkUse.ALLOW}, "dark", DarkUse.ALLOW),
        ({"avoid_venues": (LIT,)}, "avoid", (LIT,)),
        ({"max_participation": "0.05"}, "max_participation_ppm", 50_000),
        ({"participation": "0.2"}, "participation_ppm", 200_000),
    ],
)
def test_every_term_can_be_amended_and_is_planned_again(
    changes: dict[str, object], attribute: str, value: object
) -> None:
    worked = Worked()
    before = worked.parent.plan
    events = worked.amend(**changes)
    assert len(only(events, OrderReplanned)) == 1
    assert getattr(worked.parent.order, attribute) == value
    assert worked.parent.plan is not before


def test_rest_is_planned_from_now_without_what_has_traded() -> None:
    worked = Worked()
    worked.fill(worked.events)
    worked.fill(worked.wake(5))
    done = worked.parent.ledger.filled
    (wanted,) = only(worked.amend(end_ns=END_NS + 60 * NS_PER_MINUTE), ReplanWanted)
    assert isinstance(wanted, ReplanWanted)
    assert (wanted.rest.order_qty, wanted.rest.start_ns) == (10_000 - done, worked.now_ns)
    assert worked.parent.base_qty == done > 0


def test_later_end_slows_the_schedule_down_from_where_it_is() -> None:
    """Five minutes of an hour are done; with another hour the rest takes a hundred and fifteen minutes."""
    worked = Worked()
    worked.fill(worked.events)
    worked.fill(worked.wake(5))
    done = worked.parent.ledger.filled
    worked.amend(end_ns=END_NS + 60 * NS_PER_MINUTE)
    left_ns = END_NS + 60 * NS_PER_MINUTE - worked.now_ns
    created = [event for event in worked.wake(12) if isinstance(event, ChildCreated)]
    target = created[-1].target_qty
    due_by_time = done + (10_000 - done) * (created[-1].ts_ns - worked.now_ns + left_ns) // left_ns
    assert done < target < due_by_time + 1_000
    assert target < 10_000 * 20 // 60, "as fast as before would be a third by now"


def test_larger_size_trades_in_full() -> None:
    worked = Worked()
    worked.fill(worked.events)
    worked.amend(order_qty=12_000)
    for _ in range(90):
        if worked.parent.done:
            break
        worked.fill(worked.wake())
    assert worked.parent.ledger.filled == 12_000


def test_amendment_below_what_has_traded_is_refused() -> None:
    worked = Worked()
    worked.fill(worked.events)
    done = worked.parent.ledger.filled
    assert done > 1
    assert refused(worked.amend(order_qty=done - 1)) == ["below_done"]
    assert any(isinstance(event, ParentDone) for event in worked.amend(order_qty=done)), "to what has traded: the end"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"end_ns": OPEN_NS}, "horizon_past"),
        ({"participation": "0.9"}, "bad_participation"),
        ({"max_participation": "x"}, "bad_participation"),
        ({"avoid_venues": tuple(f"V{n}" for n in range(40))}, "too_many_venues"),
        ({}, "nothing_to_change"),
        ({"order_qty": 0}, "below_done"),
    ],
)
def test_amendment_that_makes_no_sense_is_refused(changes: dict[str, object], code: str) -> None:
    assert refused(Worked().amend(**changes)) == [code]


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"participation": "0.15"}, []),
        ({"participation": "0.21"}, ["bad_band"]),
        ({"participation": "0.09"}, ["bad_band"]),
        ({"max_participation": "0.2"}, []),
        ({"max_participation": "0.19"}, ["bad_band"]),
    ],
)
def test_rate_of_an_order_with_a_band_stays_in_it(changes: dict[str, object], codes: list[str]) -> None:
    worked = Worked(strategy=Strategy.POV, participation_min="0.1", participation_max="0.2")
    events = worked.amend(**changes)
    assert (refused(events) if codes else only(events, CommandRefused)) == codes


def test_change_nobody_can_plan_waits_for_a_person() -> None:
    """Three bps of impact are enough for the order as it was, and not for a hundred times as much at any pace."""
    worked = Worked(strategy=Strategy.VWAP, order_qty=5_000, max_impact_bps="3")
    worked.fill(worked.events)
    events = worked.amend(order_qty=500_000)
    (failed,) = only(events, ReplanRefused)
    assert isinstance(failed, ReplanRefused)
    assert [each.code for each in failed.failures] == ["impact_limit"]
    (paused,) = only(events, ParentPaused)
    assert isinstance(paused, ParentPaused)
    assert "impact_limit" in paused.reason
    assert worked.parent.status is ParentStatus.PAUSED
    assert not only(worked.wake(5), ChildCreated)


def test_limit_is_tightened_while_the_quote_is_stale_but_not_loosened() -> None:
    worked = Worked(price="51.00", ord_type=new_limit())
    worked.stale = True
    assert len(only(worked.amend(price="50.50"), AmendCleared)) == 1
    assert worked.parent.limit_px == 50_500_000
    assert len(only(worked.amend(price="50.90"), AmendRejected)) == 1


def new_limit() -> object:
    from sottovoce.core.enums import OrdType

    return OrdType.LIMIT


def test_child_beyond_a_tighter_limit_is_moved_to_it() -> None:
    worked = Worked()
    (route,) = routes(worked.events)
    worked.tell(route, ExecType.NEW)
    events = worked.amend(price=f"{(route.price - 2 * TICK) / 1e6:.2f}")
    (asked,) = only(events, RouteReplaceRequested)
    assert isinstance(asked, RouteReplaceRequested)
    assert (asked.route.cl_ord_id, asked.qty, asked.price) == (route.cl_ord_id, route.qty, route.price - 2 * TICK)
    assert not only(events, ChildCancelRequested)
    assert not only(events, ReplanWanted), "a limit changes no schedule"


def test_child_that_cannot_be_moved_yet_is_pulled() -> None:
    """Its venue has not even acknowledged it."""
    worked = Worked()
    (route,) = routes(worked.events)
    events = worked.amend(price=f"{(route.price - 2 * TICK) / 1e6:.2f}")
    assert only(events, ChildReplaceWanted)
    assert len(only(events, ChildCancelRequested)) == 1


def test_child_that_is_too_large_now_is_made_smaller() -> None:
    worked = Worked()
    (route,) = routes(worked.events)
    worked.tell(route, ExecType.NEW)
    (asked,) = only(worked.amend(order_qty=route.qty - 30), RouteReplaceRequested)
    assert isinstance(asked, RouteReplaceRequested)
    assert asked.qty == worked.parent.ledger.wanted
    worked.tell(msgspec.structs.replace(route, cl_ord_id=asked.new_cl_ord_id), ExecType.REPLACED, order_qty=asked.qty)
    ledger = worked.parent.ledger
    assert (ledger.target, ledger.working, ledger.reduction) == (asked.qty, asked.qty, 0)
