"""Exact prices, money and time: integers inside, text at the doors, floats only through one gate.

A price is an integer in a unit fixed for the instrument's life (`scale` units, a power of ten, make one unit
of currency); the tick is a dated check, never the unit. Time is nanoseconds since 1970 UTC. Text from outside
is read by the plain decimal grammar alone: what Python would let pass (NaN, 1e309, full-width digits, 1_000,
-0) is refused here.
"""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal
from enum import Enum

import msgspec

from sottovoce.core.errors import InvariantError, MalformedMessage, ModelError

PRICE_SCALE_USD = 1_000_000
"""Units of a US equity price in one dollar: half a cent, a midpoint and a sub-penny tick are all whole."""

NS_PER_MICROSECOND = 1_000
NS_PER_MILLISECOND = 1_000_000
NS_PER_SECOND = 1_000_000_000
NS_PER_MINUTE = 60 * NS_PER_SECOND
NS_PER_HOUR = 60 * NS_PER_MINUTE
NS_PER_DAY = 24 * NS_PER_HOUR
NEVER_NS = 1 << 62
"""A time that does not come: after every other, and a wait added to it still fits 64 bits."""

INT64_MAX = (1 << 63) - 1
TEXT_LENGTH_MAX = 40
BPS = 10_000

_PLAIN = re.compile(r"(-?)([0-9]+(?:\.[0-9]+)?|\.[0-9]+)", re.ASCII)
_EXPONENT = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)[eE][+-]?[0-9]+", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(?:s?nan[0-9]*|inf(?:inity)?)", re.IGNORECASE | re.ASCII)
_RFC3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?"
    r"(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))",
    re.ASCII,
)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class Rounding(Enum):
    """Which way a price goes to its tick: PASSIVE never pays more than asked, AGGRESSIVE never less."""

    PASSIVE = "passive"
    AGGRESSIVE = "aggressive"
    NEAREST = "nearest"


def parse_decimal_px(text: str, scale: int) -> int:
    """Read a decimal price exactly.

    Args:
        text: plain ASCII decimal such as "187.51", ".5" or "-0.25"; no plus, exponent or separators.
        scale: units per unit of currency, a power of ten.
    Returns: the price in units.
    Raises: MalformedMessage, code value_empty, value_not_ascii, value_not_finite, value_exponent,
        value_not_number, value_negative_zero, value_too_precise or value_out_of_range.
    """
    decimals = scale_decimals(scale)
    match = _PLAIN.fullmatch(text) if len(text) <= TEXT_LENGTH_MAX else None
    if match is None:
        raise _not_a_price(text)
    whole, _, part = match[2].partition(".")
    part = part.rstrip("0")
    if len(part) > decimals:
        sentence = f"The price {text} has more than {decimals} decimals; give at most {decimals}."
        raise MalformedMessage(sentence, code="value_too_precise")
    units = int(whole or "0") * scale + int(part.ljust(decimals, "0") or "0")
    if units > INT64_MAX:
        raise MalformedMessage(f"The price {text} is too large to be a price.", code="value_out_of_range")
    if match[1] and units == 0:
        raise MalformedMessage(f"The price {text} is minus zero; write 0.", code="value_negative_zero")
    return -units if match[1] else units


def _not_a_price(text: str) -> MalformedMessage:
    shown = text if len(text) <= TEXT_LENGTH_MAX else text[:TEXT_LENGTH_MAX] + "…"
    if not text.strip():
        return MalformedMessage("A price is missing; write it as 187.51.", code="value_empty")
    if not text.isascii():
        sentence = f"The price {shown!r} has characters that are not plain ASCII; write it as 187.51."
        return MalformedMessage(sentence, code="value_not_ascii")
    if _NOT_FINITE.fullmatch(text.strip()):
        return MalformedMessage(f"The price {shown!r} is not a finite number.", code="value_not_finite")
    if _EXPONENT.fullmatch(text):
        sentence = f"The price {shown!r} is written with an exponent; write all its digits."
        return MalformedMessage(sentence, code="value_exponent")
    if len(text) > TEXT_LENGTH_MAX:
        return MalformedMessage(f"The price {shown!r} is too long to be a price.", code="value_out_of_range")
    return MalformedMessage(f"{shown!r} is not a price; write it as 187.51.", code="value_not_number")


def format_px(px: int, scale: int) -> str:
    """Print a price in units as a decimal: all its digits, at least two decimals where the scale has them."""
    decimals = scale_decimals(scale)
    whole, part = divmod(abs(px), scale)
    sign = "-" if px < 0 else ""
    if decimals == 0:
        return f"{sign}{whole}"
    digits = f"{part:0{decimals}d}"
    return f"{sign}{whole}.{digits[:2]}{digits[2:].rstrip('0')}"


def scale_decimals(scale: int) -> int:
    """Decimals a price of this scale can carry: 6 for 1_000_000. InvariantError unless a power of ten."""
    decimals = len(str(scale)) - 1
    if scale != 10**decimals:
        raise InvariantError(f"A price scale of {scale} is not a power of ten.", code="price_scale")
    return decimals


