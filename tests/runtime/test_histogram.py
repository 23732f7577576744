"""Durations in logarithmic buckets: each counted once, quantiles never too low and at most an eighth too high."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.runtime.metrics import BUCKETS, Histogram, StageMetrics

durations = st.lists(st.integers(0, 2**62), min_size=1, max_size=200)


def filled(given_ns: list[int]) -> Histogram:
    histogram = Histogram()
    histogram.add_all(list(given_ns))
    return histogram


@given(durations)
def test_every_duration_is_counted_once(given_ns: list[int]) -> None:
    histogram = filled(given_ns)
    assert sum(histogram.counts) == histogram.total == len(given_ns)
    assert len(histogram.counts) == BUCKETS
    assert histogram.largest == max(given_ns)


@given(durations, durations)
def test_together_or_in_two_parts_is_the_same(first: list[int], second: list[int]) -> None:
    parts = filled(first)
    parts.add_all(list(second))
    assert parts.counts == filled(first + second).counts


@given(st.integers(0, 2**60))
def test_quantile_is_at_most_an_eighth_too_high(ns: int) -> None:
    histogram = filled([ns, 2**62])
    assert ns <= histogram.quantile(0.5) <= ns + max(ns // 8, 1) + 1


def test_nothing_recorded_has_no_duration() -> None:
    assert filled([]).quantile(0.99) == 0


def test_events_and_decisions_are_summed_by_stage() -> None:
    metrics = StageMetrics()
    note = metrics.recorder("risk")
    for ns, events in ((1_000, 2), (3_000, 0), (2_000, 1)):
        note((ns, events))
    summary = metrics.summary()["stages"]
    assert isinstance(summary, dict)
    assert summary["risk"]["decisions"] == 3
    assert summary["risk"]["events"] == 3
    assert summary["risk"]["max_us"] == 3.0
