"""The world as the referee sees it: a list of orders and a list of positions, added up each time they are asked about.

Nothing is remembered or kept as a total: slow, and plain enough to be read as the rule itself.
"""

from __future__ import annotations

from typing import NamedTuple

from sottovoce.core.limits import LIMITS, Bound, Effective, Level, LimitBook, Path
from sottovoce.core.market import MarketView, Quote
from sottovoce.core.orders import Child, ParentOrder

PPM = DOLLAR = 1_000_000
OWN = (Level.DESK, Level.TRADER, Level.STRATEGY)
"""Levels with lines of their own; the others add up those of accounts."""


class Open(NamedTuple):
    """An order that is out: whose it is, its side, shares and worst price."""

    path: Path
    sign: int
    qty: int
    px: int


class Held(NamedTuple):
    """A position: whose, shares, and the price it was taken over at."""

    account: str
    instrument_id: str
    qty: int
    px: int


class Question(NamedTuple):
    """An order, or a child of it, and the world it meets. All names are in one sector and country, at one mark."""

    order: ParentOrder
    child: Child | None
    view: MarketView
    book: LimitBook
    opened: tuple[Open, ...]
    held: tuple[Held, ...]
    mark: int

    @property
    def path(self) -> Path:
        order = self.order
        strategy = "" if order.strategy is None else order.strategy.value
        return Path(order.desk, order.principal, order.account, strategy, order.instrument_id)

    @property
    def effective(self) -> Effective:
        return LimitBook(self.book.rows).effective(self.path, self.view.ts_ns)

    @property
    def sign(self) -> int:
        return self.order.side.sign

    @property
    def qty(self) -> int:
        return self.order.order_qty if self.child is None else self.child.qty

    @property
    def mid(self) -> int:
        quote = self.view.quote(self.order.instrument_id)
        assert isinstance(quote, Quote)
        return quote.mid

    @property
    def px(self) -> int:
        """The worst price."""
        if self.child is not None:
            return self.child.limit_px
        reserve, limit = self.tight("reserve_ppm"), self.order.limit_px
        above = self.mid + self.mid * (0 if reserve is None else reserve.value) // PPM
        if limit is None:
            return above
        return limit if self.sign > 0 else max(limit, above)

    def tight(self, name: str) -> Bound | None:
        """The strictest row on the path."""
        found = None
        for bound in self.effective.each(name):
            if found is None or LIMITS[name].tighter(bound.value, found.value):
                found = bound
        return found

    def asked(self) -> Open:
        return Open(self.path, self.sign, self.order.order_qty, self.px)


def worst(question: Question, level: Level, scope: str, *, name: str = "", after: bool = True) -> tuple[int, int]:
    """(gross, net) of one scope of a level, in one name or all, if everything open traded (and the order too)."""
    opened = (*question.opened, question.asked()) if after else question.opened
    orders = [each for each in opened if within(each.path, level, scope) and name in ("", each.path.instrument_id)]
    owner = level if level in OWN else Level.ACCOUNT
    positions = [
        each for each in question.held if level not in OWN and name in ("", each.instrument_id)
        and within(Path(account=each.account, instrument_id=each.instrument_id), level, scope)
    ]  # fmt: skip
    keys = {(owner_of(each.path, owner), each.path.instrument_id) for each in orders}
    keys |= {(each.account, each.instrument_id) for each in positions}
    gross, net_long, net_short = 0, 0, 0
    for key in sorted(keys):
        mine = [each for each in orders if (owner_of(each.path, owner), each.path.instrument_id) == key]
        value = sum(each.qty * question.mark for each in positions if (each.account, each.instrument_id) == key)
        buys = sum(each.qty * each.px for each in mine if each.sign > 0)
        sells = sum(each.qty * each.px for each in mine if each.sign < 0)
        gross += max(value + buys, 0) + max(sells - value, 0)
        net_long, net_short = net_long + value + buys, net_short + value - sells
    return gross, max(abs(net_long), abs(net_short))


def reduces(question: Question) -> bool:
    """It can only make the account's position smaller."""
    path, sign = question.path, question.sign
    own = (path.account, path.instrument_id)
    held = sum(each.qty for each in question.held if (each.account, each.instrument_id) == own)
    out = sum(each.qty for each in question.opened
              if (each.path.account, each.path.instrument_id) == own and each.sign == sign)  # fmt: skip
    more = question.order.order_qty if question.child is None else 0
    return held * sign < 0 and more + out <= abs(held)


def within(path: Path, level: Level, scope: str) -> bool:
    return level in (Level.FIRM, Level.ORDER) or owner_of(path, level) == scope


def owner_of(path: Path, level: Level) -> str:
    return path[tuple(Level).index(level) - 1]
