"""The instrument file as it is written: markets with dated rules, named sources, one line per instrument.

    {"format": 1, "as_of": "2018-02-07", "note": "…",
     "sources": {"bars": "where the figures come from"},
     "markets": {"US": {…, "ticks": [["2001-04-09", null, "1", "0.01", "why"], …]}},
     "instruments": [
      {"symbol": "AAPL US", "name": "Apple Inc.", "close": [159.54, "2018-02-07", "bars"]},
      …]}

A figure is [value, as of, source]; a null value says the figure is known not to be usable, and the source why.
An absent figure is unknown. Prices of rules are decimal text. Unknown fields are errors.
"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

FORMAT = 1


class Figure(NamedTuple):
    """[value, ISO date, id of a source]."""

    value: float | None
    as_of: str
    source: str


class Listing(NamedTuple):
    """[MIC of the primary listing, ISO date, id of a source]."""

    mic: str
    as_of: str
    source: str


class TickRow(NamedTuple):
    """[in force from, not in force from or null, lowest price, tick, id of a source]; prices as decimal text."""

    effective_from: str
    effective_to: str | None
    min_price: str
    tick: str
    source: str


class LotRow(NamedTuple):
    """[in force from, not in force from or null, lowest price, shares, id of a source]."""

    effective_from: str
    effective_to: str | None
    min_price: str
    lot: int
    source: str


class Market(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every share of one market has in common."""

    country: str
    currency: str
    price_scale: int
    calendar: str
    listing_mics: tuple[str, ...]
    ticks: tuple[TickRow, ...]
    lots: tuple[LotRow, ...]


class Row(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One instrument; symbol is canonical, and its last two letters name the market."""

    symbol: str
    name: str
    sector: str | None = None
    listing: Listing | None = None
    close: Figure | None = None
    adv: Figure | None = None
    sigma_daily: Figure | None = None
    sigma_daily_long: Figure | None = None
    shares_outstanding: Figure | None = None
    momentum_20d: Figure | None = None
    spread_bps: Figure | None = None
    notes: tuple[str, ...] = ()


class Document(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A whole file. Instruments stay raw until each is read on its own, so an error can name its line."""

    format: int
    as_of: str
    note: str = ""
    sources: dict[str, str] = {}
    markets: dict[str, Market] = {}
    instruments: list[msgspec.Raw] = []


FIGURES = (*("close", "adv", "sigma_daily", "sigma_daily_long", "shares_outstanding", "momentum_20d", "spread_bps"),)
SIGNED = ("momentum_20d",)
"""Figures that may be negative or zero; every other must be positive."""
