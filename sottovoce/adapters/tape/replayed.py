"""The tape as a market: real prints and quotes go by, and our orders trade against them without moving them.

What fills, stated once (numbers in policy.py, queue rule in resting.py):
* An order that can trade on arrival takes the size displayed at the consolidated touch, at the touch; what
  we took is not there again until the quote says so. A tape shows no depth, so nothing is ever taken beyond
  the touch: the rest waits (DAY) or is canceled (immediate or cancel, market).
* A resting order fills only when real lit prints reach it, never more than they printed, and each print once.
* A midpoint order fills at the mid of the quote before an off-exchange print that would have met it.
* An order for the close fills at the price of the real closing print, up to a share of its size.
Times are the tape's own, in milliseconds: news of one millisecond is taken as prints, then our messages,
then ends. The market does not react, so a large order looks cheaper here than it is; `fill_bounds` says how
much depends on the queue rule.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from sottovoce.adapters.tape.bounds import FillBounds
from sottovoce.adapters.tape.day import DayTape
from sottovoce.adapters.tape.displayed import DisplayedSide
from sottovoce.adapters.tape.entry import change_refusal, refusal, too_late
from sottovoce.adapters.tape.feed import KIND_AUCTION, KIND_DARK, KIND_LIT, Close, Feed
from sottovoce.adapters.tape.figures import TapeSummary, summarise
from sottovoce.adapters.tape.orders import VenueOrder, cancel_rejected, mass_status, replace_rejected
from sottovoce.adapters.tape.own import OwnPrints
from sottovoce.adapters.tape.policy import TAPE_VENUES, ReplayPolicy
from sottovoce.adapters.tape.resting import Touch
from sottovoce.adapters.tape.words import market_state
from sottovoce.adapters.tape.working import Working
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import LastLiquidityInd, OrdType, TimeInForce, VenueKind
from sottovoce.core.errors import NotFound
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.instrument import Instrument, tick_at
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Tape, VenueFacts
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested
from sottovoce.models.venue_entry import addressee
from sottovoce.models.venue_orders import unknown_status

News = list[VenueMessage]


class ReplayedMarket:
    """One instrument's tape over one or more sessions, behind the Market port."""

    def __init__(
        self,
        instrument: Instrument,
        days: Sequence[DayTape],
        venues: Sequence[VenueFacts] = TAPE_VENUES,
        policy: ReplayPolicy | None = None,
    ) -> None:
        self._instrument_id = instrument.instrument_id
        self._instrument = instrument
        self._days = tuple(days)
        self._venues = tuple(sorted(venues, key=lambda facts: facts.venue))
        self._facts = {facts.venue: facts for facts in venues}
        self._policy = policy or ReplayPolicy()
        self._feed = Feed(days, self._policy)
        quotes = self._feed.quotes
        self._displayed = {
            1: DisplayedSide(quotes.ask, quotes.ask_size),
            -1: DisplayedSide(quotes.bid, quotes.bid_size),
        }
        self._now_ns = 0
        self._sent = 0
        self._inbox: list[tuple[int, int, Outbound]] = []
        self._orders: dict[str, VenueOrder] = {}
        self._working = Working(self._feed)
        self._auction_used: dict[int, int] = {}
        self._own = OwnPrints()
        self._bounds = FillBounds()
        self._state: tuple[tuple[int, int, int, str], Mapping[str, MarketState]] | None = None

    # the port ---------------------------------------------------------------------------------------------

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the venues, by name."""
        return self._venues

    def send(self, message: Outbound, at_ns: int) -> None:
        """Take an order or a cancel that left us at at_ns; it arrives after the venue's latency."""
        facts = self._facts.get(addressee(message)[0])
        arrives_ns = max(at_ns + (facts.latency_ns if facts else 0), self._now_ns)
        self._sent += 1
        heapq.heappush(self._inbox, (arrives_ns, self._sent, message))

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Let the tape run to until_ns, or to the first moment with news for us."""
        while True:
            news = self._next_moment(until_ns)
            if news is None:
                self._now_ns = max(self._now_ns, until_ns)
                return ()
            if news:
                return [(self._arrival_ns(message), message) for message in news]

    def states(self) -> Mapping[str, MarketState]:
        """The tape's last word at the market's time; sizes are less what we have taken of them."""
        quote_row, trade_row = self._feed.quote_row(self._now_ns), self._feed.trade_row(self._now_ns)
        phase = "closed" if self._feed.close_at(self._now_ns) is None else "open"
        key = (quote_row, trade_row, self._own.count, phase)
        if self._state is None or self._state[0] != key:
            left = (self._displayed[-1].available(quote_row), self._displayed[1].available(quote_row))
            state = market_state(
                self._instrument_id,
                self._feed,
                quote_row,
                trade_row,
                left,
                self._own.qty,
                phase,
                self._venues,
            )
            self._state = (key, {self._instrument_id: state})
        return self._state[1]

    def tape(self, instrument_id: str) -> Tape:
        """Quotes and trades so far, ours among them marked own; official values are left out."""
        if instrument_id != self._instrument_id:
            sentence = f"This replay has the tape of {self._instrument_id}, not of {instrument_id}."
            raise NotFound(sentence, code="tape_instrument")
        quotes = slice(0, self._feed.quote_row(self._now_ns) + 1)
        trades = slice(0, self._feed.trade_row(self._now_ns) + 1)
        ns, px, qty, own, kind = self._own.merged(self._feed.trades, self._feed.kind, trades)
        return Tape(
            instrument_id=instrument_id,
            quote_ns=self._feed.quotes.ns[quotes],
            bid=self._feed.quotes.bid[quotes],
            ask=self._feed.quotes.ask[quotes],
            trade_ns=ns,
            trade_px=px,
            trade_qty=qty,
            trade_own=own,
            trade_kind=kind,
        )

    # beyond the port --------------------------------------------------------------------------------------

    def summaries(self) -> tuple[TapeSummary, ...]:
        """The tape's own figures per day, without us: its VWAP and how that is defined, volume, auctions."""
        return tuple(summarise(day, self._instrument.price_scale) for day in self._days)

    def fill_bounds(self) -> FillBounds:
        """What rested so far, and what of it fills under the touch, queue and trade-through rules."""
        bounds = self._bounds
        for order in self._working.orders(VenueKind.LIT):
            bounds = bounds.plus(order, self._feed.lit, self._now_ns)
        return bounds

    # time -------------------------------------------------------------------------------------------------

    def _next_moment(self, until_ns: int) -> News | None:
        """Let the next thing of ours up to until_ns happen: prints first, then messages, then ends."""
        sent_ns = self._inbox[0][0] if self._inbox else until_ns + 1
        end_ns = self._working.end_ns(until_ns + 1)
        touched = self._working.next_touch(min(until_ns, sent_ns, end_ns))
        if touched is not None:
            self._now_ns = touched[1].ns
            return self._fill(*touched)
        if min(sent_ns, end_ns) > until_ns:
            return None
        self._now_ns = min(sent_ns, end_ns)
        if sent_ns <= end_ns:
            return self._receive(heapq.heappop(self._inbox)[2], sent_ns)
        return self._end(end_ns)

    def _fill(self, order: VenueOrder, touch: Touch) -> News:
        qty = self._working.use(order, touch)
        is_dark = order.kind is VenueKind.DARK
        liquidity = LastLiquidityInd.MIDPOINT if is_dark else LastLiquidityInd.ADDED
        return [self._trade(order, touch.ns, qty, touch.px, liquidity)]

    def _end(self, ns: int) -> News:
        news: News = []
        for order in self._working.ended(ns):
            if order.kind is VenueKind.AUCTION:
                news += self._uncross(order, ns)
            if order.leaves_qty:
                news.append(order.expired(ns, "the session has ended"))
                self._forget(order)
        return news

    def _uncross(self, order: VenueOrder, ns: int) -> News:
        """Trade an auction order at the closing print's price, within what is left of our share of it."""
        number = next(n for n, close in enumerate(self._feed.closes) if close.ns == order.end_ns)
        close = self._feed.closes[number]
        limit = order.route.price if order.route.ord_type is OrdType.LIMIT else close.px
        qty = min(order.leaves_qty, close.room - self._auction_used.get(number, 0))
        if not close.px or qty <= 0 or order.sign * close.px > order.sign * limit:
            return []
        self._auction_used[number] = self._auction_used.get(number, 0) + qty
        return [self._trade(order, ns, qty, close.px, LastLiquidityInd.AUCTION)]

    # orders -----------------------------------------------------------------------------------------------

    def _receive(self, message: Outbound, ns: int) -> News:
        if isinstance(message, MassStatusRequested):
            return list(mass_status(message, self._orders.values(), ns))
        route = message.route
        order = self._orders.get(route.cl_ord_id)
        if isinstance(message, StatusRequested):
            known = None if order is None else order.told(ns, message.request_id)
            return [known or unknown_status(route, message.request_id, ns)]
        if isinstance(message, RouteReplaceRequested):
            return self._change(message, order, ns)
        if isinstance(message, RouteCancelRequested):
            text = too_late(order, self._left_ns(ns), self._policy.close_entry_ns)
            if text or order is None:
                return [cancel_rejected(route, ns, order, text)]
            report = order.canceled(ns)
            self._forget(order)
            return [report]
        return [] if order is not None else self._accept(route, ns)

    def _accept(self, route: Route, ns: int) -> News:
        order = self._orders[route.cl_ord_id] = VenueOrder(route, ns)
        facts = self._facts.get(route.venue) if route.instrument_id == self._instrument_id else None
        close = self._feed.close_at(ns)
        reason = refusal(route, facts, self._tick(route.price, close), self._left_ns(ns), self._policy.close_entry_ns)
        if reason or facts is None or close is None:
            return [order.rejected(reason)]
        return self._admit(order, facts, close, ns)

    def _change(self, message: RouteReplaceRequested, order: VenueOrder | None, ns: int) -> News:
        """The order leaves its queue and comes back as asked, last at its price."""
        route, close = message.route, self._feed.close_at(ns)
        facts = self._facts.get(route.venue)
        tick = self._tick(message.price, close)
        text = change_refusal(message, order, facts, tick, self._left_ns(ns), self._policy.close_entry_ns)
        if text or order is None or facts is None or close is None:
            return [replace_rejected(message, ns, order, text)]
        heir = self._orders[message.new_cl_ord_id] = self._orders[route.cl_ord_id] = order.changed(message, ns)
        self._forget(order)
        return self._admit(heir, facts, close, ns)

    def _admit(self, order: VenueOrder, facts: VenueFacts, close: Close, ns: int) -> News:
        route, kind = order.route, facts.kind
        order.kind = kind
        order.end_ns = close.ns if kind is VenueKind.AUCTION else close.session.close_ns
        news: News = [order.accepted()]
        if kind is VenueKind.LIT:
            news += self._take_displayed(order, ns)
        stays = route.time_in_force is not TimeInForce.IMMEDIATE_OR_CANCEL
        if order.leaves_qty and (not stays or (kind is VenueKind.LIT and route.ord_type is OrdType.MARKET)):
            news.append(order.canceled(ns, "nothing more to trade with on arrival"))
        elif order.leaves_qty:
            self._working.add(order)
        return news

    def _left_ns(self, ns: int) -> int | None:
        """Time left to the close, None outside the session."""
        close = self._feed.close_at(ns)
        return None if close is None else close.session.close_ns - ns

    def _tick(self, price: int, close: Close | None) -> int:
        """The tick in force on the day, or one unit, so no check, where the instrument has no rule for it."""
        try:
            return 1 if close is None else tick_at(self._instrument, price, close.session.date)
        except NotFound:
            return 1

    def _take_displayed(self, order: VenueOrder, ns: int) -> News:
        row, quotes, side = self._feed.quote_row(ns), self._feed.quotes, self._displayed[order.sign]
        bid, ask = (int(quotes.bid[row]), int(quotes.ask[row])) if row >= 0 else (0, 0)
        px = ask if order.sign > 0 else bid
        reaches = order.route.ord_type is OrdType.MARKET or order.sign * px <= order.sign * order.route.price
        qty = min(order.leaves_qty, side.available(row)) if px and bid <= ask and reaches else 0
        if qty <= 0:
            return []
        side.take(row, qty)
        return [self._trade(order, ns, qty, px, LastLiquidityInd.REMOVED)]

    def _trade(self, order: VenueOrder, ns: int, qty: int, px: int, liquidity: LastLiquidityInd) -> VenueMessage:
        report = order.traded(ns, qty, px, liquidity)
        self._own.add(ns, px, qty, _KIND[order.kind])
        if not order.leaves_qty:
            self._forget(order)
        return report

    def _forget(self, order: VenueOrder) -> None:
        """Take a finished order out of the market, counting it in the bounds if it rested."""
        if self._working.remove(order) and order.rested_qty:
            self._bounds = self._bounds.plus(order, self._feed.lit, self._now_ns)

    # words ------------------------------------------------------------------------------------------------

    def _arrival_ns(self, message: VenueMessage) -> int:
        facts = self._facts.get(message.venue)
        at_ns = self._now_ns if isinstance(message, SessionStatus) else message.transact_ns
        return at_ns + (facts.latency_ns if facts else 0)


_KIND = {VenueKind.LIT: KIND_LIT, VenueKind.DARK: KIND_DARK, VenueKind.AUCTION: KIND_AUCTION}
