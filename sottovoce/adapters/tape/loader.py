"""Reads a folder of consolidated ticks: SYMBOL_YYYYMMDD_trades.parquet and SYMBOL_YYYYMMDD_quotes.parquet.

The files say milliseconds since midnight New York and 1/10000 dollar; we want nanoseconds UTC and the
instrument's unit. Midnight is nine and a half hours before the session's open, so no time zone table is
needed. A quote row carries one side and the other is carried forward. A file that does not say what it must
is refused with the file, the column and the row; nothing is repaired or skipped.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sottovoce.adapters.tape.day import DayTape, Quotes, Trades
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_HOUR, NS_PER_MILLISECOND
from sottovoce.models.arrays import BoolArray, IntArray

if TYPE_CHECKING:
    import polars as pl

FILE_SCALE = 10_000
"""Units of the files' prices in one dollar."""

OPEN_AFTER_MIDNIGHT_NS = 9 * NS_PER_HOUR + NS_PER_HOUR // 2
MS_PER_DAY = 86_400_000
TRADE_NUMBERS = ("time_ms", "price", "size", "cond")
QUOTE_NUMBERS = ("time_ms", "bid", "bid_size", "ask", "ask_size")


def tape_symbol(symbol: str) -> str:
    """The name in the files of what people write: "IBM US" is IBM, "BRK/B" is BRK.B."""
    return symbol.split(maxsplit=1)[0].replace("/", ".").upper()


def available_dates(folder: Path, symbol: str, kind: str = "trades") -> tuple[str, ...]:
    """ISO dates the folder has trades (or quotes) of a symbol for, in order.

    Raises: NotFound, tape_folder_missing.
    """
    if not folder.is_dir():
        raise NotFound(
            f"There is no tape folder {folder}; give the folder of the parquet files.",
            code="tape_folder_missing",
        )
    name = tape_symbol(symbol)
    days = sorted(path.name.split("_")[1] for path in folder.glob(f"{name}_????????_{kind}.parquet"))
    return tuple(f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in days)


def load_day(folder: Path, symbol: str, session: Session, price_scale: int = 1_000_000) -> DayTape:
    """Trades and quotes of one session.

    Args:
        folder: where the parquet files are. symbol: as people write it.
        session: date in ISO form; open_ns must be 09:30 New York. price_scale: the instrument's units per
        dollar.
    Raises: NotFound (tape_folder_missing, tape_day_missing), ConfigError (tape_extra_missing,
    tape_price_scale), MalformedMessage (tape_unreadable, tape_column_missing, tape_column_type, tape_null,
    tape_negative, tape_time_range, tape_out_of_order, tape_quote_sides).
    """
    trades = load_trades(folder, symbol, session, price_scale)
    return DayTape(
        symbol=tape_symbol(symbol),
        session=session,
        trades=trades,
        quotes=load_quotes(folder, symbol, session, price_scale),
    )


def load_trades(folder: Path, symbol: str, session: Session, price_scale: int = 1_000_000) -> Trades:
    """Every row of the trade file of one session, official values included. Errors as for load_day."""
    path = _find(folder, symbol, session.date, "trades")
    frame = _read(path)
    columns = _numbers(path, frame, TRADE_NUMBERS)
    _refuse_where(path, "price", columns["price"] <= 0, "is not above zero", "tape_negative")
    _refuse_where(path, "size", columns["size"] <= 0, "is not above zero", "tape_negative")
    return Trades(
        ns=_utc(columns["time_ms"], session),
        px=columns["price"] * _unit(price_scale),
        qty=columns["size"],
        exchange=_letters(path, frame),
        cond=columns["cond"],
    )


def load_quotes(folder: Path, symbol: str, session: Session, price_scale: int = 1_000_000) -> Quotes:
    """The national best after each row of the quote file of one session. Errors as for load_day."""
    path = _find(folder, symbol, session.date, "quotes")
    columns = _numbers(path, _read(path), QUOTE_NUMBERS)
    for name in QUOTE_NUMBERS[1:]:
        _refuse_where(path, name, columns[name] < 0, "is negative", "tape_negative")
    is_bid, is_ask = columns["bid"] > 0, columns["ask"] > 0
    _refuse_where(path, "bid", is_bid == is_ask, "must be quoted on one side and only one", "tape_quote_sides")
    unit = _unit(price_scale)
    return Quotes(
        ns=_utc(columns["time_ms"], session),
        bid=carry_forward(columns["bid"], is_bid) * unit,
        bid_size=carry_forward(columns["bid_size"], is_bid),
        ask=carry_forward(columns["ask"], is_ask) * unit,
        ask_size=carry_forward(columns["ask_size"], is_ask),
    )


