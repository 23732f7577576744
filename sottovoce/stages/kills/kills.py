"""The kills stage: after a halt is set, a cancel for every live order it covers, however many there are.

Cancels go out in sweeps, so that the first leave while the last are still being written down, and those a venue has
not confirmed are asked for again until it has. A restart goes on where the record ends: latch first, then the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import msgspec

from sottovoce.core.enums import OrdStatus
from sottovoce.core.events import StageEvent
from sottovoce.core.kill_events import KillSwept, KillUnconfirmed
from sottovoce.core.kill_sweep import KillSweep
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import HaltSet
from sottovoce.core.ranges import Count, Span
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ChildCancelRequested, TimerSet
from sottovoce.stages.kills.book import Kill, KilledOrder, KillsBook, kill_key

DESK = ""
NAMED_MAX = 10
"""So many of the unconfirmed orders are named in an alert."""


class KillConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """batch: cancels asked for in one step; retry_s: how long a venue may take to confirm before it is asked again."""

    batch: Count = 250
    retry_s: Span = 2.0

    @property
    def retry_ns(self) -> int:
        return int(self.retry_s * NS_PER_SECOND)


class KilledRow(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One order of a kill, as people see it. state is waiting, unconfirmed or confirmed."""

    scope: str
    cl_ord_id: str
    parent_id: str
    venue: str
    state: str
    asked: int
    ended: OrdStatus | None


class Kills:
    """Decides on HaltSet and KillSweep."""

    name = "kills"

    def __init__(self, config: KillConfig) -> None:
        self._config = config
        self._book = KillsBook()

    def deciders(self) -> Mapping[type, Decider]:
        return {HaltSet: self._halt, KillSweep: self._sweep}

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    def rows(self) -> list[KilledRow]:
        """Every order of every kill in force: the confirmed/unconfirmed view."""
        return [row for kill in self._book.state.kills.values() for row in _rows(kill)]

    def _halt(self, event: HaltSet, view: MarketView) -> Sequence[StageEvent]:
        return self._swept(self._book.state.kills[kill_key(event.halt.scope, event.halt.conduct)], view)

    def _sweep(self, timer: KillSweep, view: MarketView) -> Sequence[StageEvent]:
        kill = self._book.state.kills.get(kill_key(timer.scope, timer.conduct))
        if kill is None or kill.number != timer.number:
            return ()
        return self._swept(kill, view)

    def _swept(self, kill: Kill, view: MarketView) -> list[StageEvent]:
        """The next batch of orders not asked for yet; when there are none, those that are overdue once more."""
        halt, config = kill.halt, self._config
        batch = _next(kill, config.batch) or _overdue(kill, view.ts_ns - config.retry_ns, config)
        left = len(kill.waiting) + len(kill.unconfirmed)
        number = kill.number + 1 if left else 0
        swept = KillSwept(
            parent_id=DESK,
            ts_ns=view.ts_ns,
            scope=halt.scope,
            conduct=halt.conduct,
            waiting=len(kill.waiting),
            unconfirmed=len(kill.unconfirmed),
            confirmed=len(kill.confirmed),
            asked=tuple(batch),
            number=number,
        )
        if not left:
            return [swept]
        sweep = KillSweep(scope=halt.scope, conduct=halt.conduct, number=number)
        at_ns = view.ts_ns if len(kill.waiting) > len(batch) else view.ts_ns + config.retry_ns
        timer = TimerSet(parent_id=DESK, ts_ns=view.ts_ns, at_ns=at_ns, timer=sweep)
        return [swept, *self._unconfirmed(kill, batch, view), *self._asks(kill, batch, view), timer]

    def _asks(self, kill: Kill, batch: Mapping[str, KilledOrder], view: MarketView) -> list[StageEvent]:
        """One request a child. It is made whether or not a cancel is on its way already."""
        children = {killed.order.child_id: killed.order.parent_id for killed in batch.values()}
        reason = f"halt: {kill.halt.reason}"
        return [
            ChildCancelRequested(parent_id=parent_id, ts_ns=view.ts_ns, child_id=child_id, reason=reason, again=True)
            for child_id, parent_id in children.items()
        ]

    def _unconfirmed(self, kill: Kill, batch: Mapping[str, KilledOrder], view: MarketView) -> list[StageEvent]:
        """What people are told of orders that were asked for before."""
        if kill.waiting or not batch:
            return []
        overdue = KillUnconfirmed(
            parent_id=DESK,
            ts_ns=view.ts_ns,
            scope=kill.halt.scope,
            unconfirmed=len(kill.unconfirmed),
            orders=tuple(islice(batch, NAMED_MAX)),
            waited_ns=view.ts_ns - min(killed.first_ns for killed in batch.values()),
        )
        return [overdue]


def _next(kill: Kill, most: int) -> dict[str, KilledOrder]:
    """The first orders that were not asked for yet: the whole of a child, since one request is for all of it."""
    batch: dict[str, KilledOrder] = {}
    last = ""
    for name, order in kill.waiting.items():
        if len(batch) >= most and order.child_id != last:
            break
        batch[name], last = KilledOrder(order=order), order.child_id
    return batch


def _overdue(kill: Kill, asked_before_ns: int, config: KillConfig) -> dict[str, KilledOrder]:
    """The orders asked for longest ago that no venue has confirmed; asking moves them to the end."""
    overdue = ((name, killed) for name, killed in kill.unconfirmed.items() if killed.asked_ns <= asked_before_ns)
    return dict(islice(overdue, config.batch))


def _rows(kill: Kill) -> list[KilledRow]:
    return [
        KilledRow(
            scope=str(kill.halt.scope),
            cl_ord_id=name,
            parent_id=killed.order.parent_id,
            venue=killed.order.venue,
            state=state,
            asked=killed.asked,
            ended=killed.ended,
        )
        for state, orders in (
            ("waiting", {name: KilledOrder(order=order) for name, order in kill.waiting.items()}),
            ("unconfirmed", kill.unconfirmed),
            ("confirmed", kill.confirmed),
        )
        for name, killed in orders.items()
    ]
