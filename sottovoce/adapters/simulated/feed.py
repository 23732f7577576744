"""The consolidated feed of one name, as the port's immutable state."""

from __future__ import annotations

from collections.abc import Iterable

from sottovoce.adapters.simulated.floor import Floor
from sottovoce.adapters.simulated.tape import TapeRecorder
from sottovoce.core.enums import VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import VenueFacts


def describe(
    floor: Floor | None, tape: TapeRecorder, venues: Iterable[VenueFacts], seq: int, quoted_ns: int, phase: str,
    bands: tuple[int, int] | None = None,
) -> MarketState:  # fmt: skip
    """The feed's word on a name at a moment; prices are 0 until the first session has opened."""
    quotes = tuple(_venue_quote(floor, facts) for facts in venues)
    bid = ask = 0
    if floor is not None:
        bid, ask = floor.bid * floor.profile.tick, floor.ask * floor.profile.tick
    return MarketState(
        instrument_id=tape.instrument_id,
        seq=seq,
        quoted_ns=quoted_ns,
        bid=bid,
        bid_size=sum(quote.bid_size for quote in quotes if quote.bid == bid),
        ask=ask,
        ask_size=sum(quote.ask_size for quote in quotes if quote.ask == ask),
        last_px=tape.last_px,
        volume=tape.volume,
        phase=phase,
        venues=quotes,
        bands=bands,
    )


def _venue_quote(floor: Floor | None, facts: VenueFacts) -> VenueQuote:
    if facts.kind is not VenueKind.LIT or floor is None:
        return VenueQuote(venue=facts.venue, kind=facts.kind, bid=0, bid_size=0, ask=0, ask_size=0)
    book, tick = floor.book(facts.venue), floor.profile.tick
    bid, ask = book.bids.best_px() or 0, book.asks.best_px() or 0
    return VenueQuote(
        venue=facts.venue,
        kind=facts.kind,
        bid=bid * tick,
        bid_size=book.bids.depth_qty(bid),
        ask=ask * tick,
        ask_size=book.asks.depth_qty(ask),
    )
