"""Constrained schedules: the published rows, an optimum found another way, every limit kept, and none relaxed."""

from __future__ import annotations

from itertools import pairwise
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from scipy.optimize import LinearConstraint, minimize

from sottovoce.core.errors import ModelError, PlanError
from sottovoce.models.arrays import FloatArray
from sottovoce.models.schedule_ac import almgren_chriss
from sottovoce.models.schedule_basket import basket_schedule
from sottovoce.models.schedule_constrained import ConstrainedSchedule, constrained_schedule
from sottovoce.models.schedule_constrained_problem import (
    BasketLimits,
    ConstrainedBasket,
    expected_cost,
    exposures,
    of_market,
    trades_of,
    variance,
)
from tests.models.constrained_cases import PAIR, made_list

FREE = BasketLimits()
ROWS = [
    ((1e6, 1e6), (537_334.4, 85_073.4), (299_782.4, -57_612.3), 1_930_520.09),
    ((1e6, -5e5), (593_092.6, -265_569.5), (343_844.8, -147_443.3), 1_262_564.21),
    ((1e6, 0.0), (574_506.5, -148_688.5), (329_157.3, -117_499.6), 1_216_633.13),
]


@pytest.mark.parametrize(("quantities", "first", "second", "utility"), ROWS)
def test_without_limits_it_is_the_spectral_form(
    quantities: tuple[float, float], first: tuple[float, float], second: tuple[float, float], utility: float
) -> None:
    """T-SCH-6 by the quadratic program: ±0.1 share; as there, ε is left out of the optimum and added afterwards."""
    basket = of_market(replace(PAIR, quantities=np.array(quantities)), reversible=True)
    found = constrained_schedule(replace(basket, linear=np.zeros((5, 2))), FREE, 1e-6)
    assert found.holdings[1] == pytest.approx(first, abs=0.1)
    assert found.holdings[2] == pytest.approx(second, abs=0.1)
    assert expected_cost(basket, found.holdings) + 1e-6 * found.variance == pytest.approx(utility, abs=0.01)


@pytest.mark.parametrize("quantities", [row[0] for row in ROWS])
def test_no_overselling_costs_something_and_never_pays(quantities: tuple[float, float]) -> None:
    """T-SCH-7: no sign change, each holding between zero and the one before, utility at least the unconstrained one."""
    market = replace(PAIR, quantities=np.array(quantities))
    for linear in (0.0, 0.0625):
        free = replace(of_market(market, reversible=True), linear=np.full((5, 2), linear))
        bound = constrained_schedule(replace(free, reversible=np.zeros(2, dtype=bool)), FREE, 1e-6)
        along = bound.holdings * np.where(market.quantities < 0, -1.0, 1.0)
        assert (along >= -1e-3).all()
        assert (np.diff(along, axis=0) <= 1e-3).all()
        unbound = constrained_schedule(free, FREE, 1e-6)
        assert bound.utility >= unbound.utility * (1 - 1e-9)
        assert bound.utility >= _closed_utility(free, market.quantities) * (1 - 1e-9) or linear > 0


def test_the_hedged_row_is_dearer_without_the_hedge() -> None:
    """T-SCH-7 on the rows that oversell: strictly above; on the one that does not: the same schedule."""
    gaps = []
    for quantities, *_ in ROWS:
        market = replace(PAIR, quantities=np.array(quantities), epsilon=np.zeros(2))
        bound = constrained_schedule(of_market(market, reversible=False), FREE, 1e-6)
        gaps.append(bound.utility / basket_schedule(market, 1e-6).utility - 1.0)
    assert gaps[0] > 1e-4
    assert gaps[2] > 1e-2
    assert gaps[1] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("risk_aversion", [1e-6, 1e-7, 0.0])
def test_one_name_is_almgren_chriss(risk_aversion: float) -> None:
    """T-SCH-1 by the quadratic program, ±0.1 share and ±0.01 $."""
    market = replace(
        PAIR, quantities=np.array([1e6]), covariance=np.array([[0.95**2]]), gamma=np.array([2.5e-7]),
        eta=np.array([2.5e-6]), epsilon=np.array([0.0625]),
    )  # fmt: skip
    wanted = almgren_chriss(1e6, 5, 5, 0.95, 2.5e-7, 2.5e-6, 0.0625, risk_aversion)
    found = constrained_schedule(of_market(market, reversible=False), FREE, risk_aversion)
    assert found.holdings[:, 0] == pytest.approx(wanted.holdings, abs=0.1)
    assert found.expected_cost == pytest.approx(wanted.expected_cost, abs=0.01)


