"""How long the executions stage waits for others, and how much of the past it keeps at hand."""

from __future__ import annotations

import msgspec

from sottovoce.core.ranges import Count, CountOrNone, Nanoseconds


class ExecutionsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Waiting times, in nanoseconds, and sizes.

    ack_timeout_ns: an order, cancel or replace unanswered for so long is asked about. status_retry_ns, status_asks:
    how often and how many times before only a reconnect asks again. break_warn_ns, break_hold_ns: how long two records
    of our trading may differ before people are told, and before the instrument is held (PO-02).
    drop_copy_venues: venues whose drop copy must confirm each of our trades.
    hot_parents: finished parents kept as they are; older ones are packed. packed_parents: those kept packed, for a
    late fill or bust; news of older ones opens a break.
    """

    ack_timeout_ns: Nanoseconds = 2_000_000_000
    status_retry_ns: Nanoseconds = 5_000_000_000
    status_asks: Count = 3
    break_warn_ns: Nanoseconds = 30_000_000_000
    break_hold_ns: Nanoseconds = 300_000_000_000
    drop_copy_venues: tuple[str, ...] = ()
    hot_parents: CountOrNone = 1_000
    packed_parents: CountOrNone = 200_000
