"""Laws of the lit venue under any calls at all: what comes in is traded, canceled or still there; the book is sane."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.models.matching.ladder import NOWHERE, Ladder
from sottovoce.models.matching.lit_book import LitBook
from sottovoce.models.matching.lit_facts import LIT_FACTS, lit_rules_on
from sottovoce.models.matching.lit_order import LitOrder
from sottovoce.models.matching.lit_venue import LitVenue
from tests.contracts.venue_ledger import Ledger, MinimumOf
from tests.models.matching.lit_play import CENT, CLOSE_NS, HOURS, OPEN_NS, PX, WORDS, drawn_lit, drawn_touch

Step = tuple[str, int, int, int]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(("enter", "enter", *WORDS)), st.integers(0, 2**16), st.integers(1, 9), st.integers(-4, 5)
    ),
    min_size=20,
    max_size=80,
)


@settings(max_examples=150)
@given(steps=STEPS, number=st.integers(0, len(LIT_FACTS) - 1))
def test_quantities_add_up_and_the_book_is_sane_after_every_call(steps: list[Step], number: int) -> None:
    facts = LIT_FACTS[number]
    venue = LitVenue(facts, lit_rules_on(facts.venue, HOURS.date), HOURS)
    ledger = Ledger(MinimumOf.MATCH, prevents_self_match=True)
    for at_ns, step in enumerate(steps, OPEN_NS):
        make_call(venue, ledger, step, at_ns)
        check_book(venue, ledger)
    ledger.book(venue.advance(CLOSE_NS), CLOSE_NS)
    assert ledger.live() == []
    check_book(venue, ledger)


def make_call(venue: LitVenue, ledger: Ledger, step: Step, at_ns: int) -> None:
    """One call of any kind; seed draws what an order or a touch is like."""
    word, seed, lots, ticks = step
    dice, known = Random(seed), sorted(ledger.accounts)
    if word == "enter":
        ledger.entered(venue, drawn_lit(dice, f"O{seed}"), at_ns)
    elif word == "observe":
        ledger.book(venue.observe(drawn_touch(dice), at_ns), at_ns)
    elif word == "cancel" and known:
        ledger.canceled(venue, known[seed % len(known)], at_ns)
    elif word == "replace" and known:
        ledger.replaced(venue, known[seed % len(known)], lots * 100, PX + ticks * CENT if seed % 4 else 0, at_ns)
    elif word in ("halt", "resume", "advance"):
        ledger.book(getattr(venue, word)(at_ns), at_ns)


def check_book(venue: LitVenue, ledger: Ledger) -> None:
    """The book holds what the news says is live, each side's best is its best, and what is shown neither locks."""
    book = venue._book
    leaves = {key: order.open_qty for key, order in book.orders.items()}
    assert leaves == {key: account.leaves_qty for key, account in ledger.accounts.items() if not account.over}
    standing = [order for order in book.orders.values() if order.standing]
    assert sorted(map(_key, standing)) == sorted(map(_key, [*in_ladder(book.bids), *in_ladder(book.asks)]))
    shown = venue.shown()
    assert not shown.bid or not shown.ask or shown.bid < shown.ask
    check_ends(book)


def check_ends(book: LitBook) -> None:
    """The best rank of a side is that of the best order in it, and its queues are linked both ways."""
    for ladder in (book.bids, book.asks):
        orders = in_ladder(ladder)
        assert ladder.rank == max((order.px * ladder.sign for order in orders), default=NOWHERE)
        for order in orders:
            assert order.later is None or (order.later.earlier is order and order.hidden <= order.later.hidden)


def in_ladder(ladder: Ladder) -> list[LitOrder]:
    """Every order that stands on a side."""
    found = []
    for queue in ladder._queues.values():
        order = queue.first
        assert order is not None, "an empty queue is left behind"
        while order is not None:
            assert isinstance(order, LitOrder)
            assert order.leaves > 0
            found.append(order)
            order = order.later
    return found


def _key(order: LitOrder) -> str:
    return order.key
