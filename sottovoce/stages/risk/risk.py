"""The risk stage: clears parents by reserving their worst case, and approves every child against it.

It is the only writer of reservations and exposure, and the only constructor of OrderCleared and ChildApproved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.events import (
    AmendAllowed,
    AmendCleared,
    AmendRejected,
    ChildApproved,
    ChildCreated,
    ChildRejected,
    ChildUnrouted,
    Fill,
    FillBusted,
    FillCorrected,
    HaltLifted,
    HaltSet,
    OrderAccepted,
    OrderCleared,
    OrderRejected,
    ParentDone,
    ParentReturned,
    RouteUpdated,
    StageEvent,
)
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.stages.risk import checks
from sottovoce.stages.risk.exposure import Exposure
from sottovoce.stages.risk.limits import PPM, RiskLimits


class RiskState(msgspec.Struct, kw_only=True):
    """Exposure, the orders it stands for, and the halts in force."""

    exposure: Exposure = msgspec.field(default_factory=Exposure)
    orders: dict[str, ParentOrder] = {}
    halts: dict[str, str] = {}


class Risk:
    """Decides on OrderAccepted, AmendAllowed and ChildCreated."""

    name = "risk"

    def __init__(self, limits: RiskLimits, reference: ReferenceData) -> None:
        self._limits = limits
        self._reference = reference
        self._state = RiskState()

    def deciders(self) -> Mapping[type, Decider]:
        return {OrderAccepted: self._order, AmendAllowed: self._amend, ChildCreated: self._child}

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderCleared: self._on_cleared,
            AmendCleared: self._on_amended,
            ChildApproved: self._on_approved,
            ChildUnrouted: self._on_unrouted,
            RouteUpdated: self._on_updated,
            Fill: self._on_fill,
            FillBusted: self._on_busted,
            FillCorrected: self._on_corrected,
            ParentReturned: self._on_returned,
            OrderRejected: self._on_closed,
            ParentDone: self._on_closed,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
        }

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=RiskState)

    # decisions -------------------------------------------------------------------------------------------

    def worst_px(self, order: ParentOrder, limit_px: int | None, mid: int) -> int:
        """The price an order's exposure is counted at: its limit to buy, else above the market."""
        above = mid + mid * self._limits.reserve_ppm // PPM
        if limit_px is None:
            return above
        return limit_px if order.side.sign > 0 else max(limit_px, above)

    def _order(self, event: OrderAccepted, view: MarketView) -> Sequence[StageEvent]:
        order = event.order
        quote = view.quote(order.instrument_id)
        if isinstance(quote, Unusable):
            return (self._rejected(order, [failure(checks.STAGE, quote.code, quote.detail)], view),)
        px = self.worst_px(order, order.limit_px, quote.mid)
        failures = self._order_failures(order, order.order_qty, order.order_qty * px, order.limit_px, quote.mid)
        if failures:
            return (self._rejected(order, failures, view),)
        cleared = OrderCleared(
            parent_id=order.parent_id,
            ts_ns=view.ts_ns,
            order=order,
            reserved_qty=order.order_qty,
            worst_px=px,
            limits_version=self._limits.version,
        )
        return (cleared,)

    def _order_failures(
        self, order: ParentOrder, qty: int, added_value: int, limit_px: int | None, mid: int
    ) -> list[Failure]:
        """Every failed check of a parent of qty shares that adds added_value to what is promised."""
        limits, state = self._limits, self._state
        instrument = self._reference.get(order.instrument_id)
        found = [
            checks.halted(order.account, state.halts),
            checks.restricted(order.instrument_id, limits),
            checks.locate(order),
            checks.order_value(qty * self.worst_px(order, limit_px, mid), limits),
            checks.order_quantity(qty, limits),
            checks.adv_share(qty, instrument, limits.parent_adv_ppm, "order_adv"),
            None if limit_px is None else checks.collar(order.side, limit_px, mid, limits),
        ]
        failures = [one for one in found if one is not None]
        sign = order.side.sign
        return failures + checks.exposure_limits(order.account, sign, added_value, state.exposure, limits)

    def _rejected(self, order: ParentOrder, failures: list[Failure], view: MarketView) -> OrderRejected:
        return OrderRejected(parent_id=order.parent_id, ts_ns=view.ts_ns, failures=tuple(failures), by="risk")

    def _amend(self, event: AmendAllowed, view: MarketView) -> Sequence[StageEvent]:
        order = self._state.orders[event.parent_id]
        held = self._state.exposure.reservations[event.parent_id]
        quote = view.quote(order.instrument_id)
        raises = event.order_qty > order.order_qty or event.limit_px != order.limit_px
        failures, px = [], held.worst_px
        if raises and isinstance(quote, Unusable):
            failures = [failure(checks.STAGE, quote.code, quote.detail)]
        elif raises and not isinstance(quote, Unusable):
            px = self.worst_px(order, event.limit_px, quote.mid)
            # What is out with children stays promised, and at the old price, until it comes back.
            px = max(px, held.worst_px) if held.drawn_qty else px
            open_qty = max(held.open_qty + event.order_qty - order.order_qty, held.drawn_qty)
            added = max(open_qty * px - held.open_qty * held.worst_px, 0)
            failures = self._order_failures(order, event.order_qty, added, event.limit_px, quote.mid)
        if failures:
            return (AmendRejected(parent_id=event.parent_id, ts_ns=view.ts_ns, failures=tuple(failures)),)
        cleared = AmendCleared(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            order_qty=event.order_qty,
            limit_px=event.limit_px,
            reserved_qty=event.order_qty - order.order_qty,
            worst_px=px,
        )
        return (cleared,)

    def _child(self, event: ChildCreated, view: MarketView) -> Sequence[StageEvent]:
        child = event.child
        failures = self._child_failures(event, view)
        if failures:
            rejected = ChildRejected(
                parent_id=event.parent_id,
                ts_ns=view.ts_ns,
                child_id=child.child_id,
                qty=child.qty,
                failures=tuple(failures),
            )
            return (rejected,)
        approved = ChildApproved(
            parent_id=event.parent_id, ts_ns=view.ts_ns, child=child, limits_version=self._limits.version
        )
        return (approved,)

    def _child_failures(self, event: ChildCreated, view: MarketView) -> list[Failure]:
        child, limits, state = event.child, self._limits, self._state
        held = state.exposure.reservations.get(event.parent_id)
        quote = view.quote(child.instrument_id)
        if isinstance(quote, Unusable):
            priced: Failure | None = failure(checks.STAGE, quote.code, quote.detail)
        else:
            priced = checks.collar(child.side, child.limit_px, quote.mid, limits)
        instrument = self._reference.get(child.instrument_id)
        found = [
            checks.halted("" if held is None else held.account, state.halts),
            checks.restricted(child.instrument_id, limits),
            priced,
            checks.child_value(child, limits),
            checks.adv_share(child.qty, instrument, limits.child_adv_ppm, "child_adv"),
            checks.reserved(child, held),
        ]
        beyond = checks.parent_price(child, state.orders.get(event.parent_id), held)
        return [one for one in found if one is not None] + beyond

    # state -----------------------------------------------------------------------------------------------

    def _on_cleared(self, event: OrderCleared) -> None:
        order = event.order
        self._state.orders[event.parent_id] = order
        self._state.exposure.reserve(
            event.parent_id,
            order.account,
            order.instrument_id,
            order.side.sign,
            event.reserved_qty,
            event.worst_px,
        )

    def _on_amended(self, event: AmendCleared) -> None:
        order = self._state.orders[event.parent_id]
        changed = msgspec.structs.replace(order, order_qty=event.order_qty, limit_px=event.limit_px)
        self._state.orders[event.parent_id] = changed
        held = self._state.exposure.reservations[event.parent_id]
        # What is out with children stays promised until it comes back, whatever the new size says.
        open_qty = max(held.open_qty + event.reserved_qty, held.drawn_qty)
        self._state.exposure.reprice(event.parent_id, open_qty, event.worst_px)

    def _on_approved(self, event: ChildApproved) -> None:
        self._state.exposure.draw(event.parent_id, event.child.qty)

    def _on_unrouted(self, event: ChildUnrouted) -> None:
        self._state.exposure.draw(event.parent_id, -event.qty)

    def _on_updated(self, event: RouteUpdated) -> None:
        moved = event.raised_qty - event.freed_qty
        if moved:
            self._state.exposure.draw(event.parent_id, moved)

    def _on_fill(self, event: Fill) -> None:
        exposure = self._state.exposure
        exposure.draw(event.parent_id, -event.from_working)
        reserved = event.from_working + event.from_unsent
        exposure.trade(event.parent_id, reserved, event.side.sign * event.qty * event.px)

    def _on_busted(self, event: FillBusted) -> None:
        sign = self._state.orders[event.parent_id].side.sign
        self._state.exposure.trade(event.parent_id, 0, -sign * event.qty * event.px)

    def _on_corrected(self, event: FillCorrected) -> None:
        exposure = self._state.exposure
        sign = self._state.orders[event.parent_id].side.sign
        exposure.draw(event.parent_id, -event.from_working)
        moved = event.qty * event.px - event.old_qty * event.old_px
        exposure.trade(event.parent_id, event.from_working + event.from_unsent, sign * moved)

    def _on_returned(self, event: ParentReturned) -> None:
        self._state.exposure.change(event.parent_id, -event.qty)

    def _on_closed(self, event: OrderRejected | ParentDone) -> None:
        self._state.exposure.close(event.parent_id)

    def _on_halt(self, event: HaltSet) -> None:
        self._state.halts[event.account] = event.reason

    def _on_lift(self, event: HaltLifted) -> None:
        self._state.halts.pop(event.account, None)
