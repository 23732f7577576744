"""What an impact model said, with all a reader needs to doubt it: interval, model, version and sample."""

from __future__ import annotations

import msgspec


class ImpactEstimate(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """Expected impact of an order's average fill against arrival, bps, positive = cost.

    low_bps and high_bps bound the average cost at `level`, from the errors of the coefficients; None where the model
    publishes none. They do not bound one order, whose outcome price noise dominates. model: its form; version: of its
    coefficients, the name a registry keeps them under; window: the dates of the orders they came from, n how many;
    both empty where nobody says. extrapolated: the order lies outside them; None where nobody can say.
    """

    value_bps: float
    low_bps: float | None = None
    high_bps: float | None = None
    level: float = 0.80
    model: str
    version: str
    window: str = ""
    n: int = 0
    extrapolated: bool | None = False
