"""A run of ITCH messages, decoded a column at a time.

The bytes stay as they came; a header column, or the rows of one message type, are gathered from them by numpy when
asked for. That decodes millions of messages a second without a class a message; `messages` gives them one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import msgspec
import numpy as np
import numpy.typing as npt

from sottovoce.adapters.feeds.itch_layouts import DTYPE, HEADER, LAYOUT, PREFIX_BYTES
from sottovoce.models.arrays import BoolArray, IntArray

Rows = npt.NDArray[np.void]
Bytes = npt.NDArray[np.uint8]

_HEAD: np.dtype[np.void] = np.dtype(list(HEADER))


class ItchMessage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One message: number from 1 and byte offset in the unpacked file, ns since midnight, fields by name."""

    kind: str
    name: str
    number: int
    offset: int
    ns: int
    locate: int
    tracking: int
    fields: dict[str, int | str]


class ItchBlock:
    """Messages in file order, shape (n,): numbers from 1, and where their prefixes begin in the unpacked file, bytes.

    base is the file offset of data[0]; the message at offset o begins at data[o - base], its prefix first.
    """

    def __init__(self, data: bytes, base: int, offsets: IntArray, numbers: IntArray) -> None:
        self.data = data
        self.base = base
        self.offsets = offsets
        self.numbers = numbers

    def __len__(self) -> int:
        return self.offsets.size

    def where(self, kept: BoolArray) -> ItchBlock:
        """The messages a mask of shape (n,) picks."""
        return ItchBlock(self.data, self.base, self.offsets[kept], self.numbers[kept])

    @cached_property
    def kinds(self) -> Bytes:
        """Code of each message's letter, shape (n,)."""
        return self._buffer[self.offsets - self.base + PREFIX_BYTES]

    @cached_property
    def ns(self) -> IntArray:
        """Nanoseconds since midnight of each message, shape (n,)."""
        return times_ns(self._head)

    @cached_property
    def locate(self) -> IntArray:
        """Stock locate code of each message, shape (n,)."""
        return self._head["locate"].astype(np.int64)

    def places(self, letter: str) -> npt.NDArray[np.intp]:
        """Positions in this block of the messages of one type, in order."""
        return np.flatnonzero(self.kinds == ord(letter))

    def rows(self, letter: str) -> Rows:
        """The messages of one type as numpy records in the layout's fields, in order."""
        return self.records(self.places(letter), letter)

    def records(self, places: npt.NDArray[np.intp], letter: str) -> Rows:
        """The messages at these positions, all of one type, as numpy records."""
        return self._gather(self.offsets[places], DTYPE[letter])

    def messages(self) -> Iterator[ItchMessage]:
        """Every message as a value, in file order; text without its padding."""
        fields: list[tuple[str, int, dict[str, int | str]]] = [("", 0, {})] * len(self)
        for code in np.unique(self.kinds).tolist():
            letter = chr(code)
            places = self.places(letter)
            for place, tracking, said in zip(places.tolist(), *self._said(places, letter), strict=True):
                fields[place] = (letter, tracking, said)
        columns = (column.tolist() for column in (self.numbers, self.offsets, self.ns, self.locate))
        for (letter, tracking, said), number, offset, ns, locate in zip(fields, *columns, strict=True):
            yield ItchMessage(
                kind=letter,
                name=LAYOUT[letter].name,
                number=number,
                offset=offset,
                ns=ns,
                locate=locate,
                tracking=tracking,
                fields=said,
            )

    def _said(self, places: npt.NDArray[np.intp], letter: str) -> tuple[list[int], list[dict[str, int | str]]]:
        """Tracking numbers and fields by name of messages of one type."""
        rows, layout = self.records(places, letter), LAYOUT[letter]
        names = [field.name for field in layout.fields]
        columns = [_values(rows[name].tolist()) for name in names]
        said = [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]
        return rows["tracking"].tolist(), said

    @cached_property
    def _buffer(self) -> Bytes:
        return np.frombuffer(self.data, dtype=np.uint8)

    @cached_property
    def _head(self) -> Rows:
        return self._gather(self.offsets, _HEAD)

    def _gather(self, offsets: IntArray, dtype: np.dtype[np.void]) -> Rows:
        if not offsets.size:
            return np.zeros(0, dtype=dtype)
        starts = offsets - self.base + PREFIX_BYTES
        rows: Rows = self._buffer[starts[:, None] + np.arange(dtype.itemsize)].view(dtype)[:, 0]
        return rows


def times_ns(rows: Rows) -> IntArray:
    """Nanoseconds since midnight from the two parts of the time, shape as rows."""
    ns: IntArray = (rows["ns_high"].astype(np.int64) << 32) | rows["ns_low"].astype(np.int64)
    return ns


def _values(column: list[int | bytes]) -> list[int | str]:
    """Numbers as they are, text without its padding."""
    known: dict[bytes, str] = {}
    return [each if isinstance(each, int) else _text(each, known) for each in column]


def _text(value: bytes, known: dict[bytes, str]) -> str:
    text = known.get(value)
    if text is None:
        text = known[value] = value.decode("latin-1").rstrip()
    return text
