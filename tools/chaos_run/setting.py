"""What every life of the desk is given alike: instrument, configuration, hours, and how wall time maps onto them."""

from __future__ import annotations

import time

from sottovoce.adapters.calendar.sessions import Calendar, load_calendar
from sottovoce.adapters.loopback_venue.market import LoopbackMarket, venue_facts
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, Side, Strategy
from sottovoce.core.instrument import Instrument
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.config import ACCOUNT, TRADER, Config
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.gateway.config import DuplicateConfig, GatewayConfig
from sottovoce.stages.risk.limits import FIRM, ExposureLimit, RiskLimits

DATE, SYMBOL = "2018-02-08", "MSFT"
RESTS_FOR_NS = 10 * NS_PER_MINUTE
"""An order with a limit may rest for so long; most trade or are canceled before."""


QUICK = {
    "strategy_rate": 5_000, "session_rate": 5_000, "instrument_rate": 5_000, "trader_rate": 5_000,
    "rerun_fills": 1_000_000, "rerun_entries": 1_000_000,
    "position_value": 10**12, "position_adv_ppm": 10**9, "outstanding_ppm": 10**9, "loss": 10**12, "drawdown": 10**12,
}  # fmt: skip
WIDE = ExposureLimit(gross=10**12, net=10**12)
LIMITS = RiskLimits(exposures={FIRM: WIDE, ACCOUNT: WIDE}, house=QUICK)
"""Limits that a client like this one would break on purpose, out of the way."""


class Setting:
    """Reference data, calendar and the system they make."""

    def __init__(self) -> None:
        self.reference: ReferenceVersion = load_shipped()
        self.calendar: Calendar = load_calendar()
        session = self.calendar.session(DATE)
        assert session is not None
        self.start_ns = session.open_ns + NS_PER_MINUTE

    @property
    def instrument(self) -> Instrument:
        found = self.reference.resolve(SYMBOL)
        assert found is not None
        return found

    @property
    def bid(self) -> str:
        """What the venues bid, in dollars."""
        state = LoopbackMarket(self.instrument, 0, "").states()[self.instrument.instrument_id]
        return f"{state.bid / self.instrument.price_scale:.2f}"

    def system(self) -> System:
        """A system nothing has happened to."""
        alike = GatewayConfig(duplicates=DuplicateConfig(window_s=1e-9, repeat_s=1e-9))
        alone = ApprovalConfig(value_max=10**12, adv_percent_max=1e6, cost_bps_max=1e6)
        config = Config(limits=LIMITS, gateway=alike, approval=alone)
        return build_system(config, self.reference, self.calendar, venue_facts())

    def desk_ns(self, epoch_ns: int) -> int:
        """The desk's time now, when the run began at epoch_ns of the wall clock."""
        return self.start_ns + time.time_ns() - epoch_ns


def order(number: int, desk_ns: int, bid: str) -> NewOrder:
    """The n-th order, a buy so that none meets another: every third at once, the others rest at the bid."""
    at_once = number % 3 == 0
    return NewOrder(
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id=f"K-{number}",
        symbol=SYMBOL,
        side=Side.BUY,
        order_qty=100 * (1 + number % 7),
        ord_type=OrdType.MARKET if at_once else OrdType.LIMIT,
        price=None if at_once else bid,
        strategy=Strategy.SOR,
        end_ns=None if at_once else desk_ns + RESTS_FOR_NS,
    )
