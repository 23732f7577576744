"""A street whose every answer is a function of a seed and the route's id: the same route gets the same answers
whoever sends it, whenever the others act. It never takes back what it has said it will say.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable, Mapping, Sequence

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from tests.scenarios.small_desk import OPEN_NS, VENUES, states_at

LATENCY_NS = 500_000
SECOND_NS = 1_000_000_000


class _Answered:
    """What a route was promised: when its last trade comes, how much trades in all, and the dice for the rest."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.over_ns = 0
        self.filled = 0
        self.closed = False
        self.said = 0


class ScriptedMarket:
    """The Market port over states_at and scripted venues."""

    def __init__(self, seed: int, states: Callable[[int], Mapping[str, MarketState]] = states_at) -> None:
        self._seed = seed
        self._states = states
        self._now_ns = OPEN_NS
        self._news: list[tuple[int, str, VenueMessage]] = []
        self._answered: dict[str, _Answered] = {}
        self.orders_sent = 0

    def venues(self) -> Sequence[VenueFacts]:
        return VENUES

    def states(self) -> Mapping[str, MarketState]:
        return self._states(self._now_ns)

    def tape(self, instrument_id: str) -> Tape:
        raise AssertionError("nobody asks the scripted street for its tape")

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Run up to a time, or to the first news if that is earlier."""
        if not self._news or self._news[0][0] > until_ns:
            self._now_ns = max(self._now_ns, until_ns)
            return []
        arrival_ns, _, message = heapq.heappop(self._news)
        self._now_ns = max(self._now_ns, arrival_ns)
        return [(arrival_ns, message)]

    def send(self, message: Outbound, at_ns: int) -> None:
        """Decide every answer now; questions stay unanswered, since nothing is ever lost here."""
        if isinstance(message, ChildRouted):
            self._order(message.route, at_ns + LATENCY_NS)
        elif isinstance(message, RouteCancelRequested):
            self._cancel(message, at_ns + LATENCY_NS)
        elif isinstance(message, RouteReplaceRequested):
            self._refuse(message, at_ns + LATENCY_NS)

    def _order(self, route: Route, at_ns: int) -> None:
        assert route.cl_ord_id not in self._answered, f"{route.cl_ord_id} was sent twice"
        self.orders_sent += 1
        answered = self._answered[route.cl_ord_id] = _Answered(random.Random(f"{self._seed}:{route.route_id}"))
        dice, answered.over_ns = answered.dice, at_ns
        fate = dice.random()
        if fate < 0.06:
            answered.closed = True
            self._say(route, answered, ExecType.REJECTED, at_ns)
            return
        self._say(route, answered, ExecType.NEW, at_ns)
        for _ in range(dice.randrange(4)):
            at_ns += int(SECOND_NS * dice.expovariate(0.2))
            self._trade(route, answered, dice.randrange(1, route.qty + 1), at_ns)
        if fate > 0.94 and answered.filled < route.qty:
            answered.closed = True
            self._say(route, answered, ExecType.EXPIRED, answered.over_ns + LATENCY_NS)

    def _trade(self, route: Route, answered: _Answered, qty: int, at_ns: int) -> None:
        qty = min(qty, route.qty - answered.filled)
        if qty > 0:
            answered.filled += qty
            answered.over_ns = at_ns
            self._say(route, answered, ExecType.TRADE, at_ns, qty)

    def _refuse(self, message: RouteReplaceRequested, at_ns: int) -> None:
        """This street changes no orders."""
        route = message.route
        reject = CancelReject(
            parent_id=route.parent_id, venue=route.venue, cl_ord_id=message.new_cl_ord_id,
            exec_id=f"{message.new_cl_ord_id}!no", ord_status=OrdStatus.NEW, transact_ns=at_ns, text="no replaces here",
        )  # fmt: skip
        heapq.heappush(self._news, (at_ns, reject.exec_id, reject))

    def _cancel(self, message: RouteCancelRequested, at_ns: int) -> None:
        """Canceled once what was promised has traded; too late when that was all. Sometimes one more trade comes."""
        route = message.route
        answered = self._answered[route.cl_ord_id]
        at_ns = max(at_ns, answered.over_ns + LATENCY_NS)
        if answered.closed or answered.filled == route.qty:
            answered.said += 1
            reject = CancelReject(
                parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id,
                exec_id=f"{route.route_id}!{answered.said}", ord_status=OrdStatus.FILLED, transact_ns=at_ns,
                text="too late to cancel",
            )  # fmt: skip
            heapq.heappush(self._news, (at_ns, f"{route.route_id}!{answered.said:06}", reject))
            return
        answered.closed = True
        self._say(route, answered, ExecType.CANCELED, at_ns)
        if answered.dice.random() < 0.05:
            self._trade(route, answered, answered.dice.randrange(1, route.qty + 1), at_ns + SECOND_NS)

    def _say(self, route: Route, answered: _Answered, kind: ExecType, at_ns: int, qty: int = 0) -> None:
        answered.said += 1
        trade = kind is ExecType.TRADE
        report = ExecutionReport(
            parent_id=route.parent_id, venue=route.venue, cl_ord_id=route.cl_ord_id,
            exec_id=f"{route.route_id}!{answered.said}", exec_type=kind, ord_status=OrdStatus.NEW,
            cum_qty=answered.filled, leaves_qty=route.qty - answered.filled, transact_ns=at_ns, last_qty=qty,
            last_px=route.price if trade else 0, liquidity=LastLiquidityInd.ADDED if trade else None,
        )  # fmt: skip
        heapq.heappush(self._news, (at_ns, f"{route.route_id}!{answered.said:06}", report))
