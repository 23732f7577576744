"""Asking the venues, after a restart or a lost line, about every order they may know more of than we do.

A line that is up again carries first the cancels nobody has answered, then one question for each live order. The answer
repeats the order's executions, which count once each by their ExecID, and ends with its status. Only a venue that says,
on that line, that it never had an order proves it absent: whatever was sent on the old line has arrived or never will.
Until every question is answered, or the patience is over, nothing leaves that raises exposure; what is still unknown
then keeps its exposure (V13).
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.commands import ExecutionReport, Input
from sottovoce.core.enums import ExecType, OrdStatus, RejReason
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.lifecycle import LIVE
from sottovoce.core.recovery_commands import ArrivalDenied
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import StatusRequested
from sottovoce.runtime.door import Door
from sottovoce.stages.executions.records import ExecutionsState, SentOrder

PATIENCE_NS = 30_000_000_000
"""How long new orders wait for venues to answer; a venue that is silent for longer must not stop the others."""

STRAIN = "reconciling"


class Reconciliation:
    """Questions out, answers in. state is looked at, never changed."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._waiting: dict[str, str] = {}
        self._denied: list[ExecutionReport] = []
        self._resent: dict[str, str] = {}
        self._silent: dict[str, int] = {}
        self._until_ns = 0
        self._asked = 0
        self._up_ns: dict[str, int] = {}
        self.resent = 0
        self.cancels_again = 0
        self.questions = 0

    def begin(self, venues: Sequence[str], state: ExecutionsState, ts_ns: int) -> int:
        """Every line is awaited, and every live order waits to be told about; returns how many do."""
        self._until_ns = ts_ns + PATIENCE_NS
        self._silent = dict.fromkeys(venues, ts_ns)
        self._waiting = {name: sent.route.venue for name, sent in state.sent.items() if sent.state.status in LIVE}
        return len(self._waiting)

    def strain(self, ts_ns: int) -> str:
        """Why nothing that raises exposure may leave yet; "" when all have told, or have had their time."""
        return STRAIN if (self._waiting or self._silent) and ts_ns < self._until_ns else ""

    @property
    def waiting(self) -> tuple[str, ...]:
        """ClOrdIDs no venue has told about yet."""
        return tuple(self._waiting)

    def line_down(self, venue: str, state: ExecutionsState, ts_ns: int) -> None:
        """Whatever is live there must be asked about when the line is back."""
        lost = {name: venue for name, sent in state.sent.items() if _lives_at(sent, venue)}
        self._waiting.update(lost)
        self._resent = {name: at for name, at in self._resent.items() if at != venue}
        self._until_ns = ts_ns + PATIENCE_NS

    def line_up(self, venue: str, state: ExecutionsState, ts_ns: int) -> bool:
        """Cancels first, then the questions; whether there was anything to ask."""
        self._silent.pop(venue, None)
        self._up_ns[venue] = ts_ns
        asked = [state.sent[name] for name, at in self._waiting.items() if at == venue]
        for sent in asked:
            if sent.state.status is OrdStatus.PENDING_CANCEL and sent.acked:
                self._cancel_again(sent, ts_ns)
        for sent in asked:
            self._ask(sent, ts_ns)
        return bool(asked)

    def settled(self, venue: str) -> bool:
        """Whether a venue has told about everything it was asked about."""
        return venue not in self._waiting.values()

    def hear(self, report: ExecutionReport, state: ExecutionsState, ts_ns: int) -> Input | None:
        """What a venue's words are taken as: themselves, or the denial of an order it never acknowledged.

        None: nothing. So is taken the denial of an order that was to be canceled, which then is not sent again, and
        one that crossed the order being sent again.
        """
        name, denied = report.cl_ord_id, report.reason is RejReason.UNKNOWN_ORDER
        if denied and report.transact_ns < self._up_ns.get(report.venue, 0):
            return None  # an answer from before the line came up: the order may have arrived since
        if name in self._resent:
            if denied:
                return None
            del self._resent[name]
        if report.exec_type is not ExecType.ORDER_STATUS or name not in self._waiting:
            return report
        del self._waiting[name]
        sent = state.sent[name]
        canceling = sent.state.status is OrdStatus.PENDING_CANCEL
        if not denied or sent.acked:
            if canceling:  # the cancel may have gone with the old line, as the order might have
                self._cancel_again(sent, ts_ns)
            return report
        self._denied.append(report)
        if canceling:
            return None
        return ArrivalDenied(
            parent_id=sent.route.parent_id,
            venue=report.venue,
            cl_ord_id=report.cl_ord_id,
            decided_ns=sent.route.sent_ns,
        )

    def leaves_again(self, cl_ord_id: str, venue: str) -> None:
        """It is decided that an order is sent again: its denial is over, and so is one that was said before it left."""
        self._denied = [report for report in self._denied if report.cl_ord_id != cl_ord_id]
        self._resent[cl_ord_id] = venue

    def resend(self, intent: ChildRouted, ts_ns: int) -> None:
        """The same order under its own ClOrdID; it is awaited like any that was just sent."""
        self._door.again(intent, ts_ns)
        self.resent += 1

    def take_denied(self, venue: str) -> list[ExecutionReport]:
        """Denials of orders that were too old to leave again: for the stage that keeps orders to judge."""
        found = [report for report in self._denied if report.venue == venue]
        self._denied = [report for report in self._denied if report.venue != venue]
        return found

    def _ask(self, sent: SentOrder, ts_ns: int) -> None:
        self._asked += 1
        request_id = f"R-{ts_ns}-{self._asked}"
        route = sent.route
        self._door.again(
            StatusRequested(parent_id=route.parent_id, ts_ns=ts_ns, route=route, request_id=request_id), ts_ns
        )
        self.questions += 1

    def _cancel_again(self, sent: SentOrder, ts_ns: int) -> None:
        route = sent.route
        self._door.again(
            RouteCancelRequested(parent_id=route.parent_id, ts_ns=ts_ns, route=route, state=sent.state), ts_ns
        )
        self.cancels_again += 1


def _lives_at(sent: SentOrder, venue: str) -> bool:
    return sent.route.venue == venue and sent.state.status in LIVE
