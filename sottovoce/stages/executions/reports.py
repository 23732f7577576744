"""What an execution report means: the only constructor of fills, busts, corrections and order states.

A report is counted once by its ExecID, whatever is repeated. One that cannot be true of its order is quarantined; one
that counts trades we have not been told of waits for them. An overfill is booked in full and pauses the parent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, ParentPaused, RouteUpdated
from sottovoce.core.lifecycle import LIVE, Execution, Impossible, Transition, transition
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.order_moves import awaiting
from sottovoce.core.ports import VenueFacts
from sottovoce.core.session_events import BreakKind, ReportHeld
from sottovoce.stages.executions import words
from sottovoce.stages.executions.book import REPLACED, ExecutionsBook
from sottovoce.stages.executions.breaks import Breaks
from sottovoce.stages.executions.records import SentOrder

OVERFILLED = "the venue filled more than was wanted"
OPENING = {
    "unknown_route": BreakKind.UNKNOWN_ORDER,
    "bust_of_unknown": BreakKind.UNKNOWN_TRADE,
    "correct_of_unknown": BreakKind.UNKNOWN_TRADE,
}
"""Quarantined reports that say something we have no record of: a break, for people to explain."""
ALIVE = (OrdStatus.NEW, OrdStatus.PARTIALLY_FILLED, OrdStatus.PENDING_CANCEL, OrdStatus.PENDING_REPLACE)


class Reports:
    """Decides on ExecutionReport."""

    def __init__(self, book: ExecutionsBook, venues: Mapping[str, VenueFacts], breaks: Breaks) -> None:
        self._book = book
        self._venues = venues
        self._breaks = breaks

    def decide(self, report: ExecutionReport, view: MarketView) -> Sequence[StageEvent]:
        """The events of one report that is not an answer "unknown order"."""
        sent = self._book.find(report.cl_ord_id)
        if sent is None:
            return self._put_aside(report, "unknown_route", report.text, view)
        if report.exec_id in sent.seen:
            return (words.ignored(report, sent, view.ts_ns),)
        if report.venue != sent.route.venue:
            return self._put_aside(report, "wrong_venue", f"sent to {sent.route.venue}", view)
        report = _as_replace(report, sent)
        older = sent.held is not None and report.cum_qty <= sent.held.cum_qty
        if older and sent.held is not None and not report.leaves_qty:  # more has traded since it was said
            report = msgspec.structs.replace(report, cum_qty=sent.held.cum_qty)
        missing = awaiting(sent.state, report)
        if missing is not None and older and report.leaves_qty:  # a newer word waits already
            return (words.ignored(report, sent, view.ts_ns),)
        if missing is not None:
            return (_held(report, sent, missing.missing_qty, view.ts_ns),)
        ref = sent.executions.get(report.exec_ref_id)
        outcome = transition(sent.state, report, ref)
        if isinstance(outcome, Impossible):
            return self._put_aside(report, outcome.code, outcome.text, view)
        events = list(self._moved(report, sent, outcome, ref, view))
        return events + (self._caught_up(sent, outcome, view) or self._undead(report, sent, outcome, view))

    def _put_aside(self, report: ExecutionReport, code: str, text: str, view: MarketView) -> list[StageEvent]:
        """Keep a report that cannot be true of its order; if it tells of what we do not know, that is a break."""
        events: list[StageEvent] = [words.quarantined(report, code, text, view.ts_ns)]
        kind = OPENING.get(code)
        if kind is not None:
            events += self._breaks.of_report(report, kind, view)
        return events

    def _caught_up(self, sent: SentOrder, moved: Transition, view: MarketView) -> list[StageEvent]:
        """A report that waited for these trades can be applied now."""
        held = sent.held
        if held is None or awaiting(moved.state, held) is not None:
            return []
        outcome = transition(moved.state, held, None)
        if not isinstance(outcome, Transition):
            return []
        return [words.updated(sent, outcome, held.exec_id, held.text or held.exec_type.value, view.ts_ns)]

    def _undead(
        self, report: ExecutionReport, sent: SentOrder, moved: Transition, view: MarketView
    ) -> list[StageEvent]:
        """An order we had lost sight of works: if it was to be canceled, that is said again; if declared dead, too."""
        state = moved.state
        found = msgspec.structs.replace(sent, state=state)  # the cancel carries what the report has just told
        if sent.state.status is OrdStatus.UNKNOWN and sent.canceling and state.status in ALIVE:
            return [words.cancel(found, view.ts_ns)]
        if sent.declared and state.status not in LIVE and report.leaves_qty and report.ord_status in ALIVE:
            return [words.cancel(found, view.ts_ns), *self._breaks.of_report(report, BreakKind.RESURRECTED, view)]
        return []

    def _moved(
        self,
        report: ExecutionReport,
        sent: SentOrder,
        moved: Transition,
        ref: Execution | None,
        view: MarketView,
    ) -> Sequence[StageEvent]:
        """The events of a report: the order's new state first, then the trade, bust or correction."""
        updated = words.updated(sent, moved, report.exec_id, _cause(report), view.ts_ns)
        if report.exec_type is ExecType.TRADE:
            return self._traded(report, sent, moved, updated, view)
        if report.exec_type is ExecType.TRADE_CANCEL and ref is not None:
            return updated, _busted(report, sent, moved, ref, view)
        if report.exec_type is ExecType.TRADE_CORRECT and ref is not None:
            corrected = self._corrected(report, sent, moved, ref, view)
            return updated, corrected, *_overfilled(sent, moved, corrected.over_qty, view)
        return (updated,)

    def _traded(
        self, report: ExecutionReport, sent: SentOrder, moved: Transition, updated: RouteUpdated, view: MarketView
    ) -> Sequence[StageEvent]:
        state, ledger = moved.state, self._book.ledger(sent.state.parent_id)
        working, unsent, returned, over = ledger.split(moved.from_leaves, moved.from_closed, moved.over_qty)
        mid, half_spread = _touch(sent, view)
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
        return updated, fill, *_overfilled(sent, moved, over, view), *self._breaks.of_fill(fill, sent, view)

    def _fee(self, venue: str, liquidity: LastLiquidityInd) -> int:
        facts = self._venues.get(venue)
        if facts is None:
            return 0
        if liquidity is LastLiquidityInd.ADDED:
            return facts.make_fee
        return facts.auction_fee if liquidity is LastLiquidityInd.AUCTION else facts.take_fee

    def _corrected(
        self, report: ExecutionReport, sent: SentOrder, moved: Transition, ref: Execution, view: MarketView
    ) -> FillCorrected:
        ledger = self._book.ledger(sent.state.parent_id)
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
            old_fee=ref.fee,
            qty=report.last_qty,
            px=report.last_px,
            fee=ref.rate * report.last_qty,
            from_working=working,
            from_unsent=unsent,
            from_returned=returned,
            over_qty=over,
            busted_qty=moved.busted_qty,
        )


