"""Where things stand in the flat arrays that the kernel runs on; every name is an index or a fixed size.

The kernel sees no objects: integers in `ints`, floats in `reals`, constants of the session in `counts` and `rates`, and
lookup tables one after the other in `table`. Plain runs use lists, compiled runs arrays; both are indexed alike.
"""

from __future__ import annotations

LIT_VENUES = 4
LEVELS = 8
"""Prices on each side at which the background quotes."""

RING = 32
"""Slots for prices of one side; a price stands at price % RING."""

BID, ASK = 0, 1

# ints: at BID and ASK the providers' best prices in steps; then how far the tables have been read, and so on.
I_BOOK, I_FLOW = 2, 3
I_OURS = 4
I_QUOTES, I_TRADES, I_FILLS = 5, 6, 7
"""Rows written so far to each record."""
I_SEEN = 8
"""Last touch recorded: bid, ask (ticks), sizes; four places."""
I_QUOTED = 12
I_NOW = 13
I_VOLUME, I_LAST = 14, 15
I_OUR_BID, I_OUR_ASK = 16, 17
"""Our best resting prices in ticks, NO_BID and NO_ASK without."""
INTS = 18

NO_BID, NO_ASK = -1, 1 << 60

# reals: the price providers believe in, and what they remember of the flow.
R_FAIR, R_IMPACT = 0, 1
R_MEMORY = 2
MEMORIES = 5
R_EXPECTED = 7
EXPECTATIONS = 4
REALS = 11

# counts: integers of the session.
C_GRID, C_UNIT, C_OPEN_NS, C_BUCKET_NS, C_BUCKETS, C_QUOTE_NS = 0, 1, 2, 3, 4, 5
C_QUOTE_ROOM, C_TRADE_ROOM = 6, 7
COUNTS = 8

# rates: floats of the session.
F_SCALE, F_BAND, F_THETA, F_TILT, F_MEAN_QTY, F_PULL = 0, 1, 2, 3, 4, 5
F_DECAY = 6
F_WEIGHT = 11
F_FORGET = 16
F_TRUST = 20
RATES = 24

# table: lookups.
SIZES = 64
"""Queue sizes, in units, told apart by the intensities."""
DRAWS = 4096
T_VENUE = 0
T_TAKER = 256
T_LEVEL = 512
T_QTY = 768
T_JOIN = T_QTY + DRAWS
T_LEAVE = T_JOIN + 2 * SIZES
T_FRESH = T_LEAVE + 2 * SIZES
T_SHARE = T_FRESH + 2 * DRAWS
TABLE = T_SHARE + LIT_VENUES

# One book event is one integer: from the low bits side, venue, level, cancel or not, size, chance, place in the queue.
W_VENUE, W_LEVEL, W_CANCEL, W_QTY, W_CHANCE, W_PLACE = 1, 9, 17, 18, 30, 46
WORD_BITS = 57
CHANCES = 1 << 16
PLACES = 1 << 11

# One of our resting orders, and one row of each record.
O_SLOT, O_VENUE, O_SIDE, O_PX, O_LEAVES, O_AHEAD = 0, 1, 2, 3, 4, 5
OWN = 6
QUOTE, TRADE, FILL = 5, 6, 4
"""Quote: time, bid, ask, sizes. Trade: time, price, shares, ours or not, aggressor, venue. Fill: slot, shares, price,
liquidity (0 added, 1 removed)."""

SPARE_ROWS = 512
"""Room a record must have before the next event: no event writes more."""

DONE, NEWS, FULL = 0, 1, 2
"""Why the kernel came back."""

FILLS_MAX = 256
"""After so many fills of ours in one move of the quotes they wait for the next event."""

OURS_ROOM = 512
"""Resting orders of ours a board holds before it grows; each has room for eight fills in one event."""
