"""What can be wrong with an event about a book, numbered: books answer with the number, and count it.

A feed that begins in mid-day speaks of orders the book never saw, so a fault is an answer and no exception, unless
the caller asks for one.
"""

from __future__ import annotations

OK, UNKNOWN, TWICE, BEYOND, ABSURD, KIND = range(6)

FAULT_CODES = (
    "",
    "mbo_order_unknown",
    "mbo_order_twice",
    "mbo_qty_beyond",
    "mbo_value_absurd",
    "mbo_kind_unknown",
)
"""The stable code of each fault, by its number."""

FAULT_WORDS = (
    "",
    "speaks of an order that does not stand in the book",
    "enters an order that stands already",
    "takes more off an order than is left of it",
    "has a quantity that is not above 0, or a side that is neither 1 nor -1",
    "is of no kind a book knows",
)
"""Each fault as the end of a sentence about an event. Only BEYOND changes the book: all that is left of the order
goes."""
