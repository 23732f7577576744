"""Which tokens are instruments.

Position beats keyword: an upper-case token right after the size is the symbol even if it is also a word
(ON, ALL, IS). Elsewhere a token is a symbol by its form: a market code beside it (VOD LN), a suffix
(VOD.L), or upper case among lower-case words. Where case says nothing (all lower, all upper) only listed
tickers count. Names of companies resolve through the caller's alias table or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from sottovoce.intake.markets import MARKET_CODES, NUMERIC_TICKER_MARKETS, SUFFIXES, WORD_CODES
from sottovoce.intake.phrases import VOCABULARY, options
from sottovoce.intake.tables import (
    COMPANY_NAMES,
    CURRENCY_WORDS,
    FILLERS,
    MULTIPLIERS,
    SIDE_PHRASES,
    VENUES,
)
from sottovoce.intake.tickers import ENGLISH, TICKERS
from sottovoce.intake.tokens import Token

_BARE = re.compile(r"[A-Za-z]{1,5}")
_CODED = re.compile(r"[A-Za-z0-9]{1,6}(?:[./][A-Za-z]|/)?")
_DOTTED = re.compile(r"([A-Za-z0-9]{1,6})[./]([A-Za-z]{1,2})")
_HYPHENED = re.compile(r"([A-Z]{2,4})-([A-Z])")
_DOTTED_WORDS = frozenset({"i.e", "e.g", "a.m", "p.m", "u.s", "u.k", "a/c", "n/a", "b/c", "w/o"})
_NEVER = frozenset(
    (
        "VWAP TWAP POV ADV MOC LOC MOO LOO GTC GTD GTX IOC FOK FAK OPG ASAP EOD COB MKT LIM STP MEQ BUY SELL "
        "SHORT NY NYC EST EDT CEST UTC GMT JST HKT MON TUE TUES WED THU THUR THURS FRI SAT SUN JAN FEB MAR "
        "APR MAY JUN JUL AUG SEP SEPT OCT NOV DEC WITH OVER"
    ).split()
) | frozenset(code.upper() for code in CURRENCY_WORDS if len(code) == 3)
_CLAUSE_WORDS = frozenset(
    (
        "LIMIT STOP PRICE CLOSE TODAY UNTIL TILL OVER DARK ONLY ABOVE BELOW UNDER SHARE MIN MAX PX ORDER AFTER "
        "FROM WITH "
        "NO PAY PAID TIL UPTO SHS SH PLS NOT NEVER WHEN THEN ALGO"
    ).split()
)
"""Words that begin or end a clause; in upper case after a size they are no tickers."""

_ABBREVIATIONS = frozenset(
    (
        "CIO TCA EMS OMS FIX USA EU UK PWP ETA FX ETF ETFS ADR OTC NAV PNL BPS RFQ AON FYI IMO TBD EOM HOD LOD "
        "PM CEO CFO CCO PB OK HI AM ID QTY SEC FCA FINRA GTT NB PS RE CC DR MR MS VS API MCP CAPS ETC"
    ).split()
)
_SLOT_SKIPS = frozenset(
    "shares share shs sh shr shrs of in the our my stock stocks worth common position name s your their".split()
)
_PRICE_LEADS = frozenset(
    (
        "limit lmt lim px price at @ stop stp than cap top floor loc loo would by until till til showing show "
        "display displaying fill max maximum locate above below over for next from between after before under"
    ).split()
)
_NOT_AFTER_SIZE = frozenset("at by to for in with over or and the of no up a an it".split())
_UNITS = frozenset("minutes minute min mins hours hour hr hrs days day d h session sessions bps".split())
_AFTER_NO = frozenset("dark auctions auction rush hurry lit limit more higher lower post open close checks".split())
_SIDE_VERBS = frozenset(
    option.split()[0] for table in SIDE_PHRASES.values() for option in options(table) if len(option.split()[0]) > 1
)


@dataclass(frozen=True)
class Names:
    """What the caller knows: symbols that exist, and exact aliases of names (lower case → symbol)."""

    known: Container[str] | None
    aliases: Mapping[str, str]

    def resolves(self, symbol: str) -> bool:
        """Whether a symbol may stand: any, if the caller has no list; bare US tickers may be listed bare."""
        known = self.known
        if known is None or symbol in known:
            return True
        ticker, _, market = symbol.rpartition(" ")
        other = ticker.replace(".", "/") if "." in ticker else ticker.replace("/", ".")
        return (market == "US" and (ticker in known or other in known)) or f"{other} {market}" in known


def is_word(cell: str) -> bool:
    """Whether any rule can read this lower-case word; if not, it may be a name."""
    return (
        cell in VOCABULARY or cell in FILLERS or cell in CURRENCY_WORDS or cell in MULTIPLIERS or cell.upper() in VENUES
    )


def mark_symbols(tokens: list[Token], names: Names, *, loud: bool) -> list[Token]:
    """Turn tokens into symbols (kind S, canonical name) or unresolved names (kind U)."""
    marked: list[Token] = []
    at = 0
    while at < len(tokens):
        token, used = _alias(tokens, at, names) or _coded(tokens, at, loud) or (_single(tokens, at, loud), 1)
        if token.kind == "S" and not names.resolves(token.name):
            token = Token(token.text, "U", "U")
        marked.append(token)
        at += used
    return marked


def _alias(tokens: list[Token], at: int, names: Names) -> tuple[Token, int] | None:
    if not names.aliases or tokens[at].kind not in "WX":
        return None
    for used in (4, 3, 2, 1):
        text = " ".join(token.text for token in tokens[at : at + used])
        if text.lower() in names.aliases and at + used <= len(tokens):
            return _symbol(text, names.aliases[text.lower()]), used
    return None


def _symbol(text: str, name: str) -> Token:
    return Token(text, "S", "S", name=name)


def _coded(tokens: list[Token], at: int, loud: bool) -> tuple[Token, int] | None:
    """A ticker with its market beside it: VOD LN, 700 HK."""
    token = tokens[at]
    code = tokens[at + 1] if at + 1 < len(tokens) else None
    if code is None or code.kind != "W" or code.text.upper() not in MARKET_CODES or code.glued:
        return None
    text, market = token.text, code.text.upper()
    if token.kind == "N":
        plain = text.isdigit() and market in NUMERIC_TICKER_MARKETS and code.text.isupper()
        sized = _after_size(tokens, at) or _side_before(tokens, at)
        return (_symbol(f"{text} {code.text}", f"{text} {market}"), 2) if plain and sized else None
    if token.kind != "W" or not _CODED.fullmatch(text) or not _code_counts(tokens, at, loud):
        return None
    if is_word(token.cell) and not (_after_size(tokens, at) and (text.isupper() or text.upper() in TICKERS)):
        return None
    if text.upper() in _NEVER:
        return None
    return _symbol(f"{text} {code.text}", f"{text.upper()} {market}"), 2


def _code_counts(tokens: list[Token], at: int, loud: bool) -> bool:
    text, code = tokens[at].text, tokens[at + 1].text
    following = tokens[at + 2] if at + 2 < len(tokens) else None
    ordinary = code.upper() not in WORD_CODES
    if loud:
        return ordinary or code == "US" or following is None or following.kind == ","
    if code.isupper() and text.upper() == text:
        negated = code == "NO" and following is not None and following.cell in _AFTER_NO
        return ordinary or not negated
    return ordinary and (code.isupper() or code.islower())


def _single(tokens: list[Token], at: int, loud: bool) -> Token:
    """The token itself, or a symbol or unresolved name in its place."""
    token = tokens[at]
    if token.name == "cashtag":
        return _symbol(token.text, f"{token.text} US")
    if token.kind == "I":
        return _class_share(tokens, at)
    if token.kind == "X":
        return Token(token.text, "U", "U") if _after_size(tokens, at) else token
    if token.kind != "W":
        return token
    dotted = _dotted(token)
    if dotted is not None:
        return dotted
    if not token.text.isascii() or not _may_stand(tokens, at, loud):
        return _name_or(tokens, at)
    return _symbol(token.text, f"{token.text.upper()} US")


def _dotted(token: Token) -> Token | None:
    match = _DOTTED.fullmatch(token.text)
    if match is None or token.cell in _DOTTED_WORDS:
        return None
    ticker, suffix = match[1].upper(), match[2].upper()
    if "." in token.text and suffix in SUFFIXES and f"{ticker}.{suffix}" not in TICKERS:
        return _symbol(token.text, f"{ticker} {SUFFIXES[suffix]}")
    if len(suffix) == 1 and ticker.isalpha():
        return _symbol(token.text, f"{token.text.upper()} US")
    return None


def _class_share(tokens: list[Token], at: int) -> Token:
    match = _HYPHENED.fullmatch(tokens[at].text.upper())
    if match is None or f"{match[1]}.{match[2]}" not in TICKERS:
        return tokens[at]
    return _symbol(tokens[at].text, f"{match[1]}.{match[2]} US")


def _may_stand(tokens: list[Token], at: int, loud: bool) -> bool:
    """Whether a bare word is a ticker here."""
    token = tokens[at]
    text, word = token.text.upper(), is_word(token.cell)
    if not _BARE.fullmatch(text) or text in _NEVER or text in COMPANY_NAMES:
        return False
    if token.text.isupper() and not loud:
        return _upper_stands(tokens, at, text, word)
    if loud:
        if word:
            return text in TICKERS and token.cell not in _NOT_AFTER_SIZE and _keyword_stands(tokens, at)
        return text in TICKERS or (len(text) <= 4 and (_after_size(tokens, at) or _side_before(tokens, at)))
    if word or text not in TICKERS:
        return False
    return text not in _english() or _after_size(tokens, at) or _side_before(tokens, at)


def _english() -> frozenset[str]:
    return _ENGLISH_UPPER


_ENGLISH_UPPER = frozenset(word.upper() for word in ENGLISH)


def _upper_stands(tokens: list[Token], at: int, text: str, word: bool) -> bool:
    if word:
        return _keyword_stands(tokens, at)
    return text not in _ABBREVIATIONS or _after_size(tokens, at)


def _keyword_stands(tokens: list[Token], at: int) -> bool:
    """A keyword in upper case is a symbol right after the size, unless a plain ticker follows it."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    plain_next = (
        following is not None
        and following.kind == "W"
        and following.text.isupper()
        and not is_word(following.cell)
        and following.text not in _NEVER
        and following.text not in MARKET_CODES
    )
    if _after_size(tokens, at):
        valued = following is not None and following.kind in "NMPT" and tokens[at].cell in _PREPOSITIONS
        named = plain_next or _named_before_size(tokens, at)
        return not named and not valued and tokens[at].text.upper() not in _CLAUSE_WORDS
    sized_next = following is not None and following.kind in "NM"
    return sized_next and _side_before(tokens, at, direct=True) and tokens[at].text not in _PREPOSED


