"""The Market port over a line to a loopback venue: orders out, reports in, and a quiet made-up touch to trade on.

A line that ends is said to be down at once; it is tried again, and said to be up when the venue has answered the logon.
What is sent while it is down goes nowhere, as on a real line: reconciliation finds out.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping, Sequence

from sottovoce.adapters.loopback_venue.wire import Logon, from_venue, line_of
from sottovoce.core.commands import VenueMessage
from sottovoce.core.enums import VenueKind
from sottovoce.core.errors import ConfigError
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import Outbound, Tape, VenueFacts
from sottovoce.core.session_commands import SessionStatus

AGAIN_S = 0.05
"""Between two attempts at a line, seconds."""

ANSWER_S = 10.0
"""A logon that is not answered for so long is given up, seconds."""

SIZE = 1_000
MADE_UP = "a venue for trying out failures; its figures are made up"


def venue_facts(mics: Sequence[str] = ("LOOA", "LOOB")) -> tuple[VenueFacts, ...]:
    """Two lit venues under one roof."""
    return tuple(
        VenueFacts(
            venue=mic,
            name=f"loopback {mic}",
            kind=VenueKind.LIT,
            make_fee=-2_000,
            take_fee=3_000,
            auction_fee=0,
            latency_ns=100_000,
            min_qty=1,
            effective_from="2000-01-01",
            source=MADE_UP,
        )
        for mic in mics
    )


class LoopbackMarket:
    """One line, one instrument, lit venues; time is whatever advance says it is."""

    def __init__(self, instrument: Instrument, port: int, name: str) -> None:
        close = known(instrument.close)
        if close is None:
            raise ConfigError(f"{instrument.symbol} has no close to make a touch of", code="no_close")
        self._mid = round(close * 100) * instrument.price_scale // 100
        self._tick = instrument.price_scale // 100
        self._instrument_id = instrument.instrument_id
        self._address = ("127.0.0.1", port)
        self._name = name
        self._venues = venue_facts()
        self._line: socket.socket | None = None
        self._lines = from_venue()
        self._up = False
        self._next_try = self._asked_at = 0.0
        self._now_ns = 0
        self._seq = 0

    def venues(self) -> Sequence[VenueFacts]:
        return self._venues

    def send(self, message: Outbound, at_ns: int) -> None:
        """Out on the line, if there is one."""
        if self._line is not None and self._up:
            self._put(line_of(message))

    def advance(self, until_ns: int) -> Sequence[tuple[int, VenueMessage]]:
        """What the line has brought, and news of the line itself; nothing is waited for."""
        self._now_ns = max(self._now_ns, until_ns)
        self._seq += 1
        if not self._connected():
            self._connect()
            return ()
        news = self._read()
        if not self._connected():
            news += self._statuses(up=False)
        return [(self._now_ns, message) for message in news]

    def states(self) -> Mapping[str, MarketState]:
        """A cent either side of the last close, always fresh."""
        bid, ask = self._mid - self._tick, self._mid + self._tick
        venues = tuple(
            VenueQuote(venue=facts.venue, kind=facts.kind, bid=bid, bid_size=SIZE, ask=ask, ask_size=SIZE)
            for facts in self._venues
        )
        state = MarketState(
            instrument_id=self._instrument_id,
            seq=self._seq,
            quoted_ns=self._now_ns,
            bid=bid,
            bid_size=SIZE * len(venues),
            ask=ask,
            ask_size=SIZE * len(venues),
            last_px=self._mid,
            volume=self._now_ns // 100_000 % (1 << 50),
            phase="open",
            venues=venues,
        )
        return {self._instrument_id: state}

    def tape(self, instrument_id: str) -> Tape:
        """There is none. Raises ConfigError, no_tape."""
        raise ConfigError("a loopback venue prints no tape", code="no_tape")

    def close(self) -> None:
        """Hang up."""
        self._hang_up()

    # the line --------------------------------------------------------------------------------------------

    def _connected(self) -> bool:
        return self._line is not None

    def _connect(self) -> None:
        if time.monotonic() < self._next_try:
            return
        self._next_try = time.monotonic() + AGAIN_S
        try:
            line = socket.create_connection(self._address, timeout=1.0)
        except OSError:
            return
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._line, self._lines, self._asked_at = line, from_venue(), time.monotonic()
        self._put(line_of(Logon(name=self._name)))

    def _put(self, data: bytes) -> None:
        assert self._line is not None
        try:
            self._line.settimeout(1.0)
            self._line.sendall(data)
        except OSError:
            self._up = False  # the end of it is found when it is next read

    def _read(self) -> list[VenueMessage]:
        assert self._line is not None
        news: list[VenueMessage] = []
        try:
            self._line.settimeout(0.0)
            while data := self._line.recv(1 << 16):
                for message in self._lines.feed(data):
                    news += self._statuses(up=True) if isinstance(message, Logon) else [message]  # type: ignore[list-item]
            self._hang_up()
        except BlockingIOError:
            if not self._up and time.monotonic() - self._asked_at > ANSWER_S:
                self._hang_up()
        except OSError:
            self._hang_up()
        return news

    def _statuses(self, *, up: bool) -> list[SessionStatus]:
        self._up = up
        text = "logged on" if up else "the line ended"
        return [SessionStatus(venue=facts.venue, up=up, text=text) for facts in self._venues]

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line, self._up = None, False
