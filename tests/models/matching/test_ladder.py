"""The price-time book against the obvious one: a list of everybody in the queue, walked from the front."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.matching.book import Book
from sottovoce.models.matching.ladder import NOWHERE, Ladder, Match, Resting

Step = tuple[str, int, int, int]


class PlainLadder:
    """The referee: per price a list of (owner, shares), front first; "" owns anonymous shares, and who hides is ~."""

    def __init__(self, sign: int) -> None:
        self.sign = sign
        self.queues: dict[int, list[tuple[str, int]]] = {}

    def best_px(self) -> int | None:
        standing = [px for px, queue in self.queues.items() if queue]
        return max(standing, key=lambda px: px * self.sign) if standing else None

    def append(self, owner: str, px: int, qty: int) -> None:
        queue = self.queues.setdefault(px, [])
        queue.append((owner, qty))
        queue.sort(key=lambda entry: entry[0].startswith("~"))

    def leave(self, owner: str) -> None:
        for px, queue in self.queues.items():
            self.queues[px] = [entry for entry in queue if entry[0] != owner]

    def withdraw(self, px: int, qty: int, offset: int) -> int:
        kept: list[tuple[str, int]] = []
        passed = gone = 0
        for owner, shares in self.queues.get(px, []):
            left = shares
            if not owner:
                first, last = max(passed, offset), min(passed + shares, offset + qty)
                passed += shares
                left -= max(0, last - first)
                gone += max(0, last - first)
            if left:
                kept.append((owner, left))
        self.queues[px] = kept
        return gone

    def withdraw_better(self, px: int) -> None:
        for at, queue in self.queues.items():
            if at * self.sign > px * self.sign:
                self.queues[at] = [entry for entry in queue if entry[0]]

    def take(self, qty: int, limit: int) -> list[tuple[int, int, str]]:
        fills: list[tuple[int, int, str]] = []
        while qty and (px := self.best_px()) is not None and px * self.sign >= limit * self.sign:
            owner, shares = self.queues[px][0]
            done = min(qty, shares)
            qty -= done
            fills.append((px, done, owner))
            self.queues[px][0] = (owner, shares - done)
            if done == shares:
                self.queues[px].pop(0)
        return fills

    def ahead(self, owner: str) -> int:
        for queue in self.queues.values():
            if owner in [name for name, _ in queue]:
                place = [name for name, _ in queue].index(owner)
                return sum(shares for name, shares in queue[:place] if not name)
        raise AssertionError(owner)


def merged(fills: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Neighbouring fills of one owner at one price as one."""
    out: list[tuple[int, int, str]] = []
    for px, qty, owner in fills:
        if out and (out[-1][0], out[-1][2]) == (px, owner):
            out.append((px, qty + out.pop()[1], owner))
        else:
            out.append((px, qty, owner))
    return out


def as_fills(matches: list[Match]) -> list[tuple[int, int, str]]:
    return merged([(match.px, match.qty, match.resting.key if match.resting else "") for match in matches])


PRICES = [90, 98, 99, 100, 101, 102, 200]

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "join", "hide", "leave", "withdraw", "better", "take"]),
        st.sampled_from(PRICES),
        st.integers(1, 40),
        st.integers(0, 30),
    ),
    max_size=60,
)


@pytest.mark.parametrize(("sign", "step"), [(1, 1), (-1, 1), (1, 10)])
@given(steps=STEPS)
def test_ladder_equals_the_plain_queue(sign: int, step: int, steps: list[Step]) -> None:
    ladder, plain = Ladder(sign, step), PlainLadder(sign)
    ours: dict[str, Resting] = {}
    for number, (what, px, qty, offset) in enumerate(steps):
        key = f"O{number}"
        if what == "add":
            ladder.add(px, qty)
            plain.append("", px, qty)
        elif what == "join":
            ours[key] = ladder.join(key, px, qty)
            plain.append(key, px, qty)
        elif what == "hide":
            ours[f"~{key}"] = hidden = Resting(f"~{key}", px, qty, 0)
            hidden.hidden = True
            ladder.stand(hidden)
            plain.append(f"~{key}", px, qty)
        elif what == "leave" and ours:
            gone = sorted(ours)[offset % len(ours)]
            ladder.leave(ours.pop(gone))
            plain.leave(gone)
        elif what == "withdraw":
            assert ladder.withdraw(px, qty, offset) == plain.withdraw(px, qty, offset)
        elif what == "better":
            ladder.withdraw_better(px)
            plain.withdraw_better(px)
        elif what == "take":
            assert as_fills(ladder.take(qty, px)) == merged(plain.take(qty, px))
            ours = {key: order for key, order in ours.items() if order.leaves}
        assert ladder.best_px() == plain.best_px()
        for at in PRICES:
            queue = plain.queues.get(at, [])
            assert ladder.depth_qty(at) == sum(shares for _, shares in queue)
            assert ladder.shown_qty(at) == sum(shares for name, shares in queue if not name.startswith("~"))
        for key, order in ours.items():
            assert order.hidden or order.ahead == plain.ahead(key)


def test_empty_ladder_has_no_best_price_and_gives_nothing() -> None:
    ladder = Ladder(1)
    assert ladder.best_px() is None
    assert ladder.rank == NOWHERE
    assert ladder.take(100) == []
    assert ladder.withdraw(10, 5, 0) == 0


def test_order_waits_behind_what_stood_there_before_it() -> None:
    ladder = Ladder(1)
    ladder.add(100, 300)
    order = ladder.join("ours", 100, 200)
    ladder.add(100, 500)
    assert as_fills(ladder.take(350)) == [(100, 300, ""), (100, 50, "ours")]
    assert order.leaves == 150
    assert order.ahead == 0


def test_cancels_ahead_improve_the_place_and_cancels_behind_do_not() -> None:
    ladder = Ladder(-1)
    ladder.add(100, 300)
    order = ladder.join("ours", 100, 200)
    ladder.add(100, 400)
    ladder.withdraw(100, 100, 0)
    assert order.ahead == 200
    ladder.withdraw(100, 100, 400)
    assert order.ahead == 200


def test_better_price_trades_first() -> None:
    ladder = Ladder(-1)
    ladder.add(102, 100)
    ladder.add(101, 100)
    assert as_fills(ladder.take(150)) == [(101, 100, ""), (102, 50, "")]


def test_limit_price_is_never_passed() -> None:
    ladder = Ladder(-1)
    ladder.add(101, 100)
    ladder.add(103, 100)
    assert as_fills(ladder.take(500, 102)) == [(101, 100, "")]
    assert ladder.best_px() == 103


def test_submitted_order_takes_then_rests_with_what_is_left() -> None:
    book = Book()
    book.asks.add(101, 60)
    matches, resting = book.submit("ours", 100, 101, buy=True, rest=True)
    assert as_fills(matches) == [(101, 60, "")]
    assert resting is not None
    assert (resting.px, resting.leaves) == (101, 40)
    assert book.bids.best_px() == 101


def test_market_order_never_rests() -> None:
    book = Book()
    book.bids.add(99, 10)
    matches, resting = book.submit("ours", 100, None, buy=False, rest=True)
    assert as_fills(matches) == [(99, 10, "")]
    assert resting is None
    assert book.asks.best_px() is None
