"""One name over its sessions, met by our orders in the order in which things arrive.

The engine only moves forward, to a time or to the first news of ours, whichever is earlier. Where it stops has no
influence on what happens, so a market asked a thousand times a minute equals one asked once a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

import numpy as np

from sottovoce.adapters.queues import places
from sottovoce.adapters.queues.calibration import Measured, profile_of
from sottovoce.adapters.queues.closing import closing_interest
from sottovoce.adapters.queues.feed import describe
from sottovoce.adapters.queues.floor import Floor
from sottovoce.adapters.queues.opening import Opened, open_session
from sottovoce.adapters.queues.playing import Player
from sottovoce.adapters.queues.pool import DarkPool
from sottovoce.adapters.queues.recorder import Recorder
from sottovoce.adapters.queues.weather import overnight_gap
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import ExecType, VenueKind
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketState
from sottovoce.core.orders import Route
from sottovoce.core.ports import Outbound, Session, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import RouteReplaceRequested
from sottovoce.core.units import NEVER_NS
from sottovoce.models import venue_entry
from sottovoce.models.compiling import Kernel
from sottovoce.models.happenings import MarketEvent, TradingHalt, between, concerning, halts, moved
from sottovoce.models.venue_orders import VenueOrders


class Engine:
    """The market of one instrument over a list of sessions."""

    def __init__(
        self,
        instrument: Instrument,
        sessions: Sequence[Session],
        seed: int,
        venues: Mapping[str, VenueFacts],
        *,
        events: Sequence[MarketEvent] = (),
        measured: Measured | None = None,
        kernels: dict[str, Kernel] | None = None,
        quote_interval_ns: int = 0,
        sessions_kept: int | None = None,
    ) -> None:
        self.now_ns = 0
        self.orders = VenueOrders({facts.venue: facts.latency_ns for facts in venues.values()})
        self._instrument = instrument
        self._sessions = sessions
        self._seed = seed
        self._venues = venues
        self._events = concerning(events, instrument.instrument_id)
        self._measured = measured
        self._kernels = kernels
        self._quote_interval_ns = quote_interval_ns
        profile = self._profile = profile_of(instrument, sessions[0].date, measured=measured)
        self._px = profile.start_ticks * profile.tick
        self.recorder = Recorder(instrument.instrument_id, round(profile.start_ticks) * profile.tick, sessions_kept)
        self._remembered = [0.0] * (places.MEMORIES + places.EXPECTATIONS)
        self._inbox: list[tuple[int, int, Outbound]] = []
        self._sent = self._past_events = 0
        self._number = -1
        self._session: Session | None = None
        self._opened: Opened | None = None
        self._floor: Floor | None = None
        self._state: MarketState | None = None

    @property
    def busy(self) -> bool:
        """Whether news of ours can come of running on."""
        return bool(self._inbox) or (self._floor is not None and self._floor.busy)

    def take(self, message: Outbound, at_ns: int) -> None:
        """Let a message arrive after its venue's latency, never in the past."""
        facts = self._venues.get(venue_entry.addressee(message)[0])
        arrival = at_ns + (0 if facts is None else facts.latency_ns)
        self._sent += 1
        heappush(self._inbox, (max(arrival, self.now_ns), self._sent, message))

    def run(self, until_ns: int) -> None:
        """Move to until_ns, or to the first time something of ours is news."""
        while not self.orders.news:
            due = self._next_due()
            floor = self._floor
            if floor is not None and self._session is not None and floor.player.run(min(until_ns, due)):
                self.now_ns = int(floor.board.ints[places.I_NOW])
                floor.collect_fills(self.now_ns)
                return
            if due > until_ns:
                self.now_ns = max(self.now_ns, until_ns)
                return
            self.now_ns = due
            self._happen(due)

    def collect(self) -> list[tuple[int, VenueMessage]]:
        """Hand over the news since the last time, in order of arrival."""
        news = sorted(self.orders.news, key=lambda item: item[0])
        self.orders.news.clear()
        return news

    def next_ns(self) -> int:
        """When something happens next."""
        due = self._next_due()
        return due if self._session is None or self._floor is None else min(due, self._floor.player.next_ns())

    def state(self) -> MarketState:
        """The feed's last word; the same object until something changed."""
        self._catch_up()
        seq = self._past_events + self._sent
        if self._session is not None and self._floor is not None:
            seq += self._floor.player.events + self._floor.pool.arrived
        quoted_ns = self.now_ns if self._session is not None else self._closed_ns(self._number + 1)
        state = self._state
        if state is None or state.seq != seq or state.quoted_ns != quoted_ns:
            state = describe(self._floor, self.recorder, self._venues.values(), seq, quoted_ns, self._phase())
            self._state = state
        return state

    def recording(self) -> Recorder:
        """What was printed and quoted until now."""
        self._catch_up()
        return self.recorder

    def _catch_up(self) -> None:
        """Print the background's dark trades up to now, which wait until somebody looks."""
        if self._session is not None and self._floor is not None and self._floor.pool.next_ns() == NEVER_NS:
            self._floor.pass_dark(self.now_ns)

    def _phase(self) -> str:
        if self._session is None:
            return "closed"
        return "open" if self._halt(self.now_ns) is None else "halted"

    def _next_due(self) -> int:
        """When the clock, the dark pool or a message of ours wants attention next."""
        due = self._inbox[0][0] if self._inbox else NEVER_NS
        if self._session is None or self._floor is None:
            return min(due, self._next_open())
        return min(due, self._session.close_ns, self._floor.pool.next_ns())

    def _next_open(self) -> int:
        following = self._number + 1
        return self._sessions[following].open_ns if following < len(self._sessions) else NEVER_NS

    def _closed_ns(self, before: int) -> int:
        """When the session before a number closed, 0 before the first."""
        return self._sessions[before - 1].close_ns if before > 0 else 0

    def _happen(self, at_ns: int) -> None:
        """One thing that is due: the clock first, then the background, then our messages."""
        if self._session is None and at_ns >= self._next_open():
            self._open()
        elif self._session is not None and at_ns >= self._session.close_ns:
            self._close()
        elif self._session is not None and self._floor is not None and self._floor.pool.next_ns() <= at_ns:
            self._floor.meet_hidden()
        else:
            self._admit(heappop(self._inbox)[2], at_ns)

    def _open(self) -> None:
        self._number += 1
        number, seed = self._number, self._seed
        session = self._session = self._sessions[number]
        profile = profile_of(self._instrument, session.date, self._px, self._measured)
        fresh = between(self._events, self._closed_ns(number), session.close_ns)
        scheduled = moved(between(fresh, 0, session.open_ns), np.array([session.open_ns]))
        gap = profile.sigma * overnight_gap(profile, seed, number) + float(np.expm1(scheduled[0]))
        self._profile = profile = profile_of(self._instrument, session.date, self._px * (1.0 + gap), self._measured)
        opened = self._opened = open_session(
            profile,
            session,
            seed,
            number,
            fresh,
            self._remembered,
            arrays=self._kernels is not None,
            quote_interval_ns=self._quote_interval_ns,
        )
        player = Player(opened.board, opened.draws, self._kernels)
        pool = DarkPool(profile, session, opened.weather, seed, number)
        names = tuple(facts.venue for facts in self._venues.values() if facts.kind is VenueKind.LIT)
        self._floor = Floor(profile, player, pool, self.orders, self.recorder, names)
        self.recorder.follow(player, profile.tick)

    def _close(self) -> None:
        session, floor, opened = self._session, self._floor, self._opened
        assert session is not None, "no session to close"
        assert floor is not None, "no floor to close"
        assert opened is not None, "no session was opened"
        floor.pass_dark(session.close_ns)
        floor.expire(session.close_ns)
        reals = floor.board.reals
        reference = opened.closing_fair + self._profile.sigma_steps * float(reals[places.R_IMPACT])
        floor.hold_auction(session.close_ns, closing_interest(self._profile, reference, self._seed, self._number))
        self._remembered = [float(value) for value in reals[places.R_MEMORY :]]
        self._px = opened.closing_fair * self._profile.grid * self._profile.tick
        self._past_events += floor.player.events + floor.pool.arrived + 1
        self.recorder.finish()
        floor.player.release()
        self._session = self._opened = None

    def _admit(self, message: Outbound, at_ns: int) -> None:
        """A message of ours arrives at its venue."""
        if isinstance(message, ChildRouted):
            self._admit_order(message.route, at_ns)
        elif isinstance(message, RouteCancelRequested):
            self._admit_cancel(message.route, at_ns)
        elif isinstance(message, RouteReplaceRequested):
            self._admit_replace(message, at_ns)
        else:
            self.orders.answer(message, at_ns)

    def _admit_order(self, route: Route, at_ns: int) -> None:
        if venue_entry.same_order(self.orders.find(route.cl_ord_id), route):
            return
        facts = self._venues.get(route.venue)
        fault = self._fault(route, facts, at_ns)
        order = self.orders.register(route)
        if fault or facts is None or self._floor is None:
            self.orders.close(order, ExecType.REJECTED, at_ns, fault)
        else:
            self._floor.enter(order, facts, at_ns)

    def _fault(self, route: Route, facts: VenueFacts | None, at_ns: int) -> str:
        """Why an order is not taken, "" when it is."""
        tick = 1 if self._floor is None else self._profile.tick
        fault = venue_entry.order_fault(route, facts, self._session, tick, at_ns)
        if fault or facts is None:
            return fault
        halt = self._halt(at_ns)
        if halt is not None and facts.kind is not VenueKind.AUCTION:
            return f"trading is halted for another {(halt.end_ns - at_ns) / 1e9:.0f} s"
        return ""

    def _halt(self, at_ns: int) -> TradingHalt | None:
        """The halt in force at a time."""
        return next((halt for halt in halts(self._events) if halt.at_ns <= at_ns < halt.end_ns), None)

    def _admit_replace(self, message: RouteReplaceRequested, at_ns: int) -> None:
        order, facts = self.orders.find(message.route.cl_ord_id), self._venues.get(message.route.venue)
        tick = 1 if self._floor is None else self._profile.tick
        fault = venue_entry.replace_fault(order, message, facts, self._session, tick, at_ns)
        if fault or order is None or facts is None or self._floor is None:
            self.orders.refuse_replace(message, order, at_ns, fault)
            return
        heir = self.orders.succeed(order, message)
        self._floor.cancel(order, ExecType.CANCELED, at_ns)
        self._floor.enter(heir, facts, at_ns)

    def _admit_cancel(self, route: Route, at_ns: int) -> None:
        order = self.orders.find(route.cl_ord_id)
        fault = venue_entry.cancel_fault(order, self._venues.get(route.venue), self._session, at_ns)
        if fault or order is None or self._floor is None:
            self.orders.refuse_cancel(route, order, at_ns, fault)
        else:
            self._floor.cancel(order, ExecType.CANCELED, at_ns)
