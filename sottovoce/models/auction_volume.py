"""Volume of the closing auction, and how much of an order may go there.

Source: Markov et al.: 20-day geometric mean, and a multiplier on expiries; the lesser of 12 % of the expected auction
and 12 % of the order.
"""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import not_negative, positive, within

AUCTION_PART, ORDER_PART = 0.12, 0.12
Z_80 = 1.281552


class AuctionForecast(msgspec.Struct, frozen=True, kw_only=True):
    """Shares expected in the auction, and between which eight in ten days lie; days: how many it rests on."""

    shares: float
    low: float
    high: float
    days: int


def closing_auction(volumes: FloatArray, multiplier: float = 1.0) -> AuctionForecast:
    """Geometric mean of past auctions times what a special day multiplies it by.

    Args:
        volumes: shares in the closing auctions of past days, shape (days,), 0 or NaN where there was none; 5 or more.
        multiplier: of an expiry or another special day, > 0.
    """
    logs = np.log(volumes[volumes > 0])
    if logs.size < 5:
        raise ModelError(f"{logs.size} days with an auction are too few; give 5 or more.", code="too_few_days")
    middle = float(logs.mean()) + float(np.log(positive("Multiplier", multiplier)))
    reach = Z_80 * float(logs.std(ddof=1)) * (1.0 + 1.0 / logs.size) ** 0.5
    shares, low, high = (float(np.exp(each)) for each in (middle, middle - reach, middle + reach))
    return AuctionForecast(shares=shares, low=low, high=high, days=int(logs.size))


def auction_quantity(
    expected: float, quantity: float, auction_part: float = AUCTION_PART, order_part: float = ORDER_PART
) -> float:
    """Shares of an order for the auction: the lesser of a part of the auction and a part of the order."""
    auction = within("Part of the auction", auction_part, 0.0, 1.0) * not_negative("Expected auction", expected)
    return min(auction, within("Part of the order", order_part, 0.0, 1.0) * positive("Quantity", quantity))
