"""A seed is the run: the same one gives the same journal, byte for byte, and another one another."""

from __future__ import annotations

from tools.faultsim.runs import Run, play

EVENTS = 1_500


def test_the_same_seed_gives_the_same_journal() -> None:
    first, again = (play(Run(seed=11, events=EVENTS)) for _ in range(2))
    assert first.figures == again.figures
    assert first.figures["journal"]


def test_another_seed_gives_another_journal() -> None:
    first, other = (play(Run(seed=seed, events=EVENTS)) for seed in (11, 12))
    assert first.figures["journal"] != other.figures["journal"]


def test_a_run_says_how_to_repeat_it() -> None:
    run = Run(seed=7, fault="F-03", events=900, without=("repeats",))
    assert run.command == 'make sim SEED=7 EVENTS=900 FAULT="F-03" WITHOUT=repeats'
    assert run.faults.repeats == 0
