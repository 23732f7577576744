"""Estimated intensities: the ones that made the record, within their bands; and records that cannot be used."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.core.errors import ModelError
from sottovoce.models.queues.queue_estimates import estimate, sizes_before
from sottovoce.models.queues.queue_play import play
from tests.models.queues.reactive_book import book

PLAYED = play(book(), 60_000, 1, 0.0, 0.0)


def test_bands_cover_the_intensities_that_made_the_record() -> None:
    """At sizes held for a hundred seconds at least; the bands are of 95 %, from fifty blocks."""
    model = book()
    covered: list[bool] = []
    for level in range(6):
        got = estimate(PLAYED, level)
        often = got.seconds > 100
        truth = np.stack([model.limit[level % 3, 0], model.cancel[level % 3, 0]])[:, often]
        np.testing.assert_allclose(got.rate[:2, often], truth, rtol=0.35)
        covered += ((got.low[:2, often] <= truth) & (truth <= got.high[:2, often])).ravel().tolist()
    assert np.mean(covered) > 0.85


def test_rate_is_events_over_time_at_a_size() -> None:
    got = estimate(PLAYED, 0, blocks=10, draws=20)
    here = (PLAYED.level == 0) & (PLAYED.size == 5)
    np.testing.assert_allclose(got.seconds, PLAYED.time_at[0])
    assert got.rate[1, 5] == pytest.approx((here & (PLAYED.kind == 1)).sum() / PLAYED.time_at[0, 5])


def test_size_never_seen_has_no_rate() -> None:
    got = estimate(PLAYED, 0)
    never = PLAYED.time_at[0] == 0
    assert never.any()
    assert np.isnan(got.rate[:, never]).all()
    assert np.isnan(got.low[:, never]).all()


def test_sizes_before_follow_the_events_of_the_level() -> None:
    sizes = sizes_before(PLAYED, 2)
    own = PLAYED.level == 2
    np.testing.assert_array_equal(sizes[own], PLAYED.size[own])
    assert (sizes >= 0).all()


def test_record_in_which_the_reference_moves_is_refused() -> None:
    with pytest.raises(ModelError, match="reference moves"):
        estimate(play(book(), 5_000, 1, 1.0, 0.0), 0)


def test_fewer_events_than_blocks_is_refused() -> None:
    with pytest.raises(ModelError, match="10 events"):
        estimate(play(book(), 10, 1, 0.0, 0.0), 0)
