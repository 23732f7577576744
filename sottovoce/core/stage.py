"""What a stage is: it decides on the messages that are its own, and applies the events it needs to know.

decide(message, view) -> events writes nothing; apply(event) is the only place that changes the stage's state.
Each message type has one stage that decides on it and any number that apply it (runtime/system.py names them).
A stage does no I/O, asks no clock, rolls no unseeded dice and imports no sibling.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView

Decider = Callable[[Any, MarketView], Sequence[StageEvent]]
Applier = Callable[[Any], None]


class Stage(Protocol):
    """One part of the order's path."""

    name: str

    def deciders(self) -> Mapping[type, Decider]:
        """Message type → the pure function that decides on it."""
        ...

    def appliers(self) -> Mapping[type, Applier]:
        """Event type → the function that folds it into the stage's state."""
        ...

    def state(self) -> object:
        """The stage's whole state, as something msgspec can encode; the same state gives the same bytes."""
        ...

    def restore(self, state: bytes) -> None:
        """Take over a state that state() gave, encoded as msgspec JSON."""
        ...
