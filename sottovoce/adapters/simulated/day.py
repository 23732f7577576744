"""One session of one name, from its opening auction to its closing one: what is due when, halts, pauses, bands."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sottovoce.adapters.simulated.auctions import Auctions, interest_of
from sottovoce.adapters.simulated.background import Background
from sottovoce.adapters.simulated.floor import Floor
from sottovoce.adapters.simulated.halts import Halts
from sottovoce.adapters.simulated.quoting import NO_ASK, NO_BID
from sottovoce.adapters.simulated.streams import AuctionDraw
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.core.ports import Session
from sottovoce.models.happenings import MarketEvent
from sottovoce.models.matching.auction_rules import AuctionKind

Draw = Callable[[AuctionKind, int], AuctionDraw]
"""The background's interest in a call of a kind: the first of the session (0), the second, and so on."""


class Day:
    """The session that runs; it begins with its opening auction. auctions: None without an auction venue."""

    def __init__(
        self,
        session: Session,
        floor: Floor,
        background: Background,
        auctions: Auctions | None,
        draw: Draw,
        tape: TapeRecorder,
        events: Sequence[MarketEvent],
        previous_close: int,
    ) -> None:
        """previous_close in units; events: those of the name that may stop trading."""
        self.session = session
        self.floor = floor
        self.background = background
        self._auctions = auctions
        self._draw = draw
        self._reopenings = 0
        opened = self._call(AuctionKind.OPENING, session.open_ns)
        floor.open(background.reference(), session.open_ns)
        tick = floor.profile.tick
        self._halts = Halts(session, events, previous_close, opened or previous_close, tick, tape)
        self._set_bands(session.open_ns)

    @property
    def halted(self) -> bool:
        """Whether trading is stopped."""
        return self._halts.halted

    def alarmed(self) -> bool:
        """Whether the touch has reached a band, so that look() is due at once."""
        return self.background.alarmed

    def next_ns(self) -> int:
        """When something other than a lit event is due."""
        floor, background = self.floor, self.background
        return min(self.session.close_ns, background.next_hidden_ns(), floor.next_cross_ns(), self._halts.next_ns())

    def play(self, until_ns: int) -> int:
        """Let the background trade, or pass by while trading is stopped; returns the time of its last event or 0."""
        if not self.halted:
            return self.background.run(until_ns)
        self.background.skip(until_ns)
        return 0

    def happen(self, at_ns: int) -> bool:
        """One thing that is due before the close, if anything is."""
        if self._halts.next_ns() <= at_ns:
            self.look(at_ns)
        elif self.floor.next_cross_ns() <= at_ns:
            self.floor.let_pass(at_ns)
        elif self.background.next_hidden_ns() > at_ns:
            return False
        elif self.halted:
            self.background.skip_hidden()
        else:
            self.background.hide()
        return True

    def look(self, at_ns: int) -> None:
        """A halt or pause begins or ends, or the bands move along."""
        halts, floor = self._halts, self.floor
        self.background.alarmed = False
        if halts.halted:
            self._reopen(at_ns)
        elif halts.look(floor.shown(), at_ns):
            floor.halt(at_ns)
            if self._auctions is not None:
                self._auctions.halt(at_ns, halts.reopen_ns)
        self._set_bands(at_ns)

    def close(self) -> None:
        """The bell: day orders end and the closing auction is held, also where trading is stopped."""
        at_ns = self.session.close_ns
        self.background.finish()
        self.floor.keep_touch(at_ns)
        self.floor.expire(at_ns)
        self._call(AuctionKind.CLOSING, at_ns)

    def _reopen(self, at_ns: int) -> None:
        """The reopening auction, and the books around what it leaves."""
        px = self._call(AuctionKind.REOPENING, at_ns, self._reopenings)
        self._reopenings += 1
        self._halts.reopened(px, at_ns)
        self._set_bands(at_ns)
        self.floor.resume(self.background.reference(), at_ns)

    def _call(self, kind: AuctionKind, at_ns: int, number: int = 0) -> int:
        """Hold an auction; returns its price in units, 0 where there is none."""
        if self._auctions is None:
            return 0
        background, floor = self.background, self.floor
        interest = interest_of(floor.profile, background.scale, background.reference(), self._draw(kind, number))
        held = self._auctions.hold(kind, interest, at_ns)
        floor.settle_auction(held, at_ns)
        return held.px

    def _set_bands(self, at_ns: int) -> None:
        """Tell the books the bands, and the background at which touch to stop and look."""
        bands, tick = self._halts.bands(at_ns), self.floor.profile.tick
        lower, upper = -(-bands.lower_px // tick), bands.upper_px // tick
        self.floor.bound(lower, upper, at_ns)
        self.bands = (lower * tick, upper * tick)
        self.background.alarm = (NO_BID, NO_ASK) if self._halts.in_limit_state else (lower, upper)
