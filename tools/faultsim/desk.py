"""The desk that is simulated: two names, four venues, weekday sessions, people of every role, limits that bind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.enums import VenueKind
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.approval.config import ApprovalConfig
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits

MONDAY_NS = 1_518_393_600 * 1_000_000_000
"""2018-02-12T00:00:00Z, a Monday."""
OPEN_NS = MONDAY_NS + 14 * NS_PER_HOUR + 30 * NS_PER_MINUTE
DAY_NS = 390 * NS_PER_MINUTE
TICK = 10_000
MIDS = {"ACME": 50_000_000, "BETA": 20_000_000}

TRADER, OTHER_TRADER, RISK, COMPLIANCE, CLERK = "trader-1", "trader-2", "risk-1", "compliance-1", "clerk-1"
ACCOUNTS = {TRADER: ("FUND-A", "FUND-B"), OTHER_TRADER: ("FUND-B",)}
RELEASERS = (RISK, COMPLIANCE)

DIRECTORY = Directory(
    principals=(
        Principal(name=TRADER, role=Role.TRADER, accounts=ACCOUNTS[TRADER]),
        Principal(name=OTHER_TRADER, role=Role.TRADER, accounts=ACCOUNTS[OTHER_TRADER]),
        Principal(name=RISK, role=Role.RISK),
        Principal(name=COMPLIANCE, role=Role.COMPLIANCE),
        Principal(name=CLERK, role=Role.OPERATIONS),
    )
)
GROSS = {"": 400_000_000, "FUND-A": 250_000_000, "FUND-B": 80_000_000}
"""Whole dollars by account, "" for the firm: low enough that orders are refused for them."""
MAX_AGE_NS = 10_000_000_000
CONFIG = Config(
    directory=DIRECTORY,
    limits=RiskLimits(exposures={name: ExposureLimit(gross=most, net=most) for name, most in GROSS.items()}),
    approval=ApprovalConfig(value_max=2_000_000),
    max_quote_age_s=MAX_AGE_NS / 1e9,
)


def _fact(value: float) -> Fact:
    return Fact(value=value, as_of="2018-02-09", source="made up for the simulation")


def _instrument(symbol: str, mid: int) -> Instrument:
    return Instrument(
        instrument_id=symbol, symbol=symbol, name=symbol, mic="XNAS", currency="USD", country="US",
        price_scale=1_000_000, asset_class="equity", calendar="XNYS",
        ticks=(TickRule(effective_from="2000-01-01", tick=TICK),),
        lots=(LotRule(effective_from="2000-01-01", lot=100),),
        adv=_fact(10_000_000.0), sigma_daily=_fact(0.015), close=_fact(mid / 1e6), shares_outstanding=_fact(1e9),
    )  # fmt: skip


class Shelf:
    """The instrument master."""

    version = 1
    digest = "simulated"

    def __init__(self) -> None:
        self._names = {symbol: _instrument(symbol, mid) for symbol, mid in MIDS.items()}

    def resolve(self, text: str) -> Instrument | None:
        return self._names.get(text)

    def get(self, instrument_id: str) -> Instrument | None:
        return self._names.get(instrument_id)


class Weekdays:
    """Sessions from 14:30 to 21:00 UTC on every weekday."""

    def session_at(self, ts_ns: int) -> Session:
        return self.sessions_from(ts_ns, 1)[0]

    def sessions_from(self, ts_ns: int, count: int) -> Sequence[Session]:
        found: list[Session] = []
        day = (ts_ns - MONDAY_NS) // NS_PER_DAY
        while len(found) < count:
            open_ns = OPEN_NS + day * NS_PER_DAY
            if day % 7 < 5 and open_ns + DAY_NS > ts_ns:
                name = str(date(2018, 2, 12) + timedelta(day))
                found.append(Session(date=name, open_ns=open_ns, close_ns=open_ns + DAY_NS))
            day += 1
        return found


def _venue(mic: str, kind: VenueKind, make_fee: int, take_fee: int, latency_ns: int, min_qty: int = 1) -> VenueFacts:
    return VenueFacts(
        venue=mic, name=mic, kind=kind, make_fee=make_fee, take_fee=take_fee, auction_fee=800, latency_ns=latency_ns,
        min_qty=min_qty, effective_from="2000-01-01", source="made up for the simulation",
    )  # fmt: skip


VENUES = (
    _venue("DARK", VenueKind.DARK, 1_000, 1_000, 1_000_000, 100),
    _venue("LITA", VenueKind.LIT, -2_000, 3_000, 150_000),
    _venue("LITB", VenueKind.LIT, 200, 900, 600_000),
    _venue("SHUT", VenueKind.AUCTION, 0, 0, 500_000),
)


def new_system() -> System:
    """The real system, empty."""
    return build_system(CONFIG, Shelf(), Weekdays(), VENUES)
