"""What is asked of a list of orders as a whole, before any of it moves (PT-04, PT-25, F-47)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import msgspec

from sottovoce.core.basket_commands import BasketLeg, NewBasket
from sottovoce.core.basket_events import FaultClass, LegFault
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.core.text import fault_of, is_identifier, shown
from sottovoce.stages.gateway.checking import BUSINESS, NOTHING, SYNTAX
from sottovoce.stages.gateway.config import BasketConfig
from sottovoce.stages.gateway.written import read_decimal

MILLIONTHS = 1_000_000
FAULTS_KEPT = 2_000
BASKET_ID_LENGTH_MAX = 56
"""So that a row's own client id, which adds its number, still fits."""

_encode = msgspec.json.Encoder().encode


def content_digest(basket: NewBasket) -> str:
    """Digest of what a list says: the same rows of the same account in any order, whatever it and they are called."""
    rows = sorted(_encode(msgspec.structs.replace(leg, row=0)) for leg in basket.legs)
    whole = hashlib.sha256(basket.account.encode())
    for row in rows:
        whole.update(row)
    return whole.hexdigest()


def same_order(leg: BasketLeg) -> tuple[object, ...]:
    """What makes two rows of a list the same order."""
    return (leg.symbol, leg.side, leg.order_qty, leg.notional, leg.price, leg.time_in_force)


def list_syntax(basket: NewBasket, config: BasketConfig) -> list[Failure]:
    """Every failure of the list's own fields: its size, its row numbers, its declared worth, its name."""
    found: list[Failure] = []
    count = len(basket.legs)
    if count == 0:
        found.append(failure(SYNTAX, "basket_empty", "no rows"))
    if count > config.legs_max:
        found.append(failure(SYNTAX, "basket_too_long", f"{count} rows", config.legs_max, config.legs_max - count))
    if len(basket.basket_id) > BASKET_ID_LENGTH_MAX:
        found.append(failure(SYNTAX, "bad_identifier", shown(basket.basket_id), f"{BASKET_ID_LENGTH_MAX} characters"))
    rows = [leg.row for leg in basket.legs]
    if len(set(rows)) != count or any(not 0 < row < 10**6 for row in rows):
        found.append(failure(SYNTAX, "bad_rows", "row numbers", "each once, from 1"))
    if basket.declared_notional is not None and read_decimal(basket.declared_notional) is None:
        found.append(failure(SYNTAX, "bad_notional", shown(basket.declared_notional)))
    if len(basket.currency) != 3 or not is_identifier(basket.currency):
        found.append(failure(SYNTAX, "bad_currency", shown(basket.currency)))
    fault = fault_of(basket.source)
    if fault:
        found.append(failure(SYNTAX, "bad_text", f"source: {fault}"))
    return found


def currencies(basket: NewBasket, legs: Sequence[ParentOrder]) -> Sequence[Failure]:
    """Every leg trades in the currency of the list: amounts of two currencies have no sum here."""
    others = sorted({leg.currency for leg in legs} - {basket.currency})
    return [failure(BUSINESS, "currency_mismatch", ",".join(others), basket.currency)] if others else NOTHING


def worth_of(leg: ParentOrder) -> int:
    """A leg at its arrival mid, in millionths of currency."""
    return leg.order_qty * leg.arrival_px * MILLIONTHS // leg.price_scale


def declared(basket: NewBasket, gross: int, config: BasketConfig) -> tuple[Sequence[Failure], Sequence[Failure]]:
    """(failures, holds): computed over declared notional, outside the wide bounds and outside the narrow ones."""
    if basket.declared_notional is None:
        return NOTHING, NOTHING
    ratio = float(Decimal(gross) / (Decimal(basket.declared_notional) * MILLIONTHS))
    value = f"{ratio:.2f} ({gross // MILLIONTHS:,} computed, {basket.declared_notional} declared)"
    if not config.refuse_low <= ratio <= config.refuse_high:
        return [_ratio("basket_ratio_hard", value, config.refuse_low, config.refuse_high)], NOTHING
    if not config.hold_low <= ratio <= config.hold_high:
        return NOTHING, [_ratio("basket_ratio", f"{ratio:.2f}", config.hold_low, config.hold_high)]
    return NOTHING, NOTHING


def _ratio(code: str, value: str, low: float, high: float) -> Failure:
    return failure(BUSINESS, code, value, f"{low:g} to {high:g}")


def twins(basket: NewBasket) -> Sequence[Failure]:
    """Rows that say the same order as another row: flagged, and a person decides."""
    counted = Counter(same_order(leg) for leg in basket.legs)
    rows = [leg.row for leg in basket.legs if counted[same_order(leg)] > 1]
    if not rows:
        return NOTHING
    told = ", ".join(str(row) for row in rows[:20])
    return [failure(BUSINESS, "duplicate_rows", f"{len(rows)} rows: {told}", "each order once")]


def classes_of(faults: Sequence[LegFault]) -> tuple[FaultClass, ...]:
    """The rules broken, commonest first: how many rows each, and the first of them."""
    first: dict[str, tuple[int, Failure]] = {}
    counted: Counter[str] = Counter()
    for fault in faults:
        for failed in fault.failures:
            counted[failed.code] += 1
            first.setdefault(failed.code, (fault.row, failed))
    return tuple(
        FaultClass(code=code, count=count, row=first[code][0], first=first[code][1])
        for code, count in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
    )
