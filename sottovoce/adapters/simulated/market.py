"""The simulated market: every venue of a few names, behind the same port as a real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from sottovoce.adapters.simulated.engine import Engine
from sottovoce.adapters.simulated.profile import Calibration
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.adapters.simulated.toxic import NOBODY, Toxicity
from sottovoce.adapters.simulated.venues import SIM_VENUES
from sottovoce.core.errors import ConfigError
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.happenings import MarketEvent, checked
from sottovoce.models.market_of_names import MarketOfNames

NO_CALIBRATIONS: Mapping[str, Calibration] = MappingProxyType({})


class SimulatedMarket(MarketOfNames[Engine]):
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
        listed = {facts.venue: facts for facts in sorted(venues, key=lambda facts: facts.venue)}
        events = checked(events, sessions)
        engines = {
            each.instrument_id: Engine(
                each,
                sessions,
                seed,
                listed,
                events,
                tape=TapeRecorder(each.instrument_id, every_quote=every_quote, sessions_kept=sessions_kept),
                toxic=toxic,
                measured=calibrations.get(each.instrument_id),
            )
            for each in instruments
        }
        super().__init__(listed, engines)
