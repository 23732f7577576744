"""`sottovoce plan`: what an order will cost, three ways, before anything is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import cyclopts
import msgspec

from sottovoce.apps.output import Stopped, emit, failure_text, write_page

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def plan(
    order: str,
    *,
    date: str | None = None,
    config: Path | None = None,
    forecasts: Path | None = None,
    html: Path | None = None,
    as_json: Json = False,
) -> None:
    """Plan an order on the last known close: strategy, schedule, venues, cost with its interval, alternatives.

    Args:
        order: a sentence ("Buy $100M AAPL over 3 days with minimal market impact") or an order file.
        date: the first trading day; the day after the reference data's date when not given.
        config: a configuration file; the simulation desk when not given.
        forecasts: volume, volatility and spread of single sessions, as `sottovoce forecast … --save` writes them.
        html: also write the plan as one self-contained page.
        as_json: one JSON object on standard output.
    """
    from sottovoce.apps.desk_parts import open_parts
    from sottovoce.apps.orders_in import as_command, find_instrument, read_tickets, symbol_of
    from sottovoce.core.errors import MalformedMessage
    from sottovoce.runtime.preview import preview

    parts = open_parts(config, date, forecasts)
    tickets = read_tickets(order)
    if len(tickets) != 1:
        raise MalformedMessage("Plan one order at a time.", code="one_order")
    ticket = tickets[0]
    instrument = find_instrument(parts.reference, symbol_of(ticket))
    session = parts.sessions(1)[0]
    seen = preview(
        lambda now_ns: as_command(ticket, 1, session.date, now_ns, parts.calendar),
        instrument,
        session,
        parts.reference,
        parts.calendar,
        parts.config,
    )
    if seen.plan is None or seen.order is None:
        raise Stopped("The order would be stopped before any market sees it.", seen.stopped_by)
    from sottovoce.apps.documents import plan_documents

    documents = plan_documents(seen, instrument, parts.sessions(ticket.horizon.days))
    if html is not None:
        write_page(html, documents.html())
    body: dict[str, Any] = documents.json() | {
        "plan_digest": seen.plan_digest,
        "held_by": msgspec.to_builtins(seen.held_by),
        "reference_version": parts.reference.version,
    }

    def text() -> str:
        holds = [f"  {failure_text(rule)}" for rule in seen.held_by]
        approval = ["", "Needs a second person before anything is sent:", *holds] if holds else []
        return "\n".join([documents.text(), *approval])

    emit(body, as_json, text)
