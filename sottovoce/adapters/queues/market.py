"""The queue-based market: every venue of a few names, behind the same port as a real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.adapters.queues.calibration import Measured, profile_of
from sottovoce.adapters.queues.engine import Engine
from sottovoce.adapters.queues.places import LIT_VENUES, NEVER_NS
from sottovoce.adapters.queues.playing import compiled_kernels
from sottovoce.adapters.queues.providers import CANDIDATES_PER_TRADE
from sottovoce.adapters.queues.venues import QUEUE_VENUES
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import ExecType, VenueKind
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Session, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.models.compiling import Kernel
from sottovoce.models.happenings import MarketEvent, checked
from sottovoce.models.venue_entry import addressee
from sottovoce.models.venue_orders import VenueOrders

COMPILE_FROM_EVENTS = 60_000
"""Background events from which loading the compiled kernel pays."""


class QueueMarket:
    """Names on common venues, moved together by a market factor. The same arguments and messages give the same market,
    bit for bit, compiled or not.

    Args:
        instruments: the names, each with a close, an ADV and a daily volatility known.
        sessions: the sessions to run, in order of time.
        seed: of all background streams; see dice.py.
        venues: four lit venues, a dark pool and an auction.
        events: earnings jumps, halts and bursts of volatility that are arranged to happen.
        measured: by instrument_id, names calibrated on a tape instead of facts; see calibration.measure.
        compiled: run the kernel compiled (needs numba) or plain; None: compiled where it pays and numba is there.
        quote_interval_ns: keep a change of the touch only when the last kept one is this old; 0 keeps all.
        sessions_kept: finished sessions the tape goes back, so that memory does not grow with them; None keeps all.
    Raises: ModelError, sim_fact_missing; ConfigError, sim_sessions_missing, sim_venues_unfit or numba_missing.
    """

    def __init__(
        self,
        instruments: Sequence[Instrument],
        sessions: Sequence[Session],
        seed: int,
        venues: Sequence[VenueFacts] = QUEUE_VENUES,
        *,
        events: Sequence[MarketEvent] = (),
        measured: Mapping[str, Measured] | None = None,
        compiled: bool | None = None,
        quote_interval_ns: int = 0,
        sessions_kept: int | None = None,
    ) -> None:
        if not sessions:
            raise ConfigError("The simulated market needs at least one session to run.", code="sim_sessions_missing")
        self._venues = {facts.venue: facts for facts in sorted(venues, key=lambda facts: facts.venue)}
        _check_venues(venues)
        known = measured or {}
        trades = [
            profile_of(name, sessions[0].date, measured=known.get(name.instrument_id)).trades for name in instruments
        ]
        if compiled is None:
            compiled = sum(trades) * len(sessions) * CANDIDATES_PER_TRADE >= COMPILE_FROM_EVENTS
            kernels = compiled_kernels() if compiled else None
        else:
            kernels = _demanded() if compiled else None
        self._engines = {
            name.instrument_id: Engine(
                name,
                sessions,
                seed,
                self._venues,
                events=checked(events, sessions),
                measured=known.get(name.instrument_id),
                kernels=kernels,
                quote_interval_ns=quote_interval_ns,
                sessions_kept=sessions_kept,
            )
            for name in instruments
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
        return self._engine(instrument_id).recorder.snapshot()

    def tape_digest(self, instrument_id: str) -> str:
        """SHA-256 over the tape, hex: equal for bit-equal markets."""
        return self._engine(instrument_id).recorder.digest()

    def _run_busy(self, until_ns: int) -> int:
        """Run the names where we have orders, the earliest first; returns where to stop.

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
        engine.catch_up()
        return engine


def _check_venues(venues: Sequence[VenueFacts]) -> None:
    kinds = [facts.kind for facts in venues]
    if kinds.count(VenueKind.LIT) != LIT_VENUES:
        raise ConfigError(
            f"The queue-based market has {LIT_VENUES} lit venues; {kinds.count(VenueKind.LIT)} were given.",
            code="sim_venues_unfit",
        )


def _demanded() -> dict[str, Kernel]:
    kernels = compiled_kernels()
    if kernels is None:
        raise ConfigError(
            "A compiled market needs numba, which is not installed: install the batch extra, or run plain.",
            code="numba_missing",
        )
    return kernels
