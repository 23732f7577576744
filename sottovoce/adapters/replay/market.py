"""Order-by-order feeds as a market: real orders come and go, and ours wait among them without moving them.

What fills, stated once (queue rules in waiting.py, what is refused in policy.py):
* An order that can trade on arrival takes real displayed orders, best price first, each in its turn and at its price,
  as deep as its limit goes. What we took is not there again for us, though the feed still has it.
* A resting order stands behind the real orders displayed at its price when it came, and moves up as they are
  executed, canceled or replaced: its place is known exactly.
* An order of ours never trades with another of ours: an order that would is stopped short of it, and its rest canceled.
Real participants do not react to us, which is the assumption of every replay: a large order looks cheaper here than
it is, and orders we took from live on in the feed. News of one moment is taken as feed, then our messages, then ends.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence

from sottovoce.adapters.replay.bounds import FillBounds
from sottovoce.adapters.replay.instrument_replay import InstrumentReplay, ReplayFeed
from sottovoce.adapters.replay.policy import XNAS, may_rest, replay_fault
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, TimeInForce
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Session, Tape, VenueFacts
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested
from sottovoce.models.venue_entry import addressee, cancel_fault, order_fault, replace_fault, same_order
from sottovoce.models.venue_orders import VenueOrder, VenueOrders


class OrderReplayMarket:
    """One venue's feeds of one or more instruments, over one or more sessions, behind the Market port."""

    def __init__(self, feeds: Sequence[ReplayFeed], sessions: Sequence[Session], facts: VenueFacts = XNAS) -> None:
        if not feeds or not sessions:
            raise ConfigError("A replay needs at least one feed and one session.", code="replay_empty")
        self._facts = facts
        self._sessions = tuple(sessions)
        self._replays = {feed.instrument.instrument_id: InstrumentReplay(feed, facts) for feed in feeds}
        self._orders = VenueOrders({facts.venue: facts.latency_ns})
        self._inbox: list[tuple[int, int, Outbound]] = []
        self._sent = 0
        self._now_ns = 0
        self._bounds = FillBounds()

    # the port -------------------------------------------------------------------------------------------------------

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the one venue."""
        return (self._facts,)

    def send(self, message: Outbound, at_ns: int) -> None:
        """Take an order or a cancel that left us at at_ns; it arrives after the venue's latency."""
        known = addressee(message)[0] == self._facts.venue
        arrives_ns = max(at_ns + (self._facts.latency_ns if known else 0), self._now_ns)
        self._sent += 1
        heapq.heappush(self._inbox, (arrives_ns, self._sent, message))

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Let the feeds run to until_ns, or to the first moment with news for us."""
        while not self._orders.news and self._next_moment(until_ns):
            pass
        if not self._orders.news:
            self._now_ns = max(self._now_ns, until_ns)
        news = list(self._orders.news)
        self._orders.news.clear()
        return news

    def states(self) -> Mapping[str, MarketState]:
        """The feeds' last word at the market's time; sizes are less what we have taken of them, and without ours."""
        closed = self._session_at(self._now_ns) is None
        return {name: replay.state(closed=closed) for name, replay in self._replays.items()}

    def tape(self, instrument_id: str) -> Tape:
        """Touches and prints so far, ours among them marked own. Raises NotFound, replay_instrument."""
        return self._replay(instrument_id).record.tape(instrument_id)

    # beyond the port ------------------------------------------------------------------------------------------------

    def fill_bounds(self) -> FillBounds:
        """What rested so far, and what of it fills under the touch, queue and trade-through rules."""
        bounds = self._bounds
        for replay in self._replays.values():
            for waiting in replay.waiting:
                bounds = bounds.plus(waiting)
        return bounds

    def queue_before(self, cl_ord_id: str) -> tuple[tuple[int, int], ...]:
        """The real orders before a resting order of ours, first in the queue first: (id in the feed, shares left).

        Raises: NotFound, replay_order_not_resting.
        """
        for replay in self._replays.values():
            waiting = replay.waiting.find(cl_ord_id)
            if waiting is not None:
                return tuple((real.order_id, real.left) for real in replay.waiting.before(waiting))
        raise NotFound(f"No order {cl_ord_id} rests in this replay.", code="replay_order_not_resting")

    # time -----------------------------------------------------------------------------------------------------------

    def _next_moment(self, until_ns: int) -> bool:
        """Let the next thing up to until_ns happen, news or not; False when there is none."""
        sent_ns = self._inbox[0][0] if self._inbox else until_ns + 1
        end_ns = self._end_ns(until_ns + 1)
        stop_ns = min(until_ns, sent_ns, end_ns)
        if self._run_feeds(stop_ns):
            return True
        if min(sent_ns, end_ns) > until_ns:
            return False
        self._now_ns = max(self._now_ns, stop_ns)
        if sent_ns <= end_ns:
            self._receive(heapq.heappop(self._inbox)[2], stop_ns)
        else:
            self._close(stop_ns)
        return True

    def _run_feeds(self, until_ns: int) -> bool:
        """Run the feed that is next, no further than the others' next event or until_ns; False when none is due."""
        replays = list(self._replays.values())
        first = min(replays, key=lambda replay: replay.next_ns)
        if first.next_ns > until_ns:
            return False
        others = (replay.next_ns for replay in replays if replay is not first)
        fills = first.run(min(until_ns, *others) if len(replays) > 1 else until_ns)
        self._now_ns = max(self._now_ns, first.now_ns)
        for waiting, qty in fills:
            self._orders.fill(waiting.order, first.now_ns, qty, waiting.px, LastLiquidityInd.ADDED)
            first.record.print(first.now_ns, waiting.px, qty, own=1, side=-waiting.side)
            if not waiting.order.leaves_qty:
                self._forget(first, waiting.order)
        return True

    def _session_at(self, ns: int) -> Session | None:
        return next((session for session in self._sessions if session.open_ns <= ns < session.close_ns), None)

    def _end_ns(self, default_ns: int) -> int:
        """When the orders that rest now end, default_ns when none does. They came in a session, and end with it."""
        if not any(replay.busy for replay in self._replays.values()):
            return default_ns
        return next((each.close_ns for each in self._sessions if each.close_ns >= self._now_ns), default_ns)

    def _close(self, at_ns: int) -> None:
        for replay in self._replays.values():
            for waiting in list(replay.waiting):
                self._orders.close(waiting.order, ExecType.EXPIRED, at_ns, "end of the session")
                self._forget(replay, waiting.order)

    # orders ---------------------------------------------------------------------------------------------------------

    def _receive(self, message: Outbound, at_ns: int) -> None:
        if isinstance(message, StatusRequested | MassStatusRequested):
            self._orders.answer(message, at_ns)
            return
        route = message.route
        order = self._orders.find(route.cl_ord_id)
        if isinstance(message, RouteReplaceRequested):
            self._change(message, order, at_ns)
            return
        if not isinstance(message, RouteCancelRequested):
            if not same_order(order, route):
                self._accept(route, at_ns)
            return
        text = cancel_fault(order, self._facts, self._session_at(at_ns), at_ns)
        if text or order is None:
            self._orders.refuse_cancel(route, order, at_ns, text)
            return
        self._orders.close(order, ExecType.CANCELED, at_ns)
        self._forget(self._replays[route.instrument_id], order)

    def _accept(self, route: Route, at_ns: int) -> None:
        order = self._orders.register(route)
        replay = self._replays.get(route.instrument_id)
        text = self._refusal(route, replay, at_ns)
        if text or replay is None:
            self._orders.close(order, ExecType.REJECTED, at_ns, text)
            return
        self._admit(order, replay, at_ns)

    def _change(self, message: RouteReplaceRequested, order: VenueOrder | None, at_ns: int) -> None:
        """The order leaves its queue and comes back as asked, last at its price."""
        replay, session = self._replays.get(message.route.instrument_id), self._session_at(at_ns)
        tick = 1 if replay is None or session is None else replay.tick(message.price, session.date)
        text = replace_fault(order, message, self._facts, session, tick, at_ns)
        if text or order is None or replay is None:
            self._orders.refuse_replace(message, order, at_ns, text)
            return
        heir = self._orders.succeed(order, message)
        self._orders.close(order, ExecType.CANCELED, at_ns)
        self._forget(replay, order)
        self._admit(heir, replay, at_ns)

    def _admit(self, order: VenueOrder, replay: InstrumentReplay, at_ns: int) -> None:
        route = order.route
        self._orders.acknowledge(order, at_ns)
        text = self._trade_on_arrival(order, replay, at_ns)
        if order.leaves_qty and (text or not may_rest(route)):
            self._orders.close(order, ExecType.CANCELED, at_ns, text or "nothing more to trade with on arrival")
        elif order.leaves_qty:
            replay.rest(order)

    def _refusal(self, route: Route, replay: InstrumentReplay | None, at_ns: int) -> str:
        session = self._session_at(at_ns)
        if replay is None:
            return f"{route.instrument_id} does not trade in this replay"
        facts = self._facts if route.venue == self._facts.venue else None
        tick = replay.tick(route.price, session.date) if session else 1
        return order_fault(route, facts, session, tick, at_ns) or replay_fault(route, halted=replay.halted)

    def _trade_on_arrival(self, order: VenueOrder, replay: InstrumentReplay, at_ns: int) -> str:
        """Take what may be taken; returns why the rest must not stay, "" when it may."""
        route = order.route
        limit = 0 if route.ord_type is OrdType.MARKET else route.price
        limit, wall = replay.limit_short_of_ours(route.side.sign, limit)
        offers = replay.offers(route.side.sign, limit, route.qty)
        found = sum(qty for _, qty in offers)
        if route.post_only and (found or wall):
            return "would take liquidity"
        least = route.qty if route.time_in_force is TimeInForce.FILL_OR_KILL else min(route.min_qty, route.qty)
        if found >= least:
            for real, qty in offers:
                replay.take(real, qty, at_ns)
                self._orders.fill(order, at_ns, qty, real.px, LastLiquidityInd.REMOVED)
                replay.record.print(at_ns, real.px, qty, own=1, side=route.side.sign)
        return "would trade with your own order" if wall else ""

    def _forget(self, replay: InstrumentReplay, order: VenueOrder) -> None:
        """Take a finished order out of the market, counting it in the bounds if it rested."""
        waiting = replay.waiting.find(order.route.cl_ord_id)
        if waiting is not None:
            replay.waiting.remove(waiting)
            self._bounds = self._bounds.plus(waiting)

    def _replay(self, instrument_id: str) -> InstrumentReplay:
        replay = self._replays.get(instrument_id)
        if replay is None:
            raise NotFound(f"{instrument_id} is not in this replay.", code="replay_instrument")
        return replay
