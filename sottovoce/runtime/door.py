"""The one door to the venues. Nothing else in the package may call Market.send, and a test proves it.

It lets through two messages only, after their step is durable, and checks once more, by counting of its own, that
no child ever sends more than risk approved.
"""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.core.errors import InvariantError
from sottovoce.core.events import ChildApproved, ChildRouted, RouteCancelRequested, StageEvent
from sottovoce.core.ports import Market
from sottovoce.runtime.metrics import Metrics


class Door:
    """Sends what a durable step decided to send."""

    def __init__(self, market: Market, metrics: Metrics) -> None:
        self._market = market
        self._metrics = metrics
        self._left: dict[str, int] = {}

    def open_for(self, events: Sequence[StageEvent], ts_ns: int) -> None:
        """Send the outbound messages among the events of a step that is on disk.

        Raises InvariantError, which stops trading, if a child would exceed what was approved.
        """
        self.remember(events)
        for event in events:
            if isinstance(event, ChildRouted):
                if self._left.get(event.route.child_id, 0) < 0:
                    raise InvariantError(f"child {event.route.child_id} exceeds its approval", code="door")
                self._market.send(event, ts_ns)
                self._metrics.counted("orders_sent")
            elif isinstance(event, RouteCancelRequested):
                self._market.send(event, ts_ns)
                self._metrics.counted("cancels_sent")

    def remember(self, events: Sequence[StageEvent]) -> None:
        """Count approvals and routes; also used while recovering, when nothing is sent."""
        for event in events:
            if isinstance(event, ChildApproved):
                self._left[event.child.child_id] = event.child.qty
            elif isinstance(event, ChildRouted):
                child_id = event.route.child_id
                self._left[child_id] = self._left.get(child_id, 0) - event.route.qty


def leaves(events: Sequence[StageEvent]) -> bool:
    """Whether anything in a step is addressed to a venue."""
    return any(isinstance(event, ChildRouted | RouteCancelRequested) for event in events)
