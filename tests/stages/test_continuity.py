"""Continuity: restarts counted, an order sent again only while fresh, a day rolled once whatever the clock does."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.events import StageEvent
from sottovoce.core.recovery_commands import ArrivalDenied, ClockJumped, DayRoll, DeskRestarted
from sottovoce.core.recovery_events import ClockJumpSeen, DayRolled, DeskRecovered, RouteNotResent, RouteResent
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_SECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.continuity import AFTER_CLOSE_NS, Continuity, ContinuityConfig
from tests.scenarios.small_desk import CLOSE_NS, OPEN_NS, Weekdays, view_at

MONDAY, TUESDAY = "2018-02-12", "2018-02-13"
RESTARTED = DeskRestarted(snapshot_seq=7, steps=3, venues=("LITA",), orders=2)


def stage() -> Continuity:
    return Continuity(ContinuityConfig(), Weekdays())


def decided(one: Continuity, message: object, ts_ns: int = OPEN_NS) -> list[StageEvent]:
    """What the stage decides, applied to it."""
    events = list(one.deciders()[type(message)](message, view_at(ts_ns)))
    for event in events:
        one.appliers().get(type(event), lambda _: None)(event)
    return events


def test_starts_are_counted_and_the_first_arranges_the_end_of_the_day() -> None:
    one = stage()
    first, second = decided(one, RESTARTED), decided(one, RESTARTED)
    assert [event.number for event in (*first, *second) if isinstance(event, DeskRecovered)] == [1, 2]
    [timer] = [event for event in (*first, *second) if isinstance(event, TimerSet)]
    assert (timer.at_ns, timer.timer) == (CLOSE_NS + AFTER_CLOSE_NS, DayRoll(date=MONDAY))


@pytest.mark.parametrize(
    ("age_s", "kind"), [(0, RouteResent), (3, RouteResent), (3.001, RouteNotResent), (60, RouteNotResent)]
)
def test_order_that_never_arrived_leaves_again_only_while_it_is_fresh(age_s: float, kind: type) -> None:
    denied = ArrivalDenied(parent_id="P", venue="LITA", cl_ord_id="X", decided_ns=OPEN_NS)
    [event] = decided(stage(), denied, OPEN_NS + int(age_s * NS_PER_SECOND))
    assert type(event) is kind


def test_proof_given_again_after_another_crash_sends_it_again() -> None:
    """Decided and not sent before the process died: the venue still says it never had the order."""
    one = stage()
    denied = ArrivalDenied(parent_id="P", venue="LITA", cl_ord_id="X", decided_ns=OPEN_NS)
    assert [type(decided(one, denied)[0]) for _ in range(2)] == [RouteResent, RouteResent]


def test_day_rolls_once_and_arranges_the_next() -> None:
    one = stage()
    after = CLOSE_NS + AFTER_CLOSE_NS
    rolled, timer = decided(one, DayRoll(date=MONDAY), after)
    assert isinstance(rolled, DayRolled)
    assert isinstance(timer, TimerSet)
    assert (rolled.date, timer.timer) == (MONDAY, DayRoll(date=TUESDAY))
    assert decided(one, DayRoll(date=MONDAY), after + NS_PER_HOUR) == []


@pytest.mark.parametrize("back_ns", [NS_PER_SECOND, NS_PER_HOUR, NS_PER_DAY])
def test_clock_that_went_back_does_not_roll_a_day_again(back_ns: int) -> None:
    one = stage()
    after = CLOSE_NS + AFTER_CLOSE_NS
    decided(one, DayRoll(date=MONDAY), after)
    decided(one, ClockJumped(by_ns=-back_ns, wall_ns=after - back_ns), after)
    assert decided(one, DayRoll(date=MONDAY), after - back_ns) == []


def test_jumps_are_counted_and_kept_with_their_size() -> None:
    one = stage()
    seen = [decided(one, ClockJumped(by_ns=by, wall_ns=OPEN_NS + by))[0] for by in (-NS_PER_SECOND, NS_PER_HOUR)]
    assert [(event.number, event.by_ns) for event in seen if isinstance(event, ClockJumpSeen)] == [
        (1, -NS_PER_SECOND),
        (2, NS_PER_HOUR),
    ]


def test_state_survives_a_restart_to_the_byte() -> None:
    one, other = stage(), stage()
    decided(one, RESTARTED)
    decided(one, DayRoll(date=MONDAY), CLOSE_NS + AFTER_CLOSE_NS)
    saved = msgspec.json.encode(one.state())
    other.restore(saved)
    assert msgspec.json.encode(other.state()) == saved
    assert decided(other, DayRoll(date=MONDAY), CLOSE_NS + AFTER_CLOSE_NS) == []
