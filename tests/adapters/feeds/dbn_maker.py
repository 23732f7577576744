"""Small DBN files by hand, encoded by the library itself, plain or packed in zstd frames of raw blocks."""

from __future__ import annotations

from collections.abc import Sequence

import databento_dbn as dbn

START_NS = 1_715_126_400_000_000_000
INSTRUMENT = 5602
PX = 1_000_000_000

Row = tuple[str, str, int, float, int, int]
"""action, side, order id, price, size, flags"""


def header(schema: str = "mbo") -> bytes:
    """Metadata of a file with one instrument."""
    metadata = dbn.Metadata(
        dataset="GLBX.MDP3",
        start=START_NS,
        stype_in=dbn.SType.from_str("raw_symbol"),
        stype_out=dbn.SType.from_str("instrument_id"),
        schema=dbn.Schema.from_str(schema),
        symbols=["ESM4"],
        partial=[],
        not_found=[],
        mappings=[],
    )
    return metadata.encode()


def mbo(rows: Sequence[Row]) -> bytes:
    """Order messages, a microsecond apart."""
    return b"".join(bytes(_message(place, row)) for place, row in enumerate(rows))


Quote = tuple[str, float, int, float, int, float, int]
"""action, price and size of the change or trade, bid and size, ask and size"""


def quotes(rows: Sequence[Quote]) -> bytes:
    """Records of the best bid and ask (schema mbp-1), a microsecond apart."""
    return b"".join(bytes(_quote(place, row)) for place, row in enumerate(rows))


def _quote(place: int, row: Quote) -> dbn.MBP1Msg:
    action, price, size, bid, bid_size, ask, ask_size = row
    return dbn.MBP1Msg(
        publisher_id=1,
        instrument_id=INSTRUMENT,
        ts_event=START_NS + place * 1_000,
        price=round(price * PX),
        size=size,
        action=dbn.Action(action),
        side=dbn.Side("B"),
        depth=0,
        ts_recv=START_NS + place * 1_000,
        levels=dbn.BidAskPair(round(bid * PX), round(ask * PX), bid_size, ask_size, 1, 1),  # type: ignore[arg-type]
    )


def _message(place: int, row: Row) -> dbn.MBOMsg:
    action, side, order_id, price, size, flags = row
    return dbn.MBOMsg(
        publisher_id=1,
        instrument_id=INSTRUMENT,
        ts_event=START_NS + place * 1_000,
        order_id=order_id,
        price=round(price * PX),
        size=size,
        action=dbn.Action(action),
        side=dbn.Side(side),
        ts_recv=START_NS + place * 1_000,
        flags=flags,
    )


def packed(content: bytes) -> bytes:
    """One zstd frame of raw blocks: magic, no content size, a window, then the bytes."""
    blocks = [content[start : start + 1024] for start in range(0, len(content), 1024)] or [b""]
    out = b"\x28\xb5\x2f\xfd\x00\x58"
    for place, block in enumerate(blocks):
        out += (len(block) << 3 | (place == len(blocks) - 1)).to_bytes(3, "little") + block
    return out


BOOK: list[Row] = [
    ("R", "N", 0, 0.0, 0, 0),
    ("A", "B", 1, 100.0, 5, 0),
    ("A", "A", 2, 100.25, 3, 128),
    ("M", "B", 1, 100.0, 4, 128),
    ("T", "B", 0, 100.25, 2, 0),
    ("F", "A", 2, 100.25, 2, 0),
    ("C", "A", 2, 100.25, 2, 128),
]

QUOTES: list[Quote] = [
    ("A", 100.0, 5, 100.0, 5, 100.25, 3),
    ("T", 100.25, 2, 100.0, 5, 100.25, 3),
    ("C", 100.25, 2, 100.0, 5, 100.25, 1),
    ("C", 100.25, 1, 100.0, 5, 100.5, 9),
]
