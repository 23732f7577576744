"""The escalations stage: asks the person a rule names, reminds, and does what the rule says when nobody answers.

Some rules answer to an event of the record at once (an order is held, a scope is latched, a line is down); the others
are found by looking at each order at work once a minute. A question is asked once when its figure crosses the
line, and not again before the figure has been back inside. Expiry never approves anything.

Source: the escalation table of the execution desk, rules E-PM, E-RM, E-CO and E-OP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.access import Directory
from sottovoce.core.breaker_events import BreakerClosed, BreakerOpened
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.clock_events import RecordStoreBack, RecordStoreLost
from sottovoce.core.enums import Strategy
from sottovoce.core.escalation_commands import (
    AckEscalation,
    AnswerEscalation,
    EscalationDue,
    EscalationWatch,
    UnexplainedDue,
)
from sottovoce.core.escalation_events import EscalationClosed, EscalationReminded, Fact, Outcome, WatchTurned
from sottovoce.core.events import StageEvent
from sottovoce.core.hold_roles import SIZING, role_of
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure
from sottovoce.core.override_events import HoldReleased
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.recovery_events import ClockJumpSeen
from sottovoce.core.risk_events import ConductAlert, ScopeLatched, ScopeReenabled
from sottovoce.core.session_events import BreakClosed, BreakOpened, OrderUnknown, SessionDown, SessionUp
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ParentDone, TimerSet, WorkStarted
from sottovoce.stages.escalations.answers import Answers
from sottovoce.stages.escalations.book import EscalationsBook
from sottovoce.stages.escalations.config import EscalationConfig
from sottovoce.stages.escalations.looking import awake_at
from sottovoce.stages.escalations.raising import EXPIRY, Raising, closing, on_turn
from sottovoce.stages.escalations.rules import CONDUCT, FAULT, HOLD, LARGE, LISTED, OPERATIONS, RELEASE, RULES
from sottovoce.stages.escalations.watching import due_questions, settled, unexplained

DESK = ""
REFUSED, RAN_OUT = "approval_refused", "approval_expired"


class Escalations:
    """Decides on what makes people be asked, and on what they say."""

    name = "escalations"

    def __init__(self, config: EscalationConfig, directory: Directory) -> None:
        self._config = config
        self._directory = directory
        self._book = EscalationsBook()
        self._answers = Answers(directory)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            WorkStarted: self._started,
            EscalationWatch: self._watch,
            EscalationDue: self._due,
            OrderUnknown: self._unknown,
            BreakOpened: self._break,
            UnexplainedDue: self._overdue,
            AckEscalation: lambda command, view: self._answers.acked(command, self._book.state, view),
            AnswerEscalation: lambda command, view: self._answers.answered(command, self._book.state, view),
            OrderHeld: self._held,
            HoldReleased: self._released,
            OrderRejected: self._rejected,
            ParentDone: self._done,
            ConductAlert: self._conduct,
            ScopeLatched: self._latched,
            ScopeReenabled: lambda event, view: self._over(event.scope, "re-enabled", view, event.principal),
            BreakerOpened: lambda event, view: self._broken(event.downstream, f"{event.errors} errors", view),
            BreakerClosed: lambda event, view: self._over(event.downstream, "it answers again", view),
            SessionDown: lambda event, view: self._broken(f"line {event.venue}", event.reason, view),
            SessionUp: lambda event, view: self._over(f"line {event.venue}", "it is up again", view),
            RecordStoreLost: lambda event, view: self._broken("record store", event.reason, view),
            RecordStoreBack: lambda event, view: self._over("record store", "it is back", view),
            BreakClosed: lambda event, view: self._over(event.break_id, "it is explained", view),
            ClockJumpSeen: lambda event, view: self._broken("clock", f"jumped by {event.by_ns / 1e9:.3f} s", view),
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    # the desk's own look ---------------------------------------------------------------------------------

    def _started(self, event: WorkStarted, view: MarketView) -> Sequence[StageEvent]:
        """An order worked over time is looked at from now on; one that goes at once is over by the first look."""
        at_work = self._book.state.orders.get(event.parent_id)
        if at_work is None or at_work.plan.strategy is Strategy.SOR:
            return ()
        return (self._look(event.parent_id, at_work.number, view),)

    def _watch(self, timer: EscalationWatch, view: MarketView) -> Sequence[StageEvent]:
        at_work = self._book.state.orders.get(timer.parent_id)
        if at_work is None or timer.number != at_work.number:
            return ()
        over = settled(timer.parent_id, self._book.state, view.ts_ns)
        questions, sound = due_questions(at_work, self._config, self._raising(view), view)
        number = timer.number + 1
        turned = WatchTurned(parent_id=timer.parent_id, ts_ns=view.ts_ns, number=number, rearmed=tuple(sound))
        return [*over, *questions, turned, self._look(timer.parent_id, number, view)]

    def _look(self, parent_id: str, number: int, view: MarketView) -> StageEvent:
        timer = EscalationWatch(parent_id=parent_id, number=number)
        at_ns = awake_at(self._book.state.orders[parent_id].plan, view.ts_ns + self._config.watch_ns)
        return TimerSet(parent_id=parent_id, ts_ns=view.ts_ns, at_ns=at_ns, timer=timer)

    def _unknown(self, event: OrderUnknown, view: MarketView) -> Sequence[StageEvent]:
        """Asked about again and again by the executions stage; its time counts from the first."""
        if event.asked:
            return ()
        return (self._wait(event.parent_id, event.state.cl_ord_id, self._config.unknown_s, event.waited_ns, view),)

    def _break(self, event: BreakOpened, view: MarketView) -> Sequence[StageEvent]:
        return (self._wait(event.parent_id, event.break_id, self._config.break_s, event.age_ns, view),)

    def _wait(self, parent_id: str, name: str, most_s: int, waited_ns: int, view: MarketView) -> StageEvent:
        """Asked when it has taken longer than it may: one nanosecond after."""
        at_ns = max(view.ts_ns - waited_ns + most_s * NS_PER_SECOND, view.ts_ns) + 1
        timer = UnexplainedDue(parent_id=parent_id, name=name)
        return TimerSet(parent_id=parent_id, ts_ns=view.ts_ns, at_ns=at_ns, timer=timer)

    def _overdue(self, timer: UnexplainedDue, view: MarketView) -> Sequence[StageEvent]:
        return unexplained(timer.name, self._book.state, self._raising(view), view.ts_ns)

    # time runs out ---------------------------------------------------------------------------------------

    def _due(self, timer: EscalationDue, view: MarketView) -> Sequence[StageEvent]:
        asked = self._book.state.open.get(timer.escalation_id)
        if asked is None:
            return ()
        if timer.percent == EXPIRY:
            reason = RULES[asked.rule].default
            return (self._closed(timer.escalation_id, Outcome.EXPIRED, view, reason=reason),)
        turn = asked.turns + 1
        return (
            EscalationReminded(
                parent_id=asked.parent_id,
                ts_ns=view.ts_ns,
                escalation_id=timer.escalation_id,
                percent=timer.percent,
                person=on_turn(self._directory, RULES[asked.rule].to, turn),
            ),
        )

    # held orders -----------------------------------------------------------------------------------------

    def _held(self, event: OrderHeld, view: MarketView) -> Sequence[StageEvent]:
        """One question for each role whose rules hold the order, on the digest a release names."""
        events: list[StageEvent] = self._close_all(event.parent_id, Outcome.WITHDRAWN, "held again", view)
        raising = self._raising(view)
        for rule in (LARGE, HOLD, LISTED):
            causes = [each for each in event.rules if rule_class(each) == rule]
            if causes:
                events += raising.ask(
                    rule,
                    event.parent_id,
                    facts=[Fact(name=each.code, value=each.value, limit=each.limit) for each in causes],
                    digest=event.plan_digest,
                    deadline_ns=event.expires_ns,
                )
        return events

    def _released(self, event: HoldReleased, view: MarketView) -> Sequence[StageEvent]:
        parent, by = event.parent_id, event.principal
        return self._close_all(parent, Outcome.ANSWERED, event.reason, view, role=event.role, by=by, choice=RELEASE[0])

    def _rejected(self, event: OrderRejected, view: MarketView) -> Sequence[StageEvent]:
        """A person declined it, its time ran out, or something else stopped it."""
        codes = {failed.code for failed in event.failures}
        reason = ", ".join(sorted(codes))
        if REFUSED in codes:
            by = event.failures[0].value.partition(":")[0]
            return self._close_all(event.parent_id, Outcome.ANSWERED, reason, view, by=by, choice=RELEASE[1])
        outcome = Outcome.EXPIRED if RAN_OUT in codes else Outcome.WITHDRAWN
        return self._close_all(event.parent_id, outcome, reason, view)

    def _done(self, event: ParentDone, view: MarketView) -> Sequence[StageEvent]:
        return self._close_all(event.parent_id, Outcome.WITHDRAWN, "the order is over", view)

    # what other stages found -----------------------------------------------------------------------------

    def _conduct(self, event: ConductAlert, view: MarketView) -> Sequence[StageEvent]:
        facts = (Fact(name=event.code, value=event.detail),)
        at_work, subject = self._book.state.orders.get(event.parent_id), f"{event.account}/{event.instrument_id}"
        if self._book.asks(CONDUCT, event.parent_id, "" if at_work is not None else subject):
            return ()
        if at_work is not None:
            return self._raising(view).about_order(CONDUCT, at_work.order, facts)
        return self._raising(view).ask(CONDUCT, event.parent_id, facts=facts, subject=subject)

    def _latched(self, event: ScopeLatched, view: MarketView) -> Sequence[StageEvent]:
        failed = event.failure
        if self._book.asks(FAULT, event.parent_id, event.scope):
            return ()
        facts = (Fact(name=failed.code, value=failed.value, limit=failed.limit),)
        return self._raising(view).ask(FAULT, event.parent_id, facts=facts, subject=event.scope)

    def _broken(self, subject: str, why: str, view: MarketView) -> Sequence[StageEvent]:
        """Something the desk depends on does not work; asked once until it works again."""
        if self._book.asks(OPERATIONS, DESK, subject):
            return ()
        return self._raising(view).ask(OPERATIONS, DESK, facts=(Fact(name=subject, value=why),), subject=subject)

    def _over(self, subject: str, why: str, view: MarketView, by: str = "") -> Sequence[StageEvent]:
        """What a question was about is set right."""
        outcome = Outcome.ANSWERED if by else Outcome.WITHDRAWN
        names = [name for name, asked in self._book.state.open.items() if asked.about == subject]
        return [self._closed(name, outcome, view, reason=why, by=by) for name in names]

    # common ----------------------------------------------------------------------------------------------

    def _raising(self, view: MarketView) -> Raising:
        return Raising(self._directory, self._book.state.counts, view.ts_ns, self._config.attended)

    def _close_all(
        self,
        parent_id: str,
        outcome: Outcome,
        reason: str,
        view: MarketView,
        *,
        role: str = "",
        by: str = "",
        choice: str = "",
    ) -> list[StageEvent]:
        """Close every open question about an order, or those of one role."""
        state = self._book.state
        names = [name for name in state.asked.get(parent_id, ()) if not role or state.open[name].to == role]
        return [self._closed(name, outcome, view, reason=reason, by=by, choice=choice) for name in names]

    def _closed(
        self, name: str, outcome: Outcome, view: MarketView, *, reason: str, by: str = "", choice: str = ""
    ) -> EscalationClosed:
        parent_id = self._book.state.open[name].parent_id
        return closing(name, parent_id, view.ts_ns, outcome, reason, by=by, choice=choice)


def rule_class(rule: Failure) -> str:
    """Which row of the table a rule that holds an order belongs to; "" for the trader's own."""
    if rule.code.startswith(SIZING):
        return ""
    if role_of(rule) == RULES[LISTED].to.value:
        return LISTED
    return LARGE if rule.code.startswith(LARGE) else HOLD
