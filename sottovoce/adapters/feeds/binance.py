"""Reads captures of Binance's websocket streams: spot, USD-M and COIN-M futures, one instrument a file.

A line is the local receive time in ns since 1970, a space, and the JSON as it came: depth differences, best quotes
and trades, in a combined stream's envelope or bare, and between them REST depth snapshots to start a book from. The
market is recognised from the first depth message: COIN-M names a pair, futures say the update before (`pu`), spot
does neither. Prices are in 1e-8 of the quote currency; quantities in 1e-8 of the base asset, on COIN-M in whole
contracts. Kinds of message not used here (mark price, candles) are counted, not dropped unseen.

Source: Binance's public API documentation, "How to manage a local order book correctly" (spot and futures).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from sottovoce.adapters.feeds.binance_wire import Depth, Pairs, Quote, Trade, Typed, Unreadable, decoded
from sottovoce.adapters.feeds.capture_lines import CaptureLine, capture_lines
from sottovoce.adapters.feeds.faults import BadRow, FaultLog, file_fault
from sottovoce.adapters.feeds.level_feed import (
    LevelDiff,
    LevelMessage,
    LevelQuote,
    LevelSnapshot,
    LevelTrade,
    LevelUnits,
    exact_units,
)
from sottovoce.adapters.feeds.source import Source, source_name
from sottovoce.core.units import NS_PER_MILLISECOND
from sottovoce.models.level_book import Level

HEAD_LINES = 20_000
"""How far into a file the first depth message may be."""

LINE_HEAD = 21
"""Bytes of a line besides the message: time, space, break."""

DIGITS = 8
MEMORY = 65_536
"""Decimal texts remembered with their integers: prices and sizes come again and again."""

QUOTE_ASSETS = ("USDT", "USDC", "FDUSD", "BUSD", "TUSD", "EUR", "TRY", "BTC", "ETH", "BNB")

_units = lru_cache(maxsize=MEMORY)(exact_units)


class CaptureOf(NamedTuple):
    """Whose feed a capture is: the exchange's symbol, the units, and when its first line was received."""

    symbol: str
    units: LevelUnits
    first_ns: int


class BinanceCapture:
    """One capture, read as a stream: memory does not grow with the file.

    During a pass over `messages()`, lines and bytes_read say how far it is, and others counts the kinds not used.
    """

    def __init__(self, source: Source, log: FaultLog | None = None) -> None:
        """Raises: FeedFault (feed_missing, feed_unreadable, feed_empty) where no depth message is found."""
        self.source = source
        self.log = FaultLog() if log is None else log
        self.symbol, self.units, self.first_ns = recognise(source)
        self.lines = 0
        self.bytes_read = 0
        self.others: Counter[str] = Counter()

    def messages(self) -> Iterator[LevelMessage]:
        """What the capture says, in the order it was received.

        Raises: FeedFault at the first bad line unless the log skips, and for a file that cannot be read on.
        """
        last_ns = 0
        for line in capture_lines(self.source, self.log):
            self.lines = line.number
            self.bytes_read += LINE_HEAD + len(line.payload)
            if line.receive_ns < last_ns:
                self._bad(line, "feed_out_of_order", "receive time", "is earlier than the line before")
                continue
            last_ns = line.receive_ns
            message = self._message(line)
            if message is not None:
                yield message

    def _message(self, line: CaptureLine) -> LevelMessage | None:
        try:
            typed = decoded(line.payload)
            if isinstance(typed, str):
                self.others[typed] += 1
                return None
            return self._translated(line, typed)
        except Unreadable as error:
            self._bad(line, "feed_json", error.field, str(error), cause=error)
        except _FieldError as error:
            self._bad(line, error.code, error.field, str(error), error.value, cause=error)
        return None

    def _translated(self, line: CaptureLine, typed: Typed) -> LevelMessage:
        if typed.symbol and self.symbol and typed.symbol != self.symbol:
            why = f"is not {self.symbol}, whose capture this is"
            raise _FieldError("feed_other_instrument", "symbol", typed.symbol, why)
        if isinstance(typed, Depth):
            return self._diff(line, typed)
        if isinstance(typed, Quote):
            return self._quote(line, typed)
        if isinstance(typed, Trade):
            return self._trade(line, typed)
        return LevelSnapshot(
            line=line.number, receive_ns=line.receive_ns, last_id=typed.last, exchange_ns=_ns(typed.event_ms),
            bids=self._levels("bids", typed.bids), asks=self._levels("asks", typed.asks),
        )  # fmt: skip

    def _diff(self, line: CaptureLine, typed: Depth) -> LevelDiff:
        if typed.first > typed.last:
            why = f"is after the last update {typed.last} of the same message"
            raise _FieldError("feed_sequence", "U", str(typed.first), why)
        return LevelDiff(
            line=line.number, receive_ns=line.receive_ns, exchange_ns=typed.event_ms * NS_PER_MILLISECOND,
            first_id=typed.first, last_id=typed.last, previous_id=typed.previous,
            bids=self._levels("b", typed.bids), asks=self._levels("a", typed.asks),
        )  # fmt: skip

    def _quote(self, line: CaptureLine, typed: Quote) -> LevelQuote:
        return LevelQuote(
            line=line.number, receive_ns=line.receive_ns, update_id=typed.update, exchange_ns=_ns(typed.event_ms),
            bid=_px("b", typed.bid), bid_qty=self._qty("B", typed.bid_qty),
            ask=_px("a", typed.ask), ask_qty=self._qty("A", typed.ask_qty),
        )  # fmt: skip

    def _trade(self, line: CaptureLine, typed: Trade) -> LevelTrade:
        qty = self._qty("q", typed.qty)
        if not qty:
            raise _FieldError("feed_value", "q", typed.qty, "is a trade of nothing")
        return LevelTrade(
            line=line.number, receive_ns=line.receive_ns, exchange_ns=typed.event_ms * NS_PER_MILLISECOND,
            trade_id=typed.number, px=_px("p", typed.px), qty=qty, side=-1 if typed.buyer_made else 1,
        )  # fmt: skip

    def _levels(self, field: str, pairs: Pairs) -> tuple[Level, ...]:
        return tuple([(_px(field, px), self._qty(field, qty)) for px, qty in pairs])

    def _qty(self, field: str, text: str) -> int:
        return _exact(field, text, 0 if self.units.qty_scale == 1 else DIGITS)

    def _bad(
        self, line: CaptureLine, code: str, field: str, why: str, value: str = "", cause: Exception | None = None
    ) -> None:
        row = BadRow(file=source_name(self.source), code=code, why=why, number=line.number, field=field, value=value)
        self.log.bad_row(row, cause)


