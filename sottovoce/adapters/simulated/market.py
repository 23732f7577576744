"""The simulated market: every venue of a few names, behind the same port as a real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sottovoce.adapters.simulated.engine import Engine
from sottovoce.adapters.simulated.floor import NEVER_NS
from sottovoce.adapters.simulated.profile import Calibration
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.adapters.simulated.toxic import NOBODY, Toxicity
from sottovoce.adapters.simulated.venues import SIM_VENUES
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import ExecType
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Session, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.models.happenings import MarketEvent, checked
from sottovoce.models.venue_entry import addressee
from sottovoce.models.venue_orders import VenueOrders

NO_CALIBRATIONS: Mapping[str, Calibration] = MappingProxyType({})


class SimulatedMarket:
    """Names that share news on common venues. The same arguments and messages give the same market, bit for bit.

    Args:
        instruments: the names, each with a close, an ADV and a daily volatility known.
        sessions: the sessions to run, in order of time.
        seed: of all background streams; see streams.py.
        venues: lit venues, dark ones (pools and a crossing network) and one of auctions, in MIC order.
        events: earnings jumps, halts and bursts of volatility; see models/happenings.py.
        toxic: counterparties that live off us; none unless asked for.
        calibrations: figures measured on a tape (calibration.py), by instrument, which go before its facts.
        every_quote: keep every change of a price or size at the touch on the tape, not one in 100 ms.
        sessions_kept: finished sessions the tape goes back, so that memory does not grow with them; None keeps all.
    Raises: ModelError, sim_fact_missing; ConfigError, sim_sessions_missing or sim_event_impossible.
    """

    def __init__(
        self,
        instruments: Sequence[Instrument],
        sessions: Sequence[Session],
        seed: int,
        venues: Sequence[VenueFacts] = SIM_VENUES,
        events: Sequence[MarketEvent] = (),
        *,
        every_quote: bool = False,
        toxic: Toxicity = NOBODY,
        calibrations: Mapping[str, Calibration] = NO_CALIBRATIONS,
        sessions_kept: int | None = None,
    ) -> None:
        if not sessions:
            raise ConfigError("The simulated market needs at least one session to run.", code="sim_sessions_missing")
        self._venues = {facts.venue: facts for facts in sorted(venues, key=lambda facts: facts.venue)}
        events = checked(events, sessions)
        self._engines = {
            each.instrument_id: Engine(
                each,
                sessions,
                seed,
                self._venues,
                events,
                tape=TapeRecorder(each.instrument_id, every_quote=every_quote, sessions_kept=sessions_kept),
                toxic=toxic,
                measured=calibrations.get(each.instrument_id),
            )
            for each in instruments
        }
        self._strays = VenueOrders({})
        self._states: dict[str, MarketState] = {}

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the venues, in MIC order."""
        return tuple(self._venues.values())

    def send(self, message: Outbound, at_ns: int) -> None:
        """Take a message that left us at at_ns; it arrives after the venue's latency."""
        engine = self._engines.get(addressee(message)[1])
        if engine is not None:
            engine.send(message, at_ns)
        elif isinstance(message, ChildRouted):
            order = self._strays.register(message.route)
            self._strays.close(order, ExecType.REJECTED, at_ns, f"unknown instrument {message.route.instrument_id}")
        else:
            self._strays.know_nothing(message, at_ns)

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Run every name up to until_ns, or to the first news of ours if that is earlier.

        Returns (arrival_ns, message) pairs in order of arrival; arrival_ns may lie after until_ns by the
        latency.
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
        return self._engine(instrument_id).tape.snapshot()

    def tape_digest(self, instrument_id: str) -> str:
        """SHA-256 over the tape's columns, hex: equal for bit-equal markets."""
        return self._engine(instrument_id).tape.digest()

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

    def _engine(self, instrument_id: str) -> Engine:
        engine = self._engines.get(instrument_id)
        if engine is None:
            raise NotFound(f"{instrument_id} is not simulated in this run.", code="instrument_not_simulated")
        return engine
