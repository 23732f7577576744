"""Damaged LOBSTER and websocket files: text, plain and packed."""

from __future__ import annotations

import gzip
from collections.abc import Iterator

from tests.adapters.feeds.capture_maker import START_NS, small
from tests.adapters.feeds.corruptions import (
    ABSURD,
    Damage,
    any_file,
    cell_values,
    gzip_cuts,
    line_cuts,
    lines_moved,
    text,
)
from tests.adapters.feeds.lobster_maker import MESSAGES, csv

NEW_ROW = 3
"""A row of MESSAGES that enters an order: every field of it means something."""

BOOK_ROWS = (
    "1000100,200,999900,300,1000200,150,999800,400",
    "1000100,200,999900,200,1000200,150,999800,400",
)


def lobster_csv() -> Iterator[Damage]:
    """Message files as text."""
    yield from any_file(csv())
    yield from line_cuts(MESSAGES)
    yield from cell_values(MESSAGES, NEW_ROW)
    yield from lines_moved(MESSAGES)
    for number, line in enumerate(MESSAGES):
        kind = line.split(",")[1]
        if kind in "13":
            yield Damage(f"line_{number + 1}_twice", text([*MESSAGES[: number + 1], *MESSAGES[number:]]))
        if kind == "1" and number not in (3, 4, 13):
            yield Damage(f"line_{number + 1}_lost", text([*MESSAGES[:number], *MESSAGES[number + 1 :]]))
    yield Damage("next_days_time", csv([*MESSAGES, "86400.0,1,17,100,999900,1"]))
    yield Damage("ten_decimals", csv([*MESSAGES, "34300.0123456789,1,17,100,999900,1"]))
    yield Damage("cut_between_lines", csv(MESSAGES[:9]), "whole lines, only fewer of them")
    yield Damage("no_last_break", csv()[:-1], "the last line is whole")
    yield Damage("windows_line_ends", csv().replace(b"\n", b"\r\n"), "another way to end a line")
    yield Damage("packed_without_saying", gzip.compress(csv()), "the content says how it is packed")


def lobster_gzip() -> Iterator[Damage]:
    """Message files packed."""
    yield from gzip_cuts(csv())
    yield Damage("plain_named_gz", csv(), "the content says that it is not packed")


def lobster_book() -> Iterator[Damage]:
    """Orderbook files."""
    yield from any_file(text(BOOK_ROWS))
    yield from line_cuts(BOOK_ROWS)
    yield from cell_values(BOOK_ROWS, 1, {1: ("0",), 3: ("0",), 5: ("0",), 7: ("0",)})
    yield Damage("crossed", text([BOOK_ROWS[0], "999900,1,999900,1,1000200,150,999800,400"]))
    yield Damage("level_twice", text([BOOK_ROWS[0], "1000100,1,999900,1,1000100,150,999800,400"]))


def capture() -> Iterator[Damage]:
    """Websocket captures."""
    lines = small().lines
    yield from any_file(small().source)
    for number, line in enumerate(lines):
        rest = b"\n".join(lines[number + 1 :])
        before = b"".join(each + b"\n" for each in lines[:number])
        yield Damage(f"cut_in_line_{number + 1}", before + line[: len(line) * 2 // 3] + b"\n" + rest)
        yield Damage(f"no_time_in_line_{number + 1}", before + line.partition(b" ")[2] + b"\n" + rest)
        yield Damage(f"bytes_in_line_{number + 1}", before + line[:60] + b"\xff\xfe" + line[60:] + b"\n" + rest)
    yield Damage("reversed", b"\n".join(lines[::-1]))
    for value in ABSURD:
        for found in (b'"100.01"', b'"0.25"', b'"100.02", "q"'):
            harmless = "the level is taken away" if (found, value) == (b'"0.25"', "0") else ""
            tail = b', "q"' if b"q" in found else b""
            yield _replaced(small().source, found, b'"%s"%s' % (value.encode(), tail), harmless)
    for found, new in ((b'"U": 6', b'"U": 99'), (b'"u": 9', b'"u": "x"'), (b'"E": 17', b'"E": -17')):
        yield _replaced(small().source, found, new)
    yield _replaced(small().source, str(START_NS).encode(), b"1723161254")


def _replaced(sound: bytes, old: bytes, new: bytes, harmless: str = "") -> Damage:
    assert old in sound, f"the sound file has no {old!r}"
    return Damage(f"{old.decode()}_is_{new.decode()}", sound.replace(old, new, 1), harmless)
