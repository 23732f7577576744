"""What "unknown order" proves, by when it was said and of which order: an end, a break, or nothing (V13, L4)."""

from __future__ import annotations

from sottovoce.core.enums import ExecType, OrdStatus, RejReason
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.session_events import ArrivalDisproved, BreakKind, BreakOpened, StatusRequested
from sottovoce.core.work_events import ChildCancelRequested
from tests.scenarios.small_desk import LIT
from tests.stages.executions.line_desk import LineDesk, only
from tests.stages.executions.test_unknown import ended, lost, up


def test_denial_from_before_the_logon_is_no_proof() -> None:
    """It was said on the old line, when the order may still have been on its way."""
    desk = lost()
    before = desk.working
    words = {"ord_status": OrdStatus.REJECTED, "reason": RejReason.UNKNOWN_ORDER, "text": "unknown order"}
    stale = desk.report(ExecType.ORDER_STATUS, **words)
    desk.now_ns += 1
    up(desk)
    ended(desk)
    assert not only(desk.take(stale), ArrivalDisproved)
    assert (desk.state.status, desk.working) == (OrdStatus.UNKNOWN, before)
    assert len(only(desk.unknown_to_venue(), ArrivalDisproved)) == 1, "the same words since the logon are"


def test_logon_told_late_dates_from_when_it_was() -> None:
    """A live desk asks on the new line before its stages hear that it is up: what is said meanwhile counts."""
    desk = lost()
    logon_ns = desk.now_ns
    desk.now_ns += 5
    since = desk.report(
        ExecType.ORDER_STATUS, ord_status=OrdStatus.REJECTED, reason=RejReason.UNKNOWN_ORDER, text="unknown order"
    )
    desk.now_ns += 5
    desk.take(SessionStatus(venue=LIT, up=True, logon_ns=logon_ns))
    ended(desk)
    assert len(only(desk.take(since), ArrivalDisproved)) == 1


def test_cancel_refused_as_unknown_acknowledges_nothing() -> None:
    """Never acknowledged, denied to a cancel, denied again on a new line: it never arrived, and that is no break."""
    desk = lost()
    desk.take(ChildCancelRequested(parent_id=desk.parent, ts_ns=1, child_id=desk.route.child_id, reason="t"))
    desk.cancel_rejected(reason=RejReason.UNKNOWN_ORDER, ord_status=OrdStatus.REJECTED, text="unknown order")
    assert not desk.book.sent[desk.route.cl_ord_id].acked
    up(desk)
    ended(desk)
    events = desk.unknown_to_venue()
    assert len(only(events, ArrivalDisproved)) == 1
    assert not only(events, BreakOpened)


def test_cancel_refused_as_unknown_is_no_end_of_an_acknowledged_order() -> None:
    """It is unknown, keeps its shares, and is asked about; a denial on a new line is a break, not an end."""
    desk = LineDesk()
    desk.take(desk.report(ExecType.NEW))
    before = desk.working
    desk.take(ChildCancelRequested(parent_id=desk.parent, ts_ns=1, child_id=desk.route.child_id, reason="t"))
    events = desk.cancel_rejected(reason=RejReason.UNKNOWN_ORDER, ord_status=OrdStatus.REJECTED, text="unknown order")
    assert len(only(events, StatusRequested)) == 1
    assert (desk.state.status, desk.working) == (OrdStatus.UNKNOWN, before)
    up(desk)
    ended(desk)
    assert [event.kind for event in only(desk.unknown_to_venue(), BreakOpened)] == [BreakKind.LOST_ORDER]  # type: ignore[union-attr]
    assert (desk.state.status, desk.working) == (OrdStatus.UNKNOWN, before)
