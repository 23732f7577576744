"""A short sale that would hit the bid of a restricted name, priced where it may stand instead (PT-17).

By policy: the child then rests a tick above the best bid, or further away if it asked for that. Without the policy it
is rejected. Every check runs on the child as it is priced now, so a new price can break nothing else unseen.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.enums import Tactic, TimeInForce
from sottovoce.core.market import Unusable
from sottovoce.core.orders import Child, Failure
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import STAGE, Case, price
from sottovoce.stages.risk.checks_short import price_test


def repriced(case: Case) -> Child | None:
    """The child at the lowest price it may be sold short at, resting; None where it needs no other, or gets none."""
    child, quote = case.child, case.quote
    if not case.policy.short_reprice or child is None or isinstance(quote, Unusable) or price_test(case) is None:
        return None
    if child.tactic is Tactic.AUCTION:
        return None
    lowest = (quote.bid // child.tick + 1) * child.tick
    return msgspec.structs.replace(child, limit_px=lowest, tactic=Tactic.PASSIVE, time_in_force=TimeInForce.DAY)


def noted(before: Child, after: Child) -> Failure:
    """For the record: what it asked for, and what it got."""
    return failure(STAGE, "short_repriced", price(before.limit_px), f"not below {price(after.limit_px)}", 0)
