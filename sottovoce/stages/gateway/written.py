"""How figures are written in a message: plain decimals within bounds, so that none is rounded and none is guessed."""

from __future__ import annotations

import re
from decimal import Decimal

QTY_MAX = 10**12
PRICE_MAX = 10**9
"""Dearest price in units of currency: its integer and a sum of a thousand shares fit 64 bits."""
PARTICIPATION_MAX_PPM = 500_000
PPM = 1_000_000
PPM_PER_BP = 100

_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


def read_decimal(text: str) -> Decimal | None:
    """A positive plain decimal, or None for anything else (signs, exponents, NaN, other digits)."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    value = Decimal(text)
    return value if value > 0 else None


def read_ppm(text: str) -> int | None:
    """A participation as parts per million, or None unless above 0 and at most one half."""
    value = read_decimal(text)
    if value is None:
        return None
    ppm = int(value * PPM)
    return ppm if 0 < ppm <= PARTICIPATION_MAX_PPM and ppm == value * PPM else None


def bad_price_text(text: str) -> bool:
    """Whether a text cannot be a price of anything."""
    value = read_decimal(text)
    return value is None or value > PRICE_MAX


def read_impact_ppm(text: str) -> int | None:
    """An impact limit in bps as parts per million of the price, or None unless above 0 and at most all of it."""
    value = read_decimal(text)
    if value is None:
        return None
    ppm = int(value * PPM_PER_BP)
    return ppm if 0 < ppm <= PPM and ppm == value * PPM_PER_BP else None


def whole(number: int) -> str:
    """A whole number for people; one of more than 40 digits by its length alone."""
    bits = number.bit_length()
    return str(number) if bits <= 128 else f"a number of {bits} bits"
