"""What we ask of orders at their venues: cancels, replaces, and what the guard at the door kept in.

A replace is asked for one at a time; the next one waits for the answer. Old and new quantity count until then: a raise
is taken from unsent with the request, a reduction frees nothing before the venue has confirmed it (P4, K9).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sottovoce.core.enums import ExecType, OrdStatus, VenueKind
from sottovoce.core.events import StageEvent
from sottovoce.core.halts import HaltKind, HaltScope, Standing
from sottovoce.core.ids import VENUE_ID_LENGTH
from sottovoce.core.lifecycle import LIVE, Transition, transition
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import HaltSet
from sottovoce.core.order_moves import asked_to_replace, replace_refused
from sottovoce.core.ports import VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.core.session_commands import RouteStopped
from sottovoce.core.session_events import ChildReplaceApproved, ChildReplaceRejected, RouteReplaceRequested
from sottovoce.core.work_events import ChildCancelRequested
from sottovoce.stages.executions import words
from sottovoce.stages.executions.book import WORKING, ExecutionsBook
from sottovoce.stages.executions.questions import Questions
from sottovoce.stages.executions.records import SentOrder

GUARD = "guard"
STOPPED = "stopped at the door"


class Changes:
    """Decides on ChildCancelRequested, ChildReplaceApproved and RouteStopped."""

    def __init__(self, book: ExecutionsBook, questions: Questions, venues: dict[str, VenueFacts]) -> None:
        self._book = book
        self._questions = questions
        self._lit = {venue for venue, facts in venues.items() if facts.kind is VenueKind.LIT}

    def cancel_child(self, event: ChildCancelRequested, view: MarketView) -> Sequence[StageEvent]:
        """A cancel for every live order of the child that has not been asked to cancel yet, or is to be asked again."""
        asked: list[StageEvent] = []
        for cl_ord_id in self._book.state.by_child.get(event.child_id, ()):
            sent = self._book.state.sent[cl_ord_id]
            if sent.state.status in LIVE and (event.again or sent.state.status is not OrdStatus.PENDING_CANCEL):
                asked.append(words.cancel(sent, view.ts_ns))
        return asked + self._questions.armed(event.parent_id, view.ts_ns) if asked else ()

    def replace(self, event: ChildReplaceApproved, view: MarketView) -> Sequence[StageEvent]:
        """Ask the venue for another size or price; where that cannot be asked now, say why."""
        sent = self._book.find(event.cl_ord_id)
        why = self._refusal(sent)
        if sent is None or why:
            refused = failure(words.STAGE, why, event.cl_ord_id)
            return (
                ChildReplaceRejected(
                    parent_id=event.parent_id,
                    ts_ns=view.ts_ns,
                    child_id=event.child_id,
                    cl_ord_id=event.cl_ord_id,
                    failures=(refused,),
                ),
            )
        moved = asked_to_replace(sent.state, event.qty)
        name = _next_name(sent)
        asked = RouteReplaceRequested(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            route=sent.route,
            new_cl_ord_id=name,
            qty=event.qty,
            price=event.price,
            state=moved.state,
        )
        updated = words.updated(sent, moved, f"{name}?", f"asked to replace: {event.qty} at {event.price}", view.ts_ns)
        return [asked, updated, *self._questions.armed(event.parent_id, view.ts_ns)]

    def _refusal(self, sent: SentOrder | None) -> str:
        """Why an order cannot be replaced now, "" when it can."""
        if sent is None or sent.state.status not in WORKING:
            return "not_replaceable"
        return "" if sent.route.venue in self._lit else "venue_replaces_none"

    def stopped(self, message: RouteStopped, view: MarketView) -> Sequence[StageEvent]:
        """The guard kept an order in: it never left, its parent is halted until risk says otherwise."""
        sent, now = self._book.find(message.cl_ord_id), view.ts_ns
        if sent is None:
            return ()
        cause = f"{STOPPED}: {message.scope} has {message.committed} committed of {message.most}, {message.qty} more"
        name = f"{GUARD}:{message.cl_ord_id}"
        if name in sent.seen:
            return ()
        moved = replace_refused(sent.state) if sent.replace is not None else _never_sent(sent)
        scope = HaltScope(kind=HaltKind.ORDER, name=message.parent_id)
        halt = Standing(scope=scope, reason=cause, principal=GUARD, ts_ns=now)
        return [words.updated(sent, moved, name, cause, now), HaltSet(parent_id="", ts_ns=now, halt=halt)]


def _never_sent(sent: SentOrder) -> Transition:
    """An order that did not leave is over; it never was at its venue."""
    report = words.own_report(sent, ExecType.REJECTED, OrdStatus.REJECTED, "", 0)
    outcome = transition(sent.state, report, None)
    assert isinstance(outcome, Transition), "an order that never left cannot have news that is impossible"
    return outcome


def _next_name(sent: SentOrder) -> str:
    """The ClOrdID of an order's next replace: derived from the order, so a crash or a repetition yields the same."""
    cause = f"{sent.state.cl_ord_id}>{len(sent.named) + 1}".encode()
    return hashlib.blake2b(cause, digest_size=VENUE_ID_LENGTH // 2).hexdigest().upper()
