"""What a tape says of its own day: average price, auctions, off-exchange share, spread. For reports and for
checks.

Definitions are those the data set's README gives with its figures, so that they can be compared digit by
digit.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.adapters.tape.conditions import (
    CLOSING_PRINT,
    OFF_EXCHANGE,
    OPENING_PRINT,
    is_trade,
)
from sottovoce.adapters.tape.day import DayTape, Quotes, Trades
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session
from sottovoce.models.arrays import BoolArray, IntArray

VWAP_DEFINITION = (
    "every trade of the consolidated tape from the open to before the close (09:30 to 16:00), off-exchange "
    "and opening auction included; official open and close values, extended hours, closing auction excluded"
)


class AuctionFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The auction of the venue with most shares in it: total, average price (currency), last print."""

    exchange: str
    qty: int
    px: float
    ns: int


class TapeSummary(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One day of one symbol. vwap is in currency over value/volume of regular hours; shares is the whole
    day's.

    definition says in a sentence what vwap counts. Our own orders never enter any of these.
    """

    symbol: str
    date: str
    vwap: float
    definition: str
    volume: int
    shares: int
    trades: int
    off_exchange_share: float
    opening_auction: AuctionFigures | None
    closing_auction: AuctionFigures | None


class QuoteFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Time-weighted from the first to the last quote of regular hours: spread in cents, locked and crossed
    time.

    inside_nbbo is the part of regular-hours trades at or between the best bid and offer quoted before them.
    """

    spread_cents: float
    locked: float
    crossed: float
    inside_nbbo: float


def regular_trades(trades: Trades, session: Session) -> BoolArray:
    """Trades in the day's average: open <= time < close, no official value, no closing auction."""
    in_hours = (trades.ns >= session.open_ns) & (trades.ns < session.close_ns)
    counted: BoolArray = in_hours & is_trade(trades.cond) & ((trades.cond & CLOSING_PRINT) == 0)
    return counted


def tape_vwap(trades: Trades, session: Session, price_scale: int = 1_000_000) -> float:
    """The tape's own volume-weighted average price, currency; see VWAP_DEFINITION.

    Raises: ModelError, tape_no_volume, where regular hours have no trade.
    """
    counted = regular_trades(trades, session)
    volume = int(trades.qty[counted].sum())
    if volume == 0:
        raise ModelError(f"The tape of {session.date} has no trade in regular hours.", code="tape_no_volume")
    return int((trades.px[counted] * trades.qty[counted]).sum()) / volume / price_scale


def auction(trades: Trades, bit: int, price_scale: int = 1_000_000) -> AuctionFigures | None:
    """The opening (OPENING_PRINT) or closing (CLOSING_PRINT) auction, or None where no venue printed one."""
    prints = trades.where(is_trade(trades.cond) & ((trades.cond & bit) != 0))
    if prints.ns.size == 0:
        return None
    shares = np.bincount(prints.exchange, weights=prints.qty)
    most = int(shares.argmax())
    here = prints.where(prints.exchange == most)
    qty = int(here.qty.sum())
    value = int((here.px * here.qty).sum())
    return AuctionFigures(exchange=chr(most), qty=qty, px=value / qty / price_scale, ns=int(here.ns[-1]))


def summarise(day: DayTape, price_scale: int = 1_000_000) -> TapeSummary:
    """The day's figures for a report. Raises as tape_vwap does."""
    trades = day.trades.where(is_trade(day.trades.cond))
    shares = int(trades.qty.sum())
    return TapeSummary(
        symbol=day.symbol,
        date=day.session.date,
        vwap=tape_vwap(trades, day.session, price_scale),
        definition=VWAP_DEFINITION,
        volume=int(trades.qty[regular_trades(trades, day.session)].sum()),
        shares=shares,
        trades=int(day.trades.ns.size),
        off_exchange_share=int(trades.qty[trades.exchange == OFF_EXCHANGE].sum()) / shares,
        opening_auction=auction(trades, OPENING_PRINT, price_scale),
        closing_auction=auction(trades, CLOSING_PRINT, price_scale),
    )


def quote_figures(day: DayTape, price_scale: int = 1_000_000) -> QuoteFigures:
    """Spread, locked and crossed time, and how many trades kept inside the quote, over regular hours."""
    quotes, session = day.quotes, day.session
    regular = (quotes.ns[:-1] >= session.open_ns) & (quotes.ns[1:] < session.close_ns)
    two_sided = (quotes.bid[:-1] > 0) & (quotes.ask[:-1] > 0)
    weights = np.diff(quotes.ns) * (regular & two_sided)
    total = int(weights.sum())
    if total == 0:
        raise ModelError(f"The tape of {session.date} has no two-sided quote in regular hours.", code="tape_no_quotes")
    spread = (quotes.ask - quotes.bid)[:-1]
    return QuoteFigures(
        spread_cents=float((spread * weights.astype(np.float64)).sum()) / total / (price_scale / 100),
        locked=int(weights[spread == 0].sum()) / total,
        crossed=int(weights[spread < 0].sum()) / total,
        inside_nbbo=_inside(day),
    )


def _inside(day: DayTape) -> float:
    counted = day.trades.where(regular_trades(day.trades, day.session))
    before = quote_before(day.quotes, counted.ns)
    known = before >= 0
    bid, ask = day.quotes.bid[before[known]], day.quotes.ask[before[known]]
    px = counted.px[known]
    return float(((px >= bid) & (px <= ask)).mean()) if px.size else 0.0


def quote_before(quotes: Quotes, ns: IntArray) -> IntArray:
    """Row of the quote in force strictly before each time, -1 where there is none; shape as ns."""
    return np.searchsorted(quotes.ns, ns, side="left").astype(np.int64) - 1
