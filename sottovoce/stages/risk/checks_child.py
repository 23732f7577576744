"""A child against its parent: it draws on what was reserved, within the limit, at no more than was counted (AT-05)."""

from __future__ import annotations

from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import STAGE, Case, Found, price


def reserved(case: Case) -> Found:
    """AT-05: a child draws on its parent's reservation and never on more than is left of it."""
    held = case.held
    left = 0 if held is None else held.open_qty - held.drawn_qty
    return [failure(STAGE, "not_reserved", case.draws, left, left)] if case.draws > left else None


def within_limit(case: Case) -> Found:
    """AT-05: a child trades within its parent's limit."""
    limit = case.order.limit_px
    if limit is None or case.sign * (case.px - limit) <= 0:
        return None
    return [failure(STAGE, "beyond_limit", price(case.px), price(limit), 0)]


def within_reserve(case: Case) -> Found:
    """PT-01: a buy trades no higher than its exposure was reserved at."""
    held = case.held
    if held is None or case.sign < 0 or case.px <= held.worst_px:
        return None
    return [failure(STAGE, "beyond_reserve", price(case.px), price(held.worst_px), 0)]


def same_order(case: Case) -> Found:
    """AT-05: a child is in the name and on the side of its parent, whole shares of it, at a price."""
    child, order = case.child, case.order
    if child is None:
        return None
    if child.instrument_id == order.instrument_id and child.side is order.side and child.qty > 0 and child.limit_px > 0:
        return None
    text = f"{child.side.value} {child.qty} {child.instrument_id}"
    return [failure(STAGE, "not_the_parents", text, f"{order.side.value} {order.instrument_id}")]
