"""The market as a stage may see it: immutable values, and a view that says why when it cannot say a price."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from sottovoce.core.enums import VenueKind


class VenueQuote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The touch at one venue; a dark pool shows nothing (prices and sizes 0)."""

    venue: str
    kind: VenueKind
    bid: int
    bid_size: int
    ask: int
    ask_size: int


class MarketState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the feed last said of one instrument.

    bid, ask and sizes are the consolidated best; volume is all shares printed since the feed began, ours
    included; phase is open, auction, halted or closed; quoted_ns is when the touch was last confirmed; gap says
    what of the feed is missing until it has been set right by a snapshot, "" while nothing is; bands are the lower and
    the upper price outside which nothing may trade, None where the feed gives none.
    """

    instrument_id: str
    seq: int
    quoted_ns: int
    bid: int
    bid_size: int
    ask: int
    ask_size: int
    last_px: int
    volume: int
    phase: str
    venues: tuple[VenueQuote, ...]
    gap: str = ""
    bands: tuple[int, int] | None = None


class Quote(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A usable two-sided price. mid is rounded down to the unit."""

    bid: int
    bid_size: int
    ask: int
    ask_size: int
    mid: int


class Unusable(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why there is no price to act on."""

    code: str
    detail: str


Doubt = Callable[[MarketState, Quote, int], Unusable | None]
"""Why a quote that looks sound at a time is not believed, None when it is."""


class MarketView:
    """One moment of the market, for one step. Nothing in it changes while a stage decides."""

    __slots__ = ("_doubt", "_quotes", "max_age_ns", "states", "ts_ns")

    def __init__(
        self, ts_ns: int, states: Mapping[str, MarketState], max_age_ns: int, doubt: Doubt | None = None
    ) -> None:
        self.ts_ns = ts_ns
        self.states = states
        self.max_age_ns = max_age_ns
        self._doubt = doubt
        self._quotes: dict[str, Quote | Unusable] = {}

    def state(self, instrument_id: str) -> MarketState | None:
        """The feed's last word on the instrument, usable or not."""
        return self.states.get(instrument_id)

    def feed_seq(self, instrument_id: str) -> int:
        """Sequence of the feed message last seen for the instrument; 0 before the first."""
        state = self.states.get(instrument_id)
        return 0 if state is None else state.seq

    def quote(self, instrument_id: str) -> Quote | Unusable:
        """The consolidated touch, or the reason it must not be used as a price."""
        known = self._quotes.get(instrument_id)
        if known is None:
            known = self._quotes[instrument_id] = self._judge(self.states.get(instrument_id), instrument_id)
        return known

    def _judge(self, state: MarketState | None, instrument_id: str) -> Quote | Unusable:
        if state is None:
            return Unusable(code="no_market_data", detail=f"no quote has been received for {instrument_id}")
        if state.phase in ("halted", "closed"):
            return Unusable(code=f"market_{state.phase}", detail=f"{instrument_id} is {state.phase}")
        if state.gap:
            return Unusable(code="feed_gap", detail=state.gap)
        if state.bid <= 0 or state.ask <= 0:
            return Unusable(code="one_sided_quote", detail=f"bid {state.bid}, ask {state.ask}")
        if state.bid >= state.ask:
            return Unusable(code="crossed_quote", detail=f"bid {state.bid} is not below ask {state.ask}")
        age_ns = self.ts_ns - state.quoted_ns
        if age_ns > self.max_age_ns:
            return Unusable(code="stale_quote", detail=f"last confirmed {age_ns / 1e9:.3f} s ago")
        return self._believed(
            state,
            Quote(
                bid=state.bid,
                bid_size=state.bid_size,
                ask=state.ask,
                ask_size=state.ask_size,
                mid=(state.bid + state.ask) // 2,
            ),
        )

    def _believed(self, state: MarketState, quote: Quote) -> Quote | Unusable:
        doubt = None if self._doubt is None else self._doubt(state, quote, self.ts_ns)
        return quote if doubt is None else doubt
