"""The lit venues and the liquidity providers who quote on them around one reference price.

Providers quote a bid and an ask the spread apart on their grid and move both when the reference has left the
middle by more than a band; between moves the touch lives by limit orders, cancels and trades alone. They
never quote through an order of ours: what they would sell at or below our bid, they sell to our bid first.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import floor
from operator import attrgetter
from typing import NamedTuple

from sottovoce.adapters.simulated.profile import Profile
from sottovoce.adapters.simulated.streams import NOISE, NOISE_MAX, NOISE_MIN
from sottovoce.models.matching.book import Book
from sottovoce.models.matching.ladder import NOWHERE, Ladder, Match, Resting

LEVELS = 8
"""Prices each provider fills behind its best quote when it moves."""

FILLED = (range(LEVELS), range(LEVELS - 1, 0, -1))
"""Levels looked at from the best back until one stands, then from the last forward."""

BAND = 1.0
"""Quotes move when the reference is this many grid steps from their middle: a move is then as likely to be
followed by another as by its opposite, and the mid varies as the reference does (Robert and Rosenbaum
2011)."""

DEPTH_MAX = 4.0
"""No provider adds to a price that already shows this many times the usual depth."""

LOWEST = 1
"""No order is at a price below one tick."""

DEEPER = 0.3
"""Each price behind the best shows this much more, in parts of the usual depth."""

ROUNDING_NS, SHOWN_NS, SPREAD_OUT = 20, 24, 31
"""The table of sizes is looked up by time in steps of a millisecond or 17 (powers of two, ns), and by price."""

NO_BID, NO_ASK = -(1 << 60), 1 << 60

_rank = attrgetter("rank")


class LitMatch(NamedTuple):
    """One match and where it happened: the venue's number and whether the taker bought."""

    venue: int
    buy: bool
    match: Match


