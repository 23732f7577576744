"""How expectations are written, and how a ticket is compared with one."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from sottovoce.intake.ticket import Ticket

Expected = dict[str, object]

DEFAULTS: Expected = {
    "missing": [],
    "issues": [],
    "symbol": None,
    "side": None,
    "quantity": None,
    "notional": None,
    "quantity_rule": None,
    "legs": [],
    "targets": [],
    "algo": None,
    "algo_params": {},
    "order_type": "market",
    "limit": None,
    "stop": None,
    "tif": "DAY",
    "horizon": {"start": "now", "end": None, "days": 1, "minutes": None, "tz": "venue"},
    "urgency": "medium",
    "constraints": {},
    "account": None,
    "target": None,
    "changes": {},
    "query": None,
}


def order(**fields: object) -> Expected:
    """A new order that is complete, unless the fields say otherwise."""
    return {"intent": "new", "status": "complete", **fields}


def on(intent: str, **fields: object) -> Expected:
    """Another complete instruction."""
    return {"intent": intent, "status": "complete", **fields}


def leg(side: str, quantity: int, symbol: str) -> Expected:
    """A leg of a basket."""
    return {"symbol": symbol, "side": side, "quantity": quantity}


def usd(amount: str) -> Expected:
    """A size in dollars."""
    return {"amount": amount, "ccy": "USD"}


def filled(expected: Mapping[str, object]) -> Expected:
    """Expectation with every default filled in, those of the horizon too."""
    default, given = DEFAULTS["horizon"], expected.get("horizon", {})
    assert isinstance(default, dict)
    assert isinstance(given, dict)
    return {**DEFAULTS, **expected, "horizon": {**default, **given}}


def differences(ticket: Ticket, expected: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """Fields in which a ticket is not what was expected: (got, wanted); decimals compare as decimals."""
    got: Expected = msgspec.to_builtins(ticket)
    wanted = filled(expected)
    return {name: (got.get(name), value) for name, value in wanted.items() if _plain(got.get(name)) != _plain(value)}


def dangers(ticket: Ticket, expected: Mapping[str, object]) -> list[str]:
    """Errors that cost money: a side, size or symbol that is wrong, or complete where it must not be."""
    got: Expected = msgspec.to_builtins(ticket)
    wanted = filled(expected)
    fields = ("side", "symbol", "quantity", "notional", "quantity_rule", "legs")
    wrong = [
        f"{name}: {got[name]} for {wanted[name]}"
        for name in fields
        if got[name] not in (None, []) and _plain(got[name]) != _plain(wanted[name]) and _sure(got)
    ]
    if got["status"] == "complete" and wanted["status"] != "complete":
        wrong.append(f"complete for {wanted['status']}")
    return wrong


def _sure(got: Expected) -> bool:
    """A basket or order that asks for more is no commitment; a single wrong field always is."""
    return got["status"] == "complete" or got["intent"] == "new"


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    if isinstance(value, str):
        try:
            return Decimal(value)
        except InvalidOperation:
            return value
    return value
