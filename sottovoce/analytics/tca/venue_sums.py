"""What a group of fills adds up to: exact sums, so that venues add to kinds, and orders to a portfolio.

Gaps are signed by side: s(p − m) and s(m_after − m), so buys and sells add. Sums over fills whose quote is not
known are kept apart by their own share counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt

import msgspec
import numpy as np

from sottovoce.analytics.tca.columns import MARKOUTS_NS, FillColumns, take
from sottovoce.analytics.tca.market_tape import UNKNOWN
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray
from sottovoce.models.exact_sums import exact_dot, exact_sum
from sottovoce.models.shortfall import BPS


class QuoteSums(msgspec.Struct, frozen=True, kw_only=True):
    """Over the fills with a known quote: count, shares, Σq·m, Σq·s(p − m), Σq·x for what is looked at.

    x is the half-spread, or s(m_after − m). Of y = s(m_after − p)/m in bps also Σq², Σq²y and Σq²y²: they give
    the standard error of the share-weighted mean of y.
    """

    fills: int = 0
    qty: int = 0
    mid: int = 0
    gap: int = 0
    x: int = 0
    weight2: float = 0.0
    weight2_y: float = 0.0
    weight2_y2: float = 0.0

    def averages(self) -> dict[str, float] | None:
        """Per share, as if every fill were a buy: mid, fill price, and x; None without a fill."""
        if not self.qty:
            return None
        mid = self.mid / self.qty
        return {"mid": mid, "px": mid + self.gap / self.qty, "x": self.x / self.qty}

    def standard_error_bps(self) -> float | None:
        """√Σw²(y − ȳ)² with w the share of shares; None below two fills."""
        if self.fills < 2 or not self.mid:
            return None
        mean = BPS * (self.x - self.gap) / self.mid
        squares = self.weight2_y2 - 2 * mean * self.weight2_y + mean * mean * self.weight2
        return sqrt(max(squares, 0.0)) / self.qty


class VenueSums(msgspec.Struct, frozen=True, kw_only=True):
    """The sums of one group: all fills, those with a mid, those with a half-spread, those with a mid after."""

    fills: int
    qty: int
    value: int
    fees: int
    met: QuoteSums
    spread: QuoteSums
    after: tuple[QuoteSums, ...]


NOTHING = VenueSums(
    fills=0, qty=0, value=0, fees=0, met=QuoteSums(), spread=QuoteSums(), after=(QuoteSums(),) * len(MARKOUTS_NS)
)


def sums_by_venue(sign: int, fills: FillColumns) -> list[VenueSums]:
    """The sums of each of fills.venues, in that order, for one side."""
    if len(fills.venues) > 1:
        fills = take(fills, np.argsort(fills.venue.astype(np.int16), kind="stable"))
    bounds = np.searchsorted(fills.venue, np.arange(len(fills.venues) + 1)).tolist()
    return [_sums(sign, take(fills, slice(low, high))) for low, high in pairwise(bounds)]


def added(parts: Sequence[VenueSums]) -> VenueSums:
    """Groups together."""
    return VenueSums(
        fills=sum(part.fills for part in parts),
        qty=sum(part.qty for part in parts),
        value=sum(part.value for part in parts),
        fees=sum(part.fees for part in parts),
        met=_together([part.met for part in parts]),
        spread=_together([part.spread for part in parts]),
        after=tuple(_together(each) for each in zip(*(part.after for part in parts), strict=True)),
    )


def _together(parts: Sequence[QuoteSums]) -> QuoteSums:
    names = QuoteSums.__struct_fields__
    return QuoteSums(**{name: sum(getattr(part, name) for part in parts) for name in names})


def _sums(sign: int, fills: FillColumns) -> VenueSums:
    qty, with_mid = fills.qty, fills.mid != UNKNOWN
    gap = sign * (fills.px - fills.mid)
    met = _quoted(fills, with_mid, gap, None)
    spread = _quoted(fills, with_mid & (fills.half_spread != UNKNOWN), gap, fills.half_spread, met)
    after = []
    for name in MARKOUTS_NS:
        seen = fills.markouts[name]
        keep = with_mid & (seen != UNKNOWN)
        move = sign * (seen - fills.mid)
        after.append(_dispersed(_quoted(fills, keep, gap, move, met), fills, keep, move - gap))
    return VenueSums(
        fills=int(qty.size),
        qty=exact_sum(qty),
        value=exact_dot(qty, fills.px),
        fees=exact_sum(fills.fee),
        met=met,
        spread=spread,
        after=tuple(after),
    )


def _quoted(
    fills: FillColumns, keep: BoolArray, gap: IntArray, x: IntArray | None, met: QuoteSums | None = None
) -> QuoteSums:
    """Sums over the fills kept; met lends its own where they are the same fills."""
    count = int(np.count_nonzero(keep))
    every = count == keep.size
    qty = fills.qty if every else fills.qty[keep]
    of_x = 0 if x is None else exact_dot(qty, x if every else x[keep])
    if met is not None and met.fills == count:
        return msgspec.structs.replace(met, x=of_x)
    mid, gap = (fills.mid, gap) if every else (fills.mid[keep], gap[keep])
    return QuoteSums(fills=count, qty=exact_sum(qty), mid=exact_dot(qty, mid), gap=exact_dot(qty, gap), x=of_x)


def _dispersed(sums: QuoteSums, fills: FillColumns, keep: BoolArray, net: IntArray) -> QuoteSums:
    """The same sums with those a standard error needs; net is s(m_after − p)."""
    if not sums.fills:
        return sums
    qty, mid = fills.qty, fills.mid
    if sums.fills != keep.size:
        qty, mid, net = qty[keep], mid[keep], net[keep]
    shares: FloatArray = qty.astype(np.float64)
    weighted: FloatArray = net * (shares / mid)
    weighted *= BPS
    return msgspec.structs.replace(
        sums,
        weight2=float(shares @ shares),
        weight2_y=float(shares @ weighted),
        weight2_y2=float(weighted @ weighted),
    )
