"""Order files: one order, or a list named `orders`, in JSON or TOML, read strictly into Tickets.

A file says exactly what it means, so nothing is inferred: an unknown field, a wrong type, a value that is
not finite, negative or zero, a number with an exponent, or an id used twice is refused with the file, the
field and what to do. Prices, fractions and money may be written as text ("72.50", exact) or as plain
numbers, which are read as they are typed. Fields, with defaults, are those of `FileOrder`;
`examples/order.toml` and `examples/order.json` show all of them.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import msgspec

from sottovoce.intake.order_checks import refusal, refuse_contradictions
from sottovoce.intake.order_fields import FileConstraints, FileOrder
from sottovoce.intake.ticket import (
    AlgoParams,
    Constraints,
    Horizon,
    Notional,
    QuantityRule,
    Ticket,
    Would,
    status_of,
)

FILE_BYTES_MAX = 4_000_000
ORDERS_MAX = 10_000

_DECIMALS = frozenset(
    (
        "amount limit stop price pct_of_position pct_adv participation participation_min participation_max "
        "max_participation max_pct_adv max_impact_bps"
    ).split()
)


def read_order_file(path: Path) -> list[Ticket]:
    """Read the orders of a .json or .toml file, in file order.

    Args: path: the file; its suffix says which format it is in.
    Returns: complete tickets; `cl_ord_id` holds the order's id.
    Raises: MalformedMessage (`order_file_…`) naming file, field and what to do.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES_MAX + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise refusal(
            path, "the file", (f"cannot be read ({reason}); check the path"), "order_file_unreadable"
        ) from error
    return read_orders(raw, path)


def read_orders(raw: bytes, path: Path) -> list[Ticket]:
    """The orders in the bytes of a file; path is its name, and its suffix the format. See read_order_file."""
    document = _document(raw, path)
    if "orders" in document:
        unknown = sorted(set(document) - {"orders"})
        if unknown:
            raise refusal(path, unknown[0], "stands beside the list of orders; put it inside an order")
        entries = document["orders"]
        if not isinstance(entries, list) or not entries:
            raise refusal(path, "orders", "must be a list of at least one order")
    else:
        entries = [document]
    if len(entries) > ORDERS_MAX:
        raise refusal(path, "orders", f"holds {len(entries)} orders; split the file, at most {ORDERS_MAX} fit")
    single = "orders" not in document
    tickets = [_ticket(path, "order" if single else f"orders[{number}]", entry) for number, entry in enumerate(entries)]
    _refuse_repeated_ids(path, tickets)
    return tickets


def _document(raw: bytes, path: Path) -> Mapping[str, object]:
    if len(raw) > FILE_BYTES_MAX:
        raise refusal(path, "the file", f"has more than {FILE_BYTES_MAX} bytes; split it", "order_file_too_large")
    document = _decode(path, raw)
    if not isinstance(document, dict):
        raise refusal(path, "the file", 'must hold one order or a list named "orders"', "order_file_syntax")
    return document


def _decode(path: Path, raw: bytes) -> object:
    suffix = path.suffix.lower()
    if suffix not in {".json", ".toml"}:
        raise refusal(path, "the file", "is neither .json nor .toml; rename or convert it", "order_file_format")
    try:
        text = raw.decode("utf-8")
        if suffix == ".toml":
            return tomllib.loads(text, parse_float=_Typed)
        return json.loads(text, parse_float=_Typed, parse_constant=_Typed, object_pairs_hook=_no_repeats)
    except _Repeated as error:
        raise refusal(path, str(error), "is given twice in one order; keep one", "order_file_syntax") from error
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refusal(path, "the file", f"is not valid {suffix[1:].upper()} ({reason})", "order_file_syntax") from error


class _Typed(str):
    """A number with a point or an exponent, as it was typed."""

    __slots__ = ()


class _Repeated(ValueError):
    """A field given twice in one JSON object."""


def _no_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields: dict[str, object] = {}
    for name, value in pairs:
        if name in fields:
            raise _Repeated(name)
        fields[name] = value
    return fields


def _ticket(path: Path, where: str, entry: object) -> Ticket:
    plain = _plain(path, where, entry)
    try:
        order = msgspec.convert(plain, FileOrder)
    except msgspec.ValidationError as error:
        raise refusal(path, *_explained(where, str(error))) from error
    refuse_contradictions(path, where, order)
    return _converted(order)


