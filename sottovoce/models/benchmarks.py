"""The prices an execution is measured against, and the measure itself.

Prices are integers in the instrument's unit, volumes shares. An average is kept as the exact pair (Σ px·qty,
Σ qty) and divided for display, so taking our own fills out of the market's is exact.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import BoolArray, IntArray
from sottovoce.models.exact_sums import exact_dot, exact_sum
from sottovoce.models.guards import positive, side_sign


class AveragePx(msgspec.Struct, frozen=True, kw_only=True):
    """An exact average: value Σ px·qty in price units × shares over qty shares > 0."""

    value: int
    qty: int

    @property
    def px(self) -> float:
        """The average in price units."""
        return self.value / self.qty


def vwap(px: IntArray, qty: IntArray, mask: BoolArray | None = None) -> AveragePx:
    """Volume-weighted average of the prints where mask is true (all without a mask); shape (n,) each.

    Raises: ModelError `no_volume`; `shapes_differ`.
    """
    if mask is not None:
        px, qty = px[mask], qty[mask]
    return _average(exact_dot(px, qty), exact_sum(qty), "the interval")


def vwap_ex_own(market: AveragePx, own: AveragePx) -> AveragePx:
    """The market's average without our own prints, which it must contain.

    Raises: ModelError `no_volume` when nobody else traded, `own_exceeds_market` when we are above the market.
    """
    if own.qty > market.qty or own.value > market.value:
        raise ModelError("Our own volume exceeds the market's in this interval.", code="own_exceeds_market")
    return _average(market.value - own.value, market.qty - own.qty, "the interval without our own prints")


def twap(ts_ns: IntArray, mid: IntArray, start_ns: int, end_ns: int) -> float:
    """Time-weighted average mid from start to end, price units.

    A mid holds from its time until the next; the last at or before the start holds at the start. Without
    one, the average runs from the first mid inside the window.
    Args: ts_ns: never falling, shape (n,); mid: price units, shape (n,); end_ns > start_ns.
    Raises: ModelError `empty_window`, `no_quotes`, `shapes_differ`, `times_fall`.
    """
    if end_ns <= start_ns:
        raise ModelError("The window ends before it starts.", code="empty_window")
    if ts_ns.shape != mid.shape:
        raise ModelError(f"Cannot pair {ts_ns.size} times with {mid.size} mids.", code="shapes_differ")
    if bool((np.diff(ts_ns) < 0).any()):
        raise ModelError("Quote times fall; sort them first.", code="times_fall")
    first = max(int(np.searchsorted(ts_ns, start_ns, side="right")) - 1, 0)
    last = int(np.searchsorted(ts_ns, end_ns, side="left"))
    if last <= first:
        raise ModelError("No quote up to the end of the window.", code="no_quotes")
    edges = np.append(np.maximum(ts_ns[first:last], start_ns), end_ns)
    held = np.diff(edges)
    return exact_dot(mid[first:last], held) / exact_sum(held)


def pwp(px: IntArray, qty: IntArray, quantity: int, rate: float) -> AveragePx:
    """Participation-weighted price: VWAP of the first quantity/rate market shares after arrival.

    px, qty: prints after arrival in time order, shape (n,); of the last print only what is needed counts.
    Raises: ModelError `tape_too_short` when the tape ends before. Source: T-TCA-3.
    """
    if positive("Participation rate", rate) > 1:
        raise ModelError(f"Participation rate is {rate}; it must be at most 1.", code="out_of_range")
    needed = round(positive("Quantity", quantity) / rate)
    before = np.cumsum(qty) - qty
    taken = np.clip(needed - before, 0, qty)
    if exact_sum(taken) < needed:
        raise ModelError(
            f"The tape has {exact_sum(qty)} shares after arrival; {needed} are needed.", code="tape_too_short"
        )
    return _average(exact_dot(px, taken), needed, "the tape")


def rpm(side: int, own_px: float, px: IntArray, qty: IntArray) -> float:
    """Relative performance: share of market volume at worse prices than ours, ties counted half; 0 to 1.

    side: +1 buy, -1 sell; own_px: our average, price units; px, qty: market prints, shape (n,).
    Source: Kissell.
    """
    worse = side_sign(side) * (px - own_px) > 0
    ties = px == own_px
    total = exact_sum(qty)
    if total <= 0:
        raise ModelError("Nothing traded in the interval.", code="no_volume")
    return (exact_sum(qty[worse]) + 0.5 * exact_sum(qty[ties])) / total


def slippage_bps(side: int, avg_px: float, benchmark_px: float) -> float:
    """s(average − benchmark)/benchmark in bps of the benchmark, positive = worse for either side."""
    below = positive("Benchmark price", benchmark_px)
    return side_sign(side) * (avg_px - below) / below * 1e4


class ImpactMeasured(msgspec.Struct, frozen=True, kw_only=True):
    """Almgren et al. 2005 measures, bps of arrival: permanent I, realised J, temporary J − I/2."""

    permanent_bps: float
    realised_bps: float
    temporary_bps: float


def measured_impact(side: int, avg_px: float, arrival_px: float, post_px: float) -> ImpactMeasured:
    """What the order did to the price; post_px is the mid half an hour after the last fill."""
    permanent = slippage_bps(side, post_px, arrival_px)
    realised = slippage_bps(side, avg_px, arrival_px)
    return ImpactMeasured(permanent_bps=permanent, realised_bps=realised, temporary_bps=realised - permanent / 2)


def _average(value: int, qty: int, where: str) -> AveragePx:
    if qty <= 0:
        raise ModelError(f"Nothing traded in {where}.", code="no_volume")
    return AveragePx(value=value, qty=qty)
