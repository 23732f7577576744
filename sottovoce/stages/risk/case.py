"""One order, or one child of one, with every fact its checks look at, gathered once.

A check is a pure function of a case: it says what failed, or None. The case itself is never changed by a check.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sottovoce.core.enums import Side
from sottovoce.core.instrument import Instrument
from sottovoce.core.limits import Bound, Effective, LimitBook, Path
from sottovoce.core.market import MarketState, MarketView, Quote, Unusable
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.exposure import Reservation
from sottovoce.stages.risk.levels import Levels
from sottovoce.stages.risk.lines import Line, Totals
from sottovoce.stages.risk.state import RiskState, Running
from sottovoce.stages.risk.terms import Terms
from sottovoce.stages.risk.tight import DOLLAR, PPM
from sottovoce.stages.risk.worst_case import growth, reduces

__all__ = [
    "DOLLAR", "PPM", "STAGE", "Case", "Check", "Found", "Reference", "broken", "money", "price", "reference_price",
]  # fmt: skip
STAGE: Final = "risk"


class Reference:
    """The price an order is judged by: mid, else last sale, else prior close; 0 when there is none of them."""

    __slots__ = ("age_ns", "kind", "px")

    def __init__(self, px: int, kind: str, age_ns: int) -> None:
        self.px, self.kind, self.age_ns = px, kind, age_ns


class Case:
    """One order (child None) or one child of it. value is what its size is worth at px, price units times shares.

    px is the worst price of an order, the limit of a child; added is what it would put on top of what is promised
    (0 for a child: it draws on its parent's reservation; draws says how many shares). lines, which a child has none of,
    are those of Levels.lines, and more is what added puts on top of the worst case of each. reduces: it can only make a
    position smaller. adv: shares a day, None where not known. Money is price units times shares.
    """

    __slots__ = (
        "added", "added_qty", "adv", "child", "draws", "held", "instrument", "levels", "limit_px", "line", "lines",
        "market", "more", "order", "path", "policy", "px", "qty", "quote", "reduces", "reference", "running", "sign",
        "state", "terms", "totals", "ts_ns", "value", "view",
    )  # fmt: skip

    def __init__(
        self,
        order: ParentOrder,
        child: Child | None,
        view: MarketView,
        instrument: Instrument | None,
        state: RiskState,
        terms: Terms,
    ) -> None:
        name, ts_ns = order.instrument_id, view.ts_ns
        self.order, self.child, self.view, self.instrument = order, child, view, instrument
        self.state, self.terms, self.policy = state, terms, terms.policy
        self.ts_ns: int = ts_ns
        self.sign: int = order.side.sign
        self.held: Reservation | None = state.exposure.reservations.get(order.parent_id)
        self.running: Running | None = state.running.get(order.parent_id)
        self.path = Path(order.desk, order.principal, order.account, self._strategy(), name)
        self.levels: Levels = terms.levels(self.path, ts_ns, instrument)
        self.market: MarketState | None = view.state(name)
        self.quote: Quote | Unusable = view.quote(name)
        self.reference = reference_price(self.market, self.quote, instrument, ts_ns)
        fact = None if instrument is None else instrument.adv
        self.adv: float | None = None if fact is None else fact.value
        self.totals: dict[str, Totals] = state.exposure.totals
        self.line: Line | None = state.exposure.lines.get(self.levels.lines[0])
        self.lines: list[Line | None] = []
        self.draws = 0
        if child is None:
            px = self.worst_px(order.limit_px)
            self.resize(order.order_qty, order.limit_px, px, order.order_qty * px, order.order_qty)
        else:
            self.draws = child.qty
            self.resize(child.qty, child.limit_px, child.limit_px, 0, 0)

    def _strategy(self) -> str:
        """The one it is worked with, else the one that was asked for."""
        if self.running is not None and self.running.strategy:
            return self.running.strategy
        return "" if self.order.strategy is None else self.order.strategy.value

    def resize(self, qty: int, limit_px: int | None, px: int, added: int, added_qty: int) -> None:
        """The order at a size, as it came or as a change would make it, and what that adds to what is promised."""
        self.qty, self.limit_px, self.px = qty, limit_px, px
        self.value, self.added, self.added_qty = qty * px, added, added_qty
        self.reduces = reduces(self.line, self.sign, added_qty)
        if self.child is None:
            known = self.state.exposure.lines
            self.lines = [known.get(key) if key else None for key in self.levels.lines]
        self.more: list[int] = [growth(line, self.sign, added) for line in self.lines] if added else NOTHING

    def worst_px(self, limit_px: int | None) -> int:
        """The price exposure is counted at: the limit to buy, else so far above the market."""
        mid = self.reference.px
        above = mid + mid * self.levels.tight.reserve_ppm // PPM
        if limit_px is None:
            return above
        return limit_px if self.sign > 0 else max(limit_px, above)

    @property
    def short(self) -> bool:
        """Whether it sells short."""
        return self.order.side is Side.SELL_SHORT

    @property
    def book(self) -> LimitBook:
        """The rows and lists themselves."""
        return self.terms.book

    @property
    def effective(self) -> Effective:
        """The rows that bind the path, by name."""
        return self.levels.effective


NOTHING: Final = [0, 0, 0, 0]
Found = list[Failure] | None
Check = Callable[[Case], Found]


def reference_price(
    state: MarketState | None, quote: Quote | Unusable, instrument: Instrument | None, ts_ns: int
) -> Reference:
    """Mid, then last sale, then prior close, with its age (PT-05); the age of a close is not known here and is -1."""
    if not isinstance(quote, Unusable):
        return Reference(quote.mid, "mid", 0 if state is None else ts_ns - state.quoted_ns)
    if state is not None and state.last_px > 0:
        return Reference(state.last_px, "last", ts_ns - state.quoted_ns)
    close = None if instrument is None or instrument.close is None else instrument.close.value
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
