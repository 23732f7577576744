"""How a day's volume is spread over the clock, and the questions schedules ask of it.

A curve is the share of *continuous* volume in each bin between the session's open and close, plus the
shares of the day that trade in the opening and closing auctions. Between bin edges volume is taken to
arrive evenly. Times are nanoseconds since midnight on the exchange's own clock, so that a change to summer
time moves nothing here.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate, pairwise
from math import isfinite

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.ranges import NanosecondsOrNone, Part
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.guards import not_negative, positive

SHARE_SLACK = 1e-6


class VolumeCurve(msgspec.Struct, frozen=True, kw_only=True):
    """Bin edges (ns of the exchange's day, n + 1), cumulative continuous shares at them (0 … 1), auction
    shares.

    open_auction and close_auction are fractions of the whole day's volume; the rest of the day is continuous.
    Build one with `volume_curve`, which checks it.
    """

    name: str
    origin: str
    edges_ns: tuple[NanosecondsOrNone, ...]
    cumulative: tuple[Part, ...]
    open_auction: Part = 0.0
    close_auction: Part = 0.0

    @property
    def open_ns(self) -> int:
        """Start of continuous trading, ns of day."""
        return self.edges_ns[0]

    @property
    def close_ns(self) -> int:
        """End of continuous trading, ns of day."""
        return self.edges_ns[-1]

    @property
    def shares(self) -> tuple[float, ...]:
        """Share of continuous volume in each bin, n figures summing to 1."""
        return tuple(after - before for before, after in pairwise(self.cumulative))

    @property
    def continuous(self) -> float:
        """Share of the day's volume that trades outside the auctions."""
        return 1.0 - self.open_auction - self.close_auction


def volume_curve(
    *,
    name: str,
    origin: str,
    edges_ns: tuple[int, ...],
    shares: tuple[float, ...],
    open_auction: float = 0.0,
    close_auction: float = 0.0,
) -> VolumeCurve:
    """A checked curve from bin shares (n figures >= 0 summing to 1) and n + 1 rising edges.

    Raises: ModelError `bad_volume_curve`.
    """
    if len(edges_ns) != len(shares) + 1 or not shares:
        raise _bad(name, "needs one more edge than it has bins")
    if any(after <= before for before, after in pairwise(edges_ns)):
        raise _bad(name, "needs edges that rise")
    if any(not isfinite(share) or share < 0 for share in shares) or abs(sum(shares) - 1) > SHARE_SLACK:
        raise _bad(name, "needs shares of zero or more that sum to 1")
    if not (open_auction >= 0 and close_auction >= 0 and open_auction + close_auction < 1):
        raise _bad(name, "needs auction shares of zero or more that leave a continuous session")
    total = sum(shares)
    cumulative = (0.0, *(part / total for part in accumulate(shares[:-1])), 1.0)
    return VolumeCurve(
        name=name, origin=origin, edges_ns=edges_ns, cumulative=cumulative,
        open_auction=open_auction, close_auction=close_auction,
    )  # fmt: skip


def check_curve(curve: VolumeCurve) -> None:
    """What `volume_curve` checks, of a curve read from a file. Raises: ModelError `bad_volume_curve`."""
    if not curve.cumulative or curve.cumulative[0] != 0.0:
        raise _bad(curve.name, "needs cumulative shares that start at 0")
    volume_curve(
        name=curve.name, origin=curve.origin, edges_ns=curve.edges_ns, shares=curve.shares,
        open_auction=curve.open_auction, close_auction=curve.close_auction,
    )  # fmt: skip


def fit_to_session(curve: VolumeCurve, open_ns: int, close_ns: int) -> VolumeCurve:
    """The same shape over another session, such as an early close: edges stretched in proportion."""
    if close_ns <= open_ns:
        raise PlanError("The session closes before it opens.", code="empty_session")
    old_open, length = curve.open_ns, curve.close_ns - curve.open_ns
    edges = tuple(open_ns + (edge - old_open) * (close_ns - open_ns) // length for edge in curve.edges_ns)
    return msgspec.structs.replace(curve, edges_ns=edges)


def cumulative_fraction(curve: VolumeCurve, t_ns_of_day: int) -> float:
    """Share of continuous volume traded by a time of day: 0 before the open, 1 after the close."""
    edges, cumulative = curve.edges_ns, curve.cumulative
    at = bisect_right(edges, t_ns_of_day) - 1
    if at < 0:
        return 0.0
    if at >= len(edges) - 1:
        return 1.0
    part = (t_ns_of_day - edges[at]) / (edges[at + 1] - edges[at])
    return cumulative[at] + part * (cumulative[at + 1] - cumulative[at])


def cumulative_fractions(curve: VolumeCurve, times_ns_of_day: IntArray) -> FloatArray:
    """`cumulative_fraction` of many times, shape (n,)."""
    found = np.interp(times_ns_of_day, curve.edges_ns, curve.cumulative)
    return np.asarray(found, dtype=np.float64)


def slice_weights(curve: VolumeCurve, start: int, end: int, edges: IntArray) -> FloatArray:
    """Share of the volume between start and end that each slice expects; shape (len(edges) − 1,), sum 1.

    Args:
        start, end: the order's window, ns of day; what a slice has outside it counts nothing.
        edges: slice edges, ns of day, rising, shape (n + 1,).
    Raises: PlanError `no_volume_in_window`: equal slices are never assumed; `bad_edges`.
    """
    if edges.size < 2 or bool((np.diff(edges) <= 0).any()):
        raise PlanError("Slices need at least two edges that rise.", code="bad_edges")
    inside = np.clip(edges, start, end)
    volume = np.diff(cumulative_fractions(curve, inside))
    total = float(volume.sum())
    if total <= 0:
        raise PlanError(
            f"The curve {curve.name} expects no volume in this window; choose one inside the session.",
            code="no_volume_in_window",
        )
    return np.asarray(volume / total, dtype=np.float64)


def expected_volume(adv: float, curve: VolumeCurve, t0: int, t1: int, *, with_auctions: bool = False) -> float:
    """Shares the market is expected to trade from t0 to t1 (ns of day), ours included as adv includes it.

    `with_auctions` adds the opening auction if t0 <= open < t1 and the closing auction if t0 <= close <= t1.
    """
    not_negative("Average daily volume", adv)
    if t1 < t0:
        raise PlanError("The window ends before it starts.", code="empty_window")
    moved = cumulative_fraction(curve, t1) - cumulative_fraction(curve, t0)
    fraction = curve.continuous * moved
    if with_auctions:
        fraction += curve.open_auction if t0 <= curve.open_ns < t1 else 0.0
        fraction += curve.close_auction if t0 <= curve.close_ns <= t1 else 0.0
    return adv * fraction


def participation_child(others: float, rate: float) -> float:
    """Shares that make us `rate` of the total when others trade `others` shares: rate/(1 − rate) · others.

    rate: share of total volume including ours, 0 < rate < 1. Source: scheduling reference §7, T-SCH-15.
    """
    not_negative("Volume of others", others)
    if positive("Participation rate", rate) >= 1:
        raise ModelError(f"Participation rate is {rate}; it must be below 1.", code="out_of_range")
    return rate / (1.0 - rate) * others


def _bad(name: str, why: str) -> ModelError:
    return ModelError(f"The volume curve {name} {why}.", code="bad_volume_curve")


US_EQUITY = volume_curve(
    name="us-equity-2013-10",
    origin=(
        "mean over BAC, IBM, SPY of 2013-10-07 to 09 (seven symbol-days of the consolidated tape), "
        "auctions from BAC and IBM; computed by tools/volume_curve.py. Closing auctions have grown since: "
        "prefer a current curve."
    ),
    edges_ns=tuple((570 + 15 * bin_) * NS_PER_MINUTE for bin_ in range(27)),
    shares=(
        0.0737, 0.0676, 0.0525, 0.0367, 0.0349, 0.0438, 0.0415, 0.0329, 0.0378,
        0.0348, 0.0225, 0.0231, 0.0271, 0.0193, 0.0237, 0.0223, 0.0221, 0.0217,
        0.0343, 0.0370, 0.0248, 0.0261, 0.0281, 0.0443, 0.0529, 0.1145,
    ),
    open_auction=0.0191,
    close_auction=0.0366,
)  # fmt: skip
"""09:30 to 16:00 in 15-minute bins. The default where an instrument has no curve of its own."""
