"""Plays a scenario: the real desk on a market that does what the file says, and a verdict for each expectation.

The clock is virtual and everything is seeded, so the same file gives the same journal every time.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.commands import (
    AmendOrder,
    CancelOrder,
    ClientCommand,
    HaltTrading,
    PauseOrder,
    ReleaseHold,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.errors import MalformedMessage, SottovoceError
from sottovoce.intake.language import parse_ticket
from sottovoce.intake.questions import questions
from sottovoce.intake.scenario import END, Ask, Expect, Firm, Line, Scenario, Submit
from sottovoce.intake.to_order import to_new_order
from sottovoce.runtime.config import ACCOUNT, SIMULATED_RISK, TRADER
from sottovoce.runtime.metrics import StageMetrics
from sottovoce.runtime.run import Run, prepare_run
from sottovoce.runtime.scenario_checks import Verdict, judge
from sottovoce.runtime.scenario_stage import Stage, at_line, set_stage


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """How a scenario went: a verdict for each expectation, and what makes the run repeatable."""

    title: str
    verdicts: tuple[Verdict, ...]
    digest: str
    journal_digest: str

    @property
    def passed(self) -> bool:
        return all(verdict.ok for verdict in self.verdicts)


def play(scenario: Scenario, source: str) -> Played:
    """Run a scenario to its end.

    Args: source: path of the file, for errors and for the configuration named relative to it.
    Raises: SottovoceError naming the line that cannot be done.
    """
    stage = set_stage(scenario, source)
    run = _desk(scenario, stage)
    run.open()
    labels: dict[str, str] = {}
    verdicts: list[Verdict] = []
    for line in scenario.lines:
        _reach(run, line, stage, source)
        if isinstance(line.act, Expect):
            verdicts.append(judge(line, line.act, run, labels, stage))
        else:
            _do(run, line, labels, stage, source)
    return Played(
        title=scenario.title,
        verdicts=tuple(verdicts),
        digest=run.desk.engine.system.digest(),
        journal_digest=run.journal.head(),
    )


def _desk(scenario: Scenario, stage: Stage) -> Run:
    return prepare_run(
        market=stage.market,
        sessions=stage.sessions,
        reference=stage.reference,
        calendar=stage.calendar,
        journal=MemoryJournal({"scenario": scenario.title, "seed": str(scenario.seed)}),
        clock=VirtualClock(stage.sessions[0].open_ns),
        metrics=StageMetrics(),
        config=stage.config,
        approve=scenario.approve,
    )


def _reach(run: Run, line: Line, stage: Stage, source: str) -> None:
    """Bring the desk to the time of a line; the end is when every order is over."""
    if line.clock == END:
        run.work()
        return
    at_ns = stage.at_ns(line.clock)
    session = stage.sessions[0]
    if not session.open_ns < at_ns:
        first = stage.calendar.wall_clock(session.open_ns)[11:16]
        raise at_line(
            source, line, f"the market opens at {first}; the first line may be a minute later", "scenario_time"
        )
    run.desk.run_until(at_ns)


def _do(run: Run, line: Line, labels: dict[str, str], stage: Stage, source: str) -> None:
    """Let a person do what the line says. Market events and venue troubles were put in place before the start."""
    act = line.act
    try:
        if isinstance(act, Submit):
            labels[act.label] = _submit(run, act, stage)
        elif isinstance(act, Ask):
            run.desk.submit(_request(run, act, labels))
        elif isinstance(act, Firm):
            halt: ClientCommand = HaltTrading(principal=SIMULATED_RISK, reason="the scenario says so")
            run.desk.submit(halt if act.halt else ResumeTrading(principal=SIMULATED_RISK))
    except SottovoceError as error:
        raise at_line(source, line, str(error), error.code) from error


def _submit(run: Run, act: Submit, stage: Stage) -> str:
    """Enter an order as a trader would; returns its parent id."""
    ticket = parse_ticket(act.sentence)
    if ticket.status != "complete":
        raise MalformedMessage(" ".join(questions(ticket)) or "the order is not complete", code="scenario_order")
    order = to_new_order(
        ticket,
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=act.label,
        now_ns=run.now_ns,
        wall_clock=stage.at_ns,
    )
    run.submit(order)
    return next(row.parent_id for row in run.rows() if row.cl_ord_id == order.cl_ord_id)


def _request(run: Run, act: Ask, labels: Mapping[str, str]) -> ClientCommand:
    parent_id = labels[act.label]
    if act.verb == "cancel":
        return CancelOrder(principal=TRADER, parent_id=parent_id)
    if act.verb == "pause":
        return PauseOrder(principal=TRADER, parent_id=parent_id)
    if act.verb == "resume":
        return ResumeOrder(principal=TRADER, parent_id=parent_id)
    if act.verb == "amend":
        return AmendOrder(principal=TRADER, parent_id=parent_id, order_qty=act.qty)
    held = run.holds.get(parent_id)
    if held is None:
        raise MalformedMessage(f"{act.label} is not held, so nobody can release it", code="scenario_order")
    return ReleaseHold(
        principal=SIMULATED_RISK, parent_id=parent_id, plan_digest=held.plan_digest, reason="the scenario says so"
    )
