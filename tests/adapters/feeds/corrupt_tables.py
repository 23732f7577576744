"""Damaged Parquet files: order messages, and the consolidated trades and quotes of the tape loader."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence

from tests.adapters.feeds.corruptions import Damage, any_file
from tests.adapters.feeds.lobster_maker import columns

Table = Mapping[str, Sequence[object]]

BAD_LOBSTER: dict[str, tuple[int, ...]] = {
    "time_ns": (-1, 86_400 * 10**9, 1),
    "type": (0, 8, -1),
    "order_id": (0, -1, 11),
    "size": (0, -1, 10**18),
    "price": (0, -1, 10**18),
    "direction": (0, 2, -3),
}
"""By column, values that no row which enters an order may have."""

TRADES: Table = {
    "time_ms": [34_200_000, 34_200_500, 34_200_900],
    "price": [1_818_100, 1_818_150, 1_818_100],
    "size": [100, 250, 10],
    "exchange": ["N", "D", "P"],
    "cond": [1, 1, 0x80000000],
    "suspicious": [0, 0, 0],
}
QUOTES: Table = {
    "time_ms": [34_199_000, 34_199_001, 34_200_100],
    "bid": [1_818_000, 0, 0],
    "bid_size": [300, 0, 0],
    "ask": [0, 1_818_200, 1_818_100],
    "ask_size": [0, 200, 100],
    "exchange": ["P", "P", "N"],
    "cond": [1, 1, 1],
    "suspicious": [0, 0, 0],
}
BAD_TRADES: dict[str, tuple[int, ...]] = {"time_ms": (-1, 86_400_000, 1), "price": (0, -1), "size": (0, -1)}
BAD_QUOTES: dict[str, tuple[int, ...]] = {
    "time_ms": (-1, 86_400_000, 1),
    "bid": (-1, 5),
    "ask": (-1, 0),
    "ask_size": (-1,),
}


def lobster_parquet() -> Iterator[Damage]:
    """LOBSTER messages as a table."""
    sound = columns()
    yield from _damaged(sound, BAD_LOBSTER, 3, tuple(sound))
    yield Damage("no_rows", encoded({name: values[:0] for name, values in sound.items()}))
    noted = encoded({**sound, "note": ["x"] * len(sound["type"])})
    yield Damage("more_columns", noted, "columns not asked for are not read")


def tape_trades() -> Iterator[Damage]:
    """Consolidated trades."""
    yield from _damaged(TRADES, BAD_TRADES, 1, ("time_ms", "price", "size", "cond", "exchange"))
    yield Damage("venue_of_two_letters", encoded({**TRADES, "exchange": ["N", "DD", "P"]}))
    yield Damage("venue_of_no_letter", encoded({**TRADES, "exchange": ["N", "", "P"]}))


def tape_quotes() -> Iterator[Damage]:
    """Consolidated quotes."""
    yield from _damaged(QUOTES, BAD_QUOTES, 1, ("time_ms", "bid", "bid_size", "ask", "ask_size"))
    yield Damage("quoted_on_no_side", encoded({**QUOTES, "ask": [0, 0, 1_818_100]}))


def encoded(table: Table) -> bytes:
    """A table as a Parquet file."""
    import polars as pl

    file = io.BytesIO()
    pl.DataFrame(table, strict=False).write_parquet(file)
    return file.getvalue()


def _damaged(sound: Table, bad: Mapping[str, Sequence[int]], row: int, needed: Sequence[str]) -> Iterator[Damage]:
    data = encoded(sound)
    yield from any_file(data)
    for part in range(1, 12):
        yield Damage(f"cut_{part}_of_12", data[: len(data) * part // 12])
    yield Damage("footer_garbled", data[:-40] + bytes(byte ^ 0x3C for byte in data[-40:-8]) + data[-8:])
    yield Damage("footer_length_absurd", data[:-8] + b"\xff\xff\xff\x7f" + data[-4:])
    yield Damage("reversed", encoded({name: values[::-1] for name, values in sound.items()}))
    for name in needed:
        yield Damage(f"no_column_{name}", encoded({key: values for key, values in sound.items() if key != name}))
        for kind, other in _other_types(sound[name]).items():
            yield Damage(f"column_{name}_is_{kind}", encoded({**sound, name: other}))
        yield Damage(f"null_in_{name}", encoded({**sound, name: [*sound[name][:row], None, *sound[name][row + 1 :]]}))
    for name, values in bad.items():
        for value in values:
            changed = [*sound[name][:row], value, *sound[name][row + 1 :]]
            yield Damage(f"{name}_is_{value}", encoded({**sound, name: changed}))


def _other_types(values: Sequence[object]) -> dict[str, list[object]]:
    if isinstance(values[0], str):
        return {"numbers": [1] * len(values), "lists": [[each] for each in values]}
    return {"text": [str(each) for each in values], "fractions": [float(str(each)) for each in values]}