def carry_forward(values: IntArray, given: BoolArray) -> IntArray:
    """The last given value at each row, 0 before the first; shape (n,) in and out."""
    last = np.maximum.accumulate(np.where(given, np.arange(values.size), -1))
    return np.where(last >= 0, values[np.maximum(last, 0)], 0)


def _find(folder: Path, symbol: str, date: str, kind: str) -> Path:
    days = available_dates(folder, symbol, kind)
    path = folder / f"{tape_symbol(symbol)}_{date.replace('-', '')}_{kind}.parquet"
    if date not in days:
        have = ", ".join(days) or "none"
        sentence = f"{folder} has no {kind} of {tape_symbol(symbol)} for {date}; days available: {have}."
        raise NotFound(sentence, code="tape_day_missing")
    return path


def _read(path: Path) -> pl.DataFrame:
    try:
        import polars as pl
    except ImportError as error:
        sentence = "Reading a tape needs polars, which is not installed: pip install sottovoce[tape]."
        raise ConfigError(sentence, code="tape_extra_missing") from error
    try:
        return pl.read_parquet(path)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        raise MalformedMessage(f"{path} cannot be read as parquet: {error}.", code="tape_unreadable") from error


def _numbers(path: Path, frame: pl.DataFrame, names: tuple[str, ...]) -> Mapping[str, IntArray]:
    columns = {name: _integers(path, frame, name) for name in names}
    time_ms = columns["time_ms"]
    out = (time_ms < 0) | (time_ms >= MS_PER_DAY)
    _refuse_where(path, "time_ms", out, "is not within the day", "tape_time_range")
    back = np.concatenate([np.zeros(min(1, time_ms.size), dtype=np.bool_), np.diff(time_ms) < 0])
    _refuse_where(path, "time_ms", back, "is earlier than the row before", "tape_out_of_order")
    return columns


def _integers(path: Path, frame: pl.DataFrame, name: str) -> IntArray:
    column = _column(path, frame, name)
    if not column.dtype.is_integer():
        sentence = f"{path}, column {name}: type {column.dtype} where whole numbers must be."
        raise MalformedMessage(sentence, code="tape_column_type")
    _refuse_where(path, name, column.is_null().to_numpy(), "is empty", "tape_null")
    return column.to_numpy().astype(np.int64)


def _letters(path: Path, frame: pl.DataFrame) -> IntArray:
    column = _column(path, frame, "exchange")
    if str(column.dtype) != "String":
        sentence = f"{path}, column exchange: type {column.dtype} where letters must be."
        raise MalformedMessage(sentence, code="tape_column_type")
    bad = (column.is_null() | (column.str.len_bytes() != 1).fill_null(True)).to_numpy()
    _refuse_where(path, "exchange", bad, "is not one letter", "tape_null")
    return np.frombuffer("".join(column.to_list()).encode("ascii", "replace"), dtype=np.uint8).astype(np.int64)


def _column(path: Path, frame: pl.DataFrame, name: str) -> pl.Series:
    if name not in frame.columns:
        have = ", ".join(frame.columns)
        raise MalformedMessage(f"{path} has no column {name}; it has {have}.", code="tape_column_missing")
    return frame.get_column(name)


def _refuse_where(path: Path, column: str, bad: BoolArray, why: str, code: str) -> None:
    rows = np.flatnonzero(bad)
    if rows.size:
        raise MalformedMessage(f"{path}, column {column}, row {int(rows[0])}: the value {why}.", code=code)


def _utc(time_ms: IntArray, session: Session) -> IntArray:
    return time_ms * NS_PER_MILLISECOND + (session.open_ns - OPEN_AFTER_MIDNIGHT_NS)


def _unit(price_scale: int) -> int:
    if price_scale % FILE_SCALE:
        sentence = f"A price scale of {price_scale} cannot hold the tape's 1/{FILE_SCALE} dollar exactly."
        raise ConfigError(sentence, code="tape_price_scale")
    return price_scale // FILE_SCALE
