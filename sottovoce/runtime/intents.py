"""Orders that were to be sent and of which no venue has said a word: what may have to leave again, as it was."""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import RejReason
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_commands import RouteStopped

ANSWERS = (ExecutionReport, CancelReject, RouteStopped)


class Intents:
    """ClOrdID → the event that let the order out, until anything is heard of it."""

    def __init__(self) -> None:
        self._events: dict[str, ChildRouted] = {}

    def learn(self, step: Step) -> None:
        """Take in the orders of a step, and take out the one its input speaks of."""
        if isinstance(step.input, ANSWERS) and getattr(step.input, "reason", None) is not RejReason.UNKNOWN_ORDER:
            self._events.pop(step.input.cl_ord_id, None)
        for event in step.events:
            if type(event) is ChildRouted:
                self._events[event.route.cl_ord_id] = event

    def of(self, cl_ord_id: str) -> ChildRouted | None:
        """The event of an order nobody has spoken of, or None."""
        return self._events.get(cl_ord_id)

    def save(self) -> bytes:
        """As restore takes it."""
        return msgspec.json.encode(list(self._events.values()))

    def restore(self, saved: bytes) -> None:
        """Take over saved intents. Raises msgspec.DecodeError."""
        self._events = {event.route.cl_ord_id: event for event in msgspec.json.decode(saved, type=list[ChildRouted])}
