"""The simulated market against the facts of its names, and against the size of what is traded in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from sottovoce.adapters.simulated import SimulatedMarket
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
    """Figures of one simulated session: in units of the facts they should reproduce."""

    volume: float
    volatility: float
    spread_ticks: float
    auction: float
    ends: float


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
    session = float((np.diff(mids(tape, 300)) ** 2).sum())
    return Day(
        volume=float(qty.sum()) / (known(instrument.adv) or 0.0),
        volatility=(session / 0.8) ** 0.5 / (known(instrument.sigma_daily) or 0.0),
        spread_ticks=float((width * lasts).sum() / lasts.sum()) / TICK,
        auction=float(qty[kind == 2].sum() / qty.sum()),
        ends=float(min(half_hour[0], half_hour[12]) / half_hour[6]),
    )


@pytest.mark.parametrize("which", NAMES)
def test_day_reproduces_the_facts_of_the_name(which: str) -> None:
    """Volume within 10 %, volatility within 20 %, spread within 30 % or half a tick, close 5 to 15 %, U
    shape."""
    days = [measured(NAMES[which], seed) for seed in range(5)]
    target = {"BIG": 1.53, "MIDDLE": 1.01, "WIDE": 20.0}[which]
    assert np.mean([day.volume for day in days]) == pytest.approx(1.0, abs=0.10)
    assert np.mean([day.volatility for day in days]) == pytest.approx(1.0, abs=0.20)
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


def bought(seed: int, qty: int) -> tuple[float, float]:
    """Average price paid for qty shares bought in equal parts over two hours, and the mid at the end, in
    ticks."""
    desk = Desk(SIMULATED, SimulatedMarket([name()], sessions(1), seed))
    slices = 120
    for number in range(slices):
        desk.run(OPEN_NS + (30 + number) * MINUTE_NS)
        due = qty * (number + 1) // slices - sum(desk.filled(order) for order in desk.sent)
        if due:
            desk.send(due, 0, ord_type=OrdType.MARKET, tif=IOC)
    desk.run(desk.now_ns + SECOND_NS)
    fills = [report for reports in desk.reports.values() for report in reports if report.last_qty]
    paid = sum(fill.last_px * fill.last_qty for fill in fills) / max(1, sum(fill.last_qty for fill in fills))
    return paid / TICK, (desk.state().bid + desk.state().ask) / 2 / TICK


def test_larger_orders_cost_more_but_less_than_in_proportion() -> None:
    """Paired seeds: the same background with 1, 4 and 16 % of a day's volume bought, and with nothing."""
    quantities = (5_000, 20_000, 80_000)
    peaks = np.zeros(len(quantities))
    seeds = range(6)
    for seed in seeds:
        _, alone = bought(seed, 0)
        peaks += [bought(seed, qty)[1] - alone for qty in quantities]
    peaks /= len(seeds)
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
