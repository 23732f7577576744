"""The book the kernel plays on: taking, joining and leaving queues, with our orders in their exact place.

Prices of the background are in steps of the quoting grid, prices of ours in ticks. Every function works on the arrays
of a board, plain or compiled.
"""

from __future__ import annotations

from sottovoce.adapters.queues.board import Board
from sottovoce.adapters.queues.places import (
    ASK,
    BID,
    C_GRID,
    FILL,
    I_FILLS,
    I_LAST,
    I_OUR_ASK,
    I_OUR_BID,
    I_OURS,
    I_TRADES,
    I_VOLUME,
    LEVELS,
    LIT_VENUES,
    NO_ASK,
    NO_BID,
    O_AHEAD,
    O_LEAVES,
    O_PX,
    O_SIDE,
    O_SLOT,
    O_VENUE,
    OWN,
    RING,
    TRADE,
)


def print_trade(b: Board, at_ns: int, px: int, qty: int, own: int, taker: int, venue: int) -> None:
    """Record one trade. px in ticks; own 1 where we were a party; taker 1 bought, -1 sold."""
    row = b.ints[I_TRADES] * TRADE
    b.trades[row] = at_ns
    b.trades[row + 1] = px
    b.trades[row + 2] = qty
    b.trades[row + 3] = own
    b.trades[row + 4] = taker
    b.trades[row + 5] = venue
    b.ints[I_TRADES] += 1
    b.ints[I_VOLUME] += qty
    b.ints[I_LAST] = px


def report_fill(b: Board, slot: int, qty: int, px: int, removed: int) -> None:
    """Record a fill of ours; removed is 1 where we took liquidity."""
    row = b.ints[I_FILLS] * FILL
    b.fills[row] = slot
    b.fills[row + 1] = qty
    b.fills[row + 2] = px
    b.fills[row + 3] = removed
    b.ints[I_FILLS] += 1


def note_ours(b: Board) -> None:
    """Find our best prices, after our orders have changed."""
    b.ints[I_OUR_BID] = NO_BID
    b.ints[I_OUR_ASK] = NO_ASK
    for row in range(0, b.ints[I_OURS] * OWN, OWN):
        px = b.own[row + O_PX]
        if b.own[row + O_SIDE] == BID:
            b.ints[I_OUR_BID] = max(b.ints[I_OUR_BID], px)
        else:
            b.ints[I_OUR_ASK] = min(b.ints[I_OUR_ASK], px)


def drop_ours(b: Board, row: int) -> None:
    """Take one of our orders out, keeping the others in order."""
    last = b.ints[I_OURS] * OWN
    for place in range(row, last - OWN):
        b.own[place] = b.own[place + OWN]
    b.ints[I_OURS] -= 1
    note_ours(b)


def put_volume(b: Board, venue: int, side: int, price: int, qty: int) -> None:
    """Add (or with a negative quantity take) shares of the background at a price in steps."""
    slot = side * RING + price % RING
    b.vol[venue * 2 * RING + slot] += qty
    b.tot[slot] += qty


def pull_level(b: Board, side: int, price: int) -> None:
    """The background takes everything at a price away."""
    slot = side * RING + price % RING
    b.tot[slot] = 0
    for venue in range(LIT_VENUES):
        b.vol[venue * 2 * RING + slot] = 0
    for row in range(0, b.ints[I_OURS] * OWN, OWN):
        if b.own[row + O_SIDE] == side and b.own[row + O_PX] == price * b.counts[C_GRID]:
            b.own[row + O_AHEAD] = 0


def stands_at(b: Board, row: int, venue: int, side: int, px: int) -> bool:
    """Whether our order in a row rests at one venue, side and price in ticks."""
    return b.own[row + O_VENUE] == venue and b.own[row + O_SIDE] == side and b.own[row + O_PX] == px


def volume_at(b: Board, venue: int, side: int, px: int) -> int:
    """The background's shares at one venue, side and price in ticks; none off the grid or beyond its levels."""
    price = px // b.counts[C_GRID]
    behind = b.ints[BID] - price if side == BID else price - b.ints[ASK]
    if px % b.counts[C_GRID] != 0 or behind < 0 or behind >= LEVELS:
        return 0
    return b.vol[venue * 2 * RING + side * RING + price % RING]


