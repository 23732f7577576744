"""What the consolidated ticks give: each figure of their README, from the loader and figures the desk itself uses."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.tape.day import DayTape, Quotes
from sottovoce.adapters.tape.figures import AuctionFigures, TapeSummary, summarise
from sottovoce.adapters.tape.loader import OPEN_AFTER_MIDNIGHT_NS, available_dates, load_quotes, load_trades
from sottovoce.adapters.tape.quote_figures import quote_figures
from sottovoce.core.errors import NotFound
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_DAY, NS_PER_MILLISECOND
from tools.market_checks.crypto import Figure

FOLDER = "us_equity_taq_ticks"
SYMBOLS = ("BAC", "IBM", "SPY")
VENUES = "BCDJKMNPQWXYZ"


def figures(data: Path) -> Iterator[Figure]:
    """Every figure of the symbol days."""
    folder, calendar = data / FOLDER, load_calendar("XNYS")
    for symbol in SYMBOLS:
        quoted = available_dates(folder, symbol, "quotes")
        for date in available_dates(folder, symbol):
            session = calendar.session(date)
            if session is None:
                raise NotFound(f"{date} is no trading day of XNYS.", code="no_session")
            quotes = load_quotes(folder, symbol, session) if date in quoted else _no_quotes()
            trades = load_trades(folder, symbol, session)
            day = DayTape(symbol=symbol, session=session, trades=trades, quotes=quotes)
            name = f"{symbol} {date.replace('-', '')}"
            yield from _trade_figures(name, summarise(day), session)
            if date in quoted:
                yield from _quote_figures(name, day)


def _trade_figures(name: str, day: TapeSummary, session: Session) -> Iterator[Figure]:
    yield f"{name} trades", f"{day.trades:,}", None
    yield f"{name} first", _clock(day.first_ns, session), None
    yield f"{name} last", _clock(day.last_ns, session), None
    yield f"{name} shares", f"{day.shares:,}", None
    yield f"{name} rth_vwap", f"{day.vwap:.4f}", None
    yield f"{name} open_auction", _auction(day.opening_auction), None
    yield f"{name} close_auction", _auction(day.closing_auction), None
    yield f"{name} off_exchange_share", f"{day.off_exchange_share:.4f}", None
    yield f"{name} iso_share", f"{day.sweep_share:.4f}", None
    for venue in VENUES:
        yield f"{name} {venue}", f"{day.venue_shares.get(venue, 0.0):.4f}", None


def _quote_figures(name: str, day: DayTape) -> Iterator[Figure]:
    got = quote_figures(day)
    yield f"{name} quotes", f"{got.rows:,}", None
    yield f"{name} tw_spread_cents", f"{got.spread_cents:.4f}", None
    yield f"{name} locked_time", f"{got.locked:.4f}", None
    yield f"{name} crossed_time", f"{got.crossed:.4f}", None
    yield f"{name} trades_inside_nbbo", f"{got.inside_nbbo:.4f}", None
    yield f"{name} eff_spread_bps_all_prints", f"{got.effective_spread_bps:.4f}", None


def _auction(got: AuctionFigures | None) -> str:
    return "none" if got is None else f"{got.exchange} {got.qty:,} @ {got.px:.2f}"


def _clock(ns: int, session: Session) -> str:
    """Time of day in New York, to the tape's millisecond."""
    ms = (ns - session.open_ns + OPEN_AFTER_MIDNIGHT_NS) % NS_PER_DAY // NS_PER_MILLISECOND
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1_000 % 60:02d}.{ms % 1_000:03d}"


def _no_quotes() -> Quotes:
    nothing = np.zeros(0, dtype=np.int64)
    return Quotes(ns=nothing, bid=nothing, bid_size=nothing, ask=nothing, ask_size=nothing)
