"""Feeds by price level in common words: snapshot, difference, best quote, trade; exact integers in stated units.

Each exchange's reader turns its own text into these four and says the units once; what follows (sequence, book,
checks, figures) knows no exchange. Decimal text becomes an integer without passing through a float, and a value
finer than the unit is refused rather than rounded.
"""

from __future__ import annotations

import msgspec

from sottovoce.models.level_book import Level

DIGITS_MAX = 18
"""Digits an int64 always holds; more are not a price or a quantity anybody quotes."""


class LevelUnits(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an integer of a feed means: units in one quote currency unit, units in one traded unit, and its name.

    market names the kind of feed as a person would ("Binance spot"); qty_name is what is counted ("BTC",
    "contracts").
    """

    market: str
    px_scale: int
    qty_scale: int
    qty_name: str


class LevelSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The whole book as of update last_id; what differences up to it said is in it."""

    line: int
    receive_ns: int
    last_id: int
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]
    exchange_ns: int | None = None


class LevelDiff(msgspec.Struct, frozen=True, kw_only=True):
    """Levels that changed in updates first_id to last_id; previous_id is the last_id before it where a feed says."""

    line: int
    receive_ns: int
    exchange_ns: int
    first_id: int
    last_id: int
    previous_id: int | None
    bids: tuple[Level, ...]
    asks: tuple[Level, ...]


class LevelQuote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The best bid and ask as the exchange said them after update update_id."""

    line: int
    receive_ns: int
    update_id: int
    bid: int
    bid_qty: int
    ask: int
    ask_qty: int
    exchange_ns: int | None = None


class LevelTrade(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A trade; side is the aggressor's: 1 bought, -1 sold."""

    line: int
    receive_ns: int
    exchange_ns: int
    trade_id: int
    px: int
    qty: int
    side: int


LevelMessage = LevelSnapshot | LevelDiff | LevelQuote | LevelTrade


def exact_units(text: str, scale_digits: int) -> int:
    """Decimal text as an integer of 10**-scale_digits: "61837.63000000" in 1e-8 is 6183763000000.

    Raises: ValueError, with the reason in words, for what is no plain decimal ("1e3", "", "-1", "nan"), has more
    digits than fit, or is finer than the unit.
    """
    whole, _, fraction = text.partition(".")
    digits = whole + fraction
    if not (digits.isascii() and digits.isdigit() and whole) or text.endswith("."):
        raise ValueError("is not a plain decimal number of 0 or more")
    extra = len(fraction) - scale_digits
    if extra > 0:
        if fraction[scale_digits:].strip("0"):
            raise ValueError(f"is finer than the feed's unit of 1e-{scale_digits}")
        digits, extra = digits[:-extra], 0
    if len(digits.lstrip("0")) - extra > DIGITS_MAX:
        raise ValueError("has more digits than a price or quantity can have")
    return int(digits) * int(10**-extra)
