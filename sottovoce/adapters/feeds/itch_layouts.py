"""Every message of NASDAQ TotalView-ITCH 5.0 as one table: letter, name, and fields in order.

Integers are big-endian and unsigned; text is ASCII, left-justified and padded with blanks. Prices are integers:
price4 in 1/10000 dollar, price8 in 1/100000000 dollar. Times are nanoseconds since midnight New York, six bytes.
Source: Nasdaq TotalView-ITCH 5.0 specification, sections 1.1 to 1.8.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

PREFIX_BYTES = 2
"""Before every message of a file: its length, or zeros."""

HEADER = (("kind", "S1"), ("locate", ">u2"), ("tracking", ">u2"), ("ns_high", ">u2"), ("ns_low", ">u4"))
"""At the head of every message: type letter, stock locate, tracking number, and the time in two parts."""


class Field(NamedTuple):
    """One field: numpy code of its bytes, whether it must be above zero, the letters it may hold ("" for any)."""

    name: str
    code: str
    positive: bool = False
    letters: str = ""


class Layout(NamedTuple):
    """One message type: letter, name, fields after the header."""

    letter: str
    name: str
    fields: tuple[Field, ...]

    @property
    def dtype(self) -> np.dtype[np.void]:
        """The message as a packed numpy record."""
        return np.dtype([*HEADER, *((field.name, field.code) for field in self.fields)])

    @property
    def size(self) -> int:
        """Bytes of the message, header included."""
        return self.dtype.itemsize


def _letter(name: str, letters: str = "") -> Field:
    return Field(name, "S1", letters=letters)


def _text(name: str, size: int) -> Field:
    return Field(name, f"S{size}")


def _count(name: str, size: int = 4, *, positive: bool = False) -> Field:
    return Field(name, f">u{size}", positive)


ORDER_ID = _count("order_id", 8)
SHARES = _count("shares", positive=True)
PRICE = _count("price", positive=True)
SIDE = _letter("side", "BS")
STOCK = _text("stock", 8)
MATCH = _count("match", 8)

LAYOUTS = (
    Layout("S", "system event", (_letter("event", "OSQMEC"),)),
    Layout(
        "R",
        "stock directory",
        (
            STOCK,
            _letter("market_category"),
            _letter("financial_status"),
            _count("round_lot_size"),
            _letter("round_lots_only"),
            _letter("issue_class"),
            _text("issue_subtype", 2),
            _letter("authenticity"),
            _letter("short_sale_threshold"),
            _letter("ipo"),
            _letter("luld_tier"),
            _letter("etp"),
            _count("etp_leverage"),
            _letter("inverse"),
        ),
    ),
    Layout("H", "stock trading action", (STOCK, _letter("state", "HPQT"), _letter("reserved"), _text("reason", 4))),
    Layout("Y", "short sale restriction", (STOCK, _letter("action"))),
    Layout(
        "L",
        "market participant position",
        (_text("mpid", 4), STOCK, _letter("primary"), _letter("mode"), _letter("state")),
    ),
    Layout("V", "market-wide breaker levels", (_count("level1", 8), _count("level2", 8), _count("level3", 8))),
    Layout("W", "market-wide breaker status", (_letter("level"),)),
    Layout("K", "quoting period update", (STOCK, _count("release_s"), _letter("qualifier"), _count("price"))),
    Layout(
        "J",
        "luld auction collar",
        (STOCK, _count("reference"), _count("upper"), _count("lower"), _count("extension")),
    ),
    Layout("h", "operational halt", (STOCK, _letter("market"), _letter("action", "HT"))),
    Layout("A", "add order", (ORDER_ID, SIDE, SHARES, STOCK, PRICE)),
    Layout("F", "add order with participant", (ORDER_ID, SIDE, SHARES, STOCK, PRICE, _text("mpid", 4))),
    Layout("E", "order executed", (ORDER_ID, SHARES, MATCH)),
    Layout("C", "order executed at a price", (ORDER_ID, SHARES, MATCH, _letter("printable", "YN"), PRICE)),
    Layout("X", "order canceled in part", (ORDER_ID, SHARES)),
    Layout("D", "order deleted", (ORDER_ID,)),
    Layout("U", "order replaced", (ORDER_ID, _count("new_order_id", 8), SHARES, PRICE)),
    Layout("P", "trade against a hidden order", (ORDER_ID, SIDE, SHARES, STOCK, PRICE, MATCH)),
    Layout("Q", "cross trade", (_count("shares", 8), STOCK, _count("price"), MATCH, _letter("cross"))),
    Layout("B", "broken trade", (MATCH,)),
    Layout(
        "I",
        "order imbalance",
        (
            _count("paired", 8),
            _count("imbalance", 8),
            _letter("direction", "BSNOP"),
            STOCK,
            _count("far"),
            _count("near"),
            _count("reference"),
            _letter("cross"),
            _letter("variation"),
        ),
    ),
    Layout("N", "retail interest", (STOCK, _letter("interest"))),
    Layout(
        "O",
        "direct listing price",
        (
            STOCK,
            _letter("eligible"),
            _count("minimum"),
            _count("maximum"),
            _count("near"),
            _count("near_ns", 8),
            _count("lower"),
            _count("upper"),
        ),
    ),
)

LAYOUT = {layout.letter: layout for layout in LAYOUTS}
DTYPE = {layout.letter: layout.dtype for layout in LAYOUTS}

SIZES = tuple(LAYOUT[chr(code)].size if chr(code) in LAYOUT else 0 for code in range(256))
"""Bytes of a message by the code of its letter, 0 where there is no such message."""
