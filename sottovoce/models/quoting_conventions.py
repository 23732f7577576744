"""How futures are quoted: points and 32nds read and written exactly, and what a tick is worth.

Treasury futures write 110-205 for 110 and 20.5/32: the last digit counts parts of a 32nd (0, 2, 5, 7 for none, a
quarter, half, three quarters; + is a half). Prices here are exact fractions of a point.
Contract figures are dated data with their source in the row; ES, NQ, ZN, ZB, CL and GC tick values were verified in
the markets reference §5, the rest are from general knowledge.
"""

from __future__ import annotations

import re
from fractions import Fraction

import msgspec

from sottovoce.core.errors import MalformedMessage, ModelError, NotFound

THIRTY_SECOND = Fraction(1, 32)
_EIGHTHS = {"0": 0, "1": 1, "2": 2, "3": 3, "5": 4, "6": 5, "7": 6, "8": 7}
"""Eighths of a 32nd by last digit; a quarter is written 2, a half 5, three quarters 7 (the third decimal is cut)."""

_POINTS_AND_32NDS = re.compile(r"([0-9]{1,4})-([0-9]{2})([0-9+]?)", re.ASCII)


class FuturesContract(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one contract is worth, from a date on.

    multiplier: currency for one point of the price. tick: the least price move, points, as "numerator/denominator".
    in_32nds: quoted in points and 32nds.
    """

    symbol: str
    name: str
    multiplier: int
    tick: str
    in_32nds: bool
    currency: str
    effective_from: str
    source: str

    @property
    def tick_size(self) -> Fraction:
        """The least price move, points."""
        return Fraction(self.tick)

    @property
    def tick_value(self) -> Fraction:
        """What one tick of one contract is worth, currency."""
        return self.tick_size * self.multiplier

    def notional(self, price: Fraction) -> Fraction:
        """Value of one contract at a price in points, currency."""
        return price * self.multiplier

    def tick_bps(self, price: Fraction) -> float:
        """One tick in basis points of a price, points. Raises ModelError `not_positive`."""
        if price <= 0:
            raise ModelError(f"A price of {price} has no basis points.", code="not_positive")
        return float(10_000 * self.tick_size / price)


def _contract(
    symbol: str, name: str, multiplier: int, tick: str, source: str, *, thirty: bool = False
) -> FuturesContract:
    return FuturesContract(
        symbol=symbol,
        name=name,
        multiplier=multiplier,
        tick=tick,
        in_32nds=thirty,
        currency="USD",
        effective_from="2020-01-01",
        source=source,
    )


_KNOWN, _MEMORY = "markets reference §5, verified", "markets reference §5, from general knowledge"

FUTURES: tuple[FuturesContract, ...] = (
    _contract("ES", "E-mini S&P 500, 50 x index", 50, "1/4", _KNOWN),
    _contract("NQ", "E-mini Nasdaq-100, 20 x index", 20, "1/4", _KNOWN),
    _contract("ZN", "10-year note, $100,000", 1_000, "1/64", _KNOWN, thirty=True),
    _contract("ZT", "2-year note, $200,000", 2_000, "1/256", _MEMORY, thirty=True),
    _contract("ZB", "30-year bond, $100,000", 1_000, "1/32", _KNOWN, thirty=True),
    _contract("6E", "Euro FX, 125,000 euro", 125_000, "1/20000", _MEMORY),
    _contract("CL", "Crude oil, 1,000 barrels", 1_000, "1/100", _KNOWN),
    _contract("GC", "Gold, 100 ounces", 100, "1/10", _KNOWN),
)


def futures_contract(symbol: str) -> FuturesContract:
    """The contract of a root symbol. Raises NotFound `unknown_contract`."""
    for contract in FUTURES:
        if contract.symbol == symbol:
            return contract
    raise NotFound(f"No futures contract {symbol} is known; add it with its date and source.", code="unknown_contract")


def parse_32nds(text: str) -> Fraction:
    """Read points and 32nds exactly: "110-205" is 110 + 20.5/32, "112-16+" is 112.515625, "110-20" has no part.

    Raises: MalformedMessage `value_not_32nds`.
    """
    match = _POINTS_AND_32NDS.fullmatch(text)
    if match is None or int(match[2]) > 31 or match[3] in ("4", "9"):
        raise MalformedMessage(
            f"{text[:20]!r} is not a price in 32nds; write 110-205 or 112-16+.", code="value_not_32nds"
        )
    eighths = 4 if match[3] == "+" else _EIGHTHS[match[3] or "0"]
    return int(match[1]) + (int(match[2]) + Fraction(eighths, 8)) * THIRTY_SECOND


def format_32nds(price: Fraction) -> str:
    """Write points and 32nds, with a third digit for the part of a 32nd: 110-205.

    Raises: ModelError `not_on_an_eighth` for a price that is no multiple of an eighth of a 32nd, or is negative.
    """
    eighths = price / THIRTY_SECOND * 8
    if eighths.denominator != 1 or eighths < 0:
        raise ModelError(f"{price} is not a multiple of an eighth of a 32nd.", code="not_on_an_eighth")
    whole, part = divmod(int(eighths), 8)
    points, thirty_seconds = divmod(whole, 32)
    digit = next(digit for digit, count in _EIGHTHS.items() if count == part)
    return f"{points}-{thirty_seconds:02d}{digit}"