def drawn(names: int, periods: int, seed: int) -> tuple[ConstrainedBasket, BasketLimits]:
    """A small list with some closed buckets, some names that may turn, a drift, and limits it can keep."""
    dice = np.random.default_rng(seed)
    basket = made_list(names, periods, seed, participation=0.5)
    closed = dice.random((periods, names)) < 0.15
    closed[-1] = closed[0] = False
    basket = replace(
        basket,
        volumes=np.where(closed, 0.0, basket.volumes),
        reversible=dice.random(names) < 0.3,
        drift=basket.prices * dice.normal(0.0, 0.002, names),
    )
    even = np.linspace(1.0, 0.0, periods + 1)[:, None] * basket.quantities
    worth = [np.abs(even[1:-1] @ each).max() for each in (basket.prices, basket.prices * basket.betas)]
    raised = np.abs(basket.prices @ basket.quantities) + worth[0]
    by_sector = max(
        np.abs(even[1:-1] @ each.loadings).max() for each in exposures(basket, BasketLimits(sector_max=1.0))
    )
    return basket, BasketLimits(cash_max=raised * 1.01, beta_max=worth[1] * 1.2, sector_max=by_sector * 1.1)


@settings(max_examples=15, deadline=None)
@given(st.integers(2, 4), st.integers(3, 5), st.integers(0, 2**20))
def test_a_dense_solver_finds_no_better(names: int, periods: int, seed: int) -> None:
    """The naive problem, trades of every bucket split in two directions, by scipy's trust region: never cheaper."""
    basket, limits = drawn(names, periods, seed)
    try:
        found = constrained_schedule(basket, limits, 1e-6)
    except PlanError as refused:
        assert refused.code in ("participation_infeasible", "limits_infeasible")  # noqa: PT017
        return
    assert found.residuals.worst <= 1e-6
    _assert_kept(basket, limits, found)
    naive = _naive(basket, limits, 1e-6, found.holdings)
    assert found.utility <= naive + 1e-6 * abs(naive) + 1e-6


def _naive(basket: ConstrainedBasket, limits: BasketLimits, aversion: float, near: FloatArray) -> float:
    """The utility scipy's SLSQP reaches from the even schedule and from a bent version of the found one."""
    periods, names = basket.volumes.shape
    size = np.abs(basket.quantities)
    scale = np.where(size > 0, size, 1.0)
    every = np.tril(np.ones((periods, periods)))
    sign = np.where(basket.quantities < 0, -1.0, 1.0)

    def holdings(parts: FloatArray) -> FloatArray:
        trades = (parts[: periods * names] - parts[periods * names :]).reshape(periods, names) * scale * sign
        return np.vstack([basket.quantities, basket.quantities - every @ trades])

    def cost(parts: FloatArray) -> float:
        held = holdings(parts)
        both = (parts[: periods * names] + parts[periods * names :]).reshape(periods, names) * scale
        trades = trades_of(held)
        spent = float((basket.impact * trades**2 + basket.linear * both).sum())
        drifted = float(basket.days @ (held[1:] @ basket.drift))
        return spent - drifted + aversion * variance(basket, held)

    unit = cost(np.concatenate([np.full(periods * names, 1.0 / periods), np.zeros(periods * names)])) or 1.0
    whole, most = _linear_limits(basket, limits, holdings, periods * names)
    caps = (basket.caps / scale).ravel()
    back = np.where(np.tile(basket.reversible, periods), caps, 0.0)
    equal = most[0] == most[1]
    constraints = [LinearConstraint(whole[rows], most[0][rows], most[1][rows]) for rows in (~equal, equal)]
    start = np.maximum(trades_of(near) * sign / scale, 0.0).ravel()
    answer = minimize(
        lambda parts: cost(parts) / unit, np.concatenate([start, np.zeros(periods * names)]),
        bounds=[(0.0, None if cap == inf else cap) for cap in np.concatenate([caps, back])],
        constraints=constraints, method="SLSQP", options={"maxiter": 300, "ftol": 1e-12},
    )  # fmt: skip
    kept = whole @ answer.x
    broken = max(float((most[0] - kept).max()), float((kept - most[1]).max()))
    return float(cost(answer.x)) if broken < 1e-9 else inf


