"""Whether a row says something that can be meant at all: known name, right place, sane figure, an owner, a date.

What a row says against other rows and the market is the linter's (stages/limits/lint.py).
"""

from __future__ import annotations

from datetime import date

from sottovoce.core.limit_rows import EVERY, KEPT, LimitRow, ListRow
from sottovoce.core.limit_table import LIMITS, Level
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.units import INT64_MAX, NS_PER_DAY

STAGE = "limits"
PLACELESS = (Level.FIRM, Level.ORDER)
TEXT_MAX = 64
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def limit_faults(row: LimitRow) -> list[Failure]:
    """What is wrong with one row of a limit, taken alone; empty when nothing is."""
    found = _row_faults(row.limit_id, row)
    where = shown(row)
    if row.name not in LIMITS:
        found.append(failure(STAGE, "limit_unknown", f"{where}: {row.name[:TEXT_MAX]!r}"))
    if not 0 <= row.value <= INT64_MAX:
        found.append(failure(STAGE, "limit_value", f"{where}: {row.value}", f"0 to {INT64_MAX}"))
    if _date_ns(row.review_date) is None:
        found.append(failure(STAGE, "limit_review_date", f"{where}: {row.review_date[:TEXT_MAX]!r}"))
    return found


def entry_faults(row: ListRow) -> list[Failure]:
    """What is wrong with one entry of a list, taken alone; empty when nothing is."""
    found = _row_faults(row.entry_id, row)
    if row.level is Level.ORDER:
        found.append(failure(STAGE, "limit_scope", f"{shown(row)}: a list belongs to no single order"))
    if len(row.instrument_id) > TEXT_MAX:
        found.append(failure(STAGE, "list_unknown_instrument", f"{shown(row)}: {row.instrument_id[:TEXT_MAX]!r}"))
    return found


def shown(row: LimitRow | ListRow) -> str:
    """Which row, for a person: its id, its place, and what it is about."""
    where = row.level.value if row.level in PLACELESS else f"{row.level.value} {row.scope}"
    if isinstance(row, LimitRow):
        return f"{row.limit_id[:TEXT_MAX]} ({where} {row.name[:TEXT_MAX]})"
    what = "the list itself" if row.instrument_id == KEPT else row.instrument_id[:TEXT_MAX]
    return f"{row.entry_id[:TEXT_MAX]} ({where} {row.list_name.value}: {what})"


def overdue(row: LimitRow, ts_ns: int) -> bool:
    """Whether its review date has passed (it may be reviewed on the day itself)."""
    date_ns = _date_ns(row.review_date)
    return date_ns is None or ts_ns >= date_ns + NS_PER_DAY


def _row_faults(row_id: str, row: LimitRow | ListRow) -> list[Failure]:
    found: list[Failure] = []
    where = shown(row)
    if not 0 < len(row_id) <= TEXT_MAX:
        found.append(failure(STAGE, "limit_id", where, f"1 to {TEXT_MAX} characters"))
    if not 0 < len(row.owner.strip()) <= TEXT_MAX:
        found.append(failure(STAGE, "limit_owner", where))
    if (row.level in PLACELESS) is (row.scope != ""):
        needed = "no scope" if row.level in PLACELESS else f"a {row.level.value}, or {EVERY} for every one"
        found.append(failure(STAGE, "limit_scope", f"{where}: {row.scope[:TEXT_MAX]!r}", needed))
    if row.from_ns < 0 or (row.until_ns is not None and row.until_ns <= row.from_ns):
        found.append(failure(STAGE, "limit_window", f"{where}: from {row.from_ns} until {row.until_ns}"))
    if row.version < 1:
        found.append(failure(STAGE, "limit_stale", f"{where}: version {row.version}", "from 1 on"))
    return found


def _date_ns(text: str) -> int | None:
    try:
        return (date.fromisoformat(text).toordinal() - _EPOCH_DAY) * NS_PER_DAY
    except ValueError:
        return None
