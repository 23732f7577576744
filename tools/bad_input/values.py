"""Every kind of wrong a value can be, by what it is meant to be. Each is a JSON token, so that none has to be legal."""

from __future__ import annotations

import json

LONE = '"\\ud800"'
"""A lone surrogate, as JSON writes it."""

NOT_JSON = ["NaN", "Infinity", "-Infinity", "+1", "01", "0x10", "1_000", ".5", "1.", "'1'", "None", "", "１０"]
FLOATS = ["1.5", "1e3", "1E2", "1e309", "-1e309", "0.30000000000000004", "1e-400", "0.1e1", "-0.0", "5e-324"]
NOT_TEXT = ["true", "false", "[]", "{}", "[1]", '{"a":1}', "1", "-1", "0", "1.5", "NaN", "Infinity", '["x"]']

HIDDEN = ["\u0000", "\u0007", "\u001b[31m", "\u007f", "\u0085", "\u200b", "\u200c", "\u200d", "\u200e", "\u202a",
          "\u202e", "\u2060", "\u2066", "\u2069", "\ufeff", "\u061c", "\u00ad", "\u2028", "\u2029", "\ue000",
          "\ufdd0", "\U000e0041"]  # fmt: skip
"""Control, bidi, zero-width, formatting, private and unassigned: what nobody sees."""


def text(value: str) -> str:
    """A string as a JSON token."""
    return json.dumps(value)


WHOLES = [
    *NOT_JSON, *FLOATS, "-0", "-1", "-100", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
    "1" + "0" * 30, "9" * 400, "9" * 5_000, "true", "false", "[]", "{}", "[100]", '{"qty":100}',
    text(""), text("100"),
    text("1e3"), text("１０"), text("NaN"), text("-0"), text("100\u200b"), LONE,
]  # fmt: skip
"""Never a whole number of shares or nanoseconds."""

_DECIMAL_TEXTS = [
    "", " ", "NaN", "nan", "sNaN", "-NaN", "Infinity", "-Infinity", "inf", "-0", "-0.0", "-1",
    "+1", "1e3", "1E-3", "1e309",
    "1E+2", "0", "0.0", "00", "0.000000", "1_000", "1,000", "1 000", "1'000", "１２", "٣", "१२",
    "𝟏𝟐", "1.", ".5", "1.1234567",
    "0.30000000000000004", "1." + "0" * 29 + "1", "0x10", "1\n", "\t1", "½", "²", "1.0.0", "1..2", "9" * 16,
    "9223372036854775808", "1" + "0" * 40, "9" * 5_000, " 1", "1 ", "$1", "1USD", "1%", "1/2",
    "--1", "1-", "e", "0b1",
    "null", "true", "0.1+0.2", "1;2", "1．5", "1٫5", "(1)",
]  # fmt: skip
DECIMALS = [*(text(each) for each in _DECIMAL_TEXTS), *(text("1" + each) for each in HIDDEN), LONE, *NOT_TEXT]
"""Never a positive plain decimal."""

_NAME_TEXTS = [
    "", " ", "a b", "x" * 65, "a/b", "a\\b", "ä", "a\u0301", "а", "ａ", "a\n", "a\tb", "’",
    "'; drop table orders;--", "<b>",
    "a,b", "a;b", "${x}", "%s%n", "../../etc/passwd", "x" * 5_000, "🙂", "ﬀ", "a=b", "a'b", '"',
    "a|b", "{}", "a@b", "#a",
]  # fmt: skip
NAMES = [*(text(each) for each in _NAME_TEXTS), *(text("a" + each) for each in HIDDEN), LONE, *NOT_TEXT]
"""Never an identifier."""

_SYMBOL_TEXTS = [
    "", " ", "ААPL US", "AΑPL US", "ＡＡＰＬ US", "ᴀᴀᴘʟ US", "AAPL＿US", "AAPL\u00a0US", "NOSUCH US",
    "AAPL ZZ", "AAPL USA US",
    "Ａ", "М SFT", "🍎", "AAPL;US", "AAPL\nUS", "=AAPL", "-AAPL", "@AAPL", "A" * 41, "A" * 5_000, "AAPL'--", "<AAPL>",
    "ÅAPL US", "A\u030aAPL US", "٣M US", "apple", "1", "AAPL|US",
]  # fmt: skip
SYMBOLS = [
    *(text(each) for each in _SYMBOL_TEXTS),
    *(text(f"AA{each}PL US") for each in HIDDEN),
    *(text(f"AAPL US{each}") for each in HIDDEN),
    LONE,
    *NOT_TEXT,
]
"""Never a symbol of the master."""

_WORD_TEXTS = [
    "",
    " ",
    "BUY",
    "Buy",
    "buy ",
    " buy",
    "ｂｕｙ",
    "buу",
    "long",
    "1",
    "none_such",
    "x" * 5_000,
    "b\u0000",
    "null",
]
WORDS = [
    *(text(each) for each in _WORD_TEXTS),
    *(text("buy" + each) for each in HIDDEN),
    *(text(each + "day") for each in HIDDEN[:8]),
    LONE,
    *NOT_TEXT,
]
"""Never a word of an enumeration."""

_NOTE_TEXTS = ["x" * 257, "e\u0301", "A\u030angstrom", "x" * 100_000, "a\nb", "\r", "\t", "\x1b]0;x\x07"]
NOTES = [*(text(each) for each in _NOTE_TEXTS), *(text(f"no{each}te") for each in HIDDEN), LONE, *NOT_TEXT]
"""Never a note."""

CURRENCIES = [
    text(each) for each in ("", "usd", "US", "USDD", "ＵＳＤ", "U$D", "US\u200bD", "US ", "123", "EUR", "ZZZ")
]
CURRENCIES += [LONE, *NOT_TEXT]
"""Never the currency of a dollar name."""
