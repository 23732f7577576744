"""Metrics: counts that are exact, quantiles within a bucket, and nothing of them in a digest."""

from __future__ import annotations

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.runtime.metrics import Histogram, Metrics, NoMetrics, StageMetrics
from tests.adapters.journal.worked import desk, morning, work_morning

BUCKET = 1.13
"""Width of a bucket: an eighth of a power of two."""


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=300), st.sampled_from([0.1, 0.5, 0.9, 0.99, 1.0]))
def test_quantile_is_within_a_bucket_of_the_true_one(durations: list[int], q: float) -> None:
    histogram = Histogram()
    histogram.add_all(list(durations))
    true = sorted(durations)[max(math.ceil(q * len(durations)) - 1, 0)]
    found = histogram.quantile(q)
    assert true <= found <= min(max(durations), true * BUCKET + 1)


def test_quantile_of_nothing_is_nothing() -> None:
    assert Histogram().quantile(0.5) == 0


@pytest.mark.parametrize("ns", [0, 1, 7, 8, 9, 10**18, 2**63])
def test_any_duration_finds_a_bucket(ns: int) -> None:
    histogram = Histogram()
    histogram.add_all([ns])
    assert histogram.total == sum(histogram.counts) == 1
    assert histogram.quantile(1.0) <= max(ns, 1)


@given(st.lists(st.lists(st.integers(0, 10**7), max_size=50), max_size=6))
def test_notes_fold_to_the_same_however_they_are_divided(parts: list[list[int]]) -> None:
    divided, whole = Histogram(), Histogram()
    for part in parts:
        divided.add_all(list(part))
    whole.add_all([ns for part in parts for ns in part])
    assert divided.counts == whole.counts
    assert (divided.total, divided.largest) == (whole.total, whole.largest)


def test_decisions_and_events_are_counted_exactly() -> None:
    metrics, dice = StageMetrics(), random.Random(1)
    notes = [(dice.randrange(1, 10**6), dice.randrange(5)) for _ in range(1_000)]
    record = metrics.recorder("routing")
    for note in notes:
        record(note)
        metrics.stepped()
    row = metrics.summary()["stages"]["routing"]  # type: ignore[index]
    assert row["decisions"] == 1_000
    assert row["events"] == sum(events for _, events in notes)
    assert row["max_us"] == max(ns for ns, _ in notes) / 1000
    assert row["p50_us"] <= row["p99_us"] <= row["max_us"]


def test_summary_may_be_read_at_any_time_and_again() -> None:
    metrics = StageMetrics()
    metrics.recorder("risk")((1_000, 1))
    assert metrics.summary() == metrics.summary()
    metrics.recorder("risk")((1_000, 1))
    assert metrics.summary()["stages"]["risk"]["decisions"] == 2  # type: ignore[index]


def test_counters_add_up_by_name() -> None:
    metrics = StageMetrics()
    metrics.counted("orders_sent")
    metrics.counted("orders_sent", 4)
    metrics.counted("cancels_sent")
    assert metrics.summary()["counters"] == {"cancels_sent": 1, "orders_sent": 5}


def test_a_stage_that_decided_nothing_has_no_durations() -> None:
    metrics = StageMetrics()
    metrics.recorder("risk")
    stages = metrics.summary()["stages"]
    assert isinstance(stages, dict)
    assert all(figure == 0 for row in stages.values() for figure in row.values())


def test_no_metrics_take_everything_and_keep_nothing() -> None:
    metrics: Metrics = NoMetrics()
    metrics.recorder("risk")((1, 1))
    metrics.counted("x")
    metrics.stepped()
    assert metrics.summary() == {}


def test_measuring_changes_nothing_that_is_recorded() -> None:
    """The record of a run that is timed twice is the same, durations and all."""
    journal = MemoryJournal()
    run = desk(journal)
    work_morning(run)
    assert tuple(step for _, step in journal.steps()) == morning()
    stages = run.desk.engine.metrics.summary()["stages"]
    assert {"gateway", "risk", "routing", "executions"} <= set(stages)  # type: ignore[call-overload]
