"""Laws of the kernel's board under random orders of ours and the background's own life."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.adapters.queues import kernel, places
from sottovoce.adapters.queues.board import Board
from sottovoce.adapters.queues.calibration import profile_of
from sottovoce.adapters.queues.kernel_book import available, best_px, put_volume, take_place, volume_at
from sottovoce.adapters.queues.kernel_quotes import lean, move_side, pass_order, remember
from sottovoce.adapters.queues.opening import Opened, open_session
from sottovoce.adapters.queues.playing import Player
from tests.adapters.simulated.names import SECOND_NS, name, sessions

SESSION = sessions(1)[0]
PROFILE = profile_of(name(adv=60_000.0), SESSION.date)
NOTHING = [0.0] * (places.MEMORIES + places.EXPECTATIONS)


def opened(seed: int = 1) -> Opened:
    return open_session(PROFILE, SESSION, seed, 0, (), NOTHING, arrays=False)


def check_board(b: Board) -> None:
    """Totals are sums over venues, nothing is negative, nothing of the background locks or crosses ours."""
    vol = np.array(b.vol).reshape(places.LIT_VENUES, 2 * places.RING)
    assert (vol >= 0).all()
    np.testing.assert_array_equal(vol.sum(axis=0), b.tot)
    assert b.ints[places.BID] < b.ints[places.ASK]
    assert best_px(b, places.BID) < best_px(b, places.ASK)
    rows = np.array(b.own[: b.ints[places.I_OURS] * places.OWN]).reshape(-1, places.OWN)
    assert (rows[:, places.O_LEAVES] > 0).all()
    assert (rows[:, places.O_AHEAD] >= 0).all()
    assert available_across(b) == 0, "the background offers what an order of ours would take"


def available_across(b: Board) -> int:
    """Shares the background shows at prices that lock or cross our best resting orders."""
    venues = range(places.LIT_VENUES)
    asks = sum(available(b, venue, places.ASK, b.ints[places.I_OUR_BID]) for venue in venues)
    return asks + sum(available(b, venue, places.BID, b.ints[places.I_OUR_ASK]) for venue in venues)


actions = st.lists(
    st.tuples(
        st.integers(0, places.LIT_VENUES - 1),
        st.booleans(),
        st.integers(1, 30_000),
        st.integers(-6, 6),
        st.booleans(),
        st.integers(1, 120),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(actions, st.integers(1, 3))
def test_board_stays_a_board(moves: list[tuple[int, bool, int, int, bool, int]], seed: int) -> None:
    """After everything that happens: entered = filled + resting + let go, and every fill within its limit."""
    made = opened(seed)
    player, at_ns = Player(made.board, made.draws, None), SESSION.open_ns
    limits: list[tuple[int, int]] = []
    entered = filled = let_go = 0
    for slot, (venue, buy, qty, off, rest, seconds) in enumerate(moves):
        ints = player.board.ints
        side, sign = (places.BID, 1) if buy else (places.ASK, -1)
        limit = best_px(player.board, 1 - side) + off
        limit = min(limit, ints[places.I_OUR_ASK] - 1) if buy else max(limit, ints[places.I_OUR_BID] + 1)
        limits.append((sign, limit))
        player.enter(at_ns, slot, venue, side, qty, limit, rest=rest)
        done = taken_fills(player.board, limits)
        entered, filled, let_go = entered + qty, filled + done, let_go + (0 if rest else qty - done)
        check_board(player.board)
        at_ns += seconds * SECOND_NS
        while player.run(at_ns):
            filled += taken_fills(player.board, limits)
            check_board(player.board)
        assert entered == filled + resting(player.board) + let_go


def resting(b: Board) -> int:
    return sum(b.own[row + places.O_LEAVES] for row in range(0, b.ints[places.I_OURS] * places.OWN, places.OWN))


def taken_fills(b: Board, limits: list[tuple[int, int]]) -> int:
    """Shares of the fills recorded, which are checked against the limits of their orders and taken off the board."""
    total = 0
    for row in range(0, b.ints[places.I_FILLS] * places.FILL, places.FILL):
        slot, qty, px, _ = b.fills[row : row + places.FILL]
        sign, limit = limits[slot]
        assert qty > 0
        assert sign * px <= sign * limit
        total += qty
    b.ints[places.I_FILLS] = 0
    return total


def test_market_order_reaches_us_when_the_shares_ahead_are_gone() -> None:
    b = opened().board
    px = best_px(b, places.BID)
    ahead = volume_at(b, 1, places.BID, px)
    kernel.enter_ours(b, SESSION.open_ns, 7, 1, places.BID, 100, px, True)
    assert take_place(b, SESSION.open_ns, 1, places.BID, px, ahead - 1) == (ahead - 1, 0)
    assert take_place(b, SESSION.open_ns, 1, places.BID, px, 31) == (1, 30)
    assert b.fills[: places.FILL] == [7, 30, px, 0]
    assert take_place(b, SESSION.open_ns, 1, places.BID, px, 500) == (0, 70)
    assert b.ints[places.I_OURS] == 0


def test_shares_that_traded_are_no_longer_ahead_of_us() -> None:
    b = opened().board
    px = best_px(b, places.BID)
    ahead = volume_at(b, 1, places.BID, px)
    kernel.enter_ours(b, SESSION.open_ns, 7, 1, places.BID, 100, px, True)
    assert take_place(b, SESSION.open_ns, 1, places.BID, px, ahead - 10) == (ahead - 10, 0)
    put_volume(b, 1, places.BID, px // PROFILE.grid, 500)
    assert take_place(b, SESSION.open_ns, 1, places.BID, px, 40) == (10, 30)


@pytest.mark.parametrize(("place", "in_front"), [(0, True), (places.PLACES - 1, False)])
def test_cancel_shortens_our_wait_only_from_in_front_of_us(place: int, in_front: bool) -> None:
    b = opened().board
    px = best_px(b, places.BID)
    kernel.enter_ours(b, SESSION.open_ns, 7, 0, places.BID, 100, px, True)
    ahead = b.own[places.O_AHEAD]
    put_volume(b, 0, places.BID, px // PROFILE.grid, 50_000)
    before = volume_at(b, 0, places.BID, px)
    kernel.leave_book(b, SESSION.open_ns, places.BID | place << places.W_PLACE)
    gone = before - volume_at(b, 0, places.BID, px)
    assert gone > 0
    assert ahead - b.own[places.O_AHEAD] == (min(gone, ahead) if in_front else 0)


def test_limit_order_that_would_lock_us_trades_instead_of_resting() -> None:
    b = opened().board
    limit = best_px(b, places.ASK) + 3
    kernel.enter_ours(b, SESSION.open_ns, 7, 0, places.BID, 90_000, limit, True)
    leaves, price = b.own[places.O_LEAVES], b.ints[places.ASK]
    assert price * PROFILE.grid <= limit
    b.reals[places.R_FAIR] -= 20.0
    kernel.join_book(b, SESSION.open_ns, places.ASK, width=b.ints[places.ASK] - b.ints[places.BID])
    assert b.own[places.O_LEAVES] == leaves - b.table[places.T_QTY]
    assert available_across(b) == 0


def test_second_order_waits_behind_what_joined_between_them() -> None:
    b = opened().board
    px = best_px(b, places.BID)
    kernel.enter_ours(b, SESSION.open_ns, 1, 0, places.BID, 100, px, True)
    ahead = volume_at(b, 0, places.BID, px)
    put_volume(b, 0, places.BID, px // PROFILE.grid, 40)
    kernel.enter_ours(b, SESSION.open_ns, 2, 0, places.BID, 100, px, True)
    take_place(b, SESSION.open_ns, 0, places.BID, px, ahead + 100 + 40 + 25)
    slots = [(b.fills[row], b.fills[row + 1]) for row in range(0, b.ints[places.I_FILLS] * places.FILL, places.FILL)]
    assert slots == [(1, 100), (2, 25)]


@pytest.mark.parametrize("qty", [500, -500])
def test_flow_that_providers_absorb_moves_what_they_believe(qty: int) -> None:
    b = opened().board
    before = lean(b)
    remember(b, qty)
    assert (lean(b) - before) * qty > 0
    remember(b, -qty)
    assert lean(b) == pytest.approx(before)


def test_flow_that_was_expected_moves_less() -> None:
    """After steady buying, a market order's time without a buyer takes the price back further than fading alone."""
    b = opened().board
    for _ in range(300):
        pass_order(b)
        remember(b, round(PROFILE.mean_qty))
    held = b.reals[places.R_MEMORY : places.R_MEMORY + places.MEMORIES]
    faded = sum(value * b.rates[places.F_DECAY + place] for place, value in enumerate(held))
    pass_order(b)
    kick = sum(b.rates[places.F_WEIGHT : places.F_WEIGHT + places.MEMORIES])
    assert 0.3 * kick < faded - b.reals[places.R_IMPACT] < kick


@pytest.mark.parametrize("side", [places.BID, places.ASK])
def test_quotes_that_move_out_and_back_leave_the_reach_as_wide(side: int) -> None:
    b = opened().board
    away = 1 if side == places.ASK else -1
    start = b.ints[side]
    for up in (away, away, -away):
        move_side(b, SESSION.open_ns, side, up)
        shown = [
            b.tot[side * places.RING + (b.ints[side] + level * away) % places.RING] for level in range(places.LEVELS)
        ]
        assert min(shown) > 0
        assert sum(b.tot[side * places.RING : (side + 1) * places.RING]) == sum(shown)
    assert b.ints[side] == start + away
