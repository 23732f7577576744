"""Lists to schedule under limits: seeded, of any size, with a market that looks like one."""

from __future__ import annotations

import numpy as np

from sottovoce.models.schedule_basket import BasketMarket
from sottovoce.models.schedule_constrained_covariance import of_market_and_sectors
from sottovoce.models.schedule_constrained_problem import ConstrainedBasket

PAIR = BasketMarket(
    quantities=np.array([1e6, 1e6]),
    covariance=np.array([[0.9, 0.6], [0.6, 1.6]]),
    gamma=np.array([2.5e-7, 6.25e-8]),
    eta=np.array([2.5e-6, 6.25e-7]),
    epsilon=np.array([0.0625, 0.0625]),
    horizon=5.0,
    periods=5,
)
"""T-SCH-6."""


def made_list(names: int, periods: int, seed: int, participation: float = 0.2) -> ConstrainedBasket:
    """A list of sales and purchases of 0.2 to 4 % of ADV, its sides about even, over one day of a U-shaped volume."""
    dice = np.random.default_rng(seed)
    prices = np.exp(dice.normal(4.0, 0.6, names))
    adv = np.exp(dice.normal(14.7, 0.9, names))
    sigma = np.exp(dice.normal(-4.3, 0.3, names))
    betas = dice.normal(1.0, 0.3, names)
    sectors = tuple(f"S{number}" for number in dice.integers(0, min(11, 1 + names // 2), names))
    sides = np.where(np.arange(names) % 2 == 0, 1.0, -1.0)
    shape = 1.0 + 1.5 * np.linspace(-1.0, 1.0, periods) ** 2
    curve = shape / shape.sum()
    impact = 0.5 * prices * sigma / adv / curve[:, None]
    return ConstrainedBasket(
        names=tuple(f"N{number}" for number in range(names)),
        quantities=np.rint(adv * dice.uniform(0.002, 0.04, names)) * sides,
        prices=prices,
        covariance=of_market_and_sectors(prices, sigma, betas, sectors, 0.008, 0.005),
        impact=impact,
        linear=np.broadcast_to(prices * 1.5e-4, (periods, names)).copy(),
        days=curve,
        volumes=np.outer(curve, adv),
        participation=np.full(names, participation),
        betas=betas,
        drift=np.zeros(names),
        reversible=np.zeros(names, dtype=np.bool_),
        sectors=sectors,
    )
