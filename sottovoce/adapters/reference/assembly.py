"""From what a file says to instruments: sources looked up, rules put in price units, figures judged.

Every figure keeps its date and the words of its source. A figure that cannot be is an error of the file; a
figure that is not there stays unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from sottovoce.adapters.reference.document import FIGURES, SIGNED, Figure, Listing, Market, Row
from sottovoce.adapters.reference.faults import fault
from sottovoce.adapters.reference.reading import Draft
from sottovoce.adapters.reference.symbols import instrument_id, is_canonical, is_mic
from sottovoce.core.errors import InvariantError, MalformedMessage
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.text import is_iso_date
from sottovoce.core.units import parse_decimal_px, scale_decimals

ASSET_CLASS = "equity"
MOST = {"adv": 1e12, "sigma_daily": 1.0, "sigma_daily_long": 1.0, "spread_bps": 1e4, "momentum_20d": 10.0}
"""No name has more: shares a day, a volatility of 100 % a day, a spread of the whole price, a price times e^10."""


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """A market with its tick and lot rules in price units."""

    market: Market
    ticks: tuple[TickRule, ...]
    lots: tuple[LotRule, ...]


def assemble_rules(draft: Draft) -> dict[str, Rules]:
    """The markets a file brings, by their two letters. Raises: MalformedMessage, code reference_market."""
    return {name: _rules(draft, name, market) for name, market in draft.markets.items()}


def assemble_instruments(draft: Draft, rules: Mapping[str, Rules]) -> dict[str, Instrument]:
    """The instruments of a file by id.

    Raises: MalformedMessage, code reference_symbol, reference_duplicate, reference_market, reference_listing,
        reference_source, reference_date or reference_figure, naming file, line and field.
    """
    found: dict[str, Instrument] = {}
    lines: dict[str, int] = {}
    for line, row in draft.rows:
        instrument = _instrument(draft, line, row, rules)
        key = instrument.instrument_id
        if key in found:
            why = f"{row.symbol} is on line {lines[key]} already"
            raise fault(draft.file, line, "symbol", why, "reference_duplicate")
        found[key], lines[key] = instrument, line
    return found


def _instrument(draft: Draft, line: int, row: Row, rules: Mapping[str, Rules]) -> Instrument:
    if not is_canonical(row.symbol):
        why = f"{row.symbol[:40]!r} is not a ticker and a two-letter market such as 'AAPL US'"
        raise fault(draft.file, line, "symbol", why, "reference_symbol")
    known_rules = rules.get(row.symbol[-2:])
    if known_rules is None:
        why = f"the market {row.symbol[-2:]} has no ticks and lots; add it under markets in a JSON file"
        raise fault(draft.file, line, "symbol", why, "reference_market")
    market = known_rules.market
    facts: dict[str, Any] = {name: _fact(draft, line, name, getattr(row, name)) for name in FIGURES}
    return Instrument(
        instrument_id=instrument_id(row.symbol),
        symbol=row.symbol,
        name=row.name,
        mic=_mic(draft, line, row.listing),
        currency=market.currency,
        country=market.country,
        price_scale=market.price_scale,
        asset_class=ASSET_CLASS,
        ticks=known_rules.ticks,
        lots=known_rules.lots,
        calendar=market.calendar,
        sector=row.sector,
        notes=(*row.notes, *_listing_note(draft, row.listing)),
        **facts,
    )


def _fact(draft: Draft, line: int, name: str, figure: Figure | None) -> Fact | None:
    if figure is None:
        return None
    if figure.value is not None and not (math.isfinite(figure.value) and (figure.value > 0 or name in SIGNED)):
        why = f"{figure.value} cannot be; leave it out if it is not known"
        raise fault(draft.file, line, name, why, "reference_figure")
    if figure.value is not None and abs(figure.value) > MOST.get(name, math.inf):
        why = f"{figure.value} cannot be; at most {MOST[name]:g}: is it in another unit, such as per cent?"
        raise fault(draft.file, line, name, why, "reference_figure")
    source = _source(draft, line, name, figure.as_of, figure.source)
    return Fact(value=figure.value, as_of=figure.as_of, source=source)


def _mic(draft: Draft, line: int, listing: Listing | None) -> str | None:
    if listing is None:
        return None
    if not is_mic(listing.mic):
        why = f"{listing.mic[:40]!r} is not a market identifier code such as XNYS"
        raise fault(draft.file, line, "listing", why, "reference_listing")
    _source(draft, line, "listing", listing.as_of, listing.source)
    return listing.mic


def _listing_note(draft: Draft, listing: Listing | None) -> list[str]:
    if listing is None:
        return []
    return [f"primary listing {listing.mic} as of {listing.as_of}: {draft.sources[listing.source]}"]


def _source(draft: Draft, line: int, field: str, as_of: str, source: str) -> str:
    """The words of a figure's source, once its date is known to be one."""
    if not is_iso_date(as_of):
        why = f"its date {as_of[:40]!r} is not one such as 2018-02-07"
        raise fault(draft.file, line, field, why, "reference_date")
    if source not in draft.sources:
        why = f"its source {source[:40]!r} is not among the file's sources"
        raise fault(draft.file, line, field, why, "reference_source")
    return draft.sources[source]


def _rules(draft: Draft, name: str, market: Market) -> Rules:
    try:
        scale_decimals(market.price_scale)
        ticks = tuple(
            TickRule(
                effective_from=_day(row.effective_from),
                effective_to=None if row.effective_to is None else _day(row.effective_to),
                min_px=parse_decimal_px(row.min_price, market.price_scale),
                tick=_positive(parse_decimal_px(row.tick, market.price_scale)),
                source=draft.sources[row.source],
            )
            for row in market.ticks
        )
        lots = tuple(
            LotRule(
                effective_from=_day(row.effective_from),
                effective_to=None if row.effective_to is None else _day(row.effective_to),
                min_px=parse_decimal_px(row.min_price, market.price_scale),
                lot=_positive(row.lot),
                source=draft.sources[row.source],
            )
            for row in market.lots
        )
    except (KeyError, ValueError, MalformedMessage, InvariantError) as error:
        why = f"source {error} is not among the file's sources" if isinstance(error, KeyError) else str(error)
        raise MalformedMessage(f"{draft.file}, markets.{name}: {why}", code="reference_market") from error
    return Rules(market=market, ticks=ticks, lots=lots)


def _day(text: str) -> str:
    if not is_iso_date(text):
        raise ValueError(f"{text[:40]!r} is not a date such as 2018-02-07")
    return text


def _positive(number: int) -> int:
    if number <= 0:
        raise ValueError(f"a tick or lot of {number} cannot be")
    return number
