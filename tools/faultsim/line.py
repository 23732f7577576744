"""The line between the desk and one venue."""

from __future__ import annotations

from sottovoce.core.commands import VenueMessage


class Line:
    """Up or down; silent until a time though it is up; held is what was said while it was down.

    logons counts how often it was cut: what left on an earlier one has arrived by now, or never will.
    """

    def __init__(self) -> None:
        self.up = True
        self.logons = 0
        self.silent_until = 0
        self.held: list[VenueMessage] = []
