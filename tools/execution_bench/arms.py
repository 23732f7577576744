"""What is compared: ways to work an order, and sizes of it.

An arm is an instruction to the desk, nothing else: the same order in the same session, with another strategy, urgency
or leave to follow the volume. The first two are what the others are judged against.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Strategy, Urgency


class Arm(msgspec.Struct, frozen=True, kw_only=True):
    """One way to work an order.

    follow_ppm: how far a VWAP order may leave its curve, 0 stays on it. replans: how often the desk may plan what is
    left of the order again of its own accord.
    """

    name: str
    title: str
    strategy: Strategy
    urgency: Urgency = Urgency.MEDIUM
    follow_ppm: int = 0
    replans: int = 0


class SizeClass(msgspec.Struct, frozen=True, kw_only=True):
    """A size: part of the volume usual in the order's window."""

    name: str
    part: float


FOLLOW_PPM = 100_000
"""Within ten percent of the order of the historical curve (scheduling reference, section 6)."""

TWAP = Arm(name="twap", title="TWAP", strategy=Strategy.TWAP)
VWAP = Arm(name="vwap", title="VWAP, static", strategy=Strategy.VWAP)
FOLLOWING = Arm(name="vwap_dynamic", title="VWAP, dynamic", strategy=Strategy.VWAP, follow_ppm=FOLLOW_PPM)
IS_MEDIUM = Arm(name="is_medium", title="IS, medium urgency", strategy=Strategy.IS)
IS_AGAIN = Arm(name="is_again", title="IS, medium, planned again", strategy=Strategy.IS, replans=3)
IS_HIGH = Arm(name="is_high", title="IS, high urgency", strategy=Strategy.IS, urgency=Urgency.HIGH)

ARMS = (TWAP, VWAP, FOLLOWING, IS_MEDIUM, IS_AGAIN, IS_HIGH)
SIZES = (SizeClass(name="small", part=0.01), SizeClass(name="medium", part=0.04), SizeClass(name="large", part=0.10))
COMPARED = SIZES[1]
"""Strategies are compared at this size, by every arm; at the others only two of them trade, for their intervals."""

COVERED = (VWAP, IS_MEDIUM)
TRAINED = {"fit": (TWAP, VWAP, IS_MEDIUM, IS_HIGH), "ends": COVERED}
"""How the orders are worked that teach the desk: what an order moves is learned from every speed; how far one misses
its plan, from orders like those the interval is promised for.
"""

PAIRS = (
    (VWAP, TWAP),
    (FOLLOWING, TWAP),
    (FOLLOWING, VWAP),
    (IS_MEDIUM, TWAP),
    (IS_MEDIUM, VWAP),
    (IS_AGAIN, IS_MEDIUM),
    (IS_HIGH, TWAP),
    (IS_HIGH, VWAP),
)
"""Who is compared with whom: the first less the second."""


def arms_at(size: SizeClass) -> tuple[Arm, ...]:
    """The arms that trade an order of a size in a test session."""
    return ARMS if size == COMPARED else COVERED
