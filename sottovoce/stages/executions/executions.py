"""The executions stage: the only constructor of fills and order states.

A report is counted once by its ExecID, whatever is repeated. One that cannot be true of its order is quarantined.
An overfill is booked in full and pauses the parent: a person must look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus
from sottovoce.core.events import (
    ChildCancelRequested,
    Fill,
    FillBusted,
    FillCorrected,
    ParentPaused,
    ReportIgnored,
    ReportQuarantined,
    RouteCancelRequested,
    RouteUpdated,
    StageEvent,
)
from sottovoce.core.lifecycle import LIVE, Execution, Impossible, Transition, transition
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.ports import VenueFacts
from sottovoce.core.stage import Applier, Decider
from sottovoce.stages.executions.book import ExecutionsBook, SentOrder

OVERFILLED = "the venue filled more than was wanted"


class Executions:
    """Decides on ExecutionReport, CancelReject and ChildCancelRequested."""

    name = "executions"

    def __init__(self, venues: Sequence[VenueFacts]) -> None:
        self._venues = {facts.venue: facts for facts in venues}
        self._book = ExecutionsBook()

    def deciders(self) -> Mapping[type, Decider]:
        return {
            ExecutionReport: self._report,
            CancelReject: self._cancel_reject,
            ChildCancelRequested: self._cancel_child,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    # decisions -------------------------------------------------------------------------------------------

    def _report(self, report: ExecutionReport, view: MarketView) -> Sequence[StageEvent]:
        sent = self._book.state.sent.get(report.cl_ord_id)
        if sent is None:
            return (self._quarantined(report, "unknown_route", report.text, view),)
        if report.exec_id in sent.seen:
            return (self._ignored(report, sent, view),)
        if report.venue != sent.route.venue:
            return (self._quarantined(report, "wrong_venue", f"sent to {sent.route.venue}", view),)
        ref = sent.executions.get(report.exec_ref_id)
        outcome = transition(sent.state, report, ref)
        if isinstance(outcome, Impossible):
            return (self._quarantined(report, outcome.code, outcome.text, view),)
        return self._moved(report, sent, outcome, ref, view)

    def _ignored(
        self, report: ExecutionReport | CancelReject, sent: SentOrder, view: MarketView
    ) -> ReportIgnored:
        return ReportIgnored(
            parent_id=sent.state.parent_id, ts_ns=view.ts_ns, exec_id=report.exec_id, venue=report.venue
        )

    def _quarantined(
        self, report: ExecutionReport | CancelReject, code: str, text: str, view: MarketView
    ) -> ReportQuarantined:
        return ReportQuarantined(
            parent_id=report.parent_id,
            ts_ns=view.ts_ns,
            exec_id=report.exec_id,
            venue=report.venue,
            cl_ord_id=report.cl_ord_id,
            code=code,
            text=text,
        )

    def _moved(
        self,
        report: ExecutionReport,
        sent: SentOrder,
        moved: Transition,
        ref: Execution | None,
        view: MarketView,
    ) -> Sequence[StageEvent]:
        """The events of a report: the order's new state first, then the trade, bust or correction."""
        updated = RouteUpdated(
            parent_id=sent.state.parent_id,
            ts_ns=view.ts_ns,
            child_id=sent.state.child_id,
            state=moved.state,
            freed_qty=moved.freed_qty,
            raised_qty=moved.added_qty,
            exec_id=report.exec_id,
            cause=report.text or report.exec_type.value,
        )
        if report.exec_type is ExecType.TRADE:
            return self._traded(report, sent, moved, updated, view)
        if report.exec_type is ExecType.TRADE_CANCEL and ref is not None:
            return updated, self._busted(report, sent, moved, ref, view)
        if report.exec_type is ExecType.TRADE_CORRECT and ref is not None:
            corrected = self._corrected(report, sent, moved, ref, view)
            return updated, corrected, *self._overfilled(sent, moved, corrected.over_qty, view)
        return (updated,)

    def _overfilled(self, sent: SentOrder, moved: Transition, over: int, view: MarketView) -> Sequence[StageEvent]:
        """More than its order or its parent had room for pauses the parent."""
        if over == 0 and moved.over_qty == 0:
            return ()
        return (ParentPaused(parent_id=sent.state.parent_id, ts_ns=view.ts_ns, reason=OVERFILLED),)

    def _traded(
        self, report: ExecutionReport, sent: SentOrder, moved: Transition, updated: RouteUpdated, view: MarketView
    ) -> Sequence[StageEvent]:
        state, ledger = moved.state, self._book.state.ledgers[sent.state.parent_id]
        working, unsent, returned, over = ledger.split(moved.from_leaves, moved.from_closed, moved.over_qty)
        mid, half_spread = self._touch(sent, view)
        liquidity = report.liquidity or LastLiquidityInd.REMOVED
        fill = Fill(
            parent_id=state.parent_id,
            ts_ns=view.ts_ns,
            child_id=state.child_id,
            cl_ord_id=state.cl_ord_id,
            exec_id=report.exec_id,
            venue=report.venue,
            side=sent.route.side,
            qty=report.last_qty,
            px=report.last_px,
            fee=self._fee(report.venue, liquidity) * report.last_qty,
            liquidity=liquidity,
            transact_ns=report.transact_ns,
            mid_px=mid or report.last_px,
            half_spread=half_spread,
            from_working=working,
            from_unsent=unsent,
            from_returned=returned,
            over_qty=over,
            late=moved.from_closed > 0,
        )
        return updated, fill, *self._overfilled(sent, moved, over, view)

    def _touch(self, sent: SentOrder, view: MarketView) -> tuple[int, int]:
        """Mid and half the spread now, (0, 0) when there is no usable quote."""
        quote = view.quote(sent.route.instrument_id)
        return (0, 0) if isinstance(quote, Unusable) else (quote.mid, (quote.ask - quote.bid) // 2)

    def _fee(self, venue: str, liquidity: LastLiquidityInd) -> int:
        facts = self._venues.get(venue)
        if facts is None:
            return 0
        if liquidity is LastLiquidityInd.ADDED:
            return facts.make_fee
        return facts.auction_fee if liquidity is LastLiquidityInd.AUCTION else facts.take_fee

    def _busted(
        self, report: ExecutionReport, sent: SentOrder, moved: Transition, ref: Execution, view: MarketView
    ) -> FillBusted:
        return FillBusted(
            parent_id=sent.state.parent_id,
            ts_ns=view.ts_ns,
            child_id=sent.state.child_id,
            cl_ord_id=sent.state.cl_ord_id,
            exec_id=report.exec_id,
            exec_ref_id=report.exec_ref_id,
            qty=moved.busted_qty,
            px=ref.px,
            fee=ref.fee * moved.busted_qty // ref.qty if ref.qty else 0,
        )

    def _corrected(
        self, report: ExecutionReport, sent: SentOrder, moved: Transition, ref: Execution, view: MarketView
    ) -> FillCorrected:
        ledger = self._book.state.ledgers[sent.state.parent_id]
        working, unsent, returned, over = ledger.split(moved.from_leaves, moved.from_closed, moved.over_qty)
        return FillCorrected(
            parent_id=sent.state.parent_id,
            ts_ns=view.ts_ns,
            child_id=sent.state.child_id,
            cl_ord_id=sent.state.cl_ord_id,
            exec_id=report.exec_id,
            exec_ref_id=report.exec_ref_id,
            old_qty=ref.qty,
            old_px=ref.px,
            qty=report.last_qty,
            px=report.last_px,
            from_working=working,
            from_unsent=unsent,
            from_returned=returned,
            over_qty=over,
            busted_qty=moved.busted_qty,
        )

    def _cancel_reject(self, reject: CancelReject, view: MarketView) -> Sequence[StageEvent]:
        """The venue would not cancel. Its order is what it was before; an unknown order is not assumed dead."""
        sent = self._book.state.sent.get(reject.cl_ord_id)
        if sent is None:
            return (self._quarantined(reject, "unknown_route", reject.text, view),)
        if reject.exec_id in sent.seen:
            return (self._ignored(reject, sent, view),)
        if reject.venue != sent.route.venue:
            return (self._quarantined(reject, "wrong_venue", f"sent to {sent.route.venue}", view),)
        state = sent.state
        if state.status is OrdStatus.PENDING_CANCEL:
            live = OrdStatus.PARTIALLY_FILLED if state.cum_qty else OrdStatus.NEW
            state = msgspec.structs.replace(state, status=live)
        updated = RouteUpdated(
            parent_id=state.parent_id,
            ts_ns=view.ts_ns,
            child_id=state.child_id,
            state=state,
            freed_qty=0,
            raised_qty=0,
            exec_id=reject.exec_id,
            cause=f"cancel rejected: {reject.text}",
        )
        return (updated,)

    def _cancel_child(self, event: ChildCancelRequested, view: MarketView) -> Sequence[StageEvent]:
        """A cancel for every live order of the child that has not been asked to cancel yet."""
        asked: list[StageEvent] = []
        for cl_ord_id in self._book.state.by_child.get(event.child_id, ()):
            sent = self._book.state.sent[cl_ord_id]
            if sent.state.status in LIVE and sent.state.status is not OrdStatus.PENDING_CANCEL:
                state = msgspec.structs.replace(sent.state, status=OrdStatus.PENDING_CANCEL)
                asked.append(
                    RouteCancelRequested(parent_id=event.parent_id, ts_ns=view.ts_ns, route=sent.route, state=state)
                )
        return asked
