"""Windows and own prices against the obvious version, in whatever order the news comes."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.stages.risk.interest import Interest
from sottovoce.stages.risk.windows import SLOTS, Path, Window

SLOT_LISTS = st.lists(st.integers(0, 40), max_size=40)


@given(SLOT_LISTS, st.integers(0, 12))
def test_window_counts_what_is_in_it(slots: list[int], ahead: int) -> None:
    window = Window()
    for slot in slots:
        window.add(slot)
    now = max(slots, default=0) + ahead
    assert window.within(now) == sum(1 for slot in slots if now - SLOTS < slot <= now)


@given(SLOT_LISTS, st.randoms(use_true_random=False))
def test_window_is_the_same_in_any_order(slots: list[int], dice: object) -> None:
    one, other = Window(), Window()
    shuffled = list(slots)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    for slot in slots:
        one.add(slot)
    for slot in shuffled:
        other.add(slot)
    encode = msgspec.json.Encoder(order="deterministic").encode
    assert encode(one) == encode(other)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 99)), max_size=40))
def test_path_starts_at_the_best_price_of_its_window(moves: list[tuple[int, int]]) -> None:
    path, slot, seen = Path(), 0, []
    for ahead, px in moves:
        slot += ahead
        path.add(slot, px)
        seen.append((slot, px))
        inside = [known for when, known in seen if when >= slot - SLOTS]
        assert (path.start(slot, 1), path.start(slot, -1)) == (min(inside), max(inside))


MOVES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from((1, -1)), st.integers(1, 9), st.integers(1, 50)), max_size=40
)


@given(MOVES)
def test_own_prices_are_those_of_the_live_children(moves: list[tuple[int, int, int, int]]) -> None:
    """The best own price on either side, against a look at every live child."""
    interest, live = Interest(), {}
    for which, sign, px, qty in moves:
        child = f"C{which}"
        if child not in live:
            live[child] = (sign, px, qty)
            interest.add(child, "owner", "ACME", sign, px, qty)
        else:
            old_sign, old_px, left = live[child]
            gone = min(qty, left)
            live[child] = (old_sign, old_px, left - gone)
            interest.move(child, -gone)
            if left == gone:
                del live[child]
        buys = [price for side, price, _ in live.values() if side > 0]
        sells = [price for side, price, _ in live.values() if side < 0]
        for probe in range(1, 10):
            met = interest.meets("owner", "ACME", 1, probe)
            assert met == (min(sells) if sells and min(sells) <= probe else None)
            met = interest.meets("owner", "ACME", -1, probe)
            assert met == (max(buys) if buys and max(buys) >= probe else None)
    assert len(interest.live) == len(live)


def test_repriced_child_is_met_at_its_new_price_only() -> None:
    interest = Interest()
    interest.add("C", "owner", "ACME", -1, 50, 100)
    interest.reprice("C", 48)
    assert interest.meets("owner", "ACME", 1, 48) == 48
    interest.move("C", -100)
    assert interest.meets("owner", "ACME", 1, 99) is None
    assert interest == Interest()
