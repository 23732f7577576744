"""The simulator finds what it is there to find: each planted bug is caught within a few seeds."""

from __future__ import annotations

import pytest

from tests.simulation.plants import PLANTS, Planted
from tools.faultsim.runs import Outcome, Run, play

EVENTS = 2_000


def hunt(plant: Planted) -> list[Outcome]:
    """Run seeds until one breaks an invariant, or the plant's bound is reached."""
    outcomes: list[Outcome] = []
    for seed in range(1, plant.seeds + 1):
        outcomes.append(play(Run(seed=seed, fault=plant.fault, events=EVENTS)))
        if outcomes[-1].invariant:
            break
    return outcomes


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.name)
def test_a_planted_bug_is_caught_within_a_few_seeds(plant: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    plant.put(monkeypatch)
    outcomes = hunt(plant)
    assert outcomes[-1].invariant, f"{plant.kind}: not found in {len(outcomes)} seeds"


def test_every_kind_of_bug_is_planted() -> None:
    assert {plant.kind for plant in PLANTS} >= {"conservation", "de-duplication", "reservation", "unknown"}


def test_without_a_planted_bug_the_same_seeds_are_clean() -> None:
    runs = {(plant.fault, seed) for plant in PLANTS for seed in range(1, 3)}
    outcomes = [play(Run(seed=seed, fault=fault, events=EVENTS)) for fault, seed in sorted(runs)]
    assert [outcome.what for outcome in outcomes if outcome.invariant] == []
