"""The queue-based market: every venue of a few names, behind the same port as a real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.adapters.queues.calibration import Measured, profile_of
from sottovoce.adapters.queues.engine import Engine
from sottovoce.adapters.queues.places import LIT_VENUES
from sottovoce.adapters.queues.playing import compiled_kernels
from sottovoce.adapters.queues.providers import CANDIDATES_PER_TRADE
from sottovoce.adapters.queues.venues import QUEUE_VENUES
from sottovoce.core.enums import VenueKind
from sottovoce.core.errors import ConfigError
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.compiling import Kernel
from sottovoce.models.happenings import MarketEvent, checked
from sottovoce.models.market_of_names import MarketOfNames

COMPILE_FROM_EVENTS = 60_000
"""Background events from which loading the compiled kernel pays."""


class QueueMarket(MarketOfNames[Engine]):
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
        listed = {facts.venue: facts for facts in sorted(venues, key=lambda facts: facts.venue)}
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
        engines = {
            name.instrument_id: Engine(
                name,
                sessions,
                seed,
                listed,
                events=checked(events, sessions),
                measured=known.get(name.instrument_id),
                kernels=kernels,
                quote_interval_ns=quote_interval_ns,
                sessions_kept=sessions_kept,
            )
            for name in instruments
        }
        super().__init__(listed, engines)


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
