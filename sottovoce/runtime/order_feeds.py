"""Order-by-order files as markets to trade on: `orders:FILE`, with our orders queued behind the real ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sottovoce.core.errors import ConfigError
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Market, Session
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.mbo.events import MboEvents

OPEN_NS = 570 * NS_PER_MINUTE
"""The exchange's open, after its midnight: the files count time from there."""


def order_market(path: Path, instruments: Sequence[Instrument], sessions: Sequence[Session]) -> Market:
    """The replay of a LOBSTER or ITCH file, one name on one day.

    Raises: ConfigError, orders_one_name, orders_one_day or orders_kind; NotFound for a missing file; FeedFault for a
    damaged one, when it is reached.
    """
    from sottovoce.adapters.replay.instrument_replay import ReplayFeed
    from sottovoce.adapters.replay.market import OrderReplayMarket

    if len(instruments) != 1:
        raise ConfigError("An order file replays one name at a time; give orders in one name.", code="orders_one_name")
    if len(sessions) != 1:
        raise ConfigError("An order file is of one day; give an order that ends on it.", code="orders_one_day")
    events = _events(path, instruments[0].symbol.split()[0], sessions[0].open_ns - OPEN_NS)
    return OrderReplayMarket([ReplayFeed(instrument=instruments[0], events=events)], sessions)


def _events(path: Path, ticker: str, midnight_ns: int) -> Iterable[MboEvents]:
    from sottovoce.adapters.feeds.faults import FaultLog
    from sottovoce.adapters.feeds.itch_stock import read_stock
    from sottovoce.adapters.feeds.kinds import FeedKind, kind_of
    from sottovoce.adapters.feeds.lobster import read_lobster

    kind = kind_of(path)
    if kind is FeedKind.LOBSTER:
        return read_lobster(path, FaultLog(), midnight_ns=midnight_ns)
    if kind is FeedKind.ITCH:
        pieces = read_stock(path, ticker, FaultLog(), midnight_ns=midnight_ns, whole=False)
        return (piece.events for piece in pieces)
    sentence = f"{path} holds {kind.value}; orders can be replayed from LOBSTER messages and NASDAQ ITCH 5.0."
    raise ConfigError(sentence, code="orders_kind")
