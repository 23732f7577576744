"""What venues that display nothing check before they take an order, as stable codes."""

from __future__ import annotations

from collections.abc import Collection

from sottovoce.core.enums import OrdType, Peg, TimeInForce
from sottovoce.core.ports import VenueFacts
from sottovoce.models.matching.port import Entry

CONTINUOUS = (TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL, TimeInForce.FILL_OR_KILL)


def entry_fault(entry: Entry, facts: VenueFacts, lives: Collection[TimeInForce]) -> str:
    """Why a venue of midpoints refuses an order whoever sent it, "" when it does not.

    Args:
        entry: the order. facts: the venue's; min_qty is its least order.
        lives: the times in force it takes.
    """
    return quantity_fault(entry, facts) or _price_fault(entry) or _kind_fault(entry, lives)


def quantity_fault(entry: Entry, facts: VenueFacts) -> str:
    """Why the quantities of an order are refused, "" when they are not."""
    if entry.qty <= 0:
        return "quantity_not_positive"
    if entry.qty < facts.min_qty:
        return "quantity_below_minimum"
    if not 0 <= entry.min_qty <= entry.qty:
        return "min_qty_out_of_range"
    return ""


def _price_fault(entry: Entry) -> str:
    if entry.price < 0 or (entry.ord_type is OrdType.LIMIT and entry.price == 0):
        return "price_not_positive"
    if entry.ord_type is OrdType.PEGGED and entry.peg is not Peg.MID:
        return "peg_not_taken"
    return ""


def _kind_fault(entry: Entry, lives: Collection[TimeInForce]) -> str:
    if entry.time_in_force not in lives:
        return "time_in_force_not_taken"
    if entry.post_only:
        return "post_only_not_taken"
    if entry.display_qty:
        return "display_not_taken"
    if entry.conditional and entry.time_in_force is not TimeInForce.DAY:
        return "conditional_must_rest"
    return ""
