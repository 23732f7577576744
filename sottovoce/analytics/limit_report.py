"""Limits as they worked: what was checked, what was stopped and where, which limits never bind, which want a review.

The silent-reject detector: an account that one code stops far more often than it stops the others is a limit nobody
keeps up, or a client nobody told. A cell is flagged where at least FLAG_COUNT_MIN orders were stopped and either one
in five of the account's orders was, or the share is above that of all other accounts by more than chance: the
interval below its share (Wilson 1927, 95 %) lies above the interval over theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from math import sqrt

import msgspec

from sottovoce.core.clearance_events import ChildApproved, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.limit_events import LimitsChanged, ListChanged, RowEnded
from sottovoce.core.limit_faults import overdue
from sottovoce.core.limit_rows import LimitRow, LimitRows, in_force
from sottovoce.core.order_events import OrderAccepted, OrderRefused
from sottovoce.core.orders import Failure
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.ports import Step

FLAG_COUNT_MIN = 3
FLAG_SHARE = 0.2
Z95 = 1.96


class Cell(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One code at one account: orders checked, orders it stopped, the share, the others' share, why it is flagged.

    limit_ids are the rows that bound, where a row did; what is "order" or "child".
    """

    account: str
    code: str
    what: str
    checked: int
    rejected: int
    share: float
    others_share: float | None
    limit_ids: tuple[str, ...] = ()
    flag: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One change that held, or a version that ran out by itself."""

    ts_ns: int
    change_id: str
    rows: tuple[str, ...]
    proposed_by: str = ""
    approved_by: str = ""
    reason: str = ""


class LimitReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything, over the steps given. never_bound: rows in force at the end that no order ever met."""

    from_ns: int
    until_ns: int
    orders: int
    orders_rejected: int
    children: int
    children_rejected: int
    cells: tuple[Cell, ...]
    bound: dict[str, int]
    never_bound: tuple[str, ...]
    overdue: tuple[LimitRow, ...]
    changes: tuple[Change, ...]

    @property
    def flagged(self) -> tuple[Cell, ...]:
        """The cells a person should look at, most orders stopped first."""
        return tuple(cell for cell in self.cells if cell.flag)


class _Tally:
    """Counts while the steps pass."""

    def __init__(self) -> None:
        self.account_of: dict[str, str] = {}
        self.checked: Counter[tuple[str, str]] = Counter()  # what, account
        self.stopped: Counter[tuple[str, str, str]] = Counter()  # what, account, code
        self.rejected: Counter[str] = Counter()
        self.ids: dict[tuple[str, str, str], Counter[str]] = {}
        self.bound: Counter[str] = Counter()
        self.changes: list[Change] = []

    def event(self, event: object) -> None:
        """Count one event."""
        if isinstance(event, OrderAccepted):
            self.account_of[event.parent_id] = event.order.account
            self.checked["order", event.order.account] += 1
        elif isinstance(event, OrderRefused):
            self.checked["order", event.account] += 1
            self._stop("order", event.account, event.failures)
        elif isinstance(event, OrderRejected):
            self._stop("order", self.account_of.get(event.parent_id, ""), event.failures)
        elif isinstance(event, ChildApproved):
            self.checked["child", self.account_of.get(event.parent_id, "")] += 1
            self._bound(event.warnings)
        elif isinstance(event, ChildRejected):
            account = self.account_of.get(event.parent_id, "")
            self.checked["child", account] += 1
            self._stop("child", account, event.failures)
        elif isinstance(event, OrderCleared):
            self._bound((*event.holds, *event.warnings))
        elif isinstance(event, OrderHeld):
            self._bound(event.rules)
        elif isinstance(event, LimitsChanged | ListChanged):
            self.changes.append(_changed(event))
        elif isinstance(event, RowEnded):
            row = f"{event.row_id} version {event.version}"
            self.changes.append(Change(ts_ns=event.ts_ns, change_id="", rows=(row,), reason="ran out by itself"))

    def _stop(self, what: str, account: str, failures: tuple[Failure, ...]) -> None:
        self.rejected[what] += 1
        self._bound(failures)
        for code in dict.fromkeys(failed.code for failed in failures):
            self.stopped[what, account, code] += 1
        for failed in failures:
            if failed.limit_id:
                self.ids.setdefault((what, account, failed.code), Counter())[failed.limit_id] += 1

    def _bound(self, failures: tuple[Failure, ...]) -> None:
        for limit_id in dict.fromkeys(failed.limit_id for failed in failures if failed.limit_id):
            self.bound[limit_id] += 1


