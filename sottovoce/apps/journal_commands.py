"""`sottovoce journal verify` and `sottovoce replay`: is the record intact, and what state does it fold to?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from sottovoce.apps.output import FAULT, OK, emit
from sottovoce.core.errors import NotFound

app = cyclopts.App(name="journal", help="The record of a run.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


@app.command
def verify(path: Path, *, as_json: Json = False) -> int:
    """Check every record of every table against the chain; exit 1 and name the records when one does not fit.

    Args:
        path: the journal.db of a run.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.verify import verify as check

    found = check(_existing(path))
    document = {"ok": found.ok, "records": found.records, "journal_digest": found.head, "faults": list(found.faults)}

    def text() -> str:
        if found.ok:
            return f"{path}: {found.records} records, all intact; journal digest {found.head}"
        return "\n".join([f"{path}: {len(found.faults)} faults", *(f"  {fault}" for fault in found.faults)])

    emit(document, as_json, text)
    return OK if found.ok else FAULT


def replay(path: Path, *, as_json: Json = False) -> None:
    """Fold the journal's events into the state they give, and print its digest.

    Args:
        path: the journal.db of a run.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.adapters.reference.store import load_shipped
    from sottovoce.runtime.replay import fold, founded_system

    journal = open_for_reading(_existing(path))
    system = founded_system(journal.meta(), load_shipped(), load_calendar())
    digest = fold(system, journal.steps(with_evidence=False))
    journal.close()
    emit({"digest": digest}, as_json, lambda: f"digest {digest}")


def _existing(path: Path) -> Path:
    if not path.is_file():
        sentence = f"There is no journal at {path}; give the journal.db of a run's --out folder."
        raise NotFound(sentence, code="no_journal")
    return path
