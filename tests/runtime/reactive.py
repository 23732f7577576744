"""A crowded session on the reactive market behind the broker: limits bind, and somebody pulls the kill switch."""

from __future__ import annotations

import random

import msgspec

from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.adapters.simulated.venues import SIM_VENUES
from sottovoce.core.commands import HaltTrading, ResumeOrder, ResumeTrading
from sottovoce.core.enums import Side
from sottovoce.core.ids import parent_id
from sottovoce.core.ports import Session, Step
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.runtime.brokered import BrokeredDesk
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.risk.limits import DOLLAR, ExposureLimit, RiskLimits
from sottovoce.stages.risk.risk import RiskState
from tests.runtime.sessions import STRATEGIES
from tests.scenarios.small_desk import (
    ACCOUNT,
    CLOSE_NS,
    MAX_AGE_NS,
    OPEN_NS,
    OTHER_ACCOUNT,
    RISK,
    TRADER,
    WIDE_CONFIG,
    Shelf,
    Weekdays,
    halt_scope,
    instrument,
    new_order,
)

NAMES = (instrument("ACME", 2_000_000.0), instrument("BETA", 1_000_000.0))
LIMITS = RiskLimits(
    parent_adv_ppm=10**6,
    exposures={
        "": ExposureLimit(gross=9_000_000, net=3_000_000),
        ACCOUNT: ExposureLimit(gross=6_000_000, net=2_000_000),
        OTHER_ACCOUNT: ExposureLimit(gross=5_000_000, net=2_000_000),
    },
)
PARENTS = 20
START_NS = OPEN_NS + 5 * NS_PER_SECOND
HORIZON_NS = 15 * NS_PER_MINUTE
END_NS = START_NS + 30 * NS_PER_MINUTE
WINDOW_NS = 2 * NS_PER_SECOND


class WatchedJournal(MemoryJournal):
    """Looks at the limits each time a step is over."""

    def __init__(self, system: System) -> None:
        super().__init__()
        self._system = system

    def append(self, step: Step) -> int:
        check_limits(self._system)
        return super().append(step)


def check_limits(system: System) -> None:
    """V3: no limit is exceeded by what is filled, open and reserved."""
    risk = system.stage("risk").state()
    assert isinstance(risk, RiskState)
    for scope, limit in LIMITS.exposures.items():
        gross, net = risk.exposure.after(f"account:{scope}" if scope else "", 1, 0)
        assert gross <= limit.gross * DOLLAR, f"gross of {scope or 'firm'} is {gross}"
        assert net <= limit.net * DOLLAR, f"net of {scope or 'firm'} is {net}"


def crowded_system() -> System:
    """Limits that twenty orders of a quarter of a million dollars and more cannot all have."""
    config = msgspec.structs.replace(WIDE_CONFIG, limits=LIMITS)
    return build_system(config, Shelf(NAMES), Weekdays(), SIM_VENUES)


def crowded_desk(seed: int) -> tuple[BrokeredDesk, WatchedJournal]:
    """The desk with its orders, a halt of one account and a halt of the firm on the agenda."""
    dice = random.Random(seed)
    system = crowded_system()
    journal = WatchedJournal(system)
    session = Session(date="2018-02-12", open_ns=OPEN_NS, close_ns=CLOSE_NS)
    market = SimulatedMarket(NAMES, [session], seed)
    desk = BrokeredDesk(system, journal, market, seed, max_quote_age_ns=MAX_AGE_NS, window_ns=WINDOW_NS)
    for number in range(PARENTS):
        start_ns = START_NS + dice.randrange(3) * NS_PER_MINUTE
        strategy = STRATEGIES[number % len(STRATEGIES)]
        order = new_order(
            f"c-{number}",
            account=dice.choice((ACCOUNT, OTHER_ACCOUNT)),
            symbol=dice.choice(("ACME", "BETA")),
            side=dice.choice((Side.BUY, Side.SELL)),
            order_qty=100 * dice.randrange(50, 160),
            strategy=strategy,
            participation="0.1" if strategy.value == "POV" else None,
            end_ns=start_ns + HORIZON_NS,
        )
        desk.schedule(start_ns, order)
        parent = parent_id(order.account, order.cl_ord_id)
        desk.schedule(START_NS + 12 * NS_PER_MINUTE, ResumeOrder(principal=TRADER, parent_id=parent))
    for minute, account in ((6, ACCOUNT), (10, None)):
        halt_ns = START_NS + minute * NS_PER_MINUTE
        desk.schedule(halt_ns, HaltTrading(principal=RISK, scope=halt_scope(account), reason="a test"))
        desk.schedule(halt_ns + NS_PER_MINUTE, ResumeTrading(principal=RISK, scope=halt_scope(account)))
    return desk, journal
