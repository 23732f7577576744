"""`sottovoce desk queue|kills|breaks`: what waits for people in a record, and what an answer to it must name.

The views read a record, also one a desk is writing. Acting is a command to the desk itself: `sottovoce run --commands`
takes them as JSON lines, and so will every other door.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
import msgspec

from sottovoce.apps.output import emit, failure_text
from sottovoce.core.errors import NotFound
from sottovoce.core.units import format_ns

if TYPE_CHECKING:
    from sottovoce.runtime.desk_views import BreakRow, HaltInForce, QueuedOrder, UnknownRow
    from sottovoce.runtime.system import System

app = cyclopts.App(name="desk", help="What waits for people: held orders, halts and their cancels, breaks.")

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


@app.command
def queue(journal: Path, *, as_json: Json = False) -> None:
    """The review queue: orders that wait for people, by which rules, whose they are, until when, and the digest.

    A release names the parent id and the digest; it works once, before the deadline, never on an order of one's own.

    Args:
        journal: the journal of a run, or the --out folder it is in.
        as_json: one JSON object on standard output.
    """
    from sottovoce.runtime.desk_views import review_queue

    found = review_queue(folded(journal))
    emit({"held": msgspec.to_builtins(found)}, as_json, lambda: _queue_text(found))


@app.command
def kills(journal: Path, *, as_json: Json = False) -> None:
    """The halts in force: what is stopped, by whom and why, and which cancels no venue has confirmed.

    Args:
        journal: the journal of a run, or the --out folder it is in.
        as_json: one JSON object on standard output.
    """
    from sottovoce.runtime.desk_views import halts_in_force

    found = halts_in_force(folded(journal))
    emit({"halts": msgspec.to_builtins(found)}, as_json, lambda: _kills_text(found))


@app.command
def breaks(journal: Path, *, as_json: Json = False) -> None:
    """What nobody has explained: breaks against drop copies and venues, and orders whose fate is unknown.

    Args:
        journal: the journal of a run, or the --out folder it is in.
        as_json: one JSON object on standard output.
    """
    from sottovoce.runtime.desk_views import open_breaks, unknown_orders

    system = folded(journal)
    found, unknown = open_breaks(system), unknown_orders(system)
    document = {"breaks": msgspec.to_builtins(found), "unknown": msgspec.to_builtins(unknown)}
    emit(document, as_json, lambda: _breaks_text(found, unknown))


def folded(journal: Path) -> System:
    """The desk a record folds to. Raises: NotFound, JournalError."""
    from sottovoce.adapters.calendar.sessions import load_calendar
    from sottovoce.adapters.journal.sqlite_journal import open_for_reading
    from sottovoce.adapters.reference.store import load_shipped
    from sottovoce.runtime.replay import fold, founded_system

    path = journal / "journal.db" if journal.is_dir() else journal
    if not path.is_file():
        sentence = f"There is no journal at {path}; give a journal or the --out folder of a run."
        raise NotFound(sentence, code="no_journal")
    record = open_for_reading(path)
    system = founded_system(record.meta(), load_shipped(), load_calendar())
    fold(system, record.steps(with_evidence=False))
    record.close()
    return system


def _queue_text(found: Sequence[QueuedOrder]) -> str:
    return "\n".join(line for held in found for line in _queued_lines(held)) or "Nothing waits for a person."


def _queued_lines(held: QueuedOrder) -> list[str]:
    what = f"{held.side} {held.order_qty:,} {held.instrument_id} of {held.principal} for {held.account}"
    lines = [f"{held.parent_id}: {what}, until {format_ns(held.expires_ns, 0)}", f"  digest {held.digest}"]
    for each in held.rules:
        state = f"released by {each.released_by}" if each.released_by else f"for {each.role}"
        lines.append(f"  {state}: {failure_text(each.rule)}")
    return lines


def _kills_text(found: Sequence[HaltInForce]) -> str:
    lines = []
    for halt in found:
        lines.append(
            f"{halt.scope} stopped by {halt.principal} at {format_ns(halt.since_ns, 3)}: {halt.reason};"
            f" {halt.confirmed} orders confirmed over, {halt.unconfirmed} unconfirmed, {halt.waiting} not asked yet"
        )
        lines += [f"  {row.cl_ord_id} at {row.venue}: {row.state}, asked {row.asked} times" for row in halt.orders]
    return "\n".join(lines) or "Nothing is stopped."


def _breaks_text(found: Sequence[BreakRow], unknown: Sequence[UnknownRow]) -> str:
    lines = []
    for each in found:
        held = "; its instrument is held, two people close it" if each.holding else ""
        proposed = f"; {each.proposed_by} has explained it" if each.proposed_by else ""
        kind = each.kind.replace("_", " ")
        lines.append(f"{each.break_id} {kind} at {each.venue} since {format_ns(each.opened_ns, 0)}{held}{proposed}")
        lines.append(f"  ours: {each.ours}; theirs: {each.theirs}")
    for row in unknown:
        said = f"; {row.proposed_by} says {row.proposed.replace('_', ' ')}" if row.proposed else ""
        shares = f"{row.leaves_qty:,} shares may still trade"
        lines.append(f"{row.cl_ord_id} at {row.venue}: unknown, {shares}, asked {row.questions} times{said}")
    return "\n".join(lines) or "Nothing is unexplained."
