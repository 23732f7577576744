"""The kernel: one name's background events against its book, until a time, our first fill, or a full record.

Two tables drawn before the session are merged in time: limit orders and cancels of providers, and market orders. What
is drawn never depends on the book; what it does there does. Queues live by queue-reactive intensities: a drawn limit
order joins only if the queue it finds invites one, a drawn cancel leaves the likelier the longer the queue.
"""

from __future__ import annotations

from sottovoce.adapters.queues.board import Board, Draws
from sottovoce.adapters.queues.kernel_book import (
    BOOK_KERNELS,
    best_px,
    meet_ours,
    note_ours,
    print_trade,
    put_volume,
    report_fill,
    stands_at,
    sweep,
    volume_at,
)
from sottovoce.adapters.queues.kernel_quotes import (
    QUOTE_KERNELS,
    give_way,
    lean,
    move_side,
    pass_order,
    remember,
    requote,
)
from sottovoce.adapters.queues.places import (
    ASK,
    BID,
    C_BUCKET_NS,
    C_BUCKETS,
    C_GRID,
    C_OPEN_NS,
    C_QUOTE_NS,
    C_QUOTE_ROOM,
    C_TRADE_ROOM,
    C_UNIT,
    CHANCES,
    DONE,
    DRAWS,
    F_PULL,
    F_TILT,
    FULL,
    I_BOOK,
    I_FILLS,
    I_FLOW,
    I_NOW,
    I_OURS,
    I_QUOTED,
    I_QUOTES,
    I_SEEN,
    I_TRADES,
    LEVELS,
    LIT_VENUES,
    NEWS,
    O_AHEAD,
    O_LEAVES,
    O_PX,
    O_SIDE,
    O_SLOT,
    O_VENUE,
    OWN,
    PLACES,
    QUOTE,
    R_FAIR,
    RING,
    SIZES,
    SPARE_ROWS,
    T_JOIN,
    T_LEAVE,
    T_LEVEL,
    T_QTY,
    T_TAKER,
    T_VENUE,
    W_CANCEL,
    W_CHANCE,
    W_LEVEL,
    W_PLACE,
    W_QTY,
    W_VENUE,
)

SWEEP_PRICES = 2
"""Prices a market order of the background takes from at most: takers seldom walk the book further."""


def market_order(b: Board, at_ns: int, signed_qty: int, word: int) -> None:
    """A market order of the background: positive buys."""
    side = ASK if signed_qty > 0 else BID
    absorbed = sweep(b, at_ns, side, b.table[T_TAKER + word % 256], abs(signed_qty), SWEEP_PRICES)
    pass_order(b)
    remember(b, absorbed if side == ASK else -absorbed)
    give_way(b, at_ns, side, (word >> 8) % CHANCES)


