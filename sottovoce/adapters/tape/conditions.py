"""What the tape's sale-condition bits mean for us, as data: which rows are trades, and which could have met
an order.

Two questions are asked of a row. Is it a trade? Official open and close values are not: they repeat a price
and sometimes a whole auction. Is it price-forming, so that a resting order of ours would have stood in its
way? Only a regular sale, a sweep, a trade-through exempt sale or an odd lot is; a bit we do not know makes
a row a trade that fills nobody. The tape's volume-weighted average takes every trade of regular hours, as
its publisher's does.
Source of the bits: the README of the data set us_equity_taq_ticks.
"""

from __future__ import annotations

from functools import reduce
from operator import or_

import msgspec
import numpy as np

from sottovoce.models.arrays import BoolArray, IntArray

OFF_EXCHANGE = ord("D")
"""FINRA's facilities: dark pools and internalisers report here."""


class Condition(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One bit of the mask: is a row with it a trade, and one that a resting lit order could have met."""

    bit: int
    name: str
    trade: bool = True
    price_forming: bool = False


CONDITIONS = (
    Condition(bit=0x1, name="regular", price_forming=True),
    Condition(bit=0x20, name="intermarket sweep", price_forming=True),
    Condition(bit=0x40, name="opening print"),
    Condition(bit=0x80, name="closing print"),
    Condition(bit=0x200, name="derivatively priced"),
    Condition(bit=0x400, name="extended hours"),
    Condition(bit=0x2000, name="extended hours"),
    Condition(bit=0x4000, name="extended hours"),
    Condition(bit=0x100000, name="average price"),
    Condition(bit=0x1000000, name="market-centre official close", trade=False),
    Condition(bit=0x2000000, name="prior reference price"),
    Condition(bit=0x4000000, name="market-centre official open", trade=False),
    Condition(bit=0x20000000, name="trade-through exempt", price_forming=True),
    Condition(bit=0x40000000, name="undocumented"),
    Condition(bit=0x80000000, name="odd lot", price_forming=True),
)
SWEEP = 0x20
OPENING_PRINT = 0x40
CLOSING_PRINT = 0x80
NOT_TRADES = reduce(or_, (condition.bit for condition in CONDITIONS if not condition.trade))
PRICE_FORMING = reduce(or_, (condition.bit for condition in CONDITIONS if condition.price_forming))


def is_trade(cond: IntArray) -> BoolArray:
    """Rows that are trades, shape as cond."""
    kept: BoolArray = (cond & NOT_TRADES) == 0
    return kept


def is_auction(cond: IntArray) -> BoolArray:
    """Rows that are prints of an opening or closing auction."""
    marked: BoolArray = (cond & (OPENING_PRINT | CLOSING_PRINT)) != 0
    return is_trade(cond) & marked


def is_price_forming(cond: IntArray) -> BoolArray:
    """Rows that carry nothing but the bits of ordinary continuous trading."""
    ordinary: BoolArray = (cond & ~np.int64(PRICE_FORMING)) == 0
    return ordinary