_PREPOSITIONS = frozenset("at by to for in from with over until till up".split())
_PREPOSED = frozenset("AT ON BY UP TO FOR ALL IN A WITH".split()) - {"ON", "ALL"}


def _name_or(tokens: list[Token], at: int) -> Token:
    """Company names and over-long upper-case words are names nobody resolved; the rest are words."""
    token = tokens[at]
    text = token.text
    if text.upper() in COMPANY_NAMES and not is_word(token.cell):
        return Token(text, "U", "U")
    if text.isupper() and len(text) > 5 and not is_word(token.cell) and _after_size(tokens, at):
        return Token(text, "U", "U")
    return token


def _after_size(tokens: list[Token], at: int) -> bool:
    """Whether a size stands right before: a number that no price or duration word claims."""
    before = at - 1
    while before >= 0 and tokens[before].cell in _SLOT_SKIPS:
        before -= 1
    if before < 0 or tokens[before].kind not in "NM":
        return False
    lead = tokens[before - 1] if before else None
    return lead is None or lead.cell not in _PRICE_LEADS or (lead.cell == "for" and tokens[before].kind == "M")


def _named_before_size(tokens: list[Token], at: int) -> bool:
    """Whether the size before a keyword has its symbol already: "AAPL 10000 LMT 190"."""
    size = at - 1
    while size >= 0 and tokens[size].kind not in "NM":
        size -= 1
    before = tokens[size - 1] if size > 0 else None
    return before is not None and before.kind == "W" and before.text.isupper() and not is_word(before.cell)


def _side_before(tokens: list[Token], at: int, *, direct: bool = False) -> bool:
    before = at - 1
    while not direct and before >= 0 and tokens[before].cell in _SLOT_SKIPS | {"some", "all", "half", "more", "a"}:
        before -= 1
    return before >= 0 and tokens[before].kind == "W" and tokens[before].cell in _SIDE_VERBS
