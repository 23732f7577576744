"""What groups of orders pay, and what else made orders dear: known effects are found, none is invented."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.analytics.calibration.factors import CONTAINS, factor_estimates, slope
from sottovoce.analytics.calibration.scales import bucket_scales, multiplier, symbol_scales
from tests.analytics.calibration.finished import one


def test_a_bucket_that_pays_twice_is_found_and_one_name_of_it_is_drawn_to_its_bucket() -> None:
    rng = np.random.default_rng(5)
    n = 6_000
    day = np.arange(n) // 10
    symbols = [f"N{each % 12:02}" for each in day]
    buckets = ["dear" if each % 12 < 6 else "cheap" for each in day]
    times = np.where(np.array(buckets) == "dear", 2.0, 0.5)
    fitted = rng.uniform(0.05, 0.3, n)
    cost = times * fitted + 0.4 * rng.standard_normal(n)
    about = (cost, fitted, np.ones(n), day)
    found = {each.name: each for each in bucket_scales(buckets, *about)}
    assert found["dear"].shrunk == pytest.approx(2.0, abs=4 * found["dear"].shrunk_error)
    assert found["cheap"].shrunk == pytest.approx(0.5, abs=4 * found["cheap"].shrunk_error)
    names = symbol_scales(symbols, buckets, *about)
    assert len(names) == 12
    assert {each.towards for each in names} == {"dear", "cheap"}
    plain = np.array([each.value - (2.0 if each.towards == "dear" else 0.5) for each in names])
    drawn = np.array([each.shrunk - (2.0 if each.towards == "dear" else 0.5) for each in names])
    assert (drawn**2).mean() < 0.5 * (plain**2).mean()


def test_a_shared_day_widens_a_multiplier() -> None:
    rng = np.random.default_rng(6)
    day = np.arange(2_000) // 20
    cost = 1.0 + rng.standard_normal(100)[day] + 0.1 * rng.standard_normal(2_000)
    ones = np.ones(2_000)
    assert multiplier(cost, ones, ones, day)[1] == pytest.approx(0.1, rel=0.3)
    assert multiplier(cost, ones, ones, np.arange(2_000))[1] == pytest.approx(1.0 / 2_000**0.5, rel=0.3)


def test_the_slope_is_that_of_weighted_least_squares() -> None:
    rng = np.random.default_rng(7)
    x, weight = rng.standard_normal(500), rng.uniform(0.5, 2.0, 500)
    y = 0.3 * x + rng.standard_normal(500)
    found = slope(x, y, weight, np.arange(500) // 5, 300, 0)
    design = np.column_stack([np.ones(500), x]) * np.sqrt(weight)[:, None]
    assert found.value == pytest.approx(np.linalg.lstsq(design, y * np.sqrt(weight), rcond=None)[0][1])
    assert found.error == pytest.approx(1.0 / (weight @ (x - weight @ x / weight.sum()) ** 2) ** 0.5, rel=0.35)


def parents(n: int = 600) -> tuple:  # type: ignore[type-arg]
    rng = np.random.default_rng(8)
    return tuple(
        one(parent_id=f"P{at}", side=1 if at % 2 else -1, momentum=float(0.05 * rng.standard_normal()),
            day_part=float(rng.random()), volatility_ratio=1.0)
        for at in range(n)
    )  # fmt: skip


def test_a_factor_that_matters_tells_and_one_that_does_not_is_shown_and_not_applied() -> None:
    rows, rng = parents(), np.random.default_rng(9)
    left = np.array([2.0 * each.side * (each.momentum or 0.0) for each in rows]) + 0.1 * rng.standard_normal(len(rows))
    found = {
        each.name: each for each in factor_estimates(rows, left, np.ones(len(rows)), np.arange(len(rows)) // 4, 300, 0)
    }
    momentum, hour = found["momentum"], found["time of day"]
    assert momentum.tells
    assert momentum.effect is not None
    assert momentum.effect.low < 2.0 < momentum.effect.high
    assert (hour.tells, hour.why) == (False, CONTAINS)


def test_what_no_order_knows_or_none_differs_in_is_not_estimated() -> None:
    rows = parents()
    found = {each.name: each for each in factor_estimates(rows, np.zeros(600), np.ones(600), np.arange(600), 200, 0)}
    assert found["sector concentration"].effect is None
    assert found["sector concentration"].why == "not estimated: 0 orders know it; 100 are needed"
    assert found["volatility regime"].why == "not estimated: it is the same for every order"


def test_a_few_orders_are_too_few() -> None:
    rows = tuple(replace(each, day_part=None) for each in parents(150)[:60]) + parents(150)[60:]
    found = {each.name: each for each in factor_estimates(rows, np.zeros(150), np.ones(150), np.arange(150), 200, 0)}
    assert found["time of day"].n == 90
    assert found["time of day"].effect is None
