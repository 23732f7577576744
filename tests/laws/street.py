"""The street as the laws play it: what each venue knows to be true of each of our orders, and the reports it sends.

It keeps its own account, in its own way (standing trades, what is left, what was undone), and never looks into
the system; the checks compare the two.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.orders import Route
from tests.scenarios.small_desk import MID, TICK


@dataclass
class Trade:
    """One trade as it now stands."""

    qty: int
    px: int


@dataclass
class StreetOrder:
    """One order at one venue, as the venue knows it. filled and value are of the trades that stand.

    agreed is the desk's state of the order that was last found to be the same as this, None after any change.
    """

    route: Route
    leaves: int
    filled: int = 0
    value: int = 0
    undone: int = 0
    canceling: bool = False
    replacing: tuple[str, int] | None = None
    known_as: str = ""
    trades: dict[str, Trade] = field(default_factory=dict)
    agreed: OrderState | None = None

    def stand(self, key: str, qty: int, px: int) -> None:
        """A trade now stands like this."""
        old = self.trades.get(key) or Trade(0, 0)
        self.filled += qty - old.qty
        self.value += qty * px - old.qty * old.px
        self.trades[key] = Trade(qty, px)


class Street:
    """Every order that reached a venue, in the order they came."""

    def __init__(self) -> None:
        self.orders: list[StreetOrder] = []
        self.by_id: dict[str, StreetOrder] = {}
        self.sent: list[ExecutionReport] = []
        self._said = 0

    def take(self, route: Route) -> None:
        """A new order; its ClOrdID must be new."""
        assert route.cl_ord_id not in self.by_id, f"ClOrdID {route.cl_ord_id} was used twice"
        order = StreetOrder(route=route, leaves=route.qty)
        self.orders.append(order)
        self.by_id[route.cl_ord_id] = order

    def asked(self, cl_ord_id: str, new_cl_ord_id: str, qty: int) -> None:
        """A replace is on its way to an order, known by any of its names."""
        assert new_cl_ord_id not in self.by_id, f"ClOrdID {new_cl_ord_id} was used twice"
        order = self.by_id[new_cl_ord_id] = self.by_id[cl_ord_id]
        assert order.replacing is None, "a second replace before the answer to the first"
        order.replacing = (new_cl_ord_id, qty)

    def replace(self, order: StreetOrder, ts_ns: int) -> ExecutionReport:
        """The venue takes the replace: what has happened to the order stands."""
        assert order.replacing is not None
        order.known_as, qty = order.replacing
        order.replacing = None
        order.leaves = max(qty - order.filled - order.undone, 0)
        return self.say(order, ExecType.REPLACED, ts_ns, order_qty=qty)

    def refuse_replace(self, order: StreetOrder, ts_ns: int) -> CancelReject:
        """The venue leaves the order as it is."""
        assert order.replacing is not None
        name, _ = order.replacing
        order.replacing = None
        return msgspec.structs.replace(self.refuse_cancel(order, ts_ns, order.canceling), cl_ord_id=name)

    def tell(self, order: StreetOrder, ts_ns: int) -> ExecutionReport:
        """What the order is, in answer to a question."""
        report = self.say(order, ExecType.ORDER_STATUS, ts_ns)
        status = OrdStatus.CANCELED if not order.leaves else OrdStatus.NEW
        self.sent[-1] = msgspec.structs.replace(report, ord_status=status)
        return self.sent[-1]

    def live(self, which: int) -> StreetOrder | None:
        """One of the orders that still rest, or None."""
        resting = [order for order in self.orders if order.leaves]
        return resting[which % len(resting)] if resting else None

    def dead(self, which: int) -> StreetOrder | None:
        """One of the orders that no longer rest, or None."""
        gone = [order for order in self.orders if not order.leaves]
        return gone[which % len(gone)] if gone else None

    def traded(self, which: int) -> tuple[StreetOrder, str] | None:
        """One of the trades that stand, or None."""
        trades = [(order, key) for order in self.orders for key, trade in order.trades.items() if trade.qty]
        return trades[which % len(trades)] if trades else None

    def say(
        self, order: StreetOrder, kind: ExecType, ts_ns: int, qty: int = 0, px: int = 0, ref: str = "",
        order_qty: int | None = None,
    ) -> ExecutionReport:  # fmt: skip
        """A report in the venue's words."""
        self._said += 1
        order.agreed = None
        report = ExecutionReport(
            parent_id=order.route.parent_id,
            venue=order.route.venue,
            cl_ord_id=order.known_as or order.route.cl_ord_id,
            exec_id=f"X{self._said}",
            exec_type=kind,
            ord_status=OrdStatus.NEW,
            cum_qty=order.filled,
            leaves_qty=order.leaves,
            transact_ns=ts_ns,
            last_qty=qty,
            last_px=px,
            exec_ref_id=ref,
            order_qty=order_qty,
        )
        self.sent.append(report)
        return report

    def fill(self, order: StreetOrder, qty: int, px: int, ts_ns: int) -> ExecutionReport:
        """A trade of any size, whatever is left."""
        order.leaves = max(order.leaves - qty, 0)
        report = self.say(order, ExecType.TRADE, ts_ns, qty, px)
        order.stand(report.exec_id, qty, px)
        return report

    def close(self, order: StreetOrder, kind: ExecType, ts_ns: int) -> ExecutionReport:
        """The order is over: canceled, rejected, expired or done for the day."""
        order.leaves = 0
        return self.say(order, kind, ts_ns)

    def bust(self, order: StreetOrder, ref: str, qty: int, ts_ns: int) -> ExecutionReport:
        """Undo a trade; qty 0 is the whole of it."""
        trade = order.trades[ref]
        undone = qty or trade.qty
        order.stand(ref, trade.qty - undone, trade.px)
        order.undone += undone
        return self.say(order, ExecType.TRADE_CANCEL, ts_ns, qty, trade.px, ref)

    def correct(self, order: StreetOrder, ref: str, qty: int, px: int, ts_ns: int) -> ExecutionReport:
        """Restate a trade; more quantity comes out of what is left."""
        trade = order.trades[ref]
        order.leaves = max(order.leaves - max(qty - trade.qty, 0), 0)
        order.undone += max(trade.qty - qty, 0)
        order.stand(ref, qty, px)
        return self.say(order, ExecType.TRADE_CORRECT, ts_ns, qty, px, ref)

    def restate(self, order: StreetOrder, qty: int, ts_ns: int) -> ExecutionReport:
        """The venue changes the size of an order; what has happened to it stands."""
        order.leaves = max(qty - order.filled - order.undone, 0)
        return self.say(order, ExecType.RESTATED, ts_ns, order_qty=qty)

    def refuse_cancel(self, order: StreetOrder, ts_ns: int, canceling: bool = False) -> CancelReject:
        """The venue will not cancel: too late, it says."""
        self._said += 1
        order.canceling = canceling
        return CancelReject(
            parent_id=order.route.parent_id,
            venue=order.route.venue,
            cl_ord_id=order.known_as or order.route.cl_ord_id,
            exec_id=f"X{self._said}",
            ord_status=OrdStatus.NEW,
            transact_ns=ts_ns,
            text="too late to cancel",
        )


def price(how: int) -> int:
    """A price near the middle."""
    return MID + TICK * (how % 7 - 3)
