"""Today's volume as the day goes on: a prior from days before, corrected by the bins that have printed.

Source: Markov, Vilenskaia and Rashkovich, "Quintet volume projection"; T-SCH-13. With x_j = ln(v_j/û_j), the daily
volume that bin j alone would say (û_j: its usual part of a day), early in the day the prior counts as κ0 bins; later
prior and bins count by their precision.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive


def geometric_prior(volumes: FloatArray) -> float:
    """Geometric mean of past daily volumes, shares; all above zero. Raises ModelError `not_positive`."""
    if not len(volumes):
        raise ModelError("A prior needs the volume of one day or more.", code="not_positive")
    return exp(float(np.log([positive("Daily volume", float(each)) for each in volumes]).mean()))


def bins_say(volumes: FloatArray, parts: FloatArray) -> float:
    """x̄: mean over bins of ln(v_j/û_j), the log of the daily volume they imply together.

    Args:
        volumes: shares printed in each bin, > 0; parts: each bin's usual part of a day, > 0; shapes (n,), n >= 1.
    """
    if len(volumes) != len(parts) or not len(volumes):
        raise ModelError("Give every printed bin its usual part of a day.", code="shapes_differ")
    pairs = zip(volumes.tolist(), parts.tolist(), strict=True)
    return sum(log(positive("Volume of a bin", v) / positive("Part of a bin", u)) for v, u in pairs) / len(volumes)


def early_update(prior: float, implied_log: float, bins: float, prior_bins: float) -> float:
    """Daily volume, shares: exp of (κ0 ln prior + n x̄)/(κ0 + n).

    Args:
        prior: shares, > 0; implied_log: x̄; bins: n printed, >= 0; prior_bins: κ0 > 0, what the prior is worth in bins.
    """
    n = not_negative("Bins printed", bins)
    weight = positive("Worth of the prior", prior_bins)
    return exp((weight * log(positive("Prior volume", prior)) + n * implied_log) / (weight + n))


def precise_update(prior: float, implied_log: float, bins: int, bin_variance: float, prior_variance: float) -> float:
    """Daily volume, shares: exp of (n x̄/Σ² + ln prior/σ0²)/(n/Σ² + 1/σ0²).

    Args:
        bin_variance: Σ² of x_j about the day's; prior_variance: σ0² of the prior's log error; both > 0.
    """
    told = not_negative("Bins printed", bins) / positive("Variance of a bin", bin_variance)
    believed = 1.0 / positive("Variance of the prior", prior_variance)
    return exp((told * implied_log + believed * log(positive("Prior volume", prior))) / (told + believed))
