"""Limit and stop prices (R7). A price word made for one side, used with the other, is a conflict.

Prices stay in the instrument's own quote unit (VOD LN in pence), as decimals.
"""

from __future__ import annotations

from sottovoce.intake.numbers import text_of
from sottovoce.intake.phrases import Found, phrase
from sottovoce.intake.reading import Reading

_BETTER = "[or better|a share|per share|apiece]"
_STOP_LIMIT = phrase(
    "(stop limit|stop lmt|stp lmt|stplmt|stop limit order) [order|price] [at|of|@] <s:NM> [/|,|limit|lmt|with "
    "limit|and limit|x|by|and|-] [at|of|@] <p:NM>",
)
_STOP = phrase(
    "[with|and|a] (stop loss|stoploss|stop|stp|sl|stops) [loss|order|price|market|px|trigger|level] [at|of|@|is|"
    "on|price|if it hits|if it trades] <s:NM>",
    "(trigger|triggers|triggered|triggering) [price|level] [at|of|@|if it trades|if it hits|on] <s:NM>",
    "<s:NM> stop !(<NM>|at|of|loss|limit|lmt|price|order|@)",
)
_HARD = phrase(
    f"[and] [with|w] [a|an|the|our|hard|strict] [price] (limit|limited|lmt|lim|limits|limiting|lmit) [price|px|"
    f"order|orders] [of|at|is|to|@|set at|set to] [a] <p:NM> {_BETTER}",
    f"[for|with] [a] <p:NM> (limit|lmt|lim) !(<NM>|at|of|@|is|price) [order] {_BETTER}",
    f"[at|with] [a] (price|px|level) [limit] [of|at|is|@|to] <p:NM> {_BETTER}",
    f"@ <p:NM> {_BETTER}",
    "[at] <p:NM> or better",
)
_AUCTION_LIMIT = phrase(
    "(loc|loo|limit on close|limit on open|limit on the close|limit on the open) {[at|limit|lmt|@] <p:NM>}"
)
_BUY_WORDS = phrase(
    "[and|but] [do not|dont|wont] [pay|paying|pays|bid|spend|be] (up to|upto|as high as|no higher than|no more "
    "than|not more than|not higher than|"
    "not above|not over|never above|never over|never more than|at most|maximum of|max of|up to a max of|up to a "
    "maximum of) [of|a price of] <p:NM>",
    "[and|but] (do not|dont|never|wont|not to|not|without) (pay|paying|bid|bidding|go|going|chase|chasing|lift|"
    "buy|buying) [it] (over|above|more than|higher than|past|beyond) <p:NM>",
    "[with] [a] [price] (cap|capped|capping|top|topping|tops|ceiling|topped) [out] [price|limit] [of|at|is|@] <p:NM>",
    "[with] [a] (max|maximum|highest) [price|px|pay|bid] [of|at|is|@] <p:NM>",
    "[at] or (below|under|less than|lower than) <p:NM>",
    "[only|if] (under|below|beneath|less than|cheaper than|lower than) <p:NM>",
    "[at] <p:NM> or (lower|less|below|under|cheaper)",
    "<p:NM> (top|tops|max|maximum|cap|ceiling) !(<NMP>|at|of|price|@|is|fill)",
    "(willing to|will|can|happy to) (pay|go|go to) [up to|to] <p:NM>",
    "(pay|paying) [to] <p:NM>",
    "bid {<p:NM>} for =(<N>)",
    "bids {<p:NM>} for =(<N>)",
)  # fmt: skip
_SELL_WORDS = phrase(
    "[and|but] [with] [a|the] [price] (floor|floored|flooring|reserve) [price|limit] [of|at|is|@] <p:NM>",
    "[and|but] (no lower than|no less than|not lower than|not less than|not below|not under|never below|never "
    "under|never less than|down to|as low as|at least|"
    "nothing below|nothing under) <p:NM>",
    "[and|but] (do not|dont|never|wont|not to|not|without) (sell|selling|offer|offering|go|going|hit|hitting|take|"
    "accept|accepting|short) [it] (under|below|less than|lower than|for less than) <p:NM>",
    "[with] [a] (min|minimum|lowest) (price|px) [of|at|is|@] <p:NM>",
    "[at] or (above|better than|higher than) <p:NM>",
    "[only|if] (above|higher than|better than) <p:NM>",
    "[at] <p:NM> or (higher|more|above|over|up)",
    "<p:NM> (floor|minimum price) !(<NM>|at|of|price|@|is)",
    "(offer|offers|offered) {<p:NM>} (for|on) =(<N>)",
)  # fmt: skip
_AT = phrase(f"at [a] <p:NM> {_BETTER}")
_MARKET = phrase(
    "[at|a|an|as|with|on] [the] (market|mkt) [order|price|prices|px]",
    "at (best|best price|prevailing prices|any price|current price|current prices|the touch)",
    "(no|without [a|any]) [price] (limit|cap)",
    "(unlimited|not held|unpriced)",
)
_BID_PRICE = phrase(
    "(bid|bidding|bids|offer|offering|offered|offers) [at|of] {<p:NM>}", "{<p:NM>} =((bid|offer|offered) ($END|,|;))"
)


