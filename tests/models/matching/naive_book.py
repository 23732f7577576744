"""The referee's book: one list of orders, searched from the start for each match, nothing kept sorted or counted.

Written from the rules in sottovoce.models.matching.lit_book. A fill-or-kill is tried on a copy of everything.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, TimeInForce
from sottovoce.models.matching.lit_rules import SelfMatch
from sottovoce.models.matching.port import Entry, Outcome, Touch


@dataclass(eq=False)
class Order:
    """left: not traded yet; visible: of it, what can be reached. px None: it stands nowhere. waiting: its turn at a
    halt's end."""

    entry: Entry
    buy: bool
    hidden: bool
    limit: int
    left: int
    visible: int
    cum: int = 0
    px: int | None = None
    place: int = 0
    waiting: int = 0

    @property
    def rests(self) -> bool:
        return self.entry.time_in_force is TimeInForce.DAY and self.entry.ord_type is not OrdType.MARKET

    @property
    def pegged(self) -> bool:
        return self.entry.ord_type is OrdType.PEGGED

    def least(self) -> int:
        return min(self.entry.min_qty, self.left)


class NaiveBook:
    """Everybody who is live, and what happened last."""

    def __init__(self, self_match: SelfMatch) -> None:
        self.self_match = self_match
        self.orders: list[Order] = []
        self.news: list[Outcome] = []
        self.places = self.matches = self.now = 0

    def shown(self) -> Touch:
        shown = [order for order in self.orders if order.px and not order.hidden]
        bid = max((order.px or 0 for order in shown if order.buy), default=0)
        ask = min((order.px or 0 for order in shown if not order.buy), default=0)
        bid_size = sum(order.visible for order in shown if order.buy and order.px == bid)
        ask_size = sum(order.visible for order in shown if not order.buy and order.px == ask)
        return Touch(bid, bid_size, ask, ask_size)

    def find(self, order_id: str) -> Order | None:
        return next((order for order in self.orders if order.entry.order_id == order_id), None)

    def others(self, order: Order, px: int | None) -> list[Order]:
        """Who stands on the other side no worse than px, who has priority first."""
        sign = 1 if order.buy else -1
        found = [o for o in self.orders if o.buy is not order.buy and o.px and (px is None or o.px * sign <= px * sign)]
        return sorted(found, key=lambda each: ((each.px or 0) * sign, each.hidden, each.place))

    def show_slice(self, order: Order) -> None:
        self.places += 1
        order.place = self.places
        order.visible = min(order.entry.display_qty or order.left, order.left)

    def fills_whole(self, order: Order, px: int | None) -> bool:
        trial = NaiveBook(self.self_match)
        trial.places = self.places
        trial.orders = [copy(each) for each in self.orders]
        twin = trial.find(order.entry.order_id)
        assert twin is not None
        trial.take(twin, px)
        return twin.cum == order.entry.qty

    def take(self, taker: Order, px: int | None) -> None:
        passed: list[Order] = []
        while taker.left:
            maker = next((each for each in self.others(taker, px) if each not in passed), None)
            if maker is None:
                return
            qty = min(taker.left, maker.visible)
            if taker.entry.owner and taker.entry.owner == maker.entry.owner:
                self.meet_own(taker, maker)
            elif qty < taker.least():
                if not maker.hidden:
                    return
                passed.append(maker)
            elif qty < maker.least():
                passed.append(maker)
            else:
                self.trade(taker, maker, qty)

    def meet_own(self, taker: Order, maker: Order) -> None:
        if self.self_match is SelfMatch.CANCEL_NEWEST:
            self.end(taker, ExecType.CANCELED, "self_match")
        elif self.self_match is SelfMatch.CANCEL_OLDEST:
            self.end(maker, ExecType.CANCELED, "self_match")
        else:
            qty = min(taker.left, maker.left)
            for order in (taker, maker):
                if order.left == qty:
                    self.end(order, ExecType.CANCELED, "self_match")
                else:
                    order.left -= qty
                    order.visible = min(order.visible, order.left)
                    self.say(order, ExecType.RESTATED, "self_match")

    def trade(self, taker: Order, maker: Order, qty: int) -> None:
        assert maker.px is not None
        self.matches += 1
        for order, liquidity in ((taker, LastLiquidityInd.REMOVED), (maker, LastLiquidityInd.ADDED)):
            order.left -= qty
            order.cum += qty
            self.tell(order, ExecType.TRADE, "", qty, maker.px, self.matches, liquidity)
        maker.visible -= qty
        if maker.visible == 0 and maker.left:
            self.show_slice(maker)
        self.orders = [order for order in self.orders if order.left]

    def end(self, order: Order, exec_type: ExecType, reason: str) -> None:
        order.left = 0
        self.orders.remove(order)
        self.say(order, exec_type, reason)

    def say(self, order: Order, exec_type: ExecType, reason: str = "") -> None:
        self.tell(order, exec_type, reason, 0, 0, 0, None)

    def tell(
        self, order: Order, what: ExecType, why: str, qty: int, px: int, match: int, liquidity: LastLiquidityInd | None
    ) -> None:
        self.news.append(
            Outcome(
                order_id=order.entry.order_id,
                exec_type=what,
                at_ns=self.now,
                cum_qty=order.cum,
                leaves_qty=order.left,
                last_qty=qty,
                last_px=px,
                match_id=match,
                liquidity=liquidity,
                reason=why,
            )
        )
