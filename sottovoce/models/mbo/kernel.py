"""The batch book's kernel: events over arrays, the best prices after each, in tens of nanoseconds an event.

It is the plain book's way of working in arrays. Orders and prices are rows of hash tables with linear probing; a side
has a heap of the prices that came into use, best on top, and drops emptied ones when they come up. A price never
leaves its table here: whoever owns the arrays clears out the emptied when a table is full. Prices are compared as
ranks (side times price), so that both sides read alike. Faults are those of MboBook, which is the referee.

Arrays, all int64: orders (a power of two, 4) with id, row of the price, shares left times side (0: the row is free)
and when it joined, by which queues can be told later; prices (2, a power of two, 4), bids first, with rank, shares,
whether it is listed and whether the row is taken; listed (2, as many), the heaps, with rows of prices; heads (6,):
bids listed, asks listed, bid rows taken, ask rows taken, orders, orders ever joined; counts by fault; touches (n, 4).
"""

from __future__ import annotations

from sottovoce.models.arrays import IntArray
from sottovoce.models.mbo.events import ADD, CANCEL, CLEAR, CROSS, DELETE, EXECUTE, STATE, TRADE
from sottovoce.models.mbo.faults import ABSURD, BEYOND, KIND, TWICE, UNKNOWN

TAKEN, ORDERS, JOINED = 2, 4, 5
"""Places in heads; the listed come first."""


def home_of(key: int, mask: int) -> int:
    """Where a key would stand in a table of mask + 1 rows: the middle bits of its product with 2**32 / phi."""
    return ((((key ^ (key >> 32)) & 0xFFFFFFFF) * 0x61C88647) >> 16) & mask


def order_row(orders: IntArray, order_id: int) -> int:
    """The row of an order, or the free row where it would go."""
    mask = orders.shape[0] - 1
    row = home_of(order_id, mask)
    while orders[row, 2] != 0 and orders[row, 0] != order_id:
        row = (row + 1) & mask
    return row


def free_row(orders: IntArray, row: int) -> None:
    """Take an order out, moving those up that stand behind it because of it."""
    mask = orders.shape[0] - 1
    probe = (row + 1) & mask
    while orders[probe, 2] != 0:
        home = home_of(orders[probe, 0], mask)
        if (probe - home) & mask >= (probe - row) & mask:
            for column in range(4):
                orders[row, column] = orders[probe, column]
            row = probe
        probe = (probe + 1) & mask
    orders[row, 2] = 0


def price_row(prices: IntArray, heads: IntArray, way: int, rank: int) -> int:
    """The row of a price, taken where it was not known."""
    mask = prices.shape[1] - 1
    row = home_of(rank, mask)
    while prices[way, row, 3] != 0 and prices[way, row, 0] != rank:
        row = (row + 1) & mask
    if prices[way, row, 3] == 0:
        prices[way, row, 0] = rank
        prices[way, row, 3] = 1
        heads[TAKEN + way] += 1
    return row


