"""What must hold in any order-by-order replay, on a busy made-up session under random orders of ours."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest

from sottovoce.adapters.replay.market import OrderReplayMarket
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import LastLiquidityInd, Side, TimeInForce
from sottovoce.models.mbo.book import MboBook
from sottovoce.models.mbo.events import EXECUTE, TRADE, joined
from tests.adapters.replay.busy_feed import busy_events, busy_market
from tests.adapters.replay.feed_maker import CENT, INSTRUMENT, OrderNews, at, cancel, play, route, send

NAME = INSTRUMENT.instrument_id
END_S = 4_000


def worked(seed: int, rests_only: bool = False) -> tuple[OrderReplayMarket, list[OrderNews]]:
    """A session's first hour with random orders of ours, a few canceled."""
    dice, tape, said = random.Random(seed), busy_market(), []
    sent = []
    for number, second in enumerate(range(10, END_S - 400, 20)):
        said += play(tape, second)
        state = tape.states()[NAME]
        side = dice.choice((Side.BUY, Side.SELL))
        near = state.bid if side is Side.BUY else state.ask
        px = near + (0 if rests_only else dice.choice((-1, 0, 0, 1, 2)) * CENT)
        order = route(f"O{number}", side=side, qty=dice.choice((50, 100, 700)), cents=px // CENT,
                      tif=dice.choice((TimeInForce.DAY, TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL)),
                      post_only=False)  # fmt: skip
        sent.append(order)
        send(tape, second + 1, order)
        if dice.random() < 0.3:
            cancel(tape, second + 15, dice.choice(sent))
        check_places(tape)
    return tape, said + play(tape, END_S)


def check_places(tape: OrderReplayMarket) -> None:
    """The shares counted before each of our orders are those of the real orders before it, one by one."""
    replay = tape._replays[NAME]
    for waiting in replay.waiting:
        assert waiting.ahead == sum(real.left for real in replay.waiting.before(waiting))


def trades(said: list[OrderNews]) -> list[ExecutionReport]:
    return [message for message in said if isinstance(message, ExecutionReport) and message.last_qty]


@pytest.mark.parametrize("seed", range(3))
def test_our_place_is_always_the_sum_of_who_is_before_us(seed: int) -> None:
    tape, said = worked(seed)
    check_places(tape)
    assert {message.liquidity for message in trades(said)} == {LastLiquidityInd.ADDED, LastLiquidityInd.REMOVED}


@pytest.mark.parametrize("seed", range(3))
def test_shares_of_one_moment_are_given_to_us_once(seed: int) -> None:
    """What we are filled passively at a time and side is no more than the feed's events of that time could give."""
    said = worked(seed)[1]
    passive: Counter[int] = Counter()
    for message in trades(said):
        if message.liquidity is LastLiquidityInd.ADDED:
            passive[message.transact_ns] += message.last_qty
    feed = joined(busy_events())
    for ns, qty in passive.items():
        assert qty <= int(feed.qty[feed.ns == ns].sum())
    assert passive


@pytest.mark.parametrize("seed", range(3))
def test_bounds_hold_the_queue_between_them(seed: int) -> None:
    tape, said = worked(seed, rests_only=True)
    bounds = tape.fill_bounds()
    passive = sum(message.last_qty for message in trades(said) if message.liquidity is LastLiquidityInd.ADDED)
    assert 0 < bounds.through_qty < bounds.queue_qty < bounds.touch_qty <= bounds.rested_qty
    assert bounds.queue_qty == passive


def test_the_feed_is_the_same_whatever_we_do() -> None:
    quiet, busy = busy_market(), worked(1)[0]
    play(quiet, END_S)
    tapes = [tape.tape(NAME) for tape in (quiet, busy)]
    prints = [np.asarray(tape.trade_qty)[np.asarray(tape.trade_own) == 0] for tape in tapes]
    assert np.array_equal(prints[0], prints[1])


def test_the_book_is_the_one_of_the_feed() -> None:
    """Without orders of ours the touch at any time is that of the market-by-order book fed the same events."""
    tape, feed, book = busy_market(), joined(busy_events()), MboBook()
    for second in range(0, 2_000, 97):
        play(tape, second)
        due = feed.where(feed.ns <= at(second))
        book.clear()
        book.apply_all(*(column.tolist() for column in due.columns[1:]))
        state = tape.states()[NAME]
        assert (state.bid, state.bid_size, state.ask, state.ask_size) == book.touch()
        assert state.volume == int(due.qty[np.isin(due.kind, (EXECUTE, TRADE))].sum())


def test_same_orders_twice_give_the_same_answers() -> None:
    assert worked(2)[1] == worked(2)[1]
