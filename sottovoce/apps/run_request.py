"""What a run was asked for on the command line, and how long its market goes on once the orders are done.

A calibration measures the permanent part of impact at the price half an hour after the last fill, so that a run which
ends sooner says nothing of it. Where half an hour more costs a tenth of a second, on a simulated market in virtual
time, it is given without being asked for; on the real clock, or on a market from a file, it is not.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.run import AFTER_NS, CALIBRATION_AFTER_NS


class RunRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line asked for."""

    order: str
    market: str
    date: str | None
    seed: int
    approve: bool
    out: Path | None
    speed: float | None
    config: Path | None
    silent: bool
    forecasts: Path | None = None
    declared_notional: str | None = None
    checkpoints: Path | None = None
    commands: Path | None = None
    tape_minutes_after: float | None = None

    @property
    def after_ns(self) -> int:
        """How long the market runs on after the last order: as asked; else, where virtual time and a simulated market
        make it cheap, long enough to calibrate from.
        """
        if self.tape_minutes_after is not None:
            return round(self.tape_minutes_after * NS_PER_MINUTE)
        simulated = self.market.split(":", maxsplit=1)[0] == "sim"
        return CALIBRATION_AFTER_NS if simulated and self.speed is None else AFTER_NS
