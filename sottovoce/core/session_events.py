"""What the executions stage decides about venue sessions: orders unknown, questions asked, breaks, replaces.

StatusRequested, MassStatusRequested and RouteReplaceRequested leave for a venue; only the last can raise exposure and
only follows ChildReplaceApproved.
"""

from __future__ import annotations

from sottovoce.core.enums import ExecType, OrdStatus, Word
from sottovoce.core.event import Event
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Failure, Route
from sottovoce.core.session_commands import Declared


class Unanswered(Word):
    """What a venue left unanswered."""

    NEW = "new"
    CANCEL = "cancel"
    REPLACE = "replace"
    STATUS = "status"
    SESSION = "session"


class OrderUnknown(Event, frozen=True, kw_only=True, gc=False, tag="order_unknown"):
    """Nobody has said what became of an order: it keeps its exposure and no second one takes its place.

    state has status UNKNOWN; waited_ns since the question; asked counts the status requests before this one.
    """

    child_id: str
    venue: str
    instrument_id: str
    state: OrderState
    unanswered: Unanswered
    waited_ns: int
    asked: int


class StatusRequested(Event, frozen=True, kw_only=True, gc=False, tag="status_requested"):
    """OrderStatusRequest(H) for one order."""

    route: Route
    request_id: str


class MassStatusRequested(Event, frozen=True, kw_only=True, gc=False, tag="mass_status_requested"):
    """OrderMassStatusRequest(AF) for all our open orders in one instrument at one venue (MassStatusReqType 585 = 1)."""

    venue: str
    instrument_id: str
    request_id: str


class SessionDown(Event, frozen=True, kw_only=True, gc=False, tag="session_down"):
    """The line to a venue is down: its live orders keep their exposure, nothing new is sent there."""

    venue: str
    reason: str


class SessionUp(Event, frozen=True, kw_only=True, gc=False, tag="session_up"):
    """The line is up again, since logon_ns; what it carried is being reconciled."""

    venue: str
    reason: str
    logon_ns: int = 0


class VenueReconciled(Event, frozen=True, kw_only=True, gc=False, tag="venue_reconciled"):
    """A venue has told of all our open orders in an instrument; missing were not among them and are asked about.

    Where the request was a probe rather than a reconciliation, missing is empty.
    """

    venue: str
    instrument_id: str
    request_id: str
    reports: int
    missing: tuple[str, ...]


class ResolutionProposed(Event, frozen=True, kw_only=True, gc=False, tag="resolution_proposed"):
    """One person has declared an unknown order's fate; a second must say the same."""

    principal: str
    cl_ord_id: str
    declared: Declared
    evidence: str


class UnknownResolved(Event, frozen=True, kw_only=True, gc=False, tag="unknown_resolved"):
    """Two people have declared an unknown order's fate; what becomes of its quantity follows as RouteUpdated."""

    cl_ord_id: str
    declared: Declared
    evidence: str
    proposed_by: str
    confirmed_by: str


class ReportHeld(Event, frozen=True, kw_only=True, gc=False, tag="report_held"):
    """A report ends an order and counts trades we have not been told of: it waits, and their quantity stays open.

    exec_id, exec_type, ord_status, cum_qty and text are the report's.
    """

    child_id: str
    cl_ord_id: str
    exec_id: str
    exec_type: ExecType
    ord_status: OrdStatus
    cum_qty: int
    missing_qty: int
    text: str


class ArrivalDisproved(Event, frozen=True, kw_only=True, gc=False, tag="arrival_disproved"):
    """After the line came up with its sequence numbers settled, the venue does not know an order it never acknowledged.

    So it never arrived: its quantity comes back with the RouteUpdated of this step.
    """

    cl_ord_id: str
    venue: str


class BreakKind(Word):
    """How our record and somebody else's disagree."""

    ONLY_OURS = "only_ours"
    ONLY_THEIRS = "only_theirs"
    FIGURES = "figures"
    UNKNOWN_ORDER = "unknown_order"
    UNKNOWN_TRADE = "unknown_trade"
    MISSING_FILLS = "missing_fills"
    LOST_ORDER = "lost_order"
    RESURRECTED = "resurrected"


class DropCopyNoted(Event, frozen=True, kw_only=True, gc=False, tag="drop_copy_noted"):
    """The drop copy tells of a trade that the venue's session has not told of yet."""

    venue: str
    cl_ord_id: str
    exec_id: str
    instrument_id: str
    qty: int
    px: int


class DropCopyMatched(Event, frozen=True, kw_only=True, gc=False, tag="drop_copy_matched"):
    """The drop copy has told of a trade of ours; where its figures differ a break follows."""

    venue: str
    exec_id: str


class BreakOpened(Event, frozen=True, kw_only=True, gc=False, tag="break_opened"):
    """Our record and another's differ: ours and theirs are the figures as each tells them, qty @ price.

    break_id derives from its cause, so the same difference is one break. held: the instrument is held for it.
    """

    break_id: str
    kind: BreakKind
    venue: str
    instrument_id: str
    cl_ord_id: str
    exec_id: str
    ours: str
    theirs: str
    age_ns: int = 0


class BreakAged(Event, frozen=True, kw_only=True, gc=False, tag="break_aged"):
    """A break nobody explained in time: its instrument is held (PO-02)."""

    break_id: str
    instrument_id: str
    age_ns: int


class BreakClosingProposed(Event, frozen=True, kw_only=True, gc=False, tag="break_closing_proposed"):
    """One person has explained a break that holds an instrument; a second must say the same."""

    break_id: str
    principal: str
    evidence: str


class BreakClosed(Event, frozen=True, kw_only=True, gc=False, tag="break_closed"):
    """The difference is explained: by the other side's report, or by people on evidence."""

    break_id: str
    by: str
    evidence: str


class ChildReplaceWanted(Event, frozen=True, kw_only=True, gc=False, tag="child_replace_wanted"):
    """Change what an order of a child at a venue asks for; risk judges the resulting total (P4)."""

    child_id: str
    cl_ord_id: str
    qty: int
    price: int
    reason: str


class ChildReplaceApproved(Event, frozen=True, kw_only=True, gc=False, tag="child_replace_approved"):
    """The replace passed every check a new child of that size and price would."""

    child_id: str
    cl_ord_id: str
    qty: int
    price: int


class ChildReplaceRejected(Event, frozen=True, kw_only=True, gc=False, tag="child_replace_rejected"):
    """The replace was stopped; the order stays as it is."""

    child_id: str
    cl_ord_id: str
    failures: tuple[Failure, ...]


class RouteReplaceRequested(Event, frozen=True, kw_only=True, gc=False, tag="route_replace_requested"):
    """OrderCancelReplaceRequest(G). route is the order as it now is (OrigClOrdID 41), the rest what it asks for.

    Until the venue answers the old and the new quantity are both held: a raise moves from unsent to working with the
    RouteUpdated of this step, a reduction frees nothing before it is confirmed.
    """

    route: Route
    new_cl_ord_id: str
    qty: int
    price: int
    state: OrderState


SessionEvent = (
    OrderUnknown
    | StatusRequested
    | MassStatusRequested
    | SessionDown
    | SessionUp
    | VenueReconciled
    | ResolutionProposed
    | UnknownResolved
    | ReportHeld
    | ArrivalDisproved
    | DropCopyNoted
    | DropCopyMatched
    | BreakOpened
    | BreakAged
    | BreakClosingProposed
    | BreakClosed
    | ChildReplaceWanted
    | ChildReplaceApproved
    | ChildReplaceRejected
    | RouteReplaceRequested
)
