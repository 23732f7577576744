"""Laws of the two pools under random orders, cancels, changes, firm-ups, quotes and time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import ExecType, TimeInForce
from sottovoce.models.matching.midpoint_pool import MidpointPool
from sottovoce.models.matching.port import Entry, Outcome
from tests.models.matching.dark_desk import block_pool, check_laws, graded_pool
from tests.models.matching.random_play import Played, Taste, play

LIVES = (TimeInForce.DAY, TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)
BLOCK = Taste(segments=("", "sponsored", "principal"), lives=LIVES, conditional_share=0.3)
GRADED = Taste(segments=("", "1", "3", "4"), lives=LIVES, conditional_share=0.3, wait_ms=(0, 1, 5, 40))


def played(make: Callable[[], MidpointPool], taste: Taste, seed: int) -> tuple[MidpointPool, Played]:
    """A random play of 120 steps, judged as it goes."""
    pool = make()
    return pool, play(pool, seed, 120, taste, lambda: check_nobody_left_standing(pool))


def check_nobody_left_standing(pool: MidpointPool) -> None:
    """No two firm orders rest that could trade with each other now, and nothing is promised twice."""
    book = pool._book
    orders = list(book.orders)
    assert all(0 <= order.committed_qty <= order.leaves_qty for order in orders)
    if book.mid is None:
        return
    firm = [order for order in orders if order.firm and order.free_qty]
    for one in (order for order in firm if order.buy):
        for other in (order for order in firm if not order.buy):
            assert not (book.pairing.willing(one, other, book.mid) and book.pairing.overlap(one, other))


@pytest.mark.parametrize(("make", "taste"), [(block_pool, BLOCK), (graded_pool, GRADED)], ids=["block", "graded"])
def test_laws_hold_whatever_happens(make: Callable[[], MidpointPool], taste: Taste) -> None:
    @settings(max_examples=60)
    @given(seed=st.integers(0, 2**32))
    def keeps_the_laws(seed: int) -> None:
        pool, (taken, news) = played(make, taste, seed)
        check_laws(taken, news)
        check_classes_and_owners(pool, taken, news)
        for owner in "abcd":
            record = pool.firm_ups(owner)
            awaited = [each for each in pool._book.orders if each.asked]
            still_open = sum(each.entry.owner == owner for each in awaited)
            assert record.invited == record.firmed + record.faded + record.withdrawn + still_open

    keeps_the_laws()


def check_classes_and_owners(pool: MidpointPool, taken: dict[str, Entry], news: list[Outcome]) -> None:
    """Nobody met himself or a class that refuses him."""
    met: dict[int, list[str]] = {}
    for each in news:
        if each.match_id:
            met.setdefault(each.match_id, []).append(each.order_id)
    for one, other in met.values():
        a, b = taken[one], taken[other]
        assert not a.owner or a.owner != b.owner
        assert pool._book.pairing._meets[a.segment, b.segment]


@pytest.mark.parametrize(("make", "taste"), [(block_pool, BLOCK), (graded_pool, GRADED)], ids=["block", "graded"])
def test_random_plays_reach_every_kind_of_news(make: Callable[[], MidpointPool], taste: Taste) -> None:
    """The laws above say something only if the plays trade, firm up, fade and withdraw."""
    seen: Counter[str] = Counter()
    for seed in range(12):
        _, (_, news) = played(make, taste, seed)
        seen.update(each.reason or each.exec_type.value for each in news)
    assert seen[ExecType.TRADE.value] > 100
    assert seen["invited"] > 20
    assert seen["firm_up_timeout"] > 5
    assert seen["firmed_up"] > 5


@pytest.mark.parametrize("make", [block_pool, graded_pool])
def test_same_seed_same_news(make: Callable[[], MidpointPool]) -> None:
    assert (
        played(make, BLOCK if make is block_pool else GRADED, 7)[1]
        == played(make, BLOCK if make is block_pool else GRADED, 7)[1]
    )
