"""An order measured on a real tape: the day's average as its publisher prints it, auctions from the right prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.adapters.tape.loader import load_day
from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.analytics.tca.market_tape import read_tape
from sottovoce.analytics.tca.measure import OrderTca, measure
from sottovoce.analytics.tca.orders import TcaFill, TcaOrder
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.units import NS_PER_HOUR
from tests.adapters.tape.synthetic import INSTRUMENT, new_york_session


@pytest.fixture(scope="module")
def measured(market_data: Path) -> OrderTca:
    """1,000 shares of IBM bought at noon of 2013-10-08 at 180.00; the order lived all day."""
    session = new_york_session("20131008")
    market = ReplayedMarket(INSTRUMENT, [load_day(market_data / "us_equity_taq_ticks", "IBM", session)])
    market.advance(session.close_ns + NS_PER_HOUR)
    noon = session.open_ns + 5 * NS_PER_HOUR // 2
    hours = ((session.open_ns, session.close_ns),)
    order = TcaOrder(
        parent_id="P", symbol="IBM", side=Side.BUY, order_qty=1_000, decision_px=181_900_000, arrival_px=181_900_000,
        arrival_ns=session.open_ns, end_ns=session.close_ns, sessions=hours,
        fills=(TcaFill(ts_ns=noon, qty=1_000, px=180_000_000, venue="TAPE", venue_kind=VenueKind.LIT),),
    )  # fmt: skip
    return measure(order, read_tape(market.tape(INSTRUMENT.instrument_id), hours))


def test_tape_vwap_is_the_publishers(measured: OrderTca) -> None:
    """The README of us_equity_taq_ticks: IBM 20131008 rth_vwap 179.8697, closing auction excluded."""
    row = next(row for row in measured.benchmarks if row.name == "tape_vwap")
    assert f"{(row.px or 0) / 1e6:.4f}" == "179.8697"


def test_open_and_close_are_the_primary_markets_auctions(measured: OrderTca) -> None:
    """The same README: opening auction 88,065 at 181.85, closing 262,948 at 178.72, both on NYSE."""
    found = {row.name: row.px for row in measured.benchmarks}
    assert (found["open"], found["close"]) == (181_850_000, 178_720_000)


def test_extended_hours_are_no_part_of_the_market(measured: OrderTca) -> None:
    """The same README: 5,562,416 shares in the whole day, auctions and extended hours among them."""
    part = measured.participation
    assert part.others_qty is not None
    assert part.others_qty + 88_065 + 262_948 < 5_562_416
    assert part.of_others == 1_000 / part.others_qty


def test_quotes_met_and_after_come_from_the_tape(measured: OrderTca) -> None:
    (row,) = measured.venues
    assert row.effective_bps is not None
    assert {each.fills for each in row.markouts} == {1}
    assert set(measured.account.reasons) == {"permanent"}
