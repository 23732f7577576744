"""Damaged ITCH and DBN files: messages and records cut, mislabelled, out of order, with fields that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.adapters.feeds.itch_layouts import DTYPE, LAYOUT
from tests.adapters.feeds.corruptions import Damage, any_file, gzip_cuts
from tests.adapters.feeds.dbn_maker import BOOK, START_NS, Row, header, mbo, packed
from tests.adapters.feeds.itch_maker import OPEN_NS, SECOND, framed, message, small_day

CONTRADICTIONS = {
    "order_entered_twice": message("A", OPEN_NS + 5, order_id=1),
    "executed_beyond_size": message("E", OPEN_NS + 5, order_id=1, shares=301, match=9),
    "canceled_beyond_size": message("X", OPEN_NS + 5, order_id=3, shares=101),
    "unknown_order_executed": message("E", OPEN_NS + 5, order_id=99, match=9),
    "unknown_order_deleted": message("D", OPEN_NS + 5, order_id=99),
    "unknown_order_replaced": message("U", OPEN_NS + 5, order_id=99, new_order_id=100),
    "replaced_by_a_standing_id": message("U", OPEN_NS + 5, order_id=1, new_order_id=2),
    "other_stock_under_our_code": message("A", OPEN_NS + 5, order_id=50, stock="OTHER"),
    "time_of_day_beyond_midnight": message("D", 86_400 * SECOND, order_id=1),
    "time_goes_back": message("D", OPEN_NS, order_id=1),
}


def itch() -> Iterator[Damage]:
    """ITCH files with lengths before their messages."""
    day = small_day()
    yield from any_file(framed(day))
    yield from _cut_and_mislabelled(day)
    for number in range(len(day)):
        for name, body in _absurd(day[number]):
            yield Damage(f"message_{number + 1}_{name}", framed([*day[:number], body, *day[number + 1 :]]))
    for name, body in CONTRADICTIONS.items():
        yield Damage(name, framed([*day[:12], body, *day[12:]]))
    yield Damage("stock_not_in_file", framed([body.replace(b"TST ", b"TSX ") for body in day]))
    yield Damage("end_of_session_marker", framed(day) + b"\0\0", "the format's own end")


def itch_without_lengths() -> Iterator[Damage]:
    """ITCH files with zeros before their messages, where an unknown one loses the rest."""
    day = small_day()
    for number in range(0, len(day), 4):
        data, place = framed(day, lengths=False), len(framed(day[:number]))
        yield Damage(f"message_{number + 1}_unknown", data[: place + 2] + b"z" + data[place + 3 :])
        yield Damage(f"message_{number + 1}_cut", data[: place + 9])
        yield Damage(f"byte_lost_in_message_{number + 1}", data[: place + 5] + data[place + 6 :])


def itch_gzip() -> Iterator[Damage]:
    """ITCH files packed."""
    yield from gzip_cuts(framed(small_day()))


def dbn() -> Iterator[Damage]:
    """DBN files of order messages, plain."""
    sound = header() + mbo(BOOK)
    yield from any_file(sound)
    size = len(mbo(BOOK[:1]))
    for number in range(len(BOOK)):
        place = len(header()) + number * size
        yield Damage(f"cut_in_record_{number + 1}", sound[: place + size // 2])
        yield Damage(f"record_{number + 1}_says_no_length", sound[:place] + b"\0" + sound[place + 1 :])
    for place in (1, 4, 8, 20, len(header()) // 2, len(header()) - 1):
        yield Damage(f"cut_in_header_at_{place}", sound[:place])
    for name, number, row in BAD_RECORDS:
        yield Damage(name, header() + mbo([*BOOK[:number], row, *BOOK[number:]]))
    for name, (start, value) in BAD_FIELDS.items():
        place = len(header()) + 2 * size + start
        yield Damage(f"absurd_{name}", sound[:place] + value + sound[place + len(value) :])
    yield Damage("header_alone", header(), "a file without records")


BAD_RECORDS: tuple[tuple[str, int, Row], ...] = (
    ("order_entered_twice", 3, ("A", "B", 1, 100.0, 5, 128)),
    ("canceled_beyond_size", 3, ("C", "B", 1, 100.0, 50, 128)),
    ("unknown_order_after_a_clear", 3, ("C", "B", 77, 100.0, 5, 128)),
    ("order_of_nothing", 3, ("A", "B", 9, 100.0, 0, 128)),
)

BAD_FIELDS = {
    "kind": (1, b"\xee"),
    "order_id": (16, b"\xff" * 8),
    "price": (24, b"\xff" * 7 + b"\x7f"),
    "size": (32, bytes(4)),
    "action": (38, b"?"),
    "side": (39, b"?"),
    "time": (40, bytes(8)),
    "no_time": (40, b"\xff" * 8),
    "time_back": (40, (START_NS - 1).to_bytes(8, "little")),
}
"""Where a field of an order message begins, and bytes that cannot stand there."""


def dbn_packed() -> Iterator[Damage]:
    """DBN files in zstd frames."""
    sound = packed(header() + mbo(BOOK))
    for part in range(1, 12):
        yield Damage(f"cut_{part}_of_12", sound[: len(sound) * part // 12])
    yield Damage("magic_garbled", b"\x29" + sound[1:])


def _cut_and_mislabelled(day: list[bytes]) -> Iterator[Damage]:
    """Every message cut, left out after, with a wrong length, of an unknown type."""
    for number, body in enumerate(day):
        before, after = framed(day[:number]), framed(day[number + 1 :])
        yield Damage(f"cut_in_message_{number + 1}", before + framed([body])[:-1])
        if number:
            yield Damage(f"cut_before_message_{number + 1}", before)
        wrong = (len(body) + 1).to_bytes(2, "big") + body
        yield Damage(f"length_of_message_{number + 1}", before + wrong + after)
        yield Damage(f"type_of_message_{number + 1}", before + framed([b"z" + body[1:]]) + after)


def _absurd(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The message with each of its fields made impossible in turn."""
    letter = chr(body[0])
    for field in LAYOUT[letter].fields:
        values: list[int | bytes] = [b"\xff"] if field.code.startswith("S") else []
        values += [0] if field.positive else []
        values += [b"?"] if field.letters else []
        values += [2**63] if field.code == ">u8" else []
        for value in values:
            row = np.frombuffer(body, dtype=DTYPE[letter]).copy()
            row[field.name] = value
            yield f"{field.name}_is_{value!r}", row.tobytes()
