"""An order in a lit book: what of it stands at its price, what it keeps behind, and the news about it.

Every outcome of a lit venue is built here, so quantities add up in one place: entered = traded + leaves while live,
and leaves is 0 when over.
"""

from __future__ import annotations

from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Peg, Side, TimeInForce
from sottovoce.models.matching.ladder import Resting
from sottovoce.models.matching.port import Entry, Outcome


def is_hidden(entry: Entry) -> bool:
    """Whether an order is never shown: as it asks, or as a peg to the mid or the far touch, which would lock them."""
    return entry.display_qty == 0 or (entry.ord_type is OrdType.PEGGED and entry.peg is not Peg.PRIMARY)


def may_rest(entry: Entry) -> bool:
    """Whether what does not trade at once may wait in the book."""
    return entry.time_in_force is TimeInForce.DAY and entry.ord_type is not OrdType.MARKET


class LitOrder(Resting):
    """One live order.

    leaves is what the market can reach now, reserve what an iceberg shows later; together they are open_qty. While it
    takes, all of it is leaves. limit_px is 0 without a limit. slice_qty is 0 unless it shows a slice at a time.
    standing: it is in the ladder, at px. rests: it may wait there. kills: it trades whole, or not at all.
    """

    __slots__ = (
        "buy", "cum_qty", "kills", "limit_px", "min_qty", "owner", "peg", "post_only", "reserve", "rests", "slice_qty",
        "standing",
    )  # fmt: skip

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.order_id, entry.price, entry.qty, 0)
        self.owner = entry.owner
        self.buy = entry.side is Side.BUY
        self.limit_px = entry.price
        self.peg: Peg | None = None
        self.cum_qty = 0
        self.reserve = 0
        self.slice_qty = entry.display_qty or 0
        self.min_qty = entry.min_qty
        self.post_only = entry.post_only
        self.standing = False
        self.hidden = is_hidden(entry)
        if entry.ord_type is OrdType.PEGGED:
            self.peg = entry.peg
        self.rests = may_rest(entry)
        self.kills = entry.time_in_force is TimeInForce.FILL_OR_KILL

    @property
    def open_qty(self) -> int:
        """Shares not traded yet."""
        return self.leaves + self.reserve

    def gather(self) -> None:
        """All of it becomes reachable: it is about to take."""
        self.leaves += self.reserve
        self.reserve = 0

    def slice(self, open_qty: int) -> None:
        """Share out an open quantity between what is reachable and what is shown later."""
        self.leaves = min(open_qty, self.slice_qty or open_qty)
        self.reserve = open_qty - self.leaves

    def shrink(self, open_qty: int) -> None:
        """Less of it, in its place: the reserve goes first."""
        self.leaves = min(self.leaves, open_qty)
        self.reserve = open_qty - self.leaves

    def too_small(self, qty: int) -> bool:
        """Whether a match of qty is below the least it takes; the last shares of it always do."""
        return qty < self.min_qty and qty < self.open_qty

    def told(self, exec_type: ExecType, at_ns: int, reason: str = "") -> Outcome:
        """News that moves no quantity."""
        return Outcome(
            order_id=self.key,
            exec_type=exec_type,
            at_ns=at_ns,
            cum_qty=self.cum_qty,
            leaves_qty=self.leaves + self.reserve,
            reason=reason,
        )

    def filled(self, qty: int, px: int, match_id: int, at_ns: int, liquidity: LastLiquidityInd) -> Outcome:
        """The order trades."""
        self.cum_qty += qty
        self.leaves -= qty
        return Outcome(
            order_id=self.key,
            exec_type=ExecType.TRADE,
            at_ns=at_ns,
            cum_qty=self.cum_qty,
            leaves_qty=self.leaves + self.reserve,
            last_qty=qty,
            last_px=px,
            match_id=match_id,
            liquidity=liquidity,
        )
