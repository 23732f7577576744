"""Captures become exact integers in stated units, or a sentence with the line, the field and the value."""

from __future__ import annotations

import gzip
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.adapters.feeds.binance import BinanceCapture, recognise
from sottovoce.adapters.feeds.faults import FaultLog, FeedFault
from sottovoce.adapters.feeds.level_feed import (
    LevelDiff,
    LevelMessage,
    LevelQuote,
    LevelSnapshot,
    LevelTrade,
    exact_units,
)
from tests.adapters.feeds.capture_maker import AHEAD_MS, START_NS, Capture, small


def messages(source: bytes) -> list[LevelMessage]:
    return list(BinanceCapture(source).messages())


@given(st.decimals(min_value=0, max_value=10**9, places=8, allow_nan=False, allow_infinity=False))
def test_decimal_text_is_exact(value: Decimal) -> None:
    assert exact_units(f"{value:.8f}", 8) == int(value.scaleb(8))


@pytest.mark.parametrize(
    ("text", "digits", "got"),
    [("61837.63000000", 8, 6_183_763_000_000), ("1500", 0, 1500), ("2.500", 1, 25), ("0", 8, 0)],
)
def test_trailing_zeros_beyond_the_unit_are_nothing(text: str, digits: int, got: int) -> None:
    assert exact_units(text, digits) == got


@pytest.mark.parametrize("text", ["", ".", "1.", ".5", "-1", "+1", "1e3", "nan", "1_0", "٣", "1.000000001", "9" * 30])
def test_text_that_is_no_plain_decimal_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not a plain|is finer than|has more digits"):
        exact_units(text, 8)


def test_kinds_times_and_units() -> None:
    said = messages(small().source)
    kinds = [type(message) for message in said]
    assert kinds == [LevelDiff, LevelSnapshot, LevelDiff, LevelDiff, LevelQuote, LevelTrade]
    first, trade = said[0], said[-1]
    assert isinstance(first, LevelDiff)
    assert isinstance(trade, LevelTrade)
    assert (first.line, first.receive_ns) == (1, START_NS)
    assert first.exchange_ns == START_NS + AHEAD_MS * 1_000_000
    assert (first.bids, first.previous_id) == (((10_000_000_000, 100_000_000),), None)
    assert (trade.px, trade.qty, trade.side) == (10_002_000_000, 50_000_000, 1)


def test_markets_are_told_apart_by_their_first_depth_message() -> None:
    spot, usdm = recognise(small().source), recognise(Capture(futures=True).diff(1, 2).source)
    coin = recognise(Capture("BTCUSD_PERP", futures=True).diff(1, 2).source.replace(b'"s":', b'"ps": "BTCUSD", "s":'))
    assert (spot.units.market, spot.units.qty_name, spot.units.qty_scale) == ("Binance spot", "BTC", 10**8)
    assert usdm.units.market == "Binance USD-M"
    assert (coin.units.market, coin.units.qty_name, coin.units.qty_scale) == ("Binance COIN-M", "contracts", 1)


def test_gzip_and_bare_messages_and_other_streams_are_read(tmp_path: Path) -> None:
    bare = '{"e":"depthUpdate","E":1723161255208,"s":"BTCUSDT","U":1,"u":2,"b":[],"a":[]}'
    other = '{"stream":"btcusdt@kline_1m","data":{"e":"kline","a":7}}'
    path = tmp_path / "capture.jsonl.gz"
    path.write_bytes(gzip.compress(Capture().raw(bare).raw(other).source))
    capture = BinanceCapture(path)
    assert [type(message) for message in capture.messages()] == [LevelDiff]
    assert capture.others == {"kline_1m": 1}
    assert capture.lines == 2


GOOD = small().diff(13, 14).lines
DIFF = GOOD[3]

BROKEN: list[tuple[str, bytes, str]] = [
    ("feed_time", b"hello " + DIFF.split(b" ", 1)[1], "receive time: 'hello' is not a receive time"),
    ("feed_time", b"1723161254" + DIFF[19:], "'1723161254' is not a receive time"),
    ("feed_time", DIFF[:19], "is not a receive time, a space and a message"),
    ("feed_out_of_order", b"1" + DIFF[1:].replace(b"723161254", b"723161253", 1), "earlier than the line before"),
    ("feed_json", DIFF[:-9], "cannot be read"),
    ("feed_json", DIFF.replace(b'"U": 10', b'"U": "x"'), "field data.U|field U"),
    ("feed_json", DIFF.replace(b'"u": 12, ', b""), "missing required field `u`"),
    ("feed_json", DIFF.replace(b'"E": 17', b'"E": -17'), "field E"),
    ("feed_json", DIFF.replace(b"100.02", b"\xff\xfe"), "cannot be read"),
    ("feed_json", DIFF[:20] + b"[" * 100_000, "cannot be read"),
    ("feed_value", DIFF.replace(b'"2.5"', b'"-2.5"'), "'-2.5' is not a plain decimal"),
    ("feed_value", DIFF.replace(b'"2.5"', b'"1e9"'), "field a: '1e9'"),
    ("feed_value", DIFF.replace(b'"100.02"', b'"0.00"'), "'0.00' is a price of nothing"),
    ("feed_value", DIFF.replace(b'"2.5"', b'"0.000000001"'), "is finer than the feed's unit"),
    ("feed_sequence", DIFF.replace(b'"U": 10', b'"U": 99'), "after the last update 12"),
    ("feed_other_instrument", DIFF.replace(b"BTCUSDT", b"ETHUSDT"), "'ETHUSDT' is not BTCUSDT"),
    (
        "feed_value",
        DIFF[:19] + GOOD[5][19:].replace(b'"q": "0.5"', b'"q": "0.0"'),
        "field q: '0.0' is a trade of nothing",
    ),
]


@pytest.mark.parametrize(("code", "line", "says"), BROKEN)
def test_bad_line_is_named_by_line_field_and_value(code: str, line: bytes, says: str) -> None:
    source = b"\n".join([*GOOD[:3], line, *GOOD[4:]]) + b"\n"
    with pytest.raises(FeedFault, match=says) as caught:
        messages(source)
    assert caught.value.code == code
    assert caught.value.bad.number == 4


@pytest.mark.parametrize(("code", "line", "says"), BROKEN)
def test_skipping_counts_the_bad_line_and_reads_the_rest(code: str, line: bytes, says: str) -> None:
    log = FaultLog(skip=True)
    capture = BinanceCapture(b"\n".join([*GOOD[:3], line, *GOOD[4:]]), log)
    assert len(list(capture.messages())) == len(GOOD) - 1
    assert log.total == 1, (code, says)
    assert "line 4" in log.summary()


@pytest.mark.parametrize("content", [b"no capture at all\n", b'{"stream": 1}\n', b"\x00\x01\x02" * 50])
def test_file_that_is_no_capture_is_refused(content: bytes) -> None:
    with pytest.raises(FeedFault, match="no depth message") as caught:
        BinanceCapture(content)
    assert caught.value.code == "feed_kind"


def test_cut_gzip_is_a_fault_after_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(small().source)[:-12])
    with pytest.raises(FeedFault) as caught:
        BinanceCapture(path)
    assert caught.value.code == "feed_truncated"
