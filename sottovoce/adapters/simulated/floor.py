"""Where orders meet in one session of one name: both lit books, the dark pool, the closing auction, and the
record.

Whatever trades passes through here once: it is printed, reported to us where we are a party, and its net flow
is put to the latent book. Net flow is the market orders of the background plus everything we buy or sell; a
market order that hits our resting order therefore moves nothing, where without us it would have.
"""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.adapters.simulated.auction import AuctionOrder, Interest, clear
from sottovoce.adapters.simulated.dark import Cross, DarkPool, Hidden
from sottovoce.adapters.simulated.latent import LatentBook
from sottovoce.adapters.simulated.profile import Profile
from sottovoce.adapters.simulated.quoting import LitMatch, LitVenues
from sottovoce.adapters.simulated.tape import AUCTION, DARK, LIT, TapeRecorder
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Side, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import VenueFacts
from sottovoce.models.book import Book
from sottovoce.models.venue_orders import VenueOrder, VenueOrders

NEVER_NS = 1 << 62


class Floor:
    """One session's venues for one name. Prices inside are in ticks; bid and ask are the touch after the last
    event."""

    def __init__(
        self,
        profile: Profile,
        lit: LitVenues,
        latent: LatentBook,
        orders: VenueOrders,
        tape: TapeRecorder,
        lit_names: tuple[str, ...],
    ) -> None:
        self.profile = profile
        self.lit = lit
        self.bid, self.ask = lit.touch()
        self._latent = latent
        self._orders = orders
        self._tape = tape
        self._lit_names = lit_names
        self._pool = DarkPool()
        self._auction: dict[str, AuctionOrder] = {}
        self._resting: dict[str, VenueKind] = {}

    @property
    def busy(self) -> bool:
        """Whether an order of ours is live here."""
        return bool(self._resting)

    def book(self, venue: str) -> Book:
        """The book of a lit venue."""
        return self.lit.books[self._lit_names.index(venue)]

    def market_order(self, at_ns: int, qty: int, venue: int, *, buy: bool) -> None:
        """A background market order."""
        self._settle(at_ns, self.lit.sweep(qty, venue, buy=buy), None, aggressor=1 if buy else -1)

    def provided(self, at_ns: int, matches: list[LitMatch]) -> None:
        """Matches of liquidity providers with our resting orders."""
        self._settle(at_ns, matches, None, aggressor=0)

    def hidden_order(self, at_ns: int, qty: int, life_ns: int, *, buy: bool) -> None:
        """A background order for the dark pool."""
        order = Hidden("", qty, at_ns + life_ns, None, 0, buy=buy)
        self._cross(at_ns, self._pool.arrive(order, self.mid_px(), at_ns))

    def enter(self, order: VenueOrder, facts: VenueFacts, at_ns: int) -> None:
        """A valid order of ours, acknowledged and put where it belongs."""
        self._orders.acknowledge(order, at_ns)
        self._resting[order.route.cl_ord_id] = facts.kind
        if facts.kind is VenueKind.LIT:
            self._enter_lit(order, at_ns)
        elif facts.kind is VenueKind.DARK:
            self._enter_pool(order, facts, at_ns)
        else:
            route = order.route
            self._auction[route.cl_ord_id] = AuctionOrder(route.cl_ord_id, _buys(route), route.qty, self._limit(route))

    def cancel(self, order: VenueOrder, exec_type: ExecType, at_ns: int, text: str = "") -> None:
        """End a live order of ours: on request, by its terms, or at the close."""
        key = order.route.cl_ord_id
        kind = self._resting.pop(key)
        if kind is VenueKind.LIT:
            self.lit.cancel(key)
        elif kind is VenueKind.DARK:
            self._pool.leave(key)
        else:
            del self._auction[key]
        self._orders.close(order, exec_type, at_ns, text)

    def expire(self, at_ns: int) -> None:
        """The close: day orders end; those for the auction stay for it."""
        for key, kind in list(self._resting.items()):
            if kind is not VenueKind.AUCTION:
                self.cancel(self._order(key), ExecType.EXPIRED, at_ns)

    def hold_auction(self, at_ns: int, interest: Interest) -> None:
        """The closing auction; what it leaves of our orders expires."""
        result = clear(interest, list(self._auction.values()))
        px = result.px_ticks * self.profile.tick
        bought = sold = 0
        for key, qty in result.fills.items():
            if qty:
                buy = self._auction[key].buy
                bought, sold = (bought + qty, sold) if buy else (bought, sold + qty)
                self._fill(key, at_ns, qty, px, LastLiquidityInd.AUCTION)
        ours = max(bought, sold)
        self._print(at_ns, px, ours, 1, AUCTION)
        self._print(at_ns, px, result.qty - ours, 0, AUCTION)
        self._latent.absorb((bought - sold) / self.profile.adv)
        for key in list(self._auction):
            if key in self._resting:
                self.cancel(self._order(key), ExecType.EXPIRED, at_ns)

    def mid_px(self) -> int:
        """The consolidated mid in units, rounded down."""
        return (self.bid + self.ask) * self.profile.tick // 2

    def keep_touch(self, at_ns: int) -> None:
        """Record the touch as it stands."""
        tick = self.profile.tick
        self._tape.quote(at_ns, self.bid * tick, self.ask * tick)

    def _enter_lit(self, order: VenueOrder, at_ns: int) -> None:
        """Take what the order may, then let the rest of a day limit order rest.

        Self-trade prevention: nothing trades at, locks or crosses an order of ours on the other side.
        """
        route, buy = order.route, _buys(order.route)
        limit, wall = self._limit(route), self.lit.our_best(buy=not buy)
        rest = route.time_in_force is TimeInForce.DAY and route.ord_type is OrdType.LIMIT
        text = "no more to trade with at once"
        if wall is not None and (limit is None or (limit >= wall if buy else limit <= wall)):
            limit, rest = (wall - 1 if buy else wall + 1), False
            text = "would trade with your own order"
        venue = self._lit_names.index(route.venue)
        matches = self.lit.place(route.cl_ord_id, venue, route.qty, limit, buy=buy, rest=rest)
        self._settle(at_ns, matches, order, aggressor=0)
        if order.leaves_qty and not rest:
            self._end(order, at_ns, text)

    def _enter_pool(self, order: VenueOrder, facts: VenueFacts, at_ns: int) -> None:
        route = order.route
        limit = route.price or None
        hidden = Hidden(
            route.cl_ord_id, route.qty, NEVER_NS, limit, max(route.min_qty, facts.min_qty), buy=_buys(route)
        )
        self._cross(at_ns, self._pool.arrive(hidden, self.mid_px(), at_ns))
        if order.leaves_qty and route.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL:
            self._pool.leave(route.cl_ord_id)
            self._end(order, at_ns, "no more to trade with at once")

    def _end(self, order: VenueOrder, at_ns: int, text: str) -> None:
        """What an order may not leave resting is canceled."""
        del self._resting[order.route.cl_ord_id]
        self._orders.close(order, ExecType.CANCELED, at_ns, text)

    def _settle(self, at_ns: int, matches: Iterable[LitMatch], taker: VenueOrder | None, aggressor: int) -> None:
        """Print lit matches, report ours, and put the net flow to the latent book."""
        tick, flow = self.profile.tick, 0
        for _, buy, match in matches:
            qty, px, resting = match.qty, match.px * tick, match.resting
            took = taker is not None and _buys(taker.route) is buy
            flow += qty * aggressor
            if taker is not None and took:
                flow += qty if buy else -qty
                self._fill(taker.route.cl_ord_id, at_ns, qty, px, LastLiquidityInd.REMOVED)
            if resting is not None:
                flow += -qty if buy else qty
                self._fill(resting.key, at_ns, qty, px, LastLiquidityInd.ADDED)
            self._tape.print(at_ns, px, qty, 1 if took or resting is not None else 0, LIT)
        if flow:
            self._latent.absorb(flow / self.profile.adv)

    def _cross(self, at_ns: int, crosses: list[Cross]) -> None:
        """Print dark matches and report ours. What we buy here is missing from the latent book as
        elsewhere."""
        px, flow = self.mid_px(), 0
        for qty, buyer, seller in crosses:
            if buyer:
                flow += qty
                self._fill(buyer, at_ns, qty, px, LastLiquidityInd.MIDPOINT)
            if seller:
                flow -= qty
                self._fill(seller, at_ns, qty, px, LastLiquidityInd.MIDPOINT)
            self._print(at_ns, px, qty, 1 if buyer or seller else 0, DARK)
        if flow:
            self._latent.absorb(flow / self.profile.adv)

    def _fill(self, key: str, at_ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> None:
        """Report a fill of ours, with the touch it happened at on the tape first."""
        tick = self.profile.tick
        self._tape.quote_before(at_ns, self.bid * tick, self.ask * tick)
        order = self._order(key)
        self._orders.fill(order, at_ns, qty, px, liquidity)
        if order.leaves_qty == 0:
            self._resting.pop(key, None)

    def _print(self, at_ns: int, px: int, qty: int, own: int, kind: int) -> None:
        if qty:
            self._tape.print(at_ns, px, qty, own, kind)

    def _order(self, key: str) -> VenueOrder:
        order = self._orders.find(key)
        assert order is not None, f"order {key} is in a book but unknown to its venue"
        return order

    def _limit(self, route: Route) -> int | None:
        return None if route.ord_type is OrdType.MARKET else route.price // self.profile.tick


def _buys(route: Route) -> bool:
    return route.side is Side.BUY
