"""What the desk's own look at an order asks: on the line and not one unit below, once a crossing, and who is asked."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.choices import ASK, COMPLETION, COST, MOVE_AGAINST, Watch
from sottovoce.core.clearance_events import AmendCleared
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.escalation_events import Outcome
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.order_events import ResumeAccepted
from sottovoce.core.orders import CURVE_ONE
from sottovoce.core.plan_events import OrderReplanned
from sottovoce.core.units import NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.core.work_events import ParentDone, WorkStarted
from sottovoce.stages.escalations.looking import awake_at
from tests.scenarios.small_desk import MID, OPEN_NS
from tests.stages.algos.worked import plan
from tests.stages.escalations.asking import PARENT, PLAN, PM, QTY, Asking, closed, order_of, raised

HALF = 500_000
"""Shares of others usual by half-time."""


def test_order_that_is_on_its_way_asks_nothing() -> None:
    desk = Asking()
    desk.fill(5_000)
    assert desk.after(60, volume=HALF + 5_000) == []


@pytest.mark.parametrize(("printed", "asks"), [(36_000, False), (35_999, True), (0, True)])
def test_projected_completion_below_nine_tenths_asks_the_manager(printed: int, asks: bool) -> None:
    """Half the time is gone and 5,000 are filled: 4,000 more need 36,000 shares of others at one in ten; the pace of
    the first half is taken for the second.
    """
    desk = Asking()
    desk.fill(5_000)
    found = desk.after(60, volume=printed + 5_000)
    assert [each.rule for each in found] == (["E-PM-2"] if asks else [])
    if asks:
        assert (found[0].to, found[0].person, found[0].parent_id) == ("portfolio_manager", PM, PARENT)
        assert found[0].deadline_ns == desk.now_ns + 10 * 60 * 10**9


def test_volume_that_dries_up_asks_once_and_not_every_minute() -> None:
    desk = Asking()
    desk.fill(5_000)
    assert len(desk.after(60, volume=10_000)) == 1
    assert [desk.after(minute) for minute in range(61, 75)] == [[]] * 14


def test_it_asks_again_after_the_figure_was_back_inside() -> None:
    desk = Asking()
    desk.fill(5_000)
    (first,) = desk.after(60, volume=10_000)
    desk.answer(first, "keep")
    assert desk.after(61, volume=HALF) == []
    assert desk.after(62, volume=20_000) != []


@pytest.mark.parametrize(("px", "asks"), [(MID + 75_000, False), (MID + 75_005, True)])
def test_cost_above_half_again_the_plan_asks(px: int, asks: bool) -> None:
    """All is filled: 15 bps of the arrival price is one and a half times the plan's ten."""
    desk = Asking()
    desk.fill(QTY, px)
    assert [each.rule for each in desk.after(60, volume=HALF)] == (["E-PM-2"] if asks else [])


@pytest.mark.parametrize(("side", "sign"), [(Side.BUY, 1), (Side.SELL, -1)])
@pytest.mark.parametrize(("bps", "asks"), [(300.0, False), (300.02, True), (-500.0, False)])
def test_price_that_moves_against_the_order_pauses_it(side: Side, sign: int, bps: float, asks: bool) -> None:
    desk = Asking(msgspec.structs.replace(PLAN, expected_cost_bps=10_000.0), order_of(side=side))
    mid = MID + sign * round(MID * bps / 10_000)
    found = desk.after(60, mid=mid, volume=2 * HALF)
    assert [each.rule for each in found] == (["E-PM-3"] if asks else [])
    pauses = [event for event in desk.log if isinstance(event, ParentPaused)]
    assert len(pauses) == asks


def test_where_nobody_can_answer_the_question_is_asked_and_the_order_goes_on() -> None:
    desk = Asking(attended=False)
    assert "E-PM-3" in [each.rule for each in desk.after(60, mid=MID * 2, volume=HALF)]
    assert not any(isinstance(event, ParentPaused) for event in desk.log)


