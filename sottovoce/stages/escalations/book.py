"""What the escalations stage remembers: orders at work and how they have done, what is unexplained, and open questions.

Written only by appliers.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.clearance_events import AmendCleared, OrderRejected
from sottovoce.core.enums import OrdStatus
from sottovoce.core.escalation_events import (
    EscalationAcked,
    EscalationClosed,
    EscalationRaised,
    EscalationReminded,
    Outcome,
    WatchTurned,
)
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, RouteUpdated
from sottovoce.core.order_events import ResumeAccepted
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.plan_events import OrderApproved, OrderReplanned
from sottovoce.core.session_events import BreakClosed, BreakOpened, OrderUnknown
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import ParentDone, WorkStarted

OVERFILL = "overfilled"
"""What a question about more shares than were ordered is about."""


class AtWork(msgspec.Struct, kw_only=True, gc=False):
    """An order at work.

    paid: Σ price x shares filled; volume: the feed's counter when work by the plan in force began, -1 before that, and
    filled_then what was filled. fired: rules that have
    asked and whose figure has not come back since. over_qty, over_asked: shares overfilled, and how many of them a
    question was asked about. resumed_by: who set it going again; number: of the next look.
    """

    order: ParentOrder
    plan: Plan
    filled: int = 0
    paid: int = 0
    volume: int = -1
    filled_then: int = 0
    started_ns: int = 0
    fired: list[str] = []
    over_qty: int = 0
    over_asked: int = 0
    resumed_by: str = ""
    number: int = 1


class Open(msgspec.Struct, kw_only=True, gc=False):
    """A question nobody has answered yet. about: the thing whose end withdraws it, "" where that is the order."""

    rule: str
    parent_id: str
    to: str
    about: str
    digest: str
    deadline_ns: int
    raised_ns: int
    turns: int = 0
    acked_by: str = ""


class Unexplained(msgspec.Struct, kw_only=True, gc=False):
    """An order nobody knows the fate of, or a difference with another's record: since when."""

    parent_id: str
    since_ns: int
    text: str


class EscalationsState(msgspec.Struct, kw_only=True):
    """orders by parent id; open by escalation id; unexplained by ClOrdID or break id.

    asked: ids of open questions, and counts: how many there have been, by parent id, "" for the desk.
    """

    counts: dict[str, int] = {}
    orders: dict[str, AtWork] = {}
    open: dict[str, Open] = {}
    asked: dict[str, list[str]] = {}
    unexplained: dict[str, Unexplained] = {}


