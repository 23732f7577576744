"""A finished parent order as a calibration sees it, from a journal or a file: every figure known, or None.

Costs are of the average fill against the arrival mid, moves of the mid half an hour after the last fill, both signed so
that positive is against the order. Durations are volume time: parts of an average day's volume. The daily volume and
volatility are what was known before the order; where a history of days is given they are worked out from it
(normalise.py), else they are the instrument's dated facts.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.ranges import NotNegative, Part, Signed
from sottovoce.core.text import is_iso_date, is_symbol
from sottovoce.models.arrays import FloatArray, IntArray

TEXT_MAX = 40
LEAST, MOST = 1e-12, 1e15


class FinishedParent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One parent order. Prices in currency, quantities in shares.

    date: of its first fill, the exchange's. side: 1 bought, −1 sold. quantity: filled. adv, sigma_daily: before the
    order. duration_days, post_days: volume time from start to last fill, and to the post price. strategy: "VWAP".
    bucket: of liquidity or sector, to whose mean its symbol is drawn. event: a day with news of the name itself. The
    factors: momentum, the last 20 days' log return; volatility_ratio, recent over long-run volatility; day_part, when
    half of it was done, 0 at the open and 1 at the close; sector_part, of gross value in its sector once it was done.
    """

    parent_id: str
    symbol: str
    date: str
    side: int
    quantity: float
    arrival_px: float
    average_px: float
    adv: float | None = None
    sigma_daily: float | None = None
    duration_days: float | None = None
    post_days: float | None = None
    post_px: float | None = None
    shares_outstanding: float | None = None
    strategy: str = ""
    bucket: str = ""
    event: bool = False
    momentum: Signed | None = None
    volatility_ratio: NotNegative | None = None
    day_part: Part | None = None
    sector_part: Part | None = None

    def __post_init__(self) -> None:
        if not is_symbol(self.symbol):
            raise ValueError(f"symbol {self.symbol[:TEXT_MAX]!r} is no symbol")
        if not is_iso_date(self.date):
            raise ValueError(f"date {self.date[:TEXT_MAX]!r} is no day such as 2018-02-07")
        if self.side not in (1, -1):
            raise ValueError(f"side {self.side} is neither 1 (bought) nor -1 (sold)")

    @property
    def size(self) -> float:
        """Q/V; the selection has seen to it that V is known."""
        return self.quantity / (self.adv or 0.0)

    def against(self, px: float) -> float:
        """How far a price lies against the order from arrival, daily volatilities."""
        return self.side * (px / self.arrival_px - 1.0) / (self.sigma_daily or 0.0)


def numbers_of(parents: tuple[FinishedParent, ...], name: str) -> FloatArray:
    """A column, NaN where a parent does not know the figure, shape (n,)."""
    return np.array([float("nan") if (x := getattr(each, name)) is None else float(x) for each in parents])


def clusters_of(parents: tuple[FinishedParent, ...]) -> IntArray:
    """Which symbol and day each parent is of, shape (n,)."""
    names: dict[tuple[str, str], int] = {}
    return np.array([names.setdefault((each.symbol, each.date), len(names)) for each in parents], dtype=np.int64)


def ordinary(value: float | None) -> bool:
    """Known, above zero, and no figure that only overflows."""
    return value is not None and LEAST < value < MOST