def join_book(b: Board, at_ns: int, word: int, width: int) -> None:
    """A limit order of a provider, if the queue it would join invites one; it goes inside a spread that is too wide."""
    side = word & 1
    level = b.table[T_LEVEL + (word >> W_LEVEL) % 256]
    chance = (word >> W_CHANCE) % CHANCES
    away = 1 if side == ASK else -1
    against = lean(b) * away
    if level == 0 and b.ints[ASK] - b.ints[BID] > width:
        if chance < CHANCES * (0.5 - b.rates[F_TILT] * against):
            move_side(b, at_ns, side, -away)
        return
    price = b.ints[side] + level * away
    size = min(SIZES - 1, b.tot[side * RING + price % RING] // b.counts[C_UNIT])
    invites = 1.0 * b.table[T_JOIN + (SIZES if level > 0 else 0) + size]
    if level == 0:
        invites *= 1.0 - b.rates[F_PULL] * against
    if chance >= invites:
        return
    qty = b.table[T_QTY + (word >> W_QTY) % DRAWS]
    if b.ints[I_OURS] > 0:
        met = meet_ours(b, at_ns, side, price, qty)
        qty -= met
        remember(b, met * away)
    put_volume(b, b.table[T_VENUE + (word >> W_VENUE) % 256], side, price, qty)


def leave_book(b: Board, at_ns: int, word: int) -> None:
    """A provider cancels, the likelier the longer the queue; the shares leave from a drawn place in it."""
    side = word & 1
    level = b.table[T_LEVEL + (word >> W_LEVEL) % 256]
    away = 1 if side == ASK else -1
    price = b.ints[side] + level * away
    size = min(SIZES - 1, b.tot[side * RING + price % RING] // b.counts[C_UNIT])
    leaves = 1.0 * b.table[T_LEAVE + (SIZES if level > 0 else 0) + size]
    if level == 0:
        leaves *= 1.0 + b.rates[F_PULL] * lean(b) * away
    if (word >> W_CHANCE) % CHANCES >= leaves:
        return
    venue = b.table[T_VENUE + (word >> W_VENUE) % 256]
    volume = b.vol[venue * 2 * RING + side * RING + price % RING]
    qty = min(volume, b.table[T_QTY + (word >> W_QTY) % DRAWS])
    put_volume(b, venue, side, price, -qty)
    before = (volume - qty) * ((word >> W_PLACE) % PLACES) // PLACES
    for row in range(0, b.ints[I_OURS] * OWN, OWN):
        if stands_at(b, row, venue, side, price * b.counts[C_GRID]):
            b.own[row + O_AHEAD] -= max(0, min(b.own[row + O_AHEAD] - before, qty))
    if level == 0:
        give_way(b, at_ns, side, ((word >> W_PLACE) * 40503) % CHANCES)


def size_at(b: Board, side: int, px: int) -> int:
    """Shares shown at a price in ticks over all venues, ours included."""
    qty = 0
    for venue in range(LIT_VENUES):
        qty += volume_at(b, venue, side, px)
    for row in range(0, b.ints[I_OURS] * OWN, OWN):
        if b.own[row + O_SIDE] == side and b.own[row + O_PX] == px:
            qty += b.own[row + O_LEAVES]
    return qty


def note_touch(b: Board, at_ns: int) -> None:
    """Record the touch if it has changed, and thinning allows."""
    bid, ask = best_px(b, BID), best_px(b, ASK)
    bid_size, ask_size = size_at(b, BID, bid), size_at(b, ASK, ask)
    same = b.ints[I_SEEN] == bid and b.ints[I_SEEN + 1] == ask
    if same and b.ints[I_SEEN + 2] == bid_size and b.ints[I_SEEN + 3] == ask_size:
        return
    if at_ns < b.ints[I_QUOTED] + b.counts[C_QUOTE_NS] and b.ints[I_FILLS] == 0:
        return
    row = b.ints[I_QUOTES] * QUOTE
    b.quotes[row] = at_ns
    b.quotes[row + 1] = b.ints[I_SEEN] = bid
    b.quotes[row + 2] = b.ints[I_SEEN + 1] = ask
    b.quotes[row + 3] = b.ints[I_SEEN + 2] = bid_size
    b.quotes[row + 4] = b.ints[I_SEEN + 3] = ask_size
    b.ints[I_QUOTES] += 1
    b.ints[I_QUOTED] = at_ns


def enter_ours(b: Board, at_ns: int, slot: int, venue: int, side: int, qty: int, limit: int, rest: bool) -> None:
    """An order of ours at one lit venue: takes there up to its limit (ticks), then rests if it may.

    Where the rest would lock or cross other venues, their interest comes and trades with it. Fills are in the
    board's record.
    """
    against = 1 - side
    step = 1 if against == ASK else -1
    left, absorbed = qty, 0
    for level in range(LEVELS):
        px = (b.ints[against] + level * step) * b.counts[C_GRID]
        part = min(left, volume_at(b, venue, against, px))
        if part > 0 and (limit - px) * step >= 0:
            put_volume(b, venue, against, px // b.counts[C_GRID], -part)
            print_trade(b, at_ns, px, part, 1, step, venue)
            report_fill(b, slot, part, px, 1)
            left -= part
            absorbed += part
    if left > 0 and rest:
        row = b.ints[I_OURS] * OWN
        b.own[row + O_SLOT] = slot
        b.own[row + O_VENUE] = venue
        b.own[row + O_SIDE] = side
        b.own[row + O_PX] = limit
        b.own[row + O_LEAVES] = left
        b.own[row + O_AHEAD] = volume_at(b, venue, side, limit)
        b.ints[I_OURS] += 1
        note_ours(b)
        absorbed += unlock(b, at_ns, against, limit)
    remember(b, absorbed * step)
    give_way(b, at_ns, against, 0 if lean(b) * step > 0.0 else CHANCES)
    note_touch(b, at_ns)


def unlock(b: Board, at_ns: int, side: int, limit: int) -> int:
    """Interest of the background on `side` that our new order at `limit` locks comes over and trades with it."""
    away = 1 if side == ASK else -1
    done = 0
    for level in range(LEVELS):
        price = b.ints[side] + level * away
        if (limit - price * b.counts[C_GRID]) * away >= 0:
            for venue in range(LIT_VENUES):
                volume = volume_at(b, venue, side, price * b.counts[C_GRID])
                met = meet_ours(b, at_ns, side, price, volume) if volume > 0 else 0
                put_volume(b, venue, side, price, -met)
                done += met
    return done


def play(b: Board, d: Draws, until_ns: int) -> int:
    """Play events up to a time, our first fill (NEWS), or until a record needs room (FULL)."""
    while b.ints[I_FILLS] == 0:
        spare = SPARE_ROWS + 8 * b.ints[I_OURS]
        if b.ints[I_TRADES] + spare > b.counts[C_TRADE_ROOM] or b.ints[I_QUOTES] + 1 > b.counts[C_QUOTE_ROOM]:
            return FULL
        book, flow = b.ints[I_BOOK], b.ints[I_FLOW]
        at_ns = min(d.book_ns[book], d.flow_ns[flow])
        if at_ns > until_ns:
            return DONE
        bucket = min(b.counts[C_BUCKETS] - 1, (at_ns - b.counts[C_OPEN_NS]) // b.counts[C_BUCKET_NS])
        b.reals[R_FAIR] = d.fair[bucket]
        width = d.width[bucket]
        requote(b, at_ns, width)
        if d.flow_ns[flow] <= d.book_ns[book]:
            b.ints[I_FLOW] += 1
            market_order(b, at_ns, d.flow_qty[flow], d.flow_word[flow])
        else:
            b.ints[I_BOOK] += 1
            word = d.book_word[book]
            if (word >> W_CANCEL) & 1:
                leave_book(b, at_ns, word)
            else:
                join_book(b, at_ns, word, width)
        note_touch(b, at_ns)
        b.ints[I_NOW] = at_ns
    return NEWS


KERNELS = (
    *BOOK_KERNELS,
    *QUOTE_KERNELS,
    *(market_order, join_book, leave_book, size_at, note_touch, unlock, enter_ours, play),
)
