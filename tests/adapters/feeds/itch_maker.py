"""A small ITCH day by hand: messages from their fields, with or without lengths before them."""

from __future__ import annotations

import numpy as np

from sottovoce.adapters.feeds.itch_layouts import DTYPE, LAYOUT

SECOND = 1_000_000_000
OPEN_NS = 34_200 * SECOND

DEFAULTS: dict[str, int | str] = {"stock": "TST", "side": "B", "shares": 100, "price": 1_000_000, "printable": "Y"}


def message(letter: str, ns: int, *, locate: int = 1, **fields: int | str) -> bytes:
    """The body of one message; what is not given is the default above, else 0 or the first letter allowed."""
    row = np.zeros(1, dtype=DTYPE[letter])
    row["kind"], row["locate"], row["ns_high"], row["ns_low"] = letter.encode(), locate, ns >> 32, ns & 0xFFFFFFFF
    for field in LAYOUT[letter].fields:
        is_text = field.code.startswith("S")
        blank = (field.letters or " ")[0] if is_text else 0
        value = fields.pop(field.name, DEFAULTS.get(field.name, blank))
        width = np.dtype(field.code).itemsize
        row[field.name] = str(value).ljust(width).encode("latin-1") if is_text else value
    assert not fields, f"{letter} has no fields {', '.join(fields)}"
    return row.tobytes()


def framed(bodies: list[bytes], *, lengths: bool = True) -> bytes:
    """Messages with their two-byte prefixes: lengths as in Nasdaq's files, or zeros."""
    return b"".join((len(body) if lengths else 0).to_bytes(2, "big") + body for body in bodies)


def small_day() -> list[bytes]:
    """One stock from start to end of messages: orders of every fate, a hidden trade, a halt, an opening cross."""
    at = OPEN_NS
    return [
        message("S", 11_000 * SECOND, locate=0, event="O"),
        message("R", 11_001 * SECOND, round_lot_size=100),
        message("R", 11_001 * SECOND, locate=2, stock="OTHER", round_lot_size=100),
        message("H", 11_002 * SECOND, state="T"),
        message("S", 25_200 * SECOND, locate=0, event="S"),
        message("I", at - SECOND, paired=900, imbalance=100, direction="B", reference=1_000_000, cross="O"),
        message("S", at, locate=0, event="Q"),
        message("Q", at, match=1, shares=900, cross="O"),
        message("A", at + 1, order_id=1, side="B", shares=300, price=999_900),
        message("A", at + 2, order_id=2, side="S", shares=200, price=1_000_100),
        message("F", at + 3, order_id=3, side="B", shares=100, price=999_900, mpid="ABCD"),
        message("A", at + 4, locate=2, order_id=4, side="B", shares=500, stock="OTHER"),
        message("E", at + 5, order_id=1, shares=100, match=2),
        message("C", at + 6, order_id=2, shares=50, match=3, price=1_000_000, printable="Y"),
        message("X", at + 7, order_id=1, shares=150),
        message("P", at + 8, order_id=0, shares=70, price=1_000_000, match=4),
        message("U", at + 9, order_id=2, new_order_id=5, shares=400, price=1_000_200),
        message("D", at + 10, order_id=3),
        message("E", at + 11, order_id=1, shares=50, match=5),
        message("B", at + 12, match=5),
        message("H", at + 13, state="H", reason="T1"),
        message("H", at + 14, state="T"),
        message("D", at + 15, order_id=5),
        message("S", 57_600 * SECOND, locate=0, event="M"),
        message("S", 68_000 * SECOND, locate=0, event="E"),
        message("S", 68_100 * SECOND, locate=0, event="C"),
    ]
