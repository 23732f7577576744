"""The simulated market against the facts of its names, and against the size of what is traded in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.adapters.simulated.fundamental import exposures
from sottovoce.adapters.simulated.pace import market_pace, pace_of
from sottovoce.adapters.simulated.profile import OVERNIGHT_VARIANCE, profile_of
from sottovoce.core.enums import OrdType, Side, TimeInForce
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.ports import Tape
from sottovoce.models.arrays import FloatArray, IntArray
from tests.adapters.simulated.names import DAY_NS, OPEN_NS, SECOND_NS, SESSION_NS, TICK, name, sessions
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, Desk

END_NS = OPEN_NS + DAY_NS
IOC = TimeInForce.IMMEDIATE_OR_CANCEL

NAMES = {
    "BIG": name("BIG", close=159.54, adv=4.2e6, sigma=0.0131),
    "MIDDLE": name("MIDDLE", close=68.06, adv=2.03e6, sigma=0.0141),
    "WIDE": name("WIDE", close=400.0, adv=1e6, sigma=0.02, spread_bps=5.0),
}


@dataclass(frozen=True)
class Day:
    """Figures of one simulated session, volume and volatility in units of what its pace makes of the facts."""

    volume: float
    variance: float
    spread_ticks: float
    auction: float
    ends: float


def paced(instrument: Instrument, seed: int) -> tuple[float, float]:
    """Trading and variance the session was drawn with, 1 on an average day."""
    profile, session = profile_of(instrument, "2026-01-05"), sessions(1)[0]
    own, common = pace_of(profile, session, seed, 0), market_pace(session, seed, 0)
    market, _, alone = exposures(profile)
    return float(own.trading[-1]), market**2 * float(common.variance[-1]) + alone**2 * float(own.variance[-1])


def mids(tape: Tape, every_s: int) -> FloatArray:
    """Log mids on a grid of seconds over the first session."""
    grid = np.arange(OPEN_NS, OPEN_NS + SESSION_NS, every_s * SECOND_NS)
    at = np.searchsorted(np.asarray(tape.quote_ns), grid, side="right") - 1
    logs: FloatArray = np.log((np.asarray(tape.bid)[at] + np.asarray(tape.ask)[at]) / 2)
    return logs


def measured(instrument: Instrument, seed: int) -> Day:
    market = SimulatedMarket([instrument], sessions(1), seed)
    market.advance(END_NS)
    tape = market.tape(instrument.instrument_id)
    qty, kind = np.asarray(tape.trade_qty), np.asarray(tape.trade_kind)
    half_hour = np.bincount(
        np.minimum((np.asarray(tape.trade_ns) - OPEN_NS) // (30 * MINUTE_NS), 12), qty * (kind == 0)
    )
    quote_ns = np.asarray(tape.quote_ns)
    lasts: IntArray = np.diff(quote_ns, append=OPEN_NS + SESSION_NS)
    width = np.asarray(tape.ask) - np.asarray(tape.bid)
    assert (width > 0).all()
    session = float((np.diff(mids(tape, 60)) ** 2).sum())
    trading, variance = paced(instrument, seed)
    return Day(
        volume=float(qty.sum()) / (known(instrument.adv) or 0.0) / trading,
        variance=session / (1.0 - OVERNIGHT_VARIANCE) / (known(instrument.sigma_daily) or 0.0) ** 2 / variance,
        spread_ticks=float((width * lasts).sum() / lasts.sum()) / TICK,
        auction=float(qty[kind == 2].sum() / qty.sum()),
        ends=float(min(half_hour[0], half_hour[12]) / half_hour[6]),
    )


@pytest.mark.parametrize("which", NAMES)
def test_day_reproduces_the_facts_of_the_name(which: str) -> None:
    """Volume within 10 %, volatility within 20 %, spread within 25 %, close 5 to 15 %, U shape, for a day's pace."""
    days = [measured(NAMES[which], seed) for seed in range(4)]
    target = {"BIG": 1.53, "MIDDLE": 1.01, "WIDE": 20.0}[which]
    assert np.mean([day.volume for day in days]) == pytest.approx(1.0, abs=0.10)
    assert np.mean([day.variance for day in days]) ** 0.5 == pytest.approx(1.0, abs=0.20)
    assert np.mean([day.spread_ticks for day in days]) == pytest.approx(target, rel=0.25)
    assert all(0.05 <= day.auction <= 0.15 for day in days)
    assert np.mean([day.ends for day in days]) > 1.5


def test_price_is_diffusive_from_ten_seconds_to_ten_minutes() -> None:
    """Variance ratio within [0.8, 1.2], the gate of the simulation reference, over 12 sessions."""
    ratios = []
    for seed in range(12):
        market = SimulatedMarket([NAMES["MIDDLE"]], sessions(1), seed)
        market.advance(END_NS)
        logs = mids(market.tape("MIDDLE"), 10)
        long = [np.diff(logs[start::60]).var() for start in range(0, 60, 6)]
        ratios.append((60 * np.diff(logs).var(), np.mean(long)))
    short, slow = np.mean(ratios, axis=0)
    assert 0.8 < short / slow < 1.2


RATE = 333
"""Shares a minute: about 6 % of the volume meanwhile."""


def bought(seed: int, minutes: int) -> float:
    """How far buying RATE shares a minute for so long lifts the mid, in ticks, against the same day without us."""
    quiet = SimulatedMarket([name()], sessions(1), seed)
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), seed))
    for minute in range(1, minutes + 1):
        desk.run(OPEN_NS + (30 + minute) * MINUTE_NS)
        due = RATE * minute - sum(desk.filled(order) for order in desk.sent)
        desk.send(due, 0, ord_type=OrdType.MARKET, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    quiet.advance(desk.now_ns)
    state, without = desk.state(), quiet.states()["SMALL"]
    return (state.bid + state.ask - without.bid - without.ask) / 2 / TICK


def test_larger_orders_cost_more_but_less_than_in_proportion() -> None:
    """Paired seeds at one rate: 1, 4 and 16 % of a day's volume, each four times as long as the one before."""
    peaks = np.mean([[bought(seed, minutes) for minutes in (15, 60, 240)] for seed in range(8)], axis=0)
    assert 0 < peaks[0] < peaks[1] < peaks[2]
    assert peaks[1] < 3 * peaks[0]
    assert peaks[2] < 3 * peaks[1]


def test_selling_lowers_the_price() -> None:
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), 3))
    quiet = SimulatedMarket([name()], sessions(1), 3)
    for minute in range(30, 150):
        desk.run(OPEN_NS + minute * MINUTE_NS)
        desk.send(300, 0, side=Side.SELL, ord_type=OrdType.MARKET, tif=IOC)
    desk.run(desk.now_ns + MINUTE_NS)
    quiet.advance(desk.now_ns)
    assert desk.state().bid < quiet.states()["SMALL"].bid
