"""One holder's line in one instrument: what it holds, what it has promised, and the worst that can become of it.

The worst case is taken side by side and never netted against orders that may not trade: everything open to buy trades
on top of a long position, everything open to sell beyond it makes a short one. An order that only closes a position
therefore adds nothing. Quantities are shares; values are price units times shares.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import msgspec

FIRM = ""
"""The scope that holds every other."""


class Line(msgspec.Struct, kw_only=True, gc=False):
    """A position (shares, long > 0) at its mark, the open orders on either side, and the scopes it counts in."""

    instrument_id: str
    scopes: tuple[str, ...]
    qty: int = 0
    mark_px: int = 0
    buy_qty: int = 0
    buy_value: int = 0
    sell_qty: int = 0
    sell_value: int = 0


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """The price positions in an instrument are valued at, and the time of it."""

    ts_ns: int
    px: int


class Totals(msgspec.Struct, kw_only=True, gc=False):
    """One scope: worst-case value per side, net position at mark, open orders, and money paid for what is held.

    traded is the signed value of all trades, so position - traded is the profit. Every figure is a sum over lines:
    the same in whatever order the news of different parents came.
    """

    long: int = 0
    short: int = 0
    position: int = 0
    open_buy: int = 0
    open_sell: int = 0
    traded: int = 0

    @property
    def gross(self) -> int:
        """Worst case, both sides added."""
        return self.long + self.short

    @property
    def net(self) -> int:
        """Worst case if everything open on one side trades and nothing on the other."""
        return max(abs(self.position + self.open_buy), abs(self.position - self.open_sell))

    @property
    def profit(self) -> int:
        """Realised and unrealised, at the last marks."""
        return self.position - self.traded


class Holder(NamedTuple):
    """Who and what an order belongs to; "" where it is not known. Every non-empty name is a scope."""

    desk: str
    trader: str
    account: str
    strategy: str
    instrument_id: str
    sector: str
    country: str


def line_scopes(holder: Holder) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The lines an order moves, each with the scopes it counts in.

    The account's line carries the firm, the instrument, sector and country: positions of two accounts are never netted.
    Desk, trader and strategy keep lines of their own, since what one buys another may sell.
    """
    name, parts = holder.instrument_id, []
    if holder.sector:
        parts.append(f"sector:{holder.sector}")
    if holder.country:
        parts.append(f"country:{holder.country}")
    account = f"account:{holder.account}"
    shared = (FIRM, f"instrument:{name}", *parts)
    found = [(line_key(account, name), _texts(*shared, account, *(f"{account}|{part}" for part in parts)))]
    for level, owner in (("desk", holder.desk), ("trader", holder.trader), ("strategy", holder.strategy)):
        if owner:
            scope = f"{level}:{owner}"
            found.append((line_key(scope, name), _texts(scope, *(f"{scope}|{part}" for part in parts))))
    return tuple(found)


def _texts(*scopes: str) -> tuple[str, ...]:
    return tuple([one_text(scope) for scope in scopes])


@lru_cache(maxsize=65_536)
def one_text(text: str) -> str:
    """The same text, as the same object wherever it is kept: a look-up by it then reads no other memory."""
    return text


def line_keys(holder: Holder) -> tuple[str, ...]:
    """The keys of line_scopes alone."""
    name, keys = holder.instrument_id, [line_key(f"account:{holder.account}", holder.instrument_id)]
    if holder.desk:
        keys.append(line_key(f"desk:{holder.desk}", name))
    if holder.trader:
        keys.append(line_key(f"trader:{holder.trader}", name))
    if holder.strategy:
        keys.append(line_key(f"strategy:{holder.strategy}", name))
    return tuple(keys)


def line_key(scope: str, instrument_id: str) -> str:
    """The name of a scope's line in an instrument."""
    return one_text(f"{scope}|{instrument_id}")
