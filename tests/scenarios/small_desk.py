"""A small desk for tests of the order's path: two names, four venues, weekday sessions, people of every role.

Its market is a pure function of time, so two runs of the same orders see the same prices whatever they do.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import msgspec

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.commands import Input, NewOrder
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.events import StageEvent
from sottovoce.core.halts import FIRM_SCOPE, HaltKind, HaltScope
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.market import MarketState, MarketView, VenueQuote
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits

MONDAY_NS = 1_518_393_600 * 1_000_000_000
"""2018-02-12T00:00:00Z, a Monday."""
OPEN_NS = MONDAY_NS + 14 * NS_PER_HOUR + 30 * NS_PER_MINUTE
CLOSE_NS = OPEN_NS + 390 * NS_PER_MINUTE
TICK = 10_000
MID = 50_000_000
MAX_AGE_NS = 60_000_000_000

TRADER, OTHER_TRADER, RISK, COMPLIANCE = "trader-1", "trader-2", "risk-1", "compliance-1"
ACCOUNT, OTHER_ACCOUNT = "FUND-A", "FUND-B"
LIT, LIT_2, DARK, AUCTION = "LITA", "LITB", "DARK", "SHUT"

DIRECTORY = Directory(
    principals=(
        Principal(name=TRADER, role=Role.TRADER, accounts=(ACCOUNT, OTHER_ACCOUNT)),
        Principal(name=OTHER_TRADER, role=Role.TRADER, accounts=(OTHER_ACCOUNT,)),
        Principal(name=RISK, role=Role.RISK),
        Principal(name=COMPLIANCE, role=Role.COMPLIANCE),
    )
)
WIDE = ExposureLimit(gross=10**12, net=10**12)
WIDE_LIMITS = RiskLimits(
    parent_value_max=10**10, parent_qty_max=10**9, parent_adv_ppm=10**7, child_value_max=10**10, child_adv_ppm=10**7,
    exposures={"": WIDE, ACCOUNT: WIDE, OTHER_ACCOUNT: WIDE},
    house={
        "position_value": 10**12, "position_adv_ppm": 10**9, "outstanding_ppm": 10**9, "loss": 10**12,
        "drawdown": 10**12,
        "price_age_liquid_ns": 60 * 10**9, "strategy_rate": 10**9, "instrument_rate": 10**9, "trader_rate": 10**9,
        "session_rate": 10**9, "envelope_ppm": 10**6, "adv_age_days": 10**6,
        "rerun_fills": 10**9, "rerun_entries": 10**9,
    },
)  # fmt: skip
NO_APPROVAL = ApprovalConfig(
    value_max=10**12, adv_percent_max=10_000.0, cost_bps_max=100_000.0, sizing_bps_max=1e6, sizing_adv_percent_max=1e6
)
WIDE_CONFIG = Config(directory=DIRECTORY, limits=WIDE_LIMITS, approval=NO_APPROVAL)
"""Nothing binds: for tests of something else than limits."""


def halt_scope(account: str | None) -> HaltScope:
    """The scope of a halt of one account; None is the firm."""
    return FIRM_SCOPE if account is None else HaltScope(kind=HaltKind.ACCOUNT, name=account)


def fact(value: float | None) -> Fact:
    """A figure made up for a test."""
    return Fact(value=value, as_of="2018-02-07", source="made up for a test")


def instrument(symbol: str, adv: float | None = 10_000_000.0) -> Instrument:
    """A dollar name with one-cent ticks and round lots."""
    return Instrument(
        instrument_id=symbol, symbol=symbol, name=symbol, mic="XNAS", currency="USD", country="US",
        price_scale=1_000_000, asset_class="equity", calendar="XNYS",
        ticks=(TickRule(effective_from="2000-01-01", tick=TICK),),
        lots=(LotRule(effective_from="2000-01-01", lot=100),),
        adv=fact(adv), sigma_daily=fact(0.015), close=fact(50.0), shares_outstanding=fact(1e9),
    )  # fmt: skip


ACME, BETA, UNKNOWN_ADV = instrument("ACME"), instrument("BETA"), instrument("NADV", None)


class Shelf:
    """The instrument master of the small desk."""

    version = 1
    digest = "small"

    def __init__(self, names: Sequence[Instrument] = (ACME, BETA, UNKNOWN_ADV)) -> None:
        self._names = {each.instrument_id: each for each in names}

    def resolve(self, text: str) -> Instrument | None:
        return self._names.get(text.removesuffix(" US"))

    def get(self, instrument_id: str) -> Instrument | None:
        return self._names.get(instrument_id)


class Weekdays:
    """Sessions 14:30 to 21:00 UTC from Monday to Friday, without holidays."""

    def session_at(self, ts_ns: int) -> Session:
        return self.sessions_from(ts_ns, 1)[0]

    def sessions_from(self, ts_ns: int, count: int) -> Sequence[Session]:
        found: list[Session] = []
        day = (ts_ns - MONDAY_NS) // NS_PER_DAY
        while len(found) < count:
            open_ns = OPEN_NS + day * NS_PER_DAY
            close_ns = open_ns + 390 * NS_PER_MINUTE
            if day % 7 < 5 and close_ns > ts_ns:
                found.append(Session(date=str(date(2018, 2, 12) + timedelta(day)), open_ns=open_ns, close_ns=close_ns))
            day += 1
        return found


def _venue(mic: str, kind: VenueKind, make_fee: int, take_fee: int, latency_ns: int, min_qty: int = 1) -> VenueFacts:
    return VenueFacts(
        venue=mic, name=mic, kind=kind, make_fee=make_fee, take_fee=take_fee, auction_fee=800, latency_ns=latency_ns,
        min_qty=min_qty, effective_from="2000-01-01", source="made up for a test",
    )  # fmt: skip


VENUES = (
    _venue(DARK, VenueKind.DARK, 1_000, 1_000, 1_000_000, 100),
    _venue(LIT, VenueKind.LIT, -2_000, 3_000, 150_000),
    _venue(LIT_2, VenueKind.LIT, 200, 900, 600_000),
    _venue(AUCTION, VenueKind.AUCTION, 0, 0, 500_000),
)


def quote(venue: str, bid: int, ask: int, size: int = 500, kind: VenueKind = VenueKind.LIT) -> VenueQuote:
    """The touch at one venue."""
    return VenueQuote(venue=venue, kind=kind, bid=bid, bid_size=size, ask=ask, ask_size=size)


def market_state(name: str = "ACME", *, ts_ns: int = OPEN_NS, volume: int = 0, mid: int = MID) -> MarketState:
    """A fresh two-cent market, shown by both lit venues."""
    bid, ask = mid - TICK, mid + TICK
    return MarketState(
        instrument_id=name, seq=1 + ts_ns // 1_000_000 % 1_000_000_007, quoted_ns=ts_ns, bid=bid, bid_size=1_000,
        ask=ask, ask_size=1_000, last_px=mid, volume=volume, phase="open",
        venues=(quote(LIT, bid, ask), quote(LIT_2, bid, ask, 400)),
    )  # fmt: skip


def states_at(ts_ns: int) -> dict[str, MarketState]:
    """Both names as functions of time: the price steps by a tick a minute, 100 shares a second trade in each."""
    minutes, seconds = (ts_ns - OPEN_NS) // NS_PER_MINUTE, (ts_ns - OPEN_NS) // 1_000_000_000
    up = TICK * (minutes * 7919 % 21 - 10)
    return {
        "ACME": market_state("ACME", ts_ns=ts_ns, volume=100 * seconds, mid=MID + up),
        "BETA": market_state("BETA", ts_ns=ts_ns, volume=100 * seconds, mid=MID - up),
    }


def view_at(ts_ns: int = OPEN_NS, states: Mapping[str, MarketState] | None = None) -> MarketView:
    """The market at a moment, as a stage sees it."""
    return MarketView(ts_ns, states_at(ts_ns) if states is None else states, MAX_AGE_NS)


def new_order(cl_ord_id: str = "c-1", /, **changes: object) -> NewOrder:
    """A plain buy of 10,000 ACME by trader-1 for FUND-A, and whatever a case changes."""
    plain = NewOrder(
        principal=TRADER, account=ACCOUNT, cl_ord_id=cl_ord_id, symbol="ACME", side=Side.BUY, order_qty=10_000
    )
    return msgspec.structs.replace(plain, **changes)


def small_system(config: Config = WIDE_CONFIG, names: Sequence[Instrument] = ()) -> System:
    """The real system on the small desk's reference data, with more names if wanted, its calendar and venues."""
    return build_system(config, Shelf((ACME, BETA, UNKNOWN_ADV, *names)), Weekdays(), VENUES)


def drive(system: System, message: Input | StageEvent, view: MarketView) -> list[StageEvent]:
    """Decide on a message and on everything that follows from it, in the order of the engine, without a journal."""
    events: list[StageEvent] = []
    pending: list[object] = [message]
    while pending:
        following = pending.pop()
        batch = system.deciders[type(following)][1](following, view)
        for event in batch:
            system.apply(event)
        events.extend(batch)
        pending.extend(event for event in reversed(batch) if type(event) in system.deciders)
    return events
