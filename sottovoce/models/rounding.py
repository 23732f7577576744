"""Whole shares and whole lots from a cumulative target.

Rounding each slice separately lets errors add up. Rounding the cumulative curve keeps every bin end within
half a lot of the target and the sum exact. An odd remainder (quantity not a multiple of the lot) trades in
the last bin that trades at all.
"""

from __future__ import annotations

import numpy as np

from sottovoce.core.errors import PlanError
from sottovoce.models.arrays import FloatArray, IntArray

FRACTION_SLACK = 1e-9
"""How far from 1 (or from monotone) a cumulative fraction may be through floating-point summation."""


def round_cumulative(curve: FloatArray, quantity: int, lot: int) -> IntArray:
    """Cumulative whole shares along a cumulative fraction.

    Args:
        curve: cumulative fraction at bin ends, shape (n,), 0 to 1, never falling; a leading 0 is kept as 0.
        quantity: shares, >= 0.
        lot: shares per lot, >= 1.
    Returns: shape (n,), never falling, lot multiples up to the remainder. Where the curve is at 1 the value
    is
        exactly `quantity`; a curve that ends below 1 ends at the nearest lot below or at `quantity`.
    Raises: PlanError `bad_quantity`, `bad_lot`, `bad_curve`.
    Source: scheduling reference, T-SCH-3 (no bin end off by more than half a lot).
    """
    _refuse(curve, quantity, lot)
    whole = quantity // lot * lot
    lots = np.floor(np.clip(curve, 0.0, 1.0) * quantity / lot + 0.5).astype(np.int64)
    shares = np.minimum(lots * lot, whole)
    shares = np.maximum.accumulate(shares)
    shares[curve >= 1.0 - FRACTION_SLACK] = quantity
    return shares


def slice_sizes(cumulative: IntArray) -> IntArray:
    """Shares per bin, shape (n,), >= 0, from cumulative shares at bin ends; before the first stands zero."""
    return np.diff(cumulative, prepend=0)


def _refuse(curve: FloatArray, quantity: int, lot: int) -> None:
    if quantity < 0:
        raise PlanError(f"Quantity is {quantity}; it must be zero or more.", code="bad_quantity")
    if lot < 1:
        raise PlanError(f"Lot is {lot}; it must be one share or more.", code="bad_lot")
    inside = np.isfinite(curve) & (curve >= -FRACTION_SLACK) & (curve <= 1.0 + FRACTION_SLACK)
    if curve.size == 0 or not bool(inside.all()):
        raise PlanError("A cumulative target must lie between 0 and 1.", code="bad_curve")
    if bool((np.diff(curve) < -FRACTION_SLACK).any()):
        raise PlanError("A cumulative target must never fall.", code="bad_curve")
