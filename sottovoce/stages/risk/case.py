"""One order, or one child of one, with every fact its checks look at, gathered once.

A check is a pure function of a case: it says what failed, or None. The case itself is never changed by a check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from sottovoce.core.enums import Side
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.limits import Bound, Effective, LimitBook, Path
from sottovoce.core.market import MarketState, MarketView, Quote, Unusable
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.exposure import Reservation
from sottovoce.stages.risk.levels import Levels
from sottovoce.stages.risk.lines import Line, line_key, reduces
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.state import RiskState

STAGE = "risk"
PPM = 1_000_000
DOLLAR = 1_000_000
"""Price units x shares in one unit of currency at a price scale of 1e6."""


class Reference(NamedTuple):
    """The price an order is judged by: mid, else last sale, else prior close; 0 when there is none of them."""

    px: int
    kind: str
    age_ns: int


class Case:
    """One order (child None) or one child of it. value is what its size is worth at px, price units times shares.

    px is the worst price of an order, the limit of a child; added is what it would put on top of what is promised
    (0 for a child: it draws on its parent's reservation; draws says how many shares). reduces: it can only make a
    position smaller. Money is price units times shares.
    """

    __slots__ = (
        "added", "added_qty", "book", "child", "draws", "effective", "held", "instrument", "levels",
        "limit_px", "line", "order", "path", "policy", "px", "qty", "quote", "reduces", "reference", "sign",
        "state", "ts_ns", "value", "view",
    )  # fmt: skip

    def __init__(
        self,
        order: ParentOrder,
        child: Child | None,
        view: MarketView,
        instrument: Instrument | None,
        state: RiskState,
        book: LimitBook,
        policy: RiskPolicy,
        levels: LevelsOf,
    ) -> None:
        name = order.instrument_id
        self.order, self.child, self.view, self.instrument = order, child, view, instrument
        self.state, self.book, self.policy = state, book, policy
        self.ts_ns, self.sign = view.ts_ns, order.side.sign
        self.held: Reservation | None = state.exposure.reservations.get(order.parent_id)
        running = state.running.get(order.parent_id)
        strategy = running.strategy if running is not None else ""
        if not strategy and order.strategy is not None:
            strategy = order.strategy.value
        self.path = Path(order.desk, order.principal, order.account, strategy, name)
        self.effective: Effective = book.effective(self.path, view.ts_ns)
        self.levels: Levels = levels(self.effective, self.path, instrument)
        self.quote: Quote | Unusable = view.quote(name)
        self.reference = reference_price(view.state(name), self.quote, instrument, view.ts_ns)
        self.line: Line | None = state.exposure.lines.get(line_key(f"account:{order.account}", name))
        self.added = self.added_qty = self.draws = 0
        if child is None:
            self.qty, self.limit_px = order.order_qty, order.limit_px
            self.px = self.worst_px(order.limit_px)
            self.added, self.added_qty = self.qty * self.px, self.qty
        else:
            self.qty = self.draws = child.qty
            self.px = child.limit_px
            self.limit_px = child.limit_px
        self.value = self.qty * self.px
        self.reduces = reduces(self.line, self.sign, self.added_qty)

    def resize(self, qty: int, limit_px: int | None, px: int, added: int, added_qty: int) -> None:
        """The order as a change would make it: its whole new size, and what that adds to what is promised."""
        self.qty, self.limit_px, self.px = qty, limit_px, px
        self.value, self.added, self.added_qty = qty * px, added, added_qty
        self.reduces = reduces(self.line, self.sign, added_qty)

    def worst_px(self, limit_px: int | None) -> int:
        """The price exposure is counted at: the limit to buy, else so far above the market."""
        reserve = self.levels.tight.get("reserve_ppm")
        mid = self.reference.px
        above = mid + mid * (0 if reserve is None else reserve.value) // PPM
        if limit_px is None:
            return above
        return limit_px if self.sign > 0 else max(limit_px, above)

    @property
    def short(self) -> bool:
        """Whether it sells short."""
        return self.order.side is Side.SELL_SHORT

    @property
    def adv(self) -> float | None:
        """Average daily volume in shares, None where it is not known."""
        return None if self.instrument is None else known(self.instrument.adv)


Found = list[Failure] | None
LevelsOf = Callable[[Effective, Path, Instrument | None], Levels]
Check = Callable[[Case], Found]


def reference_price(
    state: MarketState | None, quote: Quote | Unusable, instrument: Instrument | None, ts_ns: int
) -> Reference:
    """Mid, then last sale, then prior close, with its age (PT-05); the age of a close is not known here and is -1."""
    if not isinstance(quote, Unusable):
        return Reference(quote.mid, "mid", 0 if state is None else ts_ns - state.quoted_ns)
    if state is not None and state.last_px > 0:
        return Reference(state.last_px, "last", ts_ns - state.quoted_ns)
    close = None if instrument is None else known(instrument.close)
    if instrument is not None and close is not None:
        return Reference(round(close * instrument.price_scale), "close", -1)
    return Reference(0, "none", -1)


def broken(code: str, value: str, limit: str, room: str, bound: Bound) -> Failure:
    """A limit that would be broken, with the row it comes from."""
    return failure(STAGE, code, value, limit, room, limit_id=bound.limit_id, limit_version=bound.version)


def money(value: int) -> str:
    """Price units times shares as currency, for a person."""
    return f"{value / DOLLAR:,.2f}"


def price(px: int) -> str:
    """Price units as currency, for a person."""
    return f"{px / DOLLAR:.6g}"
