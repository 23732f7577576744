"""Files of market data by what is in them: each opened as the playback of its kind."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.adapters.feeds.kinds import FeedKind, kind_of
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.playback import Playback

if TYPE_CHECKING:
    from sottovoce.adapters.tape.day import DayTape

MBO = "mbo"
"""The schema of order messages."""

_TAPE_NAME = re.compile(r"([^_]+)_(\d{4})(\d{2})(\d{2})_(?:trades|quotes)\.parquet")


def open_playback(path: Path, faults: FaultLog, calendar: Calendar) -> Playback:
    """The playback of a file. Bad rows go to faults; a tape file brings the other one of its day with it.

    Raises: NotFound for a missing file; FeedFault feed_kind for one that nothing here reads; ConfigError
    feed_not_events for a file of books alone, tape_file_name; as the kind's reader does.
    """
    kind = kind_of(path)
    if kind is FeedKind.LOBSTER_BOOK:
        sentence = f"{path} holds books and no events; give the message file it came with."
        raise ConfigError(sentence, code="feed_not_events")
    if kind is FeedKind.BINANCE:
        from sottovoce.adapters.feeds.level_playback import LevelPlayback

        return LevelPlayback(path, faults)
    if kind in (FeedKind.TAPE_TRADES, FeedKind.TAPE_QUOTES):
        from sottovoce.adapters.tape.playback import TapePlayback

        return TapePlayback(_tape_day(path, calendar))
    return _dbn(path, faults) if kind is FeedKind.DBN else _orders(path, kind, faults)


def _dbn(path: Path, faults: FaultLog) -> Playback:
    from sottovoce.adapters.feeds.dbn import DbnFile
    from sottovoce.adapters.feeds.dbn_playback import DbnPlayback
    from sottovoce.adapters.feeds.order_playback import OrderPlayback
    from sottovoce.adapters.feeds.order_sources import dbn_source

    if DbnFile(path).header.schema == MBO:
        return OrderPlayback(dbn_source(path, faults))
    return DbnPlayback(path, faults)


def _orders(path: Path, kind: FeedKind, faults: FaultLog) -> Playback:
    from sottovoce.adapters.feeds.order_playback import OrderPlayback
    from sottovoce.adapters.feeds.order_sources import itch_source, lobster_source

    return OrderPlayback((itch_source if kind is FeedKind.ITCH else lobster_source)(path, faults))


def _tape_day(path: Path, calendar: Calendar) -> DayTape:
    import numpy as np

    from sottovoce.adapters.tape.day import DayTape, Quotes
    from sottovoce.adapters.tape.loader import available_dates, load_quotes, load_trades

    found = _TAPE_NAME.fullmatch(path.name)
    if found is None:
        sentence = f"{path.name} does not say its symbol and day; name it SYMBOL_YYYYMMDD_trades.parquet."
        raise ConfigError(sentence, code="tape_file_name")
    symbol, date = found[1], f"{found[2]}-{found[3]}-{found[4]}"
    session = calendar.session(date)
    if session is None:
        raise NotFound(f"{date}, the day of {path.name}, is not a trading day.", code="no_session")
    nothing = np.zeros(0, dtype=np.int64)
    quotes = Quotes(ns=nothing, bid=nothing, bid_size=nothing, ask=nothing, ask_size=nothing)
    if date in available_dates(path.parent, symbol, "quotes"):
        quotes = load_quotes(path.parent, symbol, session)
    trades = load_trades(path.parent, symbol, session)
    return DayTape(symbol=symbol, session=session, trades=trades, quotes=quotes)
