"""A file of limits against a desk: read it, judge it as the desk would, and say what it would loosen."""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.adapters.reference.store import load_shipped
from sottovoce.core.limit_events import LimitChange
from sottovoce.core.limits import LimitBook, LimitRows
from sottovoce.core.orders import Failure
from sottovoce.intake.limit_file import read_limit_file
from sottovoce.runtime.config import load_config
from sottovoce.stages.limits.changes import as_merged, as_whole
from sottovoce.stages.limits.judging import judged


class Lint(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong with a file, and what it would loosen; limits and entries count the versions it would add."""

    limits: int
    entries: int
    faults: tuple[str, ...]
    findings: tuple[Failure, ...] = ()
    looser: tuple[str, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether the desk would take nothing of it."""
        return bool(self.faults or self.findings)


def lint_config(config_path: Path | None, ts_ns: int) -> Lint:
    """Judge the limits a desk starts with, as if they were proposed to a desk that has none. Raises ConfigError."""
    config = load_config(config_path)
    change = LimitChange(change_id="", principal="", reason="", limits=config.limits.limit_versions())
    lists = msgspec.structs.replace(change, limits=(), lists=config.limits.list_versions())
    nothing, reference, policy = LimitBook(LimitRows()), load_shipped(), config.limits_policy
    findings = [finding for each in (change, lists) for finding in judged(each, nothing, reference, policy, ts_ns)[0]]
    return Lint(limits=len(change.limits), entries=len(lists.lists), faults=(), findings=tuple(findings))


def lint_file(path: Path, config_path: Path | None, whole: bool, ts_ns: int) -> Lint:
    """Judge a file as the desk of a configuration would at ts_ns. Raises MalformedMessage, ConfigError."""
    read, config = read_limit_file(path), load_config(config_path)
    if read.faults:
        return Lint(limits=0, entries=0, faults=read.faults)
    rows = config.limits.limit_rows()
    book, turned = LimitBook(rows), as_whole if whole else as_merged
    change = LimitChange(change_id="", principal="", reason="", source=read.source)
    changes = []
    if read.limits:
        changes.append(msgspec.structs.replace(change, limits=turned(rows.limits, read.limits, ts_ns)))
    if read.lists:
        changes.append(msgspec.structs.replace(change, lists=turned(rows.lists, read.lists, ts_ns)))
    findings, looser = list[Failure](), list[str]()
    for each in changes:
        if each.limits or each.lists:
            found, looser_ones = judged(each, book, load_shipped(), config.limits_policy, ts_ns)
            findings, looser = findings + found, looser + looser_ones
    return Lint(
        limits=sum(len(each.limits) for each in changes),
        entries=sum(len(each.lists) for each in changes),
        faults=(),
        findings=tuple(findings),
        looser=tuple(looser),
    )
