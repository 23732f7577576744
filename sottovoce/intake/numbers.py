"""Numbers as people write them: 50,000 · 1.2m · 25mm · 1e5 · two hundred and fifty thousand.

Exact decimals throughout. A number that cannot be held is returned as None with the issue that says why:
`non_finite` (NaN, infinity, exponent overflow), `ambiguous_unit` (72,5 or 1.000.000: which is the comma?),
`out_of_range` (finite, but no order is that large).
"""

from __future__ import annotations

import re
from decimal import Decimal

from sottovoce.intake.tables import MULTIPLIERS, NUMBER_SCALES, NUMBER_TENS, NUMBER_UNITS

QUANTITY_MAX = 10**15
"""Shares or currency units above which a number is not an order."""

_GROUPED = re.compile(r"\d{1,3}(?:[,']\d{3})+(?:\.\d+)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_PLAIN = re.compile(r"\d+(?:_\d+)*(?:\.\d+)?|\.\d+")
_FLOAT_MAX = Decimal("1.7976931348623157e308")
_DIGITS_MAX = 400
_EXPONENT_DIGITS_MAX = 5
_FRACTION_DIGITS_MAX = 9


def decimal_of(digits: str, exponent: str = "", multiplier: str = "") -> tuple[Decimal | None, str | None]:
    """Value of digits, optional exponent ("e309") and multiplier word; (None, issue) where there is none."""
    if not (_GROUPED.fullmatch(digits) or _PLAIN.fullmatch(digits)):
        return None, "ambiguous_unit"
    bare = digits.replace(",", "").replace("'", "").replace("_", "")
    if len(bare) > _DIGITS_MAX or len(exponent.lstrip("eE+-0")) > _EXPONENT_DIGITS_MAX:
        return None, "ambiguous_unit" if exponent[1:2] == "-" else "non_finite"
    value = Decimal(bare + exponent)
    if value and value.adjusted() < -18:
        return None, "ambiguous_unit"
    if abs(value) > _FLOAT_MAX:
        return None, "non_finite"
    if multiplier:
        value = value.scaleb(MULTIPLIERS[multiplier])
    return value, None


def whole(value: Decimal) -> int | None:
    """The value as an integer, or None if it has a fraction."""
    return int(value) if value == value.to_integral_value() else None


def text_of(value: Decimal) -> str | None:
    """A decimal as plain text, as typed ("24.10"); None if it needs more than 18 + 9 digits."""
    if abs(value) >= 10**18:
        return None
    text = format(value, "f")
    fraction = text.partition(".")[2].rstrip("0")
    if len(fraction) > _FRACTION_DIGITS_MAX:
        return None
    return text if len(text.partition(".")[2]) <= _FRACTION_DIGITS_MAX else format(value.normalize(), "f")


def words_to_number(words: list[str]) -> tuple[Decimal, int] | None:
    """Read a spelled number from the front of lower-case words: (value, words used), or None.

    "a hundred", "two hundred and fifty thousand", "half a million", "one and a half million".
    """
    fraction = _fraction_of_scale(words)
    if fraction is not None:
        return fraction
    total, group, used = Decimal(0), Decimal(0), 0
    while used < len(words):
        step = _next_part(words, used, started=used > 0)
        if step is None:
            break
        value, scale, used = step
        if scale is None:
            group += value
        elif scale == 2:
            group = (group or Decimal(1)).scaleb(2)
        else:
            total, group = total + (group or Decimal(1)).scaleb(scale), Decimal(0)
    return (total + group, used) if used else None


def _fraction_of_scale(words: list[str]) -> tuple[Decimal, int] | None:
    shares = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
    start = 1 if words[:1] == ["a"] else 0
    if len(words) <= start or words[start] not in shares:
        return None
    rest = start + 1
    while rest < len(words) and words[rest] in {"a", "of", "an"}:
        rest += 1
    if rest < len(words) and NUMBER_SCALES.get(words[rest], 0) >= 3:
        return shares[words[start]].scaleb(NUMBER_SCALES[words[rest]]), rest + 1
    return None


def _next_part(words: list[str], at: int, *, started: bool) -> tuple[Decimal, int | None, int] | None:
    word = words[at]
    if word in NUMBER_UNITS or word in NUMBER_TENS:
        return Decimal(NUMBER_UNITS.get(word) or NUMBER_TENS[word]), None, at + 1
    if word in NUMBER_SCALES and started:
        return Decimal(0), NUMBER_SCALES[word], at + 1
    following = words[at + 1] if at + 1 < len(words) else ""
    if word == "a" and not started and following in NUMBER_SCALES:
        return Decimal(1), None, at + 1
    if word == "and" and started:
        if words[at + 1 : at + 3] == ["a", "half"]:
            return Decimal("0.5"), None, at + 3
        if words[at - 1] == "hundred" and (following in NUMBER_UNITS or following in NUMBER_TENS):
            return Decimal(NUMBER_UNITS.get(following) or NUMBER_TENS[following]), None, at + 2
    return None
