"""The kill switch as data: what may be stopped, what is stopped, and whether an order is (AT-01).

A halt has a scope: the firm, a desk, a trader, an account, an algorithm, a symbol or one order. Every stage that can
let something out keeps a Halts of its own, folded from HaltSet and HaltLifted, so no stage depends on another to stop.
A halt set for conduct is compliance's: risk cannot lift it, and the desk's own halt of the same scope is another one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from sottovoce.core.enums import Word
from sottovoce.core.orders import ParentOrder


class HaltKind(Word):
    """What a halt stops, widest first."""

    FIRM = "firm"
    DESK = "desk"
    TRADER = "trader"
    ACCOUNT = "account"
    ALGO = "algo"
    SYMBOL = "symbol"
    ORDER = "order"


class HaltScope(msgspec.Struct, frozen=True, kw_only=True, gc=False, forbid_unknown_fields=True):
    """One thing that can be stopped.

    name is the trader's, the account's, the strategy's (VWAP), the instrument id or the parent id; "" for the firm.
    """

    kind: HaltKind = HaltKind.FIRM
    name: str = ""

    def __str__(self) -> str:
        return self.kind.value if self.kind is HaltKind.FIRM else f"{self.kind.value} {self.name}"


FIRM_SCOPE = HaltScope()
"""Everything."""


class Standing(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A halt in force: who set it, when and why; conduct: only compliance lifts it."""

    scope: HaltScope
    reason: str
    principal: str
    ts_ns: int
    conduct: bool = False


class HaltPath(NamedTuple):
    """Who and what an order belongs to, in the order of HaltKind; "" where it is not known (and then not matched)."""

    desk: str = ""
    trader: str = ""
    account: str = ""
    algo: str = ""
    instrument_id: str = ""
    parent_id: str = ""


def path_of(order: ParentOrder, algo: str = "") -> HaltPath:
    """The path of a parent; algo is the strategy it is planned with, where that is known by now."""
    asked = "" if order.strategy is None else order.strategy.value
    return HaltPath(
        desk=order.desk,
        trader=order.principal,
        account=order.account,
        algo=algo or asked,
        instrument_id=order.instrument_id,
        parent_id=order.parent_id,
    )


class Halts(msgspec.Struct, kw_only=True):
    """The halts in force, by kind and name: one of the desk's and one of compliance's at most for each scope.

    matching looks at one name a kind, whatever the number of orders and of halts.
    """

    standing: dict[str, dict[str, tuple[Standing, ...]]] = {}

    def __bool__(self) -> bool:
        return bool(self.standing)

    def __iter__(self) -> Iterator[Standing]:
        """Every halt in force, widest kind first, in the order they were set within one."""
        for kind in HaltKind:
            for standing in self.standing.get(kind.value, {}).values():
                yield from standing

    def set(self, halt: Standing) -> None:
        """Put a halt in force, in place of an earlier one of the same scope and owner."""
        names = self.standing.setdefault(halt.scope.kind.value, {})
        others = tuple(each for each in names.get(halt.scope.name, ()) if each.conduct is not halt.conduct)
        names[halt.scope.name] = (*others, halt)

    def lift(self, scope: HaltScope, conduct: bool = False) -> None:
        """End the desk's halt of a scope, or compliance's. Nothing happens where none stands."""
        names = self.standing.get(scope.kind.value, {})
        left = tuple(each for each in names.get(scope.name, ()) if each.conduct is not conduct)
        if left:
            names[scope.name] = left
        else:
            names.pop(scope.name, None)
        if not names:
            self.standing.pop(scope.kind.value, None)

    def find(self, scope: HaltScope, conduct: bool = False) -> Standing | None:
        """The halt of exactly this scope and owner, or None."""
        standing = self.standing.get(scope.kind.value, {}).get(scope.name, ())
        return next((each for each in standing if each.conduct is conduct), None)

    def matching(self, path: HaltPath) -> Standing | None:
        """The widest halt that stops something on this path, or None."""
        return next(iter(self.each(path)), None) if self.standing else None

    def each(self, path: HaltPath) -> tuple[Standing, ...]:
        """Every halt that stops something on this path, widest first."""
        if not self.standing:
            return ()
        found: list[Standing] = []
        for kind, name in zip(KINDS, ("", *path), strict=True):
            standing = self.standing.get(kind)
            if standing is not None and (name or kind == FIRM) and name in standing:
                found += standing[name]
        return tuple(found)


KINDS = tuple(kind.value for kind in HaltKind)
FIRM = HaltKind.FIRM.value


def stops(scope: HaltScope, order: ParentOrder, algo: str) -> bool:
    """As covers, for one order worked with a strategy; a kill asks it of every order there is, so it builds nothing."""
    kind, name = scope.kind, scope.name
    if kind is HaltKind.FIRM:
        return True
    own = {
        HaltKind.DESK: order.desk,
        HaltKind.TRADER: order.principal,
        HaltKind.ACCOUNT: order.account,
        HaltKind.ALGO: algo,
        HaltKind.SYMBOL: order.instrument_id,
        HaltKind.ORDER: order.parent_id,
    }
    return bool(name) and name == own[kind]


def covers(scope: HaltScope, path: HaltPath) -> bool:
    """Whether a scope stops what is on the path."""
    if scope.kind is HaltKind.FIRM:
        return True
    name = path[KINDS.index(scope.kind.value) - 1]
    return bool(name) and name == scope.name
