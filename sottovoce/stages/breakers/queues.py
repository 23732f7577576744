"""What waits for a downstream: who may join, who is too old, and who may go now.

Pure functions of a queue and the breakers. Nothing that waited is sent as it was: risk judges it again (controls A5).
"""

from __future__ import annotations

from collections.abc import Iterator

from sottovoce.core.breaker_events import ChildDequeued
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import ParentPaused
from sottovoce.core.halts import HaltPath
from sottovoce.core.orders import Child, Failure
from sottovoce.core.reasons import failure
from sottovoce.core.route_events import ChildUnrouted
from sottovoce.stages.breakers.book import BreakersState, BreakerStatus, Queue, Waiting
from sottovoce.stages.breakers.config import BreakerConfig

STAGE = "breakers"


def unavailable(downstream: str, value: object, limit: object) -> Failure:
    """Why a child that had to wait comes back: the queue was full, or the wait too long."""
    return failure(STAGE, "downstream_unavailable", f"{downstream}: {value}", limit)


def sent_back(child: Child, failed: Failure, ts_ns: int) -> list[StageEvent]:
    """The child's quantity is unsent again, and its parent waits for the trader: it is not simply tried again."""
    return [
        ParentPaused(parent_id=child.parent_id, ts_ns=ts_ns, reason=f"{failed.code}: {failed.value}"),
        returned(child, failed, ts_ns),
    ]


def returned(child: Child, failed: Failure, ts_ns: int) -> ChildUnrouted:
    """The child's quantity is unsent again."""
    return ChildUnrouted(
        parent_id=child.parent_id, ts_ns=ts_ns, child_id=child.child_id, qty=child.qty, failures=(failed,)
    )


class Look:
    """One look at a queue: what is returned, what may go, and how many still wait."""

    def __init__(self, downstream: str, state: BreakersState, config: BreakerConfig, ts_ns: int) -> None:
        self.downstream = downstream
        self.ts_ns = ts_ns
        self._state = state
        self._config = config
        self._queue: Queue = state.queues[downstream]
        breaker = state.breakers.get(downstream)
        self.closed = breaker is None or breaker.status is BreakerStatus.CLOSED
        self.left = len(self._queue.waiting)

    def events(self) -> list[StageEvent]:
        """What is decided, oldest child first."""
        decided: list[StageEvent] = []
        room = self._config.drain_per_tick if self.closed else 0
        for waiting in self._queue.waiting.values():
            back = self._back(waiting)
            if back:
                decided += back
            elif room:
                room -= 1
                decided.append(self._dequeued(waiting))
            else:
                continue
            self.left -= 1
        return decided

    def _back(self, waiting: Waiting) -> list[StageEvent]:
        """What sends this child back, and no wait for the downstream can change."""
        child, age_ns = waiting.child, self.ts_ns - waiting.child.created_ns
        if child.child_id in self._queue.pulled:
            return [returned(child, failure(STAGE, "pulled_from_queue", child.child_id), self.ts_ns)]
        halt = self._state.halts.matching(self._state.paths.get(child.parent_id, HaltPath(parent_id=child.parent_id)))
        if halt is not None:
            return [returned(child, failure(STAGE, "halted", halt.scope, halt.reason), self.ts_ns)]
        if age_ns > self._config.queue_age_ns:
            waited = f"waited {age_ns / 1e9:.1f} s"
            return sent_back(child, unavailable(self.downstream, waited, f"{self._config.queue_age_s} s"), self.ts_ns)
        return []

    def _dequeued(self, waiting: Waiting) -> ChildDequeued:
        return ChildDequeued(
            parent_id=waiting.child.parent_id,
            ts_ns=self.ts_ns,
            child=waiting.child,
            downstream=self.downstream,
            waited_ns=self.ts_ns - waiting.queued_ns,
        )


def queued(state: BreakersState) -> Iterator[tuple[str, int, Waiting]]:
    """Everything that waits: (downstream, position from 1, child), for people to see."""
    for downstream, queue in state.queues.items():
        for position, waiting in enumerate(queue.waiting.values(), start=1):
            yield downstream, position, waiting
