"""`sottovoce schedule …`: published schedules beyond Almgren–Chriss, each on inputs of your own."""

from __future__ import annotations

from typing import Annotated

import cyclopts

from sottovoce.apps.model_output import show
from sottovoce.apps.numbers_in import Whole, attempted, numbers
from sottovoce.apps.schedule_commands import Json, check_periods
from sottovoce.apps.schedule_solved import by_asset, show_one_way, show_with_horizon
from sottovoce.core.errors import ModelError

app = cyclopts.App()
"""Joined to `sottovoce schedule` by the command line."""

Given = Annotated[str, cyclopts.Parameter(allow_leading_hyphen=True)]


@app.command
def event(
    *,
    quantity: float,
    horizon_days: float,
    periods: Whole,
    event_period: Whole,
    sigma_price: float,
    gamma: float,
    eta: float,
    epsilon: float,
    risk_aversion: float,
    regime: list[str],
    as_json: Json = False,
) -> None:
    """Almgren and Chriss around a known event: how much to hold into it when volatility may change after it.

    Args:
        quantity: shares to trade.
        horizon_days: days.
        periods: number of equal periods.
        event_period: the event follows this period.
        sigma_price: volatility before the event, currency per share per square root of a day.
        gamma: permanent impact, currency per share squared.
        eta: temporary impact, currency per share for one share a day.
        epsilon: fixed cost of a share, currency.
        risk_aversion: per currency.
        regime: what may follow, PROBABILITY:SIGMA in the units of --sigma-price; give one for each.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule event --quantity 1e6 --horizon-days 5 --periods 5 --event-period 2 --sigma-price 0.316228
        --gamma 2.5e-7 --eta 2.5e-6 --epsilon 0.0625 --risk-aversion 1e-6 --regime 0.5:0.158114 --regime 0.5:1.264911
    """
    from sottovoce.models.schedule_ac import AlmgrenChrissMarket
    from sottovoce.models.schedule_event import Regime, event_schedule, ignoring_the_event

    check_periods(periods)
    market = AlmgrenChrissMarket(
        quantity=quantity, horizon=horizon_days, periods=periods, sigma_price=sigma_price, gamma=gamma, eta=eta,
        epsilon=epsilon,
    )  # fmt: skip
    regimes = [Regime(probability=chance, sigma_price=sigma) for chance, sigma in map(_regime, regime)]
    best = attempted(lambda: event_schedule(market, event_period, regimes, risk_aversion))
    blind = attempted(lambda: ignoring_the_event(market, event_period, regimes, risk_aversion))
    figures = {
        "held_at_event": best.held_at_event,
        "expected_cost": best.expected_cost,
        "variance": best.variance,
        "utility": best.utility,
        "held_ignoring_event": blind.held_at_event,
        "utility_ignoring_event": blind.utility,
        "regimes": [{"given": text, "holdings": list(after)} for text, after in zip(regime, best.after, strict=True)],
    }
    branches = {text: [*best.before[:-1], *after] for text, after in zip(regime, best.after, strict=True)}
    title = f"{quantity:,.0f} shares with an event after period {event_period} of {periods}"
    show(title, figures, as_json, {"period": list(range(periods + 1)), **branches})


@app.command
def power_law(
    *,
    quantity: float,
    sigma_price: float,
    eta: float,
    exponent: float,
    risk_aversion: float,
    days: Given | None = None,
    horizon_days: float | None = None,
    periods: Whole = 39,
    as_json: Json = False,
) -> None:
    """Almgren (2003): the optimal path under impact h(v) = eta v^exponent, without a horizon or, solved anew, with one.

    Args:
        quantity: shares to trade.
        sigma_price: volatility, currency per share per square root of a day.
        eta: temporary impact, currency per share for one (share a day)^exponent.
        exponent: of the temporary impact, above zero.
        risk_aversion: per currency.
        days: times to show what is still held without a horizon, days, as 1,2,3.
        horizon_days: days by which everything is traded; needs the extra `optimise`.
        periods: number of equal periods of that horizon.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule power-law --quantity 1e6 --sigma-price 0.95 --eta 1.118034e-3 --exponent 0.5
        --risk-aversion 1e-6 --days 1,2,3
    """
    from sottovoce.models import schedule_power as model

    market = model.PowerLawMarket(
        quantity=quantity, sigma_price=sigma_price, eta=eta, exponent=exponent, risk_aversion=risk_aversion
    )
    if horizon_days is not None:
        check_periods(periods)
        show_with_horizon(market, horizon_days, periods, as_json)
        return
    if days is None:
        raise ModelError("Give --days to look at, or --horizon-days to be done by.", code="no_horizon")
    times = numbers(days, "--days")
    held = [attempted(lambda at=at: model.held_at(market, at)) for at in times]  # type: ignore[misc]
    figures = {
        "characteristic_days": attempted(lambda: model.characteristic_time(market)),
        "end_days": attempted(lambda: model.end_time(market)),
        "temporary_cost": attempted(lambda: model.temporary_cost(market)),
        "variance": attempted(lambda: model.cost_variance(market)),
    }
    title = f"{quantity:,.0f} shares, impact exponent {exponent:g}, no horizon"
    show(title, figures, as_json, {"days": list(times), "held": held})


