"""Limit up-limit down price bands, as effective-dated data.

A band is a percentage of the reference price, by tier and by the bucket of yesterday's close; below 0.75 dollar it is
the lesser of a fixed amount and a percentage. Some minutes of the day double it. Prices are integers in units of
1e-6 dollar; bands are rounded to the cent, halves up.

Source: the NMS Plan to Address Extraordinary Market Volatility, as in the markets reference §2 (T-MKT-4). Days of
effect are from general knowledge and unverified; the doubling at the open ended with Amendment 18.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum
from typing import NamedTuple

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.dated_rules import in_force

PPM = 1_000_000
CENT = 10_000


class Tier(Enum):
    """Tier 1: S&P 500, Russell 1000, listed funds; tier 2: other NMS stocks but rights and warrants."""

    ONE = 1
    TWO = 2


class Bands(NamedTuple):
    """Prices outside which nothing may trade, units."""

    lower_px: int
    upper_px: int


class BandRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One bucket of yesterday's close: prices from min_close up (above it where `above`), width by tier.

    cap_px bounds the width where it is above 0. doubles says, for each tier, whether the late minutes double it.
    """

    min_close: int
    above: bool
    ppm: tuple[int, int]
    cap_px: int = 0
    doubles: tuple[bool, bool] = (True, True)


class BandTable(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The plan's figures from a date on. rows: highest bucket first. Doubling lasts for open_ns from the open and
    for close_ns before the close, 0 for none; leverage multiplies the width of leveraged tier 2 funds."""

    effective_from: str
    rows: tuple[BandRow, ...]
    doubling_open_ns: int
    doubling_close_ns: int
    source: str


_LESSER = BandRow(min_close=0, above=False, ppm=(750_000, 750_000), cap_px=150_000)
_MIDDLE = BandRow(min_close=750_000, above=False, ppm=(200_000, 200_000))

BAND_TABLES: tuple[BandTable, ...] = (
    BandTable(
        effective_from="2013-04-08",
        rows=(BandRow(min_close=3_000_000, above=True, ppm=(50_000, 100_000)), _MIDDLE, _LESSER),
        doubling_open_ns=15 * NS_PER_MINUTE,
        doubling_close_ns=25 * NS_PER_MINUTE,
        source="NMS Plan before Amendment 18: doubled at the open and the close; day of effect unverified",
    ),
    BandTable(
        effective_from="2020-02-24",
        rows=(
            BandRow(min_close=3_000_000, above=True, ppm=(50_000, 100_000), doubles=(True, False)),
            _MIDDLE,
            _LESSER,
        ),
        doubling_open_ns=0,
        doubling_close_ns=25 * NS_PER_MINUTE,
        source="Amendment 18, approved 2019-04-11, in force February 2020: day unverified",
    ),
)


def table_on(date: str, tables: Iterable[BandTable] = BAND_TABLES) -> BandTable:
    """The figures in force on an ISO date. Raises ModelError `no_band_table` before the first."""
    return in_force(tables, date, "price bands", "no_band_table")


def is_doubled(table: BandTable, at_ns: int, open_ns: int, close_ns: int) -> bool:
    """Whether a moment of the session is one of those in which bands double."""
    early = at_ns < open_ns + table.doubling_open_ns
    return open_ns <= at_ns < close_ns and (early or at_ns >= close_ns - table.doubling_close_ns)


def bands(
    table: BandTable, reference_px: int, previous_close: int, tier: Tier, *, doubled: bool = False, leverage: int = 1
) -> Bands:
    """The price bands around a reference.

    Args:
        table: figures in force. reference_px: units, > 0. previous_close: units, > 0, chooses the bucket.
        tier: the stock's. doubled: whether the moment doubles bands. leverage: of a leveraged tier 2 fund, else 1.
    Returns: lower and upper price, units, both allowed; the lower one is never below 0.
    Raises: ModelError `not_positive`.
    Source: T-MKT-4.
    """
    if reference_px <= 0 or previous_close <= 0 or leverage <= 0:
        raise ModelError("Reference, close and leverage must be above zero for price bands.", code="not_positive")
    row = next(row for row in table.rows if _in_bucket(row, previous_close))
    second = tier is Tier.TWO
    times = (2 if doubled and row.doubles[second] else 1) * (leverage if second else 1)
    width = reference_px * row.ppm[second] * times
    if row.cap_px:
        width = min(width, row.cap_px * PPM * times)
    whole = reference_px * PPM
    return Bands(lower_px=_to_cent(max(0, whole - width)), upper_px=_to_cent(whole + width))


def _in_bucket(row: BandRow, close: int) -> bool:
    return close > row.min_close if row.above else close >= row.min_close


def _to_cent(px_ppm: int) -> int:
    """Price units times a million, to the nearest cent, halves up."""
    cent = CENT * PPM
    return (2 * px_ppm + cent) // (2 * cent) * CENT
