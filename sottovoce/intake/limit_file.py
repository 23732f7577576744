"""A file of limits and lists, as people keep it: TOML in, rows out, or a sentence for every fault.

    owner = "ann"                       # for every row that names none
    review_date = 2027-01-31

    [[limit]]
    level = "account"
    scope = "FUND-A"
    name = "gross"
    value = 1_000_000_000
    until = 2026-11-23T16:00:00Z        # optional, as is from

    [[list]]
    list = "restricted"
    owner = "cy"
    names = ["ACME"]                    # or empty = true: the list is kept and nothing is on it

Every fault names the file, the row and the field. A file with one is not used at all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.core.errors import MalformedMessage
from sottovoce.core.limit_commands import ProposeLimits, ProposeLists
from sottovoce.core.limit_faults import entry_faults, limit_faults
from sottovoce.core.limits import KEPT, LIMITS, Level, LimitRow, ListName, ListRow
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import sentence
from sottovoce.core.units import parse_rfc3339

BYTES_MAX = 8_000_000
ROWS_MAX = 20_000
LIMIT_KEYS = ("id", "level", "scope", "name", "value", "owner", "review_date", "from", "until")
LIST_KEYS = ("id", "list", "level", "scope", "owner", "reason", "names", "empty", "from", "until")
TOP_KEYS = ("owner", "review_date", "limit", "list")


class LimitFile(msgspec.Struct, frozen=True, kw_only=True):
    """What a file says: its rows, and what could not be taken. With faults the rows are not all of it."""

    source: str
    limits: tuple[LimitRow, ...] = ()
    lists: tuple[ListRow, ...] = ()
    faults: tuple[str, ...] = ()


class _Fault(Exception):
    """One field that cannot be taken: which, and why."""


def read_limit_file(path: Path) -> LimitFile:
    """Read one file. Raises MalformedMessage, code limit_file, where it cannot be opened; faults are in the result."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        said = f"{path} cannot be read ({error.strerror}); check the path."
        raise MalformedMessage(said, code="limit_file") from error
    return parse_limit_file(raw, path.name)


def parse_limit_file(raw: bytes, source: str) -> LimitFile:
    """The rows of a file's bytes, with every fault in them."""
    if len(raw) > BYTES_MAX:
        return LimitFile(source=source, faults=(f"{source} has more than {BYTES_MAX} bytes",))
    try:
        tree = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        return LimitFile(source=source, faults=(f"{source} is not UTF-8 text (byte {error.start})",))
    except (ValueError, RecursionError) as error:
        return LimitFile(source=source, faults=(f"{source}: {error}",))
    return _Reader(source, tree).read()


class _Reader:
    """One file, table by table; collects faults and goes on."""

    def __init__(self, source: str, tree: Mapping[str, Any]) -> None:
        self._source = source
        self._tree = tree
        self._faults: list[str] = []

    def read(self) -> LimitFile:
        self._unknown(self._source, self._tree, TOP_KEYS)
        limits, lists = self._tables("limit"), self._tables("list")
        if len(limits) + len(lists) > ROWS_MAX:
            self._faults.append(f"{self._source} has more than {ROWS_MAX} tables")
            limits, lists = [], []
        elif not limits and not lists:
            self._faults.append(f"{self._source} has no [[limit]] and no [[list]]")
        rows = [row for number, table in enumerate(limits, start=1) for row in self._limit(number, table)]
        entries = [row for number, table in enumerate(lists, start=1) for row in self._list(number, table)]
        return LimitFile(source=self._source, limits=tuple(rows), lists=tuple(entries), faults=tuple(self._faults))

    def _tables(self, key: str) -> list[Mapping[str, Any]]:
        found = self._tree.get(key, [])
        if isinstance(found, list) and all(isinstance(table, dict) for table in found):
            return found
        self._faults.append(f"{self._source}: {key} must be written as [[{key}]] tables")
        return []

    def _limit(self, number: int, table: Mapping[str, Any]) -> Iterator[LimitRow]:
        where = f"{self._source}, limit {number}"
        self._unknown(where, table, LIMIT_KEYS)
        try:
            row = self._limit_row(table)
        except _Fault as fault:
            self._faults.append(f"{where}, {fault}")
            return
        where = f"{where} ({row.limit_id})"
        if not self._found(where, limit_faults(row)):
            yield row

    def _limit_row(self, table: Mapping[str, Any]) -> LimitRow:
        level, scope, name = _level(table, None), _text(table, "scope", ""), _text(table, "name")
        if name not in LIMITS:
            raise _Fault(f"name: no limit is called {name[:64]!r}")
        return LimitRow(
            limit_id=_text(table, "id", ".".join(part for part in (level.value, scope, name) if part)),
            level=level,
            scope=scope,
            name=name,
            value=_whole(table, "value"),
            owner=_text(table, "owner", self._default("owner")),
            review_date=_day(table.get("review_date", self._tree.get("review_date"))),
            from_ns=_time(table, "from") or 0,
            until_ns=_time(table, "until"),
        )

    def _list(self, number: int, table: Mapping[str, Any]) -> Iterator[ListRow]:
        where = f"{self._source}, list {number}"
        self._unknown(where, table, LIST_KEYS)
        try:
            kept, names = self._list_row(table), _names(table)
        except _Fault as fault:
            self._faults.append(f"{where}, {fault}")
            return
        for instrument_id in (KEPT, *names):
            entry_id = f"{kept.entry_id}.{instrument_id}" if instrument_id else kept.entry_id
            row = msgspec.structs.replace(kept, entry_id=entry_id, instrument_id=instrument_id)
            if not self._found(f"{where} ({entry_id})", entry_faults(row)):
                yield row

    def _list_row(self, table: Mapping[str, Any]) -> ListRow:
        word, level, scope = _text(table, "list"), _level(table, Level.FIRM), _text(table, "scope", "")
        if word not in [name.value for name in ListName]:
            raise _Fault(f"list: {word[:64]!r} is none of {', '.join(name.value for name in ListName)}")
        place = ".".join(part for part in (word, "" if level is Level.FIRM else level.value, scope) if part)
        return ListRow(
            entry_id=_text(table, "id", place),
            list_name=ListName(word),
            level=level,
            scope=scope,
            owner=_text(table, "owner", self._default("owner")),
            reason=_text(table, "reason", ""),
            from_ns=_time(table, "from") or 0,
            until_ns=_time(table, "until"),
        )

    def _default(self, key: str) -> str:
        return _text(self._tree, key, "")

    def _unknown(self, where: str, table: Mapping[str, Any], keys: tuple[str, ...]) -> None:
        self._faults += [f"{where}: there is no field {key[:64]!r}" for key in table if key not in keys]

    def _found(self, where: str, faults: list[Failure]) -> bool:
        self._faults += [f"{where}: {sentence(fault)}" for fault in faults]
        return bool(faults)


