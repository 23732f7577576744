"""The regression of Almgren, Thum, Hauptmann and Li, on orders of one's own: exponents, coefficients, and their errors.

Source: "Direct estimation of equity market impact", Risk 18(7) (2005) 57-62, the noise model included; T-IMP-2. Per
order, in units of the name's daily volatility and volume: the permanent move I and the realised cost J of

    I = γ T^(1−α) x^α Θ^δ + √T_post ξ
    J − I/2 = η (x/T)^β + √[(T/12)(4 − 3T/T_post)] χ − (T_post − T)/(2√T_post) ξ

with x the order over a day's volume. An order says little (R² is below one percent): it is the number of them that
counts, and each is weighted by what its own noise leaves.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray

ALPHA, DELTA, BETA = 1.0, 0.25, 0.6
"""The exponents that are fixed once the free fit has been looked at."""

ORDERS_MIN = 100
"""With fewer orders no exponent can be told from another."""


class Orders(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Completed orders, one row each, shape (n,).

    size: |X| over daily volume, > 0; duration T, until T_post of the last price: parts of an average day's volume,
    0 < T < T_post; turnover: shares outstanding over daily volume, > 0; permanent I, cost J: moves against the order
    over daily volatility (from arrival to T_post, and to the average fill).
    """

    size: FloatArray
    duration: FloatArray
    post: FloatArray
    turnover: FloatArray
    permanent: FloatArray
    cost: FloatArray


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """A figure and its standard error."""

    value: float
    error: float


class AlmgrenFit(msgspec.Struct, frozen=True, kw_only=True):
    """Free exponents, and the coefficients with the exponents fixed; n orders within size_range."""

    alpha: Estimate
    delta: Estimate
    beta: Estimate
    gamma: Estimate
    eta: Estimate
    n: int
    size_range: tuple[float, float]


def fit_almgren(orders: Orders) -> AlmgrenFit:
    """Fit exponents by weighted nonlinear least squares, then coefficients by weighted least squares with them fixed.

    Raises: ModelError `too_few_orders`, `bad_orders`, `no_fit` when the search does not settle.
    """
    checked(orders)
    residual, weight = _temporary_seen(orders)
    steady = 1.0 / np.sqrt(orders.post)
    log_x, log_t, log_turn = (np.log(each) for each in (orders.size, orders.duration, orders.turnover))

    def permanent(point: FloatArray) -> FloatArray:
        gamma, alpha, delta = point
        return np.asarray(gamma * np.exp((1.0 - alpha) * log_t + alpha * log_x + delta * log_turn), dtype=np.float64)

    def temporary(point: FloatArray) -> FloatArray:
        eta, beta = point
        return np.asarray(eta * np.exp(beta * (log_x - log_t)), dtype=np.float64)

    _, alpha, delta = _free(permanent, orders.permanent, steady, (0.3, ALPHA, DELTA))
    _, beta = _free(temporary, residual, weight, (0.1, BETA))
    gamma, eta = fit_coefficients(orders)
    return AlmgrenFit(
        alpha=alpha,
        delta=delta,
        beta=beta,
        gamma=gamma,
        eta=eta,
        n=len(orders.size),
        size_range=(float(orders.size.min()), float(orders.size.max())),
    )


def fit_coefficients(orders: Orders) -> tuple[Estimate, Estimate]:
    """γ and η by weighted least squares with the exponents fixed: the recipe's last step, which a few hundred orders
    suffice for. Raises: ModelError `too_few_orders`, `bad_orders`.
    """
    checked(orders)
    residual, weight = _temporary_seen(orders)
    permanent = orders.duration ** (1.0 - ALPHA) * orders.size**ALPHA * orders.turnover**DELTA
    temporary = (orders.size / orders.duration) ** BETA
    gamma = _coefficient(permanent, orders.permanent, 1.0 / np.sqrt(orders.post))
    return gamma, _coefficient(temporary, residual, weight)


def _temporary_seen(orders: Orders) -> tuple[FloatArray, FloatArray]:
    """J − I/2 of each order and its weight, one over its standard deviation."""
    residual = np.asarray(orders.cost - orders.permanent / 2.0, dtype=np.float64)
    return residual, np.asarray(1.0 / np.sqrt(cost_variance(orders)), dtype=np.float64)


def cost_variance(orders: Orders) -> FloatArray:
    """Variance of J − I/2 of each order, daily volatility squared, shape (n,)."""
    t, post = orders.duration, orders.post
    return np.asarray(t / 12.0 * (4.0 - 3.0 * t / post) + (post - t) ** 2 / (4.0 * post), dtype=np.float64)


def _free(
    model: Callable[[FloatArray], FloatArray], seen: FloatArray, weight: FloatArray, start: tuple[float, ...]
) -> list[Estimate]:
    """Weighted nonlinear least squares; errors from the curvature at the best point and the weighted residuals."""
    from scipy.optimize import least_squares

    found = least_squares(lambda point: (model(point) - seen) * weight, start, method="lm", xtol=1e-12, ftol=1e-12)
    if not found.success or not np.all(np.isfinite(found.x)):
        raise ModelError("The fit of the exponents did not settle; the orders do not tell them.", code="no_fit")
    spare = len(seen) - len(start)
    covariance = np.linalg.inv(found.jac.T @ found.jac) * (2.0 * found.cost / spare)
    errors = np.sqrt(np.diag(covariance))
    return [Estimate(value=float(x), error=float(e)) for x, e in zip(found.x, errors, strict=True)]


def _coefficient(shape: FloatArray, seen: FloatArray, weight: FloatArray) -> Estimate:
    """Weighted least squares through the origin."""
    x, y = shape * weight, seen * weight
    squares = float(x @ x)
    value = float(x @ y) / squares
    left = y - value * x
    return Estimate(value=value, error=float(np.sqrt(left @ left / (len(y) - 1) / squares)))


def checked(orders: Orders) -> None:
    """Raises ModelError `too_few_orders`, `bad_orders` for orders nothing can be fitted from."""
    columns = (orders.size, orders.duration, orders.post, orders.turnover, orders.permanent, orders.cost)
    if len(orders.size) < ORDERS_MIN:
        raise ModelError(f"{len(orders.size)} orders; a fit needs {ORDERS_MIN} or more.", code="too_few_orders")
    if any(each.shape != orders.size.shape or not np.all(np.isfinite(each)) for each in columns):
        raise ModelError("Every order needs six ordinary numbers.", code="bad_orders")
    if not all(np.all(each > 0) for each in columns[:4]) or not np.all(orders.post > orders.duration):
        raise ModelError("Size, duration and turnover are above zero, and T_post is above T.", code="bad_orders")
