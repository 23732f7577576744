"""Bugs to plant: each breaks one function of a real stage as a tired programmer might, and says how soon it is found.

A plant is put in by monkeypatching, so the shipped code is what is broken; the simulator knows nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import pytest

from sottovoce.core.clearance_events import AmendCleared
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, RouteUpdated
from sottovoce.core.ledger import Ledger
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.session_commands import AckTimeout
from sottovoce.stages.algos.book import AlgosBook
from sottovoce.stages.executions import words
from sottovoce.stages.executions.book import ExecutionsBook
from sottovoce.stages.executions.questions import Questions
from sottovoce.stages.executions.records import SentOrder
from sottovoce.stages.gateway.book import GatewayBook
from sottovoce.stages.risk.exposure import Exposure

Plant = Callable[[pytest.MonkeyPatch], None]


@dataclass(frozen=True)
class Planted:
    """A bug, the kind of thing it breaks, the fault that brings it out, and the seeds it must be found within."""

    name: str
    kind: str
    put: Plant
    fault: str = "all"
    seeds: int = 3


def _late_fills_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fill after the cancel is booked as overfill, so that its shares are bought a second time."""

    def split(self: Ledger, from_leaves: int, from_closed: int, over: int) -> tuple[int, int, int, int]:
        return from_leaves, 0, 0, from_closed + over

    monkeypatch.setattr(Ledger, "split", split)


def _fills_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    """An algorithm that does not count its fills (F-42)."""

    def on_fill(self: AlgosBook, event: Fill) -> None:
        self._less_open(self.state.parents[event.parent_id], event.child_id, event.from_working)

    monkeypatch.setattr(AlgosBook, "_on_fill", on_fill)


def _free_quantity_vanishes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes back from a venue leaves the target: conserved by its own sums, and forgotten."""

    def free(self: Ledger, qty: int) -> None:
        self.working -= qty
        self.target -= qty

    monkeypatch.setattr(Ledger, "free", free)


def _reports_count_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Executions does not remember what it has heard (F-03)."""
    right = ExecutionsBook._on_updated

    def on_updated(self: ExecutionsBook, event: RouteUpdated) -> None:
        right(self, event)
        self.state.sent[event.state.cl_ord_id].seen.clear()

    monkeypatch.setattr(ExecutionsBook, "_on_updated", on_updated)


def _answers_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway takes a repeated order for a new one (F-01)."""
    right = GatewayBook._on_accepted

    def on_accepted(self: GatewayBook, event: OrderAccepted) -> None:
        right(self, event)
        self.state.answers.pop(event.parent_id, None)

    monkeypatch.setattr(GatewayBook, "_on_accepted", on_accepted)


def _draws_are_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Risk forgets that a child's quantity came back."""
    right = Exposure.draw

    def draw(self: Exposure, parent: str, qty: int) -> None:
        if qty > 0:
            right(self, parent, qty)

    monkeypatch.setattr(Exposure, "draw", draw)


def _amendments_reserve_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Risk lets an order grow without reserving for it."""

    def reprice(self: Exposure, parent: str, qty: int, px: int) -> None:
        """Nothing."""

    monkeypatch.setattr(Exposure, "reprice", reprice)


def _reservations_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    """A parent that is done keeps its reservation: the limit fills up with nothing."""

    def close(self: Exposure, parent: str) -> None:
        """Nothing."""

    monkeypatch.setattr(Exposure, "close", close)


def _silence_is_death(monkeypatch: pytest.MonkeyPatch) -> None:
    """An order that is not answered in time is given up, and its quantity sent again."""

    def overdue(self: Questions, timer: AckTimeout, view: MarketView) -> Sequence[StageEvent]:
        events: list[StageEvent] = []
        state = self._book.state
        for sent in [state.sent[cl_ord_id] for cl_ord_id in state.due.get(timer.parent_id, {})]:
            events += self._never_arrived(_own(sent), sent, view)
        return events

    monkeypatch.setattr(Questions, "overdue", overdue)


def _own(sent: SentOrder) -> ExecutionReport:
    return words.own_report(sent, ExecType.REJECTED, OrdStatus.REJECTED, "no answer", 0)


def _not_known_is_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """A venue that does not know an order yet proves that it never will (F-45)."""
    right = Questions.not_known

    def not_known(self: Questions, report: ExecutionReport, sent: SentOrder, view: MarketView) -> Sequence[StageEvent]:
        return right(self, report, msgspec.structs.replace(sent, settled=True), view)

    monkeypatch.setattr(Questions, "not_known", not_known)


def _replay_forgets_amendments(monkeypatch: pytest.MonkeyPatch) -> None:
    """State that is kept in a decider's own head and not folded from events: lost by a restart."""
    right = AlgosBook._on_amended
    seen: dict[int, int] = {}

    def on_amended(self: AlgosBook, event: AmendCleared) -> None:
        right(self, event)
        parent = self.state.parents.get(event.parent_id)
        if parent is not None:
            seen[id(self)] = seen.get(id(self), len(seen)) + 1
            parent.children_made += seen[id(self)]

    monkeypatch.setattr(AlgosBook, "_on_amended", on_amended)


PLANTS = (
    Planted("late fills are too much", "conservation", _late_fills_are_too_much, "F-05"),
    Planted("fills are ignored", "conservation", _fills_are_ignored),
    Planted("free quantity vanishes", "conservation", _free_quantity_vanishes),
    Planted("reports count twice", "de-duplication", _reports_count_twice),
    Planted("answers are forgotten", "de-duplication", _answers_are_forgotten),
    Planted("draws are not given back", "reservation", _draws_are_not_given_back),
    Planted("amendments reserve nothing", "reservation", _amendments_reserve_nothing),
    Planted("reservations stay", "reservation", _reservations_stay, seeds=6),
    Planted("silence is death", "unknown", _silence_is_death),
    Planted("not known is dead", "unknown", _not_known_is_dead, "F-45 late arrival"),
    Planted("replay forgets amendments", "replay", _replay_forgets_amendments),
)
"""Every planted bug."""