def _linear_limits(
    basket: ConstrainedBasket, limits: BasketLimits, holdings: object, count: int
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """Every limited sum after every bucket, and that nothing is left, as rows over the parts: by differences."""
    sums = exposures(basket, limits)

    def seen(parts: FloatArray) -> FloatArray:
        held = holdings(parts)  # type: ignore[operator]
        size = np.where(basket.quantities == 0, 1.0, np.abs(basket.quantities))
        rows = [held[1:-1] @ each.loadings / each.cap for each in sums]
        return np.concatenate([*rows, held[-1] / size])

    zero = seen(np.zeros(2 * count))
    matrix = np.stack([seen(each) - zero for each in np.eye(2 * count)], axis=1)
    periods = len(basket.days)
    low = np.concatenate([*(np.full(periods - 1, each.low / each.cap) for each in sums), np.zeros(len(basket.names))])
    high = np.concatenate([*(np.full(periods - 1, each.high / each.cap) for each in sums), np.zeros(len(basket.names))])
    return matrix, (low - zero, high - zero)


def _closed_utility(basket: ConstrainedBasket, quantities: FloatArray) -> float:
    held = basket_schedule(replace(PAIR, quantities=quantities), 1e-6).holdings
    return expected_cost(basket, held) + 1e-6 * variance(basket, held)


def _assert_kept(basket: ConstrainedBasket, limits: BasketLimits, found: ConstrainedSchedule) -> None:
    """Every limit in shares and money, to a millionth of the order."""
    size = np.abs(basket.quantities) + 1.0
    along = trades_of(found.holdings) * np.where(basket.quantities < 0, -1.0, 1.0)
    assert (np.where(basket.reversible, np.abs(along), along) <= basket.caps + 1e-6 * size).all()
    assert (along >= -1e-6 * size)[:, ~basket.reversible].all()
    assert found.holdings[0] == pytest.approx(basket.quantities)
    assert found.holdings[-1] == pytest.approx(np.zeros(len(size)), abs=1e-6 * float(size.max()))
    gross = float(basket.prices @ size)
    left = found.holdings[1:-1] * basket.prices
    raised = (found.holdings[0] - found.holdings[1:]) @ basket.prices
    assert np.abs(raised).max() <= limits.cash_max + 1e-6 * gross
    assert np.abs(left @ basket.betas).max() <= limits.beta_max + 1e-6 * gross
    for each in sorted(set(basket.sectors)):
        mine = np.array([sector == each for sector in basket.sectors])
        assert np.abs(left[:, mine].sum(axis=1)).max() <= limits.sector_max + 1e-6 * gross


def test_tighter_limits_never_help() -> None:
    """Below what the schedule comes to without it, a beta limit costs more the tighter it is."""
    basket = made_list(30, 13, 3)
    free = constrained_schedule(basket, FREE, 1e-6)
    most = float(np.abs(free.holdings[1:-1] @ (basket.prices * basket.betas)).max())
    found = [constrained_schedule(basket, BasketLimits(beta_max=most * part), 1e-6) for part in (1.1, 0.9, 0.8)]
    assert found[0].utility == pytest.approx(free.utility, rel=1e-8)
    for looser, tighter in pairwise(found):
        assert tighter.utility > looser.utility * (1 + 1e-6)


def test_a_limit_is_worth_what_its_multiplier_says() -> None:
    """dU/db of the beta limit by a central difference, against the sum of its multipliers, 1 %."""
    basket = made_list(20, 10, 5)
    first = float(np.abs(basket.quantities @ (basket.prices * basket.betas)))
    cap, step = 0.9 * first, 1e-3 * first
    found = constrained_schedule(basket, BasketLimits(beta_max=cap), 1e-6)
    price = float(found.multipliers.high.sum() + found.multipliers.low.sum())
    assert price > 0
    ends = [constrained_schedule(basket, BasketLimits(beta_max=cap + move), 1e-6).utility for move in (-step, step)]
    assert (ends[0] - ends[1]) / (2 * step) == pytest.approx(price, rel=0.01)


def test_a_closed_bucket_and_an_early_end_are_kept() -> None:
    basket = made_list(5, 8, 1)
    volumes = basket.volumes.copy()
    volumes[2, 0] = 0.0
    volumes[5:, 1] = 0.0
    found = constrained_schedule(replace(basket, volumes=volumes), FREE, 1e-6)
    assert found.holdings[2, 0] == found.holdings[3, 0]
    assert (found.holdings[5:, 1] == 0).all()


def test_a_name_with_a_single_open_bucket_trades_in_it() -> None:
    basket = made_list(3, 4, 1, participation=1.0)
    volumes = basket.volumes.copy()
    volumes[[0, 1, 3], 2] = 0.0
    found = constrained_schedule(replace(basket, volumes=volumes), FREE, 1e-6)
    assert list(found.holdings[:, 2] / basket.quantities[2]) == [1.0, 1.0, 1.0, 0.0, 0.0]


def test_one_bucket_is_the_whole_list() -> None:
    basket = made_list(3, 1, 1)
    found = constrained_schedule(basket, BasketLimits(beta_max=1.0), 1e-6)
    assert (found.holdings[1] == 0).all()


def test_the_same_list_gives_the_same_bytes() -> None:
    basket, limits = made_list(40, 13, 9), BasketLimits(cash_max=inf)
    first, again = (constrained_schedule(basket, limits, 1e-6) for _ in range(2))
    assert first.holdings.tobytes() == again.holdings.tobytes()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"betas": np.zeros(2)}, "shapes_differ"),
        ({"volumes": np.zeros((3, 3))}, "shapes_differ"),
        ({"prices": np.array([1.0, np.nan, 1.0])}, "not_finite"),
        ({"prices": np.array([1.0, 0.0, 1.0])}, "not_positive"),
        ({"participation": np.array([0.1, -0.1, 0.1])}, "negative"),
        ({"sectors": ("A",)}, "shapes_differ"),
    ],
)
def test_nonsense_is_refused(change: dict[str, object], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        constrained_schedule(replace(made_list(3, 4, 1), **change), FREE, 1e-6)
    assert refused.value.code == code


def test_a_sector_limit_without_sectors_is_refused() -> None:
    with pytest.raises(ModelError) as refused:
        constrained_schedule(replace(made_list(3, 4, 1), sectors=()), BasketLimits(sector_max=1.0), 1e-6)
    assert refused.value.code == "no_sectors"
