"""Counterparties that live off us, switched on by whoever makes the market: a pinger and a front-runner.

The pinger sends small orders to the dark venues, good for an instant. One that fills has found a hidden order; the
pinger then buys ahead of a hidden buyer (or sells ahead of a hidden seller) on the lit books and gets out later.
The front-runner watches the tape: while trading is one-sided beyond chance it adds to the same side, and gets out
when that is over. Both trade like everybody else, so what they do to the price is what their orders do.
A minimum quantity above PING_QTY is never pinged; flow that is less one-sided than THRESHOLD is never run ahead of.

Measured on a name of 500,000 shares a day, paired seeds, in daily volatilities: the pinger lifts the price by 0.025
(standard error 0.003) over two hours of a hidden buy without a minimum, and by nothing that can be told from zero
with a minimum of 300 shares; the front-runner makes 5 % of a day's volume bought in an hour dearer by 0.016 (0.002).
"""

from __future__ import annotations

from collections import deque
from math import sqrt
from typing import NamedTuple

import msgspec
import numpy as np

from sottovoce.adapters.simulated.floor import Floor
from sottovoce.adapters.simulated.makers import MEMORIES, Makers
from sottovoce.adapters.simulated.seeds import Agent, generator
from sottovoce.adapters.simulated.streams import HiddenOrder
from sottovoce.core.ports import Session
from sottovoce.core.units import NEVER_NS

SECOND_NS = 1_000_000_000

PING_QTY = 100
PUSH_ORDERS, PUSH_EVERY_NS = 8, SECOND_NS // 2
"""After a find the pinger sends so many market orders of the usual size, so far apart."""

HOLD_NS = 60 * SECOND_NS
RUN_ORDERS, RUN_EVERY_NS, RUNS_MAX = 8, SECOND_NS, 5
"""The front-runner adds so many market orders at a time, so far apart, and so many times at most."""

WATCH_NS = 5 * SECOND_NS
THRESHOLD, OVER = 3.0, 0.5
"""One-sided, and no more so: standard deviations of the last hundred orders' average sign, were they coin tosses."""


class Toxicity(msgspec.Struct, frozen=True, kw_only=True):
    """Who of them is there. ping_every_s: mean seconds between two pings."""

    pinger: bool = False
    front_runner: bool = False
    ping_every_s: float = 15.0


NOBODY = Toxicity()


class Push(NamedTuple):
    """A market order that will be sent."""

    at_ns: int
    buy: bool


class Toxic:
    """The toxic counterparties of one name and session. next_ns: when one of them acts next."""

    def __init__(
        self, config: Toxicity, floor: Floor, makers: Makers, session: Session, seed: int, index: int, pools: int
    ) -> None:
        """pools: dark venues there are; without any nobody pings."""
        self.next_ns = NEVER_NS
        self._floor, self._makers = floor, makers
        self._qty = max(1, round(floor.profile.mean_qty))
        self._pings: deque[HiddenOrder] = deque()
        self._pushes: deque[Push] = deque()
        self._runs = 0
        self._watch_ns = session.open_ns + WATCH_NS if config.front_runner else NEVER_NS
        if config.pinger and pools:
            rng = generator(seed, floor.profile.instrument_id, Agent.PINGS, index)
            self._pings.extend(_pings(rng, session, config.ping_every_s, pools))
        self._plan()

    def act(self, at_ns: int) -> None:
        """Everything that is due."""
        while self._pushes and self._pushes[0].at_ns <= at_ns:
            venue = len(self._pushes) % len(self._floor.lit.books)
            self._floor.market_order(at_ns, self._qty, venue, buy=self._pushes.popleft().buy)
        if self._pings and self._pings[0].at_ns <= at_ns:
            self._ping(self._pings.popleft()._replace(at_ns=at_ns))
        if at_ns >= self._watch_ns:
            self._watch_ns = at_ns + WATCH_NS
            self._watch(at_ns)
        self._plan()

    def _ping(self, order: HiddenOrder) -> None:
        """A ping that fills has found somebody of the other side."""
        if self._floor.hidden_order(order) and not self._pushes:
            out_ns = order.at_ns + PUSH_ORDERS * PUSH_EVERY_NS + HOLD_NS
            self._queue(order.at_ns, PUSH_ORDERS, PUSH_EVERY_NS, buy=not order.buy)
            self._queue(out_ns, PUSH_ORDERS, 2 * PUSH_EVERY_NS, buy=bool(order.buy))

    def _watch(self, at_ns: int) -> None:
        """Run ahead of trading that is one-sided."""
        chance = self._floor.profile.mean_qty / self._floor.profile.adv / sqrt(2.0 * MEMORIES[2])
        surplus = self._makers.one_sided / chance
        if self._pushes:
            return
        if abs(surplus) > THRESHOLD and surplus * self._runs >= 0 and abs(self._runs) < RUNS_MAX:
            self._runs += 1 if surplus > 0 else -1
            self._queue(at_ns, RUN_ORDERS, RUN_EVERY_NS, buy=surplus > 0)
        elif self._runs * surplus < OVER * abs(self._runs):
            self._queue(at_ns, RUN_ORDERS * abs(self._runs), RUN_EVERY_NS, buy=self._runs < 0)
            self._runs = 0

    def _queue(self, at_ns: int, orders: int, every_ns: int, *, buy: bool) -> None:
        """Send market orders of the usual size, one after the other."""
        self._pushes.extend(Push(at_ns + every_ns * (number + 1), buy) for number in range(orders))

    def _plan(self) -> None:
        due = [queue[0].at_ns for queue in (self._pings, self._pushes) if queue]
        self.next_ns = min(*due, self._watch_ns, NEVER_NS)


def _pings(rng: np.random.Generator, session: Session, every_s: float, pools: int) -> list[HiddenOrder]:
    """A session's pings in order of time."""
    length_ns = session.close_ns - session.open_ns
    count = int(rng.poisson(length_ns / 1e9 / every_s))
    times = session.open_ns + np.sort(rng.integers(0, length_ns, count))
    columns = (times, rng.integers(0, pools, count), rng.integers(0, 2, count), rng.random(count))
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return [HiddenOrder(at_ns, place, buy, PING_QTY, 0, chance) for at_ns, place, buy, chance in rows]
