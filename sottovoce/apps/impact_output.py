"""What every expected impact says of itself: interval, model, version, sample, and whether the order lies outside it.

Nothing is filled in. Where the source of a model publishes no errors there is no interval, and where it does not say
from which sizes its coefficients come nobody can say that an order lies within them: the flag is then null, not false.
Coefficients that were given on the command line are of the version `given`, whatever they are equal to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from sottovoce.apps.model_output import figure

if TYPE_CHECKING:
    from sottovoce.core.impact_estimate import ImpactEstimate
    from sottovoce.models.impact_almgren import Outside

GIVEN = "given"
WITHIN = "no: within the sample"
NO_SAMPLE = "not known: no sizes of a sample are published"
NO_FIT = "not known: the coefficients were given"

EXTRAPOLATED = {True: "; extrapolated", False: "", None: "; no one can say whether extrapolated"}
"""What is added to a line about a model."""

SAMPLES = {
    "almgren2005/risk-18-7": "S&P 500, at least 1,000 shares and 0.25 % of ADV, neither VWAP nor market-on-close",
    "istar/all-stock": "all US stocks",
}
"""What is published of the orders behind the published coefficients, beside their dates and number."""

NO_PRICE = "not known in bps: that needs a --price, and shares left in the end"
REACH = "of the average, by the errors of the coefficients"
NO_ERROR = "no published error, so no interval"


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """An expected impact of the average fill against arrival, bps, positive = cost, with what a reader doubts it by.

    value_bps: None where no price turns currency into bps. low_bps and high_bps bound the average at `level`; None
    without errors. window: dates, sample: kind, n: number of the orders the coefficients came from; empty where nobody
    says. extrapolated: the order lies outside them, None where nobody can say; outside: on which side, by code;
    extrapolation: the same in words.
    """

    value_bps: float | None
    low_bps: float | None = None
    high_bps: float | None = None
    level: float | None = None
    model: str
    version: str
    window: str = ""
    sample: str = ""
    n: int = 0
    extrapolated: bool | None = None
    outside: tuple[Outside, ...] = ()
    extrapolation: str = NO_FIT

    def document(self) -> dict[str, Any]:
        """As JSON has it."""
        found: dict[str, Any] = {name: getattr(self, name) for name in self.__struct_fields__}
        return found

    def lines(self) -> list[str]:
        """As a person reads it, one row for each question."""
        interval = "interval" if self.level is None else f"{self.level:.0%} interval, bps"
        ends = NO_ERROR if self.low_bps is None else f"{figure(self.low_bps)} to {figure(self.high_bps)}, {REACH}"
        value = NO_PRICE if self.value_bps is None else f"{figure(self.value_bps)} bps"
        said = {
            "expected impact": value,
            interval: ends,
            "model": f"{self.model}, version {self.version}",
            **self._orders(),
            "extrapolated": self.extrapolation,
        }
        return [f"  {name:<28} {words}" for name, words in said.items()]

    def _orders(self) -> dict[str, str]:
        counted = f"{self.n:,} orders, {self.window}" if self.n else ""
        kind = {"fitted on": self.sample} if self.sample else {}
        return {"fitted from": counted or "nobody says how many orders, nor when", **kind}


def stated(
    estimate: ImpactEstimate, outside: tuple[Outside, ...], words: Sequence[str], sample: str = "", within: str = WITHIN
) -> Stated:
    """A model's estimate, with on which side of its sample the order lies.

    Args:
        outside, words: () within. sample: what kind of orders it was, where not a published one. within: what is said
            of an order that lies within.
    """
    return Stated(
        value_bps=estimate.value_bps,
        low_bps=estimate.low_bps,
        high_bps=estimate.high_bps,
        level=None if estimate.low_bps is None else estimate.level,
        model=estimate.model,
        version=estimate.version,
        window=estimate.window,
        sample=sample or SAMPLES.get(estimate.version, ""),
        n=estimate.n,
        extrapolated=bool(outside),
        outside=outside,
        extrapolation=f"yes: {', and '.join(words)}" if outside else within,
    )


def impact_document(estimate: ImpactEstimate) -> dict[str, Any]:
    """A model's estimate as JSON has it where it is part of another answer, every field written out."""
    level = None if estimate.low_bps is None else estimate.level
    found = {name: getattr(estimate, name) for name in estimate.__struct_fields__}
    return found | {"level": level}


def impact_line(estimate: ImpactEstimate) -> str:
    """A model's estimate in one line: figure, interval, version, and the orders it came from."""
    level, low, high = estimate.level, estimate.low_bps, estimate.high_bps
    ends = NO_ERROR if low is None or high is None else f"{level:.0%} of the average {low:.2f} to {high:.2f}"
    orders = f" from {estimate.n:,} orders, {estimate.window}" if estimate.n else ""
    return f"{estimate.value_bps:.2f} bps, {ends}, by {estimate.version}{orders}"


def given(model: str, cost: float, shares: float, price: float | None) -> Stated:
    """What a model with coefficients of the command line says: a figure, with neither interval nor sample.

    Args:
        cost: currency. shares: bought less sold; of nothing there is no cost a share. price: currency a share, to say
            the cost in bps.
    Raises: ModelError `not_positive`, `not_finite`.
    """
    from sottovoce.core.units import BPS
    from sottovoce.models.guards import positive

    worth = None if price is None else positive("Price", price) * abs(shares)
    return Stated(value_bps=BPS * cost / worth if worth else None, model=model, version=GIVEN)
