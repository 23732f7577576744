"""What becomes of an order at a venue, by dice: acknowledged, traded, canceled, undone, and everything in between."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import msgspec

from sottovoce.core.enums import ExecType, TimeInForce
from sottovoce.core.orders import Route
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.core.units import NS_PER_SECOND
from tools.faultsim.desk import TICK, Weekdays
from tools.faultsim.exchange import Exchange, HeldOrder
from tools.faultsim.faults import NONE, Faults
from tools.faultsim.quotes import Feed

MS = 1_000_000
Later = Callable[[int, str, object], None]
"""Puts something on the market's heap: at a time, what kind, with what."""


class VenueLife:
    """The dice of the venues."""

    def __init__(self, exchange: Exchange, feed: Feed, faults: Faults, dice: Random, later: Later) -> None:
        self._exchange = exchange
        self._feed = feed
        self._all_faults = faults
        self._dice = dice
        self._later = later
        self.calm = False

    @property
    def _faults(self) -> Faults:
        return NONE if self.calm else self._all_faults

    def arrive(self, route: Route, now_ns: int) -> None:
        """An order reaches its venue."""
        order = self._exchange.accept(route)
        if self._dice.random() < self._faults.rejects:
            self._exchange.close(order, ExecType.REJECTED, now_ns)
            return
        self._exchange.acknowledge(order, now_ns)
        self._later(now_ns + self._until_life(route, now_ns), "live", order)

    def live(self, order: HeldOrder, now_ns: int) -> None:
        """The next thing that happens to a live order, and to trades of the past."""
        self._rewrite_the_past(now_ns)
        if order.live and not self._mishap(order, now_ns):
            self._trade(order, now_ns)
        self._go_on(order, now_ns)

    def _go_on(self, order: HeldOrder, now_ns: int) -> None:
        """What its time in force makes of an order that is still live; else when it is looked at again."""
        if not order.live:
            return
        if order.route.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL:
            self._exchange.close(order, ExecType.CANCELED, now_ns)
        elif order.route.time_in_force is TimeInForce.AT_THE_CLOSE:
            self._exchange.close(order, ExecType.EXPIRED, now_ns)
        else:
            self._later(now_ns + self._until_life(order.route, now_ns), "live", order)

    def cancel(self, route: Route, now_ns: int) -> None:
        """A cancel reaches its venue; it may cross a fill on its way."""
        order = self._exchange.orders.get(route.cl_ord_id)
        if order is None or not order.live:
            self._exchange.refuse_cancel(route, order, now_ns)
            return
        if self._dice.random() < self._faults.refuses_cancels:
            self._exchange.refuse_cancel(route, order, now_ns)
            return
        crossed = self._dice.random() < self._faults.fills_across_cancel
        if crossed and self._dice.random() < 0.5:
            self._exchange.trade(order, self._part(order.leaves_qty), self._price(route), now_ns)
        if order.live:
            self._exchange.close(order, ExecType.CANCELED, now_ns)
            if crossed:
                self._later(now_ns + self._dice.randint(1, 3_000) * MS, "late fill", order)

    def replace(self, message: RouteReplaceRequested, now_ns: int) -> None:
        """A replace reaches its venue; it may cross a fill on its way, or be refused."""
        order = self._exchange.orders.get(message.route.cl_ord_id)
        if order is None:
            self._exchange.replace(message, now_ns)
            return
        if order.live and self._dice.random() < self._faults.fills_across_cancel:
            self._exchange.trade(order, self._part(order.leaves_qty), self._price(order.route), now_ns)
        if self._dice.random() < self._faults.refuses_cancels:
            refused = msgspec.structs.replace(message.route, cl_ord_id=message.new_cl_ord_id)
            self._exchange.refuse_cancel(refused, order, now_ns)
            return
        self._exchange.replace(message, now_ns)

    def late_fill(self, order: HeldOrder, now_ns: int) -> None:
        """A trade of an order whose cancel has been confirmed."""
        room = order.order_qty - order.cum_qty
        if room > 0:
            self._exchange.trade(order, self._part(room), self._price(order.route), now_ns)

    # dice ------------------------------------------------------------------------------------------------

    def _until_life(self, route: Route, now_ns: int) -> int:
        if route.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL:
            return MS
        if route.time_in_force is TimeInForce.AT_THE_CLOSE:
            return max(Weekdays().session_at(now_ns).close_ns - now_ns, MS)
        return int(self._dice.expovariate(1.0) * 15 * NS_PER_SECOND) + MS

    def _part(self, qty: int) -> int:
        """Some of a quantity, often in lots, sometimes all of it."""
        if self._dice.random() < 0.3 or qty <= 1:
            return qty
        part = self._dice.randint(1, qty)
        return part if part < 100 else part - part % 100

    def _price(self, route: Route) -> int:
        """Where an order trades: at its limit, or near the market."""
        mid = self._feed.mid(route.instrument_id)
        near = mid + TICK * self._dice.randint(-2, 2)
        if not route.price:
            return near
        return min(near, route.price) if route.side.sign > 0 else max(near, route.price)

    def _trade(self, order: HeldOrder, now_ns: int) -> None:
        if self._dice.random() < 0.8:
            self._exchange.trade(order, self._part(order.leaves_qty), self._price(order.route), now_ns)

    def _mishap(self, order: HeldOrder, now_ns: int) -> bool:
        """Perhaps the venue does what nobody asked for."""
        faults, chance, exchange = self._faults, self._dice.random(), self._exchange
        for rate, how in (
            (faults.rejects_after_ack, ExecType.REJECTED),
            (faults.cancels_unasked, ExecType.CANCELED),
            (faults.done_for_day, ExecType.DONE_FOR_DAY),
            (faults.expires, ExecType.EXPIRED),
        ):
            if chance < rate:
                exchange.close(order, how, now_ns)
                return True
            chance -= rate
        if chance < faults.restates:
            exchange.restate(order, self._dice.randint(1, 2 * order.order_qty), now_ns)
            return True
        if chance - faults.restates < faults.overfills:
            qty = order.leaves_qty + self._dice.randint(1, 500)
            exchange.trade(order, qty, self._price(order.route), now_ns)
            return True
        return False

    def _rewrite_the_past(self, now_ns: int) -> None:
        """Perhaps a trade is undone or restated, or a venue says what makes no sense."""
        exchange, dice, faults = self._exchange, self._dice, self._faults
        if not exchange.recent:
            return
        order, exec_id = exchange.recent[dice.randrange(len(exchange.recent))]
        qty, px = order.trades[exec_id]
        if dice.random() < faults.busts and qty:
            exchange.bust(order, exec_id, dice.choice((0, self._part(qty))), now_ns)
        elif dice.random() < faults.corrects and qty:
            exchange.correct(order, exec_id, dice.choice((qty, self._part(qty), qty + 100)), px + TICK, now_ns)
        elif dice.random() < faults.nonsense:
            said = exchange.report(order, ExecType.TRADE_CANCEL, f"N{now_ns}", now_ns, qty=1, px=1, ref="no such")
            wrong = dice.choice(
                (
                    said,
                    msgspec.structs.replace(said, cl_ord_id="NOBODYS"),
                    msgspec.structs.replace(said, exec_type=ExecType.TRADE, last_qty=0),
                    msgspec.structs.replace(said, exec_type=ExecType.TRADE_CORRECT),
                )
            )
            exchange.say(now_ns, wrong)
