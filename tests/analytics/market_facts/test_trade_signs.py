"""Sign memory: found where it was put, and nowhere else."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.market_facts.trade_signs import (
    LAG_MAX,
    autocorrelation,
    memory_exponent,
    order_signs,
    sign_sums,
)
from sottovoce.models.arrays import IntArray
from tests.analytics.market_facts.synthetic import fractional_noise, seconds, session

SESSIONS, SIGNS = 20, 20_000


@pytest.mark.parametrize("gamma", [0.35, 0.5, 0.7])
def test_power_law_memory_is_recovered(gamma: float) -> None:
    """The sign of Gaussian noise remembers as (2/pi) asin of its correlation does: with the same exponent.

    Over twelve seeds the mean is within 0.02 of the exponent and the standard deviation 0.05.
    """
    rng = np.random.default_rng(0)
    days = [np.sign(fractional_noise(rng, SIGNS, gamma)).astype(np.int64) for _ in range(SESSIONS)]
    assert memory_exponent([sign_sums(day) for day in days]) == pytest.approx(gamma, abs=0.1)


def test_order_splitting_gives_the_tail_of_its_lengths_less_one() -> None:
    """Lillo, Mike and Farmer 2005: lengths P(L > l) ~ l^-alpha, one order worked at a time of a few: alpha - 1."""
    rng = np.random.default_rng(1)
    days = [_split_orders(rng, SIGNS, 1.6, 10) for _ in range(SESSIONS)]
    assert memory_exponent([sign_sums(day) for day in days]) == pytest.approx(0.6, abs=0.12)


def _split_orders(rng: np.random.Generator, count: int, alpha: float, working: int) -> IntArray:
    left = np.ceil(rng.pareto(alpha, working) + 1e-9).astype(np.int64)
    side = rng.choice([-1, 1], working)
    signs = np.zeros(count, np.int64)
    turns = rng.integers(0, working, count)
    lengths = np.ceil(rng.pareto(alpha, count) + 1e-9).astype(np.int64)
    sides = rng.choice([-1, 1], count)
    for at, turn in enumerate(turns):
        signs[at] = side[turn]
        left[turn] -= 1
        if left[turn] <= 0:
            left[turn], side[turn] = lengths[at], sides[at]
    return signs


def test_independent_signs_have_no_exponent() -> None:
    rng = np.random.default_rng(2)
    days = [rng.choice([-1, 1], SIGNS) for _ in range(SESSIONS)]
    assert np.isnan(memory_exponent([sign_sums(day) for day in days]))


def test_short_memory_is_not_taken_for_long() -> None:
    """Signs that repeat with probability 0.95 forget within a hundred: C(lag) = 0.9^lag has no power law."""
    rng = np.random.default_rng(3)
    days = [np.cumprod(rng.choice([1, -1], SIGNS, p=[0.95, 0.05])) for _ in range(SESSIONS)]
    found = memory_exponent([sign_sums(day) for day in days])
    assert np.isnan(found) or found > 0.8


def test_autocorrelation_is_that_of_the_definition() -> None:
    rng = np.random.default_rng(4)
    days = [rng.choice([-1, 1], size, p=[0.4, 0.6]) for size in (700, 900)]
    found = autocorrelation([sign_sums(day) for day in days])
    mean = np.concatenate(days).mean()
    for lag in (1, 37, LAG_MAX):
        pairs = np.concatenate([day[lag:] * day[:-lag] for day in days])
        assert found[lag - 1] == pytest.approx((pairs.mean() - mean**2) / (1 - mean**2), abs=1e-12)


def test_no_pair_spans_two_sessions() -> None:
    alike = [np.ones(1, np.int64), np.ones(1, np.int64)]
    assert sum(float(sign_sums(day).pairs.sum()) for day in alike) == 0.0


def test_prints_of_one_sweep_are_one_order() -> None:
    day = session(
        trade_ns=seconds(1, 1, 1, 2, 2),
        trade_px=np.array([100, 100, 101, 99, 101]),
        trade_side=np.array([1, 1, 1, -1, 1]),
    )
    assert order_signs(day).tolist() == [1, -1, 1]


def test_aggressor_is_inferred_by_quote_and_at_the_mid_by_tick() -> None:
    """Lee and Ready 1991, against the quote in force before the print."""
    day = session(
        quote_ns=seconds(1, 5),
        bid=np.array([98, 102]),
        ask=np.array([102, 106]),
        trade_ns=seconds(2, 3, 4, 5, 6),
        trade_px=np.array([99, 100, 101, 101, 102]),
    )
    assert order_signs(day).tolist() == [-1, 1, 1, 1, -1]


def test_auction_and_off_exchange_prints_have_no_sign() -> None:
    day = session(trade_ns=seconds(1, 2), trade_px=np.array([1, 2]), trade_kind=np.array([1, 2]))
    assert order_signs(day).size == 0


def test_too_few_signs_or_all_alike_have_no_memory_to_measure() -> None:
    few = [sign_sums(np.array([1, -1, 1]))]
    assert np.isnan(autocorrelation(few)[3:]).all()
    assert np.isnan(memory_exponent(few))
    assert np.isnan(memory_exponent([sign_sums(np.ones(2_000, np.int64))]))
    assert np.isnan(memory_exponent([sign_sums(np.zeros(0, np.int64))]))
