"""A desk whose algorithms are broken: what they make goes through the real stages, the real loop and the real door.

The street takes whatever reaches it, fills it at once where an incident wants that, and counts. Time is virtual.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any

import msgspec

from sottovoce.adapters.clock import VirtualClock
from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.command import Command
from sottovoce.core.commands import AlgoWake, ExecutionReport, VenueMessage
from sottovoce.core.enums import DarkUse, ExecType, LastLiquidityInd, OrdStatus, Side, Tactic, TimeInForce
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned, RouteCancelRequested
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import Child, ParentOrder, Route
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.ports import Outbound, Step, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.work_events import ChildCreated, TimerSet
from sottovoce.runtime.config import Config
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.inprocess import Desk
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.system import EDGES, System, build_system
from tests.scenarios.small_desk import MAX_AGE_NS, OPEN_NS, VENUES, Shelf, Weekdays, new_order

SECOND = 1_000_000_000
LATENCY_NS = 1_000
States = Callable[[int], Mapping[str, MarketState]]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A child a broken algorithm wants. rests: it would wait rather than take."""

    qty: int
    px: int
    side: Side | None = None
    rests: bool = False


Behaviour = Callable[[ParentOrder, int, MarketView], Sequence[Wish]]
"""What the algorithm wants at its n-th look at an order."""


class BrokenAlgos:
    """The algos stage of a bad day: wakes every gap_ns, wants what its behaviour says, and hears nothing."""

    name = "algos"

    def __init__(self, behaviour: Behaviour, gap_ns: int) -> None:
        self._behaviour = behaviour
        self._gap_ns = gap_ns
        self._orders: dict[str, ParentOrder] = {}
        self._looks: dict[str, int] = {}
        self._made = 0

    def deciders(self) -> Mapping[type, Decider]:
        deaf: dict[type, Decider] = {message: self._deaf for message, name in EDGES.items() if name == "algos"}
        return deaf | {OrderApproved: self._again, InputPoisoned: self._again, AlgoWake: self._wake}

    def appliers(self) -> Mapping[type, Applier]:
        return {OrderApproved: self._on_approved, ChildCreated: self._on_created}

    def state(self) -> object:
        return {}

    def restore(self, state: bytes) -> None:
        """It remembers nothing that a journal could give back."""

    def _deaf(self, message: object, view: MarketView) -> Sequence[StageEvent]:
        return ()

    def _again(self, event: OrderApproved | InputPoisoned, view: MarketView) -> Sequence[StageEvent]:
        at_ns = view.ts_ns + self._gap_ns
        return (self._timer(event.parent_id, at_ns, view.ts_ns),) if event.parent_id in self._orders else ()

    def _wake(self, timer: AlgoWake, view: MarketView) -> Sequence[StageEvent]:
        order, look = self._orders[timer.parent_id], self._looks.get(timer.parent_id, 0)
        self._looks[timer.parent_id] = look + 1
        wishes = self._behaviour(order, look, view)
        children: list[StageEvent] = [
            self._child(order, wish, self._made + number, view) for number, wish in enumerate(wishes, start=1)
        ]
        return [*children, self._timer(timer.parent_id, view.ts_ns + self._gap_ns, view.ts_ns)]

    def _timer(self, parent_id: str, at_ns: int, ts_ns: int) -> TimerSet:
        wake = AlgoWake(parent_id=parent_id, number=self._looks.get(parent_id, 0))
        return TimerSet(parent_id=parent_id, ts_ns=ts_ns, at_ns=at_ns, timer=wake)

    def _child(self, order: ParentOrder, wish: Wish, number: int, view: MarketView) -> ChildCreated:
        child = Child(
            child_id=f"{order.parent_id}.{number}", parent_id=order.parent_id, instrument_id=order.instrument_id,
            side=wish.side or order.side, qty=wish.qty, limit_px=wish.px,
            tactic=Tactic.PASSIVE if wish.rests else Tactic.AGGRESSIVE,
            time_in_force=TimeInForce.DAY if wish.rests else TimeInForce.IMMEDIATE_OR_CANCEL,
            created_ns=view.ts_ns, dark=DarkUse.NONE, dark_ppm=0, lot=1, tick=order.tick,
        )  # fmt: skip
        return ChildCreated(
            parent_id=order.parent_id, ts_ns=view.ts_ns, child=child, number=number, due_qty=wish.qty,
            target_qty=wish.qty,
        )  # fmt: skip

    def _on_approved(self, event: OrderApproved) -> None:
        self._orders[event.parent_id] = event.order

    def _on_created(self, event: ChildCreated) -> None:
        self._made += 1


