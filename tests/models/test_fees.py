"""Dated venue fees."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import LastLiquidityInd
from sottovoce.core.errors import ModelError
from sottovoce.models.fees import FeeSchedule, fee_for, schedule_on

OLD = FeeSchedule(
    venue="XNAS",
    effective_from="2013-01-01",
    make_fee=-2_000,
    take_fee=3_000,
    midpoint_fee=1_200,
    auction_fee=900,
)
NEW = FeeSchedule(venue="XNAS", effective_from="2026-11-02", make_fee=-800, take_fee=1_000)
OTHER = FeeSchedule(venue="XBOS", effective_from="2012-01-01", make_fee=500, take_fee=-300)


@pytest.mark.parametrize(
    ("liquidity", "fee"),
    [
        (LastLiquidityInd.ADDED, -200_000),
        (LastLiquidityInd.REMOVED, 300_000),
        (LastLiquidityInd.MIDPOINT, 120_000),
        (LastLiquidityInd.AUCTION, 90_000),
    ],
)
def test_fee_by_liquidity(liquidity: LastLiquidityInd, fee: int) -> None:
    assert fee_for(OLD, liquidity, 100) == fee


def test_every_liquidity_flag_has_a_fee() -> None:
    assert [fee_for(OLD, flag, 0) for flag in LastLiquidityInd] == [0] * len(LastLiquidityInd)


@pytest.mark.parametrize(
    ("date", "found"), [("2013-01-01", OLD), ("2026-11-01", OLD), ("2026-11-02", NEW), ("2030-01-01", NEW)]
)
def test_the_schedule_in_force(date: str, found: FeeSchedule) -> None:
    for order in ((OLD, NEW, OTHER), (NEW, OTHER, OLD)):
        assert schedule_on(order, "XNAS", date) is found


@pytest.mark.parametrize(("venue", "date"), [("XNAS", "2012-12-31"), ("ARCX", "2026-01-01")])
def test_an_unknown_fee_is_refused(venue: str, date: str) -> None:
    with pytest.raises(ModelError) as refused:
        schedule_on((OLD, NEW, OTHER), venue, date)
    assert refused.value.code == "no_fee_schedule"


def test_a_negative_fill_is_refused() -> None:
    with pytest.raises(ModelError):
        fee_for(OLD, LastLiquidityInd.ADDED, -1)
