"""Join neighbouring tokens that are one reading: "100 million dollars", "2 pm", "ten percent", "50 000"."""

from __future__ import annotations

from decimal import Decimal

from sottovoce.intake.numbers import words_to_number
from sottovoce.intake.tables import (
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    MULTIPLIERS,
    NUMBER_SCALES,
    PENCE_WORDS,
    PERCENT_WORDS,
    SHORT_MULTIPLIERS,
)
from sottovoce.intake.tokens import Token, clock_token

_NUMERIC = frozenset("NPMT")
_NOON = {"noon": (12, ""), "midday": (12, ""), "midnight": (0, "")}
_HALVES = {"am": "a", "pm": "p", "a.m": "a", "p.m": "p"}
_FRACTIONS = {("1", "2"): "0.5", ("1", "4"): "0.25", ("3", "4"): "0.75"}
_NEVER = frozenset({"nan", "inf", "infinity", "infinite"})


def shouting(tokens: list[Token]) -> bool:
    """True if no word of the text has a lower-case letter: case then says nothing about tickers."""
    return not any(char.islower() for token in tokens if token.kind == "W" for char in token.text)


def join(tokens: list[Token]) -> list[Token]:
    """All joins, in a fixed order; tokens are replaced, never reordered."""
    loud = shouting(tokens)
    tokens = _join_number_words(tokens, loud)
    tokens = _join_multipliers(tokens, loud)
    for rule in (_fraction, _thousands, _minus, _currency_before, _currency_after, _percent, _time, _pence, _no_number):
        tokens = _apply(tokens, rule)
    return _drop_hyphens(tokens)


def _apply(tokens: list[Token], rule: object) -> list[Token]:
    assert callable(rule)
    joined: list[Token] = []
    at = 0
    while at < len(tokens):
        found = rule(tokens, at)
        if found is None:
            joined.append(tokens[at])
            at += 1
        else:
            token, used = found
            joined.append(token)
            at += used
    return joined


def _join_number_words(tokens: list[Token], loud: bool) -> list[Token]:
    def rule(tokens: list[Token], at: int) -> tuple[Token, int] | None:
        words = []
        for token in tokens[at : at + 12]:
            if token.kind != "W" or (token.text.isupper() and len(token.text) > 1 and not loud):
                break
            words.append(token.cell)
        read = words_to_number(words) if words else None
        if read is None:
            return None
        value, used = read
        if used < len(words) and words[used] in {"quarters", "quarter", "third", "thirds"}:
            return None
        text = " ".join(token.text for token in tokens[at : at + used])
        return Token(text, "N", "N", value, scaled=words[used - 1] in NUMBER_SCALES), used

    return _apply(tokens, rule)


def _join_multipliers(tokens: list[Token], loud: bool) -> list[Token]:
    def rule(tokens: list[Token], at: int) -> tuple[Token, int] | None:
        number, word = tokens[at], _at(tokens, at + 1)
        if number.kind not in "NM" or number.value is None or number.scaled or word is None:
            return None
        if word.kind != "W" or word.cell not in MULTIPLIERS:
            return None
        if word.cell in SHORT_MULTIPLIERS and word.text.isupper() and not _unit_expected(tokens, at, loud):
            return None
        value = number.value.scaleb(MULTIPLIERS[word.cell])
        text = f"{number.text} {word.text}"
        return Token(text, number.kind, number.kind, value, None, number.ccy, scaled=True), 2

    return _apply(tokens, rule)


def _unit_expected(tokens: list[Token], at: int, loud: bool) -> bool:
    """Whether an upper-case K, M or B after a number is a unit: money before it, or a ticker after it."""
    following = _at(tokens, at + 2)
    if tokens[at].kind == "M":
        return True
    if following is None or following.kind != "W":
        return False
    return following.cell in {"shares", "of", "shs", "usd", "dollars"} or (
        following.text.isupper() and (loud or following.cell not in {"vwap", "twap", "pov", "is", "moc", "loc"})
    )