class Street:
    """The venues as a Market: everything sent is counted and, where fills is true, traded at once at its limit."""

    def __init__(self, states: States, *, fills: bool, answers: bool = True) -> None:
        self._states = states
        self._fills = fills
        self._answers = answers
        self._now_ns = OPEN_NS
        self._news: list[tuple[int, int, VenueMessage]] = []
        self.orders: list[tuple[int, Route]] = []
        self.replaces: list[RouteReplaceRequested] = []
        self.cancels: list[tuple[int, str]] = []
        self._said = 0

    def venues(self) -> Sequence[VenueFacts]:
        return VENUES

    def states(self) -> Mapping[str, MarketState]:
        return self._states(self._now_ns)

    def tape(self, instrument_id: str) -> Tape:
        raise AssertionError("nobody reads this street's tape")

    def send(self, message: Outbound, at_ns: int) -> None:
        if isinstance(message, ChildRouted):
            self.orders.append((at_ns, message.route))
            if self._answers:
                self._say(message.route, ExecType.TRADE if self._fills else ExecType.NEW, at_ns)
        elif isinstance(message, RouteReplaceRequested):
            self.replaces.append(message)
        elif isinstance(message, RouteCancelRequested):
            self.cancels.append((at_ns, message.route.cl_ord_id))
            if self._answers:
                self._say(message.route, ExecType.CANCELED, at_ns)

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        if not self._news or self._news[0][0] > until_ns:
            self._now_ns = max(self._now_ns, until_ns)
            return []
        at_ns, _, message = heappop(self._news)
        self._now_ns = max(self._now_ns, at_ns)
        return [(at_ns, message)]

    def _say(self, route: Route, kind: ExecType, at_ns: int) -> None:
        self._said += 1
        traded = route.qty if kind is ExecType.TRADE else 0
        report = ExecutionReport(
            parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"E{self._said}",
            exec_type=kind, ord_status=OrdStatus.NEW, cum_qty=traded, leaves_qty=route.qty - traded,
            transact_ns=at_ns, last_qty=traded, last_px=route.price if traded else 0,
            liquidity=LastLiquidityInd.REMOVED if traded else None,
        )  # fmt: skip
        heappush(self._news, (at_ns + LATENCY_NS, self._said, report))


class Floor:
    """A desk on a street; broken: the behaviour of its algorithms and their pace, None for sound ones."""

    def __init__(
        self,
        config: Config,
        states: States,
        names: Sequence[Instrument],
        *,
        broken: tuple[Behaviour, int] | None = None,
        fills: bool = False,
        answers: bool = True,
    ) -> None:
        system = build_system(config, Shelf(names), Weekdays(), VENUES)
        if broken is not None:
            algos = BrokenAlgos(*broken)
            system = System([algos if stage.name == "algos" else stage for stage in system.stages])
        self.system = system
        self.street = Street(states, fills=fills, answers=answers)
        self.clock = VirtualClock(OPEN_NS)
        self.codes: dict[str, int] = {}
        self.steps: list[tuple[int, Step]] = []
        engine = Engine(system, MemoryJournal(), NoMetrics(), MAX_AGE_NS)
        self.desk = Desk(engine, self.street, self.clock, [self._watch])

    def ask(self, command: Command) -> Step:
        """A person's or program's request now."""
        return self.desk.submit(command)  # type: ignore[arg-type]

    def order(self, cl_ord_id: str, **changes: Any) -> str:
        """Enter an order; its parent id, "" where the gateway refused it."""
        step = self.ask(new_order(cl_ord_id, **changes))
        return next((event.parent_id for event in step.events if isinstance(event, OrderAccepted)), "")

    def run(self, seconds: float) -> None:
        """Let time pass."""
        self.desk.run_until(self.clock.now_ns() + int(seconds * SECOND))

    @property
    def shares(self) -> int:
        """Shares that reached the street."""
        return sum(route.qty for _, route in self.street.orders)

    @property
    def value(self) -> float:
        """Currency that reached the street, at limits."""
        return sum(route.qty * route.price for _, route in self.street.orders) / 1e6

    def stopped_by(self, most: int = 4) -> tuple[str, ...]:
        """Codes of what stopped something, the most frequent first."""
        return tuple(sorted(self.codes, key=lambda code: (-self.codes[code], code))[:most])

    def _watch(self, ts_ns: int, step: Step) -> None:
        self.steps.append((ts_ns, step))
        for event in step.events:
            for failed in (*getattr(event, "failures", ()), *getattr(event, "rules", ())):
                self.codes[failed.code] = self.codes.get(failed.code, 0) + 1
            if isinstance(event, InputPoisoned):
                self.codes["step_poisoned"] = self.codes.get("step_poisoned", 0) + 1
        if type(step.input).__name__ == "RouteStopped":
            self.codes["conservation_guard"] = self.codes.get("conservation_guard", 0) + 1
