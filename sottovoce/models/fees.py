"""What a venue charges, as dated data. Rebates are negative; the caller brings the figures."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sottovoce.core.enums import LastLiquidityInd
from sottovoce.core.errors import ModelError


class FeeSchedule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Fees of one venue from one date on, price units per share (1e-6 currency for US equities).

    venue: MIC. effective_from: ISO date. A positive figure is paid, a negative one received.
    """

    venue: str
    effective_from: str
    make_fee: int
    take_fee: int
    midpoint_fee: int = 0
    auction_fee: int = 0


def fee_per_share(schedule: FeeSchedule, liquidity: LastLiquidityInd) -> int:
    """Price units per share for a fill that made, took, met at the midpoint or came from an auction."""
    if liquidity is LastLiquidityInd.ADDED:
        return schedule.make_fee
    if liquidity is LastLiquidityInd.REMOVED:
        return schedule.take_fee
    return schedule.midpoint_fee if liquidity is LastLiquidityInd.MIDPOINT else schedule.auction_fee


def fee_for(schedule: FeeSchedule, liquidity: LastLiquidityInd, qty: int) -> int:
    """Fee of a fill in price units × shares, exact; qty >= 0."""
    if qty < 0:
        raise ModelError(f"Filled quantity is {qty}; it must be zero or more.", code="negative")
    return fee_per_share(schedule, liquidity) * qty


def schedule_on(schedules: Iterable[FeeSchedule], venue: str, date: str) -> FeeSchedule:
    """The venue's schedule in force on an ISO date: the latest that starts on or before it.

    Raises: ModelError `no_fee_schedule`; a fee is never assumed.
    """
    known = [each for each in schedules if each.venue == venue and each.effective_from <= date]
    if not known:
        raise ModelError(f"No fee schedule for {venue} on {date}; load one.", code="no_fee_schedule")
    return max(known, key=lambda each: each.effective_from)
