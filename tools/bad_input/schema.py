"""What a valid request is, in JSON Schema: written from the documentation, not from the types that read it."""

from __future__ import annotations

from typing import Any

NAME = {"type": "string", "pattern": r"^[A-Za-z0-9._:\-]{1,64}\Z"}
OPTIONAL_NAME = {"anyOf": [{"type": "null"}, NAME]}
MONEY = {"type": "string", "pattern": r"^[0-9]{1,15}(\.[0-9]{1,6})?\Z", "not": {"pattern": r"^[0.]*\Z"}}
OPTIONAL_MONEY = {"anyOf": [{"type": "null"}, MONEY]}
RATE = {
    "anyOf": [
        {"type": "null"},
        {
            "type": "string",
            "pattern": r"^(0{1,15}(\.[0-4][0-9]{0,5})|0{1,15}\.50{0,5})\Z",
            "not": {"pattern": r"^[0.]*\Z"},
        },
    ]
}
IMPACT = {
    "anyOf": [
        {"type": "null"},
        {
            "type": "string",
            "pattern": r"^(0{0,11}[0-9]{1,4}(\.[0-9]{1,2}0{0,4})?|0{0,10}10000(\.0{1,6})?)\Z",
            "not": {"pattern": r"^[0.]*\Z"},
        },
    ]
}
SHARES = {"type": "integer", "minimum": 1, "maximum": 10**12}
OPTIONAL_SHARES = {"anyOf": [{"type": "null"}, SHARES]}
MOMENT = {"anyOf": [{"type": "null"}, {"type": "integer", "exclusiveMinimum": 0, "maximum": 6_324_480_000_000_000_000}]}
SYMBOL = {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9 ./&'+*\-]{0,39}\Z"}
NOTE = {"type": "string", "maxLength": 256}
CURRENCY = {"enum": [None, "USD"]}
STRATEGY = {"enum": [None, "TWAP", "VWAP", "POV", "IS", "CLOSE", "SOR"]}
URGENCY = {"enum": ["low", "medium", "high"]}
SIDE = {"enum": ["buy", "sell", "sell_short"]}
WORKED = {"enum": ["day", "at_the_close"]}


def _closed(properties: dict[str, Any], required: list[str], **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False, **more}


PRICED = {
    "allOf": [
        {
            "if": {"properties": {"ord_type": {"const": "limit"}}, "required": ["ord_type"]},
            "then": {"required": ["price"], "properties": {"price": {"type": "string"}}},
            "else": {"properties": {"price": {"type": "null"}}},
        },
        {
            "anyOf": [
                {"required": ["order_qty"], "properties": {"order_qty": {"type": "integer"}}},
                {"required": ["notional"], "properties": {"notional": {"type": "string"}}},
            ]
        },
        {
            "if": {"properties": {"time_in_force": {"const": "at_the_close"}}, "required": ["time_in_force"]},
            "then": {"properties": {"strategy": {"enum": [None, "CLOSE"]}}},
        },
    ]
}
"""A limit order has a price and a market order none; there is a size; the close is worked as the close."""


def _given(name: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


_BAND = {"allOf": [_given("participation_min"), _given("participation_max")]}
_POV = {"properties": {"strategy": {"const": "POV"}}, "required": ["strategy"]}
PARTICIPATING = {
    "if": _POV,
    "then": {"anyOf": [_given("participation"), _BAND]},
    "else": {"not": {"anyOf": [_given("participation_min"), _given("participation_max")]}},
}
"""A participation strategy has a rate or a band; no other has a band."""

_SCHEDULED = {
    "properties": {
        "strategy": {"enum": [None, "TWAP", "VWAP", "POV", "IS"]},
        "time_in_force": {"not": {"const": "at_the_close"}},
    }
}
PACED = [
    {"if": _given("participation_min"), "then": _given("participation_max")},
    {"if": _given("participation_max"), "then": _given("participation_min")},
    {"if": _given("would_qty"), "then": _given("would_price")},
    {"if": _given("would_price"), "then": _SCHEDULED},
    {"if": _given("max_impact_bps"), "then": _SCHEDULED},
]
"""A band has both ends, a quantity a price it is for, and what changes a pace is of an order that has one."""

ORDER = _closed(
    {
        "type": {"const": "new_order"},
        "principal": {"const": "trader-1"},
        "account": {"const": "FUND-A"},
        "cl_ord_id": NAME,
        "symbol": SYMBOL,
        "side": SIDE,
        "order_qty": OPTIONAL_SHARES,
        "notional": OPTIONAL_MONEY,
        "currency": CURRENCY,
        "ord_type": {"enum": ["market", "limit"]},
        "price": OPTIONAL_MONEY,
        "time_in_force": WORKED,
        "strategy": STRATEGY,
        "urgency": URGENCY,
        "start_ns": MOMENT,
        "end_ns": MOMENT,
        "days": {"type": "integer", "minimum": 1, "maximum": 20},
        "participation": RATE,
        "participation_min": RATE,
        "participation_max": RATE,
        "max_participation": RATE,
        "max_impact_bps": IMPACT,
        "would_price": OPTIONAL_MONEY,
        "would_qty": OPTIONAL_SHARES,
        "dark": {"enum": ["allow", "none", "only"]},
        "decision_price": OPTIONAL_MONEY,
        "decision_ns": MOMENT,
        "locate_id": OPTIONAL_NAME,
        "note": NOTE,
        "capacity": {"enum": [None, "agency", "principal", "riskless_principal"]},
        "client_id": OPTIONAL_NAME,
        "investment_decision": OPTIONAL_NAME,
        "execution_decision": OPTIONAL_NAME,
        "algo_id": OPTIONAL_NAME,
    },
    ["type", "principal", "account", "cl_ord_id", "symbol", "side"],
    allOf=[PRICED, PARTICIPATING, *PACED],
)
AMENDMENT = _closed(
    {
        "type": {"const": "amend_order"},
        "principal": {"const": "trader-1"},
        "parent_id": {"type": "string", "pattern": r"^P-[0-9A-F]{16}\Z"},
        "order_qty": OPTIONAL_SHARES,
        "price": OPTIONAL_MONEY,
        "end_ns": MOMENT,
        "urgency": {"enum": [None, "low", "medium", "high"]},
        "dark": {"enum": [None, "allow", "none", "only"]},
        "avoid_venues": {"anyOf": [{"type": "null"}, {"type": "array", "maxItems": 32, "items": NAME}]},
        "participation": RATE,
        "max_participation": RATE,
    },
    ["type", "principal", "parent_id"],
    minProperties=4,
)
LEG = _closed(
    {
        "row": {"type": "integer", "minimum": 2, "maximum": 20_000},
        "symbol": SYMBOL,
        "side": SIDE,
        "order_qty": OPTIONAL_SHARES,
        "notional": OPTIONAL_MONEY,
        "currency": CURRENCY,
        "ord_type": {"enum": ["market", "limit"]},
        "price": OPTIONAL_MONEY,
        "time_in_force": WORKED,
        "strategy": STRATEGY,
        "urgency": URGENCY,
        "locate_id": OPTIONAL_NAME,
        "note": NOTE,
    },
    ["row", "symbol", "side"],
    allOf=[PRICED],
)
BASKET = _closed(
    {
        "type": {"const": "new_basket"},
        "principal": {"const": "trader-1"},
        "account": {"const": "FUND-A"},
        "basket_id": {**NAME, "maxLength": 56},
        "legs": {"type": "array", "minItems": 1, "maxItems": 2_000, "items": LEG},
        "declared_notional": OPTIONAL_MONEY,
        "currency": {"const": "USD"},
        "source": NOTE,
    },
    ["type", "principal", "account", "basket_id", "legs"],
)
