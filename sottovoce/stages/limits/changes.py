"""What a change is made of: the versions it adds, whether each may follow what stands, and its digest."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.limit_events import LimitChange, LimitsChanged, ListChanged
from sottovoce.core.limit_faults import STAGE, shown
from sottovoce.core.limit_rows import LimitRow, ListRow, Row, edges, in_force
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure

_encode = msgspec.json.Encoder(order="deterministic").encode


def digest_of(change: LimitChange) -> str:
    """Of everything a second person says yes to."""
    return hashlib.sha256(_encode(msgspec.structs.replace(change, digest=""))).hexdigest()


def as_whole(versions: Mapping[str, Sequence[Row]], asked: Sequence[Row], ts_ns: int) -> tuple[Row, ...]:
    """The versions that turn what there is into exactly what is asked; rows that stay as they are need none.

    Several rows of one id are its versions in order. What is not asked for any more gets a version that ends it.
    """
    groups: dict[str, list[Row]] = {}
    for row in asked:
        groups.setdefault(row.row_id, []).append(row)
    found: list[Row] = []
    for row_id in (*groups, *(row_id for row_id in sorted(versions) if row_id not in groups)):
        found += _turned(versions.get(row_id, ()), groups.get(row_id, []), ts_ns)
    return tuple(found)


def as_merged(versions: Mapping[str, Sequence[Row]], asked: Sequence[Row], ts_ns: int) -> tuple[Row, ...]:
    """As as_whole, but what is not asked for stays as it is."""
    ids = {row.row_id for row in asked}
    return as_whole({row_id: there for row_id, there in versions.items() if row_id in ids}, asked, ts_ns)


def _turned(there: Sequence[Row], asked: Sequence[Row], ts_ns: int) -> list[Row]:
    """The versions that make one row what is asked. Where older ones would show through a gap, they are ended first."""
    last = there[-1].version if there else 0
    added = numbered(asked, last + 1)
    if _same(there, added, ts_ns):
        return []
    if not there or _same(list(there) + added, added, ts_ns):
        return added
    ending = msgspec.structs.replace(there[-1], from_ns=0, until_ns=None, removed=True)
    return numbered([ending], last + 1) + numbered(asked, last + 2)


def numbered(rows: Sequence[Row], first: int) -> list[Row]:
    """Rows as consecutive versions."""
    return [msgspec.structs.replace(row, version=version) for version, row in enumerate(rows, start=first)]


def follows(versions: Mapping[str, Sequence[Row]], rows: Sequence[Row], ts_ns: int) -> list[Failure]:
    """Why rows may not follow what stands: a version that is not the next, another place, a window that has passed,
    or a place that is taken by another id."""
    found: list[Failure] = []
    last: dict[str, Row] = {}
    taken = {there[-1].place: row_id for row_id, there in versions.items() if not there[-1].removed}
    for row in rows:
        before = last.get(row.row_id) or (versions[row.row_id][-1] if row.row_id in versions else None)
        next_version = 1 if before is None else before.version + 1
        if row.version != next_version:
            found.append(failure(STAGE, "limit_stale", f"{shown(row)}: version {row.version}", next_version))
        if before is not None and before.place != row.place:
            found.append(failure(STAGE, "limit_moved", shown(row), shown(before)))
        if row.until_ns is not None and row.until_ns <= ts_ns:
            found.append(failure(STAGE, "limit_window", f"{shown(row)}: until {row.until_ns}", f"after {ts_ns}"))
        holder = taken.setdefault(row.place, row.row_id)
        if holder != row.row_id and not row.removed:
            found.append(failure(STAGE, "limit_doubled", shown(row), holder))
        last[row.row_id] = row
    return found


def stamped(rows: Sequence[Row], ts_ns: int) -> tuple[Row, ...]:
    """The rows as they stand from now on: nothing begins in the past, so what bound an order then still shows."""
    return tuple(row if row.from_ns >= ts_ns else msgspec.structs.replace(row, from_ns=ts_ns) for row in rows)


def taking_effect(change: LimitChange, version: int, approved_by: str, ts_ns: int) -> LimitsChanged | ListChanged:
    """The event that makes a change stand as the given version of all limits and lists."""
    if change.limits:
        return LimitsChanged(
            parent_id="",
            ts_ns=ts_ns,
            version=version,
            rows=stamped(change.limits, ts_ns),
            change_id=change.change_id,
            proposed_by=change.principal,
            reason=change.reason,
            digest=change.digest,
            approved_by=approved_by,
            source=change.source,
        )
    return ListChanged(
        parent_id="",
        ts_ns=ts_ns,
        version=version,
        rows=stamped(change.lists, ts_ns),
        change_id=change.change_id,
        proposed_by=change.principal,
        reason=change.reason,
        digest=change.digest,
        approved_by=approved_by,
        source=change.source,
    )


def instants(ts_ns: int, *groups: Sequence[LimitRow] | Sequence[ListRow]) -> list[int]:
    """Now, and every later instant at which one of the rows begins or ends, rising."""
    later = {at for group in groups for at in edges(group) if at > ts_ns}
    return [ts_ns, *sorted(later)]


def _same(there: Sequence[Row], then: Sequence[Row], ts_ns: int) -> bool:
    """Whether rows say the same as those there are, at every instant from now on."""
    return all(
        _said(in_force(there, at)) == _said(in_force(then, at)) for at in instants(ts_ns, list(there), list(then))
    )


def _said(row: Row | None) -> Row | None:
    return None if row is None else msgspec.structs.replace(row, version=1, from_ns=0, until_ns=None)
