"""Bounds on the way an order is worked: caps on volume, dark and auction use, clip sizes, locates (R10)."""

from __future__ import annotations

from sottovoce.intake.numbers import whole
from sottovoce.intake.phrases import Found, Phrase, phrase
from sottovoce.intake.reading import Reading, Value

_POOLS = "[pool|pools|venue|venues|trading|liquidity|books|market|markets]"
FLAGS: tuple[tuple[str, Value, Phrase], ...] = (
    (
        "dark",
        "none",
        phrase(
            f"(no|avoid|avoiding|exclude|excluding|without|skip|not|never|minus|ex) [in|using|any] [the] (dark|"
            f"darks) {_POOLS}",
            f"(stay|staying|keep|keeping|keep it) (out of|away from|off) [the] (dark|darks) {_POOLS}",
            f"(do not|dont) (use|go|touch|go into|route to) [in|any] [the] (dark|darks) {_POOLS}",
            f"(lit|lits) {_POOLS} only",
            f"only [on|in|at|use] [the] lit {_POOLS}",
            "dark (off|none|no)",
            "all lit",
            "displayed (venues|markets|liquidity) only",
        ),
    ),
    (
        "dark",
        "only",
        phrase(
            f"(dark|darks) {_POOLS} only",
            f"only [in|on|use] [the] (dark|darks) {_POOLS}",
            f"(exclusively|entirely|purely|all|solely|just) [in|on] [the] (dark|darks) {_POOLS}",
            "(no|avoid|exclude|without|not|never) [in|on] [the] lit [venue|venues|market|markets|trading]",
            f"(stay|staying|keep|keep it) in [the] (dark|darks) {_POOLS}",
        ),
    ),
    (
        "post_only",
        True,
        phrase(
            "post only",
            "(add|adding|provide|make|making) [liquidity] only",
            "(maker|passive) only",
            "only (post|add|make|provide) [liquidity]",
            "(do not|dont|never|without|no) (cross|crossing|pay|paying|take|taking) [the] (spread|liquidity)",
            "(do not|dont|never) cross",
        ),
    ),
    ("cash_neutral", True, phrase("(cash|self) (neutral|neutrally|financing|funding|flat)", "neutral in cash")),
    ("dollar_neutral", True, phrase("(dollar|usd|money|$) (neutral|neutrally)", "neutral in dollars")),
)
_AUCTION = "(auction|auctions|cross|crosses|call|calls)"
_OUT = (
    "no|avoid|avoiding|exclude|excluding|skip|skipping|without|not|never|minus|ex|stay out of|staying out of|keep "
    "out of|keeping out of|"
    "keep away from|do not participate in|dont participate in|do not join|dont join|do not use|dont use|miss|"
    "do not trade|dont trade|do not touch|dont touch"
)
_AUCTIONS: tuple[tuple[Phrase, dict[str, bool]], ...] = (
    (
        phrase(
            f"({_OUT}) [in] [both|the|any|all] [open|opening] (and|or|&|/) [close|closing] {_AUCTION}",
            f"({_OUT}) [in] [both|the|any|all] (auction|auctions)",
            "(continuous|continuous trading|continuous session) only",
            "only [in] [the] (continuous|continuous trading|continuous session)",
            "auctions off",
            f"no [open|opening] {_AUCTION}, no [close|closing] {_AUCTION}",
        ),
        {"open_auction": False, "close_auction": False},
    ),
    (
        phrase(
            f"({_OUT}) [in] [the] (close|closing) [auction|auctions|cross|print]",
        ),
        {"close_auction": False},
    ),
    (phrase(f"({_OUT}) [in] [the] (open|opening) [auction|auctions|cross|print]"), {"open_auction": False}),
    (
        phrase(
            "(include|including|participate in|participating in|join|use|allow|with) [both|the] (auction|auctions)",
            "(auction|auctions) (allowed|ok|included)",
        ),
        {"open_auction": True, "close_auction": True},
    ),
    (
        phrase(
            "(include|including|participate in|participating in|join|use|allow|with) [the] (close|closing) "
            "[auction|cross]",
        ),
        {"close_auction": True},
    ),
    (
        phrase(
            "(include|including|participate in|participating in|join|use|allow|with) [the] (open|opening) [auction|"
            "cross]"
        ),
        {"open_auction": True},
    ),
)
_EACH = "[shares|shs|lots|clips|clip|at a time|per clip|per slice|per order|each|max|only]"
SIZES = (
    (
        "display_qty",
        phrase(
            "[only] (showing|show|shows|display|displaying|displayed|visible|reveal|revealing|disclose|disclosing|"
            "disclosed|"
            f"peak|tip|exposing|expose) [only|just] [a] [size|qty|quantity|clip|clips|peak|tip] [of|at|:] <n:N> "
            f"{_EACH}",
            f"(display|visible|show|disclosed|peak) (size|qty|quantity) [of|at|is|:|=] <n:N> {_EACH}",
            f"[in|with] (clip|clips|slices) of <n:N> {_EACH}",
            "[with] [a] <n:N> [share|shares] (showing|shown|visible|displayed|display|peak|tip|clip|clips|on "
            "show) [size|clip|clips|quantity]",
        ),
    ),
    (
        "min_exec_qty",
        phrase(
            "[with] [a] (min|minimum) [fill|fills|exec|execution|qty|quantity|block|trade|size|clip|execution "
            "size|exec qty|exec size|"
            "execution quantity|fill size|fill qty|acceptable|acceptable quantity] [size|qty|quantity] [of|at|:|=|"
            "is] <n:N> [shares|per fill|a fill|each|per execution]",
            "(meq|maq|mes|min qty|minqty|mfq) [of|at|:|=] <n:N> [shares]",
            "(nothing|no fill|no fills|none|no executions|no execution|no prints|no print|no blocks|no trades) "
            "(smaller|less|lower|under|below|fewer) [than] <n:N> [shares]",
            "(at least|no less than|not less than|minimum of) <n:N> [shares] (per|a|each) (fill|execution|trade|"
            "print|clip)",
            "<n:N> [share|shares] (min|minimum) (fill|fills|qty|quantity|exec|execution|size|block)",
            "<n:N> [share|shares] minimum !(price|<NM>)",
            "(fills|executions|fill|blocks) (of|over|above) [at least] <n:N> [shares] [or more] [only]",
            "only (fills|executions|blocks) (of|over|above) [at least] <n:N> [shares]",
        ),
    ),
)
_LOCATE = phrase(
    "[with|using|under|on|have|got] [a|the] (locate|locates|borrow) [id|ref|reference|no|number|code|#|ticket|is] [#|"
    ":|=] <w:*>"
)
_WOULD_ALL = phrase(
    "[i|we|and] (would|id|wd|willing to) [be willing to|be happy to|like to] (do|sell|buy|trade|complete|finish|"
    "take|deal|clear|go|execute|cover|short|clean up) "
    "[it|the|for] [all|everything|rest|remainder|balance|lot|whole lot|size|of it|full size|whole thing|order] "
    "[of it|of them|off] (at|@|from|below|above|under|over) "
    "<p:NM> [or better|or lower|or higher|or above|or below]",
    "(would|wd) [price|level|px] [at|of|is|:|=|@] <p:NM> [or better]",
    "(would|wd) [all] (at|@) <p:NM> [or better]",
)  # fmt: skip
_WOULD_SOME = phrase(
    "[i|we|and] (would|id|wd) (do|sell|buy|trade|take|execute|deal) <n:N> [shares|of it] (at|@) <p:NM> [or better]"
)


