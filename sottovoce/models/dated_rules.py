"""Rules as effective-dated data: which of several rows is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from sottovoce.core.errors import ModelError


class Dated(Protocol):
    """Anything in force from an ISO date until a later row takes over."""

    @property
    def effective_from(self) -> str: ...


Row = TypeVar("Row", bound=Dated)


def in_force(rows: Iterable[Row], date: str, what: str, code: str) -> Row:
    """The latest row that starts on or before a day.

    Args:
        rows: of one kind; date: ISO date; what: what they are, for the sentence; code: for the refusal.
    Raises: ModelError with that code when the day is before the first row: a rule is never assumed.
    """
    known = [row for row in rows if row.effective_from <= date]
    if not known:
        raise ModelError(f"No {what} in force on {date}; add the rule with its date.", code=code)
    return max(known, key=lambda row: row.effective_from)
