"""A law fitted to chosen parents, with what every report needs beside it: fitted costs, weights, parameters, guard."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from sottovoce.analytics.calibration.parents import FinishedParent, clusters_of, numbers_of
from sottovoce.models.arrays import BoolArray, FloatArray, IntArray
from sottovoce.models.clustered_bootstrap import Interval
from sottovoce.models.impact_almgren import ALMGREN_2005
from sottovoce.models.impact_fit import Orders
from sottovoce.models.impact_fit_bins import bin_figures, fit_square_root, quantile_places, square_root_point
from sottovoce.models.impact_fit_intervals import (
    AlmgrenPoint,
    almgren_cost,
    almgren_point,
    fit_almgren_intervals,
)
from sottovoce.models.impact_guard import guard_almgren, guard_square_root
from sottovoce.models.impact_record import Form, Parameter
from sottovoce.models.no_manipulation import RoundTrip

PUBLISHED_ALMGREN = AlmgrenPoint(
    ALMGREN_2005.gamma, ALMGREN_2005.eta, (ALMGREN_2005.alpha, ALMGREN_2005.delta, ALMGREN_2005.beta)
)
UNIT_LAW = (2.0 / 3.0, 0.5)
"""The square-root law at Y = 1 as an average cost: two thirds of the peak."""

Forecast = Callable[[BoolArray], FloatArray]
"""Trained on the orders where the mask is true: what it says every order costs."""


class Measured(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One form fitted to n orders; arrays of shape (n,): costs and fitted costs in daily volatilities, weight one over
    the variance of a cost. trained: the same form fitted to some of the orders only.
    """

    form: Form
    parameters: tuple[Parameter, ...]
    size: FloatArray
    cost: FloatArray
    fitted: FloatArray
    published: FloatArray
    weight: FloatArray
    cluster: IntArray
    r_squared: float
    duration_max: float
    trip: RoundTrip
    trained: Forecast
    covariance: float = 0.0


def measured(parents: tuple[FinishedParent, ...], form: Form, *, draws: int, seed: int, free: bool) -> Measured:
    """Fit a form. Raises: ModelError of the fits, and `price_manipulation` or `bad_fit` of the guard."""
    return _almgren(parents, draws, seed, free) if form == "almgren" else _square_root(parents, draws, seed)


def orders_of(parents: tuple[FinishedParent, ...]) -> Orders:
    """The columns of the Almgren form."""
    adv = numbers_of(parents, "adv")
    return Orders(
        size=numbers_of(parents, "quantity") / adv,
        duration=numbers_of(parents, "duration_days"),
        post=numbers_of(parents, "post_days"),
        turnover=numbers_of(parents, "shares_outstanding") / adv,
        permanent=np.array([each.against(each.post_px or 0.0) for each in parents]),
        cost=np.array([each.against(each.average_px) for each in parents]),
    )


def _almgren(parents: tuple[FinishedParent, ...], draws: int, seed: int, free: bool) -> Measured:
    orders, cluster = orders_of(parents), clusters_of(parents)
    fit = fit_almgren_intervals(orders, cluster, draws=draws, seed=seed, free=free)
    alpha, delta, beta = fit.fixed
    usual = float(np.median(orders.turnover)) ** delta
    trip = guard_almgren(fit.gamma.value * usual, alpha, fit.eta.value, beta)

    def trained(mask: BoolArray) -> FloatArray:
        return almgren_cost(almgren_point(_some(orders, mask), free=free), orders)

    return Measured(
        form="almgren",
        parameters=(
            _parameter("gamma", fit.gamma), _parameter("eta", fit.eta),
            _exponent("alpha", fit.alpha, alpha), _exponent("delta", fit.delta, delta),
            _exponent("beta", fit.beta, beta),
        ),
        size=orders.size, cost=orders.cost, fitted=almgren_cost(fit.point, orders),
        published=almgren_cost(PUBLISHED_ALMGREN, orders), weight=3.0 / orders.duration, cluster=cluster,
        r_squared=fit.r_squared, duration_max=float(orders.duration.max()), trip=trip, trained=trained,
    )  # fmt: skip


def _square_root(parents: tuple[FinishedParent, ...], draws: int, seed: int) -> Measured:
    size = numbers_of(parents, "quantity") / numbers_of(parents, "adv")
    cost = np.array([each.against(each.average_px) for each in parents])
    cluster = clusters_of(parents)
    fit = fit_square_root(size, cost, cluster, draws=draws, seed=seed)
    place = quantile_places(size, cost)
    number, _, error, _ = bin_figures(size, cost, place)

    def trained(mask: BoolArray) -> FloatArray:
        factor, exponent = square_root_point(size[mask], cost[mask])
        return np.asarray(factor * size**exponent, dtype=np.float64)

    days = numbers_of(parents, "duration_days")
    known = days[np.isfinite(days)]
    return Measured(
        form="square_root",
        parameters=(_parameter("prefactor", fit.prefactor), _parameter("exponent", fit.exponent)),
        size=size, cost=cost, fitted=fit.prefactor.value * size**fit.exponent.value,
        published=UNIT_LAW[0] * size ** UNIT_LAW[1], weight=(1.0 / (error**2 * number))[place], cluster=cluster,
        r_squared=fit.r_squared, duration_max=float(known.max()) if known.size else 1.0,
        trip=guard_square_root(fit.prefactor.value, fit.exponent.value), trained=trained, covariance=fit.covariance,
    )  # fmt: skip


def _some(orders: Orders, mask: BoolArray) -> Orders:
    return Orders(**{name: getattr(orders, name)[mask] for name in Orders.__struct_fields__})


def _parameter(name: str, found: Interval) -> Parameter:
    return Parameter(name=name, value=found.value, error=found.error, low=found.low, high=found.high)


def _exponent(name: str, free: Interval, used: float) -> Parameter:
    """The exponent the model uses; error and interval are of the free fit, which is what is known of it."""
    held = used != free.value
    return Parameter(name=name, value=used, error=free.error, low=free.low, high=free.high, held=held)
