"""A live parent is amended: what is out is made to fit, and what is left is planned again.

A resting child beyond a tighter limit is moved to it, one that is too large now is made smaller, both by a replace at
its venue; what cannot be replaced is pulled. The rest, from now on and without what has traded, is an order of its own
to the planner. A change of the limit alone changes no schedule.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.clearance_events import AmendCleared
from sottovoce.core.enums import Tactic
from sottovoce.core.plan_events import ReplanWanted
from sottovoce.core.session_events import ChildReplaceWanted
from sottovoce.core.work_events import ChildCancelRequested
from sottovoce.stages.algos.parent import OpenChild, WorkedParent

Reshaping = ChildCancelRequested | ChildReplaceWanted
BEYOND, TOO_LARGE = "beyond the new limit", "amended down"


def pull(parent: WorkedParent, child_id: str, reason: str, ts_ns: int) -> ChildCancelRequested:
    """Take a child back from every venue."""
    return ChildCancelRequested(parent_id=parent.order.parent_id, ts_ns=ts_ns, child_id=child_id, reason=reason)


def stale(parent: WorkedParent, now_ns: int, patience_ns: int) -> list[ChildCancelRequested]:
    """Take back what has rested for too long; what waits for an auction waits."""
    return [
        pull(parent, child_id, "waited too long", now_ns)
        for child_id, child in parent.children.items()
        if child.tactic is not Tactic.AUCTION and not child.canceling and now_ns - child.created_ns >= patience_ns
    ]


def misfits(parent: WorkedParent, ts_ns: int) -> list[Reshaping]:
    """What no longer fits: too much of it, or at a price the client no longer allows."""
    if parent.ledger.reduction > 0:
        return _smaller(parent, ts_ns)
    limit, sign = parent.limit_px, parent.order.side.sign
    found: list[Reshaping] = []
    for child_id, child in parent.children.items():
        if limit is not None and not child.canceling and sign * (child.limit_px - limit) > 0:
            found += _moved(parent, child_id, child, limit, ts_ns)
    return found


def _moved(parent: WorkedParent, child_id: str, child: OpenChild, limit: int, ts_ns: int) -> list[Reshaping]:
    """A resting child goes to the limit, at each venue where it is beyond it; any other is pulled."""
    if child.tactic is not Tactic.PASSIVE or not child.routes:
        return [pull(parent, child_id, BEYOND, ts_ns)]
    sign = parent.order.side.sign
    return [
        _wanted(parent, child_id, cl_ord_id, qty, limit, BEYOND, ts_ns)
        for cl_ord_id, (qty, price) in child.routes.items()
        if sign * (price - limit) > 0
    ]


def _smaller(parent: WorkedParent, ts_ns: int) -> list[Reshaping]:
    """Give up the youngest children first, the last of them only in part where it rests at one venue."""
    left = parent.ledger.reduction
    found: list[Reshaping] = []
    for child_id, child in reversed(parent.children.items()):
        if left <= 0:
            break
        if child.canceling:
            left -= child.open_qty
        elif child.open_qty > left and len(child.routes) == 1 and child.tactic is Tactic.PASSIVE:
            cl_ord_id, (qty, price) = next(iter(child.routes.items()))
            found.append(_wanted(parent, child_id, cl_ord_id, qty - left, price, TOO_LARGE, ts_ns))
            left = 0
        else:
            found.append(pull(parent, child_id, TOO_LARGE, ts_ns))
            left -= child.open_qty
    return found


def _wanted(
    parent: WorkedParent, child_id: str, cl_ord_id: str, qty: int, price: int, reason: str, ts_ns: int
) -> ChildReplaceWanted:
    return ChildReplaceWanted(
        parent_id=parent.order.parent_id,
        ts_ns=ts_ns,
        child_id=child_id,
        cl_ord_id=cl_ord_id,
        qty=qty,
        price=price,
        reason=reason,
    )


def replan(parent: WorkedParent, event: AmendCleared, ts_ns: int) -> list[ReplanWanted]:
    """Ask for a plan of what is left, where size, end, urgency, venues or rates have changed."""
    ledger, order = parent.ledger, parent.order
    rest_qty = ledger.wanted - ledger.filled - ledger.busted
    if rest_qty <= 0 or not (event.terms or event.reserved_qty):
        return []
    rest = msgspec.structs.replace(
        order, order_qty=rest_qty, start_ns=max(order.start_ns, ts_ns), limit_px=parent.limit_px
    )
    return [ReplanWanted(parent_id=order.parent_id, ts_ns=ts_ns, rest=rest)]
