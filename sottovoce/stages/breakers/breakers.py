"""The breakers stage: one circuit breaker for each downstream, as controls A5 says (AT-09).

Above the allowed part of errors in a rolling minute, or after so many in a row, a downstream gets no new order: what
is meant for it waits, bounded in number and in time. Cancels and kills do not pass here and always leave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.breaker_commands import (
    ANSWERS,
    VENUE,
    AvoidanceOver,
    BreakerRetry,
    BreakerTimer,
    DownstreamOutcome,
    Outcome,
    ProbeDeadline,
    QueueTick,
)
from sottovoce.core.breaker_events import (
    AvoidanceEnded,
    BreakerClosed,
    BreakerHalfOpened,
    BreakerOpened,
    ChildBlocked,
    ChildQueued,
    OpenReason,
    OutcomeCounted,
    ProbeRequested,
    QueueTicked,
    RejectsHigh,
)
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.session_events import MassStatusRequested
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.breakers.book import Breaker, BreakersBook, BreakerStatus, Queue
from sottovoce.stages.breakers.config import PERCENT, BreakerConfig
from sottovoce.stages.breakers.queues import Look, sent_back, unavailable
from sottovoce.stages.breakers.window import Sums

DESK = ""


class Breakers:
    """Decides on outcomes, its own clocks, and children that may be sent nowhere."""

    name = "breakers"

    def __init__(self, config: BreakerConfig) -> None:
        self._config = config
        self._book = BreakersBook(config)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            DownstreamOutcome: self._outcome,
            BreakerRetry: self._retry,
            ProbeDeadline: self._deadline,
            AvoidanceOver: self._tried_again,
            ChildBlocked: self._blocked,
            QueueTick: self._look,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    # outcomes --------------------------------------------------------------------------------------------

    def _outcome(self, message: DownstreamOutcome, view: MarketView) -> Sequence[StageEvent]:
        name, breaker = message.downstream, self._book.breaker(message.downstream)
        counted = OutcomeCounted(
            parent_id=DESK,
            ts_ns=view.ts_ns,
            downstream=name,
            outcome=message.outcome,
            cl_ord_id=message.cl_ord_id,
            probe_id=message.probe_id,
        )
        if message.probe_id:
            return self._probed(message, breaker, counted, view)
        if breaker.status is not BreakerStatus.CLOSED:
            return (counted,)
        sums = breaker.window.sums(view.ts_ns, self._config.window_s).with_one(message.outcome)
        if message.outcome is Outcome.REJECT:
            return (counted, *self._rejected(name, breaker, sums, view))
        reason = self._opens(message.outcome, breaker, sums)
        return (counted,) if reason is None else (counted, *self._open(name, breaker, reason, sums, view))

    def _opens(self, outcome: Outcome, breaker: Breaker, sums: Sums) -> OpenReason | None:
        """Why this outcome opens a closed breaker, or None."""
        if outcome in ANSWERS:
            return None
        if breaker.consecutive + 1 >= self._config.consecutive_max:
            return OpenReason.CONSECUTIVE
        above = sums.errors * PERCENT > self._config.error_percent * sums.calls
        return OpenReason.ERROR_RATIO if above and sums.calls >= self._config.calls_min else None

    def _open(self, name: str, breaker: Breaker, reason: OpenReason, sums: Sums, view: MarketView) -> list[StageEvent]:
        """Open, and come back after the back-off: twice as long as last time when a probing failed."""
        config, number = self._config, breaker.number + 1
        backoff_s = config.backoff_s
        if breaker.status is not BreakerStatus.CLOSED:
            backoff_s = min(2 * breaker.backoff_ns // NS_PER_SECOND, config.backoff_max_s)
        retry_ns = view.ts_ns + backoff_s * NS_PER_SECOND
        opened = BreakerOpened(
            parent_id=DESK,
            ts_ns=view.ts_ns,
            downstream=name,
            reason=reason,
            calls=sums.calls,
            errors=sums.errors,
            consecutive=breaker.consecutive + 1,
            backoff_ns=backoff_s * NS_PER_SECOND,
            retry_ns=retry_ns,
            number=number,
        )
        return [opened, _timer(BreakerRetry(downstream=name, number=number), retry_ns, view)]

    def _rejected(self, name: str, breaker: Breaker, sums: Sums, view: MarketView) -> list[StageEvent]:
        """Business rejects open nothing; too many of them alert, and send what can go elsewhere elsewhere."""
        config = self._config
        above = sums.calls >= config.reject_calls_min and sums.rejects * PERCENT > config.reject_percent * sums.calls
        if breaker.avoiding or not (above or breaker.rejects_in_row + 1 >= config.rejects_in_row):
            return []
        until_ns, number = view.ts_ns + config.avoid_s * NS_PER_SECOND, breaker.avoided + 1
        high = RejectsHigh(
            parent_id=DESK,
            ts_ns=view.ts_ns,
            downstream=name,
            calls=sums.calls,
            rejects=sums.rejects,
            until_ns=until_ns,
            number=number,
        )
        return [high, _timer(AvoidanceOver(downstream=name, number=number), until_ns, view)]

    def _tried_again(self, timer: AvoidanceOver, view: MarketView) -> Sequence[StageEvent]:
        breaker = self._book.breaker(timer.downstream)
        if not breaker.avoiding or breaker.avoided != timer.number:
            return ()
        return (AvoidanceEnded(parent_id=DESK, ts_ns=view.ts_ns, downstream=timer.downstream),)

    # half open -------------------------------------------------------------------------------------------

    def _retry(self, timer: BreakerRetry, view: MarketView) -> Sequence[StageEvent]:
        """The back-off is over: ask a few times whether it is there."""
        name, breaker = timer.downstream, self._book.breaker(timer.downstream)
        if breaker.status is not BreakerStatus.OPEN or breaker.number != timer.number:
            return ()
        half = BreakerHalfOpened(parent_id=DESK, ts_ns=view.ts_ns, downstream=name, number=timer.number)
        asked = [
            each
            for probe in range(1, self._config.probes + 1)
            for each in self._probe(name, breaker, f"{name}#{timer.number}.{probe}", view)
        ]
        deadline_ns = view.ts_ns + self._config.probe_s * NS_PER_SECOND
        return half, *asked, _timer(ProbeDeadline(downstream=name, number=timer.number), deadline_ns, view)

    def _probe(self, name: str, breaker: Breaker, probe_id: str, view: MarketView) -> list[StageEvent]:
        probe = ProbeRequested(parent_id=DESK, ts_ns=view.ts_ns, downstream=name, probe_id=probe_id)
        if not name.startswith(VENUE):
            return [probe]
        query = MassStatusRequested(
            parent_id=DESK,
            ts_ns=view.ts_ns,
            venue=name.removeprefix(VENUE),
            instrument_id=breaker.instrument_id,
            request_id=probe_id,
        )
        return [probe, query]

    def _probed(
        self, message: DownstreamOutcome, breaker: Breaker, counted: OutcomeCounted, view: MarketView
    ) -> Sequence[StageEvent]:
        name, own = message.downstream, f"{message.downstream}#{breaker.number}."
        if breaker.status is not BreakerStatus.HALF_OPEN or not message.probe_id.startswith(own):
            return (counted,)
        if message.outcome not in ANSWERS:
            sums = breaker.window.sums(view.ts_ns, self._config.window_s).with_one(message.outcome)
            return (counted, *self._open(name, breaker, OpenReason.PROBE_FAILED, sums, view))
        if breaker.probes_ok + 1 < self._config.probes:
            return (counted,)
        queue = self._book.state.queues.get(name)
        waiting = 0 if queue is None else len(queue.waiting)
        return counted, BreakerClosed(parent_id=DESK, ts_ns=view.ts_ns, downstream=name, waiting=waiting)

    def _deadline(self, timer: ProbeDeadline, view: MarketView) -> Sequence[StageEvent]:
        """Silence is a failed probe."""
        name, breaker = timer.downstream, self._book.breaker(timer.downstream)
        if breaker.status is not BreakerStatus.HALF_OPEN or breaker.number != timer.number:
            return ()
        sums = breaker.window.sums(view.ts_ns, self._config.window_s)
        return self._open(name, breaker, OpenReason.PROBE_UNANSWERED, sums, view)

    # the queue -------------------------------------------------------------------------------------------

    def _blocked(self, event: ChildBlocked, view: MarketView) -> Sequence[StageEvent]:
        """Join the queue, if there is room."""
        name, config = event.downstream, self._config
        queue = self._book.state.queues.get(name) or Queue()
        position = len(queue.waiting) + 1
        if position > config.queue_max:
            failed = unavailable(name, f"{len(queue.waiting)} orders wait", config.queue_max)
            return sent_back(event.child, failed, view.ts_ns)
        joined = ChildQueued(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            child=event.child,
            downstream=name,
            reason=self._book.breaker(name).reason,
            position=position,
            expires_ns=event.child.created_ns + config.queue_age_ns,
        )
        if queue.tick:
            return (joined,)
        tick = QueueTick(downstream=name, number=queue.ticks + 1)
        return joined, _timer(tick, view.ts_ns + config.drain_tick_ns, view)

    def _look(self, timer: QueueTick, view: MarketView) -> Sequence[StageEvent]:
        """Return what is too old or no longer wanted, drain what may go, and look again while anything waits."""
        name = timer.downstream
        queue = self._book.state.queues.get(name)
        if queue is None or queue.tick != timer.number:
            return ()
        look = Look(name, self._book.state, self._config, view.ts_ns)
        decided = look.events()
        number = queue.ticks + 1 if look.left else 0
        ticked = QueueTicked(parent_id=DESK, ts_ns=view.ts_ns, downstream=name, waiting=look.left, next_number=number)
        if not look.left:
            return ticked, *decided
        pause_ns = self._config.drain_tick_ns if look.closed else NS_PER_SECOND
        tick = QueueTick(downstream=name, number=number)
        return ticked, *decided, _timer(tick, view.ts_ns + pause_ns, view)


def _timer(timer: BreakerTimer, at_ns: int, view: MarketView) -> TimerSet:
    return TimerSet(parent_id=DESK, ts_ns=view.ts_ns, at_ns=at_ns, timer=timer)
