"""Several schedules met with the same prices and volumes: what each costs, on every path.

Candidates compared on paths of their own differ by chance; on common paths chance cancels and what is left is the
difference of the schedules. A path is one course of the market's volume (a factor for the whole horizon and one for
each step, both log-normal about the forecast) and of its price (driftless, normal, in volume time). Paths come in
pairs with the same volume and opposite prices, so that the mean move of the price is exactly zero, and the factors of
the horizon's volume are one from each equally likely part of their distribution, and the prices have exactly the
covariance they should, so that few paths say how often an order finishes and what a timetable risks.

On a path a timetable asks for its shares when they are due and gets what the cap on participation leaves room for, of
the volume since the start, as the desk measures it: a quiet hour is made up for in a busy one, in a step at most
catch_up times what the timetable ever asks for. A rate asks for its part of the volume that trades. What is left at
the end is traded there at the cap's impact, so that a way that does not finish is not cheaper for it. Temporary impact
is a·π^β bps at π times the volume of the step, the model's own law (models/impact_almgren.py, models/impact_istar.py);
permanent impact is of the order, not of its path.

Source: common random numbers and antithetic pairs, Law, Simulation Modeling and Analysis (2015), chapter 11.
"""

from __future__ import annotations

from functools import lru_cache
from statistics import NormalDist

import msgspec
import numpy as np

from sottovoce.core.errors import ModelError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.guards import positive

LEFT = 1e-3
"""An order counts as done with this part of it left: sizing's DONE."""


