"""The conditions stage: what a change of the market's condition means for the orders that are worked in it.

A name that cannot be traded pauses its orders; a fast market pauses those it moves against. What the market paused goes
on by rule when the name is sound again; what a person, a halt or a fault paused waits for a person, whatever the market
does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.condition_commands import NORMAL, MarketCondition
from sottovoce.core.condition_events import ConditionNoted
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned, ParentPaused
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import HaltSet, PauseAccepted, ResumeAccepted
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.work_events import ParentDone

BY_RULE = "rule:market"
"""Who resumes what the market paused."""

MARKET = "market: "
"""How the reason of such a pause begins."""

FAST = "fast_market"


class Watched(msgspec.Struct, kw_only=True, gc=False):
    """An order at work: the name and side it works, whether it is paused, and whether the market alone paused it."""

    instrument_id: str
    sign: int
    paused: bool = False
    by_market: bool = False


class ConditionsState(msgspec.Struct, kw_only=True):
    """orders by parent id; names: instrument → its orders, in order of approval; conditions: what is not normal."""

    orders: dict[str, Watched] = {}
    names: dict[str, dict[str, int]] = {}
    conditions: dict[str, str] = {}


class Conditions:
    """Decides on MarketCondition."""

    name = "conditions"

    def __init__(self) -> None:
        self._state = ConditionsState()

    def deciders(self) -> Mapping[type, Decider]:
        return {MarketCondition: self._changed}

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderApproved: self._on_approved,
            ParentDone: self._on_done,
            ParentPaused: self._on_paused,
            PauseAccepted: self._on_stopped,
            InputPoisoned: self._on_stopped,
            HaltSet: self._on_halt,
            ResumeAccepted: self._on_resumed,
            ConditionNoted: self._on_noted,
        }

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=ConditionsState)

    # decisions -------------------------------------------------------------------------------------------

    def _changed(self, condition: MarketCondition, view: MarketView) -> Sequence[StageEvent]:
        """Pause whom the new condition concerns, let go on whom it does not concern any more."""
        orders = self._state.orders
        here = [(parent, orders[parent]) for parent in self._state.names.get(condition.instrument_id, {})]
        pauses = [parent for parent, order in here if not order.paused and _concerns(condition, order)]
        resumes = [parent for parent, order in here if order.by_market and not _concerns(condition, order)]
        noted = ConditionNoted(
            parent_id="",
            ts_ns=view.ts_ns,
            instrument_id=condition.instrument_id,
            code=condition.code,
            detail=condition.detail,
            pauses=len(pauses),
            resumes=len(resumes),
        )
        reason = f"{MARKET}{condition.code}, {condition.detail}"
        return [
            noted,
            *(ParentPaused(parent_id=parent, ts_ns=view.ts_ns, reason=reason) for parent in pauses),
            *(ResumeAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=BY_RULE) for parent in resumes),
        ]

    # state -----------------------------------------------------------------------------------------------

    def _on_approved(self, event: OrderApproved) -> None:
        order = event.order
        self._state.orders[event.parent_id] = Watched(instrument_id=order.instrument_id, sign=order.side.sign)
        self._state.names.setdefault(order.instrument_id, {})[event.parent_id] = 1

    def _on_done(self, event: ParentDone) -> None:
        order = self._state.orders.pop(event.parent_id, None)
        if order is not None:
            here = self._state.names[order.instrument_id]
            del here[event.parent_id]
            if not here:
                del self._state.names[order.instrument_id]

    def _on_paused(self, event: ParentPaused) -> None:
        self._pause(event.parent_id, by_market=event.reason.startswith(MARKET))

    def _on_stopped(self, event: PauseAccepted | InputPoisoned) -> None:
        self._pause(event.parent_id, by_market=False)

    def _on_halt(self, event: HaltSet) -> None:
        """Whatever the halt's scope is, an order the market has paused is not set going by rule across a halt."""
        for order in self._state.orders.values():
            order.by_market = False

    def _on_resumed(self, event: ResumeAccepted) -> None:
        order = self._state.orders.get(event.parent_id)
        if order is not None:
            order.paused = order.by_market = False

    def _on_noted(self, event: ConditionNoted) -> None:
        if event.code == NORMAL:
            self._state.conditions.pop(event.instrument_id, None)
        else:
            self._state.conditions[event.instrument_id] = event.code

    def _pause(self, parent_id: str, *, by_market: bool) -> None:
        order = self._state.orders.get(parent_id)
        if order is not None:
            order.paused, order.by_market = True, by_market


def _concerns(condition: MarketCondition, order: Watched) -> bool:
    """Whether an order must not be worked in a condition: a fast market concerns those it moves against."""
    if condition.code == NORMAL:
        return False
    return condition.code != FAST or order.sign * condition.move_ppm > 0
