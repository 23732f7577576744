"""From a reading to a Ticket: nest the fields, let context fill gaps, say what is missing (R13, R15, R17)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

import msgspec

from sottovoce.intake.legs import LegDraft, leg_of, size_of, symbol_of
from sottovoce.intake.reading import TAKEN, Reading, Value
from sottovoce.intake.symbols import is_word
from sottovoce.intake.tables import CONNECTORS, FILLERS
from sottovoce.intake.ticket import (
    AlgoParams,
    Changes,
    Constraints,
    Horizon,
    Leg,
    Notional,
    QuantityRule,
    Query,
    Scope,
    Ticket,
    Weight,
    status_of,
)

_SIDES = frozenset({"buy", "sell", "sell_short", "buy_to_cover"})
_BUYING = frozenset({"buy", "buy_to_cover"})


def single(reading: Reading, legs: list[LegDraft], context: Mapping[str, object]) -> Ticket:
    """A new order of one leg."""
    leg = legs[0]
    size = size_of(reading, leg)
    side = _side(reading, leg, context)
    symbol = _symbol(reading, leg, context)
    quantity, notional = _size_from_context(reading, leg, (size.quantity, size.notional, size.rule), context)
    limit, stop = _prices(reading, context, side, symbol)
    missing = _gaps(reading, side=side, size=size.rule or notional or quantity, symbol=symbol)
    return _finish(
        reading,
        missing,
        {
            "intent": "new",
            "side": side,
            "symbol": symbol,
            "quantity": quantity,
            "notional": notional,
            "quantity_rule": size.rule,
            "limit": limit,
            "stop": stop,
        },
    )


def basket(reading: Reading, drafts: list[LegDraft], context: Mapping[str, object]) -> Ticket:
    """A new order of several legs; a price belongs to the leg it is written in."""
    said = _text(context, "side")
    sides = [draft.side or (said if said in _SIDES and not draft.said else None) for draft in drafts]
    legs = [
        msgspec.structs.replace(leg_of(reading, draft), side=side) for draft, side in zip(drafts, sides, strict=True)
    ]
    legs = _leg_prices(reading, drafts, legs)
    missing = set()
    for leg in legs:
        size = leg.quantity_rule or leg.notional or leg.quantity
        missing.update(_gaps(reading, side=leg.side, size=size, symbol=leg.symbol))
    if _opposed(legs):
        reading.issues.add("conflicting_side")
    return _finish(reading, sorted(missing), {"intent": "basket", "legs": legs})


def _opposed(legs: list[Leg]) -> bool:
    sides: dict[str, set[str]] = {}
    for leg in legs:
        if leg.symbol and leg.side:
            sides.setdefault(leg.symbol, set()).add("buy" if leg.side in _BUYING else "sell")
    return any(len(both) > 1 for both in sides.values())


def _leg_prices(reading: Reading, drafts: list[LegDraft], legs: list[Leg]) -> list[Leg]:
    reading.values.pop("limit", None)
    if "limit" in reading.contested:
        reading.issues.discard("conflicting_price")
    priced = list(legs)
    for at, name, price in reading.prices:
        first = [number for number, draft in enumerate(drafts) if draft.first <= at]
        number = first[-1] if first else 0
        if name != "limit" or priced[number].limit not in {None, price} or not price:
            reading.issues.add("conflicting_price")
            continue
        priced[number] = msgspec.structs.replace(priced[number], limit=price)
    return priced


def rebalance(reading: Reading, weights: list[Weight]) -> Ticket:
    """Weights for an account."""
    _note_unread(reading)
    missing = [] if weights else ["size", "symbol"]
    if any(weight.symbol is None for weight in weights):
        missing = ["symbol"]
    return _finish(reading, missing, {"intent": "rebalance", "targets": weights})


def existing(reading: Reading, intent: str, *, found: bool) -> Ticket:
    """Cancel, pause, resume or modify; without any scope there is nothing to act on."""
    _note_unread(reading)
    changes = _nested(reading, "changes")
    if intent == "modify" and not changes:
        reading.issues.add("unparsed_text")
    missing = [] if found else ["symbol"]
    target = msgspec.convert(_nested(reading, "target"), Scope) if found else None
    return _finish(
        reading, missing, {"intent": intent, "target": target, "changes": msgspec.convert(changes, Changes)}
    )


def question(reading: Reading) -> Ticket:
    """A query; without a metric it is not understood."""
    _note_unread(reading)
    fields = _nested(reading, "query")
    target = _nested(reading, "target")
    symbol = reading.values.get("symbol")
    return _finish(
        reading,
        [],
        {
            "intent": "query",
            "symbol": symbol,
            "query": msgspec.convert(fields, Query) if "metric" in fields else None,
            "target": msgspec.convert(target, Scope) if target else None,
        },
    )


def kill(reading: Reading) -> Ticket:
    """Stop all trading."""
    _note_unread(reading)
    return _finish(reading, [], {"intent": "kill"})


def _note_unread(reading: Reading) -> None:
    """Every meaningful word still on the line is reported (R16)."""
    for at, cell in enumerate(reading.cells):
        if cell == TAKEN or cell in FILLERS or cell in CONNECTORS:
            continue
        token = reading.tokens[at]
        if token.fault:
            reading.issues.add(token.fault)
        unresolved = token.kind == "U" or (
            token.kind == "W" and not is_word(cell) and token.text[:1].isupper() and not reading.loud
        )
        reading.issues.add("symbol_unresolved" if unresolved else "unparsed_text")
        reading.words.setdefault("unparsed_text", []).append(token.text)


def _gaps(reading: Reading, *, side: object, size: object, symbol: object) -> list[str]:
    gaps = [name for name, value in (("side", side), ("size", size), ("symbol", symbol)) if value is None]
    rates = ("participation", "participation_min", "participation_max")
    if reading.values.get("algo") == "POV" and all(reading.values.get(f"algo_params.{name}") is None for name in rates):
        gaps.append("participation")
    return gaps


def _text(context: Mapping[str, object], name: str) -> str | None:
    value = context.get(name)
    return value if isinstance(value, str) else None


def _side(reading: Reading, leg: LegDraft, context: Mapping[str, object]) -> str | None:
    said = _text(context, "side")
    if said not in _SIDES:
        return leg.side
    if not leg.said:
        reading.words.setdefault("side", []).append("(context)")
        return said
    if leg.side is not None and leg.side != said:
        reading.issues.add("conflicting_side")
        return None
    return leg.side


def _symbol(reading: Reading, leg: LegDraft, context: Mapping[str, object]) -> str | None:
    symbol, said = symbol_of(reading, leg), _text(context, "symbol")
    if said is None:
        return symbol
    if not leg.named:
        return said
    if symbol is not None and symbol != said:
        reading.issues.add("symbol_ambiguous")
        return None
    return symbol


def _size_from_context(
    reading: Reading,
    leg: LegDraft,
    size: tuple[int | None, Notional | None, QuantityRule | None],
    context: Mapping[str, object],
) -> tuple[int | None, Notional | None]:
    quantity, notional, rule = size
    said = context.get("quantity")
    if not isinstance(said, int) or isinstance(said, bool):
        return quantity, notional
    if not leg.sizes:
        return said, None
    if (notional, rule) != (None, None) or (quantity is not None and quantity != said):
        reading.issues.add("conflicting_size")
        return None, None
    return quantity, notional


def _prices(
    reading: Reading, context: Mapping[str, object], side: str | None, symbol: str | None
) -> tuple[str | None, str | None]:
    wrong = "sell" if side in _BUYING else "buy" if side is not None else ""
    if wrong in reading.sided or reading.sided == {"buy", "sell"}:
        reading.issues.add("conflicting_price")
    if reading.pounds and symbol is not None and symbol.endswith(" LN"):
        reading.issues.add("ambiguous_unit")
    said = _text(context, "limit")
    limit, stop = reading.values.get("limit"), reading.values.get("stop")
    if said is not None:
        if "limit" not in reading.values:
            limit = reading.values["limit"] = said
        elif limit is not None and not _equal(str(limit), said):
            reading.issues.add("conflicting_price")
            limit = None
    return (limit if isinstance(limit, str) else None), (stop if isinstance(stop, str) else None)


def _equal(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one == other


def _nested(reading: Reading, prefix: str) -> dict[str, Value]:
    """Fields under a dotted prefix that hold a value."""
    start = f"{prefix}."
    return {
        name.removeprefix(start): list(value) if isinstance(value, tuple) else value  # type: ignore[misc]
        for name, value in sorted(reading.values.items())
        if name.startswith(start) and value is not None
    }


def _order_type(reading: Reading) -> str:
    limited, stopped = "limit" in reading.values, "stop" in reading.values
    if limited and reading.values.get("order_type") == "market":
        reading.issues.add("conflicting_price")
    if stopped:
        return "stop_limit" if limited else "stop"
    return "limit" if limited else "market"


def _finish(reading: Reading, missing: list[str], fields: dict[str, object]) -> Ticket:
    order_type = _order_type(reading)
    constraints: dict[str, object] = dict(_nested(reading, "constraints"))
    would = _nested(reading, "would")
    if "price" in would:
        constraints["would"] = would
    peg = reading.values.get("algo_params.peg")
    if peg in {"bid", "offer"}:
        buying = fields.get("side") in _BUYING
        reading.values["algo_params.peg"] = "near" if (peg == "bid") == buying else "far"
    issues = sorted(reading.issues)
    gaps = sorted(set(missing))
    shared: dict[str, object] = {
        "status": status_of(gaps, issues),
        "missing": gaps,
        "issues": issues,
        "algo": reading.values.get("algo"),
        "algo_params": msgspec.convert(_nested(reading, "algo_params"), AlgoParams),
        "order_type": order_type,
        "tif": reading.values.get("tif") or "DAY",
        "horizon": msgspec.convert(_nested(reading, "horizon"), Horizon),
        "urgency": reading.values.get("urgency") or "medium",
        "constraints": msgspec.convert(constraints, Constraints),
        "account": reading.values.get("account"),
        "words": {name: " … ".join(words) for name, words in sorted(reading.words.items())},
    }
    return msgspec.convert({**shared, **fields}, Ticket)
