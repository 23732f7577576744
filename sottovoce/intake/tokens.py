"""From text to tokens: normalise, cut, join.

Text is read in Unicode NFKC. Compatibility forms that change a number's meaning (superscripts, circled
digits) and every character outside printable ASCII and the currency signs make their word opaque: it is
seen, never interpreted, so a look-alike letter or an invisible character cannot pass for another symbol.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from sottovoce.intake.numbers import decimal_of
from sottovoce.intake.tables import CURRENCY_SIGNS, CURRENCY_WORDS, GLUED_UNITS, MULTIPLIERS, PERCENT_WORDS

_PLAIN_MARKS = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‐": "-", "‑": "-",
     "‒": "-", "–": "-", "—": "-", "−": "-", "⁄": "/", "×": "x", "´": "'"}
)  # fmt: skip
_CHANGES_MEANING = ("<super>", "<sub>", "<circle>", "<square>")
_SEEN = re.compile(r"[\x21-\x7e£€¥]+")

_TIME = r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?(?P<half>[ap])\.?m\b\.?"
_CLOCK = r"(?P<chour>\d{1,2}):(?P<cminute>\d{2})(?::\d{2})?(?:h|hrs)?(?![\d:])"
_MONEY_LEAD = "|".join(re.escape(sign) for sign in sorted(CURRENCY_SIGNS, key=len, reverse=True))
_ISO_LEAD = "|".join(sorted(code for code in CURRENCY_WORDS if len(code) == 3))
_NUMBER = (
    rf"(?P<sign>(?<![\w%)])[-+])?(?:(?P<lead>{_MONEY_LEAD}|(?:{_ISO_LEAD})(?=[\d.]))(?P<inner>-)?)?"
    r"(?P<digits>\d[\d_]*(?:[,'.]\d[\d_]*)*|\.\d+)(?P<exp>e[-+]?\d+)?(?P<tail>[a-z]+|%)?(?P<pct>%)?(?![a-z0-9])"
)
_WORD = r"\$?[a-z][a-z0-9_]*(?:[.&'/-][a-z0-9]+)*(?:/\Z)?"
_SCAN = re.compile(rf"{_TIME}|{_CLOCK}|{_NUMBER}|(?P<word>{_WORD})|(?P<odd>[a-z0-9]+)|(?P<mark>.)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=\d)'s\b|(?<=[A-Za-z])'(?:re|ve)\b", re.IGNORECASE)
_BRACKETED = re.compile(r"\([$£€¥]?\d[\d.,]*[kmb]*\)[,;.]?", re.IGNORECASE)
_TAIL = re.compile(rf"(?P<mult>{'|'.join(sorted(MULTIPLIERS, key=len, reverse=True))})?(?P<iso>{_ISO_LEAD})?")


@dataclass(slots=True)
class Token:
    """One cell of the line. kind: W word, N number, P percent, M money, T time, S symbol, I identifier,
    F relative size, X opaque, or a mark itself. `cell` is what phrases are matched against."""

    text: str
    kind: str
    cell: str
    value: Decimal | None = None
    fault: str | None = None
    ccy: str | None = None
    name: str = ""
    scaled: bool = False
    glued: bool = False


def normalise(text: str) -> str:
    """NFKC, with typographic quotes and dashes made plain and meaning-changing forms made opaque."""
    if text.isascii():
        return text
    pieces = []
    for char in text:
        form = unicodedata.decomposition(char)
        if form.startswith(_CHANGES_MEANING):
            pieces.append("\ufffd")
        elif form.startswith("<fraction>"):
            pieces.append(" " + char)
        else:
            pieces.append(char)
    return unicodedata.normalize("NFKC", "".join(pieces).replace("\ufeff", " ", 1)).translate(_PLAIN_MARKS)


def scan(text: str) -> list[Token]:
    """Cut normalised text into tokens; numbers are read, words are lowered in their cells."""
    return [token for chunk in _POSSESSIVE.sub("", text).split() for token in _scan_chunk(chunk)]


def _scan_chunk(chunk: str) -> Iterator[Token]:
    if chunk.strip(",;.?!") == "∞":
        yield Token(chunk, "N", "N", None, "non_finite")
        return
    if _BRACKETED.fullmatch(chunk):
        yield Token(chunk, "N", "N", None, "ambiguous_unit")
        return
    if not _SEEN.fullmatch(chunk):
        core = chunk.rstrip(",;.?!")
        yield Token(core, "X", "X")
        yield from (Token(mark, mark, mark) for mark in chunk[len(core) :] if mark in ",;")
        return
    at = 0
    while at < len(chunk):
        match = _SCAN.match(chunk, at)
        assert match is not None, "every character is at least a mark"
        yield from _read(match, glued=at > 0)
        at = match.end()


def _read(match: re.Match[str], *, glued: bool) -> Iterator[Token]:
    text = match.group()
    if match["hour"] is not None:
        yield clock_token(text, int(match["hour"]), int(match["minute"] or 0), match["half"].lower())
    elif match["chour"] is not None:
        yield clock_token(text, int(match["chour"]), int(match["cminute"]), "")
    elif match["digits"] is not None:
        yield from _read_number(match)
    elif match["word"] is not None:
        yield from _read_word(text)
    elif match["odd"] is not None:
        yield Token(text, "I", "I")
    elif text not in "!.:=\"()[]{}'`*<>|":
        yield Token(text, text, text, glued=glued)
    elif text == ".":
        yield Token(text, ";", ";")


def clock_token(text: str, hour: int, minute: int, half: str) -> Token:
    """A time of day as HH:MM in name; half is "a", "p" or "" for a clock time without one."""
    if half and not 1 <= hour <= 12:
        return Token(text, "T", "T", fault="out_of_range")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23 or minute > 59:
        return Token(text, "T", "T", fault="out_of_range")
    if not half and 1 <= hour <= 6:
        hour += 12
    return Token(text, "T", "T", name=f"{hour:02d}:{minute:02d}")


def _read_number(match: re.Match[str]) -> Iterator[Token]:
    text, tail = match.group(), (match["tail"] or "").lower()
    unit = GLUED_UNITS.get(tail)
    percent = tail in PERCENT_WORDS or match["pct"] is not None
    parts = _TAIL.fullmatch("" if unit or tail in PERCENT_WORDS or tail in {"p", "c"} else tail)
    if parts is None or (match["pct"] and tail and not percent):
        yield Token(text, "I", "I")
        return
    value, fault = decimal_of(match["digits"], (match["exp"] or "").lower(), parts["mult"] or "")
    if value is not None and (match["sign"] == "-" or match["inner"]):
        value = -value
    lead = (match["lead"] or "").lower()
    ccy = CURRENCY_SIGNS.get(lead) or CURRENCY_WORDS.get(lead or parts["iso"] or "")
    kind = "P" if percent else "M" if ccy else "N"
    if percent and value is not None:
        value = value.scaleb(-2)
    yield Token(text, kind, kind, value, fault, ccy, scaled=bool(parts["mult"]))
    if unit:
        yield Token(tail, "W", unit, glued=True)


def _read_word(text: str) -> Iterator[Token]:
    if text.startswith("$"):
        yield Token(text[1:].upper(), "W", text[1:].lower(), name="cashtag")
        return
    bare = text[:-2] if text.lower().endswith("'s") else text
    bare = bare.replace("'", "")
    if "-" in bare and not _is_identifier(bare):
        for part in bare.split("-"):
            yield from _read_word(part)
        return
    if "-" in bare:
        yield Token(bare, "I", "I")
        return
    head, slash, rest = bare.partition("/")
    if slash and not rest:
        yield Token(bare, "W", bare.lower())
        return
    if slash and not (len(rest) == 1 and rest.isalpha() and len(head) <= 5):
        yield from _read_word(head)
        yield Token("/", "/", "/")
        yield from scan(rest)
        return
    yield Token(bare, "W", bare.lower())


def _is_identifier(word: str) -> bool:
    parts = word.split("-")
    mixed = any(not part.isalpha() for part in parts)
    shouted = word.upper() == word and word.lower() not in _HYPHENATED
    return mixed or any(len(part) == 1 for part in parts) or (shouted and len(parts) == 2)


_HYPHENATED = frozenset(
    (
        "post-only buy-to-cover short-sell sell-short day-only dark-only lit-only mid-peg pegged-mid mid-point "
        "time-weighted volume-weighted cash-neutral dollar-neutral stop-limit stop-loss limit-on-close "
        "market-on-close limit-on-open market-on-open end-of-day pre-trade self-approve auto-approve re-balance "
        "good-till-cancelled good-till-canceled in-line"
    ).split()
)
