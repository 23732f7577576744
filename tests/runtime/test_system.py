"""The page that wires the system: complete, one decider a message, state that comes back from its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import get_args

import pytest

from sottovoce.core.commands import Input
from sottovoce.core.enums import Strategy
from sottovoce.core.errors import ConfigError
from sottovoce.core.events import StageEvent
from sottovoce.core.stage import Applier, Decider
from sottovoce.runtime.system import EDGES, System
from sottovoce.stages.blotter import Blotter
from tests.scenarios.small_desk import CLOSE_NS, drive, new_order, small_system, view_at

STAGES = [
    "gateway", "risk", "limits", "planning", "approval", "conditions", "algos", "routing", "executions", "continuity",
    "record_keeping", "breakers", "kills", "escalations", "blotter",
]  # fmt: skip


class Rogue(Blotter):
    """A stage that decides on what belongs to another."""

    name = "rogue"

    def deciders(self) -> Mapping[type, Decider]:
        kind = next(iter(EDGES))
        return {kind: lambda message, view: ()}


def test_every_input_has_a_decider() -> None:
    assert set(get_args(Input)) <= set(EDGES)


def test_every_event_is_decided_on_applied_or_outbound() -> None:
    """Nothing is said to nobody, but for answers and evidence that only people and analytics read."""
    system = small_system()
    heard = set(system.appliers) | set(system.deciders)
    unheard = {kind.__name__ for kind in set(get_args(StageEvent)) - heard}
    answers = {"AmendRejected", "AnswerRepeated", "CommandRefused", "ReportIgnored", "ReportQuarantined", "RowEnded"}
    alerts = {"KillUnconfirmed", "RouteNotResent", "RouteResent", "VenueReconciled"}
    questions = {"MassStatusRequested", "ProbeRequested"}
    assert unheard == answers | alerts | questions | {"RouteDecided"}


def test_stages_are_the_ones_on_the_page() -> None:
    system = small_system()
    assert [stage.name for stage in system.stages] == STAGES
    assert {name for name, _ in system.deciders.values()} == set(STAGES) - {"blotter"}


def test_stage_that_decides_on_anothers_message_is_refused() -> None:
    stages = [*small_system().stages, Rogue()]
    with pytest.raises(ConfigError, match="disagree about"):
        System(stages)


def test_missing_stage_is_refused() -> None:
    with pytest.raises(ConfigError, match="disagree about"):
        System(small_system().stages[1:])
    with pytest.raises(ConfigError, match="no stage"):
        small_system().stage("nobody")


@pytest.mark.parametrize("strategy", list(Strategy))
def test_state_comes_back_from_its_bytes(strategy: Strategy) -> None:
    system = small_system()
    rate = "0.1" if strategy is Strategy.POV else None
    drive(system, new_order(strategy=strategy, participation=rate), view_at())
    other = small_system()
    assert other.digest() != system.digest()
    other.restore(system.save())
    assert other.digest() == system.digest()
    assert other.save() == system.save()


def test_equal_inputs_give_equal_digests() -> None:
    digests = set()
    for _ in range(2):
        system = small_system()
        drive(system, new_order(strategy=Strategy.TWAP), view_at())
        drive(system, new_order("c-2", strategy=Strategy.SOR), view_at(CLOSE_NS - 10**12))
        digests.add(system.digest())
    assert len(digests) == 1


def test_appliers_are_called_once_per_listening_stage() -> None:
    calls: list[str] = []

    class Echo(Blotter):
        """Counts what it hears."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

        def deciders(self) -> Mapping[type, Decider]:
            return {}

        def appliers(self) -> Mapping[type, Applier]:
            return {str: lambda event: calls.append(self.name)}

    system = small_system()
    crowd = System([*system.stages, Echo("one"), Echo("two")])
    crowd.apply("news")
    assert calls == ["one", "two"]
