"""What a tape says of its own day: average price, auctions, and who traded how much. For reports and for checks.

Definitions are those the data set's README gives with its figures, so that they can be compared digit by digit: the
row count includes official open and close values, every other figure leaves them out.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.adapters.tape.conditions import (
    CLOSING_PRINT,
    OFF_EXCHANGE,
    OPENING_PRINT,
    SWEEP,
    is_trade,
)
from sottovoce.adapters.tape.day import DayTape, Trades
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import Session
from sottovoce.models.arrays import BoolArray

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
    """One day of one symbol. vwap is in currency over value/volume of regular hours; shares is the whole day's.

    definition says in a sentence what vwap counts; first_ns and last_ns are the first and the last trade; shares of
    volume are parts of 1, by venue letter in venue_shares. Our own orders never enter any of these.
    """

    symbol: str
    date: str
    vwap: float
    definition: str
    volume: int
    shares: int
    trades: int
    first_ns: int
    last_ns: int
    off_exchange_share: float
    sweep_share: float
    venue_shares: dict[str, float]
    opening_auction: AuctionFigures | None
    closing_auction: AuctionFigures | None


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


def venue_shares(trades: Trades) -> dict[str, float]:
    """Part of the shares each venue reported, by its letter; a venue that reported none is not in it."""
    shares = np.bincount(trades.exchange, weights=trades.qty)
    total = float(trades.qty.sum())
    return {chr(code): float(shares[code]) / total for code in np.flatnonzero(shares).tolist()}


def summarise(day: DayTape, price_scale: int = 1_000_000) -> TapeSummary:
    """The day's figures for a report. Raises as tape_vwap does."""
    trades = day.trades.where(is_trade(day.trades.cond))
    vwap, shares = tape_vwap(trades, day.session, price_scale), int(trades.qty.sum())
    by_venue = venue_shares(trades)
    return TapeSummary(
        symbol=day.symbol,
        date=day.session.date,
        vwap=vwap,
        definition=VWAP_DEFINITION,
        volume=int(trades.qty[regular_trades(trades, day.session)].sum()),
        shares=shares,
        trades=int(day.trades.ns.size),
        first_ns=int(trades.ns[0]),
        last_ns=int(trades.ns[-1]),
        off_exchange_share=by_venue.get(chr(OFF_EXCHANGE), 0.0),
        sweep_share=int(trades.qty[(trades.cond & SWEEP) != 0].sum()) / shares,
        venue_shares=by_venue,
        opening_auction=auction(trades, OPENING_PRINT, price_scale),
        closing_auction=auction(trades, CLOSING_PRINT, price_scale),
    )
