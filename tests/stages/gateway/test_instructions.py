"""What an order says of its pace: bands, the price it would trade at, its impact; contradictions are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import OrdType, Side, Strategy, TimeInForce
from sottovoce.core.order_events import OrderAccepted, OrderRefused
from sottovoce.stages.gateway.resolve import rate_of
from sottovoce.stages.gateway.syntax import check_syntax
from sottovoce.stages.gateway.written import PPM, read_impact_ppm
from tests.scenarios.small_desk import drive, new_order, small_system, view_at

POV = {"strategy": Strategy.POV}


def codes(**changes: object) -> list[str]:
    return [failed.code for failed in check_syntax(new_order(**changes))]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({**POV, "participation_min": "0.05", "participation_max": "0.10"}, []),
        ({**POV, "participation_min": "0.05", "participation": "0.07", "participation_max": "0.10"}, []),
        ({**POV, "participation_min": "0.05", "participation": "0.05", "participation_max": "0.05"}, []),
        ({**POV, "participation_min": "0.10", "participation_max": "0.05"}, ["bad_band"]),
        ({**POV, "participation_min": "0.05", "participation": "0.2", "participation_max": "0.10"}, ["bad_band"]),
        ({**POV, "participation": "0.05", "participation_max": "0.10"}, ["bad_band"]),
        ({**POV, "participation": "0.05", "participation_min": "0.04"}, ["bad_band"]),
        ({**POV, "participation_min": "0.05", "participation_max": "0.6"}, ["bad_band"]),
        ({**POV, "participation_min": "0.2", "participation_max": "0.3", "max_participation": "0.1"}, ["bad_band"]),
        ({**POV, "participation_min": "0.2", "participation_max": "0.3", "max_participation": "0.3"}, []),
        ({**POV, "participation_min": "nan", "participation_max": "0.1"}, ["bad_band"]),
        ({"participation_min": "0.05", "participation_max": "0.10"}, ["band_without_pov"]),
        ({"strategy": Strategy.VWAP, "participation_min": "0.05", "participation_max": "0.1"}, ["band_without_pov"]),
    ],
)
def test_band_is_two_rates_around_the_rate(words: dict[str, object], found: list[str]) -> None:
    assert codes(**words) == found


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ({"would_price": "49.50"}, []),
        ({"would_price": "49.50", "would_qty": 500}, []),
        ({"would_price": "-1"}, ["bad_price"]),
        ({"would_price": "1e3"}, ["bad_price"]),
        ({"would_price": "49.50", "would_qty": 0}, ["bad_quantity"]),
        ({"would_price": "49.50", "order_qty": 400, "would_qty": 401}, ["bad_quantity"]),
        ({"would_qty": 500}, ["would_price_missing"]),
        ({"would_price": "49.50", "strategy": Strategy.SOR}, ["would_unscheduled"]),
        ({"would_price": "49.50", "time_in_force": TimeInForce.AT_THE_CLOSE}, ["would_unscheduled"]),
        ({"would_price": "50.50", "ord_type": OrdType.LIMIT, "price": "50"}, ["would_past_limit"]),
        ({"would_price": "50", "ord_type": OrdType.LIMIT, "price": "50"}, []),
        ({"would_price": "49", "ord_type": OrdType.LIMIT, "price": "50", "side": Side.SELL}, ["would_past_limit"]),
    ],
)
def test_price_the_client_would_trade_at(words: dict[str, object], found: list[str]) -> None:
    assert codes(**words) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [("10", []), ("0.01", []), ("10000", []), ("0", ["bad_impact_limit"]), ("0.001", ["bad_impact_limit"]),
     ("10001", ["bad_impact_limit"]), ("-1", ["bad_impact_limit"]), ("ten", ["bad_impact_limit"])],
)  # fmt: skip
def test_impact_limit_is_bps_above_zero(text: str, found: list[str]) -> None:
    assert codes(max_impact_bps=text) == found


def test_impact_limit_needs_a_pace() -> None:
    assert codes(max_impact_bps="10", strategy=Strategy.SOR) == ["impact_unscheduled"]


@given(st.integers(1, PPM))
def test_impact_limits_are_read_exactly(ppm: int) -> None:
    assert read_impact_ppm(f"{ppm // 100}.{ppm % 100:02d}") == ppm


def test_band_alone_means_its_middle() -> None:
    assert rate_of(new_order(**POV, participation_min="0.05", participation_max="0.10")) == 75_000
    given_too = new_order(**POV, participation_min="0.05", participation="0.06", participation_max="0.10")
    assert rate_of(given_too) == 60_000


def test_price_is_on_a_tick() -> None:
    events = drive(small_system(), new_order(would_price="49.505"), view_at())
    assert isinstance(events[0], OrderRefused)
    assert [failed.code for failed in events[0].failures] == ["off_tick"]


def test_parent_carries_what_was_said() -> None:
    said = new_order(would_price="49.5", would_qty=300, max_impact_bps="12.5", **POV, participation_min="0.04",
                     participation_max="0.08")  # fmt: skip
    accepted = drive(small_system(), said, view_at())[0]
    assert isinstance(accepted, OrderAccepted)
    order = accepted.order
    assert (order.would_px, order.would_qty, order.max_impact_ppm) == (49_500_000, 300, 1_250)
    assert (order.participation_min_ppm, order.participation_ppm, order.participation_max_ppm) == (
        40_000, 60_000, 80_000,
    )  # fmt: skip
