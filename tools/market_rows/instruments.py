"""T-MKT-6 to 9: how futures, currencies and bonds are quoted, and that quoting otherwise changes no cost."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import msgspec
import numpy as np

from sottovoce.models.bonds import bill_price, bond_value, coupon_terms, yield_cost
from sottovoce.models.fx_conventions import half_spread_cost
from sottovoce.models.market_tuple import MarketTuple, impact_of, schedule_of
from sottovoce.models.quoting_conventions import futures_contract, parse_32nds
from tools.figure_row import Row, exact, near

TICK_VALUES = {
    "ES": "12.5",
    "NQ": "5",
    "ZN": "15.625",
    "ZT": "7.8125",
    "ZB": "31.25",
    "6E": "6.25",
    "CL": "10",
    "GC": "10",
}
STOCK = MarketTuple(price=50.0, sigma_price=0.95, volume=5e6, spread=0.02, lot=100)
REQUOTED = (0.01, 3.7, 1000.0)


def rows() -> Iterator[Row]:
    """Every figure of the four rows."""
    yield from _futures()
    cost = half_spread_cost("EUR/USD", 10_000_000, 0.1, 1.10)
    yield near("T-MKT-7", "half-spread of 0.1 pip on €10m, dollars", cost.amount, 100.0, 1e-6, 2)
    yield near("T-MKT-7", "the same at 1.10, bp", cost.bps, 0.0909, 5e-5, 4)
    yield from _bonds()
    yield near("T-MKT-9", "largest change of cost or schedule when quoted otherwise", _requoting(), 0.0, 1e-12, 12)


def _futures() -> Iterator[Row]:
    yield exact("T-MKT-6", "110-205", float(parse_32nds("110-205")), 110.640625)
    yield exact("T-MKT-6", "112-16+", float(parse_32nds("112-16+")), 112.515625)
    index, note = futures_contract("ES"), futures_contract("ZN")
    yield exact("T-MKT-6", "ES at 5,000, notional", int(index.notional(Fraction(5_000))), 250_000)
    yield near("T-MKT-6", "ES at 5,000, one tick, bp", index.tick_bps(Fraction(5_000)), 0.5, 1e-9, 4)
    yield near("T-MKT-6", "ZN at 110, one tick, bp", note.tick_bps(Fraction(110)), 1.4205, 5e-5, 4)
    for symbol, value in TICK_VALUES.items():
        got = f"{float(futures_contract(symbol).tick_value):g}"
        yield exact("T-MKT-6", f"{symbol}, value of a tick, dollars", got, value)


def _bonds() -> Iterator[Row]:
    terms = coupon_terms(0.04, 2, 10)
    value = bond_value(terms, 0.04)
    yield near("T-MKT-8", "10-year 4 % at par, DV01 per 100", value.dv01, 0.0817572, 5e-8, 7)
    yield near("T-MKT-8", "its modified duration", value.modified_duration, 8.17572, 5e-6, 5)
    yield near("T-MKT-8", "crossing 0.5 bp on 10mm, dollars", yield_cost(terms, 0.04, 0.5, 1e7), 4_087.86, 5e-3, 2)
    yield near("T-MKT-8", "bill at 4.5 % discount, 90 days", bill_price(0.045, 90), 98.875, 1e-9, 3)


def _requoting() -> float:
    """Largest relative difference over requotings: impact in bps, half-spread in bps, and the schedule's trades."""
    quantity = 0.05 * STOCK.volume
    worst = 0.0
    for by in REQUOTED:
        other = msgspec.structs.replace(
            STOCK,
            price=STOCK.price * by,
            sigma_price=STOCK.sigma_price * by,
            spread=STOCK.spread * by,
            multiplier=STOCK.multiplier / by,
        )
        pairs = [
            (impact_of(other, quantity).peak_bps, impact_of(STOCK, quantity).peak_bps),
            (other.half_spread_bps, STOCK.half_spread_bps),
        ]
        trades, same = (schedule_of(each, quantity, 1.0, 13, 1e-6).trades for each in (other, STOCK))
        worst = max([worst, *(abs(got / must - 1.0) for got, must in pairs)])
        worst = max(worst, float(np.abs(np.asarray(trades) - np.asarray(same)).max()) / quantity)
    return worst