# fields --------------------------------------------------------------------------------------------------


def _text(table: Mapping[str, Any], key: str, default: str | None = None) -> str:
    value = table.get(key, default)
    if value is None:
        raise _Fault(f"{key} is missing")
    if not isinstance(value, str) or not value.isprintable():
        raise _Fault(f"{key}: {value!r} is not plain text")
    return value


def _whole(table: Mapping[str, Any], key: str) -> int:
    value = table.get(key)
    if value is None:
        raise _Fault(f"{key} is missing")
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Fault(f"{key}: {value!r} is not a whole number")
    return value


def _level(table: Mapping[str, Any], default: Level | None) -> Level:
    word = _text(table, "level", None if default is None else default.value)
    found = next((level for level in Level if level.value == word), None)
    if found is None:
        raise _Fault(f"level: {word[:64]!r} is none of {', '.join(level.value for level in Level)}")
    return found


def _day(value: object) -> str:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if value is None:
        raise _Fault("review_date is missing")
    if isinstance(value, str):
        return value
    raise _Fault(f"review_date: {value!s} is not a day")


def _time(table: Mapping[str, Any], key: str) -> int | None:
    value = table.get(key)
    if value is None:
        return None
    text = value.isoformat() if isinstance(value, datetime) else value
    try:
        return parse_rfc3339(text if isinstance(text, str) else "")
    except MalformedMessage as error:
        raise _Fault(f"{key}: {value!s} is not a time with its offset; write 2026-11-23T16:00:00Z") from error


def _names(table: Mapping[str, Any]) -> tuple[str, ...]:
    """The instruments on a list. An empty one must say so: a lost column must not empty a restricted list."""
    names, empty = table.get("names", []), table.get("empty", False)
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        raise _Fault("names: a list of instrument ids is needed")
    if not isinstance(empty, bool) or empty is bool(names):
        raise _Fault("names: give the instruments, or empty = true for a list that has none")
    doubled = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    if doubled:
        raise _Fault(f"names: {', '.join(doubled)[:64]} stands there twice")
    return tuple(names)


def proposals(read: LimitFile, principal: str, reason: str) -> tuple[ProposeLimits | ProposeLists, ...]:
    """What to ask of the desk so that the whole file stands: limits and lists apart, since two roles own them.

    A file with faults is asked for all the same, without rows: the refusal and its sentences go on record.
    """
    if read.faults:
        faulty = ProposeLimits(
            principal=principal, rows=(), reason=reason, whole=True, source=read.source, faults=read.faults
        )
        return (faulty,)
    found: list[ProposeLimits | ProposeLists] = []
    if read.limits:
        found.append(
            ProposeLimits(principal=principal, rows=read.limits, reason=reason, whole=True, source=read.source)
        )
    if read.lists:
        found.append(ProposeLists(principal=principal, rows=read.lists, reason=reason, whole=True, source=read.source))
    return tuple(found)
