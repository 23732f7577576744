"""When the desk asks people of its own accord, and how long it waits for them."""

from __future__ import annotations

import msgspec

from sottovoce.core.ranges import Ppm, Seconds, SecondsOrNone
from sottovoce.core.units import NS_PER_SECOND


class EscalationConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Times and thresholds of the rules; every default is that of the escalation table.

    What an order's own figures may come to, the plan says (Plan.watches, from planning.watches). watch_s: time between
    two looks at an order at work. settle_s: an order's figures say nothing before it has been worked so long. unknown_s
    and break_s: E-RM-3 asks when an order has been unknown, or a break open, for longer. rearm_ppm: a rule that has
    fired may fire again once its figure is back inside by this part of its threshold. attended: people answer; where
    nobody can (a simulated day), questions are raised and recorded and no order stops for them.
    """

    watch_s: Seconds = 60
    settle_s: SecondsOrNone = 300
    unknown_s: Seconds = 60
    break_s: Seconds = 300
    rearm_ppm: Ppm = 50_000
    attended: bool = True

    @property
    def watch_ns(self) -> int:
        return self.watch_s * NS_PER_SECOND
