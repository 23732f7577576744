"""Order-flow imbalance: T-IMP-12 exactly, and a linear market whose slope and fit are known."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.market_facts.columns import SessionColumns
from sottovoce.analytics.market_facts.order_flow import (
    contributions,
    flow_blocks,
    mean_r_squared,
    slope_times_depth,
)
from tests.analytics.market_facts.synthetic import TICK, seconds, session

BEFORE = (100, 10, 101, 10)
EVENTS = 23_000


@pytest.mark.parametrize(
    ("after", "expected"),
    [((100, 15, 101, 10), 5), ((101, 5, 102, 8), 15), ((99, 20, 101, 10), -10), ((100, 10, 101, 4), 6)],
)
def test_one_event_contributes_as_published(after: tuple[int, int, int, int], expected: int) -> None:
    """T-IMP-12. Source: Cont, Kukanov and Stoikov 2014, definition of e_n."""
    columns = [np.array(pair) for pair in zip(BEFORE, after, strict=True)]
    assert contributions(*columns).tolist() == [expected]


def test_contribution_is_odd_in_the_sides() -> None:
    rng = np.random.default_rng(1)
    bid, ask = 100 + rng.integers(-1, 2, 500), 103 + rng.integers(-1, 2, 500)
    bid_size, ask_size = rng.integers(1, 50, 500), rng.integers(1, 50, 500)
    mirrored = contributions(-ask, ask_size, -bid, bid_size)
    assert (contributions(bid, bid_size, ask, ask_size) == -mirrored).all()


def even_book(depth: int, seed: int = 2) -> SessionColumns:
    """Two queues that share 2 x depth: what one gains the other loses, and when one is empty the price has moved.

    A share counts in both queues, so the mid moves one tick for 4 x depth of imbalance, and depth is the average.
    """
    rng = np.random.default_rng(seed)
    level = np.cumsum(rng.choice([-1, 1], 10 * EVENTS) * rng.integers(1, 10, 10 * EVENTS)) / (2 * depth)
    whole = np.floor(level).astype(np.int64)
    part = np.round((level - whole) * 2 * depth).astype(np.int64)
    return session(
        quote_ns=seconds(*(0.1 * np.arange(10 * EVENTS))),
        bid=(1000 + whole) * TICK,
        ask=(1001 + whole) * TICK,
        bid_size=np.maximum(part, 1),
        ask_size=np.maximum(2 * depth - part, 1),
    )


@pytest.mark.parametrize("depth", [30, 50])
def test_linear_market_has_its_slope_and_depth(depth: int) -> None:
    blocks = flow_blocks(even_book(depth))
    assert len(blocks) == 13
    assert np.mean([block.slope for block in blocks]) == pytest.approx(1 / (4 * depth), rel=0.15)
    assert np.mean([block.depth for block in blocks]) == pytest.approx(depth, rel=0.02)
    assert slope_times_depth([blocks]) == pytest.approx(0.5, rel=0.15)
    assert mean_r_squared([blocks]) > 0.5


def test_flow_that_explains_nothing_fails_the_gate() -> None:
    rng = np.random.default_rng(3)
    walk = 1000 + np.cumsum(rng.choice([-1, 0, 1], EVENTS, p=[0.02, 0.96, 0.02]))
    sizes = rng.integers(1, 400, (2, EVENTS))
    still = np.concatenate([[True], np.diff(walk) == 0])
    day = session(
        quote_ns=seconds(*range(1, EVENTS + 1)),
        bid=walk * TICK,
        ask=(walk + 1) * TICK,
        bid_size=np.where(still, sizes[0], 1),
        ask_size=np.where(still, sizes[1], 1),
    )
    assert mean_r_squared([flow_blocks(day)]) < 0.2


def test_tape_without_sizes_is_not_measured() -> None:
    bare = session(quote_ns=seconds(1, 2), bid=np.array([1, 2]), ask=np.array([3, 4]))
    assert flow_blocks(bare) == []
    assert np.isnan(mean_r_squared([[]]))


def test_half_hour_in_which_nothing_moved_is_left_out() -> None:
    flat = np.full(EVENTS, 100)
    day = session(quote_ns=seconds(*range(1, EVENTS + 1)), bid=flat, ask=flat + 1, bid_size=flat, ask_size=flat)
    assert flow_blocks(day) == []
