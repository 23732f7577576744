"""Checks somebody else answers: a remote risk store, a locate desk, collateral. The order waits; then it does not.

A hard check without an answer in its time rejects the order. A soft one may let it pass with a flag, up to a value two
people have set (law L3); never a limit, a halt, a list, a locate or a duplicate. When the last answer is in, every
check of our own runs again with the data of then, since the world has moved, and only then is anything reserved.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.core.risk_commands import OutsideAnswer, OutsideExpiry
from sottovoce.core.risk_events import OutsideAnswered, OutsideAsked
from sottovoce.core.stage import Decider
from sottovoce.core.units import NS_PER_MILLISECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.risk.book import RiskBook
from sottovoce.stages.risk.case import DOLLAR, STAGE, Case
from sottovoce.stages.risk.gate import ORDER_CHECKS, run
from sottovoce.stages.risk.policy import RiskPolicy

TIMEOUT = "no answer in time"


class Outside:
    """The waiting room. case builds an order's facts, cleared lets it pass."""

    def __init__(
        self,
        book: RiskBook,
        policy: RiskPolicy,
        case: Callable[[ParentOrder, Child | None, MarketView], Case],
        cleared: Callable[[Case, tuple[Failure, ...], tuple[Failure, ...]], Sequence[StageEvent]],
    ) -> None:
        self._book, self._policy = book, policy
        self._case, self._cleared = case, cleared
        self._checks = {check.name: check for check in policy.outside}

    def deciders(self) -> Mapping[type, Decider]:
        """Message type → function."""
        return {OutsideAnswer: self._answer, OutsideExpiry: self._expired, OutsideAnswered: self._answered}

    def ask(self, case: Case, holds: tuple[Failure, ...]) -> Sequence[StageEvent]:
        """Ask every outside check there is, each with a timer of its own; () when there is none."""
        if not self._checks:
            return ()
        parent, ts_ns = case.order.parent_id, case.ts_ns
        asked = OutsideAsked(parent_id=parent, ts_ns=ts_ns, order=case.order, checks=tuple(self._checks), holds=holds)
        timers = [
            TimerSet(
                parent_id=parent,
                ts_ns=ts_ns,
                at_ns=ts_ns + check.timeout_ms * NS_PER_MILLISECOND,
                timer=OutsideExpiry(parent_id=parent, check=check.name),
            )
            for check in self._checks.values()
        ]
        return (asked, *timers)

    def _answer(self, message: OutsideAnswer, view: MarketView) -> Sequence[StageEvent]:
        if not self._waits(message.parent_id, message.check):
            return ()
        return (self._said(message.parent_id, message.check, message.passed, message.detail, view),)

    def _expired(self, message: OutsideExpiry, view: MarketView) -> Sequence[StageEvent]:
        if not self._waits(message.parent_id, message.check):
            return ()
        waiting, check = self._book.state.waiting[message.parent_id], self._checks.get(message.check)
        value = self._case(waiting.order, None, view).value
        flagged = check is not None and 0 < value <= check.pass_value_max * DOLLAR
        return (self._said(message.parent_id, message.check, flagged, TIMEOUT, view, flagged=flagged),)

    def _waits(self, parent_id: str, check: str) -> bool:
        """Whether that answer is still wanted: a second one, or one too late, changes nothing."""
        waiting = self._book.state.waiting.get(parent_id)
        return waiting is not None and check in waiting.answers and waiting.answers[check] is None

    def _said(
        self, parent_id: str, check: str, passed: bool, detail: str, view: MarketView, *, flagged: bool = False
    ) -> OutsideAnswered:
        return OutsideAnswered(
            parent_id=parent_id, ts_ns=view.ts_ns, check=check, passed=passed, detail=detail[:80], flagged=flagged
        )

    def _answered(self, event: OutsideAnswered, view: MarketView) -> Sequence[StageEvent]:
        """The first no rejects; the last yes has everything checked again, now."""
        waiting = self._book.state.waiting.get(event.parent_id)
        if waiting is None:
            return ()
        if not event.passed:
            code = "outside_timeout" if event.detail == TIMEOUT else "outside_refused"
            return (self._rejected(event, view, [failure(STAGE, code, event.check, event.detail)]),)
        if any(passed is None for passed in waiting.answers.values()):
            return ()
        case = self._case(waiting.order, None, view)
        failures = run(ORDER_CHECKS, case)
        if failures:
            return (self._rejected(event, view, failures),)
        flags = tuple(failure(STAGE, "outside_flagged", check, TIMEOUT) for check in waiting.flags)
        return self._cleared(case, waiting.holds, flags)

    def _rejected(self, event: OutsideAnswered, view: MarketView, failures: list[Failure]) -> OrderRejected:
        return OrderRejected(parent_id=event.parent_id, ts_ns=view.ts_ns, failures=tuple(failures), by="risk")