def _explained(where: str, message: str) -> tuple[str, str]:
    """msgspec's message, as "field" and "what to do"."""
    what, _, place = message.partition(" - at `")
    field = where + place.removesuffix("`").removeprefix("$")
    if "unknown field" in what:
        name = what.rpartition("field `")[2].rstrip("`")
        return f"{field}.{name}", "is not a field of an order; check its spelling or remove it"
    if "missing required field" in what:
        name = what.rpartition("field `")[2].rstrip("`")
        return f"{field}.{name}", "is missing; add it"
    return field, f"cannot be used ({what[:1].lower()}{what[1:]}); correct it"


def _plain(path: Path, where: str, value: object, name: str = "") -> object:
    """Numbers to text where the field is a decimal; anything not finite, negative or exponential is refused."""
    if isinstance(value, dict):
        for key in value:
            _refuse_surrogate(path, where, key)
        return {key: _plain(path, f"{where}.{key}", inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(path, f"{where}[{number}]", inner) for number, inner in enumerate(value)]
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        return value
    if isinstance(value, str):
        _refuse_surrogate(path, where, value)
    if isinstance(value, str) and not isinstance(value, _Typed) and name not in _DECIMALS:
        return value
    text = str(value)
    _refuse_number(path, where, text)
    if name in _DECIMALS:
        return text
    if isinstance(value, _Typed):
        raise refusal(path, where, f"is {text}, which is not a whole number; write it in full")
    return value


def _refuse_surrogate(path: Path, where: str, text: str) -> None:
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        raise refusal(path, where, "has a lone surrogate, which is not text; type it again", "order_file_syntax")


def _refuse_number(path: Path, where: str, text: str) -> None:
    lowered = text.lower().lstrip("+-")
    if lowered in {"nan", "inf", "infinity"}:
        raise refusal(path, where, f"is {text}, which is no number; give a finite value", "order_file_non_finite")
    if "e" in lowered:
        raise refusal(path, where, f"is {text}; write the number in full, without exponent", "order_file_exponent")
    if text.startswith("-"):
        raise refusal(
            path, where, (f"is {text}; values are positive, the side says the direction"), "order_file_negative"
        )


def _converted(order: FileOrder) -> Ticket:
    limited = order.limit is not None
    kind = ("stop_limit" if limited else "stop") if order.stop is not None else ("limit" if limited else "market")
    notional, rule = order.notional, order.quantity_rule
    return Ticket(
        intent="new",
        status=status_of([], []),
        symbol=order.symbol if " " in order.symbol else f"{order.symbol} US",
        side=order.side,
        quantity=order.quantity,
        notional=None if notional is None else Notional(amount=notional.amount, ccy=notional.ccy),
        quantity_rule=None
        if rule is None
        else QuantityRule(pct_of_position=rule.pct_of_position, pct_adv=rule.pct_adv),
        algo=order.algo,
        algo_params=msgspec.convert(order.algo_params, AlgoParams, from_attributes=True),
        order_type=kind,
        limit=order.limit,
        stop=order.stop,
        tif=order.tif,
        horizon=msgspec.convert(order.horizon, Horizon, from_attributes=True),
        urgency=order.urgency,
        constraints=_constraints(order.constraints),
        account=order.account,
        cl_ord_id=order.id,
    )


def _constraints(given: FileConstraints) -> Constraints:
    fields: dict[str, object] = {
        name: value
        for name in given.__struct_fields__
        if name != "would" and (value := getattr(given, name)) is not None
    }
    if given.would is not None:
        fields["would"] = Would(price=given.would.price, quantity=given.would.quantity)
    return msgspec.convert(fields, Constraints)


def _refuse_repeated_ids(path: Path, tickets: list[Ticket]) -> None:
    seen: set[str] = set()
    for number, ticket in enumerate(tickets):
        if ticket.cl_ord_id in seen:
            raise refusal(
                path,
                f"orders[{number}].id",
                (f"({ticket.cl_ord_id}) is used twice; give each order its own"),
                "order_file_duplicate_id",
            )
        if ticket.cl_ord_id is not None:
            seen.add(ticket.cl_ord_id)
