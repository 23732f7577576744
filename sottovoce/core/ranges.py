"""The ranges the figures of a configuration are read within; a file that leaves one is refused, place and range named.

They say what a figure can mean at all (a part of something is not negative), not what a desk should choose. A figure
that depends on another is checked where both are. Only what is read from a file is judged: values made in Python are
their author's.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

_YEAR_S = 366 * 86_400
_YEAR_NS = _YEAR_S * 1_000_000_000
_MANY = 1_000_000_000
_LARGE = 10**15

Count = Annotated[int, Meta(ge=1, le=_MANY)]
CountOrNone = Annotated[int, Meta(ge=0, le=_MANY)]
Draws = Annotated[int, Meta(ge=2, le=100_000)]
"""Of a simulation that one plan waits for."""
Money = Annotated[int, Meta(ge=0, le=_LARGE)]
"""Whole units of currency."""
PerShare = Annotated[int, Meta(ge=-1_000_000, le=1_000_000)]
"""1e-6 currency a share; negative is paid to us."""

Ppm = Annotated[int, Meta(ge=0, le=1_000_000)]
SomePpm = Annotated[int, Meta(ge=1, le=1_000_000)]
RatePpm = Annotated[int, Meta(ge=1, le=500_000)]
"""Our part of the total volume, as an order may ask for it: above 0, at most one half."""
TimesPpm = Annotated[int, Meta(ge=0, le=_MANY)]
"""Parts per million of something that may be exceeded."""
OverPpm = Annotated[int, Meta(ge=1_000_000, le=_MANY)]
"""A multiple of 1 or more, in parts per million."""

Nanoseconds = Annotated[int, Meta(ge=1, le=_YEAR_NS)]
NanosecondsOrNone = Annotated[int, Meta(ge=0, le=_YEAR_NS)]
Bucket = Annotated[int, Meta(ge=1_000_000_000, le=86_400_000_000_000)]
"""Nanoseconds, from a second to a day: a schedule has no more buckets than a day has seconds."""
Pace = Annotated[int, Meta(ge=1_000_000, le=86_400_000_000_000)]
"""Nanoseconds between two looks, from a millisecond to a day."""
Milliseconds = Annotated[int, Meta(ge=0, le=1_000 * _YEAR_S)]
Seconds = Annotated[int, Meta(ge=1, le=_YEAR_S)]
SecondsOrNone = Annotated[int, Meta(ge=0, le=_YEAR_S)]
Span = Annotated[float, Meta(gt=0.0, le=float(_YEAR_S))]
"""Seconds, with parts of one."""

Percent = Annotated[int, Meta(ge=0, le=100)]
Part = Annotated[float, Meta(ge=0.0, le=1.0)]
NotNegative = Annotated[float, Meta(ge=0.0, le=float(_LARGE))]
Positive = Annotated[float, Meta(gt=0.0, le=float(_LARGE))]
LogSd = Annotated[float, Meta(ge=0.0, le=10.0)]
"""Standard deviation of a logarithm: 10 is a factor of 20,000."""
Exponent = Annotated[float, Meta(ge=-4.0, le=4.0)]
Signed = Annotated[float, Meta(ge=-float(_LARGE), le=float(_LARGE))]
