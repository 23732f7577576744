"""What the replayed feed says at a moment: the market state stages see."""

from __future__ import annotations

from collections.abc import Sequence

from sottovoce.adapters.tape.feed import Feed
from sottovoce.core.enums import VenueKind
from sottovoce.core.market import MarketState, VenueQuote
from sottovoce.core.ports import VenueFacts


def market_state(
    instrument_id: str,
    feed: Feed,
    quote_row: int,
    trade_row: int,
    left: tuple[int, int],
    own_qty: int,
    phase: str,
    venues: Sequence[VenueFacts],
) -> MarketState:
    """The state at a quote row and a trade row (-1 before the first).

    left is the bid and ask size still there after what we took; seq counts the tape's rows so far;
    quoted_ns is the last row of either kind, so that a silent tape is seen to be stale.
    """
    bid, ask = (int(feed.quotes.bid[quote_row]), int(feed.quotes.ask[quote_row])) if quote_row >= 0 else (0, 0)
    quoted_ns = int(feed.quotes.ns[quote_row]) if quote_row >= 0 else 0
    traded_ns = int(feed.trades.ns[trade_row]) if trade_row >= 0 else 0
    return MarketState(
        instrument_id=instrument_id,
        seq=quote_row + trade_row + 2,
        quoted_ns=max(quoted_ns, traded_ns),
        bid=bid,
        bid_size=left[0],
        ask=ask,
        ask_size=left[1],
        last_px=feed.last_px(trade_row),
        volume=(int(feed.volume[trade_row]) if trade_row >= 0 else 0) + own_qty,
        phase=phase,
        venues=tuple(_shown(facts, bid, left[0], ask, left[1]) for facts in venues),
    )


def _shown(facts: VenueFacts, bid: int, bid_size: int, ask: int, ask_size: int) -> VenueQuote:
    if facts.kind is not VenueKind.LIT:
        return VenueQuote(venue=facts.venue, kind=facts.kind, bid=0, bid_size=0, ask=0, ask_size=0)
    return VenueQuote(venue=facts.venue, kind=facts.kind, bid=bid, bid_size=bid_size, ask=ask, ask_size=ask_size)
