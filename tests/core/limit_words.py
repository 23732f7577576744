"""Rows for tests of limits: a sound one to change, and a path they bind."""

from __future__ import annotations

import msgspec
from hypothesis import strategies as st

from sottovoce.core.limits import EVERY, Level, LimitBook, LimitRow, ListName, ListRow, Path, rows_of

PATH = Path(desk="US", trader="ann", account="F1", strategy="VWAP", instrument_id="ACME")
NAMES = ("gross", "net", "child_value", "reserve_ppm")
LEVELS = tuple(Level)


def row(limit_id: object = "a", **changes: object) -> LimitRow:
    """A sound row of the firm's gross limit, but for what is changed."""
    made = LimitRow(limit_id="a", level=Level.FIRM, name="gross", value=100, owner="bo", review_date="2027-01-31")
    changed: LimitRow = msgspec.structs.replace(made, limit_id=limit_id, **changes)
    return changed


def entry(entry_id: str = "e", **changes: object) -> ListRow:
    """ACME on the firm's restricted list, but for what is changed."""
    made = ListRow(entry_id=entry_id, list_name=ListName.RESTRICTED, owner="cy", instrument_id="ACME")
    changed: ListRow = msgspec.structs.replace(made, **changes)
    return changed


def book(*rows: LimitRow) -> LimitBook:
    """A book of these rows."""
    return LimitBook(rows_of(rows))


SCOPES = {Level.DESK: "US", Level.TRADER: "ann", Level.ACCOUNT: "F1", Level.STRATEGY: "VWAP", Level.INSTRUMENT: "ACME"}


@st.composite
def limit_versions(draw: st.DrawFn) -> tuple[LimitRow, ...]:
    """Up to twelve limits at any place, each with up to three versions, in windows on a small line."""
    found = []
    for number in range(draw(st.integers(0, 12))):
        level = draw(st.sampled_from(LEVELS))
        scope = draw(st.sampled_from((SCOPES[level], EVERY, "other"))) if level in SCOPES else ""
        name = draw(st.sampled_from(NAMES))
        for version in range(1, draw(st.integers(1, 3)) + 1):
            begins = draw(st.integers(0, 8))
            lasts = draw(st.none() | st.integers(1, 6))
            found.append(
                row(
                    f"L{number}",
                    level=level,
                    scope=scope,
                    name=name,
                    value=draw(st.integers(0, 5)),
                    from_ns=begins,
                    until_ns=None if lasts is None else begins + lasts,
                    version=version,
                    removed=draw(st.integers(0, 5)) == 0,
                )
            )
    return tuple(found)
