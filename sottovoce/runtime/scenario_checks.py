"""Expectations of a scenario against the desk: what was found, what was said, and whether they agree."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal

import msgspec

from sottovoce.core.errors import NotFound
from sottovoce.core.execution_events import Fill, FillCorrected
from sottovoce.intake.scenario import Expect, Line
from sottovoce.runtime.replay import fold
from sottovoce.runtime.run import Run
from sottovoce.runtime.scenario_stage import Stage
from sottovoce.runtime.system import build_system
from sottovoce.stages.blotter import BlotterRow

COMPARE: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "=": operator.eq,
    ">": operator.gt,
    "<": operator.lt,
}
LEDGER_FIGURES = ("filled", "working", "unsent", "returned", "busted", "overfilled")
OTHER_NUMBERS = frozenset(("ordered", "fills", "children", "late_fills", "avg_px", "volume", "last_px"))
NONE = "none"
"""What stands for a figure there is none of yet; it agrees with no comparison."""


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One expectation: the line, what it says, what was found."""

    line: int
    clock: str
    expected: str
    got: str
    ok: bool


def judge(line: Line, act: Expect, run: Run, labels: Mapping[str, str], stage: Stage) -> Verdict:
    """Compare what an expectation says with the desk as it stands.

    Raises: NotFound, code scenario_subject, when nothing is called by the name it uses.
    """
    if act.figure in _CLAIMS:
        got = _CLAIMS[act.figure](run, stage)
    elif act.subject in labels:
        got = _order_figure(_row(run, labels[act.subject]), act.figure)
    else:
        got = _market_figure(run, act, stage, line)
    return Verdict(line=line.number, clock=line.clock, expected=line.text, got=got, ok=_holds(act, got))


def _holds(act: Expect, got: str) -> bool:
    if act.figure in LEDGER_FIGURES or act.figure in OTHER_NUMBERS:
        return got != NONE and COMPARE[act.operator](Decimal(got), Decimal(act.value))
    return act.value in got.split(", ")


def _order_figure(row: BlotterRow, figure: str) -> str:
    """One figure of an order as text; NONE where there is none yet."""
    if figure == "status":
        return row.status.value
    if figure == "code":
        return ", ".join(failed.code for failed in row.failures) or row.reason or NONE
    if figure in LEDGER_FIGURES:
        return NONE if row.ledger is None else str(getattr(row.ledger, figure))
    filled = 0 if row.ledger is None else row.ledger.filled
    figures = {
        "ordered": str(row.order_qty),
        "fills": str(row.fills),
        "children": str(row.children),
        "late_fills": str(row.late_fills),
        "avg_px": str(Decimal(row.value) / filled / row.price_scale) if filled else NONE,
    }
    return figures.get(figure, NONE)


def _market_figure(run: Run, act: Expect, stage: Stage, line: Line) -> str:
    instrument = stage.reference.resolve(act.subject)
    state = None if instrument is None else run.market.states().get(instrument.instrument_id)
    if instrument is None or state is None:
        sentence = f"line {line.number}: no order and no name of this scenario is called {act.subject}."
        raise NotFound(sentence, code="scenario_subject")
    last_px = str(Decimal(state.last_px) / instrument.price_scale) if state.last_px else NONE
    return {"status": state.phase, "volume": str(state.volume), "last_px": last_px}.get(act.figure, NONE)


def _row(run: Run, parent_id: str) -> BlotterRow:
    return next(row for row in run.rows() if row.parent_id == parent_id)


def _adds_up(run: Run, stage: Stage) -> str:
    """Law L1, counted again from the journal's own fills rather than taken from the ledger's word."""
    filled: dict[str, int] = {}
    for _, step in run.journal.steps():
        for event in step.events:
            if isinstance(event, Fill):
                filled[event.parent_id] = filled.get(event.parent_id, 0) + event.qty
            elif isinstance(event, FillCorrected):
                filled[event.parent_id] = filled.get(event.parent_id, 0) + event.qty - event.old_qty
    for row in run.rows():
        ledger = row.ledger
        if ledger is None:
            continue
        parts = ledger.filled + ledger.working + ledger.unsent + ledger.busted + ledger.returned
        if ledger.target + ledger.overfilled != parts:
            return f"{row.cl_ord_id}: {ledger.target} ordered, {parts} accounted for"
        if ledger.filled + ledger.busted != filled.get(row.parent_id, 0):
            return f"{row.cl_ord_id}: {ledger.filled} on the blotter, {filled.get(row.parent_id, 0)} in the journal"
    return "yes"


def _replays(run: Run, stage: Stage) -> str:
    """Law L7: the journal folded into a fresh system gives the same state."""
    system = run.desk.engine.system
    fresh = build_system(stage.config, stage.reference, stage.calendar, run.market.venues())
    return "yes" if fold(fresh, run.journal.steps()) == system.digest() else "another digest"


_CLAIMS: Mapping[str, Callable[[Run, Stage], str]] = {
    "every order adds up": _adds_up,
    "replay is equal": _replays,
}
