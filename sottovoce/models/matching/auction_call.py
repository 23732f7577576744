"""One auction call: the orders that wait for it, what it would do now, and the uncrossing.

Market orders trade before limits, better limits before worse; at the margin the rules say who gets what. Imbalance-only
orders come last: they take what is left over at the price, never move it, and never trade with each other.
Participants are not kept from meeting themselves: exchanges do not in auctions, where nobody chooses whom to meet.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec

from sottovoce.core.enums import ExecType, LastLiquidityInd
from sottovoce.models.matching.allotment import Allotment, allot
from sottovoce.models.matching.auction_rules import AuctionKind, AuctionRules
from sottovoce.models.matching.port import Entry, Outcome
from sottovoce.models.matching.turn_pairs import turn_pairs
from sottovoce.models.matching.uncross import Clearing, Collar, Interest, uncross
from sottovoce.models.matching.working import Working, Workings, limit_of


class Indication(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What an auction would do if it took place now.

    px: None when nothing can trade. imbalance_qty: left over at the price, positive for buyers;
    market_imbalance_qty: orders without a limit, bought less sold. low_px and high_px are the collar, 0 without.
    """

    kind: AuctionKind
    at_ns: int
    due_ns: int
    reference_px: int
    px: int | None
    paired_qty: int
    imbalance_qty: int
    market_imbalance_qty: int
    low_px: int = 0
    high_px: int = 0


class AuctionCall:
    """A call in one instrument, due at due_ns."""

    def __init__(self, rules: AuctionRules, due_ns: int, tick: int, collar: Collar | None = None) -> None:
        self.rules = rules
        self.due_ns = due_ns
        self.collar = collar
        self.orders = Workings()
        self._tick = tick

    def late_fault(self, entry: Entry, at_ns: int) -> str:
        """Why an order comes too late, "" when it does not."""
        until_ns = self.due_ns - self._entry_ns(entry)
        return "after_cutoff" if at_ns > until_ns else ""

    def is_frozen(self, at_ns: int) -> bool:
        """Whether the call takes no more cancels and changes."""
        return at_ns > self.due_ns - self.rules.cancel_ns

    def clearing(self, reference_px: int, collar: Collar | None = None) -> Clearing:
        """Price, pairs and imbalance of everything but imbalance-only orders."""
        return uncross([_interest(order) for order in self._leading()], reference_px, self._tick, collar)

    def market_imbalance(self) -> int:
        """Shares without a limit, bought less sold."""
        return sum(order.leaves_qty * (1 if order.buy else -1) for order in self._leading() if order.limit_px is None)

    def unsatisfied(self, reference_px: int) -> int:
        """Which way the collar is in the way: +1 up, -1 down, 0 when it is not.

        It is when the best price lies outside it, or when market orders would be left over inside it.
        """
        if self.collar is None:
            return 0
        free = self.clearing(reference_px)
        if free.px is not None and not self.collar.low_px <= free.px <= self.collar.high_px:
            return 1 if free.px > self.collar.high_px else -1
        inside = self.clearing(reference_px, self.collar)
        left = {buy: self._market_qty(buy=buy) - inside.paired_qty for buy in (True, False)}
        if left[True] > 0 or left[False] > 0:
            return 1 if left[True] > left[False] else -1
        return 0

    def indication(self, reference_px: int, at_ns: int) -> Indication:
        """What the call would do now."""
        clearing = self.clearing(reference_px, self.collar)
        offset = sum(self._offsets(clearing).values())
        over = abs(clearing.imbalance_qty) - offset
        low, high = self.collar or (0, 0)
        return Indication(
            kind=self.rules.kind,
            at_ns=at_ns,
            due_ns=self.due_ns,
            reference_px=reference_px,
            px=clearing.px,
            paired_qty=clearing.paired_qty + offset,
            imbalance_qty=over if clearing.imbalance_qty > 0 else -over,
            market_imbalance_qty=self.market_imbalance(),
            low_px=low,
            high_px=high,
        )

    def uncrossed(self, reference_px: int, at_ns: int, first_match: int) -> Iterator[Outcome]:
        """Trade what trades at one price; the rest expires. Matches are numbered from first_match."""
        clearing = self.clearing(reference_px, self.collar)
        if clearing.px is not None:
            fills = self._fills(clearing)
            buys, sells = (
                [o for o in self._by_turn() if o.buy == buy and fills.get(o.order_id)] for buy in (True, False)
            )
            for number, (buyer, seller, qty) in enumerate(turn_pairs(buys, sells, fills), first_match):
                for order in (buyer, seller):
                    yield order.filled(qty, clearing.px, number, at_ns, LastLiquidityInd.AUCTION)
        yield from self.abandoned(at_ns)

    def abandoned(self, at_ns: int) -> Iterator[Outcome]:
        """End what is left of every order."""
        for order in self._by_turn():
            if order.leaves_qty:
                yield order.ended(ExecType.EXPIRED, at_ns, "auction_over")
            self.orders.drop(order)

    def _fills(self, clearing: Clearing) -> dict[str, int]:
        """Shares each order trades at the clearing price; both sides' sums are equal."""
        fills = self._offsets(clearing)
        buys = clearing.paired_qty + (sum(fills.values()) if clearing.imbalance_qty > 0 else 0)
        sells = clearing.paired_qty + (sum(fills.values()) if clearing.imbalance_qty < 0 else 0)
        px = clearing.px or 0
        for buy, total in ((True, buys), (False, sells)):
            side = [order for order in self._leading() if order.buy == buy and order.accepts(px)]
            fills.update(shared(side, total, self.rules.allotment))
        return fills

    def _offsets(self, clearing: Clearing) -> dict[str, int]:
        """Shares of imbalance-only orders that take what the others leave over."""
        if clearing.px is None:
            return {}
        wanted = clearing.imbalance_qty < 0
        side = [
            order
            for order in self._by_turn()
            if order.entry.post_only and order.buy == wanted and order.accepts(clearing.px)
        ]
        return shared(side, abs(clearing.imbalance_qty), self.rules.allotment)

    def _leading(self) -> list[Working]:
        return [order for order in self._by_turn() if not order.entry.post_only]

    def _by_turn(self) -> list[Working]:
        return sorted(self.orders, key=lambda order: order.place)

    def _market_qty(self, *, buy: bool) -> int:
        return sum(order.leaves_qty for order in self._leading() if order.buy == buy and order.limit_px is None)

    def _entry_ns(self, entry: Entry) -> int:
        if entry.post_only:
            return self.rules.imbalance_only_entry_ns
        return self.rules.market_entry_ns if limit_of(entry) is None else self.rules.limit_entry_ns


def shared(orders: Sequence[Working], total: int, rule: Allotment) -> dict[str, int]:
    """Give total to orders of one side: market orders first, then the better limit; one rank shares by the rule.

    Args: orders in turn. Returns: shares by order_id, together min(total, what they want).
    """
    fills: dict[str, int] = {}
    for _, rank in groupby(sorted(orders, key=_rank), key=_rank):
        level = list(rank)
        shares = allot([order.leaves_qty for order in level], total, rule)
        fills.update((order.order_id, share) for order, share in zip(level, shares, strict=True))
        total -= sum(shares)
    return fills


def _rank(order: Working) -> tuple[bool, int]:
    """Without a limit first, then the more aggressive limit."""
    if order.limit_px is None:
        return (False, 0)
    return (True, -order.limit_px if order.buy else order.limit_px)


def _interest(order: Working) -> Interest:
    return Interest(order.buy, order.leaves_qty, order.limit_px)
