"""Symbols as people write them: "brk/b us", "BRK.B", "BRK B", "BRK.B.XNYS" are one share of one company.

A text gives a few exact readings, most literal first, and one of them is in the master or none is: nothing is
guessed. The canonical symbol is "BRK.B US"; the instrument id is the same with a dot, "BRK.B.US".
"""

from __future__ import annotations

import re
import unicodedata

DEFAULT_MARKET = "US"
TEXT_LENGTH_MAX = 32

_WORD = re.compile(r"[A-Z0-9]+", re.ASCII)
_CANONICAL = re.compile(r"[A-Z0-9]{1,10}(?:\.[A-Z0-9]{1,3})? [A-Z]{2}", re.ASCII)
_MARKET = re.compile(r"[A-Z]{2}", re.ASCII)
_MIC = re.compile(r"[A-Z][A-Z0-9]{3}", re.ASCII)
_ASSET_CLASS = "EQUITY"


def is_canonical(symbol: str) -> bool:
    """Whether a symbol is a ticker and a two-letter market: "AAPL US", "BRK.B US"."""
    return _CANONICAL.fullmatch(symbol) is not None


def is_mic(text: str) -> bool:
    """Whether a text has the form of a market identifier code, ISO 10383."""
    return _MIC.fullmatch(text) is not None


def instrument_id(symbol: str) -> str:
    """Id of a canonical symbol: "BRK.B US" gives "BRK.B.US"."""
    return symbol.replace(" ", ".")


def readings(text: str) -> list[tuple[str, str]]:
    """What a text may mean: pairs of ticker and suffix, a market ("US"), a listing ("XNAS") or nothing ("").

    "brk/b us" gives ("BRK.B", "US") before anything else; a text that cannot be a symbol gives none.
    """
    words = _words(text)
    found = []
    if len(words) > 1 and (_MARKET.fullmatch(words[-1]) or _MIC.fullmatch(words[-1])):
        found.append((".".join(words[:-1]), words[-1]))
    if words:
        found.append((".".join(words), ""))
    return found


def _words(text: str) -> list[str]:
    """The alphanumeric parts of a symbol in upper case; none where there is anything else in it."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain.isascii() or len(plain) > TEXT_LENGTH_MAX:
        return []
    words = re.split(r"\s+|[./-]", plain)
    if not all(_WORD.fullmatch(word) for word in words):
        return []
    return words[:-1] if len(words) > 1 and words[-1] == _ASSET_CLASS else words
