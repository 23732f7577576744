"""Whatever the text: a Ticket, the same one every time, that keeps its own rules."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.intake.language import parse_ticket
from sottovoce.intake.phrases import VOCABULARY
from sottovoce.intake.questions import questions
from sottovoce.intake.ticket import OPEN_ISSUES, REJECTING, Ticket, status_of
from tests.intake.phrasings import PHRASINGS

WORDS = st.sampled_from(
    (
        *sorted(VOCABULARY),
        *("AAPL", "MSFT", "VOD LN", "10k", "$5m", "10%", "190", "-5", "NaN", "1e309", "10:00", "2pm", "1042", "#7"),
        *('"', "(", ")", ",", ";", ".", "½", "\u200b", "АAPL", "1e-400", "9" * 30, "€", "£5", "5,00", "99:99"),
    )
)
TEXTS = st.one_of(
    st.text(max_size=120),
    st.lists(WORDS, max_size=14).map(" ".join),
    st.tuples(st.sampled_from([text for _, text, _, _ in PHRASINGS]), WORDS, st.integers(0, 20)).map(
        lambda parts: " ".join([*parts[0].split()[: parts[2]], parts[1], *parts[0].split()[parts[2] :]])
    ),
)
CONTEXTS = st.sampled_from([None, {"side": "sell"}, {"symbol": "AAPL US", "quantity": 5}, {"limit": "x", "side": 3}])


@settings(max_examples=600, deadline=None)
@given(TEXTS, CONTEXTS)
def test_any_text_gives_one_ticket_that_keeps_the_rules(text: str, context: dict[str, object] | None) -> None:
    ticket = parse_ticket(text, context)
    assert msgspec.json.encode(ticket) == msgspec.json.encode(parse_ticket(text, context))
    assert ticket.status == status_of(ticket.missing, ticket.issues)
    assert ticket.missing == sorted(set(ticket.missing))
    assert ticket.issues == sorted(set(ticket.issues))
    assert set(ticket.issues) <= REJECTING | OPEN_ISSUES
    assert bool(questions(ticket)) == (ticket.status != "complete")


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_a_complete_order_has_side_size_and_symbol(text: str) -> None:
    ticket = parse_ticket(text)
    if ticket.status != "complete" or ticket.intent != "new":
        return
    sizes = [size for size in (ticket.quantity, ticket.notional, ticket.quantity_rule) if size is not None]
    assert ticket.side is not None
    assert ticket.symbol is not None
    assert len(sizes) == 1
    assert ticket.quantity is None or ticket.quantity > 0


def test_every_field_has_the_type_it_declares() -> None:
    """msgspec does not check a constructor; decoding does."""
    for _, text, context, _ in PHRASINGS:
        plain = msgspec.to_builtins(parse_ticket(text, context))
        assert msgspec.convert(plain, Ticket).status in {"complete", "incomplete", "rejected"}
