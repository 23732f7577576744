"""`sottovoce recover`: what a crash left of a journal, brought to its last whole step and read back, in sentences."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import cyclopts

from sottovoce.apps.output import FAULT, OK, emit
from sottovoce.core.errors import NotFound

if TYPE_CHECKING:
    from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
    from sottovoce.runtime.memory import Memory
    from sottovoce.runtime.recovery import Recovered

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def recover(path: Path, *, config: Path | None = None, as_json: Json = False) -> int:
    """Cut a journal at its last whole step, rebuild the desk from snapshot and from empty, and say what is open.

    Nothing is sent. A desk that is started on the journal asks the venues about the orders named here before anything
    new leaves. Exit 1 when the two ways do not give the same state.

    Args:
        path: the journal.db of a run.
        config: a configuration that must be the one the record was begun with; without it the record's own is taken.
        as_json: one JSON object on standard output.
    """
    if not path.is_file():
        sentence = f"There is no journal at {path}; give the journal.db of a run's --out folder."
        raise NotFound(sentence, code="no_journal")
    document = _recovered(path, config)
    emit(document, as_json, lambda: "\n".join(document["sentences"]))
    return OK if document["equal"] else FAULT


def snapshot(path: Path, *, config: Path | None = None, as_json: Json = False) -> None:
    """Fold a journal, also one a desk is writing, and keep the state beside it, so that recovery starts from there.

    Args:
        path: the journal.db of a run.
        config: a configuration that must be the one the record was begun with; without it the record's own is taken.
        as_json: one JSON object on standard output.
    """
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.runtime.snapshots import take_side_snapshot

    if not path.is_file():
        raise NotFound(f"There is no journal at {path}.", code="no_journal")
    journal = open_for_reading(path)
    memory = _memory(journal, config)
    journal.close()
    taken = take_side_snapshot(path, memory)
    document = {"seq": taken.last_seq, "from_snapshot": taken.snapshot_seq, "steps": taken.steps}
    said = f"{path}: kept the state at record {taken.last_seq}, {taken.steps} steps on from the last."
    emit(document, as_json, lambda: said)


def _memory(journal: SqliteJournal, config: Path | None) -> Memory:
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.reference.store import load_shipped
    from sottovoce.runtime.config import load_config
    from sottovoce.runtime.memory import Memory
    from sottovoce.runtime.replay import founded_system

    given = None if config is None else load_config(config)
    return Memory(founded_system(journal.meta(), load_shipped(), load_calendar(), given))


def _recovered(path: Path, config: Path | None) -> dict[str, Any]:
    from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
    from sottovoce.runtime.recovery import open_crashed, rebuild

    tail = open_crashed(path)
    journal = SqliteJournal(path)
    try:
        memory, other = _memory(journal, config), _memory(journal, config)
        quick = rebuild(memory, journal, tail)
        whole = rebuild(other, journal, tail, from_empty=True)
        return _document(path, journal, memory, quick, whole, other.digest())
    finally:
        journal.close()


def _document(
    path: Path, journal: SqliteJournal, memory: Memory, quick: Recovered, whole: Recovered, from_empty: str
) -> dict[str, Any]:
    from sottovoce.core.enums import OrdStatus
    from sottovoce.core.lifecycle import LIVE
    from sottovoce.runtime.history import last_recovery
    from sottovoce.runtime.live import orders_of

    live = [sent for sent in orders_of(memory.system).sent.values() if sent.state.status in LIVE]
    canceling = [sent for sent in live if sent.state.status is OrdStatus.PENDING_CANCEL]
    digest = memory.digest()
    document: dict[str, Any] = {
        "cut": list(quick.tail.cut),
        "log_bytes": quick.tail.log_bytes,
        "faults": list(quick.tail.faults),
        "kept_in": quick.tail.kept_in,
        "snapshot_seq": quick.snapshot_seq,
        "steps": quick.steps,
        "steps_from_empty": whole.steps,
        "events_from_empty": whole.events,
        "last_seq": quick.last_seq,
        "timers": quick.pending,
        "to_ask": [sent.route.cl_ord_id for sent in live],
        "cancels_to_repeat": [sent.route.cl_ord_id for sent in canceling],
        "last_recovery": last_recovery(journal),
        "digest": memory.system.digest(),
        "memory_digest": digest,
        "journal_digest": journal.head(),
        "equal": digest == from_empty,
    }
    return document | {"sentences": _sentences(path, document)}


def _sentences(path: Path, found: dict[str, Any]) -> list[str]:
    equal = "the same state" if found["equal"] else "ANOTHER STATE: do not trade on it"
    snapshot = f"the snapshot at {found['snapshot_seq']}" if found["snapshot_seq"] else "no snapshot"
    last = found["last_recovery"]
    return [
        *_tail_sentences(path, found),
        f"Restored from {snapshot} and {found['steps']} steps after it, up to record {found['last_seq']};"
        f" all {found['steps_from_empty']} steps from empty give {equal}.",
        f"{len(found['to_ask'])} orders are live and will be asked about before anything new leaves;"
        f" {len(found['cancels_to_repeat'])} of them have a cancel nobody answered, which goes first.",
        f"{found['timers']} timers are pending.",
        f"The desk has been started {last['starts']} times on this journal; after the last start"
        f" {last['orders']} orders were asked about, {len(last['resent'])} were sent again under their own id,"
        f" and {len(last['too_old'])} that never arrived were too old for that.",
        f"digest {found['digest']}; with the guard's counts, timers and intents {found['memory_digest']}",
        f"journal digest {found['journal_digest']}",
    ]


def _tail_sentences(path: Path, found: dict[str, Any]) -> list[str]:
    said = []
    if found["log_bytes"]:
        bytes_left = f"{found['log_bytes']} bytes of a commit that was never finished"
        said.append(f"{path}: {bytes_left} were dropped; nobody was ever told of what was in them.")
    if found["cut"]:
        cut = f"{len(found['cut'])} damaged records were cut from the end"
        said.append(f"{path}: {cut} and kept in {found['kept_in']}.")
        said.extend(f"  {fault}" for fault in found["faults"])
    return said or [f"{path}: the record ends with a whole step; nothing was cut."]