def list_price(prices: IntArray, listed: IntArray, heads: IntArray, way: int, row: int) -> None:
    """A price comes into use: on the heap, until it has been found empty on top."""
    rank = prices[way, row, 0]
    place = heads[way]
    heads[way] = place + 1
    while place > 0 and prices[way, listed[way, (place - 1) // 2], 0] < rank:
        listed[way, place] = listed[way, (place - 1) // 2]
        place = (place - 1) // 2
    listed[way, place] = row
    prices[way, row, 2] = 1


def drop_top(prices: IntArray, listed: IntArray, heads: IntArray, way: int) -> None:
    """Take the top off the heap: the last takes its place and sinks."""
    prices[way, listed[way, 0], 2] = 0
    size = heads[way] - 1
    heads[way] = size
    last, place, child = listed[way, size], 0, 1
    rank = prices[way, last, 0]
    while child < size:
        if child + 1 < size and prices[way, listed[way, child + 1], 0] > prices[way, listed[way, child], 0]:
            child += 1
        if prices[way, listed[way, child], 0] <= rank:
            break
        listed[way, place] = listed[way, child]
        place, child = child, 2 * child + 1
    listed[way, place] = last


def add_order(
    orders: IntArray, prices: IntArray, listed: IntArray, heads: IntArray, order_id: int, side: int, px: int, qty: int
) -> int:
    """As MboBook.add."""
    row = order_row(orders, order_id)
    if orders[row, 2] != 0:
        return TWICE
    if qty <= 0 or side not in (1, -1):
        return ABSURD
    way = 0 if side == 1 else 1
    at = price_row(prices, heads, way, side * px)
    prices[way, at, 1] += qty
    if prices[way, at, 2] == 0:
        list_price(prices, listed, heads, way, at)
    orders[row, 0] = order_id
    orders[row, 1] = at
    orders[row, 2] = side * qty
    orders[row, 3] = heads[JOINED]
    heads[ORDERS] += 1
    heads[JOINED] += 1
    return 0


def reduce_order(
    orders: IntArray, prices: IntArray, listed: IntArray, heads: IntArray, order_id: int, qty: int, whole: bool
) -> int:
    """As MboBook.reduce, or, whole, as MboBook.delete."""
    row = order_row(orders, order_id)
    signed = orders[row, 2]
    if signed == 0:
        return UNKNOWN
    if qty <= 0 and not whole:
        return ABSURD
    way = 0 if signed > 0 else 1
    left = abs(signed)
    gone = left if whole else min(qty, left)
    at = orders[row, 1]
    prices[way, at, 1] -= gone
    while heads[way] > 0 and prices[way, listed[way, 0], 1] == 0:
        drop_top(prices, listed, heads, way)
    if gone < left:
        orders[row, 2] = signed - gone if way == 0 else signed + gone
        return 0
    free_row(orders, row)
    heads[ORDERS] -= 1
    return BEYOND if qty > left and not whole else 0


def clear_all(orders: IntArray, prices: IntArray, heads: IntArray) -> None:
    """Every order is gone."""
    orders[:, 2] = 0
    prices[:, :, 3] = 0
    prices[:, :, 1:3] = 0
    heads[:JOINED] = 0


def note_touch(prices: IntArray, listed: IntArray, heads: IntArray, touches: IntArray, place: int) -> None:
    """Write the best prices and their shares as they now are."""
    for way in range(2):
        if heads[way] > 0:
            best = listed[way, 0]
            touches[place, 2 * way] = prices[way, best, 0] if way == 0 else -prices[way, best, 0]
            touches[place, 2 * way + 1] = prices[way, best, 1]
        else:
            touches[place, 2 * way] = 0
            touches[place, 2 * way + 1] = 0


def play_events(
    kind: IntArray, order_id: IntArray, side: IntArray, px: IntArray, qty: IntArray,
    orders: IntArray, prices: IntArray, listed: IntArray, heads: IntArray, counts: IntArray,
    touches: IntArray, start: int,
) -> int:  # fmt: skip
    """Events from start on; returns how many are done, fewer than all where a table must grow before the next."""
    orders_max = orders.shape[0] // 2
    prices_max = prices.shape[1] // 2
    for place in range(start, len(kind)):
        what = kind[place]
        fault = 0
        if what == ADD:
            if heads[ORDERS] >= orders_max or max(heads[TAKEN], heads[TAKEN + 1]) >= prices_max:
                return place
            fault = add_order(orders, prices, listed, heads, order_id[place], side[place], px[place], qty[place])
        elif what in (DELETE, EXECUTE, CANCEL):
            fault = reduce_order(orders, prices, listed, heads, order_id[place], qty[place], what == DELETE)
        elif what == CLEAR:
            clear_all(orders, prices, heads)
        elif what not in (TRADE, CROSS, STATE):
            fault = KIND
        if fault:
            counts[fault] += 1
        note_touch(prices, listed, heads, touches, place)
    return len(kind)
