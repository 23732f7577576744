"""Which text may enter: plain identifiers, short notes, and nothing a reader cannot see.

Control and formatting characters (bidi, zero-width), lone surrogates, private and unassigned code points, and text
that is not in its composed form (NFC) are refused, not cleaned: what a person approved must be what was entered.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

IDENTIFIER_LENGTH_MAX = 64
SYMBOL_LENGTH_MAX = 40
TEXT_LENGTH_MAX = 256
"""Longest free text in characters (a note, a reason)."""

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_SYMBOL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./&'+*-]{0,39}", re.ASCII)
_UNSEEN = ("C", "Zl", "Zp")
"""Categories of what is not seen or not a character: Cc, Cf, Cs, Co, Cn, and line and paragraph separators."""


def is_identifier(text: str) -> bool:
    """Whether a text is 1 to 64 characters of A-Z a-z 0-9 . _ : -"""
    return _IDENTIFIER.fullmatch(text) is not None


def is_iso_date(text: str) -> bool:
    """Whether a text is a day that exists, written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_symbol(text: str) -> bool:
    """Whether a text can be a symbol: ASCII, so that no look-alike letter of another script passes for one."""
    return _SYMBOL.fullmatch(text) is not None


def fault_of(text: str) -> str:
    """What is wrong with a free text, in a few words; "" when nothing is."""
    if len(text) > TEXT_LENGTH_MAX:
        return f"{len(text)} characters"
    if text.isascii() and text.isprintable():
        return ""
    for place, letter in enumerate(text):
        if unicodedata.category(letter).startswith(_UNSEEN):
            return f"U+{ord(letter):04X} at character {place + 1}"
    return "" if unicodedata.is_normalized("NFC", text) else "not in composed form (NFC)"


def shown(text: str) -> str:
    """A text as it may be repeated to people: its first 40 characters, what cannot be seen written out."""
    return ascii(text[:40])
