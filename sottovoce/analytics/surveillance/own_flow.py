"""What we did in the market, folded from the journal: every order at a venue, its fills, and every message sent.

Patterns are functions of this flow and of prices alone, so a stored day read again gives the same alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from sottovoce.core.enums import LastLiquidityInd, OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, RouteCancelRequested, RouteUpdated
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted


class OwnOrder(msgspec.Struct, kw_only=True):
    """One order of ours at one venue. owner: the beneficial owner; sign: +1 buys; px in price units, 0 without a limit.

    ended_ns is 0 while it lives; canceled_qty is what was taken back untraded.
    """

    cl_ord_id: str
    parent_id: str
    account: str
    owner: str
    instrument_id: str
    venue: str
    sign: int
    qty: int
    px: int
    sent_ns: int
    ended_ns: int = 0
    filled_qty: int = 0
    canceled_qty: int = 0


class OwnFill(msgspec.Struct, frozen=True, kw_only=True):
    """One trade of ours. took: we took the price of somebody waiting."""

    order: OwnOrder
    exec_id: str
    ts_ns: int
    qty: int
    px: int
    took: bool


class Parent(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it was asked for."""

    parent_id: str
    account: str
    owner: str
    principal: str
    instrument_id: str
    sign: int
    qty: int
    accepted_ns: int


class Flow(msgspec.Struct, kw_only=True):
    """All of it, each list in order of time. messages: (time, venue) of everything sent, cancels included."""

    orders: list[OwnOrder] = []
    fills: list[OwnFill] = []
    parents: list[Parent] = []
    messages: list[tuple[int, str]] = []

    def since(self, from_ns: int) -> Flow:
        """The part that can still belong to a pattern that ends after from_ns."""
        return Flow(
            orders=[each for each in self.orders if not each.ended_ns or each.ended_ns >= from_ns],
            fills=[each for each in self.fills if each.ts_ns >= from_ns],
            parents=[each for each in self.parents if each.accepted_ns >= from_ns],
            messages=[each for each in self.messages if each[0] >= from_ns],
        )


class FlowReader:
    """Folds steps into a flow. owners: account → beneficial owner; an account without one is its own."""

    def __init__(self, owners: Mapping[str, str] | None = None) -> None:
        self.flow = Flow()
        self._owners = owners or {}
        self._parents: dict[str, Parent] = {}
        self._open: dict[str, OwnOrder] = {}

    def read(self, step: Step) -> None:
        """Take in one step."""
        for event in step.events:
            self._event(event)

    def forget(self, from_ns: int) -> None:
        """Let go what no pattern after from_ns can contain."""
        self.flow = self.flow.since(from_ns)
        self._open = {order.cl_ord_id: order for order in self.flow.orders}

    def _event(self, event: StageEvent) -> None:
        if isinstance(event, OrderAccepted):
            self._accepted(event)
        elif isinstance(event, ChildRouted):
            self._sent(event)
        elif isinstance(event, RouteCancelRequested):
            self.flow.messages.append((event.ts_ns, event.route.venue))
        elif isinstance(event, Fill):
            self._filled(event)
        elif isinstance(event, RouteUpdated):
            self._updated(event)

    def _accepted(self, event: OrderAccepted) -> None:
        order = event.order
        parent = self._parents[event.parent_id] = Parent(
            parent_id=event.parent_id,
            account=order.account,
            owner=self._owners.get(order.account, order.account),
            principal=order.principal,
            instrument_id=order.instrument_id,
            sign=order.side.sign,
            qty=order.order_qty,
            accepted_ns=event.ts_ns,
        )
        self.flow.parents.append(parent)

    def _sent(self, event: ChildRouted) -> None:
        route, parent = event.route, self._parents.get(event.parent_id)
        account = "" if parent is None else parent.account
        order = OwnOrder(
            cl_ord_id=route.cl_ord_id,
            parent_id=event.parent_id,
            account=account,
            owner=self._owners.get(account, account),
            instrument_id=route.instrument_id,
            venue=route.venue,
            sign=route.side.sign,
            qty=route.qty,
            px=route.price,
            sent_ns=event.ts_ns,
        )
        self._open[route.cl_ord_id] = order
        self.flow.orders.append(order)
        self.flow.messages.append((event.ts_ns, route.venue))

    def _filled(self, event: Fill) -> None:
        order = self._open.get(event.cl_ord_id)
        if order is None:
            return
        order.filled_qty += event.qty
        if order.filled_qty >= order.qty:
            order.ended_ns = event.ts_ns
        took = event.liquidity is LastLiquidityInd.REMOVED
        self.flow.fills.append(
            OwnFill(order=order, exec_id=event.exec_id, ts_ns=event.ts_ns, qty=event.qty, px=event.px, took=took)
        )

    def _updated(self, event: RouteUpdated) -> None:
        order = self._open.get(event.state.cl_ord_id)
        if order is not None and event.state.leaves_qty == 0 and not order.ended_ns:
            order.ended_ns = event.ts_ns
            if event.state.status is OrdStatus.CANCELED:
                order.canceled_qty = event.state.canceled_qty


def flow_of(steps: Iterable[Step], owners: Mapping[str, str] | None = None) -> Flow:
    """The whole flow of a record."""
    reader = FlowReader(owners)
    for step in steps:
        reader.read(step)
    return reader.flow


def by_owner_and_name(flow: Flow) -> dict[tuple[str, str], tuple[Sequence[OwnOrder], Sequence[OwnFill]]]:
    """(owner, instrument) → its orders and fills, in order of first appearance."""
    found: dict[tuple[str, str], tuple[list[OwnOrder], list[OwnFill]]] = {}
    for order in flow.orders:
        found.setdefault((order.owner, order.instrument_id), ([], []))[0].append(order)
    for fill in flow.fills:
        found.setdefault((fill.order.owner, fill.order.instrument_id), ([], []))[1].append(fill)
    return dict(found)
