"""Where orders meet in one session of one name: lit books, dark venues, what the auctions did, and the record.

Whatever trades passes through here once: it is printed, reported to us where we are a party, and its net flow
is put to the makers. Net flow is the market orders of the background plus everything we buy or sell; a
market order that hits our resting order therefore moves nothing, where without us it would have.
"""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.adapters.simulated.auctions import Held
from sottovoce.adapters.simulated.hidden import HiddenVenues, News
from sottovoce.adapters.simulated.makers import Makers
from sottovoce.adapters.simulated.profile import Profile
from sottovoce.adapters.simulated.quoting import LitMatch, LitVenues
from sottovoce.adapters.simulated.streams import HiddenOrder
from sottovoce.adapters.simulated.tape import AUCTION, DARK, LIT, TapeRecorder
from sottovoce.adapters.simulated.terms import buys, ends_at_once, terms
from sottovoce.core.enums import ExecType, LastLiquidityInd, VenueKind
from sottovoce.core.ports import VenueFacts
from sottovoce.models.matching.book import Book
from sottovoce.models.matching.midpoint import NOTHING_SHOWN
from sottovoce.models.matching.port import Outcome, Touch
from sottovoce.models.venue_orders import VenueOrder, VenueOrders


class Floor:
    """One session's venues for one name. Prices inside are in ticks; bid and ask are the touch after the last event."""

    def __init__(
        self,
        profile: Profile,
        lit: LitVenues,
        makers: Makers,
        orders: VenueOrders,
        tape: TapeRecorder,
        lit_names: tuple[str, ...],
        hidden: HiddenVenues,
    ) -> None:
        self.profile = profile
        self.lit = lit
        self.bid, self.ask = lit.touch()
        self._makers = makers
        self._orders = orders
        self._tape = tape
        self._lit_names = lit_names
        self._hidden = hidden
        self._halted = False
        self._half: dict[tuple[str, int], bool] = {}
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

    def hidden_order(self, order: HiddenOrder) -> int:
        """A background order for a dark venue; returns the shares of it that traded at once."""
        news = list(self._hidden.arrive(order, self.shown()))
        self._hear(news)
        traded = (each.last_qty for _, each in news if each.exec_type is ExecType.TRADE)
        return sum(traded) // 2

    def next_cross_ns(self) -> int:
        """When the crossing network matches next."""
        return self._hidden.next_ns()

    def let_pass(self, at_ns: int) -> None:
        """Time passes at the dark venues: a cross, or the close."""
        self._hear(self._hidden.advance(self.shown(), at_ns))

    def enter(self, order: VenueOrder, facts: VenueFacts, at_ns: int) -> None:
        """A valid order of ours, acknowledged and put where it belongs."""
        if facts.kind is VenueKind.DARK:
            self._enter_hidden(order, at_ns)
            return
        self._orders.acknowledge(order, at_ns)
        self._resting[order.route.cl_ord_id] = facts.kind
        self._enter_lit(order, at_ns)

    def cancel(self, order: VenueOrder, exec_type: ExecType, at_ns: int, text: str = "") -> str:
        """End a live order of ours: on request, by its terms, or at the close; why a dark venue refuses, else ""."""
        key = order.route.cl_ord_id
        kind = self._resting[key]
        if kind is VenueKind.DARK:
            return self._cancel_hidden(order, at_ns)
        del self._resting[key]
        self.lit.cancel(key)
        self._orders.close(order, exec_type, at_ns, text)
        return ""

    def expire(self, at_ns: int) -> None:
        """The close: day orders end."""
        self.let_pass(at_ns)
        for key in list(self._resting):
            self.cancel(self._order(key), ExecType.EXPIRED, at_ns)

    def settle_auction(self, held: Held, at_ns: int) -> None:
        """Report and print an auction; what it leaves of our orders expires."""
        bought = sold = 0
        for key, qty in held.fills.items():
            buy = buys(self._order(key).route)
            bought, sold = (bought + qty, sold) if buy else (bought, sold + qty)
            self._fill(key, at_ns, qty, held.px, LastLiquidityInd.AUCTION)
        ours = max(bought, sold)
        self._print(at_ns, held.px, ours, 1, AUCTION)
        self._print(at_ns, held.px, held.qty - ours, 0, AUCTION)
        self._makers.absorb((bought - sold) / self.profile.adv)
        for key in held.over:
            self._orders.close(self._order(key), ExecType.EXPIRED, at_ns)

    def look(self, at_ns: int) -> None:
        """Take note of the touch after something of ours arrived, and record it if it changed."""
        self.bid, self.ask = self.lit.touch()
        tick = self.profile.tick
        if self.bid * tick != self._tape.bid or self.ask * tick != self._tape.ask:
            self.keep_touch(at_ns)

    def open(self, reference: float, at_ns: int) -> None:
        """Trading begins around a reference in ticks, after the opening auction."""
        self.lit.requote(reference, at_ns)
        self.bid, self.ask = self.lit.touch()
        self.keep_touch(at_ns)

    def halt(self, at_ns: int) -> None:
        """Trading stops: the dark venues are told; the lit books stand still because nothing reaches them."""
        self._halted = True
        self._hear(self._hidden.halt(at_ns))

    def resume(self, reference: float, at_ns: int) -> None:
        """Trading goes on around a reference in ticks."""
        self._halted = False
        self.provided(at_ns, self.lit.requote(reference, at_ns))
        self._hear(self._hidden.resume(at_ns))
        self.look(at_ns)

    def bound(self, lower: int, upper: int, at_ns: int) -> None:
        """New price bands, in ticks: an order of ours that would trade outside of them ends."""
        self.lit.lower, self.lit.upper = lower, upper
        outside = self.lit.ours_outside()
        for key in outside:
            self.cancel(self._order(key), ExecType.CANCELED, at_ns, "outside the price bands")
        if outside and not self._halted:
            self.look(at_ns)

    def shown(self) -> Touch:
        """The consolidated touch in units, 0 for a side outside the bands, and both in a halt: nobody may trade there.

        Sizes are left out: they are not what a midpoint is made of.
        """
        if self._halted:
            return NOTHING_SHOWN
        tick, lit = self.profile.tick, self.lit
        bid = self.bid * tick if self.bid >= lit.lower else 0
        ask = self.ask * tick if self.ask <= lit.upper else 0
        return Touch(bid, 0, ask, 0)

    def keep_touch(self, at_ns: int) -> None:
        """Record the touch as it stands."""
        tick, sizes = self.profile.tick, self.lit.touch_sizes(self.bid, self.ask)
        self._tape.quote(at_ns, self.bid * tick, self.ask * tick, *sizes)

    def _enter_lit(self, order: VenueOrder, at_ns: int) -> None:
        """Take what the order may, then let the rest of a day limit order rest."""
        route, lit = order.route, self.lit
        buy, venue = buys(route), self._lit_names.index(route.venue)
        limit, rest, text = terms(route, self.profile.tick, (lit.lower, lit.upper), lit.our_best(buy=not buy))
        instead = ends_at_once(route, lit.available(venue, limit, route.qty, buy=buy))
        if instead:
            self._end(order, at_ns, instead)
            return
        self._settle(at_ns, lit.place(route.cl_ord_id, venue, route.qty, limit, buy=buy, rest=rest), order, aggressor=0)
        if order.leaves_qty and not rest:
            self._end(order, at_ns, text)

    def _enter_hidden(self, order: VenueOrder, at_ns: int) -> None:
        """A dark venue judges for itself: the first news is its answer."""
        key = order.route.cl_ord_id
        news = list(self._hidden.enter(order.route, self.shown(), at_ns))
        answer = next(outcome for _, outcome in news if outcome.order_id == key)
        if answer.exec_type is ExecType.REJECTED:
            self._orders.close(order, ExecType.REJECTED, at_ns, _in_words(answer.reason))
        else:
            self._orders.acknowledge(order, at_ns)
            self._resting[key] = VenueKind.DARK
        self._hear(news)

    def _cancel_hidden(self, order: VenueOrder, at_ns: int) -> str:
        """Ask a dark venue to let an order go; returns why not, "" when it did."""
        key = order.route.cl_ord_id
        news = list(self._hidden.cancel(order.route.venue, key, at_ns))
        self._hear(news)
        refusals = (each for _, each in news if each.order_id == key and each.exec_type is ExecType.REJECTED)
        return next((_in_words(each.reason) for each in refusals), "")

    def _end(self, order: VenueOrder, at_ns: int, text: str) -> None:
        """What an order may not leave resting is canceled."""
        del self._resting[order.route.cl_ord_id]
        self._orders.close(order, ExecType.CANCELED, at_ns, text)

    def _settle(self, at_ns: int, matches: Iterable[LitMatch], taker: VenueOrder | None, aggressor: int) -> None:
        """Print lit matches, report ours, and put the net flow to the makers."""
        tick, flow = self.profile.tick, 0
        for _, buy, match in matches:
            qty, px, resting = match.qty, match.px * tick, match.resting
            took = taker is not None and buys(taker.route) is buy
            flow += qty * aggressor
            if taker is not None and took:
                flow += qty if buy else -qty
                self._fill(taker.route.cl_ord_id, at_ns, qty, px, LastLiquidityInd.REMOVED)
            if resting is not None:
                flow += -qty if buy else qty
                self._fill(resting.key, at_ns, qty, px, LastLiquidityInd.ADDED)
            own = 1 if took or resting is not None else 0
            self._tape.print(at_ns, px, qty, own, LIT, 1 if buy else -1)
        if flow:
            self._makers.absorb(flow / self.profile.adv)

    def _hear(self, news: Iterable[News]) -> None:
        """Print dark matches, report ours, and put what we traded to the makers, who miss it."""
        flow = 0
        for venue, outcome in news:
            order = self._order(outcome.order_id) if outcome.order_id in self._resting else None
            if outcome.exec_type is ExecType.TRADE:
                self._print_half(venue, outcome, ours=order is not None)
                if order is not None:
                    flow += outcome.last_qty if buys(order.route) else -outcome.last_qty
                    at_ns = outcome.at_ns
                    self._fill(outcome.order_id, at_ns, outcome.last_qty, outcome.last_px, LastLiquidityInd.MIDPOINT)
            elif order is not None and outcome.exec_type in (ExecType.CANCELED, ExecType.EXPIRED):
                del self._resting[outcome.order_id]
                self._orders.close(order, outcome.exec_type, outcome.at_ns, _in_words(outcome.reason))
        if flow:
            self._makers.absorb(flow / self.profile.adv)

    def _print_half(self, venue: str, outcome: Outcome, *, ours: bool) -> None:
        """A match is told once for each side and printed with the second."""
        other = self._half.pop((venue, outcome.match_id), None)
        if other is None:
            self._half[venue, outcome.match_id] = ours
        else:
            self._print(outcome.at_ns, outcome.last_px, outcome.last_qty, 1 if ours or other else 0, DARK)

    def _fill(self, key: str, at_ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> None:
        """Report a fill of ours, with the touch it happened at on the tape first."""
        tick = self.profile.tick
        if self.bid * tick != self._tape.bid or self.ask * tick != self._tape.ask:
            self.keep_touch(at_ns)
        self._tape.keep_next()
        order = self._order(key)
        self._orders.fill(order, at_ns, qty, px, liquidity)
        if order.leaves_qty == 0:
            self._resting.pop(key, None)

    def _print(self, at_ns: int, px: int, qty: int, own: int, kind: int) -> None:
        if qty:
            self._tape.print(at_ns, px, qty, own, kind, 0)

    def _order(self, key: str) -> VenueOrder:
        order = self._orders.find(key)
        assert order is not None, f"order {key} is in a book but unknown to its venue"
        return order


def _in_words(reason: str) -> str:
    """A venue's code as it stands in the text of a report."""
    return reason.replace("_", " ")
