"""Orders as people give them: a sentence, or a JSON or TOML file; what is not understood is asked about."""

from __future__ import annotations

from pathlib import Path

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.commands import NewOrder
from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.intake.ticket import Ticket
from sottovoce.runtime.config import ACCOUNT, TRADER


def read_tickets(text: str) -> list[Ticket]:
    """Tickets from a sentence, or from a file when the text is the path of one.

    Raises: MalformedMessage, code ticket_incomplete or ticket_rejected with a question for each gap; NotFound.
    """
    from sottovoce.intake.language import parse_ticket
    from sottovoce.intake.order_file import read_order_file
    from sottovoce.intake.questions import questions

    path = Path(text)
    is_file = path.suffix in (".json", ".toml")
    if is_file and not path.is_file():
        raise NotFound(f"There is no order file {text}; give a sentence, or the path of a file.", code="no_file")
    tickets = read_order_file(path) if is_file else [parse_ticket(text)]
    for ticket in tickets:
        if ticket.status != "complete":
            asked = " ".join(questions(ticket))
            raise MalformedMessage(asked or "The order is not complete.", code=f"ticket_{ticket.status}")
    return tickets


def find_instrument(reference: ReferenceVersion, symbol: str) -> Instrument:
    """The instrument of a symbol. Raises NotFound with the nearest names."""
    found = reference.resolve(symbol)
    if found is None:
        near = ", ".join(reference.suggest(symbol))
        hint = f"did you mean {near}?" if near else "load it with a reference file."
        sentence = f"No instrument {symbol!r} in reference version {reference.version}; {hint}"
        raise NotFound(sentence, code="unknown_symbol")
    return found


def as_command(ticket: Ticket, number: int, date: str, now_ns: int, calendar: Calendar) -> NewOrder:
    """The gateway's command for a ticket entered at now_ns on a date of the calendar."""
    from sottovoce.intake.to_order import to_new_order

    return to_new_order(
        ticket,
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=f"C-{number}",
        now_ns=now_ns,
        wall_clock=lambda clock: calendar.wall_ns(date, clock),
    )


def understood(ticket: Ticket) -> str:
    """What was understood, with the words it was read from."""
    said = [f"{field}: {words!r}" for field, words in sorted(ticket.words.items())]
    return "Understood " + "; ".join(said) if said else ""


def symbol_of(ticket: Ticket) -> str:
    """The symbol of a complete ticket. Raises MalformedMessage for baskets and other requests."""
    if ticket.symbol is None:
        sentence = f"A {ticket.intent} request cannot be worked from here yet; give one order in one name."
        raise MalformedMessage(sentence, code="not_supported")
    return ticket.symbol
