"""What every model refuses before it computes: not a number, the wrong sign, out of range.

Each check returns the figure, so that it reads as part of the formula, and raises ModelError with the codes
`not_finite`, `not_positive`, `negative` and `out_of_range`.
"""

from __future__ import annotations

from math import isfinite

from sottovoce.core.errors import ModelError

SIZE_MAX = 1e6
"""Days' volume: more is a figure in another unit."""


def finite(name: str, value: float) -> float:
    """The figure itself, refused when it is NaN or infinite."""
    if not isfinite(value):
        raise ModelError(f"{name} is {value}; the model needs an ordinary number.", code="not_finite")
    return value


def positive(name: str, value: float) -> float:
    """The figure itself, refused unless > 0."""
    if finite(name, value) <= 0:
        raise ModelError(f"{name} is {value}; the model needs a figure above zero.", code="not_positive")
    return value


def not_negative(name: str, value: float) -> float:
    """The figure itself, refused when < 0."""
    if finite(name, value) < 0:
        raise ModelError(f"{name} is {value}; the model needs zero or more.", code="negative")
    return value


def within(name: str, value: float, low: float, high: float) -> float:
    """The figure itself, refused outside low <= value <= high."""
    if not low <= finite(name, value) <= high:
        raise ModelError(f"{name} is {value}; the model needs {low} to {high}.", code="out_of_range")
    return value


def order_size(value: float) -> float:
    """Q over daily volume, refused unless > 0 and at most SIZE_MAX."""
    return within("Size", positive("Size", value), 0.0, SIZE_MAX)


def side_sign(value: int) -> int:
    """+1 for a buy, -1 for a sell; anything else is refused."""
    if value not in (1, -1):
        raise ModelError(f"Side sign is {value}; use +1 for a buy and -1 for a sell.", code="out_of_range")
    return value
