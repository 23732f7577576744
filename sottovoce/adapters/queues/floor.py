"""Our orders in one session of one name: entered, canceled, filled and reported, at lit books, dark pool and auction.

The lit books are the kernel's; this is the side of the counter where our orders have names. Whatever we trade off the
lit books is flow that providers would have met there, so it is put to their memory as well.
"""

from __future__ import annotations

from sottovoce.adapters.queues import places
from sottovoce.adapters.queues.board import Board
from sottovoce.adapters.queues.calibration import Profile
from sottovoce.adapters.queues.closing import AuctionOrder, Interest, clear
from sottovoce.adapters.queues.kernel_book import available, best_px, drop_ours
from sottovoce.adapters.queues.kernel_quotes import remember
from sottovoce.adapters.queues.playing import Player
from sottovoce.adapters.queues.pool import Cross, DarkPool, Hidden
from sottovoce.adapters.queues.recorder import AUCTION, DARK, Recorder
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Side, TimeInForce, VenueKind
from sottovoce.core.orders import Route
from sottovoce.core.ports import VenueFacts
from sottovoce.core.units import NEVER_NS
from sottovoce.models.venue_orders import VenueOrder, VenueOrders

NO_LIMIT = 1 << 40
NOTHING_MORE = "no more to trade with at once"
OWN_ORDER = "would trade with your own order"


