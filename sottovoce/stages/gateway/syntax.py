"""Is the message well formed? Nothing here knows any instrument or any market."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, Strategy, TimeInForce
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure

STAGE = "syntax"
DAYS_MAX = 20
QTY_MAX = 10**12
PARTICIPATION_MAX_PPM = 500_000
PPM = 1_000_000

_IDENTIFIER = re.compile(r"[A-Za-z0-9._:-]{1,64}", re.ASCII)
_DECIMAL = re.compile(r"[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


def read_decimal(text: str) -> Decimal | None:
    """A positive plain decimal, or None for anything else (signs, exponents, NaN, other digits)."""
    if _DECIMAL.fullmatch(text) is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern admits nothing Decimal refuses
        return None
    return value if value > 0 else None


def read_ppm(text: str) -> int | None:
    """A participation as parts per million, or None unless above 0 and at most one half."""
    value = read_decimal(text)
    if value is None:
        return None
    ppm = int(value * PPM)
    return ppm if 0 < ppm <= PARTICIPATION_MAX_PPM and ppm == value * PPM else None


def check_syntax(order: NewOrder) -> list[Failure]:
    """Every syntax failure of a new order."""
    found: list[Failure] = []
    for text in (order.account, order.cl_ord_id):
        if _IDENTIFIER.fullmatch(text) is None:
            found.append(failure(STAGE, "bad_identifier", repr(text[:70])))
    _check_size(order, found)
    _check_price(order, found)
    _check_strategy(order, found)
    _check_horizon(order, found)
    return found


def _check_size(order: NewOrder, found: list[Failure]) -> None:
    if order.order_qty is None and order.notional is None:
        found.append(failure(STAGE, "size_missing", "none"))
    elif order.order_qty is not None and order.notional is not None:
        found.append(failure(STAGE, "size_twice", f"{order.order_qty} shares and {order.notional}"))
    if order.order_qty is not None and not 0 < order.order_qty <= QTY_MAX:
        found.append(failure(STAGE, "bad_quantity", order.order_qty, f"1 to {QTY_MAX}"))
    if order.notional is not None and read_decimal(order.notional) is None:
        found.append(failure(STAGE, "bad_notional", repr(order.notional[:40])))


def _check_price(order: NewOrder, found: list[Failure]) -> None:
    if order.ord_type is OrdType.LIMIT:
        if order.price is None:
            found.append(failure(STAGE, "price_missing", "none"))
    elif order.price is not None:
        found.append(failure(STAGE, "price_unexpected", order.price[:40]))
    for text in (order.price, order.decision_price):
        if text is not None and read_decimal(text) is None:
            found.append(failure(STAGE, "bad_price", repr(text[:40])))


def _check_strategy(order: NewOrder, found: list[Failure]) -> None:
    for text in (order.participation, order.max_participation):
        if text is not None and read_ppm(text) is None:
            found.append(failure(STAGE, "bad_participation", repr(text[:40]), "above 0, at most 0.5"))
    if order.strategy is Strategy.POV and order.participation is None:
        found.append(failure(STAGE, "participation_missing", "none"))
    closing = order.time_in_force is TimeInForce.AT_THE_CLOSE
    if not closing and order.time_in_force is not TimeInForce.DAY:
        found.append(failure(STAGE, "bad_time_in_force", order.time_in_force.value, "day or at_the_close"))
    if closing and order.strategy not in (None, Strategy.CLOSE):
        found.append(failure(STAGE, "bad_time_in_force", f"{order.time_in_force.value} with {order.strategy}"))


def _check_horizon(order: NewOrder, found: list[Failure]) -> None:
    if not 1 <= order.days <= DAYS_MAX:
        found.append(failure(STAGE, "bad_horizon", f"{order.days} days", f"1 to {DAYS_MAX}"))
    if order.start_ns is not None and order.end_ns is not None and order.end_ns <= order.start_ns:
        found.append(failure(STAGE, "bad_horizon", f"end {order.end_ns}", f"after {order.start_ns}"))
