"""Markets by name: `sim`, `sim:queues`, `tape:DIR` or `orders:FILE` for recorded ones.

Two generators simulate independently of each other: `agents`, whose order flow comes from people with reasons and
which is meant when nothing is said, and `queues`, whose flow depends on the queues alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Market, Session
from sottovoce.models.happenings import MarketEvent
from sottovoce.runtime.config import Config

SIM = "sim"
TAPE = "tape:"
ORDERS = "orders:"
AGENTS, QUEUES = "agents", "queues"
GENERATORS = (AGENTS, QUEUES)


def sessions_for(calendar: Calendar, date: str, days: int) -> tuple[Session, ...]:
    """The session of a date and those after it, days in all. Raises NotFound when the date is no trading day."""
    if calendar.session(date) is None:
        following = calendar.next_session(date).date
        raise NotFound(f"{date} is not a trading day; the next one is {following}.", code="no_session")
    return tuple(calendar.sessions(date, days))


def open_market(
    name: str,
    instruments: Sequence[Instrument],
    sessions: Sequence[Session],
    seed: int,
    events: Sequence[MarketEvent] = (),
) -> Market:
    """The market a command line names; events are for simulated ones, a tape has had its own.

    Raises: ConfigError for an unknown name or for events on a tape, NotFound for a missing tape.
    """
    if name in (SIM, f"{SIM}:{AGENTS}"):
        from sottovoce.adapters.simulated.market import SimulatedMarket

        return SimulatedMarket(instruments, sessions, seed, events=events)
    if name == f"{SIM}:{QUEUES}":
        from sottovoce.adapters.queues.market import QueueMarket

        return QueueMarket(instruments, sessions, seed, events=events)
    if name.startswith((TAPE, ORDERS)) and events:
        raise ConfigError("Nothing can be made to happen on a tape; use a simulated market.", code="tape_events")
    if name.startswith(TAPE):
        return _tape(Path(name.removeprefix(TAPE)), instruments, sessions)
    if name.startswith(ORDERS):
        from sottovoce.runtime.order_feeds import order_market

        return order_market(Path(name.removeprefix(ORDERS)), instruments, sessions)
    sentence = f"There is no market {name!r}; say sim, sim:queues, tape:DIR, or orders:FILE with an order feed."
    raise ConfigError(sentence, code="no_market")


def _tape(folder: Path, instruments: Sequence[Instrument], sessions: Sequence[Session]) -> Market:
    from sottovoce.adapters.tape.loader import load_day
    from sottovoce.adapters.tape.replayed import ReplayedMarket

    if len(instruments) != 1:
        raise ConfigError("A tape replays one instrument at a time; give orders in one name.", code="tape_one_name")
    instrument = instruments[0]
    days = [load_day(folder, instrument.symbol, session, instrument.price_scale) for session in sessions]
    return ReplayedMarket(instrument, days)


def config_for(name: str, instruments: Sequence[Instrument], calendar: Calendar, date: str, config: Config) -> Config:
    """The configuration a market is planned with: a tape's schedules use the volume of its earlier days.

    A curve that has seen the day it is used on would flatter the result; without an earlier day on tape the
    configured curve stays.
    """
    if not name.startswith(TAPE):
        return config
    from sottovoce.adapters.tape.curve import tape_curve
    from sottovoce.adapters.tape.loader import available_dates, load_trades

    folder, instrument = Path(name.removeprefix(TAPE)), instruments[0]
    earlier = [day for day in available_dates(folder, instrument.symbol) if day < date]
    sessions = [session for day in earlier if (session := calendar.session(day)) is not None]
    if not sessions:
        return config
    days = [(load_trades(folder, instrument.symbol, each, instrument.price_scale), each) for each in sessions]
    planning = msgspec.structs.replace(config.planning, volume_curve=tape_curve(instrument.symbol, days))
    return msgspec.structs.replace(config, planning=planning)
