"""The queue-based market as a whole: repeatable, indifferent to being watched, moved by orders, equal compiled."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.queues import QUEUE_VENUES, QueueMarket
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.errors import ConfigError, ModelError, NotFound
from sottovoce.models.arrays import FloatArray
from tests.adapters.queues.trading import QUICK, buy_often, desk_on, market
from tests.adapters.simulated.names import DAY_NS, OPEN_NS, SECOND_NS, SESSION_NS, TICK, name, sessions
from tests.contracts.market_desk import MINUTE_NS, Desk

END_NS = OPEN_NS + DAY_NS


def digest(seed: int, *, step_ns: int = DAY_NS, days: int = 1, look: bool = False) -> str:
    made = market(seed, days=days)
    for until_ns in range(OPEN_NS, OPEN_NS + days * DAY_NS + 1, step_ns):
        assert list(made.advance(until_ns)) == []
        if look:
            made.states()
            made.tape("SMALL")
    return made.tape_digest("SMALL")


def test_same_seed_gives_the_same_tape_and_another_seed_another() -> None:
    assert digest(3) == digest(3)
    assert digest(3) != digest(4)


@pytest.mark.parametrize("step_ns", [597 * SECOND_NS, 15 * MINUTE_NS])
def test_connected_but_idle_session_is_bit_equal(step_ns: int) -> None:
    assert digest(5, step_ns=step_ns, look=True) == digest(5)


def test_order_of_no_quantity_leaves_the_market_untouched() -> None:
    desk = desk_on(market(5), 1)
    desk.send(0, TICK)
    desk.send(100, 1, venue="NOWHERE")
    desk.run(END_NS)
    assert isinstance(desk.market, QueueMarket)
    assert desk.market.tape_digest("SMALL") == digest(5)


def traded(compiled: bool) -> str:
    """Digest of two days with passive and aggressive orders at every kind of venue."""
    made = market(6, days=2, compiled=compiled)
    desk = desk_on(made)
    for minute in range(30, 1470, 7):
        desk.run(OPEN_NS + minute * MINUTE_NS)
        state, side = desk.state(), Side.BUY if minute % 2 else Side.SELL
        if state.phase == "open":
            venue = ("SIMA", "SIMB", "SIMC", "SIMD", "SIME")[minute % 5]
            desk.send(100 + minute, (state.bid, state.ask)[minute % 3 == 0], side=side, venue=venue)
    desk.run(OPEN_NS + 2 * DAY_NS)
    desk.check()
    return made.tape_digest("SMALL")


def test_compiled_market_equals_the_plain_one() -> None:
    pytest.importorskip("numba")
    assert traded(compiled=True) == traded(compiled=False)


def test_our_orders_do_not_shift_the_times_of_the_background() -> None:
    """The paired path keeps every background market order's time; only what it meets differs."""
    quiet = market()
    quiet.advance(END_NS)
    desk = desk_on(market())
    buy_often(desk)
    desk.run(END_NS)
    alone, together = quiet.tape("SMALL"), desk.market.tape("SMALL")
    others = np.asarray(together.trade_ns)[np.asarray(together.trade_own) == 0]
    assert np.isin(others, np.asarray(alone.trade_ns)).mean() > 0.98


@pytest.mark.parametrize("side", [Side.BUY, Side.SELL])
def test_persistent_flow_moves_the_price_and_part_of_it_comes_back(side: Side) -> None:
    """Over eight paired seeds: impact at the end of an hour's buying, and less of it an hour later."""
    moved = []
    for seed in range(8):
        quiet, desk = market(seed), desk_on(market(seed))
        buy_often(desk, until=90, side=side)
        mids = []
        for minute in (91, 151):
            quiet.advance(OPEN_NS + minute * MINUTE_NS)
            desk.run(OPEN_NS + minute * MINUTE_NS)
            alone, ours = quiet.states()["SMALL"], desk.state()
            mids.append(side.sign * (ours.bid + ours.ask - alone.bid - alone.ask) / 2 / TICK)
        moved.append(mids)
    during, later = np.mean(moved, axis=0)
    assert during > 1.0
    assert 0.0 < later < during


