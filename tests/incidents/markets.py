"""Incidents in which the market ran away with an order: I-05, I-06, I-09."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from sottovoce.core.enums import Side, Strategy, Urgency
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.orders import ParentOrder
from sottovoce.models.market_watch import MarketWatch
from tests.incidents.floor import SECOND, Floor, Wish
from tests.incidents.layers import GUARD, LEDGERS, Incident, Layer, Outcome
from tests.incidents.runaways import CONFIG
from tests.scenarios.small_desk import OPEN_NS, TICK, fact, instrument, market_state

# I-05 ----------------------------------------------------------------------------------------------------

LOTS = 136
START_PX = 1_716_250_000


def sliding(ts_ns: int) -> Mapping[str, MarketState]:
    """A bid that falls a quarter of a point in a second, four seconds long."""
    second = min((ts_ns - OPEN_NS) // SECOND, 14)
    return {"FUT": market_state("FUT", ts_ns=ts_ns, mid=START_PX - second * 250_000)}


def larger_and_lower(order: ParentOrder, look: int, view: MarketView) -> Sequence[Wish]:
    """136, then 340, 544 … up to 1,086, each at the bid of the moment."""
    qty = LOTS if look == 0 else min(LOTS + 204 * look, 1_086)
    state = view.state("FUT")
    return (Wish(qty=qty, px=0 if state is None else state.bid, rests=True),)


def modify_up(off: int) -> Outcome:
    """Four modifications a second for four seconds; what stands at the market is never above the parent."""
    future = replace(instrument("FUT"), close=fact(1_716.25), adv=fact(100_000.0))
    floor = Floor(CONFIG, sliding, [future], broken=(larger_and_lower, SECOND // 4))
    floor.order("c1", symbol="FUT", side=Side.SELL, order_qty=LOTS)
    floor.run(4)
    passed, note = floor.shares <= LOTS, f"asked for {LOTS}"
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), passed, note)


# I-06 ----------------------------------------------------------------------------------------------------

OPENING = 45_550_000
QUIET_NS = 120 * SECOND
"""Long enough for an order to be at work when it begins."""


def spike(ts_ns: int) -> Mapping[str, MarketState]:
    """45.55 for two minutes, 58.54 half a minute later, on a thin book; trades follow."""
    climbed = min(max(ts_ns - OPEN_NS - QUIET_NS, 0), 30 * SECOND) * 12_990_000 // (30 * SECOND)
    seconds = max(ts_ns - OPEN_NS, 0) // SECOND
    mid = (OPENING + climbed) // TICK * TICK
    return {"SPK": market_state("SPK", ts_ns=ts_ns, mid=mid, volume=2_000 * seconds)}


def opening_spike(off: int) -> Outcome:
    """An urgent purchase at the open without a limit. Nothing may trade above 3 % over 45.55."""
    name = replace(instrument("SPK"), close=fact(45.55), adv=fact(2_000_000.0))
    floor = Floor(CONFIG, spike, [name], fills=True)
    floor.order("c1", symbol="SPK", order_qty=40_000, strategy=Strategy.POV, participation="0.3", urgency=Urgency.HIGH)
    floor.run(240)
    worst = max((route.price for _, route in floor.street.orders), default=0)
    most = OPENING * 103 // 100 if off < 2 else OPENING * 111 // 100
    note = f"worst price {worst / 1e6:.2f}, at most {most / 1e6:.2f}"
    passed = 0 < worst <= most
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), passed, note)


# I-09 ----------------------------------------------------------------------------------------------------


def into_its_own_volume(ts_ns: int) -> Mapping[str, MarketState]:
    """A price that falls 6 % in twenty minutes while a thousand a second trade."""
    seconds = max(ts_ns - OPEN_NS, 0) // SECOND
    mid = 50_000_000 - 50_000_000 * 6 * min(seconds, 1_200) // 120_000
    return {"IDX": market_state("IDX", ts_ns=ts_ns, mid=mid // TICK * TICK, volume=1_000 * seconds)}


def volume_only(off: int) -> Outcome:
    """Sell 75,000 at nine percent of volume, without price or time."""
    name = replace(instrument("IDX"), adv=fact(20_000_000.0))
    floor = Floor(CONFIG, into_its_own_volume, [name], fills=True)
    floor.order("c1", symbol="IDX", side=Side.SELL, order_qty=75_000, strategy=Strategy.POV, participation="0.09")
    floor.run(1_200)
    paused_ns = [ts_ns for ts_ns, step in floor.steps for event in step.events if isinstance(event, ParentPaused)]
    market = 1_000 * 1_200
    part = floor.shares / market
    when = f"paused after {(paused_ns[0] - OPEN_NS) / SECOND:.0f} s" if paused_ns else "never paused"
    passed = part <= 0.09 and (bool(paused_ns) or off > 0)
    note = f"{part:.1%} of others' volume; {when}"
    return Outcome(len(floor.street.orders), floor.shares, floor.value, floor.stopped_by(), passed, note)


def _blind(*_: object) -> list[object]:
    """A watch that never sees anything."""
    return []


INCIDENTS = (
    Incident(
        "I-05",
        "modify-up loop, October 2009",
        (GUARD, LEDGERS),
        modify_up,
    ),
    Incident(
        "I-06",
        "opening spike, October 2012",
        (
            Layer("chase in small steps", ("drift",)),
            Layer("the watch over the market", (), ((MarketWatch, "look", _blind),)),
        ),
        opening_spike,
    ),
    Incident("I-09", "volume-only sale, May 2010", (), volume_only, (0,)),
)
