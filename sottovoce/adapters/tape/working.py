"""Our live orders, by kind of venue: whose turn is next, and how much of each real print is already ours."""

from __future__ import annotations

from sottovoce.adapters.tape.feed import Feed, Prints
from sottovoce.adapters.tape.orders import VenueOrder
from sottovoce.adapters.tape.resting import Touch, next_dark, next_lit, pass_print, rest_lit
from sottovoce.core.enums import VenueKind


class Working:
    """Orders that wait for the tape. A print is used once, whichever of our orders it goes to."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._orders: dict[VenueKind, list[VenueOrder]] = {kind: [] for kind in VenueKind}
        self._used: dict[VenueKind, dict[int, int]] = {kind: {} for kind in VenueKind}

    def orders(self, kind: VenueKind) -> list[VenueOrder]:
        """Live orders of one kind of venue, in order of arrival."""
        return self._orders[kind]

    def add(self, order: VenueOrder) -> None:
        """Let an order rest from its arrival on."""
        if order.kind is VenueKind.LIT:
            rest_lit(order, self._feed, order.end_ns)
        elif order.kind is VenueKind.DARK:
            order.cursor = int(self._feed.dark.ns.searchsorted(order.arrived_ns, side="right"))
        self._orders[order.kind].append(order)

    def remove(self, order: VenueOrder) -> bool:
        """Take an order out; False where it never rested."""
        orders = self._orders[order.kind]
        if order not in orders:
            return False
        orders.remove(order)
        return True

    def end_ns(self, default_ns: int) -> int:
        """When the first live order ends, or default_ns without any."""
        return min((order.end_ns for orders in self._orders.values() for order in orders), default=default_ns)

    def ended(self, ns: int) -> list[VenueOrder]:
        """Live orders whose end has come, in order of arrival."""
        return [order for orders in self._orders.values() for order in orders if order.end_ns <= ns]

    def next_touch(self, until_ns: int) -> tuple[VenueOrder, Touch] | None:
        """The first order that a print up to until_ns fills: by time, then better price, then arrival."""
        best: tuple[tuple[int, int, int], VenueOrder, Touch] | None = None
        for kind in (VenueKind.LIT, VenueKind.DARK):
            search = next_lit if kind is VenueKind.LIT else next_dark
            for order in self._orders[kind]:
                touch = search(order, self._prints(kind), self._used[kind], until_ns)
                if touch is not None:
                    key = (touch.ns, touch.row, -order.sign * order.route.price)
                    if best is None or key < best[0]:
                        best = (key, order, touch)
        return None if best is None else best[1:]

    def use(self, order: VenueOrder, touch: Touch) -> int:
        """Give an order what the print has for it and move it past the print; returns the shares."""
        qty = min(order.leaves_qty, touch.room)
        used = self._used[order.kind]
        used[touch.row] = used.get(touch.row, 0) + qty
        if touch.through:
            order.through_qty = min(order.rested_qty, order.through_qty + touch.room)
        if order.kind is VenueKind.LIT:
            pass_print(order, touch.ns, int(self._feed.lit.room[touch.row]), through=touch.through)
        else:
            order.cursor += 1
        return qty

    def _prints(self, kind: VenueKind) -> Prints:
        return self._feed.lit if kind is VenueKind.LIT else self._feed.dark
