"""Keeps a price-level book in step with its feed: start from a snapshot, apply in sequence, stop at a gap.

A difference says which updates it covers; the one before it must end no later than where the book is, or something
was missed and what the book shows is no longer the market. From then on the book is not usable, and differences are
kept aside until a snapshot that reaches them arrives, as at the start. The rule is one for every feed: the update
before a difference is what the feed names as previous, or the one before its first.
"""

from __future__ import annotations

from collections import deque

import msgspec

from sottovoce.adapters.feeds.level_feed import LevelDiff, LevelSnapshot
from sottovoce.models.level_book import LevelBook

WAITING_MAX = 1_000
"""Differences kept for a snapshot to come: tens of seconds of a busy feed. The oldest fall out, and show as a gap."""


class LevelGap(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Updates that never came: seen at a line, after update after_id of the book, before update first_id."""

    line: int
    receive_ns: int
    after_id: int
    before_id: int
    next_first_id: int

    def sentence(self, file: str) -> str:
        """What a person reads."""
        return (
            f"{file}, line {self.line}: a gap in the sequence: the book is at update {self.after_id}, this message "
            f"follows update {self.before_id} (its first is {self.next_first_id}). "
            "The book is not usable until the next snapshot."
        )


class LevelSync:
    """One book and where it is in its feed's sequence.

    usable says whether the book is the market's; last_id is the update it is at. applied and stale count differences
    that were applied and that said nothing new; waited those still without a book.
    """

    __slots__ = ("_waiting", "applied", "book", "gaps", "last_id", "snapshots", "stale", "usable", "waited")

    def __init__(self) -> None:
        self.book = LevelBook()
        self.usable = False
        self.last_id = -1
        self.gaps: list[LevelGap] = []
        self.applied = self.stale = self.waited = self.snapshots = 0
        self._waiting: deque[LevelDiff] = deque(maxlen=WAITING_MAX)

    def snapshot(self, whole: LevelSnapshot) -> list[LevelDiff]:
        """Start again from a snapshot, unless the book is already past it.

        Returns the differences that waited, oldest first, for the caller to apply next.
        """
        if self.usable and whole.last_id <= self.last_id:
            return []
        self.book.replace(whole.bids, whole.asks)
        self.usable, self.last_id = True, whole.last_id
        self.snapshots += 1
        waiting = list(self._waiting)
        self._waiting.clear()
        self.waited -= len(waiting)
        return waiting

    def difference(self, diff: LevelDiff) -> bool:
        """Apply one difference; False where it is stale, waits for a snapshot, or shows a gap."""
        if not self.usable:
            self._waiting.append(diff)
            self.waited += 1
            return False
        if diff.last_id <= self.last_id:
            self.stale += 1
            return False
        before_id = diff.first_id - 1 if diff.previous_id is None else diff.previous_id
        if before_id > self.last_id:
            self._gap(diff, before_id)
            return False
        self.book.change(diff.bids, diff.asks)
        self.last_id = diff.last_id
        self.applied += 1
        return True

    def _gap(self, diff: LevelDiff, before_id: int) -> None:
        self.usable = False
        self._waiting.append(diff)
        self.waited += 1
        gap = LevelGap(
            line=diff.line, receive_ns=diff.receive_ns, after_id=self.last_id, before_id=before_id,
            next_first_id=diff.first_id,
        )  # fmt: skip
        self.gaps.append(gap)
