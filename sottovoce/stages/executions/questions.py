"""Orders whose fate is not known, and how it is found out (V13, law L4).

A venue that does not answer in time is asked what became of the order; until it says, the order is UNKNOWN, keeps
every share it had open, and nothing takes its place. A cancel that the venue refuses for an order it does not know
is a question too. When a line comes up again the venue tells of all our open orders, and what it leaves out is asked
about one by one. "Unknown order" proves that an order never arrived only where the line came up after it was sent, the
venue said so after that, and never acknowledged it; else it may still be on its way.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus, RejReason
from sottovoce.core.events import StageEvent
from sottovoce.core.lifecycle import LIVE, TERMINAL, Transition, transition
from sottovoce.core.market import MarketView
from sottovoce.core.order_moves import changed, lost_sight, replace_refused
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import AckTimeout, MassStatusEnd, SessionStatus
from sottovoce.core.session_events import (
    ArrivalDisproved,
    BreakKind,
    MassStatusRequested,
    SessionDown,
    SessionUp,
    Unanswered,
    VenueReconciled,
)
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.executions import words
from sottovoce.stages.executions.book import ASKING, ExecutionsBook
from sottovoce.stages.executions.breaks import Breaks
from sottovoce.stages.executions.records import SentOrder

UNANSWERED = {
    OrdStatus.PENDING_NEW: Unanswered.NEW,
    OrdStatus.PENDING_CANCEL: Unanswered.CANCEL,
    OrdStatus.PENDING_REPLACE: Unanswered.REPLACE,
}
NEVER_ARRIVED = "never arrived: unknown to its venue after the line came up"


class Questions:
    """Decides on ChildRouted, AckTimeout, CancelReject, SessionStatus and MassStatusEnd."""

    def __init__(self, book: ExecutionsBook, breaks: Breaks) -> None:
        self._book = book
        self._breaks = breaks

    # waiting ---------------------------------------------------------------------------------------------

    def sent(self, event: ChildRouted, view: MarketView) -> Sequence[StageEvent]:
        """An order leaves: look in time whether it was answered."""
        return self.armed(event.parent_id, view.ts_ns)

    def armed(self, parent_id: str, now_ns: int) -> list[StageEvent]:
        """The look at what a parent is owed, unless one is arranged."""
        number, at_ns = self._book.state.timers.get(parent_id, (0, 0))
        if at_ns > now_ns:
            return []
        return [self._timer(parent_id, number + 1, now_ns + self._book.config.ack_timeout_ns, now_ns)]

    def _timer(self, parent_id: str, number: int, at_ns: int, ts_ns: int) -> TimerSet:
        timer = AckTimeout(parent_id=parent_id, number=number)
        return TimerSet(parent_id=parent_id, ts_ns=ts_ns, at_ns=at_ns, timer=timer)

    def overdue(self, timer: AckTimeout, view: MarketView) -> Sequence[StageEvent]:
        """Ask about everything of a parent that should have been answered by now, and look again."""
        book, now = self._book, view.ts_ns
        number, _ = book.state.timers.get(timer.parent_id, (0, 0))
        if number != timer.number:
            return ()
        events: list[StageEvent] = []
        next_ns: list[int] = []
        for cl_ord_id, due_ns in book.state.due.get(timer.parent_id, {}).items():
            if due_ns > now:
                next_ns.append(due_ns)
                continue
            sent = book.state.sent[cl_ord_id]
            asked = self._ask(sent, now - due_ns + book.config.ack_timeout_ns, view)
            events += asked
            next_ns += [now + book.config.status_retry_ns] * bool(asked)
        if next_ns:
            events.append(self._timer(timer.parent_id, timer.number + 1, min(next_ns), now))
        return events

    def _ask(self, sent: SentOrder, waited_ns: int, view: MarketView) -> list[StageEvent]:
        """We have lost sight of an order: say so once, and ask while the line is up."""
        events: list[StageEvent] = []
        up = self._book.line(sent.route.venue).up
        status = sent.state.status
        if sent.held is not None and status in LIVE:
            theirs = f"{sent.held.ord_status.value}, {sent.held.cum_qty} done"
            events += self._breaks.of_order(sent, BreakKind.MISSING_FILLS, theirs, view)
        elif status in UNANSWERED:
            unanswered = UNANSWERED[status] if up else Unanswered.SESSION
            events.append(words.unknown(sent, unanswered, waited_ns, view.ts_ns))
        elif status not in ASKING:
            return []
        if up and sent.asked < self._book.config.status_asks:
            events.append(words.question(sent, view.ts_ns))
        return events

    # answers ---------------------------------------------------------------------------------------------

    def not_known(self, report: ExecutionReport, sent: SentOrder, view: MarketView) -> Sequence[StageEvent]:
        """A venue has no such order: proof where nothing can be on its way any more, else only news of no news."""
        if sent.state.status not in LIVE:
            return (words.ignored(report, sent, view.ts_ns),)
        of_this_line = report.transact_ns >= self._book.line(sent.route.venue).logon_ns
        if sent.settled and not sent.acked and of_this_line:
            return self._never_arrived(report, sent, view)
        events: list[StageEvent] = []
        if sent.state.status is not OrdStatus.UNKNOWN:
            events.append(words.unknown(sent, Unanswered.STATUS, 0, view.ts_ns))
        if sent.acked:
            events += self._breaks.of_order(sent, BreakKind.LOST_ORDER, "unknown order", view)
        return events or (words.ignored(report, sent, view.ts_ns),)

    def _never_arrived(self, report: ExecutionReport, sent: SentOrder, view: MarketView) -> list[StageEvent]:
        end = words.own_report(sent, ExecType.REJECTED, OrdStatus.REJECTED, NEVER_ARRIVED, view.ts_ns)
        gone = transition(sent.state, end, None)
        if not isinstance(gone, Transition):
            return []
        disproved = ArrivalDisproved(
            parent_id=sent.state.parent_id,
            ts_ns=view.ts_ns,
            cl_ord_id=sent.state.cl_ord_id,
            venue=sent.route.venue,
        )
        return [disproved, words.updated(sent, gone, report.exec_id, NEVER_ARRIVED, view.ts_ns)]

    def refused(self, reject: CancelReject, view: MarketView) -> Sequence[StageEvent]:
        """The venue would not cancel or replace. Its order is what it was before; an unknown one is not dead."""
        sent, now = self._book.find(reject.cl_ord_id), view.ts_ns
        if sent is None:
            return (words.quarantined(reject, "unknown_route", reject.text, now),)
        if reject.exec_id in sent.seen:
            return (words.ignored(reject, sent, now),)
        if reject.venue != sent.route.venue:
            return (words.quarantined(reject, "wrong_venue", f"sent to {sent.route.venue}", now),)
        replace = sent.replace is not None and reject.cl_ord_id == sent.replace.cl_ord_id
        moved = replace_refused(sent.state) if replace else _still_there(sent)
        what = "replace" if replace else "cancel"
        if _is_unknown(reject) and sent.state.status in LIVE:
            lost = Transition(state=lost_sight(moved.state), freed_qty=moved.freed_qty)
            updated = words.updated(sent, lost, reject.exec_id, f"{what} rejected: {reject.text}", now, denied=True)
            return [updated, words.unknown(sent, Unanswered.STATUS, 0, now), words.question(sent, now)]
        updated = words.updated(sent, moved, reject.exec_id, f"{what} rejected: {reject.text}", now)
        if reject.ord_status in TERMINAL and moved.state.status in LIVE:
            return [updated, words.question(sent, now)]
        return (updated,)

    # lines -----------------------------------------------------------------------------------------------

    def session(self, message: SessionStatus, view: MarketView) -> Sequence[StageEvent]:
        """A line went down, or came up: then ask for everything of ours that is open there."""
        now, venue = view.ts_ns, message.venue
        if not message.up:
            return (SessionDown(parent_id="", ts_ns=now, venue=venue, reason=message.text),)
        logon = self._book.line(venue).logons + 1
        opened = [self._book.state.sent[each] for each in self._book.state.open_at.get(venue, ())]
        instruments = dict.fromkeys(each.route.instrument_id for each in opened)
        asked = [
            MassStatusRequested(
                parent_id="",
                ts_ns=now,
                venue=venue,
                instrument_id=instrument_id,
                request_id=f"L{logon}.{venue}.{instrument_id}",
            )
            for instrument_id in instruments
        ]
        parents = dict.fromkeys(each.state.parent_id for each in opened)
        timers = [timer for parent_id in parents for timer in self.armed(parent_id, now)]
        since = message.logon_ns or now
        return [SessionUp(parent_id="", ts_ns=now, venue=venue, reason=message.text, logon_ns=since), *asked, *timers]

    def told_all(self, message: MassStatusEnd, view: MarketView) -> Sequence[StageEvent]:
        """The venue has told of every open order: what it left out is asked about, one by one."""
        state, now = self._book.state, view.ts_ns
        logon = self._book.line(message.venue).logons
        ours = message.request_id == f"L{logon}.{message.venue}.{message.instrument_id}"
        opened = [state.sent[each] for each in state.open_at.get(message.venue, ())] if ours else []
        missing = [each for each in opened if each.settled and each.route.instrument_id == message.instrument_id]
        reconciled = VenueReconciled(
            parent_id="",
            ts_ns=now,
            venue=message.venue,
            instrument_id=message.instrument_id,
            request_id=message.request_id,
            reports=message.reports,
            missing=tuple(each.state.cl_ord_id for each in missing),
        )
        return [reconciled, *(words.question(each, now, f"L{logon}.") for each in missing)]


def _is_unknown(reject: CancelReject) -> bool:
    return reject.reason is RejReason.UNKNOWN_ORDER


def _still_there(sent: SentOrder) -> Transition:
    """A cancel that was refused: the order works on, or is what it has become since."""
    state = sent.state
    if state.status is not OrdStatus.PENDING_CANCEL:
        return Transition(state=state)
    live = OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
    return Transition(state=changed(state, status=OrdStatus.PENDING_REPLACE if state.pending_qty else live))
