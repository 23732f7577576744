"""A day of consolidated ticks as a playback: the national best and the trades, a minute of the tape at a time.

Figures over the whole day are those of figures.py and quote_figures.py, so that a description and a check of the data
say the same; the spread is weighted by time over regular hours.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sottovoce.adapters.tape.conditions import is_trade
from sottovoce.adapters.tape.day import DayTape, Quotes, Trades
from sottovoce.adapters.tape.figures import AuctionFigures, summarise
from sottovoce.adapters.tape.loader import OPEN_AFTER_MIDNIGHT_NS
from sottovoce.adapters.tape.quote_figures import quote_figures
from sottovoce.core.errors import ModelError
from sottovoce.core.playback import PlayedBook, PlayedFigures, PlayedLevel, PlayedUnits
from sottovoce.core.units import NS_PER_MINUTE

QTY_NAME = "shares"


class TapePlayback:
    """One symbol's day. A side that has no quote row leaves the book empty."""

    def __init__(self, day: DayTape, price_scale: int = 1_000_000) -> None:
        self._day = day
        self._ns = np.sort(np.concatenate([day.trades.ns, day.quotes.ns]))
        self._done = 0
        self.passed = False
        self.instruments = (day.symbol,)
        self.units = PlayedUnits(
            px_scale=price_scale, qty_scale=1, qty_name=QTY_NAME,
            origin_ns=day.session.open_ns - OPEN_AFTER_MIDNIGHT_NS, zone="New York", dated=True,
        )  # fmt: skip

    def play(self, until_ns: int | None = None) -> Iterator[int]:
        """A minute of the tape at a time; see Playback."""
        end = self._ns.size if until_ns is None else int(np.searchsorted(self._ns, until_ns, side="right"))
        while self._done < end:
            minute_ns = int(self._ns[self._done]) // NS_PER_MINUTE * NS_PER_MINUTE + NS_PER_MINUTE
            self._done = min(end, int(np.searchsorted(self._ns, minute_ns, side="left")))
            yield int(self._ns[self._done - 1])
        self.passed = end < self._ns.size

    def progress(self) -> tuple[int, int]:
        """Rows read, of the rows of both files."""
        return self._done, int(self._ns.size)

    def figures(self) -> PlayedFigures:
        """Running figures; details carry the day's own once it is over."""
        trades, quotes = self._so_far()
        counted = trades.where(is_trade(trades.cond))
        spread_sum, spread_ns = self._spread(quotes)
        started = self._done > 0
        official = int(trades.ns.size - counted.ns.size)
        counts = {"trades": int(counted.ns.size), "official values": official, "quotes": int(quotes.ns.size)}
        return PlayedFigures(
            kind="consolidated tape",
            instruments=self.instruments,
            first_ns=int(self._ns[0]) if started else -1,
            last_ns=int(self._ns[self._done - 1]) if started else -1,
            messages=self._done,
            counts=counts,
            trades=int(counted.ns.size),
            volume=int(counted.qty.sum()),
            value=sum((counted.px * counted.qty).tolist()),
            spread_sum=spread_sum,
            spread_ns=spread_ns,
            details=self._details() if self._done == self._ns.size else {},
        )

    def book(self, instrument: str, depth: int | None = None) -> PlayedBook:
        """The national best bid and offer: one level a side at most."""
        _, quotes = self._so_far()
        if instrument != self._day.symbol or not quotes.ns.size:
            return PlayedBook(bids=(), asks=())
        bid, ask = (int(quotes.bid[-1]), int(quotes.bid_size[-1])), (int(quotes.ask[-1]), int(quotes.ask_size[-1]))
        return PlayedBook(bids=_level(bid)[:depth], asks=_level(ask)[:depth])

    def _so_far(self) -> tuple[Trades, Quotes]:
        if not self._done:
            return self._rows(0, 0)
        last_ns = self._ns[self._done - 1]
        trades, quotes = self._day.trades.ns, self._day.quotes.ns
        return self._rows(
            int(np.searchsorted(trades, last_ns, "right")), int(np.searchsorted(quotes, last_ns, "right"))
        )

    def _rows(self, trades: int, quotes: int) -> tuple[Trades, Quotes]:
        day = self._day
        return (
            Trades(**{name: getattr(day.trades, name)[:trades] for name in Trades.__struct_fields__}),
            Quotes(**{name: getattr(day.quotes, name)[:quotes] for name in Quotes.__struct_fields__}),
        )

    def _spread(self, quotes: Quotes) -> tuple[int, int]:
        """Sum of spread times ns and the ns, over regular hours with both sides quoted and not crossed."""
        session = self._day.session
        spread = (quotes.ask - quotes.bid)[:-1]
        regular = (quotes.ns[:-1] >= session.open_ns) & (quotes.ns[1:] < session.close_ns)
        stood = np.diff(quotes.ns) * (regular & (quotes.bid[:-1] > 0) & (quotes.ask[:-1] > 0) & (spread >= 0))
        return sum((spread * (stood // 1_000_000)).tolist()) * 1_000_000, int(stood.sum())

    def _details(self) -> dict[str, str]:
        try:
            day = summarise(self._day, self.units.px_scale)
        except ModelError:
            return {}
        found = {
            "VWAP of regular hours": f"{day.vwap:.4f}",
            "opening auction": _auction(day.opening_auction),
            "closing auction": _auction(day.closing_auction),
            "off-exchange share": f"{day.off_exchange_share:.4f}",
            "sweep share": f"{day.sweep_share:.4f}",
            "share by venue": ", ".join(f"{venue} {part:.4f}" for venue, part in day.venue_shares.items()),
        }
        return found | self._quoted()

    def _quoted(self) -> dict[str, str]:
        if not self._day.quotes.ns.size:
            return {"quotes": "none in the folder"}
        try:
            got = quote_figures(self._day, self.units.px_scale)
        except ModelError:
            return {}
        found = {"locked time": f"{got.locked:.4f}", "crossed time": f"{got.crossed:.4f}"}
        if got.inside_nbbo is not None:
            found["trades inside the quote"] = f"{got.inside_nbbo:.4f}"
            found["effective spread"] = f"{got.effective_spread_bps:.4f} bps"
        return found


def _level(side: PlayedLevel) -> tuple[PlayedLevel, ...]:
    return (side,) if side[0] > 0 else ()


def _auction(got: AuctionFigures | None) -> str:
    return "none" if got is None else f"{got.exchange} {got.qty:,} at {got.px:.2f}"
