"""Many rough estimates of like things, each drawn towards their common mean by as much as it is rough.

A coefficient of one name from forty orders is nearly all noise; that of all names is nobody's. With errors s_i and a
variance τ² between the true values, the best guess of each is (τ² x_i + s_i² m)/(τ² + s_i²), m the mean weighted by
1/(τ² + s_i²). τ² is the one at which the weighted spread about m is what its degrees of freedom expect (Paule and
Mandel); where the estimates are no further apart than their errors it is nothing, and all become the mean.

Source: James and Stein 1961; Efron and Morris, J. American Statistical Association 70 (1975); Paule and Mandel, J.
Research NBS 87 (1982); DerSimonian and Kacker, Contemporary Clinical Trials 28 (2007).
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

HALVINGS = 200


class Shrunk(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """values and errors (of the guesses, τ² and s taken as known), shapes (n,); mean, its error, and √τ² between."""

    values: FloatArray
    errors: FloatArray
    mean: float
    mean_error: float
    between: float


def shrunk(values: FloatArray, errors: FloatArray) -> Shrunk:
    """Draw estimates towards their mean.

    Args:
        values, errors: estimates and their standard errors > 0, shape (n,), n >= 1.
    Raises: ModelError `bad_estimates`.
    """
    if values.size < 1 or values.shape != errors.shape or not (np.isfinite(values).all() and (errors > 0).all()):
        raise ModelError("Shrinkage needs estimates, each with an error above zero.", code="bad_estimates")
    between = _between(values, errors)
    weight = 1.0 / (between + errors**2)
    mean = float(weight @ values / weight.sum())
    mean_error = float(weight.sum() ** -0.5)
    kept = between / (between + errors**2)
    # What is not known of the mean stays in the part each is drawn towards it.
    error = np.sqrt(kept * errors**2 + (1.0 - kept) ** 2 * mean_error**2)
    return Shrunk(
        values=mean + kept * (values - mean), errors=error, mean=mean, mean_error=mean_error, between=between**0.5
    )


def _between(values: FloatArray, errors: FloatArray) -> float:
    """τ² at which Σ (x − m)²/(τ² + s²) is n − 1; 0 where it is less already."""
    if values.size < 2 or _spread(values, errors, 0.0) <= values.size - 1:
        return 0.0
    low, high = 0.0, float(values.var(ddof=1)) + float((errors**2).max())
    while _spread(values, errors, high) > values.size - 1:
        high *= 2.0
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        low, high = (middle, high) if _spread(values, errors, middle) > values.size - 1 else (low, middle)
    return (low + high) / 2.0


def _spread(values: FloatArray, errors: FloatArray, between: float) -> float:
    weight = 1.0 / (between + errors**2)
    mean = float(weight @ values / weight.sum())
    return float(weight @ (values - mean) ** 2)
