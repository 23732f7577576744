"""A desk for measuring: static quotes on the simulated venues, room in every limit, orders as bytes."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.simulated.venues import SIM_VENUES
from sottovoce.core.commands import ClientCommand, NewOrder
from sottovoce.core.enums import Side, Strategy, VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import Journal
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.runtime.config import ACCOUNT, SIMULATION_HOUSE, TRADER, Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.metrics import Metrics
from sottovoce.runtime.system import build_system
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.risk.limits import FIRM, ExposureLimit, RiskLimits
from sottovoce.stages.routing.candidates import RoutingConfig
from sottovoce.stages.routing.ratios import RatioLimit

NAMES = ("AAPL", "MSFT", "IBM", "KO", "JPM", "XOM", "PG", "INTC", "CSCO", "PFE")
ROOM = ExposureLimit(gross=10**12, net=10**12)
UNCOUNTED = {
    "strategy_rate": 10**9, "instrument_rate": 10**9, "trader_rate": 10**9, "session_rate": 10**9,
    "position_value": 10**12, "position_adv_ppm": 10**9, "rerun_fills": 10**9, "rerun_entries": 10**9,
}  # fmt: skip
"""All orders come in one moment of a clock that stands still: rates and positions are counted and never bind."""
NO_APPROVAL = ApprovalConfig(
    value_max=10**12, adv_percent_max=1e9, cost_bps_max=1e9, sizing_bps_max=1e9, sizing_adv_percent_max=1e9
)
UNTRADED = RoutingConfig(ratios=(RatioLimit(messages_per_trade=10**9),))
"""No order trades here, so messages a trade (AT-08) are all there are: counted, and never binding."""
decode = msgspec.json.Decoder(ClientCommand).decode


def static_states(now_ns: int) -> Mapping[str, MarketState]:
    """One quote per name at its last close, shown on two lit venues, with a dark pool."""
    reference = load_shipped()
    states = {}
    for name in NAMES:
        instrument = reference.resolve(name)
        assert instrument is not None
        assert instrument.close is not None
        assert instrument.close.value is not None
        bid = round(instrument.close.value * 100) * 10_000
        ask = bid + 10_000
        venues = tuple(
            VenueQuote(venue=facts.venue, kind=facts.kind, bid=bid, bid_size=800, ask=ask, ask_size=700)
            for facts in SIM_VENUES
            if facts.kind is VenueKind.LIT
        )
        states[instrument.instrument_id] = MarketState(
            instrument_id=instrument.instrument_id,
            seq=1,
            quoted_ns=now_ns,
            bid=bid,
            bid_size=1600,
            ask=ask,
            ask_size=1400,
            last_px=bid,
            volume=1_000_000,
            phase="open",
            venues=venues,
        )
    return states


def session_ns() -> int:
    """A moment of a trading day, a minute after the open."""
    return load_calendar().sessions("2018-02-08", 1)[0].open_ns + 60 * NS_PER_SECOND


def order_bytes(number: int) -> bytes:
    """The n-th order as it arrives: a direct order, buys and sells in turn, no two alike (PT-08)."""
    order = NewOrder(
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=f"B-{number:07d}",
        symbol=NAMES[number % len(NAMES)],
        side=Side.BUY if number % 2 else Side.SELL,
        order_qty=100 + number // len(NAMES),
        strategy=Strategy.SOR,
    )
    return msgspec.json.encode(order)


def build_engine(journal: Journal, metrics: Metrics) -> Engine:
    """The whole system with limits that do not bind."""
    limits = RiskLimits(exposures={FIRM: ROOM, ACCOUNT: ROOM}, house={**SIMULATION_HOUSE, **UNCOUNTED})
    config = Config(limits=limits, approval=NO_APPROVAL, routing=UNTRADED)
    system = build_system(config, load_shipped(), load_calendar(), SIM_VENUES)
    return Engine(system, journal, metrics, 60 * NS_PER_SECOND)
