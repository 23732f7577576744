"""How each event changes what the executions stage remembers about orders, ledgers and lines to venues."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.clearance_events import AmendCleared, ChildRejected, OrderRejected
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import OrdStatus
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, RouteCancelRequested, RouteUpdated
from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import LIVE, Execution, OrderState
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.route_events import ChildRouted, ChildUnrouted
from sottovoce.core.session_commands import AckTimeout
from sottovoce.core.session_events import (
    ArrivalDisproved,
    OrderUnknown,
    ReportHeld,
    ResolutionProposed,
    RouteReplaceRequested,
    SessionDown,
    SessionUp,
    StatusRequested,
    UnknownResolved,
)
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import ChildCreated, ParentDone, ParentReturned, TimerSet
from sottovoce.stages.executions import past
from sottovoce.stages.executions.breaks_book import BreaksBook
from sottovoce.stages.executions.config import ExecutionsConfig
from sottovoce.stages.executions.records import ExecutionsState, Line, PendingReplace, Proposal, SentOrder

ASKING = (OrdStatus.PENDING_NEW, OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE, OrdStatus.UNKNOWN)
"""A venue owes us an answer."""
WORKING = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED)


class ExecutionsBook:
    """The only place that writes the state of the executions stage."""

    def __init__(self, config: ExecutionsConfig) -> None:
        self.config = config
        self.state = ExecutionsState()
        self.breaks = BreaksBook(lambda: self.state, config)

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRejected: self._on_rejected,
            ChildCreated: self._on_ledger,
            ChildRejected: self._on_ledger,
            ChildUnrouted: self._on_ledger,
            ParentReturned: self._on_ledger,
            AmendCleared: self._on_ledger,
            ParentDone: self._on_done,
            ChildRouted: self._on_routed,
            RouteUpdated: self._on_updated,
            RouteCancelRequested: self._on_cancel_requested,
            RouteReplaceRequested: self._on_replace_requested,
            Fill: self._on_fill,
            FillBusted: self._on_busted,
            FillCorrected: self._on_corrected,
            ReportHeld: self._on_held,
            TimerSet: self._on_timer,
            OrderUnknown: self._on_unknown,
            StatusRequested: self._on_asked,
            SessionDown: self._on_down,
            SessionUp: self._on_up,
            ResolutionProposed: self._on_proposed,
            UnknownResolved: self._on_resolved,
            ArrivalDisproved: self._on_disproved,
            **self.breaks.appliers(),
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=ExecutionsState)

    def find(self, cl_ord_id: str) -> SentOrder | None:
        """An order by any ClOrdID it ever had; not to be changed."""
        return past.find(self.state, cl_ord_id)

    def ledger(self, parent_id: str) -> Ledger:
        """A parent's ledger; not to be changed."""
        return past.ledger_of(self.state, parent_id)

    def line(self, venue: str) -> Line:
        """The line to a venue; up until we hear otherwise."""
        return self.state.lines.get(venue) or Line()

    def late(self, parent_id: str) -> None:
        """News of a parent: if it was packed it is at hand again."""
        past.unpack(self.state, parent_id, self.config)

    # ledgers ---------------------------------------------------------------------------------------------

    def _on_accepted(self, event: OrderAccepted) -> None:
        self.state.ledgers[event.parent_id] = Ledger.opened(event.order.order_qty)

    def _on_rejected(self, event: OrderRejected) -> None:
        self._on_ledger(event)
        past.finish(self.state, event.parent_id, self.config)

    def _on_done(self, event: ParentDone) -> None:
        past.finish(self.state, event.parent_id, self.config)

    def _on_ledger(
        self, event: ChildCreated | ChildRejected | ChildUnrouted | ParentReturned | OrderRejected | AmendCleared
    ) -> None:
        self.state.ledgers[event.parent_id].apply(event)

    # orders ----------------------------------------------------------------------------------------------

    def _on_routed(self, event: ChildRouted) -> None:
        route, state = event.route, self.state
        if route.cl_ord_id in state.sent:
            return
        state.sent[route.cl_ord_id] = SentOrder(
            route=route,
            state=OrderState(
                cl_ord_id=route.cl_ord_id,
                child_id=route.child_id,
                parent_id=route.parent_id,
                venue=route.venue,
                status=OrdStatus.PENDING_NEW,
                order_qty=route.qty,
                leaves_qty=route.qty,
            ),
        )
        state.by_child.setdefault(route.child_id, []).append(route.cl_ord_id)
        state.by_parent.setdefault(route.parent_id, []).append(route.cl_ord_id)
        state.open_at.setdefault(route.venue, {})[route.cl_ord_id] = 1
        self._expect(route.parent_id, route.cl_ord_id, event.ts_ns + self.config.ack_timeout_ns)

    def _on_updated(self, event: RouteUpdated) -> None:
        self.late(event.parent_id)
        sent = self.state.sent[event.state.cl_ord_id]
        before, sent.state = sent.state.status, event.state
        sent.seen[event.exec_id] = 1
        self.state.ledgers[event.parent_id].apply(event)
        if not event.denied:
            sent.acked, sent.asked, sent.settled = True, 0, False
        status = event.state.status
        if sent.held is not None and (event.exec_id == sent.held.exec_id or status not in LIVE):
            sent.held = None
        if before is OrdStatus.PENDING_CANCEL and status in WORKING:
            sent.canceling = False
        if sent.replace is not None and status not in (OrdStatus.PENDING_REPLACE, OrdStatus.UNKNOWN):
            self._replaced(sent, event)
        self._watch(sent, event.ts_ns)

    def _replaced(self, sent: SentOrder, event: RouteUpdated) -> None:
        """A replace is over: taken when the order has the size it asked for under its name, else as it was."""
        asked = sent.replace
        assert asked is not None
        if event.cause.startswith(REPLACED):
            words = {"cl_ord_id": asked.cl_ord_id, "qty": event.state.order_qty, "price": asked.price}
            sent.route = msgspec.structs.replace(sent.route, **words)
        sent.replace = None

    def _on_cancel_requested(self, event: RouteCancelRequested) -> None:
        sent = self.state.sent[event.state.cl_ord_id]
        sent.state, sent.canceling = event.state, True
        self._expect(event.parent_id, event.state.cl_ord_id, event.ts_ns + self.config.ack_timeout_ns)

    def _on_replace_requested(self, event: RouteReplaceRequested) -> None:
        first = event.state.cl_ord_id
        sent = self.state.sent[first]
        sent.replace = PendingReplace(cl_ord_id=event.new_cl_ord_id, qty=event.qty, price=event.price)
        sent.named.append(event.new_cl_ord_id)
        self.state.names[event.new_cl_ord_id] = first
        self._expect(event.parent_id, first, event.ts_ns + self.config.ack_timeout_ns)

    def _on_held(self, event: ReportHeld) -> None:
        sent = self.state.sent[event.cl_ord_id]
        sent.seen[event.exec_id] = 1
        sent.acked = True
        sent.held = ExecutionReport(
            parent_id=event.parent_id,
            venue=sent.route.venue,
            cl_ord_id=event.cl_ord_id,
            exec_id=event.exec_id,
            exec_type=event.exec_type,
            ord_status=event.ord_status,
            cum_qty=event.cum_qty,
            leaves_qty=0,
            transact_ns=event.ts_ns,
            text=event.text,
        )
        self._expect(event.parent_id, event.cl_ord_id, event.ts_ns + self.config.ack_timeout_ns)

    # trades ----------------------------------------------------------------------------------------------

    def _on_fill(self, event: Fill) -> None:
        self.state.ledgers[event.parent_id].apply(event)
        rate = event.fee // event.qty if event.qty else 0
        trade = Execution(qty=event.qty, px=event.px, fee=event.fee, rate=rate)
        self.state.sent[event.cl_ord_id].executions[event.exec_id] = trade
        self.breaks.told(event)

    def _on_busted(self, event: FillBusted) -> None:
        self.state.ledgers[event.parent_id].apply(event)
        trades = self.state.sent[event.cl_ord_id].executions
        old = trades[event.exec_ref_id]
        trades[event.exec_ref_id] = msgspec.structs.replace(old, qty=old.qty - event.qty, fee=old.fee - event.fee)

    def _on_corrected(self, event: FillCorrected) -> None:
        self.state.ledgers[event.parent_id].apply(event)
        trades = self.state.sent[event.cl_ord_id].executions
        old = trades[event.exec_ref_id]
        trades[event.exec_ref_id] = Execution(qty=event.qty, px=event.px, fee=event.fee, rate=old.rate)

    # what is owed to us ----------------------------------------------------------------------------------

    def _watch(self, sent: SentOrder, ts_ns: int) -> None:
        """After news of an order: is an answer still owed, and can it trade?"""
        status, first, parent_id = sent.state.status, sent.state.cl_ord_id, sent.state.parent_id
        if status in LIVE:
            self.state.open_at.setdefault(sent.route.venue, {})[first] = 1
        else:
            self.state.open_at.get(sent.route.venue, {}).pop(first, None)
        if status in ASKING:
            self._expect(parent_id, first, ts_ns + self.config.ack_timeout_ns)
        else:
            self._forget_due(parent_id, first)

    def _expect(self, parent_id: str, cl_ord_id: str, at_ns: int) -> None:
        self.state.due.setdefault(parent_id, {})[cl_ord_id] = at_ns

    def _forget_due(self, parent_id: str, cl_ord_id: str) -> None:
        waiting = self.state.due.get(parent_id)
        if waiting is not None:
            waiting.pop(cl_ord_id, None)
            if not waiting:
                del self.state.due[parent_id]

    def _on_timer(self, event: TimerSet) -> None:
        if isinstance(event.timer, AckTimeout):
            self.state.timers[event.parent_id] = (event.timer.number, event.at_ns)
        else:
            self.breaks.on_timer(event)

    def _on_unknown(self, event: OrderUnknown) -> None:
        sent = self.state.sent[event.state.cl_ord_id]
        sent.state = event.state
        self._forget_due(event.parent_id, event.state.cl_ord_id)

    def _on_asked(self, event: StatusRequested) -> None:
        """Asked a few times, then only a reconnect asks again."""
        name = event.route.cl_ord_id
        sent = self.state.sent[self.state.names.get(name, name)]
        sent.asked += 1
        if sent.asked < self.config.status_asks:
            self._expect(event.parent_id, sent.state.cl_ord_id, event.ts_ns + self.config.status_retry_ns)
        else:
            self._forget_due(event.parent_id, sent.state.cl_ord_id)

    # lines and people ------------------------------------------------------------------------------------

    def _on_down(self, event: SessionDown) -> None:
        self.state.lines[event.venue] = msgspec.structs.replace(self.line(event.venue), up=False, reason=event.reason)

    def _on_up(self, event: SessionUp) -> None:
        """What was sent before is settled: it arrived, or never will."""
        line = Line(reason=event.reason, logons=self.line(event.venue).logons + 1, logon_ns=event.logon_ns)
        self.state.lines[event.venue] = line
        for cl_ord_id in self.state.open_at.get(event.venue, ()):
            sent = self.state.sent[cl_ord_id]
            sent.settled, sent.asked = True, 0
            self._expect(sent.state.parent_id, cl_ord_id, event.ts_ns + self.config.ack_timeout_ns)

    def _on_proposed(self, event: ResolutionProposed) -> None:
        who, said = event.principal, event.declared
        self.state.proposals[event.cl_ord_id] = Proposal(principal=who, declared=said, evidence=event.evidence)

    def _on_resolved(self, event: UnknownResolved) -> None:
        self.state.proposals.pop(event.cl_ord_id, None)
        self.state.sent[event.cl_ord_id].declared = True

    def _on_disproved(self, event: ArrivalDisproved) -> None:
        self.state.sent[event.cl_ord_id].declared = True


REPLACED = "replaced"
"""How the cause of a RouteUpdated begins when a venue took a replace."""