def _fraction(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    first, bar, second = tokens[at], _at(tokens, at + 1), _at(tokens, at + 2)
    if bar is None or second is None or bar.kind != "/" or first.kind != "N" or second.kind != "N":
        return None
    share = _FRACTIONS.get((first.text, second.text))
    if share is None:
        return None
    return Token(f"{first.text}/{second.text}", "P", "P", Decimal(share)), 3


def _thousands(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    first, used, text = tokens[at], 1, tokens[at].text
    if first.kind not in "NM" or not text[-1:].isdigit() or first.value is None or "." in text:
        return None
    while (part := _at(tokens, at + used)) is not None and part.text == "000" and part.kind == "N":
        text, used = text + " 000", used + 1
    if used == 1 or sum(char.isdigit() for char in first.text) > 3:
        return None
    return Token(text, first.kind, first.kind, first.value.scaleb(3 * (used - 1)), None, first.ccy), used


def _minus(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    word, number = tokens[at], _at(tokens, at + 1)
    if word.cell not in {"minus", "negative"} or number is None or number.kind not in "NMP":
        return None
    value = None if number.value is None else -number.value
    text = f"{word.text} {number.text}"
    return Token(text, number.kind, number.kind, value, number.fault, number.ccy, scaled=number.scaled), 2


def _currency_before(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    lead, number = tokens[at], _at(tokens, at + 1)
    if number is None or number.kind != "N":
        return None
    ccy = CURRENCY_SIGNS.get(lead.cell) if lead.kind != "W" else CURRENCY_WORDS.get(lead.cell)
    if ccy is None or (lead.kind == "W" and len(lead.cell) != 3):
        return None
    text = f"{lead.text}{number.text}"
    return Token(text, "M", "M", number.value, number.fault, ccy, scaled=number.scaled), 2


def _currency_after(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    number, word = tokens[at], _at(tokens, at + 1)
    if word is None or number.kind not in "NM":
        return None
    lead = CURRENCY_SIGNS.get(word.cell) if word.kind != "W" else CURRENCY_WORDS.get(word.cell)
    if lead is None or (number.ccy is not None and number.ccy != lead):
        return None
    text = f"{number.text} {word.text}"
    return Token(text, "M", "M", number.value, number.fault, lead, scaled=number.scaled), 2


def _percent(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    number, word, third = tokens[at], _at(tokens, at + 1), _at(tokens, at + 2)
    if number.kind != "N" or word is None:
        return None
    used = 2 if word.cell in PERCENT_WORDS else 0
    if word.cell == "per" and third is not None and third.cell == "cent":
        used = 3
    if not used:
        return None
    value = None if number.value is None else number.value.scaleb(-2)
    return Token(f"{number.text}%", "P", "P", value, number.fault), used


def _time(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    token, word = tokens[at], _at(tokens, at + 1)
    if token.cell in _NOON:
        return clock_token(token.text, *_noon(token.cell)), 1
    if token.kind == "N" and token.value == 12 and word is not None and word.cell in _NOON:
        return clock_token(f"12 {word.text}", *_noon(word.cell)), 2
    if word is None or token.kind not in "NT" or (token.value is None and token.kind == "N"):
        return None
    if token.kind == "N" and word.cell in {*_HALVES, "o'clock", "oclock"} and token.text.isdigit():
        return clock_token(f"{token.text} {word.text}", int(token.text[:4]), 0, _HALVES.get(word.cell, "")), 2
    if token.kind == "T" and word.cell in _HALVES and ":" in token.text:
        hour, minute = token.text.split(":")[:2]
        return clock_token(f"{token.text} {word.text}", int(hour), int(minute[:2]), _HALVES[word.cell]), 2
    return None


def _noon(word: str) -> tuple[int, int, str]:
    return _NOON[word][0], 0, ""


def _pence(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    number, word = tokens[at], _at(tokens, at + 1)
    if number.kind != "N" or number.scaled or word is None or word.cell not in PENCE_WORDS:
        return None
    if word.text.isupper() and len(word.text) == 1:
        return None
    return Token(f"{number.text} {word.text}", "N", "N", number.value, number.fault), 2


def _no_number(tokens: list[Token], at: int) -> tuple[Token, int] | None:
    word = tokens[at]
    if word.kind != "W" or word.cell not in _NEVER or (word.text.isupper() and _after_number(tokens, at)):
        return None
    following = _at(tokens, at + 1)
    percent = following is not None and following.cell in PERCENT_WORDS
    kind = "P" if percent else "N"
    return Token(word.text, kind, kind, None, "non_finite"), 2 if percent else 1


def _after_number(tokens: list[Token], at: int) -> bool:
    return at > 0 and tokens[at - 1].kind in "NM"


def _drop_hyphens(tokens: list[Token]) -> list[Token]:
    """A hyphen means a range only between two quantities or before a word such as close."""
    kept = []
    for at, token in enumerate(tokens):
        if token.kind == "-":
            before, after = _at(tokens, at - 1), _at(tokens, at + 1)
            numeric = before is not None and before.kind in _NUMERIC
            ranges = after is not None and (after.kind in _NUMERIC or after.cell == "close")
            if not (numeric and ranges):
                continue
        kept.append(token)
    return kept


def _at(tokens: list[Token], at: int) -> Token | None:
    return tokens[at] if 0 <= at < len(tokens) else None
