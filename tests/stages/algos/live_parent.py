"""A live parent in a still market, for tests of what happens to one."""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import AmendOrder, ExecutionReport, Input
from sottovoce.core.enums import DarkUse, ExecType, OrdStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.core.work_events import TimerSet
from sottovoce.runtime.config import Config
from sottovoce.stages.algos.book import AlgosState
from sottovoce.stages.algos.parent import WorkedParent
from tests.scenarios.small_desk import (
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    TRADER,
    WIDE_CONFIG,
    drive,
    market_state,
    new_order,
    small_system,
)

END_NS = OPEN_NS + 60 * NS_PER_MINUTE


class Worked:
    """An order of 10,000 in one hour; time passes wake by wake, in a still market."""

    def __init__(self, strategy: Strategy = Strategy.TWAP, config: Config = WIDE_CONFIG, **changes: object) -> None:
        self.system = small_system(config)
        self.now_ns, self.stale = OPEN_NS, False
        self.volume: int | None = None
        self.said = 0
        self.timer: TimerSet | None = None
        words: dict[str, object] = {"dark": DarkUse.NONE, "end_ns": END_NS, **changes}
        self.events = self.take(new_order(strategy=strategy, **words))
        self.parent_id = self.events[0].parent_id

    def take(self, message: Input) -> list[StageEvent]:
        volume = 100 * (self.now_ns - OPEN_NS) // 1_000_000_000 if self.volume is None else self.volume
        state = market_state(ts_ns=self.now_ns - (10 * MAX_AGE_NS if self.stale else 0), volume=volume)
        events = drive(self.system, message, MarketView(self.now_ns, {"ACME": state}, MAX_AGE_NS))
        for event in events:
            if isinstance(event, TimerSet) and type(event.timer).__name__ == "AlgoWake":
                self.timer = event
        return events

    def wake(self, times: int = 1) -> list[StageEvent]:
        events: list[StageEvent] = []
        for _ in range(times):
            assert self.timer is not None
            self.now_ns = max(self.now_ns, self.timer.at_ns)
            events += self.take(self.timer.timer)
        return events

    def amend(self, **changes: object) -> list[StageEvent]:
        return self.take(msgspec.structs.replace(AmendOrder(principal=TRADER, parent_id=self.parent_id), **changes))

    def tell(self, route: Route, kind: ExecType, **words: object) -> list[StageEvent]:
        self.said += 1
        plain = ExecutionReport(
            parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"X{self.said}",
            exec_type=kind, ord_status=OrdStatus.NEW, cum_qty=0, leaves_qty=0, transact_ns=self.now_ns,
        )  # fmt: skip
        return self.take(msgspec.structs.replace(plain, **words))

    def fill(self, events: list[StageEvent]) -> None:
        """Everything that was just sent trades."""
        for event in events:
            if isinstance(event, ChildRouted):
                self.tell(event.route, ExecType.TRADE, last_qty=event.route.qty, last_px=MID)

    @property
    def parent(self) -> WorkedParent:
        state = self.system.stage("algos").state()
        assert isinstance(state, AlgosState)
        return state.parents[self.parent_id]


def only(events: list[StageEvent], kind: type) -> list[StageEvent]:
    return [event for event in events if isinstance(event, kind)]


def refused(events: list[StageEvent]) -> list[str]:
    (event,) = only(events, CommandRefused)
    assert isinstance(event, CommandRefused)
    return [failure.code for failure in event.failures]


def routes(events: list[StageEvent]) -> list[Route]:
    return [event.route for event in events if isinstance(event, ChildRouted)]
