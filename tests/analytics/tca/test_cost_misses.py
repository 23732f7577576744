"""What finished orders teach the next plan: their misses, each in its own plan's scale."""

from __future__ import annotations

import numpy as np
import pytest

from sottovoce.analytics.tca.cost_misses import cost_quantiles
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


def test_orders_that_miss_by_less_than_said_teach_a_narrower_interval() -> None:
    found = cost_quantiles(orders(400, 0.7), "desk/1")
    assert found.low == pytest.approx(0.7 * NORMAL.low, abs=0.12)
    assert found.high == pytest.approx(0.7 * NORMAL.high, abs=0.12)
    assert (found.orders, found.version) == (400, "desk/1")


def test_ends_in_force_are_taken_out_before_new_ones_are_learned() -> None:
    """The same intervals read as made with ends twice as wide have half the scale, so the misses are twice as far."""
    wide = CostQuantiles(low=2 * NORMAL.low, high=2 * NORMAL.high, orders=99, version="w")
    plain, halved = cost_quantiles(orders(300, 1.0), "a"), cost_quantiles(orders(300, 1.0), "a", wide)
    assert halved.high == pytest.approx(2 * plain.high, rel=1e-9)


def test_orders_given_up_early_and_of_another_model_say_nothing() -> None:
    kept = orders(120, 1.0)
    strange = [order(900 + at, 500.0, 10.0, filled=filled) for at, filled in enumerate([0, 899] * 30)]
    strange += [order(990 + at, 500.0, 10.0, model="old") for at in range(60)]
    assert cost_quantiles([*kept, *strange], "a", model_version="m") == cost_quantiles(kept, "a")


@pytest.mark.parametrize("count", [0, 49])
def test_few_orders_teach_nothing(count: int) -> None:
    with pytest.raises(ModelError) as error:
        cost_quantiles(orders(count, 1.0), "a")
    assert error.value.code == "too_few_orders"