class Floor:
    """One session's counter. Prices inside are in ticks."""

    def __init__(
        self,
        profile: Profile,
        player: Player,
        pool: DarkPool,
        orders: VenueOrders,
        recorder: Recorder,
        lit_names: tuple[str, ...],
    ) -> None:
        self.profile = profile
        self.player = player
        self.pool = pool
        self._orders = orders
        self._recorder = recorder
        self._lit_names = lit_names
        self._auction: dict[str, AuctionOrder] = {}
        self._live: dict[str, VenueKind] = {}
        self._slots: list[str] = []

    @property
    def busy(self) -> bool:
        """Whether an order of ours is live here."""
        return bool(self._live)

    @property
    def board(self) -> Board:
        """The arrays as they are now."""
        return self.player.board

    def enter(self, order: VenueOrder, facts: VenueFacts, at_ns: int) -> None:
        """A valid order of ours, acknowledged and put where it belongs."""
        self._orders.acknowledge(order, at_ns)
        route = order.route
        self._live[route.cl_ord_id] = facts.kind
        if facts.kind is VenueKind.LIT:
            self._enter_lit(order, at_ns)
        elif facts.kind is VenueKind.DARK:
            self._enter_pool(order, facts, at_ns)
        else:
            self._auction[route.cl_ord_id] = AuctionOrder(route.cl_ord_id, _buys(route), route.qty, self._limit(route))

    def cancel(self, order: VenueOrder, exec_type: ExecType, at_ns: int, text: str = "") -> None:
        """End a live order of ours: on request, by its terms, or at the close."""
        key = order.route.cl_ord_id
        kind = self._live.pop(key)
        if kind is VenueKind.LIT:
            self._leave_book(key, at_ns)
        elif kind is VenueKind.DARK:
            self.pool.leave(key)
        else:
            del self._auction[key]
        self._orders.close(order, exec_type, at_ns, text)

    def expire(self, at_ns: int) -> None:
        """The close: day orders end; those for the auction stay for it."""
        for key, kind in list(self._live.items()):
            if kind is not VenueKind.AUCTION:
                self.cancel(self._order(key), ExecType.EXPIRED, at_ns)

    def shown_at(self, venue: int, side: int) -> dict[int, int]:
        """Shares of our orders resting at one lit venue and side, by price in ticks."""
        shown: dict[int, int] = {}
        board = self.board
        for row in range(0, board.ints[places.I_OURS] * places.OWN, places.OWN):
            if board.own[row + places.O_VENUE] == venue and board.own[row + places.O_SIDE] == side:
                px = int(board.own[row + places.O_PX])
                shown[px] = shown.get(px, 0) + int(board.own[row + places.O_LEAVES])
        return shown

    def collect_fills(self, at_ns: int) -> None:
        """Report the fills the kernel has recorded."""
        board = self.board
        for number in range(board.ints[places.I_FILLS]):
            slot, qty, px, removed = board.fills[number * places.FILL : (number + 1) * places.FILL]
            liquidity = LastLiquidityInd.REMOVED if removed else LastLiquidityInd.ADDED
            self._fill(self._slots[slot], at_ns, int(qty), int(px) * self.profile.tick, liquidity)
        board.ints[places.I_FILLS] = 0

    def pass_dark(self, until_ns: int) -> None:
        """Print what the background matched in the pool up to a time, while no order of ours was in it."""
        for cross in self.pool.catch_up(until_ns):
            self._recorder.print_beside(cross.at_ns, self._recorder.mid_at(cross.at_ns), cross.qty, 0, DARK)

    def meet_hidden(self) -> None:
        """The background's next hidden order arrives while one of ours is in the pool."""
        mid = self._mid_px()
        self._cross(mid, self.pool.arrive_drawn(mid))

    def hold_auction(self, at_ns: int, interest: Interest) -> None:
        """The closing auction; what it leaves of our orders expires."""
        result = clear(interest, list(self._auction.values()))
        px = result.px_ticks * self.profile.tick
        bought = sold = 0
        for key, qty in result.fills.items():
            if qty:
                bought, sold = (bought + qty, sold) if self._auction[key].buy else (bought, sold + qty)
                self._fill(key, at_ns, qty, px, LastLiquidityInd.AUCTION)
        ours = max(bought, sold)
        self._recorder.print_beside(at_ns, px, ours, 1, AUCTION)
        self._recorder.print_beside(at_ns, px, result.qty - ours, 0, AUCTION)
        remember(self.board, bought - sold)
        for key in list(self._auction):
            if key in self._live:
                self.cancel(self._order(key), ExecType.EXPIRED, at_ns)

    def _enter_lit(self, order: VenueOrder, at_ns: int) -> None:
        """Take what the order may, then let the rest of a day limit order rest.

        Self-trade prevention: nothing trades at, locks or crosses an order of ours on the other side.
        """
        route, buy, ints = order.route, _buys(order.route), self.board.ints
        limit = self._limit(route)
        edge = (NO_LIMIT if buy else -NO_LIMIT) if limit is None else limit
        rest = route.time_in_force is TimeInForce.DAY and route.ord_type is OrdType.LIMIT
        text = NOTHING_MORE
        wall = ints[places.I_OUR_ASK] if buy else ints[places.I_OUR_BID]
        if wall not in (places.NO_BID, places.NO_ASK) and (edge >= wall if buy else edge <= wall):
            edge, rest, text = (wall - 1 if buy else wall + 1), False, OWN_ORDER
        venue, side = self._lit_names.index(route.venue), places.BID if buy else places.ASK
        refusal = self._refusal(route, venue, side, edge)
        if refusal:
            self._end(order, at_ns, refusal)
            return
        self._slots.append(route.cl_ord_id)
        self.player.enter(at_ns, len(self._slots) - 1, venue, side, route.qty, edge, rest=rest)
        self.collect_fills(at_ns)
        if order.leaves_qty and not rest:
            self._end(order, at_ns, text)

    def _refusal(self, route: Route, venue: int, side: int, edge: int) -> str:
        """Why an order ends as it arrives, "" when it does not: all or nothing, or nothing but resting, asked for."""
        there = available(self.board, venue, 1 - side, edge)
        if route.time_in_force is TimeInForce.FILL_OR_KILL and there < route.qty:
            return f"{there} shares to trade with at once, {route.qty} wanted or none"
        if route.post_only and there:
            return "would take liquidity, and was to post only"
        return ""

    def _leave_book(self, key: str, at_ns: int) -> None:
        board = self.board
        for row in range(0, board.ints[places.I_OURS] * places.OWN, places.OWN):
            if self._slots[board.own[row + places.O_SLOT]] == key:
                drop_ours(board, row)
                break
        self.player.note_touch(at_ns)

    def _enter_pool(self, order: VenueOrder, facts: VenueFacts, at_ns: int) -> None:
        route = order.route
        self.pass_dark(at_ns)
        minimum = max(route.min_qty, facts.min_qty)
        hidden = Hidden(route.cl_ord_id, route.qty, NEVER_NS, route.price or None, minimum, buy=_buys(route))
        mid = self._mid_px()
        self._cross(mid, self.pool.arrive(hidden, mid, at_ns))
        if order.leaves_qty and route.time_in_force is TimeInForce.IMMEDIATE_OR_CANCEL:
            self.pool.leave(route.cl_ord_id)
            self._end(order, at_ns, NOTHING_MORE)

    def _mid_px(self) -> int:
        """The consolidated mid now, in units, rounded down."""
        both = best_px(self.board, places.BID) + best_px(self.board, places.ASK)
        return int(both) * self.profile.tick // 2

    def _end(self, order: VenueOrder, at_ns: int, text: str) -> None:
        """What an order may not leave resting is canceled."""
        del self._live[order.route.cl_ord_id]
        self._orders.close(order, ExecType.CANCELED, at_ns, text)

    def _cross(self, mid_px: int, crosses: list[Cross]) -> None:
        """Print dark matches, report ours, and let providers miss the flow we took."""
        for at_ns, qty, buyer, seller in crosses:
            for key in filter(None, (buyer, seller)):
                self._fill(key, at_ns, qty, mid_px, LastLiquidityInd.MIDPOINT)
            remember(self.board, qty * (bool(buyer) - bool(seller)))
            self._recorder.print_beside(at_ns, mid_px, qty, 1 if buyer or seller else 0, DARK)

    def _fill(self, key: str, at_ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> None:
        order = self._order(key)
        self._orders.fill(order, at_ns, qty, px, liquidity)
        if order.leaves_qty == 0:
            self._live.pop(key, None)

    def _order(self, key: str) -> VenueOrder:
        order = self._orders.find(key)
        assert order is not None, f"order {key} is in a book but unknown to its venue"
        return order

    def _limit(self, route: Route) -> int | None:
        return None if route.ord_type is OrdType.MARKET else route.price // self.profile.tick


def _buys(route: Route) -> bool:
    return route.side is Side.BUY
