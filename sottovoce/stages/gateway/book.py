"""What the gateway remembers: answers given, orders that can still be changed, halts; and how events change it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.events import (
    AmendCleared,
    HaltLifted,
    HaltSet,
    OrderAccepted,
    OrderApproved,
    OrderRefused,
    OrderRejected,
    ParentDone,
)
from sottovoce.core.stage import Applier

FIRM = ""
"""The scope of a halt that is the whole firm."""


class OpenOrder(msgspec.Struct, kw_only=True, gc=False):
    """What later requests about an order are checked against."""

    account: str
    principal: str
    order_qty: int
    limit_px: int | None
    tick: int
    price_scale: int
    working: bool = False


class GatewayState(msgspec.Struct, kw_only=True):
    """answers: client id → body digest; open: orders that can still be changed; halts: account → reason."""

    answers: dict[str, str] = {}
    open: dict[str, OpenOrder] = {}
    halts: dict[str, str] = {}


class GatewayBook:
    """The only place that writes the state of the gateway."""

    def __init__(self) -> None:
        self.state = GatewayState()

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRefused: self._on_refused,
            OrderRejected: self._on_closed,
            ParentDone: self._on_closed,
            OrderApproved: self._on_approved,
            AmendCleared: self._on_amended,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=GatewayState)

    def _on_accepted(self, event: OrderAccepted) -> None:
        order = event.order
        self.state.answers[event.parent_id] = event.body_digest
        self.state.open[event.parent_id] = OpenOrder(
            account=order.account,
            principal=order.principal,
            order_qty=order.order_qty,
            limit_px=order.limit_px,
            tick=order.tick,
            price_scale=order.price_scale,
        )

    def _on_refused(self, event: OrderRefused) -> None:
        self.state.answers[event.parent_id] = event.body_digest

    def _on_closed(self, event: OrderRejected | ParentDone) -> None:
        self.state.open.pop(event.parent_id, None)

    def _on_approved(self, event: OrderApproved) -> None:
        order = self.state.open.get(event.parent_id)
        if order is not None:
            order.working = True

    def _on_amended(self, event: AmendCleared) -> None:
        order = self.state.open.get(event.parent_id)
        if order is not None:
            order.order_qty = event.order_qty
            order.limit_px = event.limit_px

    def _on_halt(self, event: HaltSet) -> None:
        self.state.halts[event.account] = event.reason

    def _on_lift(self, event: HaltLifted) -> None:
        self.state.halts.pop(event.account, None)
