"""A calibrated model of impact as a record: what was fitted, from what, how sure, and what stands against using it.

A record is never changed. Its version is made of its form, its window and a digest of all it says, so equal orders and
settings give an equal version, and a plan that names a version names its figures.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.core.ranges import CountOrNone, NotNegative, Signed
from sottovoce.models.clustered_bootstrap import Interval
from sottovoce.models.impact_almgren import Almgren2005
from sottovoce.models.impact_fit_bins import SizeBin
from sottovoce.models.impact_sqrt import SquareRootLaw

Form = Literal["almgren", "square_root"]


class Parameter(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of the model. held: it was given, not estimated, and has no error."""

    name: str
    value: float
    error: float = 0.0
    low: float = 0.0
    high: float = 0.0
    held: bool = False


class Scale(msgspec.Struct, frozen=True, kw_only=True):
    """How many times the model's cost a bucket or a symbol pays: as its n orders say, and drawn towards its like."""

    name: str
    n: CountOrNone
    value: Signed
    error: NotNegative
    shrunk: Signed
    shrunk_error: NotNegative
    towards: str


class FactorEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """What a factor adds to an order's cost in daily volatilities for one more of its unit; None where not estimated.

    tells: the 95 % interval lies on one side of nothing. Only such a factor may be applied, and why says what stands
    against it otherwise.
    """

    name: str
    unit: str
    n: int
    effect: Interval | None = None
    tells: bool = False
    why: str = ""


class OutOfSample(msgspec.Struct, frozen=True, kw_only=True):
    """Misses of bins of orders that were not fitted on, root mean square, daily volatilities; noise: what their own
    errors alone would give; nothing: of a model that says no order costs anything; published: of the published figures.
    """

    miss: float
    noise: float
    nothing: float
    published: float
    folds: int


class CalibratedImpact(msgspec.Struct, frozen=True, kw_only=True):
    """One calibration.

    window: first and last date of the orders; clusters: symbol-days; dropped: orders left out, by reason;
    out_of_sample: None with too few orders; covariance: of prefactor and exponent; guard: the cheapest round trip, in
    words; created_ns: by the clock of who ran it.
    """

    form: Form
    parameters: tuple[Parameter, ...]
    level: float
    window: tuple[str, str]
    n: int
    clusters: int
    size_range: tuple[float, float]
    duration_max: float
    r_squared: float | None
    out_of_sample: OutOfSample | None
    bins: tuple[SizeBin, ...]
    buckets: tuple[Scale, ...]
    symbols: tuple[Scale, ...]
    factors: tuple[FactorEstimate, ...]
    dropped: dict[str, int]
    notes: tuple[str, ...]
    guard: str
    data_digest: str
    draws: int
    seed: int
    created_ns: int = 0
    covariance: float = 0.0

    @property
    def version(self) -> str:
        """Form, window and digest: "almgren/2026-01-05..2026-03-31/1f0c93ab".

        The digest is of figures to five digits: the last ones of a fit are chance, and differ between two runs.
        """
        content = _to_digits(msgspec.to_builtins(msgspec.structs.replace(self, created_ns=0)))
        digest = sha256(msgspec.json.encode(content, order="sorted")).hexdigest()[:8]
        return f"{self.form}/{self.window[0]}..{self.window[1]}/{digest}"

    def parameter(self, name: str) -> Parameter:
        """One parameter. Raises ModelError `no_parameter`."""
        for each in self.parameters:
            if each.name == name:
                return each
        raise ModelError(f"A model of the form {self.form} has no {name}.", code="no_parameter")


def _to_digits(content: object) -> object:
    """A document with every float as text of five digits."""
    if isinstance(content, float):
        return f"{content:.5g}"
    if isinstance(content, dict):
        return {name: _to_digits(value) for name, value in content.items()}
    return [_to_digits(each) for each in content] if isinstance(content, list | tuple) else content


def square_root_of(record: CalibratedImpact) -> SquareRootLaw:
    """The law direct orders are costed with. Raises ModelError `other_form` for a record of another form.

    A calibration is of average costs; the law's prefactor is of the peak, 1 + δ times as high at a constant rate.
    """
    if record.form != "square_root":
        sentence = f"{record.version} is of the form {record.form}; direct orders are costed with the square-root law."
        raise ModelError(sentence, code="other_form")
    prefactor, exponent = record.parameter("prefactor"), record.parameter("exponent")
    return SquareRootLaw(
        version=record.version,
        prefactor=prefactor.value * (1.0 + exponent.value),
        exponent=exponent.value,
        relative_error=prefactor.error / prefactor.value,
        size_min=record.size_range[0], size_max=record.size_range[1],
        n=record.n, window=f"{record.window[0]} to {record.window[1]}",
    )  # fmt: skip


def almgren_of(record: CalibratedImpact) -> Almgren2005:
    """The coefficients planning takes. Raises ModelError `other_form` for a record of another form."""
    if record.form != "almgren":
        sentence = f"{record.version} is of the form {record.form}; schedules are planned with the Almgren form."
        raise ModelError(sentence, code="other_form")
    gamma, eta, alpha, delta, beta = (record.parameter(name) for name in ("gamma", "eta", "alpha", "delta", "beta"))
    return Almgren2005(
        version=record.version,
        gamma=gamma.value, gamma_se=gamma.error, eta=eta.value, eta_se=eta.error,
        alpha=alpha.value, alpha_se=alpha.error, delta=delta.value, delta_se=delta.error,
        beta=beta.value, beta_se=beta.error,
        size_min=record.size_range[0], size_max=record.size_range[1], duration_max=record.duration_max,
        n=record.n, window=f"{record.window[0]} to {record.window[1]}",
    )  # fmt: skip
