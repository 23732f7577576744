"""Files become arrays, exactly; files that do not say what they must are refused by file, column and row."""

from __future__ import annotations

import builtins
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from sottovoce.adapters.tape.loader import available_dates, carry_forward, load_day, load_trades, tape_symbol
from sottovoce.core.errors import ConfigError, MalformedMessage, NotFound, SottovoceError
from tests.adapters.tape.synthetic import OPEN_NS, SECOND, SESSION

pl = pytest.importorskip("polars")

TRADES: Mapping[str, Sequence[object]] = {
    "time_ms": [34_200_000, 34_200_500],
    "price": [1_818_100, 1_818_150],
    "size": [100, 250],
    "exchange": ["N", "D"],
    "cond": [1, 0x80000000],
    "suspicious": [0, 0],
}
QUOTES: Mapping[str, Sequence[object]] = {
    "time_ms": [34_199_000, 34_199_001, 34_200_100],
    "bid": [1_818_000, 0, 0],
    "bid_size": [300, 0, 0],
    "ask": [0, 1_818_200, 1_818_100],
    "ask_size": [0, 200, 100],
    "exchange": ["P", "P", "N"],
    "cond": [1, 1, 1],
    "suspicious": [0, 0, 0],
}


def write(
    folder: Path, trades: Mapping[str, Sequence[object]] = TRADES, quotes: Mapping[str, Sequence[object]] = QUOTES
) -> Path:
    pl.DataFrame(trades).write_parquet(folder / "TST_20131008_trades.parquet")
    pl.DataFrame(quotes).write_parquet(folder / "TST_20131008_quotes.parquet")
    return folder


def test_times_and_prices_are_exact(tmp_path: Path) -> None:
    tape = load_day(write(tmp_path), "TST US", SESSION)
    assert tape.trades.ns.tolist() == [OPEN_NS, OPEN_NS + SECOND // 2]
    assert tape.trades.px.tolist() == [181_810_000, 181_815_000]
    assert [chr(code) for code in tape.trades.exchange] == ["N", "D"]
    assert tape.trades.cond.tolist() == [1, 0x80000000]


def test_each_side_is_carried_until_it_is_quoted_again(tmp_path: Path) -> None:
    tape = load_day(write(tmp_path), "TST", SESSION)
    assert tape.quotes.bid.tolist() == [181_800_000] * 3
    assert tape.quotes.ask.tolist() == [0, 181_820_000, 181_810_000]
    assert tape.quotes.ask_size.tolist() == [0, 200, 100]


def test_carry_forward_of_nothing_is_nothing() -> None:
    empty = np.array([], dtype=np.int64)
    assert carry_forward(empty, empty > 0).tolist() == []


@pytest.mark.parametrize(("people", "file"), [("IBM US", "IBM"), ("ibm", "IBM"), ("BRK/B", "BRK.B")])
def test_symbols_as_people_write_them(people: str, file: str) -> None:
    assert tape_symbol(people) == file


def test_missing_day_names_the_days_there_are(tmp_path: Path) -> None:
    write(tmp_path)
    other = SESSION.__class__(date="2013-10-10", open_ns=SESSION.open_ns, close_ns=SESSION.close_ns)
    with pytest.raises(NotFound, match="days available: 2013-10-08") as caught:
        load_trades(tmp_path, "TST", other)
    assert caught.value.code == "tape_day_missing"
    assert available_dates(tmp_path, "TST") == ("2013-10-08",)


def test_missing_folder_and_unknown_symbol_are_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no tape folder") as caught:
        load_trades(tmp_path / "nowhere", "TST", SESSION)
    assert caught.value.code == "tape_folder_missing"
    with pytest.raises(NotFound, match="days available: none"):
        load_trades(tmp_path, "TST", SESSION)


BROKEN_TRADES: list[tuple[str, dict[str, Sequence[object] | None], str]] = [
    ("tape_column_missing", {"price": None}, "no column price"),
    ("tape_column_type", {"price": [181.81, 181.815]}, "column price: type Float64"),
    ("tape_column_type", {"exchange": [1, 2]}, "column exchange"),
    ("tape_out_of_order", {"time_ms": [34_200_500, 34_200_000]}, "column time_ms, row 1"),
    ("tape_time_range", {"time_ms": [34_200_000, 86_400_000]}, "column time_ms, row 1"),
    ("tape_negative", {"price": [1_818_100, -1]}, "column price, row 1"),
    ("tape_negative", {"size": [0, 100]}, "column size, row 0"),
    ("tape_null", {"size": [100, None]}, "column size, row 1"),
    ("tape_null", {"exchange": ["N", ""]}, "column exchange, row 1"),
]


@pytest.mark.parametrize(("code", "change", "says"), BROKEN_TRADES)
def test_broken_trade_file_is_refused_where_it_is_broken(
    tmp_path: Path, code: str, change: dict[str, Sequence[object] | None], says: str
) -> None:
    columns = {name: values for name, values in {**TRADES, **change}.items() if values is not None}
    error = refusal_of(write(tmp_path, trades=columns))
    assert error.code == code
    assert re.search(says, str(error))
    assert "TST_20131008" in str(error)


BROKEN_QUOTES: list[tuple[str, dict[str, Sequence[object]], str]] = [
    ("tape_quote_sides", {"ask": [1, 1_818_200, 1_818_100]}, "row 0"),
    ("tape_quote_sides", {"bid": [1_818_000, 0, 0], "ask": [0, 0, 1_818_100]}, "row 1"),
    ("tape_negative", {"ask_size": [0, 200, -5]}, "column ask_size, row 2"),
    ("tape_out_of_order", {"time_ms": [34_199_000, 34_198_000, 34_200_100]}, "column time_ms, row 1"),
]


@pytest.mark.parametrize(("code", "change", "says"), BROKEN_QUOTES)
def test_broken_quote_file_is_refused_where_it_is_broken(
    tmp_path: Path, code: str, change: dict[str, Sequence[object]], says: str
) -> None:
    error = refusal_of(write(tmp_path, quotes={**QUOTES, **change}))
    assert error.code == code
    assert re.search(says, str(error))
    assert "TST_20131008" in str(error)


def test_file_that_is_not_parquet_is_malformed(tmp_path: Path) -> None:
    (tmp_path / "TST_20131008_trades.parquet").write_bytes(b"not a parquet file")
    error = refusal_of(tmp_path)
    assert error.code == "tape_unreadable"
    assert "TST_20131008_trades.parquet" in str(error)


def test_price_scale_that_cannot_hold_the_tape_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        load_day(write(tmp_path), "TST", SESSION, price_scale=100)
    assert caught.value.code == "tape_price_scale"


def test_without_polars_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    real = builtins.__import__

    def refuse(name: str, *args: object, **keywords: object) -> object:
        if name == "polars":
            raise ImportError(name)
        return real(name, *args, **keywords)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(ConfigError, match=r"pip install sottovoce\[tape\]"):
        load_day(tmp_path, "TST", SESSION)


def refusal_of(folder: Path) -> SottovoceError:
    with pytest.raises(MalformedMessage) as caught:
        load_day(folder, "TST", SESSION)
    return caught.value
