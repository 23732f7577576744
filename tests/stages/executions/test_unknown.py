"""V13: an order whose fate is not known keeps its exposure until a venue, a drop copy or two people prove otherwise."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import ExecType, OrdStatus, RejReason, Strategy
from sottovoce.core.execution_events import Fill, ReportIgnored, RouteCancelRequested, RouteUpdated
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import (
    AckTimeout,
    DropCopyReport,
    MassStatusEnd,
    SessionStatus,
)
from sottovoce.core.session_events import (
    ArrivalDisproved,
    BreakKind,
    BreakOpened,
    MassStatusRequested,
    OrderUnknown,
    ReportHeld,
    StatusRequested,
    Unanswered,
    VenueReconciled,
)
from sottovoce.core.work_events import ChildCancelRequested, ChildCreated
from tests.scenarios.small_desk import LIT, MID, new_order
from tests.stages.executions.line_desk import SECOND_NS, LineDesk, only


def lost() -> LineDesk:
    """The venue answers nothing for two seconds."""
    desk = LineDesk()
    desk.wait(2.0, AckTimeout)
    assert desk.state.status is OrdStatus.UNKNOWN
    return desk


def test_answer_in_time_and_nobody_asks() -> None:
    desk = LineDesk()
    for route in [event.route for event in desk.events if isinstance(event, ChildRouted)]:
        desk.take(desk.report(ExecType.NEW, cl_ord_id=route.cl_ord_id, venue=route.venue))
    assert desk.wait(60, AckTimeout) == []


def test_silence_makes_an_order_unknown_and_frees_nothing() -> None:
    """F-11: no answer, so a question, and no second order; the exposure stays."""
    desk = LineDesk()
    before = desk.working
    events = desk.wait(2.0, AckTimeout)
    unknown = [event for event in only(events, OrderUnknown) if event.venue == LIT]  # type: ignore[union-attr]
    assert len(unknown) == 1
    assert isinstance(unknown[0], OrderUnknown)
    assert (unknown[0].unanswered, unknown[0].waited_ns) == (Unanswered.NEW, 2 * SECOND_NS)
    assert [event.route.venue for event in only(events, StatusRequested)].count(LIT) == 1  # type: ignore[union-attr]
    assert desk.working == before
    assert not only(events, ChildCreated)


def test_questions_stop_after_three_until_the_line_comes_up() -> None:
    desk = LineDesk()
    asked = [event for event in desk.wait(120, AckTimeout) if isinstance(event, StatusRequested)]
    assert [event.route.venue for event in asked].count(LIT) == 3
    assert len({event.request_id for event in asked if event.route.venue == LIT}) == 3
    assert desk.state.status is OrdStatus.UNKNOWN


@pytest.mark.parametrize(("status", "leaves"), [(OrdStatus.NEW, 500), (OrdStatus.CANCELED, 0), (OrdStatus.REJECTED, 0)])
def test_venues_answer_is_proof(status: OrdStatus, leaves: int) -> None:
    desk = lost()
    before = desk.working
    desk.status_told(status, leaves_qty=leaves)
    assert desk.state.status is status
    assert desk.working == (before if leaves else before - desk.route.qty)


def test_unknown_order_is_no_proof_while_it_may_be_on_its_way() -> None:
    desk = lost()
    before = desk.working
    events = desk.unknown_to_venue()
    assert not only(events, RouteUpdated)
    assert (desk.state.status, desk.working) == (OrdStatus.UNKNOWN, before)


def test_late_acknowledgement_brings_it_back_and_the_cancel_is_said_again() -> None:
    """F-45: unknown, asked to cancel, "unknown order", then acknowledged after all."""
    desk = lost()
    before = desk.working
    asked = desk.take(ChildCancelRequested(parent_id=desk.parent, ts_ns=1, child_id=desk.route.child_id, reason="t"))
    assert LIT in [event.route.venue for event in only(asked, RouteCancelRequested)]  # type: ignore[union-attr]
    assert desk.state.status is OrdStatus.UNKNOWN, "a cancel proves nothing"
    desk.cancel_rejected(reason=RejReason.UNKNOWN_ORDER, ord_status=OrdStatus.REJECTED, text="unknown order")
    assert desk.working == before
    events = desk.take(desk.report(ExecType.NEW))
    (again,) = only(events, RouteCancelRequested)
    assert isinstance(again, RouteCancelRequested)
    assert (again.route.cl_ord_id, desk.working) == (desk.route.cl_ord_id, before)
    assert desk.state.status.value == "pending_cancel"


def test_cancel_refused_for_an_unknown_order_asks_what_it_is() -> None:
    """F-09: not assumed dead, not assumed alive."""
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    desk.take(ChildCancelRequested(parent_id=desk.parent, ts_ns=1, child_id=desk.route.child_id, reason="t"))
    events = desk.cancel_rejected(reason=RejReason.UNKNOWN_ORDER, ord_status=OrdStatus.REJECTED, text="unknown order")
    assert [type(event) for event in events if isinstance(event, OrderUnknown | StatusRequested)] == [
        OrderUnknown, StatusRequested,
    ]  # fmt: skip
    assert desk.state.status is OrdStatus.UNKNOWN


def test_unanswered_cancel_is_asked_about_too() -> None:
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    desk.take(ChildCancelRequested(parent_id=desk.parent, ts_ns=1, child_id=desk.route.child_id, reason="t"))
    events = [event for event in desk.wait(4, AckTimeout) if isinstance(event, OrderUnknown) and event.venue == LIT]
    assert [event.unanswered for event in events] == [Unanswered.CANCEL]


def test_fill_of_a_lost_order_is_a_fill() -> None:
    desk = lost()
    (fill,) = only(desk.trade(100), Fill)
    assert isinstance(fill, Fill)
    assert (fill.from_working, fill.late) == (100, False)
    assert desk.state.status is OrdStatus.PARTIALLY_FILLED


def test_end_that_counts_untold_trades_waits_for_them() -> None:
    """F-04: canceled before the last fill. Nothing of what traded is freed, and in order or not the end is the same."""
    desk, plain = LineDesk(), LineDesk()
    before = desk.working
    canceled = desk.report(ExecType.CANCELED, ord_status=OrdStatus.CANCELED, cum_qty=100)
    (held,) = only(desk.take(canceled), ReportHeld)
    assert isinstance(held, ReportHeld)
    assert (held.missing_qty, desk.working) == (100, before)
    desk.trade(100)
    plain.said = 1
    plain.trade(100)
    plain.take(canceled)
    assert (desk.state, desk.working) == (plain.state, plain.working)
    assert isinstance(desk.take(canceled)[0], ReportIgnored)


def test_trades_that_never_come_become_a_break() -> None:
    desk = LineDesk()
    desk.take(desk.report(ExecType.CANCELED, ord_status=OrdStatus.CANCELED, cum_qty=100))
    opened = [event for event in desk.wait(4, AckTimeout) if isinstance(event, BreakOpened)]
    assert [event.kind for event in opened] == [BreakKind.MISSING_FILLS]
    assert opened[0].theirs == "canceled, 100 done"


# reconnecting ---------------------------------------------------------------------------------------------


def up(desk: LineDesk) -> list[object]:
    return list(desk.take(SessionStatus(venue=LIT, up=True)))


def ended(desk: LineDesk, reports: int = 0) -> list[object]:
    """The venue has told of everything open."""
    message = MassStatusEnd(
        venue=LIT, instrument_id="ACME", request_id=f"L1.{LIT}.ACME", reports=reports, transact_ns=desk.now_ns
    )
    return list(desk.take(message))


def test_line_that_comes_up_asks_for_everything_open() -> None:
    """F-10."""
    desk = lost()
    desk.take(SessionStatus(venue=LIT, up=False, text="heartbeat missed"))
    asked = [event for event in up(desk) if isinstance(event, MassStatusRequested)]
    assert [(event.venue, event.instrument_id) for event in asked] == [(LIT, "ACME")]


def test_order_left_out_is_asked_about_and_then_proven_never_to_have_arrived() -> None:
    desk = lost()
    before = desk.working
    up(desk)
    events = ended(desk)
    reconciled = next(event for event in events if isinstance(event, VenueReconciled))
    assert reconciled.missing == (desk.route.cl_ord_id,)
    assert any(isinstance(event, StatusRequested) for event in events)
    assert desk.working == before, "a list that leaves it out is no proof yet"
    proven = desk.unknown_to_venue()
    assert len(only(proven, ArrivalDisproved)) == 1
    assert (desk.state.status, desk.state.rejected_qty) == (OrdStatus.REJECTED, desk.route.qty)


def test_acknowledged_order_its_venue_has_forgotten_is_a_break_not_a_proof() -> None:
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    before = desk.working
    up(desk)
    ended(desk)
    events = desk.unknown_to_venue()
    assert [event.kind for event in only(events, BreakOpened)] == [BreakKind.LOST_ORDER]  # type: ignore[union-attr]
    assert (desk.state.status, desk.working) == (OrdStatus.UNKNOWN, before)


def test_order_in_the_list_is_not_asked_about() -> None:
    desk = lost()
    up(desk)
    desk.status_told(OrdStatus.NEW, leaves_qty=desk.route.qty)
    events = ended(desk, 1)
    assert [event.missing for event in events if isinstance(event, VenueReconciled)] == [()]


def test_order_proven_absent_that_appears_after_all_is_canceled_and_a_break() -> None:
    desk = lost()
    up(desk)
    ended(desk)
    desk.unknown_to_venue()
    events = desk.take(desk.report(ExecType.NEW, leaves_qty=desk.route.qty))
    assert len(only(events, RouteCancelRequested)) == 1
    assert [event.kind for event in only(events, BreakOpened)] == [BreakKind.RESURRECTED]  # type: ignore[union-attr]
    assert desk.state.status is OrdStatus.REJECTED, "V9"


def test_trade_of_an_order_proven_absent_is_counted_though_the_rest_is_canceled() -> None:
    desk = lost()
    up(desk)
    ended(desk)
    desk.unknown_to_venue()
    qty, words = desk.route.qty, {"last_px": MID, "leaves_qty": 100, "ord_status": OrdStatus.PARTIALLY_FILLED}
    events = desk.take(desk.report(ExecType.TRADE, last_qty=qty - 100, cum_qty=qty - 100, **words))
    (cancel,) = only(events, RouteCancelRequested)
    assert cancel.state.cum_qty == qty - 100  # type: ignore[union-attr]
    assert (desk.state.cum_qty, desk.state.rejected_qty) == (qty - 100, 100)


def test_nothing_is_asked_of_a_line_that_is_down() -> None:
    desk = LineDesk()
    desk.take(SessionStatus(venue=LIT, up=False, text="gone"))
    events = desk.wait(60, AckTimeout)
    lost_here = [event for event in events if isinstance(event, OrderUnknown) and event.venue == LIT]
    assert [event.unanswered for event in lost_here] == [Unanswered.SESSION]
    assert LIT not in [event.route.venue for event in events if isinstance(event, StatusRequested)]


def test_drop_copy_of_a_lost_order_is_proof() -> None:
    desk = lost()
    copy = DropCopyReport(
        venue=LIT, cl_ord_id=desk.route.cl_ord_id, exec_id="V7", exec_type=ExecType.TRADE,
        ord_status=OrdStatus.PARTIALLY_FILLED, cum_qty=100, leaves_qty=1, transact_ns=desk.now_ns, last_qty=100,
        last_px=MID,
    )  # fmt: skip
    assert len(only(desk.take(copy), Fill)) == 1
    venue_too = desk.report(ExecType.TRADE, exec_id="V7", last_qty=100, last_px=MID)
    assert isinstance(desk.take(venue_too)[0], ReportIgnored), "the same ExecID counts once"


def test_nothing_new_goes_to_a_venue_whose_line_is_down() -> None:
    """F-10: elsewhere, and only what is not out already."""
    desk = LineDesk()
    order = new_order("c-2", strategy=Strategy.SOR, order_qty=1_300)
    saved = desk.system.save()
    assert LIT in {event.route.venue for event in desk.take(order) if isinstance(event, ChildRouted)}
    desk.system.restore(saved)
    desk.take(SessionStatus(venue=LIT, up=False, text="gone"))
    elsewhere = {event.route.venue for event in desk.take(order) if isinstance(event, ChildRouted)}
    assert elsewhere
    assert LIT not in elsewhere
