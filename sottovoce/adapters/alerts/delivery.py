"""Delivery by a thread of its own: whoever raises an alert never waits for a disk, a program or a socket.

The queue is bounded; when it is full the new alert is dropped and counted, since those before it say what is wrong.
A delivery that fails is tried again until the hard deadline, then counted as failed.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress

import msgspec

from sottovoce.core.alerts import HARD_NS, TARGET_NS, Alert
from sottovoce.core.errors import ConnectivityError

QUEUE_MAX = 1_000
PAUSE_S = 0.25
CLOSE_S = 2.0

Deliver = Callable[[Alert], None]
"""Takes an alert to the person's door, or raises ConnectivityError; must come back within a second or two."""


class DeliveryCounts(msgspec.Struct, kw_only=True):
    """What became of the alerts; slow took longer than the target, late longer than the hard deadline."""

    delivered: int = 0
    failed: int = 0
    dropped: int = 0
    slow: int = 0
    late: int = 0
    worst_ns: int = 0


class Delivery:
    """An AlertPort over any way of delivering one alert."""

    def __init__(self, deliver: Deliver, name: str, queue_max: int = QUEUE_MAX) -> None:
        self.counts = DeliveryCounts()
        self._deliver = deliver
        self._queue: queue.Queue[tuple[int, Alert] | None] = queue.Queue(queue_max)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"alerts-{name}", daemon=True)
        self._thread.start()

    def notify(self, alert: Alert) -> bool:
        """Take an alert; False when the queue is full or closed. Never waits."""
        if self._closing.is_set():
            self.counts.dropped += 1
            return False
        try:
            self._queue.put_nowait((time.monotonic_ns(), alert))
        except queue.Full:
            self.counts.dropped += 1
            return False
        return True

    def close(self) -> None:
        """Deliver what is waiting if that takes no longer than two seconds, then stop."""
        self._closing.set()
        with suppress(queue.Full):  # then the thread sees that it is closing when the queue is empty
            self._queue.put_nowait(None)
        self._thread.join(CLOSE_S)

    def _run(self) -> None:
        while True:
            try:
                item = self._queue.get(timeout=PAUSE_S)
            except queue.Empty:
                if self._closing.is_set():
                    return
                continue
            if item is None:
                return
            self._take(*item)

    def _take(self, raised_ns: int, alert: Alert) -> None:
        """Deliver one alert, trying again until its hard deadline."""
        counts = self.counts
        while True:
            try:
                self._deliver(alert)
            except ConnectivityError:
                if self._closing.is_set() or time.monotonic_ns() - raised_ns + PAUSE_S * 1e9 > HARD_NS:
                    counts.failed += 1
                    return
                time.sleep(PAUSE_S)
                continue
            took_ns = time.monotonic_ns() - raised_ns
            counts.delivered += 1
            counts.slow += took_ns > TARGET_NS
            counts.late += took_ns > HARD_NS
            counts.worst_ns = max(counts.worst_ns, took_ns)
            return
