"""`sottovoce schedule …`: optimal schedules, each on its own inputs."""

from __future__ import annotations

from typing import Annotated

import cyclopts

from sottovoce.apps.numbers_in import Whole, computed
from sottovoce.apps.output import emit
from sottovoce.core.errors import ModelError

app = cyclopts.App(name="schedule", help="Optimal trading schedules.")

PERIODS_MAX = 100_000
"""A year of five-second periods is more than anyone reads."""

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]


def check_periods(periods: int) -> None:
    """Refuse more than anyone reads. Raises ModelError, code too_many_periods."""
    if periods > PERIODS_MAX:
        raise ModelError(f"{periods:,} periods are too many; take at most {PERIODS_MAX:,}.", code="too_many_periods")


@app.command
def almgren_chriss(
    *,
    quantity: float,
    horizon: Annotated[float, cyclopts.Parameter(name=("--horizon-days", "--horizon"))],
    periods: Whole,
    sigma_price: float,
    gamma: float,
    eta: float,
    epsilon: float,
    risk_aversion: float,
    drift: float = 0.0,
    as_json: Json = False,
) -> None:
    """Almgren and Chriss (2000): the cheapest schedule for a price of risk.

    Args:
        quantity: shares to trade.
        horizon: days.
        periods: number of equal periods.
        sigma_price: volatility, currency per share per square root of a day.
        gamma: permanent impact, currency per share squared.
        eta: temporary impact, currency per share for one share a day.
        epsilon: fixed cost of a share, currency (half the spread).
        risk_aversion: per currency.
        drift: expected move of the price, currency per share per day; the sign is that of a sale.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule almgren-chriss --quantity 1e6 --horizon-days 5 --periods 5 --sigma-price 0.95
        --gamma 2.5e-7 --eta 2.5e-6 --epsilon 0.0625 --risk-aversion 1e-6
    """
    from sottovoce.models.schedule_ac import almgren_chriss as model

    check_periods(periods)
    result = computed(
        lambda: model(quantity, horizon, periods, sigma_price, gamma, eta, epsilon, risk_aversion, drift=drift)
    )
    document = {
        "holdings": list(result.holdings),
        "trades": list(result.trades),
        "expected_cost": result.expected_cost,
        "variance": result.variance,
        "kappa": result.kappa,
    }

    def text() -> str:
        rows = [f"{number:>8} {held:>18,.2f}" for number, held in enumerate(result.holdings)]
        head = f"Expected cost {result.expected_cost:,.2f}, standard deviation {result.variance**0.5:,.2f}, "
        return "\n".join([f"{head}kappa {result.kappa:.6f} a day", f"{'period':>8} {'holdings':>18}", *rows])

    emit(document, as_json, text)
