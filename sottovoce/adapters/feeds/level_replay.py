"""A price-level feed replayed into its book, every quote the exchange said checked against it.

Where a quote and a difference end at the same update, best prices and sizes must be equal; they may arrive in either
order, so both are remembered for a while. Everything is counted as it passes: memory does not grow with the feed.
"""

from __future__ import annotations

from collections import Counter, deque

import msgspec

from sottovoce.adapters.feeds.feed_clock import FeedClock
from sottovoce.adapters.feeds.level_feed import LevelDiff, LevelMessage, LevelQuote, LevelSnapshot, LevelTrade
from sottovoce.adapters.feeds.level_sync import LevelSync
from sottovoce.models.level_book import Level

REMEMBERED_MAX = 4_096
"""Quotes kept for a difference to come, and touches for a late quote."""

KEPT_MAX = 20
"""Disagreements kept with their figures; all are counted."""

Touch = tuple[Level | None, Level | None]


class QuoteDisagreement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A quote that the rebuilt book does not confirm: its line, its update, what was said and what stands."""

    line: int
    update_id: int
    said: Touch
    stands: Touch


class LevelReplay:
    """One feed's book with its running figures. Prices and quantities are in the feed's units.

    checked and agreed count quotes compared with the book; crossed counts differences after which the book crosses;
    value is the exact sum of price times quantity of the trades.
    """

    def __init__(self) -> None:
        self.sync = LevelSync()
        self.clock = FeedClock()
        self.counts: Counter[str] = Counter()
        self.checked = self.agreed = self.crossed = 0
        self.disagreements: list[QuoteDisagreement] = []
        self.trades = self.volume = self.value = 0
        self.spreads: Counter[int] = Counter()
        self._quotes: deque[LevelQuote] = deque(maxlen=REMEMBERED_MAX)
        self._touches: dict[int, Touch] = {}

    def take(self, message: LevelMessage) -> None:
        """One message of the feed, in the order received."""
        self.clock.take(message.receive_ns, message.exchange_ns)
        if isinstance(message, LevelQuote):
            self.counts["quotes"] += 1
            self._quote(message)
        elif isinstance(message, LevelDiff):
            self.counts["differences"] += 1
            self._difference(message)
        elif isinstance(message, LevelTrade):
            self.counts["trades"] += 1
            self._trade(message)
        else:
            self.counts["snapshots"] += 1
            self._snapshot(message)

    @property
    def median_spread(self) -> float | None:
        """Median of ask less bid over the exchange's quotes, price units; None without quotes."""
        return weighted_median(self.spreads)

    def _snapshot(self, whole: LevelSnapshot) -> None:
        for diff in self.sync.snapshot(whole):
            self._difference(diff)

    def _difference(self, diff: LevelDiff) -> None:
        if not self.sync.difference(diff):
            return
        touch = self.sync.book.touch()
        self.crossed += self.sync.book.crossed
        self._touches[diff.last_id] = touch
        if len(self._touches) > REMEMBERED_MAX:
            del self._touches[next(iter(self._touches))]
        while self._quotes and self._quotes[0].update_id <= diff.last_id:
            quote = self._quotes.popleft()
            if quote.update_id == diff.last_id:
                self._check(quote, touch)

    def _quote(self, quote: LevelQuote) -> None:
        self.spreads[quote.ask - quote.bid] += 1
        touch = self._touches.get(quote.update_id)
        if touch is not None:
            self._check(quote, touch)
        elif quote.update_id > self.sync.last_id:
            self._quotes.append(quote)

    def _check(self, quote: LevelQuote, stands: Touch) -> None:
        said = ((quote.bid, quote.bid_qty), (quote.ask, quote.ask_qty))
        self.checked += 1
        if said == stands:
            self.agreed += 1
        elif len(self.disagreements) < KEPT_MAX:
            self.disagreements.append(
                QuoteDisagreement(line=quote.line, update_id=quote.update_id, said=said, stands=stands)
            )

    def _trade(self, trade: LevelTrade) -> None:
        self.trades += 1
        self.volume += trade.qty
        self.value += trade.px * trade.qty


def weighted_median(counts: Counter[int]) -> float | None:
    """The median of values counted; the mean of the middle two where they differ; None of nothing."""
    total = counts.total()
    if not total:
        return None
    middle = ((total - 1) // 2, total // 2)
    found: list[int] = []
    passed = 0
    for value in sorted(counts):
        passed += counts[value]
        while len(found) < len(middle) and middle[len(found)] < passed:
            found.append(value)
    return sum(found) / len(found)