def limit_report(steps: Iterable[tuple[int, Step]], rows: LimitRows) -> LimitReport:
    """Fold a journal's steps, in order; rows are the limits the run began with and become those at its end."""
    tally, first_ns, last_ns = _Tally(), 0, 0
    for _, step in steps:
        first_ns, last_ns = first_ns or step.ts_ns, max(last_ns, step.ts_ns)
        for event in step.events:
            tally.event(event)
            if isinstance(event, LimitsChanged):
                rows.change(event.version, limits=event.rows)
            elif isinstance(event, ListChanged):
                rows.change(event.version, lists=event.rows)
    standing = [row for versions in rows.limits.values() if (row := in_force(versions, last_ns)) is not None]
    return LimitReport(
        from_ns=first_ns,
        until_ns=last_ns,
        orders=sum(count for (what, _), count in tally.checked.items() if what == "order"),
        orders_rejected=tally.rejected["order"],
        children=sum(count for (what, _), count in tally.checked.items() if what == "child"),
        children_rejected=tally.rejected["child"],
        cells=_cells(tally),
        bound=dict(sorted(tally.bound.items(), key=lambda item: (-item[1], item[0]))),
        never_bound=tuple(sorted(row.limit_id for row in standing if row.limit_id not in tally.bound)),
        overdue=tuple(row for row in standing if overdue(row, last_ns)),
        changes=tuple(tally.changes),
    )


def _cells(tally: _Tally) -> tuple[Cell, ...]:
    """Every code at every account it stopped something of; the most stopped first."""
    totals: Counter[str] = Counter()
    for (what, _), count in tally.checked.items():
        totals[what] += count
    by_code: Counter[tuple[str, str]] = Counter()
    for (what, _, code), count in tally.stopped.items():
        by_code[what, code] += count
    found = []
    for (what, account, code), rejected in tally.stopped.items():
        checked = tally.checked[what, account]
        others, others_rejected = totals[what] - checked, by_code[what, code] - rejected
        found.append(
            Cell(
                account=account,
                code=code,
                what=what,
                checked=checked,
                rejected=rejected,
                share=rejected / checked if checked else 1.0,
                others_share=others_rejected / others if others else None,
                limit_ids=tuple(tally.ids.get((what, account, code), Counter())),
                flag=flag_of(rejected, checked, others_rejected, others),
            )
        )
    return tuple(sorted(found, key=lambda cell: (-cell.rejected, cell.account, cell.code, cell.what)))


def flag_of(rejected: int, checked: int, others_rejected: int, others: int) -> str:
    """Why a person should look at rejected of checked, beside others_rejected of others; "" when nothing is odd."""
    if rejected < FLAG_COUNT_MIN:
        return ""
    if others and wilson(rejected, checked)[0] > wilson(others_rejected, others)[1]:
        return "more than its share"
    return "one in five or more" if rejected >= FLAG_SHARE * checked else ""


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The 95 % interval of a share, hits of tries; (0, 1) without any. Source: Wilson (1927)."""
    if tries <= 0:
        return 0.0, 1.0
    share, weight = min(hits / tries, 1.0), Z95 * Z95 / tries
    middle = (share + weight / 2) / (1 + weight)
    half = Z95 * sqrt(share * (1 - share) / tries + weight / (4 * tries)) / (1 + weight)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def _changed(event: LimitsChanged | ListChanged) -> Change:
    return Change(
        ts_ns=event.ts_ns,
        change_id=event.change_id,
        rows=tuple(f"{row.row_id} version {row.version}" for row in event.rows),
        proposed_by=event.proposed_by,
        approved_by=event.approved_by,
        reason=event.reason,
    )
