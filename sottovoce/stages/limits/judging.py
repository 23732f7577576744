"""One judgement of a change: everything wrong with it, and everything it would let through that is stopped today."""

from __future__ import annotations

from sottovoce.core.limit_events import LimitChange
from sottovoce.core.limit_faults import STAGE, entry_faults, limit_faults
from sottovoce.core.limits import LimitBook
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.stages.limits.changes import follows, stamped
from sottovoce.stages.limits.config import LimitsPolicy
from sottovoce.stages.limits.lint import Linter
from sottovoce.stages.limits.loosening import jumps, looser_limits, looser_lists

ROWS_MAX = 20_000
"""Rows in one change."""


def judged(
    change: LimitChange, book: LimitBook, reference: ReferenceData, policy: LimitsPolicy, ts_ns: int
) -> tuple[list[Failure], list[str]]:
    """(findings, loosenings) of a change to the rows of book, as it would stand from ts_ns on.

    With findings nothing may hold; the loosenings are then not worked out. A row that cannot be meant at all is found
    first and alone, since nothing can be said about it.
    """
    count = len(change.limits) + len(change.lists)
    if not 0 < count <= ROWS_MAX:
        return [failure(STAGE, "change_empty", f"{count} rows", ROWS_MAX)], []
    faults = [fault for row in change.limits for fault in limit_faults(row)]
    faults += [fault for entry in change.lists for fault in entry_faults(entry)]
    faults += follows(book.rows.limits, change.limits, ts_ns) + follows(book.rows.lists, change.lists, ts_ns)
    if faults:
        return faults, []
    limits, lists = stamped(change.limits, ts_ns), stamped(change.lists, ts_ns)
    rows = book.rows.copy()
    rows.change(book.version + 1, limits, lists)
    after = LimitBook(rows)
    linter = Linter(after, reference, policy, ts_ns)
    found = linter.limits(limits) + linter.lists(lists) + jumps(book, limits, policy.raise_times, ts_ns)
    if found:
        return found, []
    return [], looser_limits(book, after, limits, ts_ns) + looser_lists(book, after, lists, ts_ns)
