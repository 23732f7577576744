"""The band a participation is kept in, over the last minutes.

A POV order is measured against all the volume since it began; after a pause, or a burst of volume nobody could follow,
that alone would have it make up for lost time at any rate up to its maximum. So its part of the volume of the last
minutes stays under the top of its band, and an order that has fallen below the bottom crosses the spread. The minutes
begin where the market was last sampled but one (drift.py): between one and two intervals ago.

Source: FIX ParticipationRate(849) for the rate; a band of a fifth either way is the desk's policy.
"""

from __future__ import annotations

from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.targets import PPM


def room(parent: WorkedParent, others: int) -> int:
    """Most shares that may yet be sent within the band; never less than a lot, or nothing could begin."""
    plan = parent.plan
    if not plan.band_high_ppm:
        return 1 << 62
    if not parent.drift.at_ns:  # just begun, or resumed: no minutes to be measured by yet
        return parent.order.lot
    allowed = max(_part(others - parent.drift.from_others, plan.band_high_ppm), parent.order.lot)
    return allowed - (done_by(parent) - parent.drift.from_done)


def below(parent: WorkedParent, others: int) -> bool:
    """Whether fills of the last minutes are under the bottom of the band by more than a clip."""
    plan, drift = parent.plan, parent.drift
    if not plan.band_low_ppm or not drift.at_ns:
        return False
    filled = done_by(parent) - parent.ledger.working - drift.from_done
    return filled + plan.max_clip_qty < _part(others - drift.from_others, plan.band_low_ppm)


def done_by(parent: WorkedParent) -> int:
    """Shares filled or working since the plan in force began."""
    return parent.ledger.filled + parent.ledger.busted + parent.ledger.working - parent.base_qty


def _part(others: int, rate_ppm: int) -> int:
    return max(others, 0) * rate_ppm // (PPM - rate_ppm)
