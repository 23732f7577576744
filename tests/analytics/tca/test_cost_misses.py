"""What finished orders teach the next plan: their misses, each in its own plan's scale."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sottovoce.analytics.tca.cost_misses import forecasts_of
from sottovoce.analytics.tca.measure import OrderTca, measure
from sottovoce.analytics.tca.orders import TcaFill, TcaForecast, TcaOrder
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.errors import ModelError
from sottovoce.models.cost_interval import NORMAL, CostQuantiles

ARRIVAL = 100_000_000


def order(number: int, cost_bps: float, scale_bps: float, *, filled: int = 1_000, model: str = "m") -> OrderTca:
    """An order expected to cost 5 bps, planned with normal ends, that cost so much."""
    px = ARRIVAL + round(ARRIVAL * cost_bps / 1e4)
    low, high = NORMAL.ends(5.0, scale_bps)
    said = TcaForecast(
        expected_cost_bps=5.0, low_bps=low, high_bps=high, timing_risk_bps=scale_bps, model_version=model
    )
    fills = (TcaFill(ts_ns=2, qty=filled, px=px, venue="XNAS", venue_kind=VenueKind.LIT),) if filled else ()
    each = TcaOrder(
        parent_id=f"P-{number}", symbol="ACME US", side=Side.BUY, order_qty=1_000, decision_px=ARRIVAL,
        arrival_px=ARRIVAL, arrival_ns=1, fills=fills, forecast=said,
    )  # fmt: skip
    return measure(each, None)


def orders(n: int, spread: float, **changes: object) -> list[OrderTca]:
    """Orders of many scales that miss by `spread` of their own scale."""
    rng = np.random.default_rng(4)
    scales, missed = rng.uniform(10.0, 90.0, n), spread * rng.standard_normal(n)
    pairs = zip(scales.tolist(), missed.tolist(), strict=True)
    return [order(at, 5.0 + scale * miss, scale, **changes) for at, (scale, miss) in enumerate(pairs)]  # type: ignore[arg-type]


def taught(rows: Sequence[OrderTca], ends: CostQuantiles = NORMAL) -> CostQuantiles:
    """The ends orders teach that were planned with others."""
    return forecasts_of([(each, ends) for each in rows], "m").quantiles("desk/1")


def test_orders_that_miss_by_less_than_said_teach_a_narrower_interval() -> None:
    found = taught(orders(400, 0.7))
    assert found.low == pytest.approx(0.7 * NORMAL.low, abs=0.12)
    assert found.high == pytest.approx(0.7 * NORMAL.high, abs=0.12)
    assert (found.orders, found.version) == (400, "desk/1")


def test_ends_in_force_are_taken_out_before_new_ones_are_learned() -> None:
    """The same intervals read as made with ends twice as wide have half the scale, so the misses are twice as far."""
    wide = CostQuantiles(low=2 * NORMAL.low, high=2 * NORMAL.high, orders=99, version="w")
    assert taught(orders(300, 1.0), wide).high == pytest.approx(2 * taught(orders(300, 1.0)).high, rel=1e-9)


def test_orders_planned_with_different_ends_teach_together() -> None:
    wide = CostQuantiles(low=2 * NORMAL.low, high=2 * NORMAL.high, orders=99, version="w")
    rows = orders(200, 1.0)
    mixed = forecasts_of([(each, wide if at % 2 else NORMAL) for at, each in enumerate(rows)])
    assert mixed.reach.tolist() == [2 * (1 + at % 2) * NORMAL.high for at in range(200)]
    assert taught(rows).high < mixed.quantiles("both").high < taught(rows, wide).high


def test_intervals_of_the_plans_held_as_often_as_their_law_says() -> None:
    rows = [(each, NORMAL) for each in orders(400, 1.0)]
    assert forecasts_of(rows).held.part == pytest.approx(0.8, abs=0.06)


def test_orders_given_up_early_and_of_another_model_say_nothing() -> None:
    kept = orders(120, 1.0)
    strange = [order(900 + at, 500.0, 10.0, filled=filled) for at, filled in enumerate([0, 899] * 30)]
    strange += [order(990 + at, 500.0, 10.0, model="old") for at in range(60)]
    found = forecasts_of([(each, NORMAL) for each in (*kept, *strange)], "m")
    assert found.left_out == 120
    assert found.quantiles("desk/1") == taught(kept)


@pytest.mark.parametrize("count", [0, 49])
def test_few_orders_teach_nothing(count: int) -> None:
    with pytest.raises(ModelError) as error:
        taught(orders(count, 1.0))
    assert error.value.code == "too_few_orders"
