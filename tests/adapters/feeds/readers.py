"""Every loader of market data files, with a small sound file of its kind and the ways such files are damaged."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from sottovoce.adapters.feeds.binance import BinanceCapture
from sottovoce.adapters.feeds.dbn import DbnFile
from sottovoce.adapters.feeds.dbn_orders import order_runs
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.adapters.feeds.itch_stock import read_stock
from sottovoce.adapters.feeds.lobster import read_lobster
from sottovoce.adapters.feeds.lobster_levels import read_levels
from sottovoce.adapters.tape.loader import load_quotes, load_trades
from tests.adapters.feeds import corrupt_binary, corrupt_tables, corrupt_text
from tests.adapters.feeds.capture_maker import small
from tests.adapters.feeds.corrupt_tables import QUOTES, TRADES, encoded
from tests.adapters.feeds.corrupt_text import BOOK_ROWS
from tests.adapters.feeds.corruptions import Damage, text
from tests.adapters.feeds.dbn_maker import BOOK, header, mbo, packed
from tests.adapters.feeds.itch_maker import framed, small_day
from tests.adapters.feeds.lobster_maker import columns, csv
from tests.adapters.tape.synthetic import SESSION

DAY = "TST_20131008"


class Reader(NamedTuple):
    """How one loader reads a file to its end, what the file is called, a sound one, and how such files are damaged."""

    file: str
    read: Callable[[Path, FaultLog], object]
    sound: Callable[[], bytes]
    damages: Callable[[], Iterator[Damage]]


def lobster(path: Path, log: FaultLog) -> object:
    return list(read_lobster(path, log, whole=True))


def itch(path: Path, log: FaultLog) -> object:
    return list(read_stock(path, "TST", log))


def dbn(path: Path, log: FaultLog) -> object:
    return list(order_runs(DbnFile(path, log)))


def capture(path: Path, log: FaultLog) -> object:
    return list(BinanceCapture(path, log).messages())


def tape_trades(path: Path, _: FaultLog) -> object:
    return load_trades(path.parent, "TST", SESSION)


def tape_quotes(path: Path, _: FaultLog) -> object:
    return load_quotes(path.parent, "TST", SESSION)


READERS = {
    "lobster_csv": Reader("messages.csv", lobster, csv, corrupt_text.lobster_csv),
    "lobster_gzip": Reader("messages.csv.gz", lobster, lambda: gzip.compress(csv()), corrupt_text.lobster_gzip),
    "lobster_book": Reader("orderbook.csv", read_levels, lambda: text(BOOK_ROWS), corrupt_text.lobster_book),
    "lobster_parquet": Reader("messages.parquet", lobster, lambda: encoded(columns()), corrupt_tables.lobster_parquet),
    "itch": Reader("day.itch", itch, lambda: framed(small_day()), corrupt_binary.itch),
    "itch_without_lengths": Reader(
        "day.itch", itch, lambda: framed(small_day(), lengths=False), corrupt_binary.itch_without_lengths
    ),
    "itch_gzip": Reader("day.gz", itch, lambda: gzip.compress(framed(small_day())), corrupt_binary.itch_gzip),
    "dbn": Reader("orders.dbn", dbn, lambda: header() + mbo(BOOK), corrupt_binary.dbn),
    "dbn_packed": Reader("orders.dbn.zst", dbn, lambda: packed(header() + mbo(BOOK)), corrupt_binary.dbn_packed),
    "capture": Reader("stream.txt", capture, lambda: small().source, corrupt_text.capture),
    "tape_trades": Reader(
        "TST_20131008_trades.parquet", tape_trades, lambda: encoded(TRADES), corrupt_tables.tape_trades
    ),
    "tape_quotes": Reader(
        "TST_20131008_quotes.parquet", tape_quotes, lambda: encoded(QUOTES), corrupt_tables.tape_quotes
    ),
}
