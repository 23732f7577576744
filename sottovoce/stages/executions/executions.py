"""The executions stage: what became of every order at every venue, and the ledgers that follow from it.

Its parts, each a page: reports.py what a venue's report means, questions.py orders whose fate is not known,
changes.py cancels and replaces, breaks.py our record against the drop copy, people.py what two people may declare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.access import Directory
from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus, RejReason
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.ports import VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import (
    AckTimeout,
    CloseBreak,
    DropCopyReport,
    DropCopySweep,
    MassStatusEnd,
    ResolveUnknown,
    RouteStopped,
    SessionStatus,
)
from sottovoce.core.session_events import ChildReplaceApproved
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.work_events import ChildCancelRequested
from sottovoce.stages.executions.book import ExecutionsBook
from sottovoce.stages.executions.breaks import Breaks
from sottovoce.stages.executions.changes import Changes
from sottovoce.stages.executions.config import ExecutionsConfig
from sottovoce.stages.executions.people import People
from sottovoce.stages.executions.questions import Questions
from sottovoce.stages.executions.reports import Reports

NOBODY = Directory(principals=())


class Executions:
    """Decides on everything venues, their drop copies and their timers say, and on what is asked of live orders."""

    name = "executions"

    def __init__(
        self,
        venues: Sequence[VenueFacts],
        config: ExecutionsConfig | None = None,
        directory: Directory = NOBODY,
    ) -> None:
        facts = {each.venue: each for each in venues}
        self._book = ExecutionsBook(config or ExecutionsConfig())
        self._breaks = Breaks(self._book)
        self._questions = Questions(self._book, self._breaks)
        self._reports = Reports(self._book, facts, self._breaks)
        self._changes = Changes(self._book, self._questions, facts)
        self._people = People(self._book, directory)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            ExecutionReport: self._report,
            CancelReject: self._questions.refused,
            ChildRouted: self._questions.sent,
            ChildCancelRequested: self._changes.cancel_child,
            ChildReplaceApproved: self._changes.replace,
            RouteStopped: self._changes.stopped,
            AckTimeout: self._questions.overdue,
            SessionStatus: self._questions.session,
            MassStatusEnd: self._questions.told_all,
            DropCopyReport: self._drop_copy,
            DropCopySweep: self._breaks.sweep,
            ResolveUnknown: self._people.resolve,
            CloseBreak: self._people.close,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    def _report(self, report: ExecutionReport, view: MarketView) -> Sequence[StageEvent]:
        """A report is an answer to a question, or news."""
        if report.exec_type is ExecType.ORDER_STATUS and report.reason is RejReason.UNKNOWN_ORDER:
            sent = self._book.find(report.cl_ord_id)
            if sent is not None and sent.route.venue == report.venue:
                return self._questions.not_known(report, sent, view)
        return self._reports.decide(report, view)

    def _drop_copy(self, report: DropCopyReport, view: MarketView) -> Sequence[StageEvent]:
        """Of an order we have lost sight of the drop copy is the venue's word; of any other it is compared."""
        sent = self._book.find(report.cl_ord_id)
        if sent is None or sent.state.status is not OrdStatus.UNKNOWN:
            return self._breaks.report(report, view)
        told = ExecutionReport(
            parent_id=sent.state.parent_id,
            **{name: getattr(report, name) for name in COPIED},
        )
        return self._reports.decide(told, view)


COPIED = tuple(field.name for field in msgspec.structs.fields(DropCopyReport) if field.name not in ("instrument_id",))
"""What a drop copy takes over from the report it copies."""
