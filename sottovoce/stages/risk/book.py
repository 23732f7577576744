"""How events change what risk remembers: nothing else writes it, and different parents' news may come in any order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sottovoce.core.clearance_events import AmendCleared, ChildApproved, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.execution_events import Fill, RouteUpdated
from sottovoce.core.limit_events import LimitsChanged, ListChanged
from sottovoce.core.limits import LimitBook, LimitRows, Path
from sottovoce.core.order_events import HaltLifted, HaltSet, ResumeAccepted
from sottovoce.core.orders import ParentOrder
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import ParentDone, ParentReturned
from sottovoce.stages.risk import book_desk, book_returns, book_routes
from sottovoce.stages.risk.checks_conduct import CLIENT, HOUSE, PRINCIPAL, open_key
from sottovoce.stages.risk.checks_envelope import sampled
from sottovoce.stages.risk.checks_price import slot
from sottovoce.stages.risk.lines import Holder
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.state import RiskState, Running
from sottovoce.stages.risk.terms import Terms
from sottovoce.stages.risk.windows import SLOTS, Window

UNPACED = ("SOR", "CLOSE")
"""Strategies without a pace to keep: at once, and in the auction."""
FOLDS = {**book_desk.FOLDS, **book_routes.FOLDS, **book_returns.FOLDS}
"""What needs nothing but the state."""


class RiskBook:
    """The state, and the appliers that fold events into it."""

    def __init__(self, rows: LimitRows, policy: RiskPolicy) -> None:
        self.state = RiskState()
        self._rows, self._policy = rows, policy
        self.limits = LimitBook(rows)
        self.terms = Terms(self.limits, policy)

    def appliers(self) -> Mapping[type, Applier]:
        """Event type → the function that folds it in."""
        return {
            OrderCleared: self._on_cleared,
            OrderApproved: self._on_worked,
            AmendCleared: self._on_amended,
            ChildApproved: self._on_approved,
            ChildRejected: self._on_rejected,
            RouteUpdated: self._on_updated,
            Fill: self._on_fill,
            ParentReturned: self._on_returned,
            OrderRejected: self._on_closed,
            ParentDone: self._on_closed,
            ResumeAccepted: self._on_resumed,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
            LimitsChanged: self._on_limits,
            ListChanged: self._on_lists,
            **{kind: self._folded(fold) for kind, fold in FOLDS.items()},
        }

    def _folded(self, fold: Callable[[RiskState, Any], None]) -> Applier:
        return lambda event: fold(self.state, event)

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=RiskState)
        self.limits.restore(self._rows if self.state.limits is None else self.state.limits)

    def _on_limits(self, event: LimitsChanged) -> None:
        self.own_rows()
        self.limits.change(event.version, limits=event.rows)

    def _on_lists(self, event: ListChanged) -> None:
        self.own_rows()
        self.limits.change(event.version, lists=event.rows)

    def own_rows(self) -> LimitRows:
        """The rows to change: a copy of those the desk started with, the first time."""
        if self.state.limits is None:
            self.state.limits = self._rows.copy()
            self.limits.restore(self.state.limits)
        return self.state.limits

    # parents ---------------------------------------------------------------------------------------------

    def _on_cleared(self, event: OrderCleared) -> None:
        order, state = event.order, self.state
        state.orders[event.parent_id] = order
        state.waiting.pop(event.parent_id, None)
        holder = holder_of(order, event.sector, event.country)
        path = Path(order.desk, order.principal, order.account, holder.strategy, order.instrument_id)
        keys, sign = self.terms.line_keys(path, event.ts_ns), order.side.sign
        state.exposure.reserve(event.parent_id, holder, sign, event.reserved_qty, event.worst_px, keys)
        state.exposure.mark(order.instrument_id, event.ref_px, event.ts_ns)
        running = state.running[event.parent_id] = Running(strategy=holder.strategy)
        self._take_locate(order, running, event.reserved_qty)
        key = self._open_key(order)
        state.open[key] = state.open.get(key, 0) + 1
        if key.endswith(HOUSE):
            state.house_ns[key] = max(state.house_ns.get(key, 0), event.ts_ns)

    def _open_key(self, order: ParentOrder) -> str:
        house = order.capacity == PRINCIPAL or order.account in self._policy.house
        return open_key(order.instrument_id, order.side, HOUSE if house else CLIENT)

    def _take_locate(self, order: ParentOrder, running: Running, qty: int) -> None:
        """Shares of a locate go with the reservation, and come back with it (negative)."""
        locate = self.state.locates.get(order.locate_id or "")
        if locate is not None:
            taken = max(qty, -running.located)
            locate.left -= taken
            running.located += taken

    def _on_worked(self, event: OrderApproved) -> None:
        """The strategy is known from here on: the order counts in its line too."""
        running = self.state.running.get(event.parent_id)
        strategy = event.plan.strategy.value
        if running is None:
            return
        if strategy not in UNPACED:
            running.cap_ppm = event.plan.max_participation_ppm
        if running.strategy == strategy:
            return
        running.strategy = strategy
        self.state.exposure.join(event.parent_id, f"strategy:{strategy}")

    def _on_amended(self, event: AmendCleared) -> None:
        order = self.state.orders[event.parent_id]
        changed = msgspec.structs.replace(order, order_qty=event.order_qty, limit_px=event.limit_px)
        self.state.orders[event.parent_id] = changed
        held = self.state.exposure.reservations[event.parent_id]
        # What is out with children stays promised until it comes back, whatever the new size says.
        open_qty = max(held.open_qty + event.reserved_qty, held.drawn_qty)
        self.state.exposure.reprice(event.parent_id, open_qty, event.worst_px)
        running = self.state.running.get(event.parent_id)
        if running is not None and event.reserved_qty > 0:
            self._take_locate(order, running, event.reserved_qty)

    def _on_returned(self, event: ParentReturned) -> None:
        self.state.exposure.change(event.parent_id, -event.qty)
        running, order = self.state.running.get(event.parent_id), self.state.orders.get(event.parent_id)
        if running is not None and order is not None:
            self._take_locate(order, running, -event.qty)

    def _on_closed(self, event: OrderRejected | ParentDone) -> None:
        state = self.state
        state.exposure.close(event.parent_id)
        state.waiting.pop(event.parent_id, None)
        state.rates.pop(f"order:{event.parent_id}", None)
        state.refused.pop(f"order:{event.parent_id}", None)
        running = state.running.pop(event.parent_id, None)
        if running is None:
            return
        order = state.orders[event.parent_id]
        if isinstance(event, OrderRejected):
            self._take_locate(order, running, -running.located)
        key = self._open_key(order)
        state.open[key] -= 1
        if state.open[key] == 0:
            del state.open[key]

    def _on_resumed(self, event: ResumeAccepted) -> None:
        """A person has looked: what was counted without one begins again (PT-06, PT-10)."""
        running = self.state.running.get(event.parent_id)
        if running is not None:
            kept = Running(
                strategy=running.strategy, cap_ppm=running.cap_ppm, filled=running.filled, located=running.located
            )
            self.state.running[event.parent_id] = kept

    # children --------------------------------------------------------------------------------------------

    def _on_approved(self, event: ChildApproved) -> None:
        child, state = event.child, self.state
        state.exposure.draw(event.parent_id, child.qty)
        state.exposure.mark(child.instrument_id, event.ref_px, event.ts_ns)
        order = state.orders.get(event.parent_id)
        running = state.running.get(event.parent_id)
        if order is None or running is None:
            return
        owner, sign = self._policy.owner(order.account), child.side.sign
        state.interest.add(child.child_id, owner, child.instrument_id, sign, child.limit_px, child.qty)
        # The start of a chase is never better than the market was: a spread crossed is not a chase.
        px = sign * max(sign * child.limit_px, sign * event.ref_px) if event.ref_px else child.limit_px
        lengths = self.terms.lengths(path_of(order, state), event.ts_ns)
        running.fast.add(slot(event.ts_ns, lengths.fast_ns), px)
        running.slow.add(slot(event.ts_ns, lengths.slow_ns), px)
        sampled(running, event.ts_ns, event.market_volume, lengths.envelope_ns, event.own_qty)

    def _on_rejected(self, event: ChildRejected) -> None:
        if any(failed.code == "message_rate" for failed in event.failures):
            book_routes.count(self.state, self.state.refused, event.parent_id, event.ts_ns)

    def _on_updated(self, event: RouteUpdated) -> None:
        book_routes.updated(self.state, event)
        moved = event.raised_qty - event.freed_qty
        if moved:
            self.state.exposure.draw(event.parent_id, moved)
            self.state.interest.move(event.child_id, moved)
        if event.freed_qty:
            self._ran(event.parent_id, event.ts_ns, "reentries")

    # trades ----------------------------------------------------------------------------------------------

    def _on_fill(self, event: Fill) -> None:
        exposure, order = self.state.exposure, self.state.orders.get(event.parent_id)
        exposure.draw(event.parent_id, -event.from_working)
        self.state.interest.move(event.child_id, -event.from_working)
        if order is not None:
            name = order.instrument_id
            exposure.mark(name, event.mid_px or event.px, event.ts_ns)
            self.state.own[name] = self.state.own.get(name, 0) + event.qty
        reserved, signed = event.from_working + event.from_unsent, event.side.sign * event.qty
        exposure.trade(event.parent_id, reserved, signed, signed * event.px)
        self._ran(event.parent_id, event.ts_ns, "fills")
        running = self.state.running.get(event.parent_id)
        if running is not None:
            running.filled += event.qty

    def _ran(self, parent_id: str, ts_ns: int, what: str) -> None:
        """One more fill, or quantity that may go back to the market, without a person (PT-10)."""
        running, order = self.state.running.get(parent_id), self.state.orders.get(parent_id)
        if running is None or order is None:
            return
        length = self.terms.lengths(path_of(order, self.state), ts_ns).rerun_ns
        window: Window = running.fills if what == "fills" else running.reentries
        window.add(ts_ns // max(length // SLOTS, 1))

    # halts -----------------------------------------------------------------------------------------------

    def _on_halt(self, event: HaltSet) -> None:
        self.state.halts.set(event.halt)

    def _on_lift(self, event: HaltLifted) -> None:
        self.state.halts.lift(event.scope, event.conduct)


def path_of(order: ParentOrder, state: RiskState) -> Path:
    """The path of an order that is open."""
    running = state.running.get(order.parent_id)
    return Path(
        order.desk, order.principal, order.account, "" if running is None else running.strategy, order.instrument_id
    )


def holder_of(order: ParentOrder, sector: str, country: str) -> Holder:
    """Who and what a cleared order belongs to."""
    return Holder(
        order.desk,
        order.principal,
        order.account,
        "" if order.strategy is None else order.strategy.value,
        order.instrument_id,
        sector,
        country,
    )
