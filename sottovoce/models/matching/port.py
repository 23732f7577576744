"""The door of a venue: orders in, outcomes out, time and the consolidated touch passed in.

Every kind of venue keeps this contract (tests/contracts/test_venue.py): a quantity entered is traded, canceled or
still leaving; nothing trades through its limit; each match has one buyer and one seller of the same quantity.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Peg, Side, TimeInForce
from sottovoce.core.ports import VenueFacts


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """An order as a venue receives it.

    owner is the participant, for self-match prevention; segment its class where the venue sorts by it. price is in
    the instrument's unit, 0 for none (a market order, or a peg without a limit). display_qty: None shows all, 0
    nothing. min_qty is the least single match, unless less is left. conditional orders are asked before they trade.
    """

    order_id: str
    owner: str
    side: Side
    qty: int
    ord_type: OrdType
    price: int = 0
    time_in_force: TimeInForce = TimeInForce.DAY
    display_qty: int | None = None
    min_qty: int = 0
    post_only: bool = False
    peg: Peg = Peg.MID
    conditional: bool = False
    segment: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """What happened to one order, once. A match is two outcomes of one match_id.

    While live, qty entered = cum_qty + leaves_qty; leaves_qty is 0 when the order is over. reason is a stable code
    where the venue refused or ended the order, "" else.
    """

    order_id: str
    exec_type: ExecType
    at_ns: int
    cum_qty: int
    leaves_qty: int
    last_qty: int = 0
    last_px: int = 0
    match_id: int = 0
    liquidity: LastLiquidityInd | None = None
    reason: str = ""


class Touch(msgspec.Struct, frozen=True, gc=False):
    """A best bid and offer with sizes; 0 where a side is empty."""

    bid: int
    bid_size: int
    ask: int
    ask_size: int


class Venue(Protocol):
    """One venue's market in one instrument. Calls come in order of time."""

    @property
    def facts(self) -> VenueFacts: ...

    def enter(self, entry: Entry, at_ns: int) -> Sequence[Outcome]:
        """Take an order: acknowledged or rejected first, then what it traded, then its end if it may not rest.

        A name is taken once: a second entry of it, live or over, is rejected and changes nothing.
        """
        ...

    def cancel(self, order_id: str, at_ns: int) -> Sequence[Outcome]:
        """End an order; an unknown or finished one gives one REJECTED outcome with a reason and leaves all as it is."""
        ...

    def replace(self, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Change total quantity and limit. Only less quantity at the same price keeps the place in the queue."""
        ...

    def observe(self, touch: Touch, at_ns: int) -> Sequence[Outcome]:
        """The consolidated touch moved: pegs follow, midpoints match."""
        ...

    def advance(self, at_ns: int) -> Sequence[Outcome]:
        """Time passed: crosses, auctions, invitations and the close that are due."""
        ...

    def shown(self) -> Touch:
        """What the venue displays; all 0 for a dark one."""
        ...
