"""Price bands as a feed gives them, judged before anything is judged by them (PT-19, limit up-limit down).

A pair of figures is believed if it can be bands at all: a lower one above zero and below the upper, no narrower than
half of the narrowest the rules know (5 % either side, a tier 1 stock above 3 dollars), and around the market that is
believed on its own grounds. What is not believed binds nobody, and somebody is told.

Source: Plan to Address Extraordinary Market Volatility (LULD), sections V and VI; figures in models/protections.
"""

from __future__ import annotations

PPM = 1_000_000
NARROWEST_PPM = 50_000
"""The least width, upper less lower, as a part of their middle: 5 % either side would be 100,000."""


def doubt(lower: int, upper: int, mid: int) -> str:
    """Why a pair cannot be the bands of a market at mid, price units; "" where it can."""
    if lower <= 0 or upper <= lower:
        return "the lower band is not above 0 and below the upper"
    if 2 * (upper - lower) * PPM < (upper + lower) * NARROWEST_PPM:
        return "narrower than any rule makes them"
    if not lower <= mid <= upper:
        return "the market is outside them"
    return ""


def at_band(bid: int, ask: int, lower: int, upper: int) -> bool:
    """Whether the touch stands at a band: a limit state, which the listing market pauses for after 15 seconds."""
    return bid >= upper or 0 < ask <= lower
