"""Answers of the optimiser to `sottovoce schedule spectral --one-way` and `power-law --horizon-days`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sottovoce.apps.model_output import show
from sottovoce.apps.numbers_in import attempted

if TYPE_CHECKING:
    from sottovoce.models.arrays import FloatArray
    from sottovoce.models.schedule_basket import BasketMarket, BasketSchedule
    from sottovoce.models.schedule_power import PowerLawMarket


def show_one_way(market: BasketMarket, free: BasketSchedule, risk_aversion: float, as_json: bool) -> None:
    """Several assets, none oversold, beside the free schedule."""
    from sottovoce.models.schedule_constrained import constrained_schedule
    from sottovoce.models.schedule_constrained_problem import BasketLimits, of_market

    found = attempted(lambda: constrained_schedule(of_market(market, reversible=False), BasketLimits(), risk_aversion))
    figures = {
        "expected_cost": found.expected_cost,
        "variance": found.variance,
        "utility": found.utility,
        "utility_unconstrained": free.utility,
        "kkt_residual": found.residuals.worst,
    }
    title = f"{len(market.quantities)} assets in {market.periods} periods, none oversold"
    show(title, figures, as_json, {"period": list(range(market.periods + 1)), **by_asset(found.holdings)})


def by_asset(holdings: FloatArray) -> dict[str, list[float]]:
    """Holdings of each asset by its name, from (N + 1, m)."""
    return {f"asset_{place + 1}": [float(x) for x in column] for place, column in enumerate(holdings.T)}


def show_with_horizon(market: PowerLawMarket, horizon_days: float, periods: int, as_json: bool) -> None:
    """The power law with a horizon."""
    from sottovoce.models.schedule_power_finite import finite_schedule

    found = attempted(lambda: finite_schedule(market, horizon_days, periods))
    figures = {
        "temporary_cost": found.temporary_cost,
        "variance": found.variance,
        "utility": found.utility,
        "utility_of_the_continuous_path": found.utility_between,
        "kkt_residual": found.residual,
    }
    title = f"{market.quantity:,.0f} shares, impact exponent {market.exponent:g}, done in {horizon_days:g} days"
    held = [float(each) for each in found.holdings]
    show(title, figures, as_json, {"period": list(range(periods + 1)), "held": held})
