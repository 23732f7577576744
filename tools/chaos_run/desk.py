"""The desk process: `python -m tools.chaos_run.desk JOURNAL VENUE_PORT PORT EPOCH_NS SNAPSHOT_STEPS FUSE`.

It recovers from the journal, takes commands from one client at a time as JSON lines, answers what is durable, and goes
on until it is killed or told to stop. A fuse of n kills it with SIGKILL just before its n-th order or cancel leaves,
one of -n just after that: instants that a clock seldom hits.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from sottovoce.adapters.clock import RealClock
from sottovoce.adapters.journal.committer import GroupedJournal
from sottovoce.adapters.journal.reserve import Reserve
from sottovoce.adapters.journal.sqlite_journal import SqliteJournal
from sottovoce.adapters.loopback_venue.market import LoopbackMarket
from sottovoce.core.commands import ClientCommand
from sottovoce.core.enums import ParentStatus
from sottovoce.core.errors import SottovoceError
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.ports import Outbound
from sottovoce.core.route_events import ChildRouted
from sottovoce.runtime.engine import Engine
from sottovoce.runtime.live import LiveDesk
from sottovoce.runtime.memory import Memory
from sottovoce.runtime.metrics import NoMetrics
from sottovoce.runtime.recovery import Recovered, open_crashed, rebuild
from tools.chaos_run.setting import Setting

TURN_NS = 4_000_000
RESERVE_BYTES = 1 << 20
OVER = (ParentStatus.DONE, ParentStatus.REJECTED)
_command: msgspec.json.Decoder[ClientCommand] = msgspec.json.Decoder(ClientCommand)


class FusedMarket(LoopbackMarket):
    """Dies at a message."""

    fuse = 0
    sent = 0

    def send(self, message: Outbound, at_ns: int) -> None:
        counts = isinstance(message, ChildRouted | RouteCancelRequested)
        self.sent += counts
        if counts and self.fuse == self.sent:
            os.kill(os.getpid(), signal.SIGKILL)
        super().send(message, at_ns)
        if counts and self.fuse == -self.sent:
            os.kill(os.getpid(), signal.SIGKILL)


class DeskProcess:
    """One life of the desk."""

    def __init__(self, journal: Path, venue_port: int, epoch_ns: int, snapshot_steps: int, fuse: int) -> None:
        began = time.perf_counter()
        setting = Setting()
        loaded = time.perf_counter()
        tail = open_crashed(journal)
        memory = Memory(setting.system())
        meta = memory.system.founded | {"market": "loopback"}
        on_disk = SqliteJournal(journal, meta, reserve=Reserve(journal, RESERVE_BYTES))
        self.recovered: Recovered = rebuild(memory, on_disk, tail)
        self.recovery_ms = (time.perf_counter() - loaded) * 1e3
        self.loading_ms = (loaded - began) * 1e3
        self.journal = GroupedJournal(on_disk)
        self.clock = RealClock(max(setting.desk_ns(epoch_ns), self.recovered.last_ns))
        market = FusedMarket(setting.instrument, venue_port, "desk")
        market.fuse = fuse
        engine = Engine(memory.system, self.journal, NoMetrics(), 60_000_000_000)
        self.desk = LiveDesk(engine, market, self.clock, memory, self.journal, snapshot_steps=snapshot_steps)
        self.desk.start(self.recovered)

    def turn(self) -> None:
        """Run market, timers and disk for a moment."""
        self.desk.run_until(self.clock.now_ns() + TURN_NS)

    def answer(self, line: bytes) -> dict[str, Any]:
        """One request of the client."""
        if line == b"how":
            return self.account()
        try:
            step = self.desk.submit(_command.decode(line))
        except SottovoceError as error:
            return {"refused": error.code}
        return {"events": [type(event).__name__ for event in step.events]}

    def account(self) -> dict[str, Any]:
        """How the desk stands."""
        rows = self.desk.engine.system.blotter.rows().values()
        return {
            "strain": self.desk.strain(),
            "waiting": len(self.desk.reconciliation.waiting),
            "open": sum(row.status not in OVER for row in rows),
            "recovery_ms": self.recovery_ms,
            "loading_ms": self.loading_ms,
            "snapshot_seq": self.recovered.snapshot_seq,
            "steps": self.recovered.steps,
            "log_bytes": self.recovered.tail.log_bytes,
            "cut": len(self.recovered.tail.cut),
            "resent": self.desk.reconciliation.resent,
            "cancels_again": self.desk.reconciliation.cancels_again,
            "questions": self.desk.reconciliation.questions,
        }

    def stop(self) -> dict[str, Any]:
        """Settle, say the digest of the live state, and close the journal."""
        self.turn()
        self.journal.flush()
        said = {"digest": self.desk.memory.digest(), "last_seq": self.journal.durable()}
        self.journal.close()
        return said


class Counter:
    """Where the client comes: one at a time, a line a request, a line an answer."""

    def __init__(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        self._listener.setblocking(False)
        self._client: socket.socket | None = None
        self._rest = b""

    def requests(self) -> list[bytes]:
        """The whole lines that have come; nothing is waited for."""
        try:
            if self._client is None:
                self._client, self._rest = self._listener.accept()[0], b""
            self._client.setblocking(False)
            data = self._client.recv(1 << 16)
        except BlockingIOError:
            return []
        except OSError:
            data = b""
        if not data:
            self._client = None
            return []
        *lines, self._rest = (self._rest + data).split(b"\n")
        return lines

    def reply(self, said: dict[str, Any]) -> None:
        """Answer the request taken last; a client that has gone gets no answer, and asks again."""
        if self._client is None:
            return
        try:
            self._client.setblocking(True)
            self._client.sendall(msgspec.json.encode(said) + b"\n")
        except OSError:
            self._client = None


def serve(desk: DeskProcess, port: int) -> None:
    """Until told to stop."""
    counter = Counter(port)
    while True:
        desk.turn()
        for request in counter.requests():
            if request == b"stop":
                counter.reply(desk.stop())
                return
            counter.reply(desk.answer(request))


def main() -> None:
    """Recover and serve."""
    journal = Path(sys.argv[1])
    venue_port, port, epoch_ns, snapshot_steps, fuse = map(int, sys.argv[2:7])
    serve(DeskProcess(journal, venue_port, epoch_ns, snapshot_steps, fuse), port)


if __name__ == "__main__":
    main()
