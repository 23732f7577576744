"""The table of controls A5, line by line."""

from __future__ import annotations

import pytest

from sottovoce.core.breaker_commands import Outcome
from sottovoce.core.breaker_events import (
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    ChildQueued,
    OpenReason,
    ProbeRequested,
    RejectsHigh,
)
from sottovoce.core.session_events import MassStatusRequested
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.breakers.book import BreakerStatus
from tests.stages.breakers.desk import START_NS, VENUE_A, BreakerDesk, answer_probes, kinds, opened

CLOSED, OPEN, HALF_OPEN = BreakerStatus.CLOSED, BreakerStatus.OPEN, BreakerStatus.HALF_OPEN


# when it opens --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("calls", "errors", "status"), [(100, 5, CLOSED), (100, 6, OPEN), (100, 4, CLOSED)])
def test_five_percent_of_a_hundred_calls_is_allowed_and_six_is_not(
    calls: int, errors: int, status: BreakerStatus
) -> None:
    desk = BreakerDesk()
    desk.calls(calls - errors, errors)
    assert desk.status() is status


def test_opening_says_why_and_when_it_is_tried_again() -> None:
    desk = BreakerDesk()
    desk.calls(94, 6)
    (event,) = [each for each in desk.said if isinstance(each, BreakerOpened)]
    assert (event.reason, event.ts_ns) == (OpenReason.ERROR_RATIO, START_NS)
    assert event.calls >= 20
    assert event.errors * 20 > event.calls
    assert event.retry_ns == START_NS + 10 * NS_PER_SECOND


@pytest.mark.parametrize(("errors", "status"), [(3, CLOSED), (4, CLOSED), (5, OPEN)])
def test_below_twenty_calls_only_five_in_a_row_open(errors: int, status: BreakerStatus) -> None:
    desk = BreakerDesk()
    for _ in range(errors):
        desk.call(Outcome.DISCONNECT)
    assert desk.status() is status


def test_answer_in_between_breaks_the_row() -> None:
    desk = BreakerDesk()
    for outcome in [Outcome.TIMEOUT] * 4 + [Outcome.OK] + [Outcome.TIMEOUT] * 4:
        desk.call(outcome)
    assert desk.status() is CLOSED


@pytest.mark.parametrize("kind", [Outcome.TIMEOUT, Outcome.DISCONNECT, Outcome.SERVER_ERROR, Outcome.MALFORMED,
                                  Outcome.SEQUENCE])  # fmt: skip
def test_every_kind_of_error_counts(kind: Outcome) -> None:
    desk = BreakerDesk()
    desk.calls(94, 6, kind)
    assert desk.status() is OPEN


@pytest.mark.parametrize(("seconds", "status"), [(59, OPEN), (60, CLOSED)])
def test_errors_that_age_out_of_the_window_open_nothing(seconds: int, status: BreakerStatus) -> None:
    """Four errors among nineteen calls are too few calls to judge; a minute later they are forgotten."""
    desk = BreakerDesk()
    desk.calls(15, 4)
    assert desk.status() is CLOSED
    desk.wait(seconds)
    desk.calls(18, 1)
    assert desk.status() is status


def test_ratio_is_worked_out_again_when_good_calls_age_out() -> None:
    desk = BreakerDesk()
    desk.calls(200, 0)
    desk.wait(30)
    desk.calls(20, 3)
    assert desk.status() is CLOSED
    desk.wait(31)
    desk.call(Outcome.TIMEOUT)
    assert desk.status() is OPEN


def test_one_downstream_does_not_open_another() -> None:
    desk = opened()
    assert desk.status("venue:LITB") is CLOSED
    assert desk.status("journal") is CLOSED


# business rejects -----------------------------------------------------------------------------------------


def test_business_rejects_open_nothing_but_alert_above_a_fifth() -> None:
    desk = BreakerDesk()
    desk.calls(80, 20, Outcome.REJECT)
    assert (desk.status(), kinds(desk.said, RejectsHigh)) == (CLOSED, [])
    desk.call(Outcome.REJECT)
    (high,) = [event for event in desk.said if isinstance(event, RejectsHigh)]
    assert (high.calls, high.rejects, desk.status()) == (101, 21, CLOSED)


def test_three_rejects_in_a_row_are_enough_and_an_answer_between_them_begins_again() -> None:
    desk = BreakerDesk()
    for outcome in (Outcome.REJECT, Outcome.REJECT, Outcome.OK, Outcome.REJECT, Outcome.REJECT):
        desk.call(outcome)
    assert kinds(desk.said, RejectsHigh) == []
    desk.call(Outcome.REJECT)
    assert kinds(desk.said, RejectsHigh) == ["RejectsHigh"]


def test_rejecting_venue_is_avoided_for_a_minute_and_alerted_once() -> None:
    desk = BreakerDesk()
    for _ in range(30):
        desk.call(Outcome.REJECT)
    assert kinds(desk.said, RejectsHigh) == ["RejectsHigh"]
    assert desk.book.breakers[VENUE_A].avoiding
    desk.wait(60)
    assert not desk.book.breakers[VENUE_A].avoiding


# half open ------------------------------------------------------------------------------------------------


def test_after_ten_seconds_three_questions_and_no_order() -> None:
    desk = opened()
    assert kinds(desk.wait(9.9)) == []
    said = desk.wait(0.2)
    assert kinds(said, BreakerHalfOpened, ProbeRequested, MassStatusRequested) == [
        "BreakerHalfOpened",
        *(["ProbeRequested", "MassStatusRequested"] * 3),
    ]
    assert desk.status() is HALF_OPEN
    assert kinds(desk.block(1), ChildQueued) == ["ChildQueued"], "orders wait while it is only being asked"


def test_three_answers_close_it() -> None:
    desk = opened()
    desk.wait(10)
    said = answer_probes(desk, [Outcome.OK] * 3)
    assert kinds(said, BreakerClosed) == ["BreakerClosed"]
    assert desk.status() is CLOSED
    desk.calls(99, 1)
    assert desk.status() is CLOSED, "what opened it before does not count any more"


def test_two_answers_do_not_close_it_and_the_deadline_opens_it_again() -> None:
    desk = opened()
    desk.wait(10)
    answer_probes(desk, [Outcome.OK] * 2)
    assert desk.status() is HALF_OPEN
    (event,) = [each for each in desk.wait(5) if isinstance(each, BreakerOpened)]
    assert event.reason is OpenReason.PROBE_UNANSWERED


def test_one_failed_probe_opens_it_for_twice_as_long() -> None:
    desk = opened()
    desk.wait(10)
    (event,) = [each for each in answer_probes(desk, [Outcome.OK, Outcome.TIMEOUT]) if isinstance(each, BreakerOpened)]
    assert (event.reason, event.backoff_ns) == (OpenReason.PROBE_FAILED, 20 * NS_PER_SECOND)


def test_back_off_doubles_to_two_minutes() -> None:
    desk = opened()
    desk.wait(800)
    waits = [event.backoff_ns // NS_PER_SECOND for event in desk.said if isinstance(event, BreakerOpened)]
    assert waits[:6] == [10, 20, 40, 80, 120, 120]


def test_answer_to_an_earlier_probing_counts_for_nothing() -> None:
    desk = opened()
    desk.wait(10)
    old = [event.probe_id for event in desk.said if isinstance(event, ProbeRequested)]
    desk.wait(5 + 20)
    assert desk.status() is HALF_OPEN
    for probe_id in old:
        desk.call(Outcome.OK, probe_id=probe_id)
    assert desk.status() is HALF_OPEN
