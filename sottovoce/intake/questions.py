"""What to ask the trader: one sentence for each thing missing or not understood."""

from __future__ import annotations

from sottovoce.intake.ticket import Ticket

_MISSING = {
    "side": "Which side: buy, sell, sell short or buy to cover?",
    "size": "How much: a number of shares, an amount of money, or a part of the position or of ADV?",
    "symbol": "Which instrument: a ticker such as AAPL, or with its market such as VOD LN?",
    "participation": "Which share of market volume, above 0 % and up to 50 %?",
}
_EXISTING = "Which orders: an order number, a symbol, a side, a basket, or all?"
_TARGETS = "Which weights: a share of the account for each symbol, such as 60% SPY?"
_ISSUES = {
    "ambiguous_unit": (
        "A unit is unclear{of}: write shares in full or with k or m, minutes as min, prices in the instrument's own "
        "unit."
    ),
    "approval_requested": "An order cannot be approved from its own ticket: a person with the right role does that.",
    "bypass_requested": "Checks, limits and approvals are not skipped: leave that out and send the order again.",
    "conflicting_price": "Two prices, or a price word and a side, disagree: which limit is meant?",
    "conflicting_side": "Two sides are given for one order: buy or sell?",
    "conflicting_size": "Two sizes are given for one order: which one is meant?",
    "conflicting_time": "The times disagree: when does it start, and when does it end?",
    "instruction_in_data": (
        "Quoted or forwarded text holds instructions; it was not read. State the order in your own words."
    ),
    "negative_value": "A value is negative; sizes, prices and rates are positive. Which one is meant?",
    "non_finite": "A number is not finite: which value is meant?",
    "out_of_range": "A value is outside what an order may have: a rate is above 0 % and at most 50 %.",
    "symbol_ambiguous": "Several instruments fit: which one is meant?",
    "symbol_unresolved": "A name could not be resolved to an instrument{of}: give the ticker.",
    "unparsed_text": "Not understood{of}: what does it mean for the order?",
    "zero_quantity": "The size is zero: how much is meant?",
}


def questions(ticket: Ticket) -> list[str]:
    """Sentences that together make the ticket complete; empty if it is.

    Args: ticket: as parsed. Returns: what is missing first, then one sentence for each issue, in their order.
    """
    asked = [_missing(ticket, name) for name in ticket.missing]
    quoted = ticket.words.get("unparsed_text", "")
    of = {"unparsed_text": f" ({quoted})" if quoted else ""}
    if "symbol_unresolved" in ticket.issues and "symbol" in ticket.missing:
        asked = [sentence for sentence in asked if sentence != _MISSING["symbol"]]
    asked += [_ISSUES[issue].format(of=of.get(issue, "")) for issue in ticket.issues if issue in _ISSUES]
    return list(dict.fromkeys(asked))


def _missing(ticket: Ticket, name: str) -> str:
    if name == "symbol" and ticket.intent in {"cancel", "pause", "resume", "modify"}:
        return _EXISTING
    if ticket.intent == "rebalance":
        return _TARGETS
    return _MISSING[name]
