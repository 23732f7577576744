"""The queue-reactive book: its long run, its moves, its switches, and equal results compiled or not."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.queues.queue_play import CANCEL, LIMIT, Played, play
from sottovoce.models.queues.queue_reactive import (
    FRANCE_TELECOM,
    Intensities,
    Switch,
    intensities,
    invariant_law,
    model_one,
)
from tests.models.queues.reactive_book import book


def distances(played: Played, model: Intensities) -> list[float]:
    """Total variation between time spent at each size and the invariant law, by queue."""
    levels = len(model.switch)
    spent = played.time_at / played.time_at.sum(axis=1, keepdims=True)
    return [0.5 * float(abs(spent[at] - invariant_law(model, at % levels)).sum()) for at in range(2 * levels)]


def test_invariant_law_of_a_constant_queue_is_geometric() -> None:
    flat = np.ones((1, 41))
    law = invariant_law(model_one(0.5 * flat, 0.0 * flat, flat), 0)
    np.testing.assert_allclose(law, 0.5 ** np.arange(41) / (0.5 ** np.arange(41)).sum())


def test_invariant_law_of_orders_that_leave_alone_is_poisson() -> None:
    size = np.arange(61, dtype=np.float64)[None]
    law = invariant_law(model_one(np.full((1, 61), 6.0), 2.0 * size, 0.0 * size), 0)
    poisson = 3.0 ** np.arange(61) / np.cumprod(np.maximum(1, np.arange(61)), dtype=np.float64)
    np.testing.assert_allclose(law, poisson / poisson.sum(), atol=1e-12)


def test_queues_spend_their_time_as_the_invariant_law_says() -> None:
    assert max(distances(play(book(), 60_000, 1, 0.0, 0.0), book())) < 0.06


def test_million_events_agree_with_the_invariant_law() -> None:
    """T-SIM-4: total variation within 0.02 after 1e6 events."""
    pytest.importorskip("numba", reason="a million events take ten seconds uncompiled")
    assert max(distances(play(book(), 1_000_000, 1, 0.0, 0.0), book())) <= 0.02


def test_reference_never_moves_without_theta() -> None:
    """T-SIM-4: θ = 0."""
    played = play(book(), 20_000, 4, 0.0, 1.0)
    assert not played.move.any()
    assert np.isnan(played.mean_reversion)


def test_moves_tend_to_be_undone_unless_the_book_is_redrawn() -> None:
    """T-SIM-4: ζ < ½ for θ_reinit < 1, also at the published values, rising to ½."""
    assert play(book(), 250_000, 2, *FRANCE_TELECOM).mean_reversion < 0.5
    kept, half, redrawn = (play(book(), 250_000, 2, 0.7, chance).mean_reversion for chance in (0.0, 0.6, 1.0))
    assert kept < half < redrawn
    assert half < 0.45
    assert redrawn == pytest.approx(0.5, abs=0.12)


def test_reference_moves_towards_the_queue_that_emptied() -> None:
    played = play(book(), 40_000, 5, 1.0, 0.5)
    moved = played.move != 0
    assert moved.any()
    assert (played.size[moved] == 1).all()
    assert (played.kind[moved] != LIMIT).all()
    assert (played.level[moved] == np.where(played.move[moved] > 0, 3, 0)).all()


@pytest.mark.parametrize("theta", [0.0, 0.7])
def test_compiled_and_plain_runs_are_equal(theta: float) -> None:
    pytest.importorskip("numba")
    quick, plain = (play(book(), 3_000, 3, theta, 0.5, compile_=compiled) for compiled in (True, False))
    for name in ("level", "kind", "size", "waited_s", "move", "time_at"):
        np.testing.assert_array_equal(getattr(quick, name), getattr(plain, name))


@pytest.mark.parametrize(("switch", "watched"), [(Switch.OWN_BEST, 0), (Switch.OPPOSITE_BEST, 2)])
def test_switch_reads_the_queue_it_names(switch: Switch, watched: int) -> None:
    """Orders leave the second level by cancels only while the watched best queue (IIa own, IIb opposite) holds two."""
    limit, cancel, market = np.full((2, 2, 9), 1.0), np.full((2, 2, 9), 1.2), np.zeros((2, 2, 9))
    cancel[1, 0], market[1, 0] = 0.0, 1.2
    model = intensities(limit, cancel, market, (Switch.NONE, switch), (2,))
    played = play(model, 6_000, 6, 0.0, 0.0, compile_=False)
    size = np.where(played.kind == LIMIT, 1, -1)
    change = np.where(played.level == watched, size, 0)
    first = int(played.size[played.level == watched][0])
    before = first + np.concatenate([[0], np.cumsum(change)[:-1]])
    leaves = (played.level == 1) & (played.kind != LIMIT)
    assert leaves.sum() > 100
    np.testing.assert_array_equal(played.kind[leaves] == CANCEL, before[leaves] >= 2)


@pytest.mark.parametrize(
    ("limit", "match"),
    [(np.ones((1, 2, 5)), "edges"), (np.full((1, 1, 5), -1.0), "at least 0"), (np.ones((1, 1, 4)), "shapes")],
)
def test_intensities_that_make_no_chain_are_refused(limit: np.ndarray, match: str) -> None:
    other = np.ones((1, limit.shape[1], 5))
    with pytest.raises(ModelError, match=match):
        intensities(limit, other, other, (Switch.NONE,))


def test_queue_that_only_grows_has_no_long_run() -> None:
    flat = np.ones((1, 6))
    with pytest.raises(ModelError, match="level 1") as caught:
        invariant_law(model_one(flat, 0.0 * flat, 0.0 * flat), 0)
    assert caught.value.code == "queue_unbounded"
