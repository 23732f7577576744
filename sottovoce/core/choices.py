"""Why this way of working an order: every way that was costed, what would change the choice, what is watched.

Part of a plan, so that whoever releases, reads or audits it sees what it was chosen from and on which figures. Costs
and risks are in bps of arrival value, positive = cost.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from math import isqrt

import msgspec

from sottovoce.core.enums import Strategy, Word

VOLUME, VOLATILITY, PROGRESS, PRICE, GAIN = "volume", "volatility", "progress", "price", "cost so far"
PARTICIPATION, COMPLETION, COST, MOVE_AGAINST = "participation", "completion", "cost", "move against"
REPLAN, ASK, STOP = "replan", "ask", "stop"


class Benchmark(Word):
    """What a manager's cost is measured against."""

    ARRIVAL = "arrival"
    VWAP = "vwap"
    CLOSE = "close"


class PlanCandidate(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One way to work the order, costed on the paths every other way was costed on.

    risk_bps: standard deviation of the cost against the benchmark. cost_low and cost_high: 80 % of outcomes.
    dominated_by: a way that costs no more, risks no more and finishes as often; "" for one on the frontier.
    difference_error_bps: standard error of its cost less that of the way chosen, path by path.
    """

    name: str
    strategy: Strategy
    participation: float
    expected_cost_bps: float
    risk_bps: float
    cost_low_bps: float
    cost_high_bps: float
    completion_probability: float
    utility_bps: float
    difference_error_bps: float = 0.0
    dominated_by: str = ""


class Flip(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """The nearest change of a figure at which another way becomes the choice.

    figure: risk_price, volatility or volume. now and at are in its own unit; becomes names the way chosen there.
    """

    figure: str
    now: float
    at: float
    becomes: str


class Reading(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One figure of the market the plan rests on. value: "" where it is not known. as_of: a date or a time, UTC.

    regime: low, usual or high, and against what; "" where nothing can be said.
    """

    name: str
    value: str
    as_of: str
    source: str
    regime: str = ""


class Watch(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A figure looked at while the order works. low and high: parts per million it may not leave, None without a bound.

    then: replan (the desk plans the rest again), ask (a person is asked) or stop (no child is sent). at_ns: looked at
    once, then; 0 at every look. haste_ppm: how many times the price of risk the rest is then planned at.
    """

    figure: str
    then: str
    low_ppm: int | None = None
    high_ppm: int | None = None
    at_ns: int = 0
    haste_ppm: int = 1_000_000


class Expected(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a plan expects by a time: volume of others, shares; move_ppm, one standard deviation of the price since the
    plan began.
    """

    at_ns: int
    volume: int
    move_ppm: int


def expected_by(marks: Sequence[Expected], now_ns: int) -> Expected | None:
    """What is expected by now: volume and variance in straight lines between marks; None before the first and without
    any.
    """
    at = bisect_right([each.at_ns for each in marks], now_ns)
    if at == 0:
        return None
    if at == len(marks):
        return marks[-1]
    left, right = marks[at - 1], marks[at]
    span, gone = right.at_ns - left.at_ns, now_ns - left.at_ns
    squares = left.move_ppm**2 + (right.move_ppm**2 - left.move_ppm**2) * gone // span
    volume = left.volume + (right.volume - left.volume) * gone // span
    return Expected(at_ns=now_ns, volume=volume, move_ppm=isqrt(squares))


class Choice(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What the recommendation rests on.

    instructed: the order itself names the way. risk_price: bps of cost a bp of risk is worth, as the profile or the
    order's urgency says. seed and paths: of the prices and volumes every candidate met. margin_bps: by how much a way
    that is none of the desk's usual ones has to be better.
    """

    candidates: tuple[PlanCandidate, ...]
    chosen: str
    instructed: bool
    risk_price: float
    benchmark: Benchmark
    seed: int
    paths: int
    completion_min: float
    profile: str = ""
    profile_version: int = 0
    cost_tolerance_bps: float | None = None
    prefer: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    flips: tuple[Flip, ...] = ()
    best: str = ""
    margin_bps: float = 0.0
