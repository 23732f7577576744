"""Who may trade with whom in a midpoint pool, how much, and in which order.

Pure judgement over working orders: nothing here changes an order. A pair may trade when both accept the mid, their
classes are willing to meet, and they are not one participant's.
"""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.models.matching.pool_rules import PoolRules, Priority, least_match, may_meet
from sottovoce.models.matching.working import Working


class Pairing:
    """The rule book applied to pairs. lot is the instrument's round lot, shares."""

    def __init__(self, rules: PoolRules, lot: int) -> None:
        self._rules = rules
        self.lot = lot if rules.round_lots else 1
        named = {each.name: each for each in rules.segments}
        default = rules.segment("")
        if default is not None:
            named[""] = default
        self._rank = {name: segment.rank for name, segment in named.items()}
        self._meets = {(a, b): may_meet(named[a], named[b]) for a in named for b in named}

    def knows(self, segment: str) -> bool:
        """Whether the pool has such a class."""
        return segment in self._rank

    def willing(self, order: Working, other: Working, mid: int) -> bool:
        """Whether two orders of opposite sides may trade at the mid, quantities aside."""
        one, two = order.entry, other.entry
        if one.owner and one.owner == two.owner:
            return False
        return self._meets[one.segment, two.segment] and order.accepts(mid) and other.accepts(mid)

    def least(self, order: Working, leaves_qty: int) -> int:
        """The smallest match an order takes when leaves_qty is left of it."""
        return least_match(order.min_qty, leaves_qty, self._rules.small_rest, self.lot)

    def overlap(self, order: Working, other: Working) -> int:
        """Shares the two may trade now, 0 when that is less than either accepts."""
        qty = min(order.free_qty, other.free_qty)
        enough = qty >= max(self.least(order, order.leaves_qty), self.least(other, other.leaves_qty))
        return qty if enough else 0

    def ranked(self, orders: Iterable[Working], priority: Priority) -> list[Working]:
        """The first to be met first: class, then size if that is the rule, then turn."""
        by_size = priority is Priority.SIZE
        return sorted(
            orders,
            key=lambda each: (self._rank[each.entry.segment], -each.leaves_qty if by_size else 0, each.place),
        )

    def plan(self, order: Working, contras: Iterable[Working], mid: int) -> list[tuple[Working, int]]:
        """Whom an arriving firm order trades with, and how much with each, were it to trade now.

        Those passed over because the order wanted more from one match are asked again once less is left of it.
        """
        planned: list[tuple[Working, int]] = []
        left, free = order.leaves_qty, order.free_qty
        waiting = self.ranked(
            (each for each in contras if each.firm and self.willing(order, each, mid)), self._rules.priority
        )
        progress = True
        while progress and free > 0:
            progress, passed = False, []
            for other in waiting:
                qty = min(free, other.free_qty)
                if qty > 0 and qty >= max(self.least(order, left), self.least(other, other.leaves_qty)):
                    planned.append((other, qty))
                    left, free, progress = left - qty, free - qty, True
                else:
                    passed.append(other)
            waiting = passed
        return planned
