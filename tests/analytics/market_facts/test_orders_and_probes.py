"""Decay and cost of paired orders, and what passive probes say of the queue."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.market_facts import passive_fills
from sottovoce.analytics.market_facts.paired_orders import PairedOrder, decay, mean_cost
from sottovoce.analytics.market_facts.passive_fills import Probe, queue_rows


def paired(session: int, impact: float, later: float | None, cost: float = 0.1) -> PairedOrder:
    return PairedOrder(session=session, size=0.01, participation=0.1, done=1.0, impact=impact, cost=cost, later=later)


def test_decay_is_what_is_left_of_the_same_orders() -> None:
    orders = [paired(1, 0.2, 0.1), paired(1, 0.4, 0.3), paired(2, 0.3, 0.2), paired(3, 9.0, None)]
    assert decay(orders).value == pytest.approx(0.6 / 0.9)


def test_decay_needs_an_order_that_was_followed() -> None:
    assert decay([paired(1, 0.2, None)]).value is None


def test_cost_is_a_mean_with_an_error_over_sessions() -> None:
    orders = [paired(session, 0.1, None, cost) for session, cost in [(1, 0.1), (1, 0.2), (2, 0.3), (3, 0.4)]]
    found = mean_cost(orders)
    assert found.value == pytest.approx(0.25)
    assert found.error is not None
    assert found.error > 0


def probed(seed: int, slope: float, adverse: float) -> list[Probe]:
    """Fill probability 0.6 - slope x place, markout -1 - adverse x place with unit noise, places up to 2."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(6_000):
        ahead = float(rng.uniform(0, 2))
        filled = bool(rng.random() < 0.6 - slope * ahead)
        move = -1 - adverse * ahead + float(rng.standard_normal()) if filled else None
        found.append(Probe(session=number % 20, ahead=ahead, filled=filled, seconds=1.0, markout_bps=move))
    return found


def test_real_queue_is_told_by_all_four_figures() -> None:
    probes = probed(1, slope=0.2, adverse=0.5)
    assert passive_fills.largest_rise(queue_rows(probes)) < 0
    assert passive_fills.front_less_back(probes).value == pytest.approx(0.2 * 1.6, abs=0.06)
    assert passive_fills.mean_markout(probes).value == pytest.approx(-1.4, abs=0.15)
    assert passive_fills.back_less_front(probes).value == pytest.approx(-0.5 * 1.6, abs=0.2)


def test_queue_that_favours_the_back_is_found_out() -> None:
    rows = queue_rows(probed(2, slope=-0.15, adverse=-0.5))
    assert passive_fills.largest_rise(rows) > 2
    probes = probed(2, slope=-0.15, adverse=-0.5)
    front, back = passive_fills.front_less_back(probes).value, passive_fills.back_less_front(probes).value
    assert front is not None
    assert front < 0
    assert back is not None
    assert back > 0


def test_place_without_meaning_shows_no_difference() -> None:
    found = passive_fills.front_less_back(probed(3, slope=0.0, adverse=0.0))
    assert found.value is not None
    assert found.error is not None
    assert abs(found.value) < 3 * found.error


def test_probes_all_in_one_place_prove_nothing() -> None:
    probes = [Probe(session=at, ahead=1.0, filled=True, seconds=1.0, markout_bps=-1.0) for at in range(200)]
    assert len(queue_rows(probes)) == 1
    assert passive_fills.largest_rise(queue_rows(probes)) == float("-inf")
    assert passive_fills.front_less_back(probes).value is None
    assert passive_fills.back_less_front(probes).value is None


def test_few_fills_are_no_markout() -> None:
    few = [Probe(session=1, ahead=1.0, filled=True, seconds=1.0, markout_bps=-1.0)] * 5
    assert passive_fills.mean_markout(few).value is None
