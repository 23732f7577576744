"""A small desk for planning tests: one calendar, a few instruments, orders with everything but what a case sets."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.clearance_events import OrderCleared
from sottovoce.core.enums import Side
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_DAY, NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.stage import Planning

MONDAY_NS = 1_518_393_600 * 1_000_000_000
"""2018-02-12T00:00:00Z, a Monday."""
OPEN_NS = MONDAY_NS + 14 * NS_PER_HOUR + 30 * NS_PER_MINUTE
CLOSE_NS = OPEN_NS + 390 * NS_PER_MINUTE
SOURCE = "us_equity_reference, 2018-02-07"


def fact(value: float | None) -> Fact:
    return Fact(value=value, as_of="2018-02-07", source=SOURCE)


def instrument(symbol: str, price: float, **facts: Fact) -> Instrument:
    plain = Instrument(
        instrument_id=f"{symbol} US", symbol=f"{symbol} US", name=symbol, mic="XNAS", currency="USD", country="US",
        price_scale=1_000_000, asset_class="equity", calendar="XNYS", sector="Information Technology",
        ticks=(TickRule(effective_from="2000-01-01", tick=10_000),),
        lots=(LotRule(effective_from="2000-01-01", lot=100),),
        close=fact(price),
    )  # fmt: skip
    return msgspec.structs.replace(plain, **facts)


AAPL = instrument(
    "AAPL", 159.54, adv=fact(42_138_739), sigma_daily=fact(0.0131), sigma_daily_long=fact(0.0111),
    shares_outstanding=fact(5.218e9), momentum_20d=fact(-0.088),
)  # fmt: skip
NO_SHARES = instrument("NSHR", 50.0, adv=fact(2_000_000), sigma_daily=fact(0.02))
NO_SIGMA = instrument("NSIG", 50.0, adv=fact(2_000_000), shares_outstanding=fact(4e8))
BARE = instrument("BARE", 50.0)
THIN = instrument("THIN", 20.0, adv=fact(200_000), sigma_daily=fact(0.03), shares_outstanding=fact(3e7))


class Weekdays:
    """Sessions 14:30 to 21:00 UTC from Monday to Friday, without holidays."""

    def session_at(self, ts_ns: int) -> Session:
        return self.sessions_from(ts_ns, 1)[0]

    def sessions_from(self, ts_ns: int, count: int) -> Sequence[Session]:
        found: list[Session] = []
        day = (ts_ns - MONDAY_NS) // NS_PER_DAY
        while len(found) < count:
            open_ns = OPEN_NS + day * NS_PER_DAY
            if day % 7 < 5 and open_ns + 390 * NS_PER_MINUTE > ts_ns:
                close_ns = open_ns + 390 * NS_PER_MINUTE
                found.append(Session(date=f"2018-02-{12 + day:02d}", open_ns=open_ns, close_ns=close_ns))
            day += 1
        return found


class Shelf:
    """Reference data of the test instruments."""

    version = 1
    digest = "test"

    def __init__(self) -> None:
        self.known = {each.instrument_id: each for each in (AAPL, NO_SHARES, NO_SIGMA, BARE, THIN)}

    def resolve(self, text: str) -> Instrument | None:
        return self.known.get(f"{text} US")

    def get(self, instrument_id: str) -> Instrument | None:
        return self.known.get(instrument_id)


def order(of: Instrument = AAPL, qty: int = 100_000, **changes: object) -> ParentOrder:
    """A buy from Monday's open to its close, medium urgency, no strategy."""
    assert of.close is not None
    assert of.close.value is not None
    px = round(of.close.value * of.price_scale)
    plain = ParentOrder(
        parent_id="P-TEST", cl_ord_id="c-1", account="FUND-1", principal="pm-1", instrument_id=of.instrument_id,
        symbol=of.symbol, side=Side.BUY, order_qty=qty, accepted_ns=OPEN_NS, start_ns=OPEN_NS, end_ns=CLOSE_NS,
        days=1, ref_version=1, arrival_px=px, arrival_rule="mid", decision_px=px, decision_ns=OPEN_NS,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def view(of: Instrument = AAPL, *, spread: int = 10_000) -> MarketView:
    """A market with a fresh quote around the instrument's close, spread in units; 0 is no quote at all."""
    if spread == 0:
        return MarketView(OPEN_NS, {}, NS_PER_MINUTE)
    assert of.close is not None
    assert of.close.value is not None
    bid = round(of.close.value * of.price_scale) - spread // 2
    state = MarketState(
        instrument_id=of.instrument_id, seq=1, quoted_ns=OPEN_NS, bid=bid, bid_size=500, ask=bid + spread,
        ask_size=500, last_px=bid, volume=0, phase="open", venues=(),
    )  # fmt: skip
    return MarketView(OPEN_NS, {of.instrument_id: state}, NS_PER_MINUTE)


def stage(config: PlanningConfig | None = None) -> Planning:
    return Planning(Shelf(), Weekdays(), config)


def cleared(each: ParentOrder) -> OrderCleared:
    return OrderCleared(
        parent_id=each.parent_id, ts_ns=OPEN_NS, order=each, reserved_qty=each.order_qty, worst_px=each.arrival_px,
        limits_version=1,
    )  # fmt: skip


def plan(each: ParentOrder, market: MarketView | None = None, config: PlanningConfig | None = None) -> Plan:
    """The plan of an order of one of the test instruments; a fresh quote unless a market is given."""
    of = Shelf().get(each.instrument_id)
    assert of is not None
    return stage(config).plan(each, market or view(of))
