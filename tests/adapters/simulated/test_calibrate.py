"""Calibration from a tape: a simulated name is found again from what it printed."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.adapters.simulated.calibration import calibrate
from sottovoce.adapters.simulated.pace import pace_of
from sottovoce.adapters.simulated.profile import DEPTH_SHOWN, profile_of
from sottovoce.core.errors import ModelError
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Tape
from tests.adapters.simulated.names import name, sessions

DAYS = sessions(3)
NAME = name(close=68.0, adv=1e6, sigma=0.014)


def tape_of(instrument: Instrument, market: SimulatedMarket | None = None) -> Tape:
    market = market or SimulatedMarket([instrument], DAYS, 2, every_quote=True)
    market.advance(DAYS[-1].close_ns + 1)
    return market.tape(instrument.instrument_id)


@pytest.fixture(scope="module")
def tape() -> Tape:
    return tape_of(NAME)


def test_facts_are_found_again_from_the_tape(tape: Tape) -> None:
    """ADV and trades within 12 % of what the days were drawn with, volatility within 20 %, spread within 25 %."""
    found, profile = calibrate(tape, DAYS), profile_of(NAME, DAYS[0].date)
    paces = [pace_of(profile, day, 2, number) for number, day in enumerate(DAYS)]
    trading, variance = np.mean([(pace.trading[-1], pace.variance[-1]) for pace in paces], axis=0)
    assert found.adv == pytest.approx(1e6 * trading, rel=0.12)
    assert found.trades == pytest.approx(profile.trades * trading, rel=0.12)
    assert found.sigma == pytest.approx(0.014 * variance**0.5, rel=0.2)
    assert found.spread_bps == pytest.approx(profile.spread_ticks / profile.start_ticks * 1e4, rel=0.25)
    assert found.depth_qty is not None
    assert found.depth_qty == pytest.approx(DEPTH_SHOWN * profile.depth_qty, rel=0.3)
    assert sum(found.curve) == pytest.approx(1.0)
    assert min(found.curve[0], found.curve[-1]) > 1.5 * found.curve[6]


def test_calibrated_name_needs_no_facts_and_trades_like_the_tape(tape: Tape) -> None:
    found = calibrate(tape, DAYS)
    bare = name(close=68.0, adv=None, sigma=None)
    again = calibrate(tape_of(bare, SimulatedMarket([bare], DAYS, 2, calibrations={"SMALL": found})), DAYS)
    assert again.adv == pytest.approx(found.adv, rel=0.25)
    assert again.sigma == pytest.approx(found.sigma, rel=0.35)
    assert again.spread_bps == pytest.approx(found.spread_bps, rel=0.25)


def test_tape_without_sizes_has_no_depth(tape: Tape) -> None:
    assert calibrate(msgspec.structs.replace(tape, bid_size=None, ask_size=None), DAYS).depth_qty is None


def test_tape_with_too_few_trades_is_refused(tape: Tape) -> None:
    with pytest.raises(ModelError) as caught:
        calibrate(tape, [msgspec.structs.replace(DAYS[0], close_ns=DAYS[0].open_ns + 1_000_000)])
    assert caught.value.code == "sim_tape_too_thin"
    with pytest.raises(ModelError):
        calibrate(tape, [])


@pytest.fixture(scope="module")
def thin() -> Tape:
    return tape_of(NAME, SimulatedMarket([NAME], DAYS, 2))


def test_every_change_of_the_touch_is_kept_when_asked_for_and_its_sizes_always(tape: Tape, thin: Tape) -> None:
    assert len(np.asarray(tape.quote_ns)) > 4 * len(np.asarray(thin.quote_ns))
    rows = np.column_stack([np.asarray(each) for each in (tape.bid, tape.ask, tape.bid_size, tape.ask_size)])
    repeated = (np.diff(rows, axis=0) == 0).all(axis=1)
    assert repeated.mean() < 0.01
    for each in (tape, thin):
        assert (np.asarray(each.bid_size) > 0).all()
        assert (np.asarray(each.ask_size) > 0).all()


def test_keeping_quotes_changes_no_trade(tape: Tape, thin: Tape) -> None:
    assert np.array_equal(np.asarray(thin.trade_px), np.asarray(tape.trade_px))


def test_lit_trades_name_their_aggressor_and_others_none(tape: Tape) -> None:
    side, kind = np.asarray(tape.trade_side), np.asarray(tape.trade_kind)
    assert (np.abs(side[kind == 0]) == 1).all()
    assert (side[kind != 0] == 0).all()
    at, bought = np.asarray(tape.trade_ns), (side == 1) & (kind == 0)
    ask = np.asarray(tape.ask)[np.searchsorted(np.asarray(tape.quote_ns), at[bought], side="left") - 1]
    assert (np.asarray(tape.trade_px)[bought] >= ask).mean() > 0.9, "quotes of the same moment may have moved first"
