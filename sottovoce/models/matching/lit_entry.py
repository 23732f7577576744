"""What a lit venue checks before it takes an order or a change, as stable codes; all it knows is in its facts."""

from __future__ import annotations

from collections.abc import Callable

from sottovoce.core.enums import OrdType, TimeInForce
from sottovoce.core.errors import ModelError
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.models.matching.lit_order import LitOrder, is_hidden, may_rest
from sottovoce.models.matching.port import Entry

TickOf = Callable[[int], int]
"""The tick at a price, both in price units."""

_PLAIN = OrderTerms()


def banded_tick(bands: tuple[tuple[int, int], ...]) -> TickOf:
    """The tick as a function of price, from rising (from price, tick) bands.

    Raises: ModelError (no_ticks) without a band.
    """
    if not bands:
        raise ModelError("The venue has no tick bands; give a tick with the instrument.", code="no_ticks")

    falling = bands[::-1]

    def tick_of(px: int) -> int:
        for start, tick in falling:
            if px >= start:
                return tick
        return bands[0][1]

    return tick_of


class EntryChecks:
    """The checks of one venue."""

    __slots__ = ("_least", "_lives", "_lot", "_takes", "_tick_of")

    def __init__(self, facts: VenueFacts, tick_of: TickOf) -> None:
        self._takes = facts.takes or _PLAIN
        self._lives = self._takes.times_in_force
        self._least = max(1, facts.min_qty)
        self._lot = self._takes.lot
        self._tick_of = tick_of

    def entry_fault(self, entry: Entry) -> str:
        """Why an order is refused whatever stands in the book, "" when it is not."""
        qty, price = entry.qty, entry.price
        if qty < self._least or qty % self._lot:
            return self._quantity_fault(qty)
        if entry.ord_type is not OrdType.LIMIT:
            fault = self._other_type_fault(entry)
        elif price <= 0:
            return "price_not_positive"
        else:
            fault = "price_off_tick" if price % self._tick_of(price) else ""
        if fault or entry.time_in_force not in self._lives:
            return fault or "time_in_force_not_taken"
        if entry.display_qty is None and not (entry.min_qty or entry.post_only or entry.conditional):
            return ""
        return self._post_only_fault(entry) or self._display_fault(entry) or self._minimum_fault(entry)

    def change_fault(self, order: LitOrder, qty: int, price: int) -> str:
        """Why new terms of a live order are refused, "" when they are not."""
        if qty <= order.cum_qty:
            return "quantity_not_above_filled"
        return self._quantity_fault(qty) or self._price_fault(price, needed=order.peg is None)

    def _quantity_fault(self, qty: int) -> str:
        if qty <= 0:
            return "quantity_not_positive"
        if qty < self._least:
            return "quantity_below_minimum"
        return "quantity_not_in_lots" if qty % self._lot else ""

    def _price_fault(self, price: int, *, needed: bool) -> str:
        if price <= 0:
            return "price_not_positive" if needed or price else ""
        return "price_off_tick" if price % self._tick_of(price) else ""

    def _other_type_fault(self, entry: Entry) -> str:
        """Of a market or pegged order: its kind, and the limit it may not have, or need not."""
        if entry.ord_type is OrdType.PEGGED:
            return self._price_fault(entry.price, needed=False) if entry.peg in self._takes.pegs else "peg_not_taken"
        if entry.ord_type not in self._takes.ord_types:
            return "order_type_not_taken"
        return "price_not_taken" if entry.price else ""

    def _post_only_fault(self, entry: Entry) -> str:
        if entry.conditional:
            return "conditional_not_taken"
        if not entry.post_only:
            return ""
        if not self._takes.post_only:
            return "post_only_not_taken"
        return "" if may_rest(entry) else "post_only_must_rest"

    def _display_fault(self, entry: Entry) -> str:
        shown = entry.display_qty
        if shown is None:
            return ""
        if not 0 <= shown <= entry.qty:
            return "display_out_of_range"
        if not (self._takes.reserve if shown else self._takes.hidden):
            return "display_not_taken"
        if shown % self._lot:
            return "quantity_not_in_lots"
        if shown and is_hidden(entry):
            return "peg_is_hidden"
        return "" if may_rest(entry) else "display_must_rest"

    def _minimum_fault(self, entry: Entry) -> str:
        if not entry.min_qty:
            return ""
        if not 0 < entry.min_qty <= entry.qty:
            return "min_qty_out_of_range"
        if not self._takes.min_qty or entry.time_in_force is TimeInForce.FILL_OR_KILL:
            return "min_qty_not_taken"
        return "min_qty_must_be_hidden" if may_rest(entry) and not is_hidden(entry) else ""