def _as_replace(report: ExecutionReport, sent: SentOrder) -> ExecutionReport:
    """A venue that speaks of an order under the name a replace asked for has taken the replace."""
    asked = sent.replace
    if asked is None or report.cl_ord_id != asked.cl_ord_id:
        return report
    if report.exec_type is ExecType.ORDER_STATUS and report.leaves_qty:
        return msgspec.structs.replace(report, exec_type=ExecType.REPLACED, order_qty=asked.qty)
    if report.exec_type is ExecType.REPLACED and report.order_qty is None:
        return msgspec.structs.replace(report, order_qty=asked.qty)
    return report


def _held(report: ExecutionReport, sent: SentOrder, missing_qty: int, ts_ns: int) -> ReportHeld:
    return ReportHeld(
        parent_id=sent.state.parent_id,
        ts_ns=ts_ns,
        child_id=sent.state.child_id,
        cl_ord_id=sent.state.cl_ord_id,
        exec_id=report.exec_id,
        exec_type=report.exec_type,
        ord_status=report.ord_status,
        cum_qty=report.cum_qty,
        missing_qty=missing_qty,
        text=report.text,
    )


def _cause(report: ExecutionReport) -> str:
    if report.exec_type is ExecType.REPLACED:
        return f"{REPLACED}: {report.text}" if report.text else REPLACED
    return report.text or report.exec_type.value


def _overfilled(sent: SentOrder, moved: Transition, over: int, view: MarketView) -> Sequence[StageEvent]:
    """More than its order or its parent had room for pauses the parent."""
    if over == 0 and moved.over_qty == 0:
        return ()
    return (ParentPaused(parent_id=sent.state.parent_id, ts_ns=view.ts_ns, reason=OVERFILLED),)


def _touch(sent: SentOrder, view: MarketView) -> tuple[int, int]:
    """Mid and half the spread now, (0, 0) when there is no usable quote."""
    quote = view.quote(sent.route.instrument_id)
    return (0, 0) if isinstance(quote, Unusable) else (quote.mid, (quote.ask - quote.bid) // 2)


def _busted(
    report: ExecutionReport, sent: SentOrder, moved: Transition, ref: Execution, view: MarketView
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