@app.command
def adaptive(*, market_power: float, risk_aversion_normalised: float, as_json: Json = False) -> None:
    """Almgren and Lorenz (2007): one look half-way, faster where the price has been kind. Off by default on the desk.

    Args:
        market_power: eta X / (sigma T^1.5), without unit.
        risk_aversion_normalised: lambda sigma X sqrt(T), without unit.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule adaptive --market-power 0.15 --risk-aversion-normalised 1.35
    """
    from sottovoce.models.schedule_adaptive import adaptive_plan, static_utility

    plan = attempted(lambda: adaptive_plan(market_power, risk_aversion_normalised))
    fixed = attempted(lambda: static_utility(market_power, risk_aversion_normalised))
    figures = {
        "held_at_half_time": plan.held,
        "kappa_before": plan.before,
        "threshold_sd": plan.threshold,
        "kappa_after_a_gain": plan.spending,
        "kappa_otherwise": plan.keeping,
        "expected_cost": plan.expected_cost,
        "variance": plan.variance,
        "utility": plan.utility,
        "utility_fixed": fixed,
        "gain": 1.0 - plan.utility / fixed,
    }
    show("Adaptive arrival price, in units of sigma X sqrt(T)", figures, as_json)


@app.command
def order_flow(
    *,
    held: float,
    flow_per_day: float,
    left_days: float,
    temporary: float,
    permanent: float,
    running: float,
    terminal: float,
    reversion_per_day: float,
    as_json: Json = False,
) -> None:
    """Cartea and Jaimungal (2016): how fast to sell now, given what others buy and sell.

    Args:
        held: units still to sell.
        flow_per_day: net order flow of others, units a day; above zero when they buy.
        left_days: days to the end.
        temporary: k, price per unit of rate.
        permanent: b, price per unit of rate.
        running: phi, punishment of what is held.
        terminal: alpha, punishment of what is held at the end.
        reversion_per_day: how fast the flow fades, per day.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule order-flow --held 1 --flow-per-day 1 --left-days 1 --temporary 1e-3 --permanent 1e-4
        --running 0.01 --terminal 0.1 --reversion-per-day 5
    """
    from sottovoce.models.schedule_order_flow import FlowMarket, sell_speed

    market = FlowMarket(
        temporary=temporary, permanent=permanent, running=running, terminal=terminal, reversion=reversion_per_day
    )
    speed = attempted(lambda: sell_speed(market, held, flow_per_day, left_days))
    figures = {"rate_per_day": speed.rate, "for_the_schedule": speed.schedule, "for_the_flow": speed.flow}
    show(f"Sell speed with {left_days:g} days left, urgency {market.urgency:.6g} a day", figures, as_json)


@app.command
def spectral(
    *,
    quantities: Given,
    covariance: Given,
    gamma: Given,
    eta: Given,
    epsilon: Given,
    horizon_days: float,
    periods: Whole,
    risk_aversion: float,
    one_way: bool = False,
    as_json: Json = False,
) -> None:
    """Almgren and Chriss for several assets, exact and without constraints; it may hedge by trading others.

    Args:
        quantities: shares, signed, as 1e6,-5e5.
        covariance: currency squared per share squared per day, rows parted by a semicolon, as "0.9,0.6;0.6,1.6".
        gamma: permanent impact of each, currency per share squared.
        eta: temporary impact of each, currency per share for one share a day.
        epsilon: fixed cost of a share of each, currency.
        horizon_days: days.
        periods: number of equal periods.
        risk_aversion: per currency.
        one_way: nothing is oversold or opened: each holding between zero and the one before, by the optimiser.
        as_json: one JSON object on standard output.

    Example:
        sottovoce schedule spectral --quantities 1e6,-5e5 --covariance 0.9,0.6;0.6,1.6 --gamma 2.5e-7,6.25e-8
        --eta 2.5e-6,6.25e-7 --epsilon 0.0625,0.0625 --horizon-days 5 --periods 5 --risk-aversion 1e-6
    """
    import numpy as np

    from sottovoce.models.schedule_basket import BasketMarket, basket_schedule

    check_periods(periods)
    rows = [numbers(row, "--covariance") for row in covariance.split(";")]
    if len({len(row) for row in rows}) != 1:
        raise ModelError("--covariance: every row needs as many figures as there are assets.", code="shapes_differ")
    given = {"quantities": quantities, "gamma": gamma, "eta": eta, "epsilon": epsilon}
    arrays = {name: np.array(numbers(text, f"--{name}")) for name, text in given.items()}
    market = BasketMarket(**arrays, covariance=np.array(rows), horizon=horizon_days, periods=periods)
    best = attempted(lambda: basket_schedule(market, risk_aversion))
    if one_way:
        show_one_way(market, best, risk_aversion, as_json)
        return
    figures = {
        "kappas_per_day": [float(each) for each in best.kappas],
        "expected_cost": best.expected_cost,
        "variance": best.variance,
        "utility": best.utility,
        "reverses": best.reverses,
    }
    held = by_asset(best.holdings)
    title = f"{len(rows)} assets in {periods} periods, kappas " + ", ".join(f"{float(k):.6f}" for k in best.kappas)
    show(title, figures, as_json, {"period": list(range(periods + 1)), **held})


def _regime(text: str) -> tuple[float, float]:
    """PROBABILITY:SIGMA. Raises ModelError, code bad_regime."""
    chance, _, sigma = text.partition(":")
    try:
        return float(chance), float(sigma)
    except ValueError:
        raise ModelError(f"{text!r} is not a regime; write it as 0.5:1.26.", code="bad_regime") from None
