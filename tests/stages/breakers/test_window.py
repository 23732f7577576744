"""The sliding window against counting everything again from the list of calls."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.breaker_commands import ANSWERS, Outcome
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.breakers.window import Sums, Window

WINDOW_S = 60
CALLS = st.lists(st.tuples(st.integers(0, 40), st.sampled_from(list(Outcome))), max_size=60)


def counted_again(calls: list[tuple[int, Outcome]], now_s: int) -> Sums:
    kept = [outcome for at_s, outcome in calls if now_s - WINDOW_S < at_s <= now_s]
    errors = sum(outcome not in ANSWERS for outcome in kept)
    return Sums(len(kept), errors, kept.count(Outcome.REJECT))


@given(CALLS, st.integers(0, 120))
def test_sums_are_those_of_the_calls_in_the_window(steps: list[tuple[int, Outcome]], later_s: int) -> None:
    window, calls, now_s = Window(), [], 0
    for wait_s, outcome in steps:
        now_s += wait_s
        calls.append((now_s, outcome))
        window.add(outcome, now_s * NS_PER_SECOND, WINDOW_S)
        assert window.sums(now_s * NS_PER_SECOND, WINDOW_S) == counted_again(calls, now_s)
    now_s += later_s
    assert window.sums(now_s * NS_PER_SECOND, WINDOW_S) == counted_again(calls, now_s)
    assert len(window.rows) <= WINDOW_S
