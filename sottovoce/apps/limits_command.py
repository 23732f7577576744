"""`sottovoce limits show|lint|report`: what binds whom, whether a file of limits means anything, how limits worked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec

from sottovoce.apps.output import FAULT, OK, emit, failure_text
from sottovoce.core.errors import NotFound
from sottovoce.core.limits import LimitBook
from sottovoce.core.limits import Path as LimitPath
from sottovoce.core.units import parse_rfc3339

app = cyclopts.App(name="limits", help="Limits and lists: what binds, whether a file is sound, how they worked.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


@app.command
def show(
    *,
    config: Path | None = None,
    journal: Path | None = None,
    desk: str = "",
    trader: str = "",
    account: str = "",
    strategy: str = "",
    symbol: str = "",
    at: str = "",
    as_json: Json = False,
) -> None:
    """Show what binds an order on its path, the lists that are kept, and the changes that wait for a second person.

    Args:
        config: configuration file; without it the one the journal was begun with, or the simulation desk.
        journal: the journal.db of a run: its changes are counted in.
        desk: the order's desk.
        trader: who entered it.
        account: its account.
        strategy: its strategy, VWAP.
        symbol: its instrument id.
        at: the time, with its offset; the journal's last, or now, if not given.
        as_json: one JSON object on standard output.
    """
    from sottovoce.apps.limits_standing import Record, read_record, standing, standing_text
    from sottovoce.runtime.config import load_config

    given = None if config is None else load_config(config)
    if journal is None:
        record = Record((given or load_config(None)).limits.limit_rows())
    else:
        record = read_record(_existing(journal), given)
    ts_ns = _time(at) if at or not record.last_ns else record.last_ns
    found = standing(record, LimitPath(desk, trader, account, strategy, symbol), ts_ns)
    emit(found, as_json, lambda: standing_text(found))


@app.command
def lint(
    path: Path | None = None, *, config: Path | None = None, whole: bool = False, at: str = "", as_json: Json = False
) -> int:
    """Check a file of limits: can it be read, does every limit mean something, and what would it loosen; exit 1 if not.

    Args:
        path: a TOML file of [[limit]] and [[list]] tables; without one, the limits the desk starts with are checked.
        config: configuration of the desk it is for; without it the simulation desk.
        whole: the file is every limit and list there is to be; otherwise only what it names changes.
        at: the time, with its offset; now if not given.
        as_json: one JSON object on standard output.
    """
    from sottovoce.apps.limits_lint import lint_config, lint_file

    found = lint_config(config, _time(at)) if path is None else lint_file(path, config, whole, _time(at))

    def text() -> str:
        lines = [f"{path or config or 'the simulation desk'}: {found.limits} limits, {found.entries} entries of lists"]
        lines += [f"  {fault}" for fault in found.faults]
        lines += [f"  {failure_text(finding)}" for finding in found.findings]
        lines += [f"  needs a second person: {sentence}" for sentence in found.looser]
        refused = "refused: nothing of it would be taken" if found.refused else "sound"
        return "\n".join([*lines, refused])

    emit(msgspec.to_builtins(found) | {"ok": not found.refused}, as_json, text)
    return FAULT if found.refused else OK


@app.command
def report(journal: Path, *, config: Path | None = None, as_json: Json = False) -> None:
    """Say how limits worked in a run: what each stopped and at whom, which never bound, which want a review.

    Args:
        journal: the journal.db of a run.
        config: a configuration that must be the one the run began with; without it the record's own is taken.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.adapters.reference.store import load_shipped
    from sottovoce.analytics.limit_report import limit_report
    from sottovoce.apps.limits_text import report_text
    from sottovoce.apps.limits_use import peak_use
    from sottovoce.runtime.config import load_config
    from sottovoce.runtime.founding import recorded_config
    from sottovoce.runtime.replay import founded_system

    given, record = None if config is None else load_config(config), open_for_reading(_existing(journal))
    rows = recorded_config(record.meta(), given).limits.limit_rows()
    found = limit_report(record.steps(with_evidence=False), rows)
    system = founded_system(record.meta(), load_shipped(), load_calendar(), given)
    use = peak_use(system, record.steps(with_evidence=False), LimitBook(rows))
    record.close()
    document = msgspec.to_builtins(found) | {"flagged": found.flagged, "use": use}
    emit(document, as_json, lambda: report_text(found, use))


def _time(text: str) -> int:
    from sottovoce.adapters.clock import RealClock

    return parse_rfc3339(text) if text else RealClock().now_ns()


def _existing(journal: Path) -> Path:
    if not journal.is_file():
        sentence = f"There is no journal at {journal}; give the journal.db of a run's --out folder."
        raise NotFound(sentence, code="no_journal")
    return journal