def take_constraints(reading: Reading) -> None:
    """Read every bound that is not a share of volume."""
    _take_would(reading)
    for name, value, pattern in FLAGS:
        if reading.take(pattern, f"constraints.{name}"):
            reading.settle(f"constraints.{name}", value, "unparsed_text")
    for pattern, flags in _AUCTIONS:
        while reading.take(pattern, "constraints.auctions"):
            for name, value in flags.items():
                reading.settle(f"constraints.{name}", value, "unparsed_text")
    for name, pattern in SIZES:
        for match in reading.take_all(pattern, f"constraints.{name}"):
            _settle_shares(reading, match, f"constraints.{name}")
    _take_locate(reading)


def _settle_shares(reading: Reading, match: Found, field: str) -> None:
    token = reading.token(match, "n")
    if token.fault or token.value is None:
        reading.issues.add(token.fault or "ambiguous_unit")
        return
    shares = whole(token.value)
    if shares is None or abs(token.value) >= 10**15:
        reading.issues.add("ambiguous_unit" if shares is None else "out_of_range")
        return
    if shares <= 0:
        reading.issues.add("negative_value" if shares < 0 else "zero_quantity")
    reading.settle(field, shares, "unparsed_text")


def _take_would(reading: Reading) -> None:
    some = reading.take(_WOULD_SOME, "constraints.would")
    if some is not None:
        _settle_shares(reading, some, "would.quantity")
    match = some or reading.take(_WOULD_ALL, "constraints.would")
    if match is not None:
        reading.decimal(reading.token(match, "p"), "would.price", conflict="conflicting_price")


def _take_locate(reading: Reading) -> None:
    match = reading.take(_LOCATE, "constraints.locate_id")
    if match is None:
        return
    cell = match["w"]
    typed = reading.tokens[match.at("w")].text
    if cell in {"required", "needed", "pending", "later"}:
        reading.issues.add("unparsed_text")
    else:
        reading.settle("constraints.locate_id", identifier(reading, typed), "unparsed_text")


def identifier(reading: Reading, typed: str) -> str:
    """An id as typed; in upper case if the whole text is in lower case."""
    lower = not any(char.isupper() for token in reading.tokens for char in token.text)
    return typed.upper() if lower else typed
