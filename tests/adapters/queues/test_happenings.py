"""Arranged events: news that moves the price, halts in which nothing trades, bursts of volatility."""

from __future__ import annotations

import numpy as np

from sottovoce.adapters.queues import QueueMarket
from sottovoce.core.enums import ExecType
from sottovoce.core.ports import Tape
from sottovoce.models.happenings import EVERY_NAME, EarningsJump, MarketEvent, TradingHalt, VolatilityBurst
from tests.adapters.queues.trading import QUICK, desk_on, market
from tests.adapters.simulated.names import DAY_NS, OPEN_NS, SECOND_NS, TICK, name, sessions
from tests.contracts.market_desk import MINUTE_NS

NOON_NS = OPEN_NS + 180 * MINUTE_NS
NEWS = EarningsJump(instrument_id=EVERY_NAME, at_ns=NOON_NS, move=0.06, factor=5.0, fade_s=600.0)
HALT = TradingHalt(instrument_id=EVERY_NAME, at_ns=NOON_NS, duration_ns=10 * MINUTE_NS)
AFTER = EarningsJump(instrument_id=EVERY_NAME, at_ns=NOON_NS + MINUTE_NS, move=-0.045)
BURST = VolatilityBurst(instrument_id=EVERY_NAME, at_ns=NOON_NS, duration_ns=30 * MINUTE_NS, factor=4.0)


def tape_with(*events: MarketEvent, seed: int = 3) -> Tape:
    made = market(seed, events=events)
    made.advance(OPEN_NS + DAY_NS)
    return made.tape("SMALL")


def mid(tape: Tape, at_ns: int) -> float:
    place = np.searchsorted(np.asarray(tape.quote_ns), at_ns, side="right") - 1
    return float(np.asarray(tape.bid)[place] + np.asarray(tape.ask)[place]) / 2


def count(tape: Tape, start_ns: int, end_ns: int) -> int:
    at = np.asarray(tape.trade_ns)
    return int(((at >= start_ns) & (at < end_ns)).sum())


def test_news_moves_the_price_by_its_size_within_seconds() -> None:
    quiet, told = tape_with(), tape_with(NEWS)
    assert mid(told, NOON_NS - 1) == mid(quiet, NOON_NS - 1)
    sigma = 0.015 * 50.0 * 1e6
    moved = (mid(told, NOON_NS + 5 * SECOND_NS) - mid(quiet, NOON_NS + 5 * SECOND_NS)) / sigma
    assert 3.5 < moved < 4.5
    assert count(told, NOON_NS, NOON_NS + 5 * MINUTE_NS) > 1.5 * count(quiet, NOON_NS, NOON_NS + 5 * MINUTE_NS)


def test_nothing_trades_in_a_halt_and_the_price_reopens_elsewhere() -> None:
    quiet, halted = tape_with(), tape_with(HALT, AFTER)
    assert count(halted, HALT.at_ns, HALT.end_ns) == 0
    assert count(quiet, HALT.at_ns, HALT.end_ns) > 20
    assert mid(halted, HALT.end_ns + MINUTE_NS) < mid(halted, HALT.at_ns) * (1 - 0.015)


def test_order_in_a_halt_is_rejected_and_a_cancel_is_not() -> None:
    desk = desk_on(market(3, events=(HALT,)), 179)
    working = desk.send(100, desk.state().bid - 300 * TICK)
    desk.run(NOON_NS + MINUTE_NS)
    assert desk.state().phase == "halted"
    late = desk.send(100, desk.state().bid)
    desk.cancel(working)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(late) == [ExecType.REJECTED]
    assert "halted for another" in desk.last(late).text
    assert desk.kinds(working) == [ExecType.NEW, ExecType.CANCELED]
    desk.run(HALT.end_ns + SECOND_NS)
    assert desk.state().phase == "open"


def test_burst_raises_the_variance_while_it_lasts() -> None:
    ratios = []
    for seed in range(4):
        quiet, wild = tape_with(seed=seed), tape_with(BURST, seed=seed)
        times = np.arange(NOON_NS, BURST.end_ns + 1, MINUTE_NS)
        spread = [np.var(np.diff([mid(tape, int(at)) for at in times])) for tape in (wild, quiet)]
        ratios.append(spread[0] / spread[1])
    assert np.median(ratios) > 4.0


def test_event_of_one_name_leaves_others_alone() -> None:
    event = EarningsJump(instrument_id="A", at_ns=NOON_NS, move=0.06)
    names = [name("A"), name("B")]
    told, quiet = (
        QueueMarket(names, sessions(1), 3, events=[event], compiled=QUICK),
        QueueMarket(names, sessions(1), 3, compiled=QUICK),
    )
    for made in (told, quiet):
        made.advance(OPEN_NS + DAY_NS)
    assert told.tape_digest("B") == quiet.tape_digest("B")
    assert told.tape_digest("A") != quiet.tape_digest("A")


def test_news_between_sessions_moves_the_next_open() -> None:
    overnight = EarningsJump(instrument_id=EVERY_NAME, at_ns=OPEN_NS + 12 * 60 * MINUTE_NS, move=-0.2)
    opens = []
    for events in ((), (overnight,)):
        made = market(3, days=2, events=events)
        made.advance(OPEN_NS + DAY_NS + MINUTE_NS)
        opens.append(mid(made.tape("SMALL"), OPEN_NS + DAY_NS + MINUTE_NS))
    assert 0.75 < opens[1] / opens[0] < 0.85
