"""Several simulated names as one market: messages find their name, and time stops where something of ours is news.

How a name trades is its engine's business; what is here is the same for every simulated market.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Generic, Protocol, TypeVar

from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import ExecType
from sottovoce.core.errors import NotFound
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NEVER_NS
from sottovoce.models.venue_entry import addressee
from sottovoce.models.venue_orders import VenueOrders


class Recording(Protocol):
    """What was printed and quoted in one name."""

    def snapshot(self) -> Tape:
        """Everything so far."""

    def digest(self) -> str:
        """SHA-256 over the columns, hex: equal for bit-equal tapes."""


class NameEngine(Protocol):
    """One name over its sessions. It only moves forward, and where it stops has no influence on what happens."""

    now_ns: int
    orders: VenueOrders

    @property
    def busy(self) -> bool:
        """Whether news of ours can come of running on."""

    def take(self, message: Outbound, at_ns: int) -> None:
        """Let a message that left us at at_ns arrive after its venue's latency, never in the past."""

    def run(self, until_ns: int) -> None:
        """Move to until_ns, or to the first time something of ours is news."""

    def collect(self) -> list[tuple[int, VenueMessage]]:
        """Hand over the news since the last time, in order of arrival."""

    def next_ns(self) -> int:
        """When something happens next, NEVER_NS for no more."""

    def state(self) -> MarketState:
        """The feed's last word; the same object until something changed."""

    def recording(self) -> Recording:
        """What was printed and quoted until now."""


EngineOfName = TypeVar("EngineOfName", bound=NameEngine)


class MarketOfNames(Generic[EngineOfName]):
    """Every venue of the names of some engines, behind the same port as a real one.

    Args:
        venues: facts by MIC, in MIC order.
        engines: by instrument_id.
    """

    def __init__(self, venues: Mapping[str, VenueFacts], engines: Mapping[str, EngineOfName]) -> None:
        self._venues = venues
        self._engines = engines
        self._strays = VenueOrders({})
        self._states: dict[str, MarketState] = {}

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the venues, in MIC order."""
        return tuple(self._venues.values())

    def send(self, message: Outbound, at_ns: int) -> None:
        """Take a message that left us at at_ns; it arrives after the venue's latency."""
        engine = self._engines.get(addressee(message)[1])
        if engine is not None:
            engine.take(message, at_ns)
        elif isinstance(message, ChildRouted):
            order = self._strays.register(message.route)
            self._strays.close(order, ExecType.REJECTED, at_ns, f"unknown instrument {message.route.instrument_id}")
        else:
            self._strays.know_nothing(message, at_ns)

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Run every name up to until_ns, or to the first news of ours if that is earlier.

        Returns (arrival_ns, message) pairs in order of arrival; arrival_ns may lie after until_ns by the latency.
        """
        if self._strays.news:
            strays = list(self._strays.news)
            self._strays.news.clear()
            return strays
        stop_ns = self._run_busy(until_ns)
        for engine in self._engines.values():
            engine.run(stop_ns)
        news = [item for engine in self._engines.values() for item in engine.collect()]
        return sorted(news, key=lambda item: item[0])

    def states(self) -> Mapping[str, MarketState]:
        """The feed's last word per instrument; values are immutable, unchanged ones the same object."""
        for instrument_id, engine in self._engines.items():
            self._states[instrument_id] = engine.state()
        return self._states

    def tape(self, instrument_id: str) -> Tape:
        """Everything printed and quoted so far. Raises NotFound for a name that is not simulated."""
        return self._recording(instrument_id).snapshot()

    def tape_digest(self, instrument_id: str) -> str:
        """SHA-256 over the tape's columns, hex: equal for bit-equal markets. Raises as tape."""
        return self._recording(instrument_id).digest()

    def _run_busy(self, until_ns: int) -> int:
        """Run the names where we have orders, one event of the earliest at a time; returns where to stop.

        Names without orders of ours cannot make news, so they follow afterwards in one go.
        """
        busy = [engine for engine in self._engines.values() if engine.busy]
        if not busy:
            return until_ns
        if len(busy) == 1:
            busy[0].run(until_ns)
            return busy[0].now_ns if busy[0].orders.news else until_ns
        due = [engine.next_ns() for engine in busy]
        while (first_ns := min(due)) <= until_ns:
            place = due.index(first_ns)
            engine = busy[place]
            due[place] = NEVER_NS
            engine.run(min(until_ns, *due))
            if engine.orders.news:
                return engine.now_ns
            due[place] = engine.next_ns()
        return until_ns

    def _recording(self, instrument_id: str) -> Recording:
        engine = self._engines.get(instrument_id)
        if engine is None:
            raise NotFound(f"{instrument_id} is not simulated in this run.", code="instrument_not_simulated")
        return engine.recording()
