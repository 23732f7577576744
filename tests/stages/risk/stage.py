"""The risk stage by itself: messages in, its own events applied, and those of others by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.events import StageEvent
from sottovoce.core.limits import LimitRow
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import ParentOrder
from sottovoce.core.work_events import ChildCreated
from sottovoce.stages.risk.limits import ExposureLimit, RiskLimits
from sottovoce.stages.risk.policy import SIMULATION_POLICY, RiskPolicy
from sottovoce.stages.risk.risk import Risk
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import (
    ACCOUNT,
    DIRECTORY,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    OTHER_ACCOUNT,
    WIDE_LIMITS,
    Shelf,
    Weekdays,
    market_state,
)
from tests.stages.risk.cases import child, order

T = TypeVar("T")
OPERATIONS = "operations-1"
PEOPLE = Directory(principals=(*DIRECTORY.principals, Principal(name=OPERATIONS, role=Role.OPERATIONS)))
ROOM = ExposureLimit(gross=10**12, net=10**12)


class Alone:
    """One risk stage, its clock, and a market of one name that can be moved."""

    def __init__(
        self, *rows: LimitRow, policy: RiskPolicy = SIMULATION_POLICY, limits: RiskLimits = WIDE_LIMITS, **house: int
    ) -> None:
        exposures = {"": ROOM, ACCOUNT: ROOM, OTHER_ACCOUNT: ROOM, "PROP": ROOM}
        changed = msgspec.structs.replace(
            limits, rows=rows, house={**limits.house, **house}, exposures={**exposures, **limits.exposures}
        )
        self.rows = changed.limit_rows
        self.policy = policy
        self.risk = self._made()
        self.now_ns = OPEN_NS
        self.mid = MID
        self.history: list[StageEvent] = []

    def _made(self) -> Risk:
        return Risk(self.rows(), Shelf(), self.policy, PEOPLE, Weekdays())

    @property
    def state(self) -> RiskState:
        state = self.risk.state()
        assert isinstance(state, RiskState)
        return state

    def view(self, states: Mapping[str, MarketState] | None = None) -> MarketView:
        quoted = {name: market_state(name, ts_ns=self.now_ns, mid=self.mid) for name in ("ACME", "BETA")}
        return MarketView(self.now_ns, quoted if states is None else states, MAX_AGE_NS)

    def say(self, message: object) -> list[StageEvent]:
        """Decide on a message, apply what was decided, and go on with what this stage decides on itself."""
        deciders = self.risk.deciders()
        events: list[StageEvent] = []
        pending = [message]
        while pending:
            current = pending.pop(0)
            batch = deciders[type(current)](current, self.view())
            for event in batch:
                self.hear(event)
                if type(event) in deciders:
                    pending.append(event)
            events += batch
        return events

    def hear(self, event: StageEvent) -> None:
        """Apply one event."""
        self.history.append(event)
        applier = self.risk.appliers().get(type(event))
        if applier is not None:
            applier(event)

    def enter(self, parent: str = "P", **changes: object) -> list[StageEvent]:
        """An order from the gateway."""
        whole = order(parent_id=parent, cl_ord_id=parent, **changes)
        return self.say(OrderAccepted(parent_id=parent, ts_ns=self.now_ns, order=whole, body_digest=""))

    def release(self, parent: str, number: int, qty: int, limit_px: int = MID) -> list[StageEvent]:
        """A child of an order that is open."""
        whole: ParentOrder = self.state.orders[parent]
        piece = child(qty, limit_px, whole.side, child_id=f"{parent}.{number}", parent_id=parent)
        piece = msgspec.structs.replace(piece, instrument_id=whole.instrument_id)
        created = ChildCreated(
            parent_id=parent, ts_ns=self.now_ns, child=piece, number=number, due_qty=qty, target_qty=qty
        )
        return self.say(created)

    def replayed(self) -> RiskState:
        """The state folded from the events alone."""
        twin = self._made()
        appliers = twin.appliers()
        for event in self.history:
            if type(event) in appliers:
                appliers[type(event)](event)
        state = twin.state()
        assert isinstance(state, RiskState)
        return state


def only(kind: type[T], events: list[StageEvent]) -> list[T]:
    """The events of one kind."""
    return [event for event in events if isinstance(event, kind)]
