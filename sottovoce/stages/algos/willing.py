"""The price the client would trade at: there the order leaves its schedule and takes what is shown.

Whatever is not sent yet, or as much of it as the client said, is offered at that price or better, immediate or cancel;
what is not there comes back and goes on by the schedule. Being willing lifts the schedule and a POV order's band, but
never the maximum participation, which is what the order promised of its footprint.
"""

from __future__ import annotations

from sottovoce.core.enums import Side, Strategy
from sottovoce.core.market import Quote
from sottovoce.stages.algos.parent import WorkedParent
from sottovoce.stages.algos.targets import cap

UNSCHEDULED = (Strategy.SOR, Strategy.CLOSE)


def willing(parent: WorkedParent, quote: Quote) -> bool:
    """Whether the far touch is at the price the client would trade at, or better."""
    order = parent.order
    if order.would_px is None or parent.plan.strategy in UNSCHEDULED:
        return False
    far = quote.ask if order.side is Side.BUY else quote.bid
    return order.side.sign * (far - order.would_px) <= 0


def would_qty(parent: WorkedParent, quote: Quote, others: int) -> int:
    """Shares to offer now at the price the client would trade at; 0 where the market is not there."""
    if not willing(parent, quote):
        return 0
    order, ledger = parent.order, parent.ledger
    left = ledger.unsent if order.would_qty is None else order.would_qty - parent.would_taken
    taken = parent.auction_taken + parent.base_qty
    room = cap(parent.plan, others, order.lot) + taken - ledger.filled - ledger.working
    return max(min(left, room, ledger.unsent), 0)
