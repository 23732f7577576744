"""Lists of orders for tests, entered at the small desk's gateway, with risk's answer given by the case."""

from __future__ import annotations

import msgspec

from sottovoce.core.basket_commands import BasketLeg, NewBasket
from sottovoce.core.basket_events import BasketAccepted, BasketCleared
from sottovoce.core.enums import Side
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure
from sottovoce.stages.gateway.gateway import Gateway
from tests.scenarios.small_desk import ACCOUNT, DIRECTORY, TRADER, VENUES, Shelf, Weekdays, view_at

FAIR = "1000000"
"""What basket() is worth: 10,000 shares of each of two names at 50."""


def leg(row: int, symbol: str = "ACME", qty: int | None = 10_000, **changes: object) -> BasketLeg:
    """A row that buys ACME."""
    return msgspec.structs.replace(BasketLeg(row=row, symbol=symbol, side=Side.BUY, order_qty=qty), **changes)


def basket(basket_id: str = "list-1", *legs: BasketLeg, **changes: object) -> NewBasket:
    """Buy ACME, sell BETA, and whatever a case changes."""
    rows = legs or (leg(2), leg(3, "BETA", side=Side.SELL))
    plain = NewBasket(principal=TRADER, account=ACCOUNT, basket_id=basket_id, legs=rows, source="list.csv")
    return msgspec.structs.replace(plain, **changes)


class ListDoor:
    """A gateway that decides and applies, and a risk stage that says what it is told to say."""

    def __init__(self, risk_holds: tuple[Failure, ...] = ()) -> None:
        self.gateway = Gateway(DIRECTORY, Shelf(), Weekdays(), VENUES)
        self.risk_holds = risk_holds

    def take(self, message: object, view: MarketView | None = None) -> list[StageEvent]:
        """Every event that follows from a message."""
        moment = view or view_at()
        events = list(self.gateway.deciders()[type(message)](message, moment))
        for event in events:
            apply = self.gateway.appliers().get(type(event))
            if apply is not None:
                apply(event)
        if events and isinstance(events[0], BasketAccepted):
            cleared = BasketCleared(
                parent_id=events[0].parent_id, ts_ns=moment.ts_ns, limits_version=1, holds=self.risk_holds
            )
            events += [cleared, *self.take(cleared, moment)]
        return events


def last(events: list[StageEvent], kind: type) -> StageEvent:
    """The one event of a kind."""
    (found,) = [event for event in events if isinstance(event, kind)]
    return found
