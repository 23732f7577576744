"""Sizes at their limits: one below, at, one above (PT-02, PT-03)."""

from __future__ import annotations

import pytest

from sottovoce.core.instrument import Fact
from sottovoce.core.limits import Level
from sottovoce.stages.risk import checks_size
from tests.scenarios.small_desk import MID, UNKNOWN_ADV, instrument
from tests.stages.risk.cases import child, make, on_order, order, row, told


@pytest.mark.parametrize(("qty", "passes"), [(999_999, True), (1_000_000, True), (1_000_001, False)])
def test_order_value_at_the_hard_limit(qty: int, passes: bool) -> None:
    case = make(*on_order(parent_value=50_000_000), of=order(order_qty=qty, limit_px=MID))
    assert told(checks_size.order_value, case) == ([] if passes else ["order_value"])


def test_a_rejection_names_the_row_and_its_version() -> None:
    (found,) = checks_size.order_value(make(*on_order(parent_value=1), of=order(limit_px=MID))) or []
    assert (found.limit_id, found.limit_version) == ("order..parent_value", 3)
    assert (found.value, found.limit, found.room) == ("5,000.00", "1.00", "1.00")


def test_the_tightest_row_on_the_path_binds() -> None:
    wide, tight = row(Level.ORDER, "", "parent_value", 10**9), row(Level.TRADER, "trader-1", "parent_value", 4_999)
    other = row(Level.TRADER, "trader-2", "parent_value", 1)
    assert told(checks_size.order_value, make(wide, tight, other, of=order(limit_px=MID))) == ["order_value"]
    assert told(checks_size.order_value, make(wide, other, of=order(limit_px=MID))) == []


@pytest.mark.parametrize(("qty", "found"), [(199_999, []), (200_000, []), (200_001, ["child_value_soft"])])
def test_child_value_soft(qty: int, found: list[str]) -> None:
    case = make(*on_order(child_value_soft=10_000_000), one=child(qty))
    assert told(checks_size.child_value_soft, case) == found


@pytest.mark.parametrize(("qty", "found"), [(1_000_000, []), (1_000_001, ["child_value"])])
def test_child_value_hard(qty: int, found: list[str]) -> None:
    assert told(checks_size.child_value, make(*on_order(child_value=50_000_000), one=child(qty))) == found


@pytest.mark.parametrize(("qty", "found"), [(50, []), (51, ["value_near"])])
def test_half_of_a_hard_value_is_noted(qty: int, found: list[str]) -> None:
    rows = on_order(parent_value=5_000, value_warn_ppm=500_000)
    assert told(checks_size.value_near, make(*rows, of=order(order_qty=qty, limit_px=MID))) == found


@pytest.mark.parametrize(("qty", "passes"), [(499, True), (500, True), (501, False)])
def test_order_quantity(qty: int, passes: bool) -> None:
    case = make(*on_order(parent_qty=500), of=order(order_qty=qty))
    assert told(checks_size.order_quantity, case) == ([] if passes else ["order_quantity"])


@pytest.mark.parametrize(("qty", "found"), [(100_000, []), (100_001, ["child_qty_soft"])])
def test_child_quantity_soft(qty: int, found: list[str]) -> None:
    assert told(checks_size.child_quantity_soft, make(*on_order(child_qty_soft=100_000), one=child(qty))) == found


@pytest.mark.parametrize(("qty", "passes"), [(49_999, True), (50_000, True), (50_001, False)])
def test_share_of_daily_volume(qty: int, passes: bool) -> None:
    name = instrument("ACME", 1_000_000.0)
    parent = make(*on_order(parent_adv_ppm=50_000), of=order(order_qty=qty), name=name)
    piece = make(*on_order(child_adv_ppm=50_000, child_adv_soft_ppm=50_000), one=child(qty), name=name)
    assert told(checks_size.order_adv, parent) == ([] if passes else ["order_adv"])
    assert told(checks_size.child_adv, piece) == ([] if passes else ["child_adv"])
    assert told(checks_size.child_adv_soft, piece) == ([] if passes else ["child_adv_soft"])


def test_thin_name_cannot_be_bought_many_times_over() -> None:
    """Average volume 79,000; five million asked for."""
    case = make(*on_order(parent_adv_ppm=1_000_000), of=order(order_qty=5_000_000), name=instrument("ACME", 79_000.0))
    assert told(checks_size.order_adv, case) == ["order_adv"]


def test_unknown_daily_volume_fails_closed() -> None:
    for name in (UNKNOWN_ADV, None):
        case = make(*on_order(parent_adv_ppm=10**9, child_adv_ppm=10**9), one=child(1), name=name)
        assert told(checks_size.order_adv, case) == ["adv_unknown"]
        assert told(checks_size.child_adv, case) == ["adv_unknown"]


@pytest.mark.parametrize(("qty", "found"), [(30_000, []), (30_001, ["order_adv_soft"])])
def test_a_large_part_of_daily_volume_is_for_a_person(qty: int, found: list[str]) -> None:
    rows, name = on_order(parent_adv_soft_ppm=300_000), instrument("ACME", 100_000.0)
    assert told(checks_size.order_adv_soft, make(*rows, of=order(order_qty=qty), name=name)) == found


@pytest.mark.parametrize(("qty", "found"), [(10_000_000, []), (10_000_001, ["outstanding"])])
def test_never_more_than_a_part_of_what_is_outstanding(qty: int, found: list[str]) -> None:
    case = make(*on_order(outstanding_ppm=10_000), of=order(order_qty=qty))
    assert case.instrument is not None
    assert case.instrument.shares_outstanding == Fact(value=1e9, as_of="2018-02-07", source="made up for a test")
    assert told(checks_size.outstanding, case) == found
