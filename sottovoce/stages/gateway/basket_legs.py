"""The rows of a list as orders of their own, and what a person who released the list has let pass."""

from __future__ import annotations

from sottovoce.core.basket_commands import BasketLeg, NewBasket
from sottovoce.core.commands import NewOrder
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import Failure
from sottovoce.stages.gateway.book import OpenBasket
from sottovoce.stages.gateway.digests import digest_of

DRIFT = 0.01
"""A figure that was released may have moved this much by the time the list is read again."""


def leg_order(basket: NewBasket, leg: BasketLeg) -> NewOrder:
    """A row of a list as an order of its own."""
    return NewOrder(
        principal=basket.principal,
        account=basket.account,
        cl_ord_id=f"{basket.basket_id}.{leg.row}",
        symbol=leg.symbol,
        side=leg.side,
        order_qty=leg.order_qty,
        notional=leg.notional,
        currency=leg.currency,
        ord_type=leg.ord_type,
        price=leg.price,
        time_in_force=leg.time_in_force,
        strategy=leg.strategy,
        urgency=leg.urgency,
        locate_id=leg.locate_id,
        note=leg.note,
    )


def entered_legs(waiting: OpenBasket, view: MarketView) -> list[OrderAccepted]:
    """One order a leg, each with the digest its own repeat would have."""
    rows = zip(waiting.basket.legs, waiting.legs, strict=True)
    return [
        OrderAccepted(
            parent_id=order.parent_id,
            ts_ns=view.ts_ns,
            order=order,
            body_digest=digest_of(leg_order(waiting.basket, leg)),
        )
        for leg, order in rows
    ]


def let_pass(rule: Failure, waiting: OpenBasket) -> bool:
    """Whether a person has let a rule pass, at this figure or within a hundredth of it."""
    if not waiting.released_by:
        return False
    return any(seen.code == rule.code and _no_larger(rule.value, seen.value) for seen in waiting.rules)


def _no_larger(now: str, seen: str) -> bool:
    """Whether a figure is the one that was seen, or within a hundredth of it; without figures, the same words."""
    if now == seen:
        return True
    try:
        figure, approved = _figure(now), _figure(seen)
    except ValueError:
        return False
    return abs(figure - approved) <= DRIFT * abs(approved)


def _figure(text: str) -> float:
    """The number a value ends with, as people read it."""
    return float(text.rpartition(" ")[2].replace(",", ""))