def to_ticks(px: int, tick: int, side_sign: int, rounding: Rounding) -> int:
    """How many ticks a price is, rounded for its side.

    Args:
        px: price in units. tick: tick size in units, > 0. side_sign: +1 to buy, -1 to sell.
        rounding: PASSIVE lowers a buy and raises a sell; AGGRESSIVE the reverse; NEAREST, ties passive.
    """
    if tick <= 0 or side_sign not in (1, -1):
        raise InvariantError(f"Cannot round to tick {tick} for side {side_sign}.", code="tick_or_side")
    ticks, over = divmod(px, tick)
    if over == 0:
        return ticks
    if rounding is Rounding.NEAREST and 2 * over != tick:
        return ticks + (2 * over > tick)
    up = (rounding is Rounding.AGGRESSIVE) == (side_sign > 0)
    return ticks + up


def round_px(px: int, tick: int, side_sign: int, rounding: Rounding) -> int:
    """The price moved to its tick, in units; see to_ticks for the direction."""
    return to_ticks(px, tick, side_sign, rounding) * tick


def px_from_float(value: float, scale: int, tick: int, side_sign: int, rounding: Rounding) -> int:
    """Turn a model's price into a price: the only way a float becomes one.

    The float is first taken to the nearest unit, so 187.51 (which is 187.50999…) stays on its tick; then to
    the tick in the direction asked for.
    Raises: ModelError, code value_not_finite or value_out_of_range.
    """
    if not math.isfinite(value):
        raise ModelError(f"A model gave {value} where a price was due.", code="value_not_finite")
    units = round(value * scale) if math.isfinite(value * scale) else INT64_MAX + 1
    if abs(units) > INT64_MAX:
        raise ModelError(f"A model gave {value}, too large to be a price.", code="value_out_of_range")
    return round_px(units, tick, side_sign, rounding)


def bps(numerator: float, denominator: float) -> float:
    """A ratio in basis points (1e-4). Integers of any size divide exactly rounded; do it last.

    Raises: ModelError, code zero_denominator.
    """
    if denominator == 0:
        raise ModelError("A ratio in basis points has a denominator of zero.", code="zero_denominator")
    return BPS * numerator / denominator


class Money(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An exact amount of one currency (ISO 4217). Adding two currencies raises InvariantError."""

    amount: Decimal
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(amount=self.amount + self._same(other).amount, currency=self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(amount=self.amount - self._same(other).amount, currency=self.currency)

    def __neg__(self) -> Money:
        return Money(amount=-self.amount, currency=self.currency)

    def __str__(self) -> str:
        return f"{self.amount:,f} {self.currency}"

    def _same(self, other: Money) -> Money:
        if other.currency != self.currency:
            sentence = f"Cannot add {other.currency} to {self.currency}: convert one of them first."
            raise InvariantError(sentence, code="currency_mismatch")
        return other


def money(px_qty: int, scale: int, currency: str) -> Money:
    """The money in a sum of price × quantity: units times shares, divided by the scale, exactly."""
    return Money(amount=Decimal(px_qty).scaleb(-scale_decimals(scale)), currency=currency)


def parse_rfc3339(text: str) -> int:
    """Read an RFC 3339 time with its offset ("2013-10-08T09:30:00.25-04:00", or Z).

    Returns: nanoseconds since 1970 UTC.
    Raises: MalformedMessage, code value_not_time: no offset, an impossible date, a leap second, > 9 decimals.
    """
    match = _RFC3339.fullmatch(text) if len(text) <= TEXT_LENGTH_MAX else None
    if match is None:
        raise _not_a_time(text)
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    offset_hour, offset_minute = int(match[9] or 0), int(match[10] or 0)
    if hour > 23 or minute > 59 or second > 59 or offset_hour > 23 or offset_minute > 59:
        raise _not_a_time(text)
    try:
        days = date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError as error:
        raise _not_a_time(text) from error
    offset_ns = (offset_hour * NS_PER_HOUR + offset_minute * NS_PER_MINUTE) * (-1 if match[8] == "-" else 1)
    clock_ns = hour * NS_PER_HOUR + minute * NS_PER_MINUTE + second * NS_PER_SECOND
    return days * NS_PER_DAY + clock_ns + int((match[7] or "0").ljust(9, "0")) - offset_ns


def _not_a_time(text: str) -> MalformedMessage:
    sentence = f"{text[:TEXT_LENGTH_MAX]!r} is not a time with its offset; write 2013-10-08T09:30:00-04:00."
    return MalformedMessage(sentence, code="value_not_time")


def format_ns(ns: int, digits: int = 9) -> str:
    """Print nanoseconds since 1970 UTC as ISO 8601, Z, with 0 to 9 decimals of a second, cut and not rounded.

    At one width texts sort as times do. No float is involved: nine digits come back exactly.
    """
    if not 0 <= digits <= 9:
        raise InvariantError(f"A time has 0 to 9 decimals, not {digits}.", code="time_digits")
    days, rest = divmod(ns, NS_PER_DAY)
    seconds, fraction = divmod(rest, NS_PER_SECOND)
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    part = f".{fraction:09d}"[: digits + 1] if digits else ""
    return f"{date.fromordinal(days + _EPOCH_DAY).isoformat()}T{hour:02d}:{minute:02d}:{second:02d}{part}Z"
