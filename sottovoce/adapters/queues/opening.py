"""Setting up a session: everything it draws, and a board with fresh queues around the opening price."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
import numpy as np

from sottovoce.adapters.queues import kernel, memory, places, providers
from sottovoce.adapters.queues.board import Board, Draws
from sottovoce.adapters.queues.calibration import Profile
from sottovoce.adapters.queues.flow import market_orders
from sottovoce.adapters.queues.kernel_book import note_ours
from sottovoce.adapters.queues.kernel_quotes import fill_level
from sottovoce.adapters.queues.weather import BUCKET_NS, Weather, forecast
from sottovoce.core.ports import Session
from sottovoce.core.units import NEVER_NS
from sottovoce.models.arrays import FloatArray, IntArray
from sottovoce.models.happenings import MarketEvent

BAND = 1.0
"""Quotes move when the price believed in is this many steps from their middle."""

THETA = 0.35
"""Chance that an emptied best queue moves its side when the price does not lean either way."""

TILT = 1.0
"""By how much a lean of one step changes a chance."""

PULL = 0.9
"""By how much a lean of one step against a best queue thins it: fewer join, more leave, less is shown to begin with."""

ROOM = 4096
TRADES_AN_ORDER, QUOTES_AN_ORDER = 2, 6
"""Rows a record has to begin with: so many, and about so many for each market order of the day."""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A session ready to be played: what was drawn, the board, and where the fundamental ends in steps."""

    board: Board
    draws: Draws
    weather: Weather
    closing_fair: float


def open_session(
    profile: Profile,
    session: Session,
    seed: int,
    index: int,
    events: Sequence[MarketEvent],
    remembered: Sequence[float],
    *,
    arrays: bool,
    quote_interval_ns: int = 0,
) -> Opened:
    """Roll a session and set up its board. remembered is what providers remember of the flow, as in `places.R_MEMORY`.

    arrays: numpy arrays for a compiled run, else lists.
    """
    weather = forecast(profile, session, seed, index, events)
    orders = market_orders(profile, session, weather, seed, index)
    book_ns, book_word = providers.book_events(profile, session, weather, seed, index)
    start = profile.start_ticks / profile.grid
    fair = start + weather.fair
    draws = Draws(
        book_ns=_kept(np.append(book_ns, NEVER_NS), arrays=arrays),
        book_word=_kept(book_word, arrays=arrays),
        flow_ns=_kept(np.append(orders.times_ns, NEVER_NS), arrays=arrays),
        flow_qty=_kept(orders.signed_qty, arrays=arrays),
        flow_word=_kept(orders.word, arrays=arrays),
        fair=_kept(fair, arrays=arrays),
        width=_kept(weather.width, arrays=arrays),
    )
    board = _empty_board(profile, session, seed, len(fair), quote_interval_ns, arrays=arrays)
    board.reals[places.R_FAIR] = float(fair[0])
    for place, value in enumerate(remembered):
        board.reals[places.R_MEMORY + place] = value
    board.reals[places.R_IMPACT] = sum(remembered[: places.MEMORIES])
    _quote(board, session.open_ns, int(weather.width[0]))
    return Opened(board=board, draws=draws, weather=weather, closing_fair=float(fair[-1]))


def _empty_board(
    profile: Profile, session: Session, seed: int, buckets: int, quote_interval_ns: int, *, arrays: bool
) -> Board:
    quote_room = ROOM + QUOTES_AN_ORDER * profile.trades
    trade_room = ROOM + TRADES_AN_ORDER * profile.trades
    counts = [profile.grid, providers.unit_qty(profile), session.open_ns, BUCKET_NS, buckets, quote_interval_ns]
    counts += [quote_room, trade_room]
    rates = [profile.sigma_steps, BAND, THETA, TILT, profile.mean_qty, PULL, *memory.memory_rates(profile)]
    assert (len(counts), len(rates)) == (places.COUNTS, places.RATES), "constants do not fill their places"

    def blank(size: int) -> Any:
        return _kept(np.zeros(size, dtype=np.int64), arrays=arrays)

    return Board(
        ints=blank(places.INTS),
        reals=_kept(np.zeros(places.REALS), arrays=arrays),
        vol=blank(places.LIT_VENUES * 2 * places.RING),
        tot=blank(2 * places.RING),
        own=blank(places.OURS_ROOM * places.OWN),
        counts=_kept(np.array(counts, dtype=np.int64), arrays=arrays),
        rates=_kept(np.array(rates, dtype=np.float64), arrays=arrays),
        table=_kept(providers.lookup_table(profile, seed), arrays=arrays),
        trades=blank(trade_room * places.TRADE),
        fills=blank((places.SPARE_ROWS + 8 * places.OURS_ROOM) * places.FILL),
        quotes=blank(quote_room * places.QUOTE),
    )


def _kept(values: FloatArray | IntArray, *, arrays: bool) -> Any:
    """The values as the kernel wants them: an array, or the list it is quicker on uncompiled."""
    return values if arrays else values.tolist()


def _quote(board: Board, at_ns: int, width: int) -> None:
    """First quotes: the width wanted, around the fundamental."""
    middle = board.reals[places.R_FAIR] + board.rates[places.F_SCALE] * board.reals[places.R_IMPACT]
    board.ints[places.BID] = max(places.LEVELS + 1, round(middle - width / 2))
    board.ints[places.ASK] = board.ints[places.BID] + width
    board.ints[places.I_NOW] = at_ns
    board.ints[places.I_LAST] = round(middle) * board.counts[places.C_GRID]
    note_ours(board)
    for level in range(places.LEVELS):
        fill_level(board, at_ns, places.BID, board.ints[places.BID] - level)
        fill_level(board, at_ns, places.ASK, board.ints[places.ASK] + level)
    kernel.note_touch(board, at_ns)
