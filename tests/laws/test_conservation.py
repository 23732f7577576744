"""L1 and its neighbours for every algorithm, under random sequences of everything that can happen to an order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy
from tests.laws.plans import STRATEGIES
from tests.laws.regressions import REGRESSIONS
from tests.laws.sequences import BYTES_MAX, SEEDS, play_script, play_seed

EXAMPLES = 2_000
CHUNK = 10_000


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_conservation_holds_for_any_sequence(strategy: Strategy) -> None:
    @settings(max_examples=EXAMPLES)
    @given(script=st.binary(max_size=BYTES_MAX))
    def check(script: bytes) -> None:
        play_script(strategy, script)

    check()


@pytest.mark.parametrize(("strategy", "seed", "was"), REGRESSIONS)
def test_sequence_that_once_failed_holds(strategy: Strategy, seed: int, was: str) -> None:
    check_seeds(strategy, range(seed, seed + 1))


@pytest.mark.laws
@pytest.mark.parametrize("first", range(0, SEEDS, CHUNK))
@pytest.mark.parametrize("strategy", STRATEGIES)
def test_conservation_over_seeds(strategy: Strategy, first: int) -> None:
    check_seeds(strategy, range(first, first + CHUNK))


def check_seeds(strategy: Strategy, seeds: range) -> None:
    """Play the sequences of some seeds; a failing one is named, to be added to regressions.py."""
    for seed in seeds:
        try:
            play_seed(strategy, seed)
        except Exception as error:
            raise AssertionError(f"{strategy.value} breaks a law with seed {seed}: {error}") from error
