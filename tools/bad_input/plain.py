"""Requests with nothing wrong with them: what the corpus and the fuzzer spoil, one field at a time."""

from __future__ import annotations

import msgspec

from tools.bad_input import values
from tools.bad_input.values import text

OPEN_PARENT = "c-open"
"""Client id of the order that the amendments are about; the doors enter it first."""

MARKET_ORDER = {
    "type": text("new_order"), "principal": text("trader-1"), "account": text("FUND-A"), "cl_ord_id": text("c-1"),
    "symbol": text("AAPL US"), "side": text("buy"), "order_qty": "10000",
}  # fmt: skip
FULL_ORDER = MARKET_ORDER | {
    "ord_type": text("limit"), "price": text("160.25"), "time_in_force": text("day"), "strategy": text("POV"),
    "urgency": text("low"), "start_ns": "1518100200000000000", "end_ns": "1518123600000000000", "days": "1",
    "participation": text("0.1"), "max_participation": text("0.2"), "dark": text("none"),
    "decision_price": text("159.5"),
    "decision_ns": "1518100100000000000", "locate_id": text("L-1"), "note": text("für den Fonds"),
    "currency": text("USD"),
    "capacity": text("agency"), "client_id": text("LEI-1"), "investment_decision": text("PM-7"),
    "execution_decision": text("ALGO.3"), "algo_id": text("A-1"),
}  # fmt: skip
PACED_ORDER = MARKET_ORDER | {
    "strategy": text("POV"), "participation_min": text("0.05"), "participation_max": text("0.15"),
    "would_price": text("150.25"), "would_qty": "2000", "max_impact_bps": text("40.5"),
}  # fmt: skip
MONEY_ORDER = {name: token for name, token in MARKET_ORDER.items() if name != "order_qty"} | {
    "notional": text("1000000"), "currency": text("USD"),
}  # fmt: skip
AMENDMENT = {
    "type": text("amend_order"), "principal": text("trader-1"), "parent_id": "", "order_qty": "12000",
    "price": text("161.50"), "end_ns": "1518123600000000000", "urgency": text("high"), "dark": text("none"),
    "avoid_venues": '["XNAS"]', "participation": text("0.1"), "max_participation": text("0.2"),
}  # fmt: skip

WRONG: dict[str, list[str]] = {
    "type": [*values.NAMES, text("new_orders"), text("ReleaseHold"), text("order_accepted")],
    "principal": [*values.NAMES, text("trader-2"), text("TRADER-1"), text("trader-1 "), text("simulated-risk")],
    "account": [*values.NAMES, text("FUND-B"), text("fund-a"), text("FUND-A\u200b")],
    "cl_ord_id": values.NAMES,
    "symbol": values.SYMBOLS,
    "side": [*values.WORDS, "null"],
    "order_qty": [*values.WHOLES, "0", "1000000000001", "9223372036854775807"],
    "notional": [*values.DECIMALS, text("0.01"), text("1000000000000000")],
    "currency": values.CURRENCIES,
    "ord_type": [*values.WORDS, "null", text("pegged"), text("stop")],
    "price": [*values.DECIMALS, text("1000000001"), text("160.255"), text("0.00001")],
    "time_in_force": [*values.WORDS, "null", text("ioc"), text("fok"), text("at_the_opening"), text("gtc")],
    "strategy": [*values.WORDS, text("vwap"), text("VWAP "), text("GUERRILLA")],
    "urgency": [*values.WORDS, "null", text("extreme")],
    "start_ns": [*values.WHOLES, "0", "9223372036854775807"],
    "end_ns": [*values.WHOLES, "0", "1", "1518100199", "1518100200000000000", "9223372036854775807"],
    "days": [*values.WHOLES, "0", "21", "365", "null"],
    "participation": [*values.DECIMALS, text("0.500001"), text("0.0000001"), text("1"), text("10")],
    "participation_min": [*values.DECIMALS, text("0.500001"), text("0.0000001"), text("0.150001")],
    "participation_max": [*values.DECIMALS, text("0.500001"), text("0.0000001"), text("0.049999")],
    "max_participation": [*values.DECIMALS, text("0.500001"), text("0.0000001"), text("1")],
    "would_price": [*values.DECIMALS, text("1000000001"), text("150.255"), text("0.00001")],
    "would_qty": [*values.WHOLES, "0", "1000000000001", "9223372036854775807"],
    "max_impact_bps": [*values.DECIMALS, text("10000.01"), text("0.001"), text("40.555")],
    "dark": [*values.WORDS, "null", text("maybe")],
    "decision_price": [*values.DECIMALS, text("1000000001")],
    "decision_ns": [*values.WHOLES, "0", "9223372036854775807"],
    "locate_id": values.NAMES,
    "note": [*values.NOTES, "null"],
    "capacity": [*values.WORDS, text("AGENCY"), text("proprietary")],
    "client_id": values.NAMES,
    "investment_decision": values.NAMES,
    "execution_decision": values.NAMES,
    "algo_id": values.NAMES,
    "avoid_venues": [
        *(token for token in values.WORDS if token not in ("[]", '["x"]')),
        "[" + '"X",' * 40 + '"X"]',
        *(f"[{token}]" for token in values.NAMES),
    ],
    "parent_id": [*values.NAMES, text("P-0000000000000000")],
}
"""For every field, what can never be right."""

UNKNOWN_FIELDS = [
    "status", "approved_by", "risk_skip", "limits_version", "parent_id_", "orderQty", "ORDER_QTY", "qty", "__class__",
    "constructor", "$where", "order_qty ", "order\u200b_qty", "оrder_qty", "", "desk", "released_by", "holds", "seed",
    "x" * 300, "accepted_ns", "body_digest", "arrival_px", "is_admin",
]  # fmt: skip
_NESTS = [17, 20, 100, 900, 5_000, 50_000]
DEEP = [token for depth in _NESTS for token in ("[" * depth + "]" * depth, '{"a":' * depth + "1" + "}" * depth)]


class Plain(msgspec.Struct, frozen=True):
    """A request that is right, with the fields it cannot do without."""

    name: str
    door: str
    fields: dict[str, str]
    required: tuple[str, ...]


def wrong(plain: Plain, name: str) -> list[str]:
    """What can never be right in a field of a request; an amendment may leave any field as it is."""
    tokens = WRONG[name]
    return [token for token in tokens if token != "null"] if plain.door == "amend" else tokens


ORDER_REQUIRED = ("type", "principal", "account", "cl_ord_id", "symbol", "side")
PLAINS = (
    Plain("market", "order", MARKET_ORDER, (*ORDER_REQUIRED, "order_qty")),
    Plain("full", "order", FULL_ORDER, (*ORDER_REQUIRED, "order_qty", "price", "participation")),
    Plain(
        "paced",
        "order",
        PACED_ORDER,
        (*ORDER_REQUIRED, "order_qty", "participation_min", "participation_max", "would_price"),
    ),
    Plain("money", "order", MONEY_ORDER, (*ORDER_REQUIRED, "notional")),
    Plain("amendment", "amend", AMENDMENT, ("type", "principal", "parent_id")),
)