class EscalationsBook:
    """The state and its appliers."""

    def __init__(self) -> None:
        self.state = EscalationsState()

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=EscalationsState)

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderApproved: self._on_approved,
            OrderReplanned: self._on_replanned,
            AmendCleared: self._on_amended,
            WorkStarted: self._on_started,
            Fill: self._on_fill,
            FillBusted: self._on_busted,
            FillCorrected: self._on_corrected,
            ResumeAccepted: self._on_resumed,
            ParentDone: self._on_over,
            OrderRejected: self._on_over,
            OrderUnknown: self._on_unknown,
            RouteUpdated: self._on_route,
            BreakOpened: self._on_break,
            BreakClosed: self._on_break_closed,
            EscalationRaised: self._on_raised,
            EscalationAcked: self._on_acked,
            EscalationReminded: self._on_reminded,
            EscalationClosed: self._on_closed,
            WatchTurned: self._on_turned,
        }

    def asks(self, rule: str, parent_id: str, about: str) -> bool:
        """Whether a question by this rule about this is open already: it is put once."""
        names = self.state.asked.get(parent_id, ())
        return any(self.state.open[name].rule == rule and self.state.open[name].about == about for name in names)

    # orders ----------------------------------------------------------------------------------------------

    def _on_approved(self, event: OrderApproved) -> None:
        self.state.orders[event.parent_id] = AtWork(order=event.order, plan=event.plan)

    def _on_replanned(self, event: OrderReplanned) -> None:
        at_work = self.state.orders.get(event.parent_id)
        if at_work is not None:
            at_work.plan = event.plan

    def _on_amended(self, event: AmendCleared) -> None:
        at_work = self.state.orders.get(event.parent_id)
        if at_work is not None:
            at_work.order = event.terms.applied(at_work.order, event.order_qty, event.limit_px)

    def _on_started(self, event: WorkStarted) -> None:
        at_work = self.state.orders.get(event.parent_id)
        if at_work is not None:
            at_work.volume, at_work.started_ns = event.market_volume, event.ts_ns
            at_work.filled_then = at_work.filled

    def _on_fill(self, event: Fill) -> None:
        self._filled(event.parent_id, event.qty, event.px)
        if event.over_qty:
            at_work = self.state.orders.get(event.parent_id)
            if at_work is not None:
                at_work.over_qty += event.over_qty

    def _on_busted(self, event: FillBusted) -> None:
        self._filled(event.parent_id, -event.qty, event.px)

    def _on_corrected(self, event: FillCorrected) -> None:
        self._filled(event.parent_id, -event.old_qty, event.old_px)
        self._filled(event.parent_id, event.qty, event.px)

    def _filled(self, parent_id: str, qty: int, px: int) -> None:
        at_work = self.state.orders.get(parent_id)
        if at_work is not None:
            at_work.filled += qty
            at_work.paid += qty * px

    def _on_resumed(self, event: ResumeAccepted) -> None:
        at_work = self.state.orders.get(event.parent_id)
        if at_work is not None:
            at_work.resumed_by = event.principal

    def _on_over(self, event: ParentDone | OrderRejected) -> None:
        self.state.orders.pop(event.parent_id, None)

    # what is not explained -------------------------------------------------------------------------------

    def _on_unknown(self, event: OrderUnknown) -> None:
        name = event.state.cl_ord_id
        if name not in self.state.unexplained:
            self.state.unexplained[name] = Unexplained(
                parent_id=event.parent_id, since_ns=event.ts_ns - event.waited_ns, text=f"unknown at {event.venue}"
            )

    def _on_route(self, event: RouteUpdated) -> None:
        if self.state.unexplained and event.state.status is not OrdStatus.UNKNOWN:
            self.state.unexplained.pop(event.state.cl_ord_id, None)

    def _on_break(self, event: BreakOpened) -> None:
        self.state.unexplained[event.break_id] = Unexplained(
            parent_id=event.parent_id,
            since_ns=event.ts_ns - event.age_ns,
            text=f"{event.venue} {event.cl_ord_id}: ours {event.ours}, theirs {event.theirs}",
        )

    def _on_break_closed(self, event: BreakClosed) -> None:
        self.state.unexplained.pop(event.break_id, None)

    # questions -------------------------------------------------------------------------------------------

    def _on_raised(self, event: EscalationRaised) -> None:
        state = self.state
        state.counts[event.parent_id] = state.counts.get(event.parent_id, 0) + 1
        state.open[event.escalation_id] = Open(
            rule=event.rule,
            parent_id=event.parent_id,
            to=event.to,
            about=event.subject,
            digest=event.digest,
            deadline_ns=event.deadline_ns,
            raised_ns=event.ts_ns,
        )
        state.asked.setdefault(event.parent_id, []).append(event.escalation_id)
        at_work = state.orders.get(event.parent_id)
        if at_work is not None:
            at_work.resumed_by = ""
            at_work.fired.append(event.rule)
            at_work.over_asked = at_work.over_qty if event.subject == OVERFILL else at_work.over_asked

    def _on_acked(self, event: EscalationAcked) -> None:
        self.state.open[event.escalation_id].acked_by = event.principal

    def _on_reminded(self, event: EscalationReminded) -> None:
        self.state.open[event.escalation_id].turns += 1

    def _on_closed(self, event: EscalationClosed) -> None:
        closed = self.state.open.pop(event.escalation_id)
        left = self.state.asked[closed.parent_id]
        left.remove(event.escalation_id)
        if not left:
            del self.state.asked[closed.parent_id]
        at_work = self.state.orders.get(closed.parent_id)
        # A question that was taken back may be asked again; one that was answered, or let run out, was put once.
        if at_work is not None and event.outcome is Outcome.WITHDRAWN and closed.rule in at_work.fired:
            at_work.fired.remove(closed.rule)

    def _on_turned(self, event: WatchTurned) -> None:
        at_work = self.state.orders[event.parent_id]
        at_work.number = event.number
        at_work.fired = [rule for rule in at_work.fired if rule not in event.rearmed]
