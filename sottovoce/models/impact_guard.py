"""The guard before a fitted model may plan: no round trip within a day may be expected to earn money.

Two families. The Almgren form has a permanent move g(v) = γ v^α and pays h(v) = η v^β besides: with α = 1 and η > 0 no
trip earns; with another α the permanent moves of buying and of selling do not cancel, and only what h costs stands
between the model and an optimiser that trades in circles (Huberman and Stanzl, Econometrica 72 (2004)). The law Y q^δ
knows no time; the pair it stands for is f = v^δ with a kernel t^(δ−1), under which a constant rate costs the same
whatever its duration (Gatheral, Quant. Finance 10 (2010)): searched as any fitted pair is.

Sizes are parts of a day's volume, times days, costs daily volatilities times a day's volume.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.guards import finite
from sottovoce.models.impact_transient import ExponentialKernel, PowerKernel, RateImpact, interaction, power_impact
from sottovoce.models.no_manipulation import TOLERANCE, RoundTrip, refuse_manipulation, round_trips

RATES = tuple(float(each) for each in np.geomspace(1e-3, 3.0, 8))
"""Fastest leg of a trip, days' volumes a day: a thousandth of the usual flow to three times all of it."""
FOREVER = ExponentialKernel(rho=0.0)


def guard_square_root(prefactor: float, exponent: float) -> RoundTrip:
    """The cheapest trip under Y q^δ. Raises ModelError `price_manipulation`, `bad_fit` where there is no such law."""
    if not (finite("Prefactor", prefactor) > 0 and 0 < finite("Exponent", exponent) <= 1):
        figures = f"Y {prefactor:.4g} and delta {exponent:.4g}"
        raise _no_law(f"{figures}: the first is to be above 0, the second within 0 and 1")
    kernel = FOREVER if exponent == 1.0 else PowerKernel(gamma=1.0 - exponent)
    return _within_a_day(refuse_manipulation(kernel, power_impact(exponent)), prefactor, exponent)


def guard_almgren(lasting: float, alpha: float, eta: float, beta: float) -> RoundTrip:
    """The cheapest trip of a day or less under the Almgren form.

    Args:
        lasting: γ Θ^δ for a name of usual turnover. alpha, beta: exponents > 0. eta: of the temporary part.
    Raises: ModelError `price_manipulation` naming the trip, `bad_fit` for exponents that are none.
    """
    if not (finite("alpha", alpha) > 0 and finite("beta", beta) > 0 and finite("gamma", lasting) >= 0):
        figures = f"alpha {alpha:.4g}, beta {beta:.4g} and gamma {lasting:.4g} at the usual turnover"
        raise _no_law(f"{figures}: the exponents are to be above 0, gamma not below it")
    moves, pays = power_impact(alpha), power_impact(beta)
    trips = [
        each
        for durations, rates in round_trips()
        for each in _trips(durations, rates, lasting, moves, finite("eta", eta), pays)
    ]
    found, usual = min(trips, key=lambda each: each[0].cost / each[1])
    if found.cost < -TOLERANCE * usual:
        raise ModelError(
            f"The model would pay for a round trip: {found.sentence()} (parts of a day's volume; daily volatilities"
            " times a day's volume). It must not plan orders; fix alpha at 1, or give it more orders.",
            code="price_manipulation",
        )
    return found


def _within_a_day(trip: RoundTrip, prefactor: float, exponent: float) -> RoundTrip:
    """The same trip in one day with its fastest leg at a day's volume: the law has no scale of its own."""
    days, fastest = sum(trip.durations), max(abs(each) for each in trip.rates)
    cost = trip.cost * prefactor * days ** -(1.0 + exponent) * fastest ** -(1.0 + exponent)
    return RoundTrip(
        durations=tuple(each / days for each in trip.durations),
        rates=tuple(each / fastest for each in trip.rates),
        cost=cost,
    )


def _trips(
    durations: tuple[float, ...], rates: tuple[float, ...],
    lasting: float, moves: RateImpact, eta: float, pays: RateImpact,
) -> Iterator[tuple[RoundTrip, float]]:  # fmt: skip
    """A trip stretched to one day, its fastest leg at each rate; and what its legs would cost if none cancelled."""
    days = np.asarray(durations) / sum(durations)
    over = interaction(FOREVER, np.concatenate(([0.0], np.cumsum(days))))
    unit = np.asarray(rates) / max(abs(each) for each in rates)
    for fastest in RATES:
        rate = unit * fastest
        moved, paid = moves(rate), float(np.abs(rate * pays(rate)) @ days)
        cost = lasting * float(rate @ over @ moved) + eta * paid
        usual = abs(lasting) * float(np.abs(rate) @ over @ np.abs(moved)) + abs(eta) * paid
        yield RoundTrip(durations=tuple(days.tolist()), rates=tuple(rate.tolist()), cost=cost), max(usual, 1e-300)


def _no_law(what: str) -> ModelError:
    return ModelError(f"The orders give {what}: no law of impact, and nothing to plan with.", code="bad_fit")
