"""Markets and desks the tests of the queue-based market trade with."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from sottovoce.adapters.queues import QueueMarket
from sottovoce.core.enums import Side, TimeInForce
from sottovoce.models.happenings import MarketEvent
from tests.adapters.simulated.names import OPEN_NS, TICK, name, sessions
from tests.contracts.market_cases import QUEUES
from tests.contracts.market_desk import MINUTE_NS, Desk

IOC = TimeInForce.IMMEDIATE_OR_CANCEL

QUICK = find_spec("numba") is not None
"""Whether tests run compiled; the contract of the port and the comparison of both run plain."""


def market(
    seed: int = 5, *, days: int = 1, events: tuple[MarketEvent, ...] = (), compiled: bool = QUICK
) -> QueueMarket:
    """A market of one small name."""
    return QueueMarket([name()], sessions(days), seed, events=events, compiled=compiled)


def desk_on(made: QueueMarket, minutes: float = 30.0, instrument_id: str = "SMALL") -> Desk:
    """A desk some minutes into the session."""
    desk = Desk(replace(QUEUES, instrument_id=instrument_id), made)
    desk.run(OPEN_NS + int(minutes * MINUTE_NS))
    return desk


def buy_often(desk: Desk, *, every: int = 2, until: int = 330, qty: int = 200, side: Side = Side.BUY) -> None:
    """Aggressive slices at every few minutes, over both maker-taker venues in turn."""
    for minute in range(30, until, every):
        desk.run(OPEN_NS + minute * MINUTE_NS)
        state = desk.state()
        px = state.ask + 5 * TICK if side is Side.BUY else state.bid - 5 * TICK
        desk.send(qty, px, side=side, tif=IOC, venue="SIMA" if minute % 4 else "SIMC")