def returns(made: QueueMarket, which: str) -> FloatArray:
    """Five-minute log returns of the mid, each in units of the session's."""
    tape = made.tape(which)
    times = np.arange(OPEN_NS + MINUTE_NS, OPEN_NS + SESSION_NS, 5 * MINUTE_NS)
    at = np.searchsorted(np.asarray(tape.quote_ns), times, side="right") - 1
    moves: FloatArray = np.diff(np.log((np.asarray(tape.bid) + np.asarray(tape.ask))[at]))
    moves /= moves.std()
    return moves


def test_names_share_a_market_factor() -> None:
    """Five-minute returns of two names correlate, over eight seeds; those of different seeds do not."""
    first, second = [], []
    for seed in range(8):
        made = QueueMarket([name("A"), name("B", close=20.0)], sessions(1), seed, compiled=QUICK)
        made.advance(END_NS)
        first.append(returns(made, "A"))
        second.append(returns(made, "B"))
    assert 0.1 < np.corrcoef(np.concatenate(first), np.concatenate(second))[0, 1] < 0.5
    assert abs(np.corrcoef(np.concatenate(first), np.concatenate([*second[1:], second[0]]))[0, 1]) < 0.12


def test_two_names_run_together_as_they_run_alone() -> None:
    both = QueueMarket([name("A"), name("B", close=20.0)], sessions(1), 5, compiled=QUICK)
    both.advance(END_NS)
    alone = QueueMarket([name("B", close=20.0)], sessions(1), 5, compiled=QUICK)
    alone.advance(END_NS)
    assert both.tape_digest("B") == alone.tape_digest("B")
    assert both.tape_digest("A") != both.tape_digest("B")


def test_news_of_two_names_comes_in_order_of_time() -> None:
    made = QueueMarket([name("A"), name("B")], sessions(1), 5, compiled=QUICK)
    made.advance(OPEN_NS + MINUTE_NS)
    for which in "AB":
        desk = desk_on(made, 1, which)
        desk.send(2_000, desk.state().bid)
    seen: list[int] = []
    while news := made.advance(END_NS):
        times = [message.transact_ns for _, message in news if isinstance(message, ExecutionReport)]
        seen.extend(times)
    assert seen == sorted(seen)
    assert len(seen) > 4


def test_price_carries_over_the_night_with_a_gap() -> None:
    made = market(8, days=2)
    made.advance(OPEN_NS + SESSION_NS)
    close = made.states()["SMALL"].last_px
    made.advance(OPEN_NS + DAY_NS + SECOND_NS)
    state = made.states()["SMALL"]
    assert state.phase == "open"
    assert 0 < abs((state.bid + state.ask) / 2 / close - 1) < 5 * 0.015


def test_unchanged_state_is_the_same_object() -> None:
    made = market(8)
    made.advance(OPEN_NS + MINUTE_NS)
    assert made.states()["SMALL"] is made.states()["SMALL"]


def test_venues_are_four_lit_one_dark_one_auction_with_distinct_terms() -> None:
    lit = [facts for facts in QUEUE_VENUES if facts.kind is VenueKind.LIT]
    assert [facts.venue for facts in lit] == ["SIMA", "SIMB", "SIMC", "SIME"]
    assert len({facts.latency_ns for facts in lit}) == 4
    assert any(facts.take_fee < 0 < facts.make_fee for facts in lit), "no inverted venue"
    assert any(facts.make_fee < 0 < facts.take_fee for facts in lit), "no maker-taker venue"
    assert all(facts.take_fee <= 3_000 for facts in lit), "Regulation NMS Rule 610(c)"


def test_market_that_cannot_be_is_refused() -> None:
    with pytest.raises(ConfigError, match="at least one session"):
        QueueMarket([name()], [], 1)
    with pytest.raises(ConfigError, match="4 lit venues"):
        QueueMarket([name()], sessions(1), 1, QUEUE_VENUES[1:])
    with pytest.raises(ModelError, match="average daily volume"):
        QueueMarket([name(adv=None)], sessions(1), 1)
    with pytest.raises(NotFound, match="OTHER"):
        market().tape("OTHER")


def test_message_for_an_unknown_name_is_answered() -> None:
    desk = Desk(desk_on(market()).case, market())
    desk.case = desk_on(market(), 1, "OTHER").case
    order = desk.send(100, 1_000 * TICK)
    desk.run(OPEN_NS + MINUTE_NS)
    assert "unknown instrument OTHER" in desk.last(order).text
