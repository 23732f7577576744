"""What stands: the limits that bind a path, the lists, and the changes that wait, from configuration and record."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import msgspec

from sottovoce.core.limit_events import ChangeClosed, ChangeProposed, LimitsChanged, ListChanged
from sottovoce.core.limit_faults import PLACELESS
from sottovoce.core.limit_rows import in_force
from sottovoce.core.limits import KEPT, LIMITS, Bound, Effective, LimitBook, LimitRows, ListRow, Path
from sottovoce.core.units import format_ns

if TYPE_CHECKING:
    from sottovoce.runtime.config import Config


class ShownList(msgspec.Struct, frozen=True, kw_only=True):
    """One list that is kept, whose it is, and what is on it."""

    list_name: str
    where: str
    instruments: tuple[str, ...]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Everything at one time. limits: by name, the tightest row, or each level's own where totals are compared."""

    at: str
    version: int
    path: dict[str, str]
    limits: dict[str, list[dict[str, object]]]
    missing: tuple[str, ...]
    lists: tuple[ShownList, ...]
    waiting: tuple[ChangeProposed, ...]


class Record(msgspec.Struct):
    """Rows as a journal left them, the changes that wait, and the time of its last step (0: no journal)."""

    rows: LimitRows
    waiting: dict[str, ChangeProposed] = {}
    last_ns: int = 0


def read_record(journal: FilePath, given: Config | None) -> Record:
    """Fold a journal's changes into the rows it was begun with; a configuration that is given must have the same."""
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.runtime.founding import recorded_config

    record = open_for_reading(journal)
    rows = recorded_config(record.meta(), given).limits.limit_rows()
    found = Record(rows)
    for _, step in record.steps(with_evidence=False):
        found.last_ns = max(found.last_ns, step.ts_ns)
        for event in step.events:
            if isinstance(event, LimitsChanged):
                rows.change(event.version, limits=event.rows)
            elif isinstance(event, ListChanged):
                rows.change(event.version, lists=event.rows)
            elif isinstance(event, ChangeProposed):
                found.waiting[event.change.change_id] = event
            if isinstance(event, LimitsChanged | ListChanged | ChangeClosed):
                found.waiting.pop(event.change_id, None)
    record.close()
    return found


def standing(record: Record, path: Path, ts_ns: int) -> Standing:
    """What binds a path at a time."""
    book = LimitBook(record.rows)
    effective = book.effective(path, ts_ns)
    return Standing(
        at=format_ns(ts_ns, 0),
        version=book.version,
        path=path._asdict(),
        limits={name: [_shown(bound) for bound in _binding(name, effective)] for name in effective.names()},
        missing=tuple(f"{level.value} {name}" for level, name in effective.missing),
        lists=_lists(record.rows, ts_ns),
        waiting=tuple(change for change in record.waiting.values() if ts_ns < change.expires_ns),
    )


def standing_text(found: Standing) -> str:
    """The same for a person."""
    lines = [f"Limits version {found.version} at {found.at}", ""]
    for name, bounds in found.limits.items():
        for bound in bounds:
            figure = f"{bound['value']:>22,} {LIMITS[name].unit.value:<10}"
            where = f"{bound['level']} {bound['scope']}".strip()
            lines.append(f"{name:<22}{figure} {where:<24} {bound['limit_id']} v{bound['version']}")
    lines += [f"MISSING: {each}; every such order is refused" for each in found.missing]
    shown = [(each, ", ".join(each.instruments) or "empty") for each in found.lists]
    lines += ["", *(f"{each.list_name} ({each.where}): {names}" for each, names in shown)]
    for event in found.waiting:
        change = event.change
        lines += ["", f"{change.change_id} waits for a second person until {format_ns(event.expires_ns, 0)}"]
        lines += [f"  {change.principal}: {change.reason}", *(f"  {each}" for each in change.looser)]
        lines += [f"  digest {change.digest}"]
    return "\n".join(lines)


def _binding(name: str, effective: Effective) -> tuple[Bound, ...]:
    """Every level's own row where totals are compared, else the tightest one."""
    tightest = effective.tightest(name)
    return effective.each(name) if LIMITS[name].sums or tightest is None else (tightest,)


def _shown(bound: Bound) -> dict[str, object]:
    return bound._asdict() | {"level": bound.level.value}


def _lists(rows: LimitRows, ts_ns: int) -> tuple[ShownList, ...]:
    """Every list that is kept at a time, with what is on it."""
    kept: dict[tuple[str, str], list[str]] = {}
    entries = [row for versions in rows.lists.values() if (row := in_force(versions, ts_ns)) is not None]
    for row in sorted(entries, key=lambda entry: (entry.list_name.value, _where(entry), entry.instrument_id)):
        names = kept.setdefault((row.list_name.value, _where(row)), [])
        if row.instrument_id != KEPT:
            names.append(row.instrument_id)
    return tuple(ShownList(list_name=name, where=where, instruments=tuple(on)) for (name, where), on in kept.items())


def _where(row: ListRow) -> str:
    return row.level.value if row.level in PLACELESS else f"{row.level.value} {row.scope}"
