"""What a leg amounts to: one symbol, one size, or an issue (R2, R3, R11)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sottovoce.intake.legs import LegDraft
from sottovoce.intake.numbers import QUANTITY_MAX, whole
from sottovoce.intake.reading import Reading
from sottovoce.intake.ticket import Leg, Notional, QuantityRule
from sottovoce.intake.tokens import Token


@dataclass
class Size:
    """What a leg's sizes amount to; at most one of the three."""

    quantity: int | None = None
    notional: Notional | None = None
    rule: QuantityRule | None = None

    @property
    def missing(self) -> bool:
        return self.quantity is None and self.notional is None and self.rule is None


def size_of(reading: Reading, leg: LegDraft) -> Size:
    """Resolve the sizes of a leg; two that differ are `conflicting_size` and leave it empty."""
    sizes = [_one_size(reading, at) for at in leg.sizes]
    if not sizes:
        return Size()
    if any(size != sizes[0] for size in sizes[1:]):
        reading.issues.add("conflicting_size")
        return Size()
    return sizes[0]


def _one_size(reading: Reading, at: int) -> Size:
    token = reading.tokens[at]
    reading.words.setdefault("size", []).append(token.text)
    if at in reading.relative:
        return Size(rule=reading.relative[at])
    if at in reading.vague:
        return Size()
    if token.fault is not None or token.value is None:
        reading.issues.add(token.fault or "ambiguous_unit")
        return Size()
    return _absolute(reading, token, token.value)


def _absolute(reading: Reading, token: Token, value: Decimal) -> Size:
    if abs(value) > QUANTITY_MAX:
        reading.issues.add("out_of_range")
        return Size()
    if value <= 0:
        reading.issues.add("negative_value" if value < 0 else "zero_quantity")
    if token.ccy is not None:
        if value != value.quantize(Decimal("1e-9")):
            reading.issues.add("ambiguous_unit")
            return Size()
        amount = whole(value)
        return Size(notional=Notional(amount=format(value, "f") if amount is None else str(amount), ccy=token.ccy))
    shares = whole(value)
    european = not token.scaled and len(token.text.partition(".")[2]) == 3
    if shares is None or european:
        reading.issues.add("ambiguous_unit")
        return Size()
    return Size(quantity=shares)


def leg_of(reading: Reading, draft: LegDraft) -> Leg:
    """The leg as a value; issues of its symbol and size are raised on the reading."""
    size = size_of(reading, draft)
    return Leg(
        symbol=symbol_of(reading, draft),
        side=draft.side,
        quantity=size.quantity,
        notional=size.notional,
        quantity_rule=size.rule,
    )


def symbol_of(reading: Reading, draft: LegDraft) -> str | None:
    """The one symbol of a leg; several are ambiguous, a name alone is unresolved."""
    if len(set(draft.symbols)) > 1:
        reading.issues.add("symbol_ambiguous")
        return None
    if draft.symbols:
        return draft.symbols[0]
    if draft.unresolved:
        reading.issues.add("symbol_unresolved")
    return None