def test_two_rules_at_once_are_two_questions() -> None:
    desk = Asking()
    assert [each.rule for each in desk.after(60, mid=MID + MID // 25, volume=0)] == ["E-PM-2", "E-PM-3"]
    first, second = raised(desk.log)
    desk.answer(first, "keep")
    assert desk.answer(second, "stay_paused") != []
    assert [event.escalation_id for event in closed(desk.log)] == [first.escalation_id, second.escalation_id]


def test_nothing_is_said_before_the_order_has_been_worked_a_while() -> None:
    desk = Asking()
    assert desk.after(4.99, mid=MID * 2) == []
    assert desk.after(5, mid=MID * 2) != []


def test_without_a_price_nothing_is_judged() -> None:
    desk = Asking()
    assert desk.after(60, mid=0) == []


@pytest.mark.parametrize(("limit", "asks"), [(MID - 20_000, True), (MID - 10_000, False)])
def test_limit_the_market_has_left_behind_lets_nothing_through(limit: int, asks: bool) -> None:
    """The best bid is one tick below the mid: a buy limit two below it is not even first in the queue."""
    desk = Asking(order=order_of(limit_px=limit))
    assert bool(desk.after(60, volume=HALF)) is asks


def test_overfill_asks_risk_once() -> None:
    desk = Asking()
    desk.fill(100, over_qty=100)
    (asked,) = desk.after(1)
    assert (asked.rule, asked.to, asked.subject) == ("E-RM-3", "risk", "overfilled")
    assert desk.after(2) == []
    desk.fill(50, over_qty=50)
    assert [each.facts[0].value for each in desk.after(3)] == ["150"]


def test_resumed_order_has_answered_its_question() -> None:
    desk = Asking(msgspec.structs.replace(PLAN, expected_cost_bps=10_000.0))
    desk.after(60, mid=MID + MID // 25, volume=HALF)
    desk.happened(ResumeAccepted(parent_id=PARENT, ts_ns=desk.now_ns, principal="trader-1"))
    assert desk.after(61) == []
    (end,) = closed(desk.log)
    assert (end.outcome, end.principal, end.choice) == (Outcome.ANSWERED, "trader-1", "resume")


def test_amended_order_takes_its_question_back() -> None:
    desk = Asking()
    desk.fill(5_000)
    desk.after(60, volume=10_000)
    change = AmendCleared(
        parent_id=PARENT, ts_ns=desk.now_ns, order_qty=6_000, limit_px=None, reserved_qty=0, worst_px=MID
    )
    desk.happened(change)
    desk.after(61)
    assert [end.outcome for end in closed(desk.log)] == [Outcome.WITHDRAWN]


def test_order_that_is_over_takes_its_questions_back_and_is_not_looked_at() -> None:
    desk = Asking()
    desk.after(60, volume=0)
    done = ParentDone(parent_id=PARENT, ts_ns=desk.now_ns, reason="filled")
    assert [end.outcome for end in closed(desk.happened(done))] == [Outcome.WITHDRAWN]
    assert msgspec.to_builtins(desk.stage.state())["open"] == {}
    assert msgspec.to_builtins(desk.stage.state())["asked"] == {}


def test_nights_are_slept_through() -> None:
    hour = NS_PER_HOUR
    edges = (OPEN_NS, OPEN_NS + 2 * hour, OPEN_NS + 20 * hour, OPEN_NS + 22 * hour)
    two_days = plan(edges_ns=edges, curve=(0, CURVE_ONE // 2, CURVE_ONE // 2, CURVE_ONE))
    looks = [(awake_at(two_days, OPEN_NS + hours * hour) - OPEN_NS) // hour for hours in (0, 1, 2, 12, 20, 21, 30)]
    assert looks == [0, 1, 20, 20, 20, 21, 30]


@pytest.mark.parametrize(
    ("figure", "bound", "asks"),
    [(COMPLETION, {"low_ppm": 980_000}, ["E-PM-2"]), (COMPLETION, {"low_ppm": 500_000}, []),
     (COST, {"high_ppm": 1_900_000}, ["E-PM-2"]), (COST, {"high_ppm": 2_100_000}, []),
     (MOVE_AGAINST, {"high_ppm": 999}, ["E-PM-3"]), (MOVE_AGAINST, {"high_ppm": 1_001}, [])],
)  # fmt: skip
def test_what_the_plan_says_it_is_watched_by_is_what_asks(figure: str, bound: dict[str, int], asks: list[str]) -> None:
    """At half-time 5,000 are filled, 4,500 more to be expected, at 20 bps in all, and the price is 10 bps away."""
    only = msgspec.structs.replace(PLAN, watches=(Watch(figure=figure, then=ASK, **bound),), expected_cost_bps=10.0)
    desk = Asking(only)
    desk.fill(5_000, MID + 100_000)
    assert [each.rule for each in desk.after(60, mid=MID + 50_000, volume=45_500)] == asks


def test_plan_that_is_watched_by_nothing_asks_nothing() -> None:
    desk = Asking(msgspec.structs.replace(PLAN, watches=()))
    assert desk.after(60, mid=2 * MID, volume=0) == []


def test_participation_order_is_projected_at_its_own_rate() -> None:
    """Of 500,000 still to come one in ten is enough for all of it; at 0.5 % it is 2,513 of the 10,000."""
    slow = msgspec.structs.replace(PLAN, strategy=Strategy.POV, participation_ppm=5_000)
    assert Asking().after(60, volume=HALF) == []
    (asked,) = Asking(slow).after(60, volume=HALF)
    assert next(fact.value for fact in asked.facts if fact.name == "projected completion") == "25.1 %"


def test_new_plan_counts_volume_from_its_own_beginning() -> None:
    """Half is filled when it begins: those shares are not taken off the volume printed since."""
    desk = Asking()
    desk.fill(5_000)
    desk.now_ns = OPEN_NS + 60 * NS_PER_MINUTE
    desk.happened(WorkStarted(parent_id=PARENT, ts_ns=desk.now_ns, market_volume=HALF))
    marks = tuple(
        msgspec.structs.replace(each, at_ns=each.at_ns + 60 * NS_PER_MINUTE, volume=each.volume // 10)
        for each in PLAN.expected
    )
    desk.happened(
        OrderReplanned(parent_id=PARENT, ts_ns=desk.now_ns, rest=order_of(order_qty=5_000),
                       plan=msgspec.structs.replace(PLAN, expected=marks))
    )  # fmt: skip
    assert desk.after(90, volume=HALF + 25_000) == []
