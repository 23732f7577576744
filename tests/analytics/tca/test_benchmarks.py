"""Benchmark prices from a tape small enough to work out by hand."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from sottovoce.analytics.tca.benchmark_prices import MEASURED
from sottovoce.analytics.tca.market_tape import read_tape
from sottovoce.analytics.tca.measure import OrderTca, measure
from sottovoce.analytics.tca.orders import TcaFill, TcaOrder
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.ports import Tape
from sottovoce.core.units import NS_PER_SECOND

S = NS_PER_SECOND
LIT, DARK, AUCTION = 0, 1, 2


def tape(prints: list[tuple[int, int, int, int, int]]) -> Tape:
    """Prints as (seconds, px, qty, own, kind); quotes 100/102 to second 100, then 110/112 to second 200."""
    columns = [np.array(column, dtype=np.int64) for column in zip(*prints, strict=True)]
    return Tape(
        instrument_id="I1",
        quote_ns=np.array([0, 100, 200], dtype=np.int64) * S,
        bid=np.array([100, 110, 110], dtype=np.int64),
        ask=np.array([102, 112, 112], dtype=np.int64),
        trade_ns=columns[0] * S,
        trade_px=columns[1],
        trade_qty=columns[2],
        trade_own=columns[3],
        trade_kind=columns[4],
    )


PRINTS = [
    (0, 99, 500, 0, AUCTION),
    (10, 101, 100, 0, LIT),
    (60, 103, 300, 0, DARK),
    (70, 104, 100, 1, LIT),
    (150, 111, 200, 0, LIT),
    (200, 112, 900, 0, AUCTION),
]


def measured(side: Side = Side.BUY, market: Tape | None = None, kind: VenueKind = VenueKind.LIT) -> OrderTca:
    """100 shares at 104 in the seventieth second; the order lived from second 50 to 160."""
    made = TcaOrder(
        parent_id="P", symbol="S", instrument_id="I1", side=side, order_qty=100, decision_px=100, arrival_px=101,
        arrival_ns=50 * S, end_ns=160 * S, price_scale=1,
        fills=(TcaFill(ts_ns=70 * S, qty=100, px=104, venue="LIT1", venue_kind=kind),),
    )  # fmt: skip
    return measure(made, read_tape(market or tape(PRINTS)))


def px(each: OrderTca, name: str) -> float | None:
    return next(row.px for row in each.benchmarks if row.name == name)


def test_interval_vwap_leaves_our_own_prints_out() -> None:
    assert px(measured(), "interval_vwap") == (300 * 103 + 200 * 111) / 500
    assert px(measured(), "interval_vwap_with_own") == (300 * 103 + 100 * 104 + 200 * 111) / 600


def test_own_fills_are_added_where_the_tape_lacks_them() -> None:
    others = tape([each for each in PRINTS if each[3] == 0])
    assert px(measured(market=others), "interval_vwap") == (300 * 103 + 200 * 111) / 500
    assert px(measured(market=others), "interval_vwap_with_own") == (300 * 103 + 100 * 104 + 200 * 111) / 600


def test_day_vwap_excludes_auctions_unless_the_order_traded_in_one() -> None:
    assert px(measured(), "day_vwap") == (100 * 101 + 300 * 103 + 200 * 111) / 600
    auction = measured(kind=VenueKind.AUCTION)
    assert px(auction, "day_vwap") == (500 * 99 + 100 * 101 + 300 * 103 + 200 * 111 + 900 * 112) / 2000


def test_tape_vwap_counts_the_opening_auction_and_not_the_closing_one() -> None:
    assert px(measured(), "tape_vwap") == (500 * 99 + 100 * 101 + 300 * 103 + 200 * 111) / 1100
    assert px(measured(kind=VenueKind.AUCTION), "tape_vwap") == px(measured(), "tape_vwap")


def test_twap_weights_mids_by_time() -> None:
    assert px(measured(), "twap") == pytest.approx((50 * 101 + 60 * 111) / 110)


def test_open_and_close_are_auction_prints() -> None:
    assert (px(measured(), "open"), px(measured(), "close")) == (99, 112)


def test_no_closing_auction_is_null_and_says_so() -> None:
    row = next(row for row in measured(market=tape(PRINTS[:-1])).benchmarks if row.name == "close")
    assert (row.px, row.slippage_bps) == (None, None)
    assert "no closing auction print" in row.rule


def test_pwp_is_the_first_five_times_our_size() -> None:
    """20 % of 500 shares of others after arrival: 300 at 103, 200 at 111."""
    assert px(measured(), "pwp") == (300 * 103 + 200 * 111) / 500


def test_pwp_of_a_short_tape_is_null() -> None:
    assert px(measured(market=tape([*PRINTS[:4], PRINTS[-1]])), "pwp") is None


def test_slippage_is_positive_when_worse_for_either_side() -> None:
    for side, sign in ((Side.BUY, 1), (Side.SELL, -1)):
        row = next(row for row in measured(side).benchmarks if row.name == "arrival")
        assert row.slippage_bps == pytest.approx(sign * (104 - 101) / 101 * 1e4)


def test_participation_gives_both_ratios() -> None:
    part = measured().participation
    assert (part.own_qty, part.others_qty) == (100, 500)
    assert (part.of_market, part.of_others) == (100 / 600, 100 / 500)


def test_rpm_is_the_share_of_volume_at_worse_prices() -> None:
    assert measured(Side.BUY).participation.rpm == 200 / 500
    assert measured(Side.SELL).participation.rpm == 300 / 500


def test_without_a_tape_everything_measured_is_null_with_the_reason() -> None:
    order = measured().order
    bare = measure(order, None)
    rules = {row.name: row.rule for row in bare.benchmarks if row.px is None}
    assert set(rules) == {name for name, *_ in MEASURED}
    assert set(rules.values()) == {"no tape"}
    assert (bare.participation.of_market, bare.participation.reason) == (None, "no tape")


def test_a_given_price_stands_in_for_the_tape_and_says_so() -> None:
    order = msgspec.structs.replace(measured().order, given={"interval_vwap": 103})
    row = next(row for row in measure(order, None).benchmarks if row.name == "interval_vwap")
    assert (row.px, row.rule) == (103.0, "given with the order")
    assert row.slippage_bps == pytest.approx(1 / 103 * 1e4)
