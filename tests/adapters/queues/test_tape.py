"""What the market prints: columns that fit each other, and a day that looks like the name it is made from."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.adapters.queues import QueueMarket
from sottovoce.core.ports import Tape
from tests.adapters.queues.trading import QUICK, market
from tests.adapters.simulated.names import DAY_NS, OPEN_NS, SESSION_NS, TICK, name, sessions

END_NS = OPEN_NS + DAY_NS


def day(seed: int = 2) -> Tape:
    made = QueueMarket([name()], sessions(1), seed, compiled=QUICK)
    made.advance(END_NS)
    return made.tape("SMALL")


DAY = day()


def test_quotes_never_cross_and_come_in_order_with_their_sizes() -> None:
    quoted, bid, ask = (np.asarray(column) for column in (DAY.quote_ns, DAY.bid, DAY.ask))
    assert (np.diff(quoted) >= 0).all()
    assert (bid < ask).all()
    assert (bid > 0).all()
    assert (np.asarray(DAY.bid_size) > 0).mean() > 0.999
    assert (np.asarray(DAY.ask_size) > 0).mean() > 0.999
    same = (np.diff(bid) == 0) & (np.diff(ask) == 0)
    changed = (np.diff(np.asarray(DAY.bid_size)) != 0) | (np.diff(np.asarray(DAY.ask_size)) != 0)
    assert (changed | ~same).all(), "a row that says nothing new"


def test_trades_come_in_order_and_lit_ones_at_or_beyond_the_touch_before_them() -> None:
    at, px, side, kind = (np.asarray(column) for column in (DAY.trade_ns, DAY.trade_px, DAY.trade_side, DAY.trade_kind))
    assert (np.diff(at) >= 0).all()
    assert set(side[kind == 0].tolist()) == {-1, 1}
    assert set(side[kind != 0].tolist()) == {0}
    before = np.searchsorted(np.asarray(DAY.quote_ns), at, side="left") - 1
    lit = (kind == 0) & (before >= 0)
    bought, sold = lit & (side > 0), lit & (side < 0)
    off = np.abs(px - np.where(side > 0, np.asarray(DAY.ask)[before], np.asarray(DAY.bid)[before]))
    assert np.median(off[bought | sold]) == 0
    assert (off[lit] <= 2 * TICK).mean() > 0.9


def test_dark_trades_are_at_the_mid() -> None:
    kind = np.asarray(DAY.trade_kind)
    at = np.asarray(DAY.trade_ns)[kind == 1]
    place = np.searchsorted(np.asarray(DAY.quote_ns), at, side="right") - 1
    mid = (np.asarray(DAY.bid)[place] + np.asarray(DAY.ask)[place]) // 2
    assert len(at) > 20
    np.testing.assert_array_equal(np.asarray(DAY.trade_px)[kind == 1], mid)


def test_shares_and_moves_of_the_day_are_of_the_size_asked_for() -> None:
    """Means over six seeds: volume about the ADV, the auction and the dark pool their shares of it."""
    parts = np.array([_parts(day(seed)) for seed in range(6)])
    volume, dark, auction, spread = parts.mean(axis=0)
    assert volume == pytest.approx(500_000, rel=0.35)
    assert 0.05 < dark < 0.2
    assert 0.05 < auction < 0.15
    assert TICK <= spread < 4 * TICK


def _parts(tape: Tape) -> tuple[float, float, float, float]:
    qty, kind = np.asarray(tape.trade_qty), np.asarray(tape.trade_kind)
    quoted = np.asarray(tape.quote_ns)
    held = np.diff(np.append(quoted, OPEN_NS + SESSION_NS))
    spread = ((np.asarray(tape.ask) - np.asarray(tape.bid)) * held).sum() / held.sum()
    volume = qty.sum()
    return float(volume), qty[kind == 1].sum() / volume, qty[kind == 2].sum() / volume, float(spread)


def test_tape_goes_back_as_many_sessions_as_asked() -> None:
    whole, recent = (QueueMarket([name()], sessions(3), 4, compiled=QUICK, sessions_kept=kept) for kept in (None, 1))
    for made in (whole, recent):
        made.advance(OPEN_NS + 3 * DAY_NS)
    full, last = whole.tape("SMALL"), recent.tape("SMALL")
    third = np.asarray(full.trade_ns) >= OPEN_NS + 2 * DAY_NS
    np.testing.assert_array_equal(np.asarray(full.trade_px)[third], np.asarray(last.trade_px))
    assert whole.states() == recent.states()


def test_thinned_tape_keeps_the_market_and_fewer_quotes() -> None:
    whole, thin = market(4), QueueMarket([name()], sessions(1), 4, compiled=QUICK, quote_interval_ns=1_000_000_000)
    for made in (whole, thin):
        made.advance(END_NS)
    full, thinned = whole.tape("SMALL"), thin.tape("SMALL")
    np.testing.assert_array_equal(np.asarray(full.trade_qty), np.asarray(thinned.trade_qty))
    assert len(np.asarray(thinned.quote_ns)) < 0.8 * len(np.asarray(full.quote_ns))
    assert (np.diff(np.asarray(thinned.quote_ns)) >= 1_000_000_000).all()