class Draws(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """Standard normal figures: whole, shape (paths,), of the horizon's volume; steps, shape (steps, paths), of each
    step's; prices, shape (steps, paths), antithetic in the second half of the paths.
    """

    whole: FloatArray
    steps: FloatArray
    prices: FloatArray


class PathMarket(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """The market over the horizon, in n steps.

    volumes: forecast shares of others a step, shape (n,); days: length of each in volume time, shape (n,). sigma_bps: a
    day; wilder: what sigma is multiplied by in each step, shape (n,) or (n, paths). whole_log_sd and step_log_sd: of
    the volume's error. auction: forecast shares of the closing auction, after the last step.
    """

    volumes: FloatArray
    days: FloatArray
    sigma_bps: float
    whole_log_sd: float
    step_log_sd: float
    auction: float = 0.0
    wilder: FloatArray | float = 1.0


class Ways(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """m schedules of one order. curves: part due at the end of each step, shape (m, n); rates: part of the volume of a
    way that follows it, 0 for a timetable, shape (m,). most: cap of each on participation, shape (m,); to_close: part
    of the order that waits for the auction, shape (m,). room_bps: how far the price may go against the order before its
    limit stops it. scale: multiple of the forecast volume each way meets, shape (m,), 1 for all of them. catch_up:
    most of a step, in multiples of the largest step of the curve.
    """

    curves: FloatArray
    rates: FloatArray
    most: FloatArray
    to_close: FloatArray
    quantity: float
    room_bps: float = np.inf
    scale: FloatArray | None = None
    catch_up: float = 1e9


class PathCosts(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """On every path, shape (m, paths): temporary is Σ w π^β, in the model's own unit before its coefficient;
    move_bps what the price did to it; done the part that traded in time. vwap and close: the benchmarks' own moves,
    bps, shape (paths,).
    """

    temporary: FloatArray
    move_bps: FloatArray
    done: FloatArray
    vwap_bps: FloatArray
    close_bps: FloatArray


@lru_cache(maxsize=64)
def draws(seed: int, paths: int, steps: int) -> Draws:
    """The figures of a seed, the same for every order with as many steps. paths: even.

    Raises: ModelError `odd_paths`.
    """
    if paths < 2 or paths % 2:
        raise ModelError(f"Paths come in pairs; {paths} is not an even number above zero.", code="odd_paths")
    rng = np.random.Generator(np.random.PCG64(seed))
    half = paths // 2
    normal = NormalDist()
    whole = rng.permutation([normal.inv_cdf((rank + 0.5) / half) for rank in range(half)])
    step, price = rng.standard_normal((steps, half)), _matched(rng.standard_normal((steps, half)))
    found = Draws(
        whole=np.concatenate([whole, whole]), steps=np.hstack([step, step]), prices=np.hstack([price, -price])
    )
    for each in (found.whole, found.steps, found.prices):
        each.flags.writeable = False
    return found


def _matched(prices: FloatArray) -> FloatArray:
    """Prices whose covariance over the paths is exactly the identity, where there are paths enough: the risk of a
    timetable is then that of its formula, without sampling error.
    """
    steps, paths = prices.shape
    if paths <= steps:
        return prices
    return np.asarray(np.linalg.solve(np.linalg.cholesky(prices @ prices.T / paths), prices), dtype=np.float64)


def path_costs(ways: Ways, market: PathMarket, found: Draws, exponent: float) -> PathCosts:
    """What each way meets on each path.

    Raises: ModelError `not_positive`: a quantity, or an expected volume over the horizon, that is not above zero.
    """
    positive("Quantity", ways.quantity)
    positive("Expected volume", float(market.volumes.sum()))
    volumes = _volumes(market, found)
    price = np.cumsum(_moves(market, found), axis=0)
    before = np.vstack([np.zeros((1, price.shape[1])), price[:-1]])
    middle = 0.5 * (before + price)
    traded = _traded(ways, volumes, middle)
    done = traded.sum(axis=0)
    temporary, auctioned = _auction(ways, market, found, 1.0 - done, exponent)
    shared = (ways.quantity / np.maximum(volumes, 1e-9)) ** exponent
    scaled = (1.0 if ways.scale is None else ways.scale[:, None]) ** -exponent
    temporary += scaled * np.einsum("nmp,np->mp", traded ** (1.0 + exponent), shared)
    left = 1.0 - done - auctioned
    temporary += left * (ways.most**exponent)[:, None]
    return PathCosts(
        temporary=temporary,
        move_bps=np.einsum("nmp,np->mp", traded, middle) + (1.0 - done) * price[-1],
        done=1.0 - left,
        vwap_bps=np.einsum("np,np->p", volumes, middle) / volumes.sum(axis=0),
        close_bps=price[-1],
    )


def _volumes(market: PathMarket, found: Draws) -> FloatArray:
    """Shares of others a step on each path, shape (n, paths): the forecast is the middle one of the horizon's errors
    and the mean one of the steps'.
    """
    error = market.whole_log_sd * found.whole + market.step_log_sd * found.steps - 0.5 * market.step_log_sd**2
    return np.asarray(market.volumes[:, None] * np.exp(error), dtype=np.float64)


def _moves(market: PathMarket, found: Draws) -> FloatArray:
    step = market.sigma_bps * np.sqrt(market.days)[:, None]
    wilder = np.asarray(market.wilder, dtype=np.float64)
    return np.asarray(step * (wilder[:, None] if wilder.ndim == 1 else wilder) * found.prices, dtype=np.float64)


def _traded(ways: Ways, volumes: FloatArray, middle: FloatArray) -> FloatArray:
    """Part of the order each way trades in each step, shape (n, m, paths)."""
    scale = np.ones_like(ways.rates) if ways.scale is None else ways.scale
    rates, most, unit = ways.rates[:, None], ways.most[:, None], (scale / ways.quantity)[:, None]
    follows, share = rates > 0, rates / (1.0 - rates) * unit
    room = np.where(most < 1.0, most / np.maximum(1.0 - most, 1e-9), 1e9) * unit * (ways.to_close[:, None] == 0)
    largest = np.where(follows, np.inf, ways.catch_up * np.diff(ways.curves, prepend=0.0).max(axis=1)[:, None])
    passed = np.cumsum(volumes, axis=0)
    limited, allowed = bool(np.isfinite(ways.room_bps)), middle <= ways.room_bps
    done = np.zeros((len(ways.rates), volumes.shape[1]))
    traded = np.empty((len(volumes), *done.shape))
    for step, volume in enumerate(volumes):
        due = np.where(follows, np.minimum(share * passed[step], 1.0), ways.curves[:, step : step + 1])
        most_now = np.where(follows, room * volume, np.minimum(room * passed[step] - done, largest))
        now = traded[step]
        np.maximum(np.minimum(due - done, most_now), 0.0, out=now)
        if limited:
            now *= allowed[step]
        done += now
    return traded


def _auction(
    ways: Ways, market: PathMarket, found: Draws, left: FloatArray, exponent: float
) -> tuple[FloatArray, FloatArray]:
    """(Σ w π^β of what trades in the closing auction, part of the order that does), shapes (m, paths)."""
    waits = ways.to_close[:, None]
    if market.auction <= 0 or not waits.any():
        return np.zeros_like(left), np.zeros_like(left)
    volume = market.auction * np.exp(market.whole_log_sd * found.whole)
    part = np.minimum(left, waits)
    scale = 1.0 if ways.scale is None else ways.scale[:, None]
    shares = np.minimum(part * ways.quantity / (volume * scale), 1.0)
    return np.asarray(part * shares**exponent, dtype=np.float64), part
