"""What venues that display nothing check before they take an order, as stable codes; they know it from their facts.

The codes are those of lit venues (sottovoce.models.matching.lit_entry). A display_qty of 0 asks for what is so here
anyway and is taken; any other is refused rather than ignored.
"""

from __future__ import annotations

from sottovoce.core.enums import OrdType, TimeInForce
from sottovoce.core.ports import OrderTerms, VenueFacts
from sottovoce.models.matching.port import Entry
from sottovoce.models.matching.working import Working

_PLAIN = OrderTerms()


def entry_fault(entry: Entry, facts: VenueFacts) -> str:
    """Why a venue refuses an order whatever else it holds, "" when it does not.

    Args:
        entry: the order. facts: the venue's: `takes` says which orders, min_qty is its least.
    """
    takes = facts.takes or _PLAIN
    return _quantity_fault(entry, facts.min_qty) or _type_fault(entry, takes) or _extras_fault(entry, takes)


def change_fault(order: Working, qty: int, price: int) -> str:
    """Why new terms of a live order are refused, "" when they are not."""
    if qty <= order.cum_qty:
        return "quantity_not_above_filled"
    if price < 0 or (price == 0 and order.entry.ord_type is OrdType.LIMIT):
        return "price_not_positive"
    return ""


def _quantity_fault(entry: Entry, least: int) -> str:
    if entry.qty <= 0:
        return "quantity_not_positive"
    if entry.qty < least:
        return "quantity_below_minimum"
    return "" if 0 <= entry.min_qty <= entry.qty else "min_qty_out_of_range"


def _type_fault(entry: Entry, takes: OrderTerms) -> str:
    if entry.ord_type is OrdType.PEGGED:
        if entry.peg not in takes.pegs:
            return "peg_not_taken"
    elif entry.ord_type not in takes.ord_types:
        return "order_type_not_taken"
    if entry.price < 0 or (entry.ord_type is OrdType.LIMIT and entry.price == 0):
        return "price_not_positive"
    return "price_not_taken" if entry.ord_type is OrdType.MARKET and entry.price else ""


def _extras_fault(entry: Entry, takes: OrderTerms) -> str:
    if entry.time_in_force not in takes.times_in_force:
        return "time_in_force_not_taken"
    if entry.post_only and not takes.post_only:
        return "post_only_not_taken"
    if entry.display_qty:
        return "display_not_taken"
    if entry.min_qty and not takes.min_qty:
        return "min_qty_not_taken"
    if entry.conditional and entry.time_in_force is not TimeInForce.DAY:
        return "conditional_must_rest"
    return ""
