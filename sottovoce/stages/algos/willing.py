"""The price the client would trade at: there the order leaves its schedule and takes what is shown.

Whatever is not sent yet, or as much of it as the client said, is offered at that price or better, immediate or cancel.
What is not there comes back and goes on by the schedule, which has the looks until the plan's own interval is over: a
thin touch must neither starve the schedule nor be asked ten times a minute. The closing auction's part goes first, and
where the limit has been moved inside the price, the limit is what counts.

Being willing lifts the schedule and a POV order's band, but never the maximum participation, which is what the order
promised of its footprint.
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
    sign, far = order.side.sign, quote.ask if order.side is Side.BUY else quote.bid
    beyond_limit = parent.limit_px is not None and sign * (far - parent.limit_px) > 0
    return sign * (far - order.would_px) <= 0 and not beyond_limit


def would_qty(parent: WorkedParent, quote: Quote, others: int, now_ns: int) -> int:
    """Shares to offer now at the price the client would trade at, in whole lots; 0 where the market is not there.

    Nor are any offered again within the plan's own interval.
    """
    if not willing(parent, quote) or now_ns - parent.would_ns < parent.plan.wake_ns:
        return 0
    order, ledger = parent.order, parent.ledger
    left = ledger.unsent if order.would_qty is None else order.would_qty - parent.would_taken
    taken = parent.auction_taken + parent.base_qty
    room = cap(parent.plan, others, order.lot) + taken - ledger.filled - ledger.working
    most = max(min(left, room, ledger.unsent), 0)
    return most if most == ledger.unsent else most - most % order.lot
