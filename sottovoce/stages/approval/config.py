"""When an order needs a second person, and when its trader must look at what sending it would cost."""

from __future__ import annotations

from enum import Enum

import msgspec

from sottovoce.core.ranges import Count, Money, NotNegative, Part
from sottovoce.core.units import NS_PER_MINUTE


class SizingPolicy(Enum):
    """What becomes of an order that is dear as it would be sent at once: its trader decides, or it is worked."""

    HOLD = "hold"
    SPLIT = "split"


class ApprovalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Controls PT-27 and the sizing gate.

    A second person: value_max, currency at arrival; adv_percent_max, percent of 20-day average volume; both of all a
    trader has entered in a name and direction within window_minutes; cost_bps_max, expected cost. minutes: how long a
    held order waits before it is returned. Its own trader: sizing_bps_max, expected cost as it would be sent;
    sizing_adv_percent_max, percent of volume sent at once; sizing says what then. open_share: part of a day's volume
    that trades in the opening auction, where the instrument has no figure of its own.
    """

    value_max: Money = 25_000_000
    adv_percent_max: NotNegative = 15.0
    cost_bps_max: NotNegative = 50.0
    minutes: Count = 15
    window_minutes: Count = 10
    sizing_bps_max: NotNegative = 20.0
    sizing_adv_percent_max: NotNegative = 5.0
    sizing: SizingPolicy = SizingPolicy.HOLD
    open_share: Part = 0.0191

    @property
    def wait_ns(self) -> int:
        return self.minutes * NS_PER_MINUTE
