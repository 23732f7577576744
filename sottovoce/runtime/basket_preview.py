"""A list of orders looked at without a market: the real gateway and risk on yesterday's closes, and no further.

Nothing can be sent: there are no venues, no leg is entered, and what was decided is forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.basket_events import (
    BasketAccepted,
    BasketCleared,
    BasketHeld,
    BasketRefused,
    BasketRejected,
    BasketReleased,
    FaultClass,
    LegFault,
    ListScheduled,
    ListUnschedulable,
)
from sottovoce.core.errors import PlanError
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.order_events import CommandRefused
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.ports import ReferenceData, Session
from sottovoce.runtime.config import Config
from sottovoce.runtime.preview import close_as_market
from sottovoce.runtime.system import build_system

MILLIONTHS = 1_000_000


class BasketPreview(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen to a list: status is "released", "held", "refused" or "rejected"; worths in currency units.

    schedule: how it is worked as one, where the desk's policy asks for that.
    """

    status: str
    gross: int = 0
    net: int = 0
    content_digest: str = ""
    legs: tuple[ParentOrder, ...] = ()
    rules: tuple[Failure, ...] = ()
    faults: tuple[LegFault, ...] = ()
    classes: tuple[FaultClass, ...] = ()
    schedule: ListScheduled | None = None


def preview_basket(
    basket: NewBasket, session: Session, reference: ReferenceData, calendar: Calendar, config: Config
) -> BasketPreview:
    """Take a list through gateway and risk as a whole at the open of a session."""
    system = build_system(config, reference, calendar, ())
    view = MarketView(session.open_ns, _closes(basket, session, reference), 1)
    found: dict[type, object] = {}
    pending: list[object] = [basket]
    while pending:
        released = [message for message in pending if isinstance(message, BasketReleased)]
        message, pending = (released[0], []) if released else (pending[0], pending[1:])
        decider = system.deciders.get(type(message))
        events = () if decider is None else decider[1](message, view)
        for event in events:
            system.apply(event)
        found |= {type(event): event for event in events}
        pending.extend(events)
    return _told(found)


def _closes(basket: NewBasket, session: Session, reference: ReferenceData) -> dict[str, MarketState]:
    """The closes of the names of a list; a name without one has no price, and its leg says so."""
    found: dict[str, MarketState] = {}
    for leg in basket.legs:
        instrument = reference.resolve(leg.symbol)
        if instrument is None:
            continue
        try:
            found[instrument.instrument_id] = close_as_market(instrument, session)
        except PlanError:
            continue
    return found


def _told(found: Mapping[type, object]) -> BasketPreview:
    refused = found.get(BasketRefused) or found.get(CommandRefused)
    if isinstance(refused, CommandRefused):
        return BasketPreview(status="refused", rules=refused.failures)
    if isinstance(refused, BasketRefused):
        return BasketPreview(status="refused", rules=refused.failures, faults=refused.faults, classes=refused.classes)
    accepted = found.get(BasketAccepted)
    assert isinstance(accepted, BasketAccepted)
    seen = BasketPreview(
        status="released",
        gross=accepted.gross // MILLIONTHS,
        net=accepted.net // MILLIONTHS,
        content_digest=accepted.content_digest,
        legs=accepted.legs,
    )
    schedule, impossible = found.get(ListScheduled), found.get(ListUnschedulable)
    if isinstance(impossible, ListUnschedulable):
        return msgspec.structs.replace(seen, status="rejected", rules=impossible.failures)
    if isinstance(schedule, ListScheduled):
        seen = msgspec.structs.replace(seen, schedule=schedule)
    rejected, held = found.get(BasketRejected), found.get(BasketHeld)
    if isinstance(rejected, BasketRejected):
        return msgspec.structs.replace(
            seen, status="rejected", rules=rejected.failures, faults=rejected.faults, classes=()
        )
    if isinstance(held, BasketHeld):
        return msgspec.structs.replace(seen, status="held", rules=held.rules)
    assert BasketCleared in found, "nothing decided on the list"
    return seen
