"""Rebalances: an account, and the weights it should end with (R11)."""

from __future__ import annotations

from decimal import Decimal

from sottovoce.intake.constraints import identifier
from sottovoce.intake.phrases import phrase
from sottovoce.intake.reading import TAKEN, Reading
from sottovoce.intake.ticket import Weight

_ACCOUNT = phrase(
    "[the|my|our] (account|acct|a/c|fund|portfolio|book|mandate|sleeve) [id|number|no|#] <w:NI>",
    "[the|my|our] (account|acct|a/c|fund|portfolio|book|mandate|sleeve) [id|number|no|#] <w:*> !(<P>)",
    "[the|my|our] <w:I> [account|portfolio|fund|book|mandate]",
    "[the|my|our] <w:*> (account|portfolio|fund|book|mandate)",
    "<w:*> =([so|such] [that] [it] (to|into|towards|toward|at|is))",
)
_NOT_ACCOUNTS = frozenset("to into towards the my our a it us up , ; and & target targets weights".split())
_NEW_ACCOUNT = phrase(
    "[for|in|into|on|to|from|against] [the|my|our] (account|acct|a/c) [id|number|no|#|is] <w:*>",
    "(for|in|on behalf of|into|from) [the|our] <w:I> [account|fund|portfolio]",
    "(for|in|on behalf of|into) [the|our] [fund|portfolio|account] <w:I>",
)
_CASH = phrase("[and] <p:P> [in] cash", "cash <p:P>", "[and] [the] (rest|balance|remainder) [in] cash")
_WEIGHT = phrase(
    "<p:P> [in|of|to|into] <s:SU>",
    "<s:SU> [at|to|-|is|weight] <p:P>",
    "<p:P> [in|of|to|into] [the] <s:*>",
)
_WORDS = phrase(
    "(weights|weight|weighted|weighting|target|targets|targeting|allocation|allocations|mix|of|portfolio|account|"
    "fund|back|holdings|done|completed|finished|"
    "executed|with|to|into|so that it is|should be|be|towards|toward|model)"
)


def take_account(reading: Reading) -> None:
    """The account of an ordinary order, where it is named as one."""
    match = reading.take(_NEW_ACCOUNT, "account")
    if match is not None:
        reading.values["account"] = identifier(reading, reading.tokens[match.at("w")].text)


def read_rebalance(reading: Reading) -> list[Weight]:
    """Read account and weights; the clauses shared with orders have been taken before."""
    _take_account(reading)
    weights: list[Weight] = []
    total = _take_cash(reading)
    for match in reading.take_all(_WEIGHT, "targets"):
        token = reading.token(match, "p")
        symbol = _symbol(reading, match.at("s"))
        if token.fault or token.value is None:
            reading.issues.add(token.fault or "ambiguous_unit")
            continue
        total += token.value
        if token.value < 0:
            reading.issues.add("negative_value")
        weights.append(Weight(symbol=symbol, weight=format(token.value, "f")))
    names = [weight.symbol for weight in weights if weight.symbol is not None]
    if total > 1:
        reading.issues.add("out_of_range")
    if len(set(names)) != len(names):
        reading.issues.add("conflicting_size")
    while reading.take(_WORDS):
        pass
    return weights


def _take_account(reading: Reading) -> None:
    """The named account; or the first symbol, where there is one more of them than weights."""
    start = 0
    while (match := reading.find(_ACCOUNT, start)) is not None:
        start = match.start() + 1
        at = match.at("w")
        word = reading.cells[at]
        if word in _NOT_ACCOUNTS or word == TAKEN or reading.tokens[at].kind in "PMT":
            continue
        reading.use(match, "account")
        reading.values["account"] = identifier(reading, reading.tokens[at].text)
        return
    symbols, weights = reading.unread(kinds="SUI"), reading.unread(kinds="P")
    if symbols and weights and len(symbols) > len(weights) and symbols[0] < weights[0]:
        reading.values["account"] = identifier(reading, reading.tokens[symbols[0]].text)
        reading.use_cells(range(symbols[0], symbols[0] + 1), "account")


def _take_cash(reading: Reading) -> Decimal:
    match = reading.take(_CASH, "targets")
    if match is None or "p" not in match:
        return Decimal(0)
    return reading.token(match, "p").value or Decimal(0)


def _symbol(reading: Reading, at: int) -> str | None:
    token = reading.tokens[at]
    if token.kind == "S":
        return token.name
    reading.issues.add("symbol_unresolved")
    return None
