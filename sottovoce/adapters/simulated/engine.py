"""One simulated name over its sessions, met by our orders in the order in which things arrive.

The engine only moves forward, to a time or to the first news of ours, whichever is earlier. Where it stops
has no influence on what happens, so a market asked a thousand times a minute equals one asked once a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from heapq import heappop, heappush

import numpy as np

from sottovoce.adapters.simulated import streams
from sottovoce.adapters.simulated.auctions import Auctions
from sottovoce.adapters.simulated.background import Background
from sottovoce.adapters.simulated.day import Day
from sottovoce.adapters.simulated.entrance import Entrance, Moment
from sottovoce.adapters.simulated.feed import describe
from sottovoce.adapters.simulated.floor import Floor
from sottovoce.adapters.simulated.fundamental import opening_move, still_felt
from sottovoce.adapters.simulated.hidden import HiddenVenues
from sottovoce.adapters.simulated.latent import latent_book
from sottovoce.adapters.simulated.makers import Makers
from sottovoce.adapters.simulated.pace import pace_of
from sottovoce.adapters.simulated.profile import Calibration, Profile, profile_of
from sottovoce.adapters.simulated.quoting import LitVenues
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.adapters.simulated.toxic import NOBODY, Toxic, Toxicity
from sottovoce.adapters.simulated.venues import venue_shares
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import VenueKind
from sottovoce.core.instrument import Instrument, lot_at
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Session, VenueFacts
from sottovoce.core.units import NEVER_NS
from sottovoce.models.happenings import MarketEvent, concerning
from sottovoce.models.matching.dark_facts import CROSS_RULES
from sottovoce.models.matching.dark_rules import RULE_BOOKS
from sottovoce.models.venue_entry import addressee
from sottovoce.models.venue_orders import VenueOrders


class Engine:
    """The market of one instrument over a list of sessions."""

    def __init__(
        self,
        instrument: Instrument,
        sessions: Sequence[Session],
        seed: int,
        venues: Mapping[str, VenueFacts],
        events: Sequence[MarketEvent] = (),
        *,
        tape: TapeRecorder,
        toxic: Toxicity = NOBODY,
        measured: Calibration | None = None,
    ) -> None:
        self.now_ns = 0
        self.tape = tape
        self.orders = VenueOrders({facts.venue: facts.latency_ns for facts in venues.values()})
        self._instrument = instrument
        self._sessions = sessions
        self._seed = seed
        self._events = concerning(events, instrument.instrument_id)
        self._venues = venues
        self._toxic = toxic
        self._measured = measured
        self._noise = streams.display_noise(seed, instrument.instrument_id)
        self._shares = venue_shares([facts.venue for facts in venues.values() if facts.kind is VenueKind.LIT])
        profile = profile_of(instrument, sessions[0].date, measured=measured)
        self._px = profile.start_ticks * profile.tick
        self.tape.last_px = round(profile.start_ticks) * profile.tick
        self._makers = Makers(latent_book(profile.trades))
        self._inbox: list[tuple[int, int, Outbound]] = []
        self._sent = self._changes = 0
        self._number = -1
        self._day: Day | None = None
        self._floor: Floor | None = None
        self._auctions = self._next_auctions(profile)
        self._entrance = Entrance(self.orders, venues)
        self._state: MarketState | None = None

    @property
    def busy(self) -> bool:
        """Whether news of ours can come of running on."""
        trading = self._floor is not None and self._floor.busy
        return bool(self._inbox) or trading or (self._auctions is not None and self._auctions.busy)

    def take(self, message: Outbound, at_ns: int) -> None:
        """Let a message arrive after its venue's latency, never in the past."""
        facts = self._venues.get(addressee(message)[0])
        arrival = at_ns + (0 if facts is None else facts.latency_ns)
        self._sent += 1
        heappush(self._inbox, (max(arrival, self.now_ns), self._sent, message))

    def run(self, until_ns: int) -> None:
        """Move to until_ns, or to the first time something of ours is news."""
        news = self.orders.news
        while not news:
            day, due = self._day, self._next_due()
            if day is not None:
                if day.alarmed():
                    self._changes += 1
                    day.look(self.now_ns)
                    continue
                self.now_ns = max(self.now_ns, day.play(min(until_ns, due)))
                if news:
                    return
                if day.alarmed():
                    continue
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
        return due if self._day is None else min(due, self._day.background.next_ns())

    def state(self) -> MarketState:
        """The feed's last word; the same object until something changed."""
        day, state = self._day, self._state
        seq = self._changes + self._sent + (0 if day is None else day.background.events)
        quoted_ns = self._closed_ns() if day is None else self.now_ns
        if state is None or state.seq != seq or state.quoted_ns != quoted_ns:
            phase = "closed" if day is None else "halted" if day.halted else "open"
            bands = None if day is None else day.bands
            state = describe(self._floor, self.tape, self._venues.values(), seq, quoted_ns, phase, bands)
            self._state = state
        return state

    def recording(self) -> TapeRecorder:
        """What was printed and quoted until now."""
        return self.tape

    def _next_due(self) -> int:
        """When the clock, a dark venue or a message of ours wants attention next."""
        due = self._inbox[0][0] if self._inbox else NEVER_NS
        return min(due, self._next_open() if self._day is None else self._day.next_ns())

    def _next_open(self) -> int:
        following = self._number + 1
        return self._sessions[following].open_ns if following < len(self._sessions) else NEVER_NS

    def _closed_ns(self) -> int:
        return self._sessions[self._number].close_ns if self._number >= 0 else 0

    def _happen(self, at_ns: int) -> None:
        """One thing that is due: the clock first, then the background, then our messages."""
        day = self._day
        self._changes += 1
        if day is None and at_ns >= self._next_open():
            self._open()
        elif day is not None and at_ns >= day.session.close_ns:
            self._close(day)
        elif day is None or not day.happen(at_ns):
            session, halted = (None, False) if day is None else (day.session, day.halted)
            moment = Moment(session, halted, self._floor, self._auctions)
            self._entrance.admit(heappop(self._inbox)[2], at_ns, moment)

    def _open(self) -> None:
        """The next session: its streams are drawn, its books quoted, and its opening auction held."""
        closed_ns = self._closed_ns()
        self._number += 1
        number, seed, session = self._number, self._seed, self._sessions[self._number]
        self.tape.begin(session.open_ns)
        events = still_felt(self._events, closed_ns)
        profile = profile_of(self._instrument, session.date, self._px, self._measured)
        scale = profile.sigma * profile.start_ticks
        base = profile.start_ticks + scale * opening_move(profile, seed, number, events, closed_ns, session.open_ns)
        pace = pace_of(profile, session, seed, number, events)
        floor = self._floor = self._next_floor(profile, session, base + scale * self._makers.offset)
        dark = [facts.venue for facts in self._venues.values() if facts.kind is VenueKind.DARK]
        flow = streams.session_flow(profile, session, seed, number, np.array(self._shares), pace, events)
        hidden_orders = streams.dark_flow(profile, seed, number, np.array(venue_shares(dark)), pace)
        toxic = Toxic(self._toxic, floor, self._makers, session, seed, number, len(dark))
        news = self.orders.news
        background = Background(flow, hidden_orders, floor, self._makers, toxic, self.tape, news, base, scale)
        draw = partial(streams.auction_draw, profile, seed, number, pace)
        auctions, previous = self._auctions, round(self._px)
        self._day = Day(session, floor, background, auctions, draw, self.tape, events, previous)

    def _next_floor(self, profile: Profile, session: Session, reference: float) -> Floor:
        """Fresh venues for a session, lit ones quoted around a reference in ticks."""
        lit = LitVenues(profile, self._noise, reference, session.open_ns, self._shares)
        names = tuple(facts.venue for facts in self._venues.values() if facts.kind is VenueKind.LIT)
        dark = {venue: facts for venue, facts in self._venues.items() if facts.kind is VenueKind.DARK}
        lot = lot_at(self._instrument, round(self._px), session.date)
        hidden = HiddenVenues(dark, RULE_BOOKS, (CROSS_RULES,), session, lot)
        return Floor(profile, lit, self._makers, self.orders, self.tape, names, hidden)

    def _next_auctions(self, profile: Profile) -> Auctions | None:
        """The calls of the session to come, open for orders before it; None after the last or without a venue."""
        facts = next((each for each in self._venues.values() if each.kind is VenueKind.AUCTION), None)
        following = self._number + 1
        if facts is None or following >= len(self._sessions):
            return None
        return Auctions(facts, self._sessions[following], profile.tick, round(self._px / profile.tick) * profile.tick)

    def _close(self, day: Day) -> None:
        """The session ends; what the name is worth is carried over the night, and so is what the makers think."""
        profile = day.floor.profile
        day.close()
        self._px = day.background.value() * profile.tick
        self._auctions = self._next_auctions(profile)
        self._changes += day.background.events
        self._day = None
