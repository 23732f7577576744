"""What venues gave: T-TCA-4 through the report's own path, buys and sells together, auctions apart."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.analytics.tca.columns import FillColumns, columns_of
from sottovoce.analytics.tca.market_tape import read_tape
from sottovoce.analytics.tca.orders import TcaFill, TcaOrder, TcaRoute
from sottovoce.analytics.tca.venues import AUCTION_REASON, NO_AFTER, VenueRow, venue_tables
from sottovoce.core.enums import LastLiquidityInd, Side, VenueKind
from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_SECOND

S = NS_PER_SECOND
UNIT = 1_000_000


def tape() -> Tape:
    """50.10/50.14, and from one second after the tenth a mid of 50.15; the session goes on for ten minutes."""
    none = np.zeros(0, dtype=np.int64)
    return Tape(
        instrument_id="I1",
        quote_ns=np.array([0, 11, 600], dtype=np.int64) * S,
        bid=np.array([50_100_000, 50_130_000, 50_130_000], dtype=np.int64),
        ask=np.array([50_140_000, 50_170_000, 50_170_000], dtype=np.int64),
        trade_ns=none,
        trade_px=none,
        trade_qty=none,
        trade_own=none,
        trade_kind=none,
    )


def order(*fills: TcaFill, side: Side = Side.BUY, routes: tuple[TcaRoute, ...] = ()) -> tuple[TcaOrder, FillColumns]:
    made = TcaOrder(
        parent_id="P", symbol="S", instrument_id="I1", side=side, order_qty=1_000, decision_px=50 * UNIT,
        arrival_px=50 * UNIT, arrival_ns=0, fills=fills, routes=routes,
    )  # fmt: skip
    return made, columns_of(made, read_tape(tape()))


def fill(px: int, at: int = 10, qty: int = 100, **fields: object) -> TcaFill:
    made = TcaFill(ts_ns=at * S, qty=qty, px=px, venue="LIT1", venue_kind=VenueKind.LIT)
    return msgspec.structs.replace(made, **fields)


def only(*orders: tuple[TcaOrder, FillColumns]) -> VenueRow:
    ((row,), _) = venue_tables(orders)
    return row


def test_t_tca_4_through_the_venue_table() -> None:
    """T-TCA-4: effective 3.9904, realised −7.9808, impact 11.9713 (adverse is minus half of it), capture −0.5."""
    row = only(order(fill(50_130_000)))
    assert row.effective_bps == pytest.approx(3.9904, abs=5e-5)
    after = {each.horizon: each for each in row.markouts}["5min"]
    assert after.realised_bps == pytest.approx(-7.9808, abs=5e-5)
    assert after.markout_bps == pytest.approx(7.9808 / 2, abs=5e-5)
    assert row.adverse_selection_bps == pytest.approx(-11.9713 / 2, abs=5e-5)
    assert row.spread_capture == pytest.approx(-0.5)
    assert row.price_improvement_bps == pytest.approx(0.01 / 50.12 * 1e4)


def test_a_sell_reads_as_its_mirror_would() -> None:
    """Sold at 50.11 with the mid rising after: paid as much as the buy at 50.13, and hurt where it was helped."""
    buy, sell = only(order(fill(50_130_000))), only(order(fill(50_110_000), side=Side.SELL))
    assert sell.effective_bps == pytest.approx(buy.effective_bps)
    assert sell.adverse_selection_bps == pytest.approx(-(buy.adverse_selection_bps or 0))


def test_buys_and_sells_of_one_venue_add_up() -> None:
    both = only(order(fill(50_130_000)), order(fill(50_110_000), side=Side.SELL))
    assert both.effective_bps == pytest.approx(only(order(fill(50_130_000))).effective_bps)
    assert both.adverse_selection_bps == pytest.approx(0.0, abs=1e-9)


def test_markouts_are_weighted_by_shares() -> None:
    """300 at 50.13 and 100 at 50.15 against 50.15 five minutes on: +0.015 a share."""
    row = only(order(fill(50_130_000, qty=300), fill(50_150_000, qty=100)))
    after = {each.horizon: each for each in row.markouts}["5min"]
    assert after.markout_bps == pytest.approx(0.015 / 50.12 * 1e4)
    assert after.fills == 2
    assert after.standard_error_bps == pytest.approx(2**0.5 * 300 / 400 * 100 / 400 * 0.02 / 50.12 * 1e4)


def test_auction_fills_have_no_spread_and_no_markout() -> None:
    row = only(order(fill(50_130_000, liquidity=LastLiquidityInd.AUCTION)))
    assert row.kind is VenueKind.AUCTION
    assert row.effective_bps is None
    assert {each.markout_bps for each in row.markouts} == {None}
    assert {each.reason for each in row.markouts} == {AUCTION_REASON}
    assert row.reasons["adverse_selection"] == AUCTION_REASON
    assert row.filled_qty == 100


def test_no_markout_once_the_tape_is_over() -> None:
    row = only(order(fill(50_130_000, at=595)))
    reasons = {each.horizon: each.reason for each in row.markouts}
    assert reasons == {"1s": "", "10s": NO_AFTER, "1min": NO_AFTER, "5min": NO_AFTER}


def test_fill_rate_counts_what_was_sent() -> None:
    sent = tuple(
        TcaRoute(venue="LIT1", venue_kind=VenueKind.LIT, qty=qty, filled_qty=done, sent_ns=0)
        for qty, done in ((400, 100), (100, 0))
    )
    row = only(order(fill(50_130_000), routes=sent))
    assert (row.routes, row.sent_qty, row.fill_rate) == (2, 500, 0.2)


def test_a_venue_that_never_filled_is_in_the_table() -> None:
    sent = (TcaRoute(venue="DARK", venue_kind=VenueKind.DARK, qty=400, filled_qty=0, sent_ns=0),)
    (lit, dark), _ = venue_tables([order(fill(50_130_000), routes=sent)])
    assert (dark.venue, dark.fill_rate, dark.filled_qty, dark.effective_bps) == ("DARK", 0.0, 0, None)
    assert (lit.fill_rate, lit.reasons["fill_rate"]) == (None, "orders sent to the venue are not given")


def test_kinds_total_their_venues() -> None:
    group = [
        order(
            fill(50_130_000),
            fill(50_130_000, venue="LIT2", qty=300),
            fill(50_120_000, venue="DARK", venue_kind=VenueKind.DARK, qty=600, fee=600),
        )
    ]
    _, (lit, dark) = venue_tables(group)
    assert (lit.filled_qty, lit.share, lit.fills) == (400, 0.4, 2)
    assert (dark.filled_qty, dark.share, dark.fees, dark.effective_bps) == (600, 0.6, 600, 0.0)


def test_a_thin_row_says_so() -> None:
    assert only(order(fill(50_130_000))).thin
    assert not only(order(*[fill(50_130_000)] * 200)).thin
