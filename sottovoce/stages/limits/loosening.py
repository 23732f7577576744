"""Whether a change loosens anything, at any time from now on: then it needs a second person.

What would bind before and after is compared at every instant a row begins or ends. Where a level is mandatory a missing
row stops everything, so a first row there loosens; elsewhere a first row tightens. Windows are part of it: a temporary
raise loosens, and so does an earlier end of a tightening.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

from sottovoce.core.limit_faults import STAGE, shown
from sottovoce.core.limit_rows import PERMITS
from sottovoce.core.limits import EVERY, KEPT, LIMITS, LimitBook, LimitRow, ListName, ListRow
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.units import format_ns
from sottovoce.stages.limits.changes import instants

SINCE = ", from "


def unseen(now: Sequence[str], proposed: Sequence[str]) -> list[str]:
    """Loosenings that are not those proposed; a beginning that has passed meanwhile is no difference."""
    seen = {sentence.partition(SINCE)[0] for sentence in proposed}
    return [sentence for sentence in now if sentence.partition(SINCE)[0] not in seen]


def looser_limits(before: LimitBook, after: LimitBook, rows: Sequence[LimitRow], ts_ns: int) -> list[str]:
    """A sentence for each row that lets more through than before; empty when the change only tightens."""
    found = []
    for row in _once(rows):
        for at in instants(ts_ns, *_around(before, row), *_around(after, row)):
            old, new = _figure(before, row, at), _figure(after, row, at)
            if new > old:
                moved = f"from {_said(before, row, at)} to {_said(after, row, at)}"
                found.append(f"{shown(row)}: {moved}{_when(at, ts_ns)}")
                break
    return found


def jumps(before: LimitBook, rows: Sequence[LimitRow], times: int, ts_ns: int) -> list[Failure]:
    """Rows that would let through more than so many times what stands now: a slip of the finger, or of a unit."""
    found = []
    for row in rows:
        old = before.row_at(row.level, row.scope, row.name, ts_ns)
        if old is None or row.removed or not old.value:
            continue
        high, low = (old.value, row.value) if LIMITS[row.name].higher_is_tighter else (row.value, old.value)
        if high > low * times:
            found.append(failure(STAGE, "limit_jump", f"{shown(row)}: {row.value:,}", f"{times} x {old.value:,}"))
    return found


def looser_lists(before: LimitBook, after: LimitBook, rows: Sequence[ListRow], ts_ns: int) -> list[str]:
    """A sentence for each entry that lets more through than before."""
    found = []
    for row in rows:
        for at in instants(ts_ns, before.rows.lists.get(row.entry_id, ()), after.rows.lists.get(row.entry_id, ())):
            old, new = _on(before, row, at), _on(after, row, at)
            if old is not new and new is _opens(row):
                found.append(f"{shown(row)}: {'put on' if new else 'taken off'}{_when(at, ts_ns)}")
                break
    return found


def _opens(row: ListRow) -> bool:
    """Whether being on the list lets orders through. Keeping a list opens, except an approved list, which closes."""
    if row.instrument_id == KEPT:
        return row.list_name is not ListName.APPROVED
    return row.list_name in PERMITS


def _on(book: LimitBook, row: ListRow, at: int) -> bool:
    return book.entry_at(row.list_name, row.instrument_id, row.level, row.scope, at) is not None


def _once(rows: Sequence[LimitRow]) -> Iterator[LimitRow]:
    """One row of each place."""
    places: dict[object, LimitRow] = {}
    for row in rows:
        places.setdefault(row.place, row)
    yield from places.values()


def _around(book: LimitBook, row: LimitRow) -> tuple[tuple[LimitRow, ...], ...]:
    """The versions of everything that could bind this place."""
    return tuple(book.rows.limits[row_id] for row_id in book.ids_at(row.level, row.scope, row.name))


def _figure(book: LimitBook, row: LimitRow, at: int) -> float:
    """How much passes: larger lets more through."""
    kind = LIMITS[row.name]
    found = book.row_at(row.level, row.scope, row.name, at)
    if found is None:
        return -inf if row.level in kind.mandatory else inf
    return -found.value if kind.higher_is_tighter else found.value


def _said(book: LimitBook, row: LimitRow, at: int) -> str:
    found = book.row_at(row.level, row.scope, row.name, at)
    return "no row" if found is None else f"{found.value:,}{' (for every one)' if found.scope == EVERY else ''}"


def _when(at: int, ts_ns: int) -> str:
    return "" if at == ts_ns else f"{SINCE}{format_ns(at, 0)}"
