"""The clock of a kill: an input of a step (AT-01)."""

from __future__ import annotations

import msgspec

from sottovoce.core.halts import HaltScope


class KillSweep(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="kill_sweep"):
    """Ask for the next cancels of a kill, or again for those no venue has confirmed. Only the latest number counts."""

    scope: HaltScope
    conduct: bool
    number: int
