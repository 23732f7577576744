"""When a breaker opens, how long it stays open, and what may wait for it."""

from __future__ import annotations

import msgspec

from sottovoce.core.ranges import Count, CountOrNone, Percent, Seconds
from sottovoce.core.units import NS_PER_MILLISECOND, NS_PER_SECOND

PERCENT = 100


class BreakerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Controls A5; every default is the one there.

    error_percent: a window opens the breaker when its errors are above this part of its calls, from calls_min calls on;
    consecutive_max: so many errors in a row open it whatever the ratio. backoff_s doubles after every failed probing,
    to backoff_max_s. probes: status queries that must all be answered within probe_s.
    reject_percent: business rejects above this part of the calls alert and make routing avoid the downstream for
    avoid_s, from reject_calls_min calls on; so do rejects_in_row however few calls there were.
    queue_max orders wait for queue_age_s at most; drain_per_s leave a second.
    """

    window_s: Seconds = 60
    calls_min: Count = 20
    error_percent: Percent = 5
    consecutive_max: Count = 5
    backoff_s: Seconds = 10
    backoff_max_s: Seconds = 120
    probes: Count = 3
    probe_s: Seconds = 5
    reject_percent: Percent = 20
    reject_calls_min: Count = 20
    rejects_in_row: Count = 3
    avoid_s: Seconds = 60
    queue_max: CountOrNone = 10_000
    queue_age_s: Seconds = 60
    drain_per_s: Count = 50

    @property
    def queue_age_ns(self) -> int:
        return self.queue_age_s * NS_PER_SECOND

    @property
    def drain_tick_ns(self) -> int:
        """Time between two looks at a queue that drains."""
        return 100 * NS_PER_MILLISECOND

    @property
    def drain_per_tick(self) -> int:
        """Orders that may leave at one look."""
        return max(self.drain_per_s // 10, 1)
