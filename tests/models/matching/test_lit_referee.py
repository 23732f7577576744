"""The lit venue against the obvious one: the same calls, the same news, the same book shown, event by event."""

from __future__ import annotations

from collections import Counter
from time import perf_counter

import pytest

from tests.models.matching.lit_play import play

SESSION_EVENTS = 5_000


def run(first_seed: int, sessions: int) -> Counter[str]:
    """So many sessions, each with a seed of its own; the seed that failed is printed."""
    said: Counter[str] = Counter()
    started = perf_counter()
    for seed in range(first_seed, first_seed + sessions):
        try:
            said += play(seed, SESSION_EVENTS)
        except AssertionError:
            print(f"failed: tests.models.matching.lit_play.play({seed}, {SESSION_EVENTS})")
            raise
    events = sessions * SESSION_EVENTS
    print(f"{events} events, {events / (perf_counter() - started):,.0f} a second, both books")
    return said


def test_thirty_thousand_events_are_told_alike() -> None:
    said = run(0, 6)
    assert said["trade"] > 5_000
    assert min(said[word] for word in EVERYTHING) >= 1, said


@pytest.mark.laws
def test_a_million_events_are_told_alike() -> None:
    said = run(1_000, 201)
    assert said["trade"] > 100_000
    assert min(said[word] for word in EVERYTHING) > 20, said


EVERYTHING = (
    *("new", "trade", "replaced", "canceled", "session_over", "not_filled_at_once", "self_match", "unknown_order"),
    *("post_only_would_take", "duplicate_order", "halted", "venue_closed", "price_off_tick", "peg_not_taken"),
    *("quantity_not_above_filled", "display_not_taken", "min_qty_not_taken", "peg_is_hidden"),
)