def take_auction_limit(reading: Reading) -> None:
    """The bare price right after LOC or LOO; runs before the order kind itself is read."""
    match = reading.find(_AUCTION_LIMIT)
    if match is not None and not _is_size_slot(reading, match) and len(reading.unread(kinds="NM")) > 1:
        reading.use(match, "limit")
        _settle(reading, match, "p", "limit")


def take_prices(reading: Reading) -> None:
    """Read limit and stop; price words that belong to one side are remembered for the check."""
    for match in reading.take_all(_STOP_LIMIT, "limit"):
        _settle(reading, match, "s", "stop")
        _settle(reading, match, "p", "limit")
    while (stop := reading.find(_STOP)) is not None and not _sized_stop(reading, stop):
        reading.use(stop, "stop")
        _settle(reading, stop, "s", "stop")
    start = 0
    while (found := _next_limit(reading, start)) is not None:
        start = _take_limit(reading, *found)
    _take_bid_price(reading)
    if "limit" in reading.values:
        reading.take(_LIMIT_ORDER, "order_type")
    if reading.take(_MARKET, "order_type"):
        reading.values["order_type"] = "market"


def _sized_stop(reading: Reading, match: Found) -> bool:
    """ "stop 10k AAPL": a number with a multiplier beside a symbol is a size."""
    at = match.at("s")
    following = reading.cells[at + 1] if at + 1 < len(reading.cells) else ""
    return reading.tokens[at].scaled and following[:1] in ("S", "U")


_LIMIT_ORDER = phrase("[as] [a] (limit|lmt) (order|orders)")
_LIMITS = ((_HARD, ""), (_BUY_WORDS, "buy"), (_SELL_WORDS, "sell"), (_AT, ""))


def _next_limit(reading: Reading, start: int) -> tuple[Found, str, bool] | None:
    """The first limit at or after `start`: match, side its words belong to, whether it could be a size."""
    found = [
        (match, side, pattern is not _HARD)
        for pattern, side in _LIMITS
        if (match := reading.find(pattern, start)) is not None
    ]
    return min(found, key=lambda entry: (entry[0].start(), -entry[0].end()), default=None)


def _take_limit(reading: Reading, match: Found, side: str, soft: bool) -> int:
    """Take a limit unless it is the size; returns where to look on."""
    if soft and _is_size(reading, match):
        return match.start() + 1
    reading.use(match, "limit")
    _settle(reading, match, "p", "limit")
    if side:
        reading.sided.add(side)
    return 0


def _is_size(reading: Reading, match: Found) -> bool:
    """A number right before a symbol or "shares" is the size, unless another size stands elsewhere."""
    at = match.at("p")
    following = reading.cells[at + 1] if at + 1 < len(reading.cells) else ""
    sized = (following[:1] in "SU" and following[1:].isdigit()) or following in {"shares", "share", "shs", "sh", "of"}
    if not sized:
        return False
    return not any(other != at and reading.cells[other][:1] in "NMF" for other in reading.unread())


def _take_bid_price(reading: Reading) -> None:
    """ "bid 99.50" beside a size of its own: a price after a side word."""
    match = reading.find(_BID_PRICE)
    if match is None or _is_size_slot(reading, match):
        return
    others = [at for at in reading.unread(kinds="NM") if at != match.at("p")]
    if others:
        reading.use(match, "limit")
        _settle(reading, match, "p", "limit")


def _is_size_slot(reading: Reading, match: Found) -> bool:
    at = match.at("p")
    following = reading.cells[at + 1] if at + 1 < len(reading.cells) else ""
    return following[:1].isupper() or following in {"shares", "share", "shs", "of", "in", "the"}


def _settle(reading: Reading, match: Found, group: str, field: str) -> None:
    token = reading.token(match, group)
    value = reading.decimal(token, field, conflict="conflicting_price")
    if value is None:
        return
    reading.prices.append((match.at(group), field, text_of(value) or ""))
    if value == 0:
        reading.issues.add("out_of_range")
    if token.ccy == "GBP":
        reading.pounds.add(field)


def take_bare_limit(reading: Reading, at: int) -> bool:
    """A bare number that ends an order at the auction with a limit (LOC, LOO) is that limit."""
    kinds = {token.cell for token in reading.tokens}
    if "limit" in reading.values or not kinds & {"loc", "loo"}:
        return False
    if reading.decimal(reading.tokens[at], "limit", conflict="conflicting_price") is None:
        return False
    reading.prices.append((at, "limit", str(reading.values["limit"])))
    return True