class LitVenues:
    """Books of the lit venues in ticks. low and high bound the reference within which quotes stay put; lower and
    upper are the price bands nothing trades outside of."""

    def __init__(
        self, profile: Profile, noise: list[float], reference: float, at_ns: int, shares: Sequence[float]
    ) -> None:
        """Fresh books quoted around a reference in ticks: the start of a session. shares of depth by venue, sum 1."""
        self._grid = profile.grid
        self._spread = profile.spread_ticks / profile.grid
        self._depths = tuple(profile.depth_qty * share for share in shares)
        self._noise = noise
        self.books = tuple(Book(profile.grid) for _ in shares)
        self._bids = tuple(book.bids for book in self.books)
        self._asks = tuple(book.asks for book in self.books)
        self.width = 1.0
        self.low = self.high = 0.0
        self.lower, self.upper = NO_BID, NO_ASK
        self._bid = self._ask = 0
        self._our_bid, self._our_ask = NO_BID, NO_ASK
        self._ours: dict[str, tuple[int, bool, Resting]] = {}
        self.requote(reference, at_ns)

    def touch(self) -> tuple[int, int]:
        """Consolidated best bid and ask in ticks."""
        return max(map(_rank, self._bids)), -max(map(_rank, self._asks))

    def touch_sizes(self, bid: int, ask: int) -> tuple[int, int]:
        """Shares displayed at the consolidated best bid and ask, in ticks, over all venues."""
        bids = asks = 0
        for ladder in self._bids:
            bids += ladder.depth_qty(bid)
        for ladder in self._asks:
            asks += ladder.depth_qty(ask)
        return bids, asks

    def requote(self, reference: float, at_ns: int) -> list[LitMatch]:
        """Move the providers' quotes to the reference; returns what traded with our orders on the way."""
        grid = self._grid
        rounding = (self._noise_at(at_ns >> ROUNDING_NS) - NOISE_MIN) / (NOISE_MAX - NOISE_MIN)
        spread = max(1, floor(self._spread * self.width + rounding)) * grid
        bid = floor((reference - spread / 2) / grid + 0.5) * grid
        self._bid = max(LOWEST, min(bid, self.upper))
        self._ask = max(bid + spread, self.lower, self._bid + 1)
        middle = (self._bid + self._ask) / 2
        self.low, self.high = middle - BAND * grid, middle + BAND * grid
        if self._bid == LOWEST:
            self.low = NO_BID
        traded: list[LitMatch] = []
        if self._ours:
            traded = self._meet_ours(at_ns)
        self._show(at_ns)
        return traded

    def provide(self, venue: int, back: int, qty: int, at_ns: int, *, buy: bool) -> list[LitMatch]:
        """One limit order of a provider, back prices behind the best."""
        if self._ours and (self._our_ask <= self._bid if buy else self._our_bid >= self._ask):
            return self._hit_ours(buy=buy, qty=qty)
        ladder = self._bids[venue] if buy else self._asks[venue]
        px = self._quote_px(buy=buy) - ladder.sign * back * self._grid
        if px >= LOWEST and ladder.anonymous_qty(px) < DEPTH_MAX * self._depths[venue]:
            ladder.add(px, qty)
        return []

    def withdraw(self, venue: int, back: int, part: float, position: int, *, buy: bool) -> None:
        """One cancel: a part of the anonymous queue, from a position in it given in thousandths."""
        ladder = self._bids[venue] if buy else self._asks[venue]
        px = self._quote_px(buy=buy) - ladder.sign * back * self._grid
        volume = ladder.anonymous_qty(px)
        gone = int(volume * part)
        ladder.withdraw(px, gone, (volume - gone) * position // 1000)

    def sweep(self, qty: int, venue: int, *, buy: bool) -> list[LitMatch]:
        """One background market order: best price first over all venues, `venue` first where they tie."""
        matches: list[LitMatch] = []
        ladders = self._asks if buy else self._bids
        while qty > 0:
            number, ladder = venue, ladders[venue]
            for other, there in enumerate(ladders):
                if there.rank > ladder.rank:
                    number, ladder = other, there
            px = ladder.best_px()
            if px is None or not self.lower <= px <= self.upper:
                break
            for match in ladder.take(qty, px):
                qty -= match.qty
                matches.append(LitMatch(number, buy, match))
                self._forget(match)
            if ladder.rank == NOWHERE:
                self._keep_two_sided(px, buy=buy)
        return matches

    def available(self, venue: int, limit: int, wanted: int, *, buy: bool) -> int:
        """Shares an order would meet at once at a venue within its limit, counted up to `wanted`."""
        ladder = self._asks[venue] if buy else self._bids[venue]
        worst, rank, there = limit * ladder.sign, ladder.rank, 0
        while there < wanted and rank >= worst and rank != NOWHERE:
            there += ladder.depth_qty(rank * ladder.sign)
            rank = ladder.below(rank)
        return min(there, wanted)

    def place(self, key: str, venue: int, qty: int, px: int | None, *, buy: bool, rest: bool) -> list[LitMatch]:
        """An order of ours arrives: it takes what it may, and rests if asked."""
        taken, resting = self.books[venue].submit(key, qty, px, buy=buy, rest=rest)
        for match in taken:
            self._forget(match)
        matches = [LitMatch(venue, buy, match) for match in taken]
        last_px = taken[-1].px if taken else None
        if resting is not None:
            self._ours[key] = (venue, buy, resting)
            self._note_best()
            matches += self._unlock(venue, resting, buy=buy)
            last_px = resting.px
        if matches and last_px is not None:
            self._keep_two_sided(last_px, buy=buy)
        return matches

    def cancel(self, key: str) -> None:
        """Take an order of ours out."""
        venue, buy, resting = self._ours.pop(key)
        self.books[venue].side(buy=buy).leave(resting)
        self._note_best()

    def our_best(self, *, buy: bool) -> int | None:
        """The best price of our resting orders on a side, over all venues; None without any."""
        px = self._our_bid if buy else self._our_ask
        return None if px in (NO_BID, NO_ASK) else px

    def ours_outside(self) -> list[str]:
        """Our resting orders that could only trade outside the bands: buys above the upper, sells below the lower."""
        return [key for key, (_, buy, at) in self._ours.items() if (at.px > self.upper if buy else at.px < self.lower)]

    def _keep_two_sided(self, last_px: int, *, buy: bool) -> None:
        """Where a taker left nothing of a side at any venue, providers ask (or bid) one step beyond what it paid."""
        ladders = self._asks if buy else self._bids
        if max(map(_rank, ladders)) != NOWHERE:
            return
        px = last_px + self._grid if buy else max(LOWEST, last_px - self._grid)
        for ladder, depth in zip(ladders, self._depths, strict=True):
            ladder.add(px, max(1, int(depth)))

    def _quote_px(self, *, buy: bool) -> int:
        """The providers' best price on a side: their quote, or the last price that does not reach ours."""
        return min(self._bid, self._our_ask - 1) if buy else max(self._ask, self._our_bid + 1)

    def _show(self, at_ns: int) -> None:
        """Pull what is better than the quotes and fill the prices behind them that nothing stands at."""
        bid, ask = self._quote_px(buy=True), self._quote_px(buy=False)
        when = at_ns >> SHOWN_NS
        for venue, depth in enumerate(self._depths):
            self._fill(self._bids[venue], bid, when + 7 * venue, depth)
            self._fill(self._asks[venue], ask, when + 7 * venue, depth)

    def _fill(self, ladder: Ladder, best: int, when: int, depth: float) -> None:
        """Show something at the empty prices from the best one back, and from the last one forward."""
        if ladder.rank > best * ladder.sign:
            ladder.withdraw_better(best)
        step, standing = self._grid * ladder.sign, ladder.anonymous_qty
        for levels in FILLED:
            for level in levels:
                px = best - level * step
                if not standing(px):
                    if px >= LOWEST:
                        size = depth * self._noise[(when + px * SPREAD_OUT) % NOISE] * (1.0 + DEEPER * level)
                        ladder.add(px, max(1, int(size)))
                elif level:
                    break

    def _noise_at(self, place: int) -> float:
        return self._noise[place % NOISE]

    def _meet_ours(self, at_ns: int) -> list[LitMatch]:
        """Providers whose new quotes reach our resting orders trade with them first."""
        traded: list[LitMatch] = []
        for buy in (True, False):
            if self._our_ask <= self._bid if buy else self._our_bid >= self._ask:
                size = max(1, int(max(self._depths) * self._noise_at((at_ns >> SHOWN_NS) + 13)))
                traded += self._hit_ours(buy=buy, qty=size)
        return traded

    def _hit_ours(self, *, buy: bool, qty: int) -> list[LitMatch]:
        """A provider buys from our ask (or sells to our bid) at our price, which its quote has reached."""
        px = self._our_ask if buy else self._our_bid
        matches: list[LitMatch] = []
        for venue, book in enumerate(self.books):
            ladder = book.opposite(buy=buy)
            if qty > 0 and ladder.best_px() == px:
                for match in ladder.take(qty, px):
                    qty -= match.qty
                    matches.append(LitMatch(venue, buy, match))
                    self._forget(match)
        return matches

    def _unlock(self, venue: int, ours: Resting, *, buy: bool) -> list[LitMatch]:
        """Interest at other venues that our resting order locks or crosses comes over and trades with it."""
        matches: list[LitMatch] = []
        for other, book in enumerate(self.books):
            if other != venue:
                matches += self._come_over(book.opposite(buy=buy), venue, ours, buy=buy)
        return matches

    def _come_over(self, ladder: Ladder, venue: int, ours: Resting, *, buy: bool) -> list[LitMatch]:
        """What one venue's ladder gives to an order of ours that locks or crosses it."""
        matches: list[LitMatch] = []
        while ours.leaves and (px := ladder.best_px()) is not None and (ours.px >= px if buy else ours.px <= px):
            qty = ladder.withdraw(px, ours.leaves, 0)
            if qty == 0:
                break
            for match in self.books[venue].side(buy=buy).take(qty, ours.px):
                matches.append(LitMatch(venue, not buy, match))
                self._forget(match)
        return matches

    def _forget(self, match: Match) -> None:
        """Drop our order from the list once it is filled."""
        if match.resting is not None and match.resting.leaves == 0:
            self._ours.pop(match.resting.key, None)
            self._note_best()

    def _note_best(self) -> None:
        """Find our best prices again; where they are or were in the quotes' way, the quotes are due for another look.

        Elsewhere an order of ours that comes or goes is no reason to quote differently.
        """
        were = self._in_the_way()
        self._our_bid = max((order.px for _, buy, order in self._ours.values() if buy), default=NO_BID)
        self._our_ask = min((order.px for _, buy, order in self._ours.values() if not buy), default=NO_ASK)
        if were or self._in_the_way():
            self.low, self.high = NO_ASK, NO_BID

    def _in_the_way(self) -> bool:
        """Whether the providers' quotes reach our orders."""
        return self._our_ask <= self._bid or self._our_bid >= self._ask
