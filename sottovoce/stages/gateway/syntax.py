"""Stage one: is the message well formed? Nothing here knows any instrument or any market."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, Strategy, TimeInForce
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.text import TEXT_LENGTH_MAX, fault_of, is_identifier, is_symbol, shown
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.gateway.checking import NOTHING, SYNTAX, Check, run_checks
from sottovoce.stages.gateway.flags import malformed_flags
from sottovoce.stages.gateway.instructions import band, impact_limit, would
from sottovoce.stages.gateway.written import PRICE_MAX, QTY_MAX, bad_price_text, read_decimal, read_ppm, whole

STAGE = SYNTAX
DAYS_MAX = 20
TIME_MAX_NS = 200 * 366 * NS_PER_DAY
"""A time is after 1970 and before about 2170; anything else is in another unit."""

_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)


def check_envelope(order: NewOrder) -> list[Failure]:
    """Failures of the two fields an order is known by. Until they are right there is nothing to look up."""
    return [
        failure(SYNTAX, "bad_identifier", shown(text))
        for text in (order.account, order.cl_ord_id)
        if not is_identifier(text)
    ]


def check_syntax(order: NewOrder) -> list[Failure]:
    """Every syntax failure of a new order."""
    return run_checks(SYNTAX, SYNTAX_CHECKS, order)


# the checks ----------------------------------------------------------------------------------------------


def identifiers(order: NewOrder) -> Sequence[Failure]:
    """Account, client id and locate id are plain identifiers."""
    texts = [order.account, order.cl_ord_id]
    if order.locate_id is not None:
        texts.append(order.locate_id)
    return [failure(SYNTAX, "bad_identifier", shown(text)) for text in texts if not is_identifier(text)]


def symbol(order: NewOrder) -> Sequence[Failure]:
    """A symbol is short and ASCII."""
    return NOTHING if is_symbol(order.symbol) else [failure(SYNTAX, "bad_symbol", shown(order.symbol))]


def note(order: NewOrder) -> Sequence[Failure]:
    """A note is short, and nothing in it is hidden."""
    fault = fault_of(order.note)
    return [failure(SYNTAX, "bad_text", fault, f"{TEXT_LENGTH_MAX} characters")] if fault else NOTHING


def size(order: NewOrder) -> Sequence[Failure]:
    """A quantity in shares, or a notional in money, or both; each in its range."""
    qty, notional = order.order_qty, order.notional
    if qty is None and notional is None:
        return [failure(SYNTAX, "size_missing", "none")]
    found = []
    if qty is not None and not 0 < qty <= QTY_MAX:
        found.append(failure(SYNTAX, "bad_quantity", whole(qty), f"1 to {QTY_MAX}"))
    if notional is not None and read_decimal(notional) is None:
        found.append(failure(SYNTAX, "bad_notional", shown(notional)))
    return found


def currency(order: NewOrder) -> Sequence[Failure]:
    """A currency is three capital letters (ISO 4217)."""
    if order.currency is None or _CURRENCY.fullmatch(order.currency) is not None:
        return NOTHING
    return [failure(SYNTAX, "bad_currency", shown(order.currency))]


def price(order: NewOrder) -> Sequence[Failure]:
    """A limit order has a price and a market order none; a price is a positive plain decimal."""
    found = []
    if order.ord_type is OrdType.LIMIT:
        if order.price is None:
            found.append(failure(SYNTAX, "price_missing", "none"))
    elif order.ord_type is OrdType.MARKET:
        if order.price is not None:
            found.append(failure(SYNTAX, "price_unexpected", shown(order.price)))
    else:
        found.append(failure(SYNTAX, "bad_order_type", order.ord_type.value, "market or limit"))
    for text in (order.price, order.decision_price):
        if text is not None and bad_price_text(text):
            found.append(failure(SYNTAX, "bad_price", shown(text), f"at most {PRICE_MAX}"))
    return found


def participation(order: NewOrder) -> Sequence[Failure]:
    """Rates are above 0 and at most one half, and a participation strategy has one."""
    found = [
        failure(SYNTAX, "bad_participation", shown(text), "above 0, at most 0.5")
        for text in (order.participation, order.max_participation)
        if text is not None and read_ppm(text) is None
    ]
    if order.strategy is Strategy.POV and order.participation is None and order.participation_max is None:
        found.append(failure(SYNTAX, "participation_missing", "none"))
    return found


def time_in_force(order: NewOrder) -> Sequence[Failure]:
    """A parent order lasts the day, or waits for the close; the closing one is worked by no other strategy."""
    closing = order.time_in_force is TimeInForce.AT_THE_CLOSE
    if not closing and order.time_in_force is not TimeInForce.DAY:
        return [failure(SYNTAX, "bad_time_in_force", order.time_in_force.value, "day or at_the_close")]
    if closing and order.strategy not in (None, Strategy.CLOSE):
        return [failure(SYNTAX, "bad_time_in_force", f"{order.time_in_force.value} with {order.strategy}")]
    return NOTHING


def horizon(order: NewOrder) -> Sequence[Failure]:
    """One to twenty sessions; times in this age, and the end after the start."""
    found = []
    if not 1 <= order.days <= DAYS_MAX:
        found.append(failure(SYNTAX, "bad_horizon", f"{whole(order.days)} days", f"1 to {DAYS_MAX}"))
    for ns in (order.start_ns, order.end_ns, order.decision_ns):
        if ns is not None and not 0 < ns < TIME_MAX_NS:
            found.append(failure(SYNTAX, "bad_time", whole(ns), "nanoseconds since 1970 UTC"))
    if not found and order.start_ns is not None and order.end_ns is not None and order.end_ns <= order.start_ns:
        found.append(failure(SYNTAX, "bad_horizon", f"end {order.end_ns}", f"after {order.start_ns}"))
    return found


SYNTAX_CHECKS: tuple[Check, ...] = (
    identifiers,
    symbol,
    note,
    size,
    currency,
    price,
    participation,
    band,
    would,
    impact_limit,
    time_in_force,
    horizon,
    malformed_flags,
)
"""The stage: every check of it runs, whatever the others say."""
