"""The dice bring out what they are meant to: what happens in a run, and which fault brings it."""

from __future__ import annotations

from collections import Counter

import pytest

from tools.faultsim.faults import SINGLES
from tools.faultsim.world import World


def happened(fault: str, events: int = 2_500, seed: int = 1) -> World:
    world = World(seed, SINGLES[fault])
    world.start()
    world.run(events)
    return world


BROUGHT = (
    ("F-01", "AnswerRepeated"),
    ("F-03", "ReportIgnored"),
    ("F-04", "ReportHeld"),
    ("F-06", "ParentPaused"),
    ("F-08 bust", "FillBusted"),
    ("F-08 correct", "FillCorrected"),
    ("F-10", "MassStatusRequested"),
    ("F-11", "OrderUnknown"),
    ("F-28", "InputPoisoned"),
    ("F-41", "HaltSet"),
    ("F-44", "CommandRefused"),
    ("crash", "DeskRecovered"),
    ("nonsense", "ReportQuarantined"),
)


@pytest.mark.parametrize(("fault", "event"), BROUGHT, ids=lambda word: word)
def test_a_fault_brings_out_what_it_is_for(fault: str, event: str) -> None:
    assert happened(fault).kinds[event] > 0


def test_without_faults_orders_are_worked_and_nothing_is_out_of_the_ordinary() -> None:
    world = happened("none")
    assert world.kinds["Fill"] > 50
    assert world.kinds["RouteReplaceRequested"] > 0, "changes of resting orders are a part of every run"
    unusual = ("FillBusted", "InputPoisoned", "ReportHeld", "ReportQuarantined", "OrderUnknown", "BreakOpened")
    assert Counter({name: world.kinds[name] for name in unusual}).total() == 0
    assert world.crashes == 0


def test_crashes_lose_steps_and_the_desk_goes_on() -> None:
    worlds = [happened("F-20", seed=seed) for seed in (1, 2, 3)]
    for world in worlds:
        assert world.kinds["DeskRecovered"] >= world.crashes
    assert sum(world.crashes for world in worlds) > 3
    assert sum(world.platter.cuts for world in worlds) > 0
