"""How the executions stage says what happened to an order: the events every part of it builds the same way."""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.execution_events import ReportIgnored, ReportQuarantined, RouteCancelRequested, RouteUpdated
from sottovoce.core.lifecycle import Transition
from sottovoce.core.order_moves import lost_sight
from sottovoce.core.session_events import OrderUnknown, StatusRequested, Unanswered
from sottovoce.stages.executions.records import SentOrder

STAGE = "executions"


def updated(
    sent: SentOrder, moved: Transition, exec_id: str, cause: str, ts_ns: int, *, denied: bool = False
) -> RouteUpdated:
    """The order's new state, with the quantity that came back or was raised; denied: its venue does not know it."""
    return RouteUpdated(
        parent_id=sent.state.parent_id,
        ts_ns=ts_ns,
        child_id=sent.state.child_id,
        state=moved.state,
        freed_qty=moved.freed_qty,
        raised_qty=moved.added_qty,
        exec_id=exec_id,
        cause=cause,
        denied=denied,
    )


def unknown(sent: SentOrder, unanswered: Unanswered, waited_ns: int, ts_ns: int) -> OrderUnknown:
    """We have lost sight of the order."""
    return OrderUnknown(
        parent_id=sent.state.parent_id,
        ts_ns=ts_ns,
        child_id=sent.state.child_id,
        venue=sent.route.venue,
        instrument_id=sent.route.instrument_id,
        state=lost_sight(sent.state),
        unanswered=unanswered,
        waited_ns=waited_ns,
        asked=sent.asked,
    )


def question(sent: SentOrder, ts_ns: int, label: str = "S") -> StatusRequested:
    """What is this order? The request's id names the order, how often it was asked about, and when."""
    return StatusRequested(
        parent_id=sent.state.parent_id,
        ts_ns=ts_ns,
        route=sent.route,
        request_id=f"{label}{sent.asked + 1}.{ts_ns}",
    )


def cancel(sent: SentOrder, ts_ns: int) -> RouteCancelRequested:
    """Cancel an order; one we have lost sight of stays unknown until its venue has spoken."""
    state = sent.state
    if state.status is not OrdStatus.UNKNOWN and state.leaves_qty + state.pending_qty:
        state = msgspec.structs.replace(state, status=OrdStatus.PENDING_CANCEL)
    return RouteCancelRequested(parent_id=state.parent_id, ts_ns=ts_ns, route=sent.route, state=state)


def own_report(sent: SentOrder, kind: ExecType, status: OrdStatus, text: str, ts_ns: int) -> ExecutionReport:
    """What a venue would say, said by ourselves where no venue can: it counts no trade that was not told."""
    return ExecutionReport(
        parent_id=sent.state.parent_id,
        venue=sent.route.venue,
        cl_ord_id=sent.state.cl_ord_id,
        exec_id=f"own:{sent.state.cl_ord_id}:{kind.value}",
        exec_type=kind,
        ord_status=status,
        cum_qty=0,
        leaves_qty=0,
        transact_ns=ts_ns,
        text=text,
    )


def ignored(report: ExecutionReport | CancelReject, sent: SentOrder, ts_ns: int) -> ReportIgnored:
    """A report that had been counted before."""
    return ReportIgnored(parent_id=sent.state.parent_id, ts_ns=ts_ns, exec_id=report.exec_id, venue=report.venue)


def quarantined(report: ExecutionReport | CancelReject, code: str, text: str, ts_ns: int) -> ReportQuarantined:
    """A report that cannot be true of its order."""
    return ReportQuarantined(
        parent_id=report.parent_id,
        ts_ns=ts_ns,
        exec_id=report.exec_id,
        venue=report.venue,
        cl_ord_id=report.cl_ord_id,
        code=code,
        text=text,
    )
