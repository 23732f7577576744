"""What the gateway remembers: answers given, orders that can still be changed, halts; and how events change it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.basket_commands import NewBasket
from sottovoce.core.basket_events import (
    BasketAccepted,
    BasketHeld,
    BasketRefused,
    BasketRejected,
    BasketReleased,
)
from sottovoce.core.clearance_events import AmendCleared, OrderRejected
from sottovoce.core.execution_events import Fill, FillCorrected
from sottovoce.core.halts import HaltPath, Halts, path_of
from sottovoce.core.limit_events import ListChanged
from sottovoce.core.limits import LimitBook, LimitRows
from sottovoce.core.order_events import HaltLifted, HaltSet, OrderAccepted, OrderRefused
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.stage import Applier
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ParentDone
from sottovoce.stages.gateway.amendments import band_of
from sottovoce.stages.gateway.config import GatewayConfig
from sottovoce.stages.gateway.habits import Habits
from sottovoce.stages.gateway.repeats import Contents, Repeats


class OpenOrder(msgspec.Struct, kw_only=True, gc=False):
    """What later requests about an order are checked against; sign is +1 for a buy and -1 for a sell.

    done_qty has traded, what was undone since included: no amendment goes below it. band: of a
    participation, parts per million, None without one.
    """

    account: str
    principal: str
    order_qty: int
    limit_px: int | None
    tick: int
    price_scale: int
    sign: int
    path: HaltPath
    working: bool = False
    done_qty: int = 0
    band: tuple[int, int] | None = None


class OpenBasket(msgspec.Struct, kw_only=True, gc=False):
    """A list on its way: with risk, or held for a person; gone once its legs are entered or it is declined."""

    basket: NewBasket
    body_digest: str
    content_digest: str
    gross: int
    legs: tuple[ParentOrder, ...]
    holds: tuple[Failure, ...]
    rules: tuple[Failure, ...] = ()
    released_by: str = ""
    held: bool = False
    expires_ns: int = 0


class GatewayState(msgspec.Struct, kw_only=True):
    """answers: client id → body digest; open: orders that can still be changed; halts: in force.

    baskets: lists of orders on their way; contents, repeats, habits: what came before, for as long as it matters;
    lists: the entries of restricted, approved and do-not-trade lists.
    """

    answers: dict[str, str] = {}
    open: dict[str, OpenOrder] = {}
    halts: Halts = msgspec.field(default_factory=Halts)
    baskets: dict[str, OpenBasket] = {}
    contents: Contents = msgspec.field(default_factory=Contents)
    repeats: Repeats = msgspec.field(default_factory=Repeats)
    habits: Habits = msgspec.field(default_factory=Habits)
    lists: LimitRows = msgspec.field(default_factory=LimitRows)


def worth(order: ParentOrder) -> int:
    """An order at its arrival price, in whole units of currency."""
    return order.order_qty * order.arrival_px // order.price_scale


class GatewayBook:
    """The only place that writes the state of the gateway."""

    def __init__(self, config: GatewayConfig, lists: LimitRows | None = None) -> None:
        self.state = GatewayState(lists=LimitRows() if lists is None else lists)
        self.lists = None if lists is None else LimitBook(lists)
        self._config = config

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRefused: self._on_refused,
            OrderRejected: self._on_closed,
            ParentDone: self._on_closed,
            OrderApproved: self._on_approved,
            AmendCleared: self._on_amended,
            Fill: self._on_fill,
            FillCorrected: self._on_corrected,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
            ListChanged: self._on_lists,
            BasketAccepted: self._on_basket,
            BasketRefused: self._on_basket_refused,
            BasketHeld: self._on_basket_held,
            BasketRejected: self._on_basket_closed,
            BasketReleased: self._on_basket_closed,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=GatewayState)
        if self.lists is not None:
            self.lists.restore(self.state.lists)

    def _on_accepted(self, event: OrderAccepted) -> None:
        order = event.order
        self.state.answers[event.parent_id] = event.body_digest
        self.state.repeats.add(order, event.ts_ns, self._config.duplicates)
        self.state.habits.add(order.principal, worth(order), event.ts_ns, self._config.intent)
        self.state.open[event.parent_id] = OpenOrder(
            account=order.account,
            principal=order.principal,
            order_qty=order.order_qty,
            limit_px=order.limit_px,
            tick=order.tick,
            price_scale=order.price_scale,
            sign=order.side.sign,
            path=path_of(order),
            band=band_of(order),
        )

    def _on_refused(self, event: OrderRefused) -> None:
        self.state.answers[event.parent_id] = event.body_digest

    def _on_closed(self, event: OrderRejected | ParentDone) -> None:
        self.state.open.pop(event.parent_id, None)

    def _on_approved(self, event: OrderApproved) -> None:
        order = self.state.open.get(event.parent_id)
        if order is not None:
            order.working = True
            order.path = path_of(event.order, event.plan.strategy.value)

    def _on_fill(self, event: Fill) -> None:
        order = self.state.open.get(event.parent_id)
        if order is not None:
            order.done_qty += event.qty

    def _on_corrected(self, event: FillCorrected) -> None:
        order = self.state.open.get(event.parent_id)
        if order is not None:
            order.done_qty += max(event.qty - event.old_qty, 0)

    def _on_amended(self, event: AmendCleared) -> None:
        order = self.state.open.get(event.parent_id)
        if order is not None:
            order.order_qty = event.order_qty
            order.limit_px = event.limit_px

    def _on_halt(self, event: HaltSet) -> None:
        self.state.halts.set(event.halt)

    def _on_lift(self, event: HaltLifted) -> None:
        self.state.halts.lift(event.scope, event.conduct)

    def _on_lists(self, event: ListChanged) -> None:
        if self.lists is not None:
            self.lists.change(event.version, lists=event.rows)

    # lists -----------------------------------------------------------------------------------------------

    def _on_basket(self, event: BasketAccepted) -> None:
        known = self.state.baskets.get(event.parent_id)
        self.state.answers[event.parent_id] = event.body_digest
        window_ns = int(self._config.baskets.same_content_s * NS_PER_SECOND)
        self.state.contents.add(event.content_digest, event.parent_id, event.ts_ns, window_ns)
        self.state.baskets[event.parent_id] = OpenBasket(
            basket=event.basket,
            body_digest=event.body_digest,
            content_digest=event.content_digest,
            gross=event.gross,
            legs=event.legs,
            holds=event.holds,
            rules=() if known is None else known.rules,
            released_by=event.released_by,
        )

    def _on_basket_refused(self, event: BasketRefused) -> None:
        self.state.answers[event.parent_id] = event.body_digest
        self.state.baskets.pop(event.parent_id, None)

    def _on_basket_held(self, event: BasketHeld) -> None:
        waiting = self.state.baskets[event.parent_id]
        waiting.held, waiting.rules, waiting.released_by = True, event.rules, ""
        waiting.expires_ns = event.expires_ns

    def _on_basket_closed(self, event: BasketRejected | BasketReleased) -> None:
        self.state.baskets.pop(event.parent_id, None)
