"""Every fault alone, by its row of the fault matrix: a short run of each, with every invariant held."""

from __future__ import annotations

import pytest

from tools.faultsim.faults import ALL, NONE, SINGLES, Faults
from tools.faultsim.runs import Run, play

EVENTS = 800


@pytest.mark.parametrize("fault", SINGLES)
def test_a_fault_alone_breaks_nothing(fault: str) -> None:
    outcome = play(Run(seed=1, fault=fault, events=EVENTS))
    assert outcome.invariant == "", f"{outcome.what}\n{outcome.run.command}"
    assert outcome.events >= EVENTS


def test_every_fault_there_is_plays_alone_and_in_the_mixture() -> None:
    for name in Faults.__struct_fields__:
        assert getattr(ALL, name) > 0, name
        assert any(getattr(faults, name) != getattr(NONE, name) for faults in SINGLES.values()), name
