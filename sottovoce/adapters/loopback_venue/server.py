"""The venue as a process: one thread, one port on the loopback interface, one desk at a time.

A desk that logs on again has lost its old line. Whatever the old one still carried is read to its end and acted on
first; only then is the new line up. That is what makes "I do not know this order" a proof.
"""

from __future__ import annotations

import selectors
import socket
import time
from pathlib import Path

import msgspec

from sottovoce.adapters.loopback_venue.book import VenueBook
from sottovoce.adapters.loopback_venue.record import VenueRecord, read_record
from sottovoce.adapters.loopback_venue.wire import FromVenue, Lines, Logon, ToVenue, line_of, to_venue
from sottovoce.core.commands import VenueMessage

POLL_S = 0.002
OLD_LINE_S = 5.0
"""How long an old line may take to end; without its end nothing is proven, and the new line does not come up."""


class DeskLine:
    """One connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.lines: Lines = to_venue()
        self.logged_on = False

    def say(self, message: FromVenue) -> None:
        """Send a message; a line that is gone carries nothing, and what it would have said is asked for later."""
        try:
            self.connection.sendall(line_of(message))
        except OSError:
            self.logged_on = False


class VenueServer:
    """Listens, answers, trades, until it is stopped or killed."""

    def __init__(self, record: Path, seed: str, port: int = 0) -> None:
        earlier = read_record(record)
        self._record = VenueRecord(record)
        self.book = VenueBook(seed, self._record.write)
        for line in earlier:
            self.book.recall(line, time.time_ns())
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.setblocking(False)
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._desks: list[DeskLine] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._listener.getsockname()[1]
        return port

    def run(self) -> None:
        """Serve until interrupted."""
        while True:
            self.turn()

    def turn(self) -> None:
        """One look at the lines and at the clock."""
        for key, _ in self._selector.select(POLL_S):
            if key.fileobj is self._listener:
                self._accept()
            elif isinstance(key.data, DeskLine):
                self._read(key.data)
        self._say(self.book.due(time.time_ns()))

    def close(self) -> None:
        """Release everything."""
        for desk in list(self._desks):
            self._drop(desk)
        self._selector.close()
        self._listener.close()
        self._record.close()

    def _accept(self) -> None:
        connection, _ = self._listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.settimeout(OLD_LINE_S)
        desk = DeskLine(connection)
        self._desks.append(desk)
        self._selector.register(connection, selectors.EVENT_READ, desk)

    def _read(self, desk: DeskLine) -> bool:
        """Act on what a line carries; False when it is over."""
        try:
            data = desk.connection.recv(1 << 16)
        except OSError:
            data = b""
        if not data:
            self._drop(desk)
            return False
        for message in desk.lines.feed(data):
            if isinstance(message, Logon):
                self._log_on(desk, message)
            else:
                self._say(self.book.take(msgspec.convert(message, ToVenue), time.time_ns()))
        return True

    def _log_on(self, desk: DeskLine, logon: Logon) -> None:
        for old in [line for line in self._desks if line is not desk]:
            while self._read(old):
                pass
        desk.logged_on = True
        desk.say(logon)

    def _drop(self, desk: DeskLine) -> None:
        if desk in self._desks:
            self._desks.remove(desk)
            self._selector.unregister(desk.connection)
            desk.connection.close()

    def _say(self, messages: list[VenueMessage]) -> None:
        for desk in self._desks:
            if desk.logged_on:
                for message in messages:
                    desk.say(message)
