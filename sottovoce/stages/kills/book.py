"""What is live at venues, and how far each kill has come with it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.core.enums import OrdStatus
from sottovoce.core.execution_events import RouteUpdated
from sottovoce.core.halts import HaltKind, HaltPath, HaltScope, Standing, covers, path_of
from sottovoce.core.kill_events import KillSwept
from sottovoce.core.order_events import HaltLifted, HaltSet
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import ParentDone

OVER = (OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED, OrdStatus.DONE_FOR_DAY)


class LiveOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order that left and is not known to be over."""

    parent_id: str
    child_id: str
    venue: str


class KilledOrder(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order of a kill: how often it was asked to cancel, when first and last, and what it ended as, if it did."""

    order: LiveOrder
    asked: int = 0
    first_ns: int = 0
    asked_ns: int = 0
    ended: OrdStatus | None = None


class Kill(msgspec.Struct, kw_only=True):
    """One halt's orders by ClOrdID, each in one of three: not asked yet, asked and unconfirmed, confirmed."""

    halt: Standing
    waiting: dict[str, LiveOrder] = {}
    unconfirmed: dict[str, KilledOrder] = {}
    confirmed: dict[str, KilledOrder] = {}
    number: int = 1

    def taken(self, name: str) -> KilledOrder | None:
        """Take an order out of those that are not confirmed; None when it is not among them."""
        order = self.waiting.pop(name, None)
        return self.unconfirmed.pop(name, None) if order is None else KilledOrder(order=order)


class KillsState(msgspec.Struct, kw_only=True):
    """live: ClOrdID → order; names: a replace's ClOrdID → the first one; paths: what each parent belongs to."""

    live: dict[str, LiveOrder] = {}
    names: dict[str, str] = {}
    paths: dict[str, HaltPath] = {}
    kills: dict[str, Kill] = {}


def kill_key(scope: HaltScope, conduct: bool) -> str:
    """The name of a kill among the kills."""
    return f"{scope.kind.value}:{scope.name}{':conduct' if conduct else ''}"


class KillsBook:
    """The only place that writes the state of the kills stage."""

    def __init__(self) -> None:
        self.state = KillsState()

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderApproved: self._on_worked,
            ParentDone: self._on_done,
            ChildRouted: self._on_routed,
            RouteReplaceRequested: self._on_replaced,
            RouteUpdated: self._on_updated,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
            KillSwept: self._on_swept,
        }

    def restore(self, state: bytes) -> None:
        """Take over a saved state."""
        self.state = msgspec.json.decode(state, type=KillsState)

    def _on_worked(self, event: OrderApproved) -> None:
        self.state.paths[event.parent_id] = path_of(event.order, event.plan.strategy.value)

    def _on_done(self, event: ParentDone) -> None:
        self.state.paths.pop(event.parent_id, None)

    def _on_routed(self, event: ChildRouted) -> None:
        route = event.route
        self.state.live[route.cl_ord_id] = LiveOrder(
            parent_id=route.parent_id, child_id=route.child_id, venue=route.venue
        )

    def _on_replaced(self, event: RouteReplaceRequested) -> None:
        """A replace changes the order's name at the venue; here it keeps its first."""
        first = self.state.names.get(event.route.cl_ord_id, event.route.cl_ord_id)
        self.state.names[event.new_cl_ord_id] = first

    def _on_updated(self, event: RouteUpdated) -> None:
        if event.state.status not in OVER or event.state.leaves_qty:
            return
        name = self.state.names.pop(event.state.cl_ord_id, event.state.cl_ord_id)
        self.state.live.pop(name, None)
        for kill in self.state.kills.values():
            killed = kill.taken(name)
            if killed is not None:
                kill.confirmed[name] = msgspec.structs.replace(killed, ended=event.state.status)

    def _on_halt(self, event: HaltSet) -> None:
        """Everything live in the scope waits for its cancel. The one scan there is: a kill is not on the order path."""
        scope, paths, live = event.halt.scope, self.state.paths, self.state.live
        kill = Kill(halt=event.halt)
        if scope.kind is HaltKind.FIRM:
            kill.waiting = dict(live)
        else:
            kill.waiting = {
                name: order
                for name, order in live.items()
                if covers(scope, paths.get(order.parent_id) or HaltPath(parent_id=order.parent_id))
            }
        self.state.kills[kill_key(scope, event.halt.conduct)] = kill

    def _on_lift(self, event: HaltLifted) -> None:
        self.state.kills.pop(kill_key(event.scope, event.conduct), None)

    def _on_swept(self, event: KillSwept) -> None:
        kill = self.state.kills.get(kill_key(event.scope, event.conduct))
        if kill is None:
            return
        kill.number = event.number
        for name in event.asked:
            killed = kill.taken(name)
            if killed is not None:
                kill.unconfirmed[name] = msgspec.structs.replace(
                    killed, asked=killed.asked + 1, first_ns=killed.first_ns or event.ts_ns, asked_ns=event.ts_ns
                )
