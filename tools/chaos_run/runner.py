"""Lives and deaths of the processes: start, trade, kill at a random instant, start again; then settle and compare."""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from tools.chaos_run.client import Client, Lost
from tools.chaos_run.compare import Comparison, compare
from tools.chaos_run.setting import Setting

ROOT = Path(__file__).resolve().parents[2]
READY_S = 60.0
"""A desk that does not accept within so long has not recovered."""

EARLY = 0.2
"""How often a desk is killed within its first moments: starting, replaying, reconciling."""

FUSED, FUSE_MAX = 0.4, 12
"""How often a desk dies at a message to the venue, just before or just after it, and at which one at most."""

VENUE_TOO, BOTH = 0.06, 0.04
"""How often the venue dies instead of the desk, and with it."""

SNAPSHOT_STEPS = 150
WORKED_S = 60.0
ENVIRONMENT = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class Life(msgspec.Struct, frozen=True, kw_only=True):
    """One life of a desk that came to accept orders: how long from its start, and what recovery did."""

    ready_ms: float
    loading_ms: float
    recovery_ms: float
    steps: int
    snapshot_seq: int
    log_bytes: int
    cut: int
    resent: int
    cancels_again: int
    questions: int


class Outcome(msgspec.Struct, kw_only=True):
    """Everything the table shows."""

    seed: int
    kills: int
    venue_kills: int
    killed_before_ready: int
    killed_at_a_message: int
    seconds: float
    lives: list[Life]
    acknowledged: int
    retried: int
    refused: dict[str, int]
    comparison: Comparison


class Chaos:
    """One run."""

    def __init__(self, folder: Path, seed: int, kills: int) -> None:
        self._folder = folder
        self._seed = seed
        self._kills = kills
        self._dice = random.Random(seed)
        self._epoch_ns = time.time_ns()
        self._setting = Setting()
        self._port, self._venue_port = _free_ports(2)
        self._client = Client(self._setting, self._port, self._epoch_ns, random.Random(f"client {seed}"))
        self._venue = self._start_venue()
        self._lives: list[Life] = []
        self._venue_kills = self._early = self._fused = 0
        self._may_die = True

    def run(self) -> Outcome:
        """All of it."""
        began = time.monotonic()
        desk = self._start_desk()
        try:
            for number in range(self._kills):
                self._live(desk)
                self._may_die = number < self._kills - 1
                desk = self._death(desk)
            live = self._last_life(desk)
        finally:
            self._client.hang_up()
            for process in (desk, self._venue):
                process.kill()
                process.wait()
        acknowledged = list(self._client.acknowledged)
        return Outcome(
            seed=self._seed,
            kills=self._kills,
            venue_kills=self._venue_kills,
            killed_before_ready=self._early,
            killed_at_a_message=self._fused,
            seconds=time.monotonic() - began,
            lives=self._lives,
            acknowledged=len(acknowledged),
            retried=self._client.retried,
            refused=self._client.refused,
            comparison=compare(self._setting, self._journal, self._record, acknowledged, live),
        )

    @property
    def _journal(self) -> Path:
        return self._folder / "journal.db"

    @property
    def _record(self) -> Path:
        return self._folder / "venue.jsonl"

    # lives -----------------------------------------------------------------------------------------------

    def _live(self, desk: subprocess.Popen[bytes]) -> None:
        """Trade for a random while, or die in the first moments."""
        if self._dice.random() < EARLY:
            self._early += 1
            time.sleep(self._dice.uniform(0.0, 0.8))
            return
        if self._accepting(desk):
            self._client.trade(time.monotonic() + self._dice.uniform(0.05, 0.9))

    def _accepting(self, desk: subprocess.Popen[bytes]) -> bool:
        """Wait until the desk accepts; False when its fuse was shorter than that."""
        began = time.monotonic()
        try:
            account = self._client.connect(began + READY_S, lambda: desk.poll() is not None)
        except Lost as error:
            if desk.poll() == -signal.SIGKILL:
                self._early += 1
                return False
            log = (self._folder / "desk.log").read_text("utf-8")[-2_000:]
            raise RuntimeError(f"seed {self._seed}: the desk did not come back ({desk.poll()}): {log}") from error
        account["ready_ms"] = (time.monotonic() - self._started) * 1e3
        self._lives.append(msgspec.convert(account, Life))
        return True

    def _death(self, desk: subprocess.Popen[bytes]) -> subprocess.Popen[bytes]:
        """kill -9 of the desk, of the venue as well, or of the venue alone while the desk goes on; a desk that runs."""
        fate = self._dice.random()
        if fate < VENUE_TOO + BOTH:
            self._venue_kills += 1
            _kill(self._venue)
        if fate < BOTH or fate >= VENUE_TOO + BOTH:
            self._fused += desk.poll() is not None
            _kill(desk)
            self._client.hang_up()
        if fate < VENUE_TOO + BOTH:
            self._venue = self._start_venue()
        if BOTH <= fate < VENUE_TOO + BOTH:
            self._client.trade(time.monotonic() + self._dice.uniform(0.05, 0.5))
            _kill(desk)
            self._client.hang_up()
        return self._start_desk()

    def _last_life(self, desk: subprocess.Popen[bytes]) -> str:
        """Nobody is killed any more: what was not answered is asked again, all is canceled and settled."""
        if not self._accepting(desk):
            raise RuntimeError(f"seed {self._seed}: the last life ended")
        self._client.trade(time.monotonic())
        self._client.cancel_all()
        until = time.monotonic() + WORKED_S
        while (account := self._client.ask(b"how"))["open"] and time.monotonic() < until:
            time.sleep(0.1)
        if account["open"]:
            raise RuntimeError(f"seed {self._seed}: {account['open']} orders do not end")
        digest: str = self._client.ask(b"stop")["digest"]
        desk.wait(READY_S)
        return digest

    # processes -------------------------------------------------------------------------------------------

    def _start_desk(self) -> subprocess.Popen[bytes]:
        self._started = time.monotonic()
        fuse = self._dice.choice((-1, 1)) * self._dice.randrange(2, FUSE_MAX) if self._may_die else 0
        fuse = fuse if self._dice.random() < FUSED else 0
        arguments = [self._journal, self._venue_port, self._port, self._epoch_ns, SNAPSHOT_STEPS, fuse]
        return self._start("desk", [str(each) for each in arguments])

    def _start_venue(self) -> subprocess.Popen[bytes]:
        return self._start("venue", [str(self._record), str(self._seed), str(self._venue_port)])

    def _start(self, name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
        with (self._folder / f"{name}.log").open("ab") as log:
            command = [sys.executable, "-m", f"tools.chaos_run.{name}", *arguments]
            return subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log, env=ENVIRONMENT)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()


def _free_ports(count: int) -> list[int]:
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports
