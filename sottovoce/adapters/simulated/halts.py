"""When trading in one name stops and goes on again: halts by arrangement, and limit up-limit down pauses.

The monitor of limit states sees every trade and the touch, but looks only now and then: when the touch reaches a band,
every second while it stands there, and every half minute to move the bands along.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.core.ports import Session
from sottovoce.core.units import NEVER_NS, NS_PER_SECOND
from sottovoce.models.happenings import MarketEvent, halts
from sottovoce.models.matching.port import Touch
from sottovoce.models.protections.luld import Luld, LuldState
from sottovoce.models.protections.luld_bands import Bands, Tier

LOOK_NS = 30 * NS_PER_SECOND
"""Bands follow the five-minute mean this often: a new reference stands for at least as long."""


class Halts:
    """One session's stops. reopen_ns is when trading goes on, 0 while it does."""

    def __init__(
        self,
        session: Session,
        events: Sequence[MarketEvent],
        previous_close: int,
        opening_px: int,
        tick: int,
        tape: TapeRecorder,
    ) -> None:
        """previous_close, opening_px and tick in units; the monitor is that of a tier 1 stock."""
        self.reopen_ns = 0
        self._starts = [halt for halt in halts(events) if session.open_ns < halt.at_ns < session.close_ns]
        self._close_ns = session.close_ns
        self._tick = tick
        self._luld = Luld(session, Tier.ONE, previous_close, opening_px)
        self._tape = tape
        self._seen = tape.prints
        self._look_ns = session.open_ns + LOOK_NS

    @property
    def halted(self) -> bool:
        """Whether trading is stopped."""
        return self.reopen_ns > 0

    @property
    def in_limit_state(self) -> bool:
        """Whether the touch stands at a band."""
        return self._luld.state is LuldState.LIMIT

    def next_ns(self) -> int:
        """When to look next: a halt begins or ends, or the bands move."""
        if self.reopen_ns:
            return self.reopen_ns
        return min(self._starts[0].at_ns if self._starts else NEVER_NS, self._look_ns)

    def bands(self, at_ns: int) -> Bands:
        """Prices outside which nothing may trade now, units."""
        return self._luld.bands_at(at_ns)

    def look(self, touch: Touch, at_ns: int) -> bool:
        """Take in what traded and what is quoted; True when trading stops at this moment."""
        self._luld.trades(self._tape.prints_since(self._seen))
        self._seen = self._tape.prints
        self._luld.quote(self._at_bands(touch, at_ns), at_ns)
        self._look_ns = at_ns + (NS_PER_SECOND if self.in_limit_state else LOOK_NS)
        if self._luld.state is LuldState.PAUSED:
            self._stop(self._luld.last.until_ns)
        elif self._starts and at_ns >= self._starts[0].at_ns:
            self._stop(at_ns)
        return self.halted

    def _stop(self, until_ns: int) -> None:
        """Trading stops until a time, or for as long as halts last that begin before it is over."""
        while self._starts and self._starts[0].at_ns <= until_ns:
            until_ns = max(until_ns, self._starts.pop(0).end_ns)
        self.reopen_ns = min(until_ns, self._close_ns)

    def _at_bands(self, touch: Touch, at_ns: int) -> Touch:
        """The touch as the monitor sees it: at a band where no whole tick is between them, bands being in cents."""
        limits = self.bands(at_ns)
        bid = limits.upper_px if touch.bid > limits.upper_px - self._tick else touch.bid
        ask = limits.lower_px if 0 < touch.ask < limits.lower_px + self._tick else touch.ask
        return Touch(bid, touch.bid_size, ask, touch.ask_size)

    def reopened(self, px: int, at_ns: int) -> None:
        """Trading goes on from a price, 0 where the reopening traded nothing."""
        self._seen = self._tape.prints
        self._luld.reopen(px, at_ns)
        self.reopen_ns = 0
        self._look_ns = at_ns + LOOK_NS
