"""The market departs from a plan: what was seen of it, and what the desk made of the rest."""

from __future__ import annotations

import msgspec

from sottovoce.core.event import Event

ONE = 1_000_000
"""Parts per million: a figure that is as the plan expected."""


class PlanBounds(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a person put a name to, and no plan of the desk's own goes beyond: shares and parts per million of the
    volume, and the cost it may expect, bps.
    """

    max_participation_ppm: int
    clip_qty: int
    max_clip_qty: int
    child_qty_max: int
    close_qty: int
    dark_ppm: int
    cost_most_bps: float


class PlanFigures(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the plan that was in force said of the whole of what it planned."""

    expected_cost_bps: float
    timing_risk_bps: float
    completion_probability: float
    model_version: str


class Departure(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """How the market left the plan. figure: which watch; seen_ppm against limit_ppm, its own threshold.

    volume_ppm and volatility_ppm: seen so far, of what was expected so far; samples: looks they rest on. number: of the
    order's plans again, this one included, of at most so many. haste_ppm: of the price of risk the rest is planned at.
    """

    figure: str
    seen_ppm: int
    limit_ppm: int
    volume_ppm: int = ONE
    volatility_ppm: int = ONE
    samples: int = 0
    number: int = 1
    most: int = 0
    haste_ppm: int = ONE


class MarketSampled(Event, frozen=True, kw_only=True, gc=False, tag="market_sampled"):
    """A price taken at even times while an order works, for the volatility that is met: 0 where there was none.

    others and done_qty: the volume of others, and our shares filled or working, since the plan in force began.
    """

    mid_px: int
    others: int = 0
    done_qty: int = 0


ReplanEvent = MarketSampled
