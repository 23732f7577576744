"""Recorded sessions measured like simulated ones: the consolidated ticks of two names, where the data is present.

Sizes at the touch are those of the venue that set it. A print is lit when it forms prices on an exchange; auctions
are told by their sale conditions.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from sottovoce.adapters.tape.conditions import OFF_EXCHANGE, is_auction, is_price_forming, is_trade
from sottovoce.adapters.tape.day import DayTape
from sottovoce.adapters.tape.loader import available_dates, load_day
from sottovoce.analytics.market_facts.columns import AUCTION, LIT, cut_sessions
from sottovoce.analytics.market_facts.columns import OFF_EXCHANGE as OFF
from sottovoce.analytics.market_facts.gates import gates_for
from sottovoce.analytics.market_facts.measured import Measured, recorded
from sottovoce.analytics.market_facts.tape_facts import SessionFacts, session_facts
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import ReferenceData, Session, Tape
from tools.market_study.judging import spread_bucket

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("IBM", "BAC")
TICK = 10_000
NEW_YORK = ZoneInfo("America/New_York")


def data_folder() -> Path | None:
    """The folder of consolidated ticks; None where there is none."""
    folder = (ROOT / os.environ.get("SOTTOVOCE_DATA", "../shared/data") / "us_equity_taq_ticks").resolve()
    return folder if folder.is_dir() else None


def real_markets(reference: ReferenceData) -> Iterator[Measured]:
    """Each name's days together; nothing where the data is absent."""
    folder = data_folder()
    for name in NAMES if folder is not None else ():
        assert folder is not None, "no folder of ticks"
        dates = available_dates(folder, name, "quotes")
        facts = [_facts(load_day(folder, name, _session(date))) for date in dates]
        instrument = reference.resolve(name)
        gates = gates_for(*_bucket(instrument, dates[0]))
        yield recorded(f"{name} {dates[0][:7]}", facts, gates)


def _bucket(instrument: Instrument | None, date: str) -> tuple[float, float]:
    return (0.0, float("inf")) if instrument is None else spread_bucket(instrument, date)


def _session(date: str) -> Session:
    """Regular hours of a New York day."""
    open_ns, close_ns = (
        round(datetime.fromisoformat(f"{date}T{at}").replace(tzinfo=NEW_YORK).timestamp()) * 1_000_000_000
        for at in ("09:30", "16:00")
    )
    return Session(date=date, open_ns=open_ns, close_ns=close_ns)


def _facts(day: DayTape) -> SessionFacts:
    trades, quotes = day.trades, day.quotes
    kept = is_trade(trades.cond)
    lit = is_price_forming(trades.cond) & (trades.exchange != OFF_EXCHANGE)
    kind = np.where(is_auction(trades.cond), AUCTION, np.where(lit, LIT, OFF))
    tape = Tape(
        instrument_id=day.symbol,
        quote_ns=quotes.ns,
        bid=quotes.bid,
        ask=quotes.ask,
        bid_size=quotes.bid_size,
        ask_size=quotes.ask_size,
        trade_ns=trades.ns[kept],
        trade_px=trades.px[kept],
        trade_qty=trades.qty[kept],
        trade_own=np.zeros(int(kept.sum()), np.int64),
        trade_kind=kind[kept],
    )
    return session_facts(cut_sessions(tape, [(day.session.open_ns, day.session.close_ns)], TICK)[0])