def recognise(source: Source) -> CaptureOf:
    """Whose capture a file is, from its first depth message. Raises FeedFault as BinanceCapture does."""
    first_ns = 0
    for line in capture_lines(source, FaultLog(skip=True)):
        if line.number > HEAD_LINES:
            break
        first_ns = first_ns or line.receive_ns
        try:
            typed = decoded(line.payload)
        except Unreadable:
            continue
        if isinstance(typed, Depth):
            units = _units_of(typed.symbol, coin_margined=bool(typed.pair), futures=typed.previous is not None)
            return CaptureOf(typed.symbol, units, first_ns)
    why = f"has no depth message of Binance in its first {HEAD_LINES:,} lines"
    raise file_fault(source_name(source), "feed_kind", why, "Give a capture of a depth stream.")


class _FieldError(Exception):
    """A field that does not say what it must; the sentence is the message."""

    def __init__(self, code: str, field: str, value: str, why: str) -> None:
        super().__init__(why)
        self.code, self.field, self.value = code, field, value


def _units_of(symbol: str, *, coin_margined: bool, futures: bool) -> LevelUnits:
    if coin_margined:
        return LevelUnits(market="Binance COIN-M", px_scale=10**DIGITS, qty_scale=1, qty_name="contracts")
    quoted = next((asset for asset in QUOTE_ASSETS if symbol.endswith(asset) and symbol != asset), "")
    base = symbol.removesuffix(quoted).rstrip("_-") if quoted else "units"
    market = "Binance USD-M" if futures else "Binance spot"
    return LevelUnits(market=market, px_scale=10**DIGITS, qty_scale=10**DIGITS, qty_name=base)


def _px(field: str, text: str) -> int:
    px = _exact(field, text, DIGITS)
    if not px:
        raise _FieldError("feed_value", field, text, "is a price of nothing")
    return px


def _exact(field: str, text: str, digits: int) -> int:
    try:
        return _units(text, digits)
    except ValueError as error:
        raise _FieldError("feed_value", field, text, str(error)) from error


def _ns(milliseconds: int | None) -> int | None:
    return None if milliseconds is None else milliseconds * NS_PER_MILLISECOND
