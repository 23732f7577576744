"""What an order-by-order feed says, in one form for every feed: eight kinds of event, as columns.

Loaders translate into it and know nothing of books; books and replays read it and know nothing of files. A message
that does two things is two events of one time (an ITCH replace is a DELETE and an ADD), so each kind does one.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.core.errors import MalformedMessage
from sottovoce.models.arrays import BoolArray, IntArray

ADD = 1
"""An order joins the end of the queue at px with qty shares."""

CANCEL = 2
"""qty shares of an order are gone, and the order with the last of them; what is left keeps its place."""

DELETE = 3
"""An order is gone; qty is what was left of it, 0 where the feed does not say."""

EXECUTE = 4
"""qty shares of a displayed order traded at px; what is left keeps its place."""

TRADE = 5
"""qty shares traded at px against an order that is not displayed; side is that order's, 0 where it is not said."""

CROSS = 6
"""An auction printed qty shares at px."""

STATE = 7
"""Trading is halted (qty HALTED) or goes on (qty TRADING)."""

CLEAR = 8
"""Every order is gone: the feed starts over."""

KINDS = (ADD, CANCEL, DELETE, EXECUTE, TRADE, CROSS, STATE, CLEAR)
HALTED, TRADING = 0, 1

Row = tuple[int, int, int, int, int, int]
"""ns, kind, order_id, side, px, qty of one event."""


class MboEvents(msgspec.Struct, frozen=True, kw_only=True):
    """Events of one instrument in order of the feed, int64 columns of shape (n,).

    ns: nanoseconds UTC, never back. kind: as above. order_id: the feed's, 0 where there is none. side: of the order
    that stands or stood in the book, 1 buy, -1 sell, 0 not said. px: in the instrument's unit, 0 where there is none.
    qty: shares.
    """

    ns: IntArray
    kind: IntArray
    order_id: IntArray
    side: IntArray
    px: IntArray
    qty: IntArray

    def __post_init__(self) -> None:
        if any(column.shape != self.ns.shape for column in self.columns):
            shapes = ", ".join(str(column.shape) for column in self.columns)
            sentence = f"The events have columns of unequal length: {shapes}."
            raise MalformedMessage(sentence, code="mbo_columns_unequal")

    def __len__(self) -> int:
        return self.ns.size

    @property
    def columns(self) -> tuple[IntArray, ...]:
        """ns, kind, order_id, side, px, qty."""
        return self.ns, self.kind, self.order_id, self.side, self.px, self.qty

    def where(self, kept: BoolArray) -> MboEvents:
        """The events a mask of shape (n,) picks."""
        return from_columns([column[kept] for column in self.columns])

    def rows(self) -> list[Row]:
        """The events one by one, as plain integers."""
        return list(zip(*(column.tolist() for column in self.columns), strict=True))


def from_rows(rows: Sequence[Row]) -> MboEvents:
    """Events from rows of plain integers, in order."""
    return from_columns(list(np.array(rows, dtype=np.int64).reshape(len(rows), 6).T))


def from_columns(columns: Sequence[IntArray]) -> MboEvents:
    """Events from the six columns in the order of Row; MalformedMessage mbo_columns_unequal when lengths differ."""
    ns, kind, order_id, side, px, qty = columns
    return MboEvents(ns=ns, kind=kind, order_id=order_id, side=side, px=px, qty=qty)


def joined(parts: Sequence[MboEvents]) -> MboEvents:
    """Runs of events as one, in the order given."""
    if not parts:
        return from_rows([])
    return from_columns([np.concatenate(columns) for columns in zip(*(part.columns for part in parts), strict=True)])
