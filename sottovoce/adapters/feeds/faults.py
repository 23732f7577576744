"""What a feed file says wrong, where, and what then happens: the first fault stops, or all are counted.

Every loader of this package reports through a FaultLog, so a row is either used, or raised, or counted; none is
dropped in silence. A fault names the file and the line (record, row) in it, with the byte offset in binary files.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import msgspec

from sottovoce.core.errors import MalformedMessage

KEPT_MAX = 1_000
"""Bad rows kept with their text when skipping; all are counted."""

VALUE_CHARS_MAX = 60
"""How much of a bad value a sentence repeats."""

ADVICE = "Fetch the file again, or read on without such rows by skipping them, which counts them."


class BadRow(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One fault of one file.

    number counts from 1 and unit says what it counts (line, record, row); 0 means the file as a whole. offset is in
    bytes of the unpacked file, -1 where a row has none. value is the text found, "" where nothing was.
    """

    file: str
    code: str
    why: str
    number: int = 0
    unit: str = "line"
    offset: int = -1
    field: str = ""
    value: str = ""
    action: str = ADVICE

    @property
    def place(self) -> str:
        """Where it is: "AAPL.csv, line 12, field price"."""
        parts = [self.file]
        if self.number:
            parts.append(f"{self.unit} {self.number}")
        if self.offset >= 0:
            parts.append(f"byte {self.offset}")
        if self.field:
            parts.append(f"field {self.field}")
        return ", ".join(parts)

    @property
    def sentence(self) -> str:
        """What a person reads: place, value, why, what to do."""
        found = f" {shortened(self.value)!r}" if self.value else ""
        return f"{self.place}:{found} {self.why}. {self.action}"


class FeedFault(MalformedMessage):
    """A bad row, or a bad file, that stopped the reading. The code is the row's, of the family feed_…"""

    code = "feed_fault"

    def __init__(self, bad: BadRow) -> None:
        super().__init__(bad.sentence, code=bad.code)
        self.bad = bad


class FaultLog:
    """The policy for bad rows and the count of them: by default the first is raised, with skip all are kept.

    Rows beyond KEPT_MAX are counted by code and no longer kept. A file that cannot be read on is raised either way.
    """

    __slots__ = ("counts", "rows", "skip")

    def __init__(self, *, skip: bool = False) -> None:
        self.skip = skip
        self.rows: list[BadRow] = []
        self.counts: Counter[str] = Counter()

    @property
    def total(self) -> int:
        """Bad rows met so far."""
        return self.counts.total()

    def bad_row(self, bad: BadRow, cause: Exception | None = None) -> None:
        """Raise FeedFault, or count the row when skipping: the caller then leaves it out."""
        self.counts[bad.code] += 1
        if len(self.rows) < KEPT_MAX:
            self.rows.append(bad)
        if not self.skip:
            raise FeedFault(bad) from cause

    def summary(self) -> str:
        """One sentence for a report: how many rows were left out, by code, and the first of them."""
        if not self.total:
            return "No bad rows."
        by_code = ", ".join(f"{code} {count:,}" for code, count in sorted(self.counts.items()))
        return f"{self.total:,} bad rows left out ({by_code}); the first: {self.rows[0].sentence}"


def file_fault(path: Path | str, code: str, why: str, action: str = "Fetch the file again.") -> FeedFault:
    """The error for a file as a whole: nothing in it can be used, or nothing after this point."""
    return FeedFault(BadRow(file=str(path), code=code, why=why, action=action))


def shortened(value: str) -> str:
    """A value as far as a sentence can carry it."""
    return value if len(value) <= VALUE_CHARS_MAX else value[: VALUE_CHARS_MAX - 1] + "…"
