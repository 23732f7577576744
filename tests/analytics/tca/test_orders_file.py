"""The orders file: read exactly, and refused with the order and the field named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sottovoce.analytics.tca.orders_file import read_orders
from sottovoce.analytics.tca.orders_wire import (
    FileAmendment,
    FileBenchmarks,
    FileFill,
    FileForecast,
    FileFx,
    FileOrder,
    FilePoint,
    FileRoute,
)
from sottovoce.core.enums import LastLiquidityInd, Side, VenueKind
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.units import parse_rfc3339

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "orders.json"
Json = dict[str, Any]


def minimal() -> Json:
    return {
        "parent_id": "P",
        "symbol": "S",
        "side": "buy",
        "order_qty": 100,
        "decision_price": "10.00",
        "arrival_price": "10.01",
        "arrival_time": "2026-03-02T09:45:00-05:00",
    }


def one_fill() -> Json:
    return {"time": "2026-03-02T10:00:00-05:00", "qty": 40, "price": "10.02"}


def file_of(*orders: Json) -> str:
    return json.dumps({"format": "sottovoce-orders/1", "orders": list(orders)})


def refusal(text: str) -> tuple[str, str]:
    with pytest.raises(MalformedMessage) as caught:
        read_orders(text)
    return caught.value.code, str(caught.value)


def test_the_example_is_read() -> None:
    first, second, third = read_orders(EXAMPLE.read_bytes())
    assert (first.parent_id, first.side, first.decision_px) == ("T-TCA-1", Side.BUY, 50_000_000)
    assert first.fills[0].fee == 105_000_000
    assert [each.order_qty for each in second.amendments] == [60_000, 55_000]
    assert second.fills[2].fee == -24_000_000
    assert second.fills[3].liquidity is LastLiquidityInd.AUCTION
    assert second.routes[1].venue_kind is VenueKind.DARK
    assert third.fills == ()


def test_what_is_not_said_is_unknown_and_not_zero() -> None:
    (order,) = read_orders(file_of(minimal() | {"fills": [one_fill()]}))
    assert (order.end_px, order.decision_ns, order.forecast, order.schedule) == (None, None, None, None)
    assert (order.fills[0].mid, order.fills[0].half_spread) == (None, None)
    assert order.arrival_ns == parse_rfc3339("2026-03-02T14:45:00Z")


def test_prices_of_more_decimals_are_read_where_the_order_says_so() -> None:
    (order,) = read_orders(file_of(minimal() | {"price_decimals": 8, "decision_price": "1.08796501"}))
    assert (order.decision_px, order.price_scale) == (108_796_501, 10**8)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"surprise": 1}, "unknown field `surprise`", "orders_field"),
        ({"decision_price": 10.0}, "decision_price: Expected `str`", "orders_field"),
        ({"decision_price": "1e3"}, "decision_price: '1e3' is not a plain decimal", "orders_field"),
        ({"decision_price": "1,000"}, "decision_price", "orders_field"),
        ({"decision_price": "10.0000001"}, "at most 6 places", "orders_field"),
        ({"decision_price": "0"}, "decision_price: must be above 0", "orders_value"),
        ({"arrival_time": "2026-03-02T09:45:00"}, "arrival_time", "orders_field"),
        ({"order_qty": 0}, "order_qty: must be above 0 shares", "orders_value"),
        ({"side": "long"}, "side: Invalid enum value 'long'", "orders_field"),
        ({"fills": [one_fill() | {"qty": 0}]}, "fills[0].qty: must be above 0", "orders_value"),
        ({"fills": [one_fill(), one_fill() | {"price": "x"}]}, "fills[1].price", "orders_field"),
        ({"fills": [one_fill() | {"note": ""}]}, "fills[0]: Object contains unknown field `note`", "orders_field"),
        ({"fills": [one_fill() | {"half_spread": "-0.01"}]}, "fills[0].half_spread", "orders_value"),
        ({"price_decimals": 12}, "price_decimals: must be 0 to 9", "orders_value"),
        ({"returned_qty": -1}, "returned_qty: must not be negative", "orders_value"),
        ({"fx": {"currency": "USD", "rate": "0"}}, "fx.rate: must be above 0", "orders_value"),
        ({"benchmarks": {"vwap": "1"}}, "unknown field `vwap`", "orders_field"),
        (
            {"schedule": [{"time": f"2026-03-02T1{hour}:00:00Z", "part": f"{1 - hour}"} for hour in (0, 1)]},
            "schedule: must rise",
            "orders_value",
        ),
    ],
)
def test_an_error_names_the_order_and_the_field(change: Json, field: str, code: str) -> None:
    found, sentence = refusal(file_of(minimal(), minimal() | change))
    assert found == code
    assert sentence.startswith("Order 1")
    assert field in sentence


def test_a_missing_field_is_named() -> None:
    order = minimal()
    del order["arrival_price"]
    assert refusal(file_of(order)) == (
        "orders_field",
        "Order 0: Object missing required field `arrival_price`.",
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "orders_json"),
        ("[]", "orders_field"),
        ('{"format": "other/9", "orders": []}', "orders_field"),
        ('{"format": "sottovoce-orders/1", "orders": []}', "orders_value"),
    ],
)
def test_a_file_that_is_not_one_is_refused(text: str, code: str) -> None:
    assert refusal(text)[0] == code


def test_bytes_that_are_not_text_are_refused() -> None:
    with pytest.raises(MalformedMessage) as caught:
        read_orders(b'{"format": "\xff"}')
    assert caught.value.code == "orders_json"


def test_the_format_page_names_every_field() -> None:
    """docs/reference/orders-format.md keeps up with the reader."""
    page = (EXAMPLE.parent.parent / "docs" / "reference" / "orders-format.md").read_text("utf-8")
    kinds = (FileOrder, FileFill, FileRoute, FileAmendment, FileForecast, FilePoint, FileBenchmarks, FileFx)
    names = {name for kind in kinds for name in kind.__struct_fields__}
    assert {name for name in names if f"`{name}`" not in page} == set()
