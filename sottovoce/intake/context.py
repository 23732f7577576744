"""What the caller already knows: it fills what the text lacks; a contradiction is a conflict (R17)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from sottovoce.intake.leg_values import symbol_of
from sottovoce.intake.legs import LegDraft
from sottovoce.intake.reading import Reading
from sottovoce.intake.ticket import Notional, QuantityRule

SIDES = frozenset({"buy", "sell", "sell_short", "buy_to_cover"})
BUYING = frozenset({"buy", "buy_to_cover"})


def gaps_of(reading: Reading, *, side: object, size: object, symbol: object) -> list[str]:
    """Required fields of an order that ended empty, whatever the reason (R13, R15)."""
    gaps = [name for name, value in (("side", side), ("size", size), ("symbol", symbol)) if value is None]
    rates = ("participation", "participation_min", "participation_max")
    if reading.values.get("algo") == "POV" and all(reading.values.get(f"algo_params.{name}") is None for name in rates):
        gaps.append("participation")
    return gaps


def text_in(context: Mapping[str, object], name: str) -> str | None:
    """A field of the context, if it is text."""
    value = context.get(name)
    return value if isinstance(value, str) else None


def side_of(reading: Reading, leg: LegDraft, context: Mapping[str, object]) -> str | None:
    """The side of an order: from its words, else from the context."""
    said = text_in(context, "side")
    if said not in SIDES:
        return leg.side
    if not leg.said:
        reading.words.setdefault("side", []).append("(context)")
        return said
    if leg.side is not None and leg.side != said:
        reading.issues.add("conflicting_side")
        return None
    return leg.side


def symbol_in(reading: Reading, leg: LegDraft, context: Mapping[str, object]) -> str | None:
    """The symbol of an order: from its words, else from the context."""
    symbol, said = symbol_of(reading, leg), text_in(context, "symbol")
    if said is None:
        return symbol
    if not leg.named:
        return said
    if symbol is not None and symbol != said:
        reading.issues.add("symbol_ambiguous")
        return None
    return symbol


def size_with(
    reading: Reading,
    leg: LegDraft,
    size: tuple[int | None, Notional | None, QuantityRule | None],
    context: Mapping[str, object],
) -> tuple[int | None, Notional | None]:
    """Shares and money of an order: from its words, else shares from the context."""
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


def prices_of(
    reading: Reading, context: Mapping[str, object], side: str | None, symbol: str | None
) -> tuple[str | None, str | None]:
    """(limit, stop), after the checks that words, side, unit and context agree."""
    wrong = "sell" if side in BUYING else "buy" if side is not None else ""
    if wrong in reading.sided or reading.sided == {"buy", "sell"}:
        reading.issues.add("conflicting_price")
    if reading.pounds and symbol is not None and symbol.endswith(" LN"):
        reading.issues.add("ambiguous_unit")
    said = text_in(context, "limit")
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
