"""Whether what ITCH messages say can be: times within the day and never back, text that is text, counts above zero."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.adapters.feeds.itch_block import ItchBlock, Rows
from sottovoce.adapters.feeds.itch_layouts import LAYOUT, Field
from sottovoce.core.units import INT64_MAX, NS_PER_DAY
from sottovoce.models.arrays import BoolArray, IntArray

Bad = tuple[int, str, str, str, str]
"""Position in the block, code, field, value found, why."""


class ItchChecks:
    """Checks blocks of one file in order; last_ns is the latest good time so far."""

    __slots__ = ("_file", "_log", "last_ns")

    def __init__(self, file: str, log: FaultLog) -> None:
        self._file = file
        self._log = log
        self.last_ns = 0

    def passed(self, block: ItchBlock) -> ItchBlock:
        """The block without its bad messages, each of which is reported; raises at the first unless skipping."""
        if not len(block):
            return block
        bad = [*self._times(block), *_values(block)]
        kept = np.ones(len(block), dtype=np.bool_)
        for place, code, field, value, why in sorted(bad):
            if kept[place]:
                kept[place] = False
                self._report(block, place, code, field, value, why)
        return block.where(kept) if bad else block

    def _times(self, block: ItchBlock) -> Iterator[Bad]:
        ns = block.ns
        in_day = ns < NS_PER_DAY
        latest = np.maximum.accumulate(np.where(in_day, np.maximum(ns, self.last_ns), self.last_ns))
        for place in np.flatnonzero(~in_day).tolist():
            yield place, "feed_value", "time", str(int(ns[place])), "is not a time of day in nanoseconds"
        before = np.concatenate([[self.last_ns], latest[:-1]])
        for place in np.flatnonzero(in_day & (ns < before)).tolist():
            why = f"is earlier than the message before it ({int(before[place])})"
            yield place, "feed_out_of_order", "time", str(int(ns[place])), why
        self.last_ns = int(latest[-1])

    def _report(self, block: ItchBlock, place: int, code: str, field: str, value: str, why: str) -> None:
        bad = BadRow(
            file=self._file,
            code=code,
            why=why,
            number=int(block.numbers[place]),
            unit="message",
            offset=int(block.offsets[place]),
            field=field,
            value=value,
        )
        self._log.bad_row(bad)


def _values(block: ItchBlock) -> Iterator[Bad]:
    for code in np.unique(block.kinds).tolist():
        letter = chr(code)
        places = block.places(letter)
        rows = block.records(places, letter)
        for field in LAYOUT[letter].fields:
            for row, why in _field_faults(rows, field):
                yield int(places[row]), "feed_value", field.name, _shown(rows[field.name][row]), why


def _field_faults(rows: Rows, field: Field) -> Iterator[tuple[int, str]]:
    if field.code == ">u8":
        for row in np.flatnonzero(rows[field.name] > INT64_MAX).tolist():
            yield row, f"is above {INT64_MAX}"
    if field.positive:
        for row in np.flatnonzero(rows[field.name] == 0).tolist():
            yield row, "must be above zero"
    if field.code.startswith("S"):
        text = _is_text(rows, field.name)
        for row in np.flatnonzero(~text).tolist():
            yield row, "is not printable ASCII text"
        for row in _unlisted(rows, field)[text].nonzero()[0].tolist() if field.letters else ():
            yield int(np.flatnonzero(text)[row]), f"is not one of {', '.join(field.letters)}"


def _unlisted(rows: Rows, field: Field) -> BoolArray:
    letters = np.array([letter.encode() for letter in field.letters])
    listed: BoolArray = np.isin(rows[field.name], letters)
    return np.logical_not(listed)


def _is_text(rows: Rows, name: str) -> BoolArray:
    codes = np.ascontiguousarray(rows[name]).view(np.uint8).reshape(rows.size, -1)
    return np.asarray(((codes >= ord(" ")) & (codes <= ord("~"))).all(axis=1), dtype=np.bool_)


def _shown(value: IntArray | bytes) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)
