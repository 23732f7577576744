"""One simulated name over its sessions, met by our orders in the order in which things arrive.

The engine only moves forward, to a time or to the first news of ours, whichever is earlier. Where it stops
has no influence on what happens, so a market asked a thousand times a minute equals one asked once a day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush

import numpy as np

from sottovoce.adapters.simulated import streams
from sottovoce.adapters.simulated.auctions import Auctions, interest_of
from sottovoce.adapters.simulated.background import Background
from sottovoce.adapters.simulated.entrance import Entrance, Moment
from sottovoce.adapters.simulated.feed import describe
from sottovoce.adapters.simulated.floor import NEVER_NS, Floor
from sottovoce.adapters.simulated.fundamental import opening_move
from sottovoce.adapters.simulated.halts import Halts
from sottovoce.adapters.simulated.hidden import HiddenVenues
from sottovoce.adapters.simulated.latent import latent_book
from sottovoce.adapters.simulated.makers import Makers
from sottovoce.adapters.simulated.pace import Pace, pace_of
from sottovoce.adapters.simulated.profile import Calibration, Profile, profile_of
from sottovoce.adapters.simulated.quoting import NO_ASK, NO_BID, LitVenues
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.adapters.simulated.toxic import NOBODY, Toxic, Toxicity
from sottovoce.adapters.simulated.venues import venue_shares
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import VenueKind
from sottovoce.core.instrument import Instrument, lot_at
from sottovoce.core.market import MarketState
from sottovoce.core.ports import Outbound, Session, VenueFacts
from sottovoce.models.happenings import MarketEvent, concerning
from sottovoce.models.matching.auction_rules import AuctionKind
from sottovoce.models.matching.dark_facts import CROSS_RULES
from sottovoce.models.matching.dark_rules import RULE_BOOKS
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
        self._sent = self._past_events = 0
        self._number = -1
        self._session: Session | None = None
        self._floor: Floor | None = None
        self._auctions = self._next_auctions(profile)
        self._entrance = Entrance(self.orders, venues)
        self._background: Background | None = None
        self._halts: Halts | None = None
        self._base = self._scale = 0.0
        self._pace: Pace
        self._state: MarketState | None = None

    @property
    def busy(self) -> bool:
        """Whether news of ours can come of running on."""
        trading = self._floor is not None and self._floor.busy
        return bool(self._inbox) or trading or (self._auctions is not None and self._auctions.busy)

    def send(self, message: Outbound, at_ns: int) -> None:
        """Let an order or a cancel arrive after its venue's latency, never in the past."""
        facts = self._venues.get(message.route.venue)
        arrival = at_ns + (0 if facts is None else facts.latency_ns)
        self._sent += 1
        heappush(self._inbox, (max(arrival, self.now_ns), self._sent, message))

    def run(self, until_ns: int) -> None:
        """Move to until_ns, or to the first time something of ours is news."""
        news = self.orders.news
        while not news:
            due = self._next_due()
            if self._background is not None:
                self._play(self._background, min(until_ns, due))
                if news:
                    return
                if self._background.alarmed:
                    self._look(self.now_ns)
                    continue
            if due > until_ns:
                self.now_ns = max(self.now_ns, until_ns)
                return
            self.now_ns = due
            self._happen(due)

    def _play(self, background: Background, until_ns: int) -> None:
        """Let the background trade, or pass by while trading is halted."""
        if self._halts is not None and self._halts.halted:
            background.skip(until_ns)
        else:
            self.now_ns = max(self.now_ns, background.run(until_ns))

    def collect(self) -> list[tuple[int, VenueMessage]]:
        """Hand over the news since the last time, in order of arrival."""
        news = sorted(self.orders.news, key=lambda item: item[0])
        self.orders.news.clear()
        return news

    def next_ns(self) -> int:
        """When something happens next."""
        due = self._next_due()
        return due if self._background is None else min(due, self._background.next_ns())

    def state(self) -> MarketState:
        """The feed's last word; the same object until something changed."""
        background = self._background
        seq = self._past_events + self._sent + (0 if background is None else background.events)
        quoted_ns = self.now_ns if self._session is not None else self._closed_ns()
        state = self._state
        if state is None or state.seq != seq or state.quoted_ns != quoted_ns:
            halted = self._halts is not None and self._halts.halted
            phase = "closed" if self._session is None else "halted" if halted else "open"
            state = describe(self._floor, self.tape, self._venues.values(), seq, quoted_ns, phase)
            self._state = state
        return state

    def _next_due(self) -> int:
        """When the clock, the dark pool or a message of ours wants attention next."""
        due = self._inbox[0][0] if self._inbox else NEVER_NS
        if self._session is None or self._background is None:
            return min(due, self._next_open())
        due = min(due, self._session.close_ns, self._background.next_hidden_ns(), self._next_cross_ns())
        return due if self._halts is None else min(due, self._halts.next_ns())

    def _next_cross_ns(self) -> int:
        return NEVER_NS if self._floor is None else self._floor.next_cross_ns()

    def _next_open(self) -> int:
        following = self._number + 1
        return self._sessions[following].open_ns if following < len(self._sessions) else NEVER_NS

    def _closed_ns(self) -> int:
        return self._sessions[self._number].close_ns if self._number >= 0 else 0

    def _happen(self, at_ns: int) -> None:
        """One thing that is due: the clock first, then the background, then our messages."""
        if self._session is None and at_ns >= self._next_open():
            self._open()
        elif self._session is not None and at_ns >= self._session.close_ns:
            self._close()
        elif self._halts is not None and self._halts.next_ns() <= at_ns:
            self._look(at_ns)
        elif self._floor is not None and self._floor.next_cross_ns() <= at_ns:
            self._floor.let_pass(at_ns)
        elif self._background is not None and self._background.next_hidden_ns() <= at_ns:
            if self._halts is not None and self._halts.halted:
                self._background.skip_hidden()
            else:
                self._background.hide()
        else:
            halted = self._halts is not None and self._halts.halted
            moment = Moment(self._session, halted, self._floor, self._auctions)
            self._entrance.admit(heappop(self._inbox)[2], at_ns, moment)

    def _open(self) -> None:
        self._number += 1
        number, seed = self._number, self._seed
        session = self._session = self._sessions[number]
        self.tape.begin(session.open_ns)
        profile = profile_of(self._instrument, session.date, self._px, self._measured)
        self._scale = profile.sigma * profile.start_ticks
        closed_ns = self._sessions[number - 1].close_ns if number else 0
        move = opening_move(profile, seed, number, self._events, closed_ns, session.open_ns)
        self._base = profile.start_ticks + self._scale * move
        lit = LitVenues(profile, self._noise, self._reference(0.0), session.open_ns, self._shares)
        names = tuple(facts.venue for facts in self._venues.values() if facts.kind is VenueKind.LIT)
        dark = {venue: facts for venue, facts in self._venues.items() if facts.kind is VenueKind.DARK}
        lot = lot_at(self._instrument, round(self._px), session.date)
        hidden = HiddenVenues(dark, RULE_BOOKS, (CROSS_RULES,), session, lot)
        floor = self._floor = Floor(profile, lit, self._makers, self.orders, self.tape, names, hidden)
        pace = self._pace = pace_of(profile, session, seed, number, self._events)
        flow = streams.session_flow(profile, session, seed, number, np.array(self._shares), pace, self._events)
        hidden_orders = streams.dark_flow(profile, seed, number, np.array(venue_shares(tuple(dark))), pace)
        toxic = Toxic(self._toxic, floor, self._makers, session, seed, number, len(dark))
        self._background = Background(
            flow, hidden_orders, floor, self._makers, toxic, self.tape, self.orders.news, self._base, self._scale
        )
        previous = round(self._px)
        opened = self._open_with_auction(floor, profile, session)
        floor.keep_touch(session.open_ns)
        self._halts = Halts(session, self._events, previous, opened or previous, self.tape)
        self._set_bands(session.open_ns)

    def _look(self, at_ns: int) -> None:
        """A halt or pause begins or ends, or the bands move along."""
        halts, floor, background = self._halts, self._floor, self._background
        assert halts is not None, "no session to halt"
        assert floor is not None, "no floor to halt"
        assert background is not None, "no background to halt"
        background.alarmed = False
        if halts.halted:
            self._reopen(halts, floor, self._reference(background.drift()), at_ns)
        elif halts.look(floor.shown(), at_ns):
            floor.halt(at_ns)
            if self._auctions is not None and halts.reopen_ns > at_ns:
                self._auctions.halt(at_ns, halts.reopen_ns)
        self._set_bands(at_ns)

    def _reopen(self, halts: Halts, floor: Floor, reference: float, at_ns: int) -> None:
        """The reopening auction, put off while its collar is in the way, and the books around what it leaves."""
        px = 0
        if self._auctions is not None:
            draw = streams.auction_draw(floor.profile, self._seed, self._number, AuctionKind.REOPENING, self._pace)
            interest = interest_of(floor.profile, self._scale, reference, draw)
            held = self._auctions.hold(AuctionKind.REOPENING, interest, at_ns)
            later_ns = self._auctions.reopening_ns(at_ns)
            if later_ns > at_ns:
                halts.put_off(later_ns)
                return
            floor.settle_auction(held, at_ns)
            px = held.px
        halts.reopened(px, at_ns)
        self._set_bands(at_ns)
        floor.resume(reference, at_ns)

    def _set_bands(self, at_ns: int) -> None:
        """Tell the books the bands, and the background at which touch to stop and look."""
        halts, floor, background = self._halts, self._floor, self._background
        if halts is None or floor is None or background is None:
            return
        bands, tick = halts.bands(at_ns), floor.profile.tick
        lower, upper = -(-bands.lower_px // tick), bands.upper_px // tick
        floor.lit.lower, floor.lit.upper = lower, upper
        background.alarm = (NO_BID, NO_ASK) if halts.in_limit_state else (lower, upper)

    def _open_with_auction(self, floor: Floor, profile: Profile, session: Session) -> int:
        """The opening auction, and the books quoted around what it leaves behind; returns its price, 0 without."""
        px = 0
        if self._auctions is not None:
            draw = streams.auction_draw(profile, self._seed, self._number, AuctionKind.OPENING, self._pace)
            interest = interest_of(profile, self._scale, self._reference(0.0), draw)
            held = self._auctions.hold(AuctionKind.OPENING, interest, session.open_ns)
            floor.settle_auction(held, session.open_ns)
            floor.lit.requote(self._reference(0.0), session.open_ns)
            px = held.px
        floor.bid, floor.ask = floor.lit.touch()
        return px

    def _next_auctions(self, profile: Profile) -> Auctions | None:
        """The calls of the session to come, open for orders before it; None after the last or without a venue."""
        facts = next((each for each in self._venues.values() if each.kind is VenueKind.AUCTION), None)
        following = self._number + 1
        if facts is None or following >= len(self._sessions):
            return None
        return Auctions(facts, self._sessions[following], profile.tick, round(self._px / profile.tick) * profile.tick)

    def _close(self) -> None:
        session, floor, background = self._session, self._floor, self._background
        assert session is not None, "no session to close"
        assert floor is not None, "no floor to close"
        assert background is not None, "no background to close"
        drift = background.closing_drift()
        floor.keep_touch(session.close_ns)
        floor.expire(session.close_ns)
        if self._auctions is not None:
            draw = streams.auction_draw(floor.profile, self._seed, self._number, AuctionKind.CLOSING, self._pace)
            interest = interest_of(floor.profile, self._scale, self._reference(drift), draw)
            floor.settle_auction(self._auctions.hold(AuctionKind.CLOSING, interest, session.close_ns), session.close_ns)
        self._px = (self._base + self._scale * drift) * floor.profile.tick
        self._auctions = self._next_auctions(floor.profile)
        self._past_events += background.events + 1
        self._session = self._background = self._halts = None

    def _reference(self, drift: float) -> float:
        """The price in ticks that liquidity providers quote around: fundamental plus the latent book's
        offset."""
        return self._base + self._scale * (drift + self._makers.offset)
