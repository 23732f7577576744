"""The consolidated feed of one name, as the port's immutable state."""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.adapters.queues import places
from sottovoce.adapters.queues.floor import Floor
from sottovoce.adapters.queues.kernel import size_at
from sottovoce.adapters.queues.kernel_book import best_px, volume_at
from sottovoce.adapters.queues.recorder import Recorder
from sottovoce.core.enums import VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import VenueFacts


def describe(
    floor: Floor | None, recorder: Recorder, venues: Iterable[VenueFacts], seq: int, quoted_ns: int, phase: str
) -> MarketState:
    """The feed's word on a name at a moment; prices are 0 until the first session has opened."""
    bid = ask = bid_size = ask_size = tick = 0
    if floor is not None:
        board, tick = floor.board, floor.profile.tick
        bid, ask = int(best_px(board, places.BID)), int(best_px(board, places.ASK))
        bid_size, ask_size = int(size_at(board, places.BID, bid)), int(size_at(board, places.ASK, ask))
    return MarketState(
        instrument_id=recorder.instrument_id,
        seq=seq,
        quoted_ns=quoted_ns,
        bid=bid * tick,
        bid_size=bid_size,
        ask=ask * tick,
        ask_size=ask_size,
        last_px=recorder.last_px,
        volume=recorder.volume,
        phase=phase,
        venues=_venue_quotes(floor, venues),
    )


def _venue_quotes(floor: Floor | None, venues: Iterable[VenueFacts]) -> tuple[VenueQuote, ...]:
    quotes, number = [], 0
    for facts in venues:
        bid = ask = (0, 0)
        if facts.kind is VenueKind.LIT and floor is not None:
            bid, ask = _best_at(floor, number, places.BID), _best_at(floor, number, places.ASK)
            number += 1
        quotes.append(
            VenueQuote(venue=facts.venue, kind=facts.kind, bid=bid[0], bid_size=bid[1], ask=ask[0], ask_size=ask[1])
        )
    return tuple(quotes)


def _best_at(floor: Floor, venue: int, side: int) -> tuple[int, int]:
    """Best price in units and shares there at one lit venue, ours included; zeros where its side is empty."""
    board, ours = floor.board, floor.shown_at(venue, side)
    away = 1 if side == places.ASK else -1
    touch, grid = int(board.ints[side]), int(board.counts[places.C_GRID])
    levels = ((touch + level * away) * grid for level in range(places.LEVELS))
    nearest = next((px for px in levels if volume_at(board, venue, side, px) > 0), None)  # the others are further away
    shown = [*ours] if nearest is None else [nearest, *ours]
    if not shown:
        return 0, 0
    best = min(shown) if side == places.ASK else max(shown)
    return best * floor.profile.tick, int(volume_at(board, venue, side, best)) + ours.get(best, 0)
