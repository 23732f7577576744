"""Poison: now and then a decision fails inside, in the middle of its step (F-28)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sottovoce.core.clearance_events import ChildApproved
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, RouteUpdated
from sottovoce.core.market import MarketView
from sottovoce.core.stage import Decider
from sottovoce.runtime.system import System

if TYPE_CHECKING:
    from tools.faultsim.world import World

VICTIMS = (RouteUpdated, ChildApproved, Fill)
"""Decided on in the middle of steps that have already moved quantities."""


def poisoned_now(system: System, world: World) -> None:
    """Let the system's deciders of these fail by dice, for as long as things go wrong in this world."""
    if not world.faults.poisons:
        return
    for kind in VICTIMS:
        name, decide = system.deciders[kind]
        system.deciders[kind] = (name, _failing(decide, world))


def _failing(decide: Decider, world: World) -> Decider:
    def decided(message: object, view: MarketView) -> Sequence[StageEvent]:
        if not world.calm and world.poison_dice.random() < world.faults.poisons:
            raise RuntimeError("poisoned on purpose")
        return decide(message, view)

    return decided
