"""What the journal holds about one order: its own steps, and what befell the whole desk while it lived."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from sottovoce.analytics.audit.wording import Wording, wording_of
from sottovoce.core.breaker_events import BreakerClosed, BreakerOpened
from sottovoce.core.clock_events import ClockMarked, RecordStoreBack, RecordStoreLost
from sottovoce.core.condition_events import ConditionNoted
from sottovoce.core.errors import NotFound
from sottovoce.core.events import StageEvent
from sottovoce.core.halts import HaltScope, covers, path_of
from sottovoce.core.ids import parent_id
from sottovoce.core.ledger import LEDGER_EVENTS, Ledger
from sottovoce.core.limit_events import LimitsChanged, ListChanged
from sottovoce.core.order_events import HaltLifted, HaltSet, OrderAccepted, OrderRefused
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import Step
from sottovoce.core.recovery_events import ClockJumpSeen, DeskRecovered
from sottovoce.core.risk_events import ScopeLatched, ScopeReenabled

Numbered = tuple[int, Step]
"""A step with its sequence number in the journal."""

STANDING = (ClockMarked, LimitsChanged, ListChanged)
"""What goes on holding after it was said: the last of each before the order belongs to its record too."""

DESK_WIDE = (
    *STANDING, HaltSet, HaltLifted, ConditionNoted, BreakerOpened, BreakerClosed, RecordStoreLost, RecordStoreBack,
    DeskRecovered, ClockJumpSeen, ScopeLatched, ScopeReenabled,
)  # fmt: skip
"""What befalls the whole desk and is told with an order that lived then."""


class OrderRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One order's part of the journal, in order. accepted is the order as it first was, None if it never got in."""

    order_id: str
    steps: tuple[Numbered, ...]
    accepted: ParentOrder | None
    wording: Wording
    before: tuple[Numbered, ...] = ()

    def events(self, *kinds: type) -> Iterator[tuple[int, Any]]:
        """(sequence number, event) of the order's own events and the desk's, of the types given."""
        for seq, step in self.steps:
            for event in step.events:
                if isinstance(event, kinds) and self.tells(event):
                    yield seq, event

    def tells(self, event: StageEvent) -> bool:
        """Whether an event belongs to this order's story."""
        if event.parent_id:
            return event.parent_id == self.order_id
        return isinstance(event, DESK_WIDE) and self._touches(event)

    def _touches(self, event: StageEvent) -> bool:
        scope: HaltScope | None = None
        if isinstance(event, HaltSet):
            scope = event.halt.scope
        elif isinstance(event, HaltLifted):
            scope = event.scope
        if scope is not None:
            return self.accepted is not None and covers(scope, path_of(self.accepted))
        return not isinstance(event, ConditionNoted) or event.instrument_id == self.wording.instrument_id

    def ledger(self) -> Ledger | None:
        """The order's quantities after its last step; None where it never got in."""
        ledger: Ledger | None = None
        for _, event in self.events(OrderAccepted, *LEDGER_EVENTS):
            if isinstance(event, OrderAccepted):
                ledger = Ledger.opened(event.order.order_qty)
            elif ledger is not None:
                ledger.apply(event)
        return ledger

    def standing_before(self, kind: type) -> Any:
        """The last event of a type that goes on holding, from before the order; None where there is none."""
        found = [event for _, step in self.before for event in step.events if isinstance(event, kind)]
        return found[-1] if found else None


def words_about(order_id: str) -> list[str]:
    """What the text of a record has in it if it may belong to the order's story."""
    return [f'"{order_id}"', *(f'"type":"{kind.__struct_config__.tag}"' for kind in DESK_WIDE)]


def gather(order_id: str, steps: Iterable[Numbered]) -> OrderRecord:
    """One order's record out of steps that contain it. Raises NotFound, no_order."""
    every = list(steps)
    own = [at for at, (_, step) in enumerate(every) if _is_about(order_id, step)]
    if not own:
        raise NotFound(f"There is no order {order_id} in this journal.", code="no_order")
    lived = every[own[0] : own[-1] + 1]
    accepted = next((order for _, step in lived for order in _entered(order_id, step)), None)
    record = OrderRecord(
        order_id=order_id, steps=tuple(lived), accepted=accepted, wording=wording_of(accepted),
        before=tuple(_standing(every[: own[0]])),
    )  # fmt: skip
    kept = [(seq, step) for seq, step in lived if _is_about(order_id, step) or any(map(record.tells, step.events))]
    return msgspec.structs.replace(record, steps=tuple(kept))


def order_ids(name: str, steps: Iterable[Numbered]) -> list[str]:
    """The orders a person may mean: by our id, or by the client's own."""
    found = []
    for _, step in steps:
        for event in step.events:
            client = _client_id(event)
            if client is not None and name in (event.parent_id, client):
                found.append(event.parent_id)
    return list(dict.fromkeys(found))


def _client_id(event: StageEvent) -> str | None:
    if isinstance(event, OrderAccepted):
        return event.order.cl_ord_id
    return event.cl_ord_id if isinstance(event, OrderRefused) else None


def _entered(order_id: str, step: Step) -> list[ParentOrder]:
    return [x.order for x in step.events if isinstance(x, OrderAccepted) and x.parent_id == order_id]


def _is_about(order_id: str, step: Step) -> bool:
    asked: Any = step.input
    named = getattr(asked, "parent_id", "")
    if not named and hasattr(asked, "account") and hasattr(asked, "cl_ord_id"):
        named = parent_id(asked.account, asked.cl_ord_id)
    return named == order_id or any(event.parent_id == order_id for event in step.events)


def _standing(before: Sequence[Numbered]) -> list[Numbered]:
    """The last step before the order of each kind that goes on holding, in order."""
    last: dict[type, Numbered] = {}
    for numbered in before:
        for event in numbered[1].events:
            if isinstance(event, STANDING):
                last[type(event)] = numbered
    return sorted(last.values(), key=lambda numbered: numbered[0])
