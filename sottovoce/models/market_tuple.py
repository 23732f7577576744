"""One order of any asset class as the tuple the models run on, so that the same tests apply to each.

σ in price units per √day, volume in units a day, spread, multiplier, lot and exchange rate are all an impact model or
a schedule may know of an instrument. Quoting the same thing at c times the price with 1/c of the multiplier changes
neither a cost in basis points nor a schedule (T-MKT-9).
"""

from __future__ import annotations

import msgspec

from sottovoce.models.guards import positive
from sottovoce.models.impact_sqrt import SqrtCost, sqrt_law
from sottovoce.models.schedule_ac import AlmgrenChriss, almgren_chriss


class MarketTuple(msgspec.Struct, frozen=True, kw_only=True):
    """An instrument to the engine.

    price: quoted, > 0. sigma_price: price units per √day. volume: units (shares, contracts, par) a day.
    spread: quoted, price units. multiplier: currency for one price unit of one unit. lot: units. fx: account
    currency for one of the instrument's.
    """

    price: float
    sigma_price: float
    volume: float
    spread: float
    multiplier: float = 1.0
    lot: float = 1.0
    fx: float = 1.0

    @property
    def sigma_daily(self) -> float:
        """Daily volatility as a fraction."""
        return self.sigma_price / positive("Price", self.price)

    @property
    def unit_value(self) -> float:
        """What one unit is worth, account currency."""
        return self.price * self.multiplier * self.fx

    @property
    def unit_sigma(self) -> float:
        """Standard deviation of that value over a day, account currency."""
        return self.sigma_price * self.multiplier * self.fx

    @property
    def half_spread_bps(self) -> float:
        """Cost of crossing half the spread, bps."""
        return 1e4 * 0.5 * self.spread / positive("Price", self.price)


def impact_of(market: MarketTuple, quantity: float, prefactor: float = 1.0, exponent: float = 0.5) -> SqrtCost:
    """Square-root impact of a quantity (units), bps. Raises ModelError as `sqrt_law`."""
    size = positive("Quantity", quantity) / positive("Volume", market.volume)
    return sqrt_law(size, market.sigma_daily, prefactor, exponent)


def schedule_of(
    market: MarketTuple, quantity: float, horizon: float, periods: int, risk_aversion: float, impact: float = 1.0
) -> AlmgrenChriss:
    """The optimal schedule of a quantity, in account currency.

    Args: quantity units; horizon days; risk_aversion per account currency; impact scales the temporary cost:
        trading at the rate of the whole volume costs impact daily standard deviations.
    Returns: holdings and trades in units; costs in account currency. Raises: ModelError as `almgren_chriss`.
    """
    return almgren_chriss(
        quantity=quantity,
        horizon=horizon,
        periods=periods,
        sigma_price=market.unit_sigma,
        gamma=0.0,
        eta=impact * market.unit_sigma / positive("Volume", market.volume),
        epsilon=0.5 * market.spread * market.multiplier * market.fx,
        risk_aversion=risk_aversion,
    )