def available(b: Board, venue: int, side: int, limit: int) -> int:
    """The background's shares at one venue and side at a limit in ticks or better for the taker."""
    step = 1 if side == ASK else -1
    qty = 0
    for level in range(LEVELS):
        px = (b.ints[side] + level * step) * b.counts[C_GRID]
        if (limit - px) * step >= 0:
            qty += volume_at(b, venue, side, px)
    return qty


def take_place(b: Board, at_ns: int, venue: int, side: int, px: int, qty: int) -> tuple[int, int]:
    """Trade up to qty with everything at one venue, side and price (ticks), in order of time.

    Returns the shares taken from the background, and from us.
    """
    taker = 1 if side == ASK else -1
    volume = volume_at(b, venue, side, px)
    taken = ours = row = 0
    while row < b.ints[I_OURS] * OWN and taken + ours < qty:
        if not stands_at(b, row, venue, side, px):
            row += OWN
            continue
        taken += max(0, min(qty - taken - ours, min(volume, b.own[row + O_AHEAD]) - taken))
        part = min(qty - taken - ours, b.own[row + O_LEAVES])
        if part > 0:
            ours += part
            b.own[row + O_LEAVES] -= part
            print_trade(b, at_ns, px, part, 1, taker, venue)
            report_fill(b, b.own[row + O_SLOT], part, px, 0)
        if b.own[row + O_LEAVES] == 0:
            drop_ours(b, row)
        else:
            row += OWN
    taken += min(qty - taken - ours, volume - taken)
    if taken > 0:
        print_trade(b, at_ns, px, taken, 0, taker, venue)
        put_volume(b, venue, side, px // b.counts[C_GRID], -taken)
        for row in range(0, b.ints[I_OURS] * OWN, OWN):
            if stands_at(b, row, venue, side, px):
                b.own[row + O_AHEAD] = max(0, b.own[row + O_AHEAD] - taken)
    return taken, ours


def best_price(b: Board, side: int) -> int:
    """The background's best price on a side, in steps, skipping empty queues; the last level where all are."""
    price = b.ints[side]
    step = 1 if side == ASK else -1
    for _ in range(LEVELS - 1):
        if b.tot[side * RING + price % RING] > 0:
            break
        price += step
    return price


def best_px(b: Board, side: int) -> int:
    """The consolidated best price on a side in ticks, ours included."""
    px = best_price(b, side) * b.counts[C_GRID]
    return max(px, b.ints[I_OUR_BID]) if side == BID else min(px, b.ints[I_OUR_ASK])


def sweep(b: Board, at_ns: int, side: int, first: int, qty: int, prices: int) -> int:
    """A market order of the background against one side: best price first, venue `first` before the others at each.

    Takes from at most `prices` prices. Returns the shares the background gave.
    """
    absorbed = 0
    for _ in range(prices):
        px = best_px(b, side)
        for turn in range(LIT_VENUES):
            if qty > 0:
                taken, ours = take_place(b, at_ns, (first + turn) % LIT_VENUES, side, px, qty)
                absorbed += taken
                qty -= taken + ours
        if qty <= 0:
            break
    return absorbed


def meet_ours(b: Board, at_ns: int, side: int, price: int, qty: int) -> int:
    """The background wants to quote on `side` at a price (steps) that an order of ours locks or crosses: they trade.

    Best of ours first, then oldest. Returns the shares traded.
    """
    limit = price * b.counts[C_GRID]
    done = 0
    while done < qty:
        best = b.ints[I_OUR_ASK] if side == BID else b.ints[I_OUR_BID]
        if (best > limit) if side == BID else (best < limit):
            break
        row = 0
        while b.own[row + O_SIDE] == side or b.own[row + O_PX] != best:
            row += OWN
        part = min(qty - done, b.own[row + O_LEAVES])
        done += part
        b.own[row + O_LEAVES] -= part
        print_trade(b, at_ns, best, part, 1, 1 if side == BID else -1, b.own[row + O_VENUE])
        report_fill(b, b.own[row + O_SLOT], part, best, 0)
        if b.own[row + O_LEAVES] == 0:
            drop_ours(b, row)
    return done


BOOK_KERNELS = (
    *(print_trade, report_fill, note_ours, drop_ours, put_volume, pull_level, stands_at, volume_at, take_place),
    *(best_price, best_px, sweep, meet_ours),
)
