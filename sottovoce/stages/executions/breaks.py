"""Comparing our record with the drop copy, and keeping the differences open until somebody explains them (PO-02, V12).

Each trade has two tellers, the venue's session and its drop copy. Whichever is first waits for the other; when they
agree nothing is said. A difference is a break with both sides' figures: told to people after 30 s, at once where the
figures differ, and after 5 min the instrument is held. What the drop copy says of an order we have lost sight of is
taken as the venue's word.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill
from sottovoce.core.halts import HaltKind, HaltScope, Standing
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import HaltSet
from sottovoce.core.session_commands import DropCopyReport, DropCopySweep
from sottovoce.core.session_events import (
    BreakAged,
    BreakClosed,
    BreakKind,
    BreakOpened,
    DropCopyMatched,
    DropCopyNoted,
)
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.executions.book import ExecutionsBook
from sottovoce.stages.executions.breaks_book import key_of
from sottovoce.stages.executions.records import OpenBreak, SentOrder, Side

NOTHING = "nothing"
KEEPER = "executions"


class Breaks:
    """Decides on DropCopyReport (of orders we know of) and DropCopySweep."""

    def __init__(self, book: ExecutionsBook) -> None:
        self._book = book

    # what other parts report -----------------------------------------------------------------------------

    def of_report(self, report: ExecutionReport, kind: BreakKind, view: MarketView) -> list[StageEvent]:
        """A report tells of what we have no record of."""
        sent = self._book.find(report.cl_ord_id)
        theirs = f"{report.exec_type.value} {_figure(report.last_qty, report.last_px)}"
        ours = NOTHING if sent is None else f"{sent.state.status.value} {sent.state.cum_qty} done"
        return self._opened(kind, report.parent_id, report.venue, report.cl_ord_id, report.exec_id, ours, theirs, view)

    def of_order(self, sent: SentOrder, kind: BreakKind, theirs: str, view: MarketView) -> list[StageEvent]:
        """A venue and we disagree about an order as a whole."""
        state = sent.state
        ours = f"{state.status.value}, {state.cum_qty} done, {state.leaves_qty} open"
        return self._opened(
            kind, state.parent_id, sent.route.venue, state.cl_ord_id, state.cl_ord_id, ours, theirs, view
        )

    def of_fill(self, fill: Fill, sent: SentOrder, view: MarketView) -> list[StageEvent]:
        """A trade of ours: compared with the drop copy's word if that came first, else waiting for it."""
        key = key_of(fill.venue, fill.exec_id)
        told = self._book.state.theirs.get(key)
        if told is None:
            waits = fill.venue in self._book.config.drop_copy_venues
            return self.armed(fill.parent_id, view) if waits else []
        closed = self._closing(break_id(BreakKind.ONLY_THEIRS, fill.venue, fill.exec_id), "venue session", view)
        return closed + self._compared(fill, told, sent, view)

    def _compared(self, fill: Fill, told: Side, sent: SentOrder, view: MarketView) -> list[StageEvent]:
        if (told.qty, told.px) == (fill.qty, fill.px):
            return []
        ours, theirs = _figure(fill.qty, fill.px), _figure(told.qty, told.px)
        name = (fill.venue, fill.cl_ord_id, fill.exec_id)
        return self._opened(BreakKind.FIGURES, fill.parent_id, *name, ours, theirs, view)

    # the drop copy ---------------------------------------------------------------------------------------

    def report(self, report: DropCopyReport, view: MarketView) -> Sequence[StageEvent]:
        """Compare what the drop copy says of a trade with our record, or keep it until our record comes."""
        sent = self._book.find(report.cl_ord_id)
        if report.exec_type is not ExecType.TRADE:
            return ()
        if sent is None:
            name = (report.venue, report.cl_ord_id, report.exec_id)
            theirs = _figure(report.last_qty, report.last_px)
            return self._opened(BreakKind.UNKNOWN_ORDER, "", *name, NOTHING, theirs, view, report.instrument_id)
        key = key_of(report.venue, report.exec_id)
        ours = self._book.state.ours.get(key)
        if ours is not None:
            return self._matched(report, ours, view)
        if report.exec_id in sent.executions or key in self._book.state.theirs:
            return ()  # told before
        noted = DropCopyNoted(
            parent_id=sent.state.parent_id,
            ts_ns=view.ts_ns,
            venue=report.venue,
            cl_ord_id=sent.state.cl_ord_id,
            exec_id=report.exec_id,
            instrument_id=sent.route.instrument_id,
            qty=report.last_qty,
            px=report.last_px,
        )
        return [noted, *self.armed(sent.state.parent_id, view)]

    def _matched(self, report: DropCopyReport, ours: Side, view: MarketView) -> list[StageEvent]:
        matched = DropCopyMatched(
            parent_id=ours.parent_id, ts_ns=view.ts_ns, venue=report.venue, exec_id=report.exec_id
        )
        closed = self._closing(break_id(BreakKind.ONLY_OURS, report.venue, report.exec_id), "drop copy", view)
        if (ours.qty, ours.px) == (report.last_qty, report.last_px):
            return [matched, *closed]
        name = (report.venue, ours.cl_ord_id, report.exec_id)
        figures = (_figure(ours.qty, ours.px), _figure(report.last_qty, report.last_px))
        return [matched, *closed, *self._opened(BreakKind.FIGURES, ours.parent_id, *name, *figures, view)]

    # time ------------------------------------------------------------------------------------------------

    def armed(self, parent_id: str, view: MarketView) -> list[StageEvent]:
        """A look at what is unmatched in time to warn, if none is arranged."""
        number, at_ns = self._book.state.sweeps.get(parent_id, (0, 0))
        if at_ns > view.ts_ns:
            return []
        return [self._timer(parent_id, number + 1, view.ts_ns + self._book.config.break_warn_ns, view.ts_ns)]

    def _timer(self, parent_id: str, number: int, at_ns: int, ts_ns: int) -> TimerSet:
        sweep = DropCopySweep(parent_id=parent_id, number=number)
        return TimerSet(parent_id=parent_id, ts_ns=ts_ns, at_ns=at_ns, timer=sweep)

    def sweep(self, timer: DropCopySweep, view: MarketView) -> Sequence[StageEvent]:
        """Open a break for what only one side has told of for too long; hold the instrument of an old break."""
        state, config, now = self._book.state, self._book.config, view.ts_ns
        if state.sweeps.get(timer.parent_id, (0, 0))[0] != timer.number:
            return ()
        events: list[StageEvent] = []
        next_ns: list[int] = []
        for key in state.sides_of.get(timer.parent_id, ()):
            side, theirs = state.ours.get(key) or state.theirs[key], key in state.theirs
            kind = BreakKind.ONLY_THEIRS if theirs else BreakKind.ONLY_OURS
            exec_id = key.removeprefix(f"{side.venue}:")
            if break_id(kind, side.venue, exec_id) in state.breaks:
                continue
            if now >= side.since_ns + config.break_warn_ns:
                events += self._one_sided(kind, side, exec_id, view)
                next_ns.append(side.since_ns + config.break_hold_ns)
            else:
                next_ns.append(side.since_ns + config.break_warn_ns)
        for name in state.breaks_of.get(timer.parent_id, ()):
            found = state.breaks[name]
            if not found.holding and now >= found.opened_ns + config.break_hold_ns:
                events += self._aged(name, found, view)
            elif not found.holding:
                next_ns.append(found.opened_ns + config.break_hold_ns)
        if next_ns:
            events.append(self._timer(timer.parent_id, timer.number + 1, max(min(next_ns), now + 1), now))
        return events

    def _one_sided(self, kind: BreakKind, side: Side, exec_id: str, view: MarketView) -> list[StageEvent]:
        figure = _figure(side.qty, side.px)
        ours, theirs = (NOTHING, figure) if kind is BreakKind.ONLY_THEIRS else (figure, NOTHING)
        age_ns = view.ts_ns - side.since_ns
        opened = BreakOpened(
            parent_id=side.parent_id,
            ts_ns=view.ts_ns,
            break_id=break_id(kind, side.venue, exec_id),
            kind=kind,
            venue=side.venue,
            instrument_id=side.instrument_id,
            cl_ord_id=side.cl_ord_id,
            exec_id=exec_id,
            ours=ours,
            theirs=theirs,
            age_ns=age_ns,
        )
        return [opened]

    def _aged(self, name: str, found: OpenBreak, view: MarketView) -> list[StageEvent]:
        age_ns = view.ts_ns - found.opened_ns
        aged = BreakAged(
            parent_id=found.parent_id,
            ts_ns=view.ts_ns,
            break_id=name,
            instrument_id=found.instrument_id,
            age_ns=age_ns,
        )
        if not found.instrument_id:
            return [aged]
        reason = f"break {name} unexplained for {age_ns // 1_000_000_000} s: ours {found.ours}, theirs {found.theirs}"
        scope = HaltScope(kind=HaltKind.SYMBOL, name=found.instrument_id)
        halt = Standing(scope=scope, reason=reason, principal=KEEPER, ts_ns=view.ts_ns)
        return [aged, HaltSet(parent_id="", ts_ns=view.ts_ns, halt=halt)]

    # words -----------------------------------------------------------------------------------------------

    def _opened(
        self,
        kind: BreakKind,
        parent_id: str,
        venue: str,
        cl_ord_id: str,
        exec_id: str,
        ours: str,
        theirs: str,
        view: MarketView,
        instrument_id: str = "",
    ) -> list[StageEvent]:
        """A break, unless it is open already, and the look at its age."""
        name = break_id(kind, venue, exec_id)
        if name in self._book.state.breaks:
            return []
        sent = self._book.find(cl_ord_id)
        opened = BreakOpened(
            parent_id="" if sent is None else parent_id,
            ts_ns=view.ts_ns,
            break_id=name,
            kind=kind,
            venue=venue,
            instrument_id=instrument_id if sent is None else sent.route.instrument_id,
            cl_ord_id=cl_ord_id,
            exec_id=exec_id,
            ours=ours,
            theirs=theirs,
        )
        return [opened, *self.armed(opened.parent_id, view)]

    def _closing(self, name: str, by: str, view: MarketView) -> list[StageEvent]:
        found = self._book.state.breaks.get(name)
        if found is None:
            return []
        evidence = "the other side told of it"
        return [BreakClosed(parent_id=found.parent_id, ts_ns=view.ts_ns, break_id=name, by=by, evidence=evidence)]


def break_id(kind: BreakKind, venue: str, name: str) -> str:
    """Id of a break: what is different, where, and about which report or order."""
    return f"B-{kind.value}:{venue}:{name}"


def _figure(qty: int, px: int) -> str:
    return f"{qty} @ {px}"
