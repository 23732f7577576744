"""From a reading to a Ticket: nest the fields, let context fill gaps, say what is missing (R13, R15, R17)."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sottovoce.intake.context import BUYING, SIDES, gaps_of, prices_of, side_of, size_with, symbol_in, text_in
from sottovoce.intake.leg_values import leg_of, size_of
from sottovoce.intake.legs import LegDraft
from sottovoce.intake.reading import TAKEN, Reading, Value
from sottovoce.intake.symbols import is_word
from sottovoce.intake.tables import CONNECTORS, FILLERS
from sottovoce.intake.ticket import (
    AlgoParams,
    Changes,
    Constraints,
    Horizon,
    Leg,
    Query,
    Scope,
    Ticket,
    Weight,
    status_of,
)


def single(reading: Reading, legs: list[LegDraft], context: Mapping[str, object]) -> Ticket:
    """A new order of one leg."""
    leg = legs[0]
    size = size_of(reading, leg)
    side = side_of(reading, leg, context)
    symbol = symbol_in(reading, leg, context)
    quantity, notional = size_with(reading, leg, (size.quantity, size.notional, size.rule), context)
    limit, stop = prices_of(reading, context, side, symbol)
    missing = gaps_of(reading, side=side, size=size.rule or notional or quantity, symbol=symbol)
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
    said = text_in(context, "side")
    sides = [draft.side or (said if said in SIDES and not draft.said else None) for draft in drafts]
    legs = [
        msgspec.structs.replace(leg_of(reading, draft), side=side) for draft, side in zip(drafts, sides, strict=True)
    ]
    legs = _leg_prices(reading, drafts, legs)
    missing = set()
    for leg in legs:
        size = leg.quantity_rule or leg.notional or leg.quantity
        missing.update(gaps_of(reading, side=leg.side, size=size, symbol=leg.symbol))
    if _opposed(legs):
        reading.issues.add("conflicting_side")
    elif _repeated(legs):
        reading.issues.add("conflicting_size")
    return _finish(reading, sorted(missing), {"intent": "basket", "legs": legs})


def _opposed(legs: list[Leg]) -> bool:
    sides: dict[str, set[str]] = {}
    for leg in legs:
        if leg.symbol and leg.side:
            sides.setdefault(leg.symbol, set()).add("buy" if leg.side in BUYING else "sell")
    return any(len(both) > 1 for both in sides.values())


def _repeated(legs: list[Leg]) -> bool:
    """Whether a symbol stands in two legs of one side: said twice by mistake, or meant twice? Not guessed."""
    symbols = [leg.symbol for leg in legs if leg.symbol is not None]
    return len(set(symbols)) < len(symbols)


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
    return _finish(reading, missing, {"intent": intent, "target": target, "changes": msgspec.convert(changes, Changes)})


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
        buying = fields.get("side") in BUYING
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
