"""The same day's orders under two runners: in process, and behind the shuffling broker."""

from __future__ import annotations

import random
from collections.abc import Mapping
from operator import attrgetter

import msgspec

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.commands import AmendOrder, CancelOrder, Input, NewOrder, PauseOrder, ResumeOrder
from sottovoce.core.enums import DarkUse, Side, Strategy, Urgency
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Step
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import ChildCreated
from sottovoce.runtime.brokered import FOREVER_NS, BrokeredDesk
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.breakers.config import BreakerConfig
from tests.runtime.scripted_market import ScriptedMarket
from tests.scenarios.small_desk import (
    ACCOUNT,
    MAX_AGE_NS,
    OPEN_NS,
    OTHER_ACCOUNT,
    TRADER,
    VENUES,
    WIDE_CONFIG,
    Shelf,
    Weekdays,
    instrument,
    new_order,
    states_at,
)

PARENTS = 28
STRATEGIES = (Strategy.TWAP, Strategy.VWAP, Strategy.POV, Strategy.IS)
HORIZON_NS = 20 * NS_PER_MINUTE
END_NS = OPEN_NS + 45 * NS_PER_MINUTE
Script = list[tuple[int, Input]]


QUIET = BreakerConfig(consecutive_max=10**9, calls_min=10**9, reject_calls_min=10**9, rejects_in_row=10**9)
"""A breaker is shared by all parents, so what one of them does moves the others; equality per parent needs it quiet."""


NAMES = tuple(instrument(f"N{number:02}") for number in range(PARENTS))
"""A name for each parent: orders in one name see each other's volume and must not meet each other's orders."""


def quiet_system() -> System:
    """The small desk without breakers, in many names."""
    return build_system(msgspec.structs.replace(WIDE_CONFIG, breakers=QUIET), Shelf(NAMES), Weekdays(), VENUES)


def many_states_at(ts_ns: int) -> Mapping[str, MarketState]:
    """Every name as a function of time: that of ACME."""
    one = states_at(ts_ns)["ACME"]
    return {each.instrument_id: msgspec.structs.replace(one, instrument_id=each.instrument_id) for each in NAMES}


def script_of(seed: int) -> Script:
    """Twenty-eight parents over four algorithms, entered over ten minutes; some are amended, paused or canceled."""
    dice = random.Random(seed)
    script: Script = []
    for number in range(PARENTS):
        start_ns = OPEN_NS + dice.randrange(10 * NS_PER_MINUTE)
        order = _order(number, start_ns, dice)
        script.append((start_ns, order))
        script.extend(_wishes(order, start_ns, dice))
    return script


def _order(number: int, start_ns: int, dice: random.Random) -> NewOrder:
    strategy = STRATEGIES[number % len(STRATEGIES)]
    return new_order(
        f"c-{number}",
        account=dice.choice((ACCOUNT, OTHER_ACCOUNT)),
        symbol=f"N{number:02}",
        side=dice.choice((Side.BUY, Side.SELL)),
        order_qty=100 * dice.randrange(40, 200),
        strategy=strategy,
        urgency=dice.choice((Urgency.LOW, Urgency.MEDIUM)),
        dark=dice.choice((DarkUse.ALLOW, DarkUse.NONE)),
        participation="0.1" if strategy is Strategy.POV else None,
        end_ns=start_ns + HORIZON_NS,
    )


def _wishes(order: NewOrder, start_ns: int, dice: random.Random) -> Script:
    parent = parent_id(order.account, order.cl_ord_id)
    at_ns = start_ns + dice.randrange(HORIZON_NS)
    wish = dice.random()
    if wish < 0.1:
        return [(at_ns, CancelOrder(principal=TRADER, parent_id=parent))]
    if wish < 0.25:
        later_ns = at_ns + 5 * NS_PER_MINUTE
        pause, resume = (kind(principal=TRADER, parent_id=parent) for kind in (PauseOrder, ResumeOrder))
        return [(at_ns, pause), (later_ns, resume)]
    if wish < 0.4:
        qty = 100 * dice.randrange(20, 400)
        return [(at_ns, AmendOrder(principal=TRADER, parent_id=parent, order_qty=qty))]
    return []


def in_process(seed: int) -> list[Step]:
    """The steps of the in-process desk."""
    journal = MemoryJournal()
    engine = Engine(quiet_system(), journal, NoMetrics(), MAX_AGE_NS)
    desk = Desk(engine, ScriptedMarket(seed, many_states_at), VirtualClock(OPEN_NS))
    for at_ns, message in script_of(seed):
        desk.schedule(at_ns, message)
    desk.run_until(END_NS)
    return [step for _, step in journal.steps()]


def brokered(seed: int, deduplicate: bool = True) -> tuple[list[Step], BrokeredDesk]:
    """The steps of the brokered desk with every lane at its own pace."""
    journal = MemoryJournal()
    desk = BrokeredDesk(
        quiet_system(),
        journal,
        ScriptedMarket(seed, many_states_at),
        seed,
        max_quote_age_ns=MAX_AGE_NS,
        window_ns=FOREVER_NS,
        states_at=many_states_at,
        deduplicate=deduplicate,
    )
    for at_ns, message in script_of(seed):
        desk.schedule(at_ns, message)
    desk.run_until(END_NS)
    return [step for _, step in journal.steps()], desk


def by_parent(steps: list[Step]) -> Mapping[str, bytes]:
    """Each parent's events in order, as bytes: what two runners must agree on. The desk's own are nobody's history."""
    found: dict[str, list[StageEvent]] = {}
    for step in steps:
        for event in filter(attrgetter("parent_id"), step.events):
            found.setdefault(event.parent_id, []).append(event)
    return {parent: msgspec.json.encode(events) for parent, events in found.items()}


def children_in(steps: list[Step]) -> int:
    """How many children were created."""
    return sum(isinstance(event, ChildCreated) for step in steps for event in step.events)
