"""The one door to the venues. Nothing else in the package may call Market.send, and a test proves it.

It lets out the five messages of Outbound, after their step is durable. New orders and replaces pass the conservation
guard first (guard.py); what the guard stops never leaves, and comes back as an input, so that the record says so.
Cancels and questions always leave.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import RouteCancelRequested
from sottovoce.core.ports import Market, Outbound, Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import RouteStopped
from sottovoce.core.session_events import MassStatusRequested, RouteReplaceRequested, StatusRequested
from sottovoce.runtime.guard import ConservationGuard
from sottovoce.runtime.metrics import Metrics

COUNTERS = {
    ChildRouted: "orders_sent",
    RouteReplaceRequested: "replaces_sent",
    RouteCancelRequested: "cancels_sent",
    StatusRequested: "status_requests_sent",
    MassStatusRequested: "status_requests_sent",
}


LEAVING = ChildRouted | RouteCancelRequested | RouteReplaceRequested | StatusRequested | MassStatusRequested


class Door:
    """Sends what a durable step decided to send."""

    def __init__(self, market: Market, metrics: Metrics) -> None:
        self._market = market
        self._metrics = metrics
        self.guard = ConservationGuard()

    def open_for(self, step: Step, ts_ns: int) -> list[RouteStopped]:
        """Send the outbound messages of a step that is on disk.

        Returns what the guard kept in, to be taken as inputs at once.
        """
        stopped: list[RouteStopped] = []
        self.guard.hear(step.input)
        for event in step.events:
            self.guard.learn(event)
            if isinstance(event, ChildRouted | RouteReplaceRequested):
                excess = self.guard.judge(event)
                if excess is not None:
                    self._metrics.counted("orders_stopped_by_guard")
                    stopped.append(excess)
                    continue
                self.guard.left(event)
            if isinstance(event, LEAVING):
                self._market.send(event, ts_ns)
                self._metrics.counted(COUNTERS[type(event)])
        return stopped

    def again(self, message: Outbound, ts_ns: int) -> None:
        """Send once more what a step before a restart let out: a cancel, a question, or an order that never arrived."""
        self._market.send(message, ts_ns)
        self._metrics.counted("sent_again")

    def remember(self, step: Step) -> None:
        """Count what a step let out; used while recovering, when nothing is sent."""
        recount(self.guard, step)


def recount(guard: ConservationGuard, step: Step) -> None:
    """Count what a recorded step let out, as the door did when it was live."""
    guard.hear(step.input)
    for event in step.events:
        guard.learn(event)
        if isinstance(event, ChildRouted | RouteReplaceRequested) and guard.judge(event) is None:
            guard.left(event)


def leaves(events: Sequence[StageEvent]) -> bool:
    """Whether anything in a step is addressed to a venue."""
    return any(type(event) in COUNTERS for event in events)
