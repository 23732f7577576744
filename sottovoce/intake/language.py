"""The ticket language: from a trader's sentence to a Ticket, by tables and rules only.

    normalise (NFKC) → tokens → joins → symbols → clauses in a fixed order → legs → what is left → Ticket

Nothing is learned, guessed or fetched. The same text and context give the same bytes. Whatever the text,
the answer is a Ticket: what was not understood is in its `missing` and `issues`, never an exception.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from sottovoce.intake.algos import take_algos, take_caps, take_lone_rate
from sottovoce.intake.constraints import take_constraints
from sottovoce.intake.drafting import basket, existing, kill, question, rebalance, single
from sottovoce.intake.existing import read_changes, read_scope
from sottovoce.intake.foreign import strip_foreign
from sottovoce.intake.horizon import take_horizon
from sottovoce.intake.intents import intent_of
from sottovoce.intake.joining import join, shouting
from sottovoce.intake.legs import read_legs
from sottovoce.intake.price import take_auction_limit, take_prices
from sottovoce.intake.query import read_query
from sottovoce.intake.reading import Reading
from sottovoce.intake.rebalance import read_rebalance, take_account
from sottovoce.intake.refusals import take_refusals
from sottovoce.intake.sides import mark_sides
from sottovoce.intake.sizes import take_position_words, take_relative_sizes, take_vague_sizes
from sottovoce.intake.symbols import Names, mark_symbols
from sottovoce.intake.ticket import Ticket
from sottovoce.intake.tif import take_lone_day, take_time_in_force
from sottovoce.intake.tokens import normalise, scan
from sottovoce.intake.urgency import take_urgency
from sottovoce.intake.venues import take_venues

TEXT_MAX = 1_000
"""Characters of a sentence; a longer text is no ticket and is returned unread."""


def parse_ticket(
    text: str,
    context: Mapping[str, object] | None = None,
    known_symbols: Container[str] | None = None,
    *,
    aliases: Mapping[str, str] | None = None,
) -> Ticket:
    """Read one instruction.

    Args:
        text: what the trader wrote.
        context: fields already known ("side", "symbol", "quantity", "account", "order_id", …); they fill
            only what the text lacks, and a contradiction is a conflict.
        known_symbols: symbols that exist, as "AAPL US" or, for the US, "AAPL"; others stay unresolved.
        aliases: exact names in lower case and the symbols they stand for.
    Returns: a Ticket, for any text. Never raises on its content.
    """
    said = context or {}
    if len(text) > TEXT_MAX:
        reading = Reading([], loud=False)
        reading.issues.add("unparsed_text")
        return single(reading, read_legs(reading), said)
    plain, foreign = strip_foreign(normalise(text))
    tokens = join(scan(plain))
    loud = shouting(tokens)
    names = Names(known=known_symbols, aliases=aliases or {})
    reading = Reading(mark_symbols(tokens, names, loud=loud), loud=loud)
    reading.issues |= foreign
    take_refusals(reading)
    return _by_intent(reading, said)


def _by_intent(reading: Reading, context: Mapping[str, object]) -> Ticket:
    intent = intent_of(reading)
    if intent == "kill":
        return kill(reading)
    if intent == "query":
        take_account(reading)
        read_query(reading, _texts(context))
        return question(reading)
    if intent in {"cancel", "pause", "resume"}:
        found = read_scope(reading, _texts(context))
        return existing(reading, intent, found=found)
    if intent == "modify":
        return _modified(reading, context)
    if intent == "rebalance":
        return _rebalanced(reading)
    return _ordered(reading, context)


def _texts(context: Mapping[str, object]) -> dict[str, str]:
    texts = {name: str(value) for name, value in context.items() if isinstance(value, (str, int))}
    for other in ("parent_order", "parent_order_id", "order"):
        if other in texts:
            texts.setdefault("order_id", texts[other])
    return texts


def _modified(reading: Reading, context: Mapping[str, object]) -> Ticket:
    found = read_scope(reading, _texts(context), sides=False)
    read_changes(reading)
    return existing(reading, "modify", found=found)


def _rebalanced(reading: Reading) -> Ticket:
    _take_clauses(reading)
    weights = read_rebalance(reading)
    return rebalance(reading, weights)


def _take_clauses(reading: Reading) -> None:
    """The clauses of an order that are neither price, side, size nor symbol."""
    take_constraints(reading)
    take_auction_limit(reading)
    take_time_in_force(reading)
    take_caps(reading)
    take_horizon(reading)
    take_algos(reading)
    take_urgency(reading)
    take_venues(reading)


def _ordered(reading: Reading, context: Mapping[str, object]) -> Ticket:
    take_account(reading)
    _take_clauses(reading)
    take_relative_sizes(reading)
    take_vague_sizes(reading)
    take_prices(reading)
    mark_sides(reading)
    take_position_words(reading)
    take_lone_rate(reading)
    take_lone_day(reading)
    legs = read_legs(reading)
    if len(legs) > 1:
        return basket(reading, legs, context)
    return single(reading, legs, context)
