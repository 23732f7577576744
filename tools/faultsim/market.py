"""The simulated market behind the Market port: feed, venues, and the lines between them and the desk.

Everything that will happen stands on one heap in order of time. Cancels race fills, answers come late, twice or out of
order, a line falls silent or goes down and comes back; what was said on it is delivered again when it does.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from random import Random
from typing import cast

import numpy as np

from sottovoce.core.commands import CancelReject, ExecutionReport, VenueMessage
from sottovoce.core.enums import ExecType
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import MassStatusEnd, SessionStatus
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested
from sottovoce.core.units import NS_PER_SECOND
from tools.faultsim.desk import VENUES, Weekdays
from tools.faultsim.disk import PowerLoss
from tools.faultsim.exchange import Exchange, HeldOrder
from tools.faultsim.faults import Faults
from tools.faultsim.line import Line
from tools.faultsim.quotes import Feed
from tools.faultsim.venue_life import VenueLife

MS = 1_000_000


class SimulatedMarket:
    """Two names, four venues and their lines.

    flying: ClOrdIDs that left, with the logon they left on; doubles: those that left a second time although the venue
    had them or was about to.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self._faults = faults
        self._dice = Random(f"{seed} market")
        self.feed = Feed(faults, Random(f"{seed} feed"))
        self.lines = {facts.venue: Line() for facts in VENUES}
        self.exchange = Exchange(self._say, Random(f"{seed} exchange"))
        self._life = VenueLife(self.exchange, self.feed, faults, Random(f"{seed} venues"), self._later)
        self._latency_ns = {facts.venue: facts.latency_ns for facts in VENUES}
        self._heap: list[tuple[int, int, str, object]] = []
        self._count = 0
        self.now_ns = 0
        self.flying: dict[str, int] = {}
        self.doubles: list[str] = []
        self.calm = False

    # the port --------------------------------------------------------------------------------------------

    def venues(self) -> Sequence[VenueFacts]:
        """Facts of the venues, in MIC order."""
        return VENUES

    def states(self) -> Mapping[str, MarketState]:
        """The feed's last word per instrument."""
        return self.feed.states(self.now_ns)

    def tape(self, instrument_id: str) -> Tape:
        """An empty tape: nobody looks at it here."""
        none = np.zeros(0, dtype=np.int64)
        return Tape(
            instrument_id=instrument_id, quote_ns=none, bid=none, ask=none, trade_ns=none, trade_px=none,
            trade_qty=none, trade_own=none, trade_kind=none,
        )  # fmt: skip

    def send(self, message: Outbound, at_ns: int) -> None:
        """Take what leaves; the power may go before or after it has left."""
        chance = self._dice.random()
        if chance < self._faults.crashes / 2 and not self.calm:
            raise PowerLoss
        self._leave(message, max(at_ns, self.now_ns))
        if chance < self._faults.crashes and not self.calm:
            raise PowerLoss

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """Let things happen up to until_ns, or to the first words that reach the desk."""
        heap = self._heap
        while heap and heap[0][0] <= until_ns:
            at_ns, _, kind, what = heapq.heappop(heap)
            self.now_ns = max(self.now_ns, at_ns)
            if kind == "deliver":
                return [(self.now_ns, cast(VenueMessage, what))]
            self._happen(kind, what)
        self.now_ns = max(self.now_ns, until_ns)
        return []

    # what leaves -----------------------------------------------------------------------------------------

    def _leave(self, message: Outbound, at_ns: int) -> None:
        venue = message.venue if isinstance(message, MassStatusRequested) else message.route.venue
        line = self.lines[venue]
        if not line.up:
            return  # lost on the line
        arrival_ns = at_ns + self._latency_ns[venue] + self._dice.randint(0, MS)
        if isinstance(message, ChildRouted):
            name = message.route.cl_ord_id
            if name in self.exchange.orders or self.flying.get(name) == line.logons:
                self.doubles.append(name)
            self.flying[name] = line.logons
            if not self.calm and self._dice.random() < self._faults.orders_late:
                arrival_ns += self._dice.randint(1, 20) * NS_PER_SECOND
        self._later(arrival_ns, "arrive", (line.logons, venue, message))

    def _happen(self, kind: str, what: object) -> None:
        if kind == "arrive":
            self._arrive(what)
        elif kind == "live":
            assert isinstance(what, HeldOrder)
            self._life.live(what, self.now_ns)
        elif kind == "late fill":
            assert isinstance(what, HeldOrder)
            self._life.late_fill(what, self.now_ns)
        elif kind == "up":
            assert isinstance(what, str)
            self._restore(what)

    def _arrive(self, what: object) -> None:
        """A message reaches its venue, unless it was on a line that went down meanwhile."""
        assert isinstance(what, tuple)
        logons, venue, message = what
        if logons != self.lines[venue].logons:
            return
        if isinstance(message, ChildRouted):
            if message.route.cl_ord_id not in self.exchange.orders:
                self._life.arrive(message.route, self.now_ns)
        elif isinstance(message, RouteCancelRequested):
            self._life.cancel(message.route, self.now_ns)
        elif isinstance(message, RouteReplaceRequested):
            self._life.replace(message, self.now_ns)
        elif isinstance(message, StatusRequested):
            self._answer_status(message.route, message.request_id)
        elif isinstance(message, MassStatusRequested):
            self._answer_mass_status(message)
        else:
            raise AssertionError(f"the simulated venues do not know {type(message).__name__}")

    def _answer_status(self, route: Route, request_id: str) -> None:
        order = self.exchange.orders.get(route.cl_ord_id)
        self._say(self.now_ns, self.exchange.status(route, order, f"{route.cl_ord_id}-{request_id}", self.now_ns))

    def _answer_mass_status(self, message: MassStatusRequested) -> None:
        told = 0
        for name, order in self.exchange.orders.items():
            route = order.route
            there = (route.venue, route.instrument_id) == (message.venue, message.instrument_id)
            if there and order.live and name == route.cl_ord_id:
                told += 1
                self._answer_status(route, message.request_id)
        end = MassStatusEnd(
            venue=message.venue, instrument_id=message.instrument_id, request_id=message.request_id, reports=told,
            transact_ns=self.now_ns,
        )  # fmt: skip
        self._say(self.now_ns, end)

    # what is said ----------------------------------------------------------------------------------------

    def _later(self, at_ns: int, kind: str, what: object) -> None:
        self._count += 1
        heapq.heappush(self._heap, (at_ns, self._count, kind, what))

    def _say(self, at_ns: int, message: VenueMessage) -> None:
        """Put a venue's words on its line."""
        dice, faults, line = self._dice, self._faults, self.lines[message.venue]
        arrival_ns = at_ns + self._latency_ns[message.venue]
        if self.calm:
            self._later(max(arrival_ns, line.silent_until), "deliver", message)
            return
        chance = dice.random()
        if chance < faults.silences:
            line.silent_until = max(line.silent_until, at_ns + dice.randint(5, 60) * NS_PER_SECOND)
        elif chance < faults.silences + faults.disconnects and line.up:
            self._cut(message.venue, at_ns)
        if not line.up:
            line.held.append(message)
            return
        late = isinstance(message, ExecutionReport) and message.exec_type is ExecType.NEW
        if late and dice.random() < faults.acks_late:
            arrival_ns += dice.randint(1, 30) * NS_PER_SECOND
        if isinstance(message, ExecutionReport | CancelReject) and dice.random() < faults.shuffles:
            arrival_ns += dice.randint(1, 2_000) * MS
        arrival_ns = max(arrival_ns, line.silent_until)
        self._later(arrival_ns, "deliver", message)
        while dice.random() < faults.repeats:
            self._later(arrival_ns + dice.randint(1, 60_000) * MS, "deliver", message)

    def _cut(self, venue: str, at_ns: int) -> None:
        """A line goes down: what is on its way to the venue is lost."""
        line = self.lines[venue]
        line.up = False
        line.logons += 1
        self._tell_line(venue, False, at_ns)
        self._later(at_ns + self._dice.randint(2, 30) * NS_PER_SECOND, "up", venue)

    def _restore(self, venue: str) -> None:
        """The line comes back: what was said meanwhile is delivered, and that the sequence numbers are settled."""
        line = self.lines[venue]
        line.up = True
        self.redeliver(line.held, self.now_ns)
        line.held = []
        self._tell_line(venue, True, self.now_ns + 2 * MS)

    def log_on(self, at_ns: int) -> None:
        """The desk's process has been started: every line that was up is cut off and comes up anew."""
        for venue, line in self.lines.items():
            if line.up:
                line.up = False
                line.logons += 1
                self._later(at_ns + self._dice.randint(10, 3_000) * MS, "up", venue)

    def _tell_line(self, venue: str, up: bool, at_ns: int) -> None:
        self._later(at_ns, "deliver", SessionStatus(venue=venue, up=up, text="the line is " + ("up" if up else "down")))

    def redeliver(self, messages: Sequence[VenueMessage], at_ns: int) -> None:
        """Deliver again what the desk may not have heard, in the order it was said."""
        for message in messages:
            self._later(at_ns + MS, "deliver", message)

    # the end ---------------------------------------------------------------------------------------------

    def calm_down(self) -> None:
        """From here on nothing goes wrong any more: lines come up, venues and feed behave."""
        self.calm = self.feed.calm = self._life.calm = True
        for venue, line in self.lines.items():
            if not line.up:
                self._restore(venue)

    def close_ns(self) -> int:
        """The end of the session the market is in."""
        return Weekdays().session_at(self.now_ns).close_ns
