"""The matching of a lit venue: price, then what is shown, then time; each match at the price of whoever was there.

A minimum quantity is of a single match, the last shares excepted. An order passes over hidden orders whose minimum it
does not meet, or that do not meet its own, and goes on; but it stops at a shown order too small for it, for nobody
trades past what is shown. An iceberg whose slice is gone shows the next one at the back of what is shown, before the
hidden orders of its price have their turn.
"""

from __future__ import annotations

from sottovoce.core.enums import ExecType, LastLiquidityInd
from sottovoce.models.matching.ladder import NOWHERE, Ladder
from sottovoce.models.matching.lit_order import LitOrder
from sottovoce.models.matching.lit_rules import SelfMatch
from sottovoce.models.matching.port import Outcome, Touch

_BLOCKED = -1


class LitBook:
    """Both sides of a lit venue's book, and the live orders by name. step is the least distance between prices."""

    __slots__ = ("_matches", "_self_match", "asks", "bids", "orders")

    def __init__(self, step: int, self_match: SelfMatch) -> None:
        self.bids = Ladder(1, step)
        self.asks = Ladder(-1, step)
        self.orders: dict[str, LitOrder] = {}
        self._self_match = self_match
        self._matches = 0

    def rest(self, order: LitOrder, px: int) -> None:
        """An order stands at a price, behind its kind."""
        if order.slice_qty:
            order.slice(order.leaves)
        order.px = px
        order.standing = True
        (self.bids if order.buy else self.asks).stand(order)

    def lift(self, order: LitOrder) -> None:
        """An order leaves its price, with all that is left of it, to take or to be gone."""
        if order.standing:
            (self.bids if order.buy else self.asks).leave(order)
            order.standing = False
        order.gather()

    def end(self, order: LitOrder, exec_type: ExecType, at_ns: int, reason: str) -> Outcome:
        """An order is over without trading more."""
        if order.standing:
            (self.bids if order.buy else self.asks).leave(order)
            order.standing = False
        order.leaves = order.reserve = 0
        del self.orders[order.key]
        return order.told(exec_type, at_ns, reason)

    def reaches(self, px: int, *, buy: bool) -> bool:
        """Whether a limit reaches any order of the other side, shown or hidden."""
        ladder = self.asks if buy else self.bids
        return ladder.rank >= px * ladder.sign

    def take(self, taker: LitOrder, px: int | None, at_ns: int, news: list[Outcome]) -> None:
        """Match an order that stands nowhere with the other side, no worse than px (None: at any price)."""
        ladder = self.asks if taker.buy else self.bids
        floor = NOWHERE + 1 if px is None else px * ladder.sign
        rank = ladder.rank
        while rank >= floor and taker.leaves and self._take_at(ladder, rank * ladder.sign, taker, at_ns, news):
            rank = ladder.rank if ladder.rank < rank else ladder.below(rank)

    def can_fill(self, taker: LitOrder, px: int | None) -> bool:
        """Whether all of an order without a minimum would trade now, no worse than px."""
        ladder = self.asks if taker.buy else self.bids
        floor = NOWHERE + 1 if px is None else px * ladder.sign
        rank, left = ladder.rank, taker.leaves
        while rank >= floor and left > 0:
            left = self._left_at(ladder, rank * ladder.sign, taker.owner, left)
            rank = ladder.below(rank)
        return left == 0

    def shown(self) -> Touch:
        """The best bid and offer everybody sees, with all that is shown there."""
        return Touch(*_best_shown(self.bids), *_best_shown(self.asks))

    def _take_at(self, ladder: Ladder, px: int, taker: LitOrder, at_ns: int, news: list[Outcome]) -> bool:
        """Match at one price; False when the taker must stop there."""
        maker = ladder.front(px)
        while maker is not None and taker.leaves:
            assert isinstance(maker, LitOrder)
            later, qty = maker.later, min(taker.leaves, maker.leaves)
            if taker.owner and maker.owner == taker.owner:
                self._meet_own(taker, maker, at_ns, news)
            elif taker.min_qty and taker.too_small(qty):
                if not maker.hidden:
                    return False
            elif not (maker.min_qty and maker.too_small(qty)):
                self._trade(taker, maker, qty, at_ns, news)
                if maker.leaves == 0 and self._show_next(ladder, maker) and (later is None or later.hidden):
                    later = maker
            maker = later
        return True

    def _trade(self, taker: LitOrder, maker: LitOrder, qty: int, at_ns: int, news: list[Outcome]) -> None:
        """One match: two outcomes of one number."""
        self._matches += 1
        number, px = self._matches, maker.px
        news.append(taker.filled(qty, px, number, at_ns, LastLiquidityInd.REMOVED))
        news.append(maker.filled(qty, px, number, at_ns, LastLiquidityInd.ADDED))
        if taker.leaves == 0:
            del self.orders[taker.key]

    def _show_next(self, ladder: Ladder, maker: LitOrder) -> bool:
        """A maker with nothing reachable shows its next slice at the back, or is over; whether it showed one."""
        ladder.leave(maker)
        if maker.reserve:
            maker.slice(maker.reserve)
            ladder.stand(maker)
            return True
        maker.standing = False
        del self.orders[maker.key]
        return False

    def _meet_own(self, taker: LitOrder, maker: LitOrder, at_ns: int, news: list[Outcome]) -> None:
        """Two orders of one owner meet: they do not trade."""
        if self._self_match is SelfMatch.CANCEL_NEWEST:
            news.append(self.end(taker, ExecType.CANCELED, at_ns, "self_match"))
        elif self._self_match is SelfMatch.CANCEL_OLDEST:
            news.append(self.end(maker, ExecType.CANCELED, at_ns, "self_match"))
        else:
            qty = min(taker.leaves, maker.open_qty)
            news.append(self._lessen(taker, qty, at_ns))
            news.append(self._lessen(maker, qty, at_ns))

    def _lessen(self, order: LitOrder, qty: int, at_ns: int) -> Outcome:
        left = order.open_qty - qty
        if left == 0:
            return self.end(order, ExecType.CANCELED, at_ns, "self_match")
        order.shrink(left)
        return order.told(ExecType.RESTATED, at_ns, "self_match")

    def _left_at(self, ladder: Ladder, px: int, owner: str, left: int) -> int:
        """What a price would leave of a quantity that trades whole or not at all; _BLOCKED at an own order."""
        passes = self._self_match is SelfMatch.CANCEL_OLDEST
        maker, behind = ladder.front(px), 0
        while maker is not None and left > 0:
            assert isinstance(maker, LitOrder)
            if maker.hidden:
                left, behind = max(0, left - behind), 0
            qty = min(left, maker.leaves)
            if owner and maker.owner == owner:
                if left > 0 and not passes:
                    return _BLOCKED
            elif not (maker.min_qty and maker.too_small(qty)):
                left -= qty
                behind += maker.reserve
            maker = maker.later
        return max(0, left - behind)


def _best_shown(ladder: Ladder) -> tuple[int, int]:
    """Best shown price and its size, 0 and 0 without any."""
    rank = ladder.rank
    while rank != NOWHERE:
        px = rank * ladder.sign
        qty = ladder.shown_qty(px)
        if qty:
            return px, qty
        rank = ladder.below(rank)
    return 0, 0
