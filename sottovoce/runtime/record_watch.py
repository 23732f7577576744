"""What a live loop asks of its clock and of its record between two turns: inputs for the desk, if there is news."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sottovoce.core.clock_commands import ClockReading, RecordStoreReport
from sottovoce.core.commands import Input
from sottovoce.core.recovery_commands import ClockJumped
from sottovoce.runtime.inprocess import Desk


class RecordWatch:
    """Puts clock readings, clock jumps and the loss and return of the second store on the desk's agenda.

    clock: what a ClockWatch has seen since it was last asked. lost: why the second store is away, or None.
    """

    def __init__(
        self, clock: Callable[[], Sequence[ClockReading | ClockJumped]], lost: Callable[[], str | None]
    ) -> None:
        self._clock = clock
        self._lost = lost
        self._said: str | None = None

    def turn(self, desk: Desk) -> None:
        """Call it once a turn of the loop; it takes no time when there is no news."""
        for message in self.news():
            desk.schedule(desk.clock.now_ns(), message)

    def news(self) -> list[Input]:
        """What happened since the last call, in the order it is to be recorded."""
        found: list[Input] = list(self._clock())
        lost = self._lost()
        if (lost is None) is not (self._said is None):
            found.append(RecordStoreReport(up=lost is None, reason=lost or ""))
        self._said = lost
        return found
