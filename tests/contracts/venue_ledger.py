"""The laws of a venue as one ledger: told every call and every outcome, it refuses the first that breaks a law.

It knows nothing of how a venue matches: quantities, limits, matches of two sides, least matches, and silence of the
finished are the same for a lit book, a pool, a cross and an auction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from sottovoce.core.enums import ExecType, Side
from sottovoce.models.matching.port import Entry, Outcome, Venue


class MinimumOf(Enum):
    """What a minimum quantity is of: one match, or all an order gets at one moment (a cross).

    When less than the minimum is left of an order, that is its minimum, or none where the rest is free.
    """

    MATCH = "match"
    MATCH_FREE_REST = "match_free_rest"
    MOMENT = "moment"

    def of_match(self, min_qty: int, leaves_qty: int) -> int:
        """The least match of an order of which so much is left."""
        if self is MinimumOf.MOMENT or (self is MinimumOf.MATCH_FREE_REST and leaves_qty < min_qty):
            return 1
        return min(min_qty, leaves_qty)


@dataclass
class Account:
    """One order as its outcomes describe it."""

    entry: Entry
    qty: int
    limit_px: int
    cum_qty: int = 0
    leaves_qty: int = 0
    over: bool = False


@dataclass
class Ledger:
    """Everything a venue has said, checked as it is said."""

    minimum_of: MinimumOf
    prevents_self_match: bool
    accounts: dict[str, Account] = field(default_factory=dict)
    news: list[Outcome] = field(default_factory=list)
    half: dict[int, Outcome] = field(default_factory=dict)
    said_ns: int = 0

    def entered(self, venue: Venue, entry: Entry, at_ns: int) -> Sequence[Outcome]:
        """Enter an order, and book what is said."""
        account = Account(entry, entry.qty, entry.price)
        told = venue.enter(entry, at_ns)
        own = [each for each in told if each.order_id == entry.order_id and each.exec_type is not ExecType.EXPIRED]
        assert own, f"no answer to {entry}"
        if own[0].exec_type is not ExecType.REJECTED:
            assert entry.order_id not in self.accounts, f"taken a second time: {entry}"
            assert own[0].exec_type is ExecType.NEW, own[0]
            assert (own[0].cum_qty, own[0].leaves_qty) == (0, entry.qty), own[0]
            self.accounts[entry.order_id] = account
        self.book(told, at_ns)
        return told

    def canceled(self, venue: Venue, order_id: str, at_ns: int) -> Sequence[Outcome]:
        """Cancel an order, and book what is said."""
        told = venue.cancel(order_id, at_ns)
        self.book(told, at_ns)
        return told

    def replaced(self, venue: Venue, order_id: str, qty: int, price: int, at_ns: int) -> Sequence[Outcome]:
        """Change an order, and book what is said."""
        told = venue.replace(order_id, qty, price, at_ns)
        self.book(told, at_ns, changed=(order_id, qty, price))
        return told

    def book(self, told: Sequence[Outcome], at_ns: int, changed: tuple[str, int, int] | None = None) -> None:
        """Check the outcomes of one call."""
        moments: Counter[tuple[str, int]] = Counter()
        before = {key: account.leaves_qty for key, account in self.accounts.items() if not account.over}
        for each in told:
            assert self.said_ns <= each.at_ns <= at_ns, f"out of time: {each}"
            self.said_ns = each.at_ns
            self.news.append(each)
            if each.exec_type is ExecType.REJECTED:
                self._check_refusal(each)
                continue
            account = self.accounts.get(each.order_id)
            assert account is not None, f"news of an order never taken: {each}"
            assert not account.over, f"a finished order speaks: {each}"
            if each.exec_type is ExecType.TRADE:
                self._trade(account, each, changed)
                moments[each.order_id, each.at_ns] += each.last_qty
            else:
                self._other(account, each, changed)
            account.over = each.leaves_qty == 0
        assert not self.half, f"matches with one side: {self.half}"
        if self.minimum_of is MinimumOf.MOMENT:
            for (key, _), qty in moments.items():
                assert qty >= min(self.accounts[key].entry.min_qty, before.get(key, qty)), (key, qty)

    def live(self) -> list[str]:
        """Names of the orders that are not over, in order of entry."""
        return [key for key, account in self.accounts.items() if not account.over]

    def traded_qty(self) -> int:
        """Shares matched so far, each once."""
        return sum(each.last_qty for each in self.news) // 2

    def _check_refusal(self, told: Outcome) -> None:
        assert told.reason == told.reason.lower(), told
        assert told.reason.replace("_", "").isalpha(), told
        account = self.accounts.get(told.order_id)
        if account is not None and not account.over:
            # A refusal that says nothing of the order may also be of a second entry, which the venue has no order for.
            assert (told.cum_qty, told.leaves_qty) in ((account.cum_qty, account.leaves_qty), (0, 0)), told

    def _trade(self, account: Account, told: Outcome, changed: tuple[str, int, int] | None) -> None:
        assert told.last_qty > 0, told
        assert told.last_px > 0, told
        assert told.liquidity is not None, told
        self._check_limit(account, told, changed)
        assert told.last_qty >= self.minimum_of.of_match(account.entry.min_qty, account.leaves_qty), (told, account)
        account.cum_qty += told.last_qty
        account.leaves_qty -= told.last_qty
        assert (told.cum_qty, told.leaves_qty) == (account.cum_qty, account.leaves_qty), (told, account)
        self._pair(told)

    def _check_limit(self, account: Account, told: Outcome, changed: tuple[str, int, int] | None) -> None:
        limits = {account.limit_px, changed[2]} if changed and changed[0] == told.order_id else {account.limit_px}
        sign = account.entry.side.sign
        assert any(not px or (told.last_px - px) * sign <= 0 for px in limits), (told, account)

    def _pair(self, told: Outcome) -> None:
        """The second outcome of a match is the other side of the first."""
        other = self.half.pop(told.match_id, None)
        if other is None:
            self.half[told.match_id] = told
            return
        assert (told.last_qty, told.last_px, told.at_ns) == (other.last_qty, other.last_px, other.at_ns), (told, other)
        one, two = self.accounts[told.order_id].entry, self.accounts[other.order_id].entry
        assert (one.side is Side.BUY) != (two.side is Side.BUY), (one, two)
        assert not (self.prevents_self_match and one.owner) or one.owner != two.owner, (one, two)

    def _other(self, account: Account, told: Outcome, changed: tuple[str, int, int] | None) -> None:
        kind = told.exec_type
        assert told.cum_qty == account.cum_qty, told
        assert (told.last_qty, told.match_id) == (0, 0), told
        if kind is ExecType.NEW:
            assert account.leaves_qty == 0, f"acknowledged twice: {told}"
        elif kind is ExecType.REPLACED:
            assert changed is not None, told
            assert changed[0] == told.order_id, told
            account.qty, account.limit_px = changed[1], changed[2]
            assert told.cum_qty + told.leaves_qty == account.qty, (told, changed)
        elif kind is ExecType.RESTATED:
            assert told.leaves_qty <= max(account.leaves_qty, changed[1] if changed else 0), told
            account.qty = told.cum_qty + told.leaves_qty
        else:
            assert kind in (ExecType.CANCELED, ExecType.EXPIRED), told
            assert told.leaves_qty == 0, told
            assert told.reason, told
        account.leaves_qty = told.leaves_qty
