"""Order-flow imbalance: how far what happens at the touch explains the mid.

Each change of the touch contributes e_n, shares that came to the bid or left the ask less the reverse; over ten
seconds their sum explains the move of the mid, with a slope of one tick for twice the depth.
Source: Cont, Kukanov and Stoikov 2014; T-IMP-12; reference text impact.md §7.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np

from sottovoce.analytics.market_facts.columns import SessionColumns, grid_ns, mids_at, time_averages
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.arrays import FloatArray, IntArray

INTERVAL_S = 10
BLOCK_S = 1800
"""The regression is made anew every half hour, as its authors do: depth has a time of day."""


class FlowBlock(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """One half hour: R squared, slope in ticks a share, and average depth at one side of the touch in shares.

    flow (in twice the depth) and move (ticks) are the intervals themselves around their means, shape (i,).
    """

    r_squared: float
    slope: float
    depth: float
    flow: FloatArray
    move: FloatArray


def contributions(bid: IntArray, bid_size: IntArray, ask: IntArray, ask_size: IntArray) -> IntArray:
    """e_n of each quote after the first, shape (n - 1,), in shares, positive = buying pressure."""
    bid_up, bid_down = bid[1:] >= bid[:-1], bid[1:] <= bid[:-1]
    ask_up, ask_down = ask[1:] >= ask[:-1], ask[1:] <= ask[:-1]
    found: IntArray = (
        bid_up * bid_size[1:] - bid_down * bid_size[:-1] - ask_down * ask_size[1:] + ask_up * ask_size[:-1]
    )
    return found


def flow_blocks(session: SessionColumns) -> list[FlowBlock]:
    """The half hours of one session in which both the flow and the mid varied; none without sizes."""
    if session.bid_size is None or session.ask_size is None or session.quote_ns.size < 2:
        return []
    edges = grid_ns(session, INTERVAL_S * NS_PER_SECOND)
    flow = contributions(session.bid, session.bid_size, session.ask, session.ask_size)
    running = np.concatenate([[0], np.cumsum(flow)])
    # Row r of `running` is the flow up to and with quote r; before the first quote there was none.
    at_edge = running[np.maximum(np.searchsorted(session.quote_ns, edges, side="right") - 1, 0)]
    moves = np.diff(mids_at(session, edges)) / session.tick
    imbalance = np.diff(at_edge).astype(np.float64)
    depth = time_averages(session, (session.bid_size + session.ask_size) / 2, edges)
    per = BLOCK_S // INTERVAL_S
    starts = range(0, moves.size - per + 1, per)
    blocks = [_block(imbalance[at : at + per], moves[at : at + per], depth[at : at + per]) for at in starts]
    return [block for block in blocks if block is not None]


def _block(imbalance: FloatArray, moves: FloatArray, depth: FloatArray) -> FlowBlock | None:
    known = np.isfinite(moves)
    flow, move = imbalance[known], moves[known]
    if flow.size < 30 or not bool(np.isfinite(depth).any()):
        return None
    flow, move = flow - flow.mean(), move - move.mean()
    across, up, both = float(flow @ flow), float(move @ move), float(flow @ move)
    if across <= 0 or up <= 0:
        return None
    shares = float(np.nanmean(depth))
    return FlowBlock(
        r_squared=both**2 / (across * up),
        slope=both / across,
        depth=shares,
        flow=flow / (2 * shares) if shares > 0 else np.zeros(flow.size),
        move=move,
    )


def mean_r_squared(days: Sequence[Sequence[FlowBlock]]) -> float:
    """Average R squared over half hours."""
    found = [block.r_squared for day in days for block in day]
    return float(np.mean(found)) if found else float("nan")


def slope_times_depth(days: Sequence[Sequence[FlowBlock]]) -> float:
    """Average of slope x 2 x depth over half hours; 1 in a book of even depth."""
    found = [2.0 * block.slope * block.depth for day in days for block in day]
    return float(np.mean(found)) if found else float("nan")
