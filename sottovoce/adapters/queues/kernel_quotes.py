"""Where providers quote: the price they believe in, what flow does to it, and how their quotes follow.

They believe in the fundamental plus their memory of surprising flow: each market order they absorb moves them, the more
the less it was expected from the flow before it, and the move fades over several times of very different length. Own
impact is nothing but this: what providers had to absorb because of us.
"""

from __future__ import annotations

from sottovoce.adapters.queues.board import Board
from sottovoce.adapters.queues.kernel_book import meet_ours, pull_level, put_volume, stands_at
from sottovoce.adapters.queues.places import (
    ASK,
    BID,
    C_GRID,
    CHANCES,
    DRAWS,
    EXPECTATIONS,
    F_BAND,
    F_DECAY,
    F_FORGET,
    F_MEAN_QTY,
    F_PULL,
    F_SCALE,
    F_THETA,
    F_TILT,
    F_TRUST,
    F_WEIGHT,
    FILLS_MAX,
    I_FILLS,
    I_OURS,
    LEVELS,
    LIT_VENUES,
    MEMORIES,
    O_AHEAD,
    OWN,
    R_EXPECTED,
    R_FAIR,
    R_IMPACT,
    R_MEMORY,
    RING,
    T_FRESH,
    T_SHARE,
)


def lean(b: Board) -> float:
    """How far the price believed in lies above the middle of the quotes, in steps."""
    return b.reals[R_FAIR] + b.rates[F_SCALE] * b.reals[R_IMPACT] - 0.5 * (b.ints[BID] + b.ints[ASK])


def remember(b: Board, signed_qty: int) -> None:
    """Providers absorbed a flow in shares, positive where they sold: they move, and expect more of it."""
    orders = signed_qty / b.rates[F_MEAN_QTY]
    impact = 0.0
    for place in range(MEMORIES):
        b.reals[R_MEMORY + place] += b.rates[F_WEIGHT + place] * orders
        impact += b.reals[R_MEMORY + place]
    b.reals[R_IMPACT] = impact
    for place in range(EXPECTATIONS):
        b.reals[R_EXPECTED + place] += (1.0 - b.rates[F_FORGET + place]) * orders


def pass_order(b: Board) -> None:
    """The time of one market order passes: memory fades, and the flow that was expected in it moves the other way."""
    expected = 0.0
    for place in range(EXPECTATIONS):
        expected += b.rates[F_TRUST + place] * b.reals[R_EXPECTED + place]
        b.reals[R_EXPECTED + place] *= b.rates[F_FORGET + place]
    impact = 0.0
    for place in range(MEMORIES):
        kept = b.reals[R_MEMORY + place] * b.rates[F_DECAY + place]
        b.reals[R_MEMORY + place] = kept - b.rates[F_WEIGHT + place] * expected
        impact += b.reals[R_MEMORY + place]
    b.reals[R_IMPACT] = impact


def fill_level(b: Board, at_ns: int, side: int, price: int) -> None:
    """A price comes within the background's reach: its queue is drawn from the invariant law, by place and time.

    What it would quote across an order of ours it trades with that order first.
    """
    deep = 0 if price == b.ints[side] else 1
    shown = 1024.0
    if deep == 0:
        shown *= max(0.2, 1.0 + b.rates[F_PULL] * lean(b) * (1.0 if side == BID else -1.0))
    for venue in range(LIT_VENUES):
        mix = (price * 7919 + side * 104729 + venue * 1299709 + (at_ns >> 27) * 15485863) % DRAWS
        qty = b.table[T_FRESH + deep * DRAWS + mix] * b.table[T_SHARE + venue] * int(shown) // 1048576
        for row in range(0, b.ints[I_OURS] * OWN, OWN):
            if stands_at(b, row, venue, side, price * b.counts[C_GRID]):
                b.own[row + O_AHEAD] = min(b.own[row + O_AHEAD], qty)
        met = 0
        if b.ints[I_OURS] > 0:
            met = meet_ours(b, at_ns, side, price, qty)
            remember(b, met if side == ASK else -met)
        put_volume(b, venue, side, price, qty - met)


def move_side(b: Board, at_ns: int, side: int, up: int) -> None:
    """Providers move one side's quotes a step up (1) or down (-1): towards the other side, or away from it."""
    if (side == BID) == (up > 0):
        pull_level(b, side, b.ints[side] - (LEVELS - 1) * up)
        b.ints[side] += up
        fill_level(b, at_ns, side, b.ints[side])
    else:
        pull_level(b, side, b.ints[side])
        b.ints[side] += up
        fill_level(b, at_ns, side, b.ints[side] + (LEVELS - 1) * up)


def requote(b: Board, at_ns: int, width: int) -> None:
    """Move the quotes until they are `width` apart at least, and the price believed in is within the band."""
    while b.ints[ASK] - b.ints[BID] < width:
        if lean(b) > 0.0 or b.ints[BID] <= LEVELS:
            move_side(b, at_ns, ASK, 1)
        else:
            move_side(b, at_ns, BID, -1)
    while lean(b) > b.rates[F_BAND] and b.ints[I_FILLS] < FILLS_MAX:
        if b.ints[ASK] - b.ints[BID] <= width:
            move_side(b, at_ns, ASK, 1)
        move_side(b, at_ns, BID, 1)
    while lean(b) < -b.rates[F_BAND] and b.ints[BID] > LEVELS and b.ints[I_FILLS] < FILLS_MAX:
        if b.ints[ASK] - b.ints[BID] <= width:
            move_side(b, at_ns, BID, -1)
        move_side(b, at_ns, ASK, -1)


def give_way(b: Board, at_ns: int, side: int, chance: int) -> None:
    """If a best queue has emptied, its side moves away with probability θ, more where the price leans that way."""
    if b.tot[side * RING + b.ints[side] % RING] > 0 or b.ints[BID] <= LEVELS:
        return
    away = 1 if side == ASK else -1
    if chance < CHANCES * (b.rates[F_THETA] + b.rates[F_TILT] * lean(b) * away):
        move_side(b, at_ns, side, away)


QUOTE_KERNELS = (lean, remember, pass_order, fill_level, move_side, requote, give_way)
