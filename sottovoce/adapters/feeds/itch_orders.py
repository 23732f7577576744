"""The messages of one stock in an ITCH file, in order: what each does to the book, and what it prints or announces.

Faults are messages that contradict the orders they speak of. Prices come in 1/10000 dollar and leave in 1e-6 dollar.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypedDict

import msgspec

from sottovoce.adapters.feeds.faults import BadRow, FaultLog
from sottovoce.adapters.feeds.itch_block import ItchBlock, ItchMessage
from sottovoce.adapters.feeds.known_orders import KnownOrders
from sottovoce.models.mbo import events as mbo

PX_UNITS = 100
"""Units of 1e-6 dollar in 1/10000 dollar."""

_SIGN = {"B": 1, "S": -1}
_NOT_PRINTED = "N"
_TRADES = "T"

Fields = dict[str, int | str]


class StockPrint(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One execution: side is the resting order's (1 buy, -1 sell, 0 not said), kind the event's; match is its number.

    px is 0 for an order from before an excerpt began. printed is False where the feed says that the shares are
    counted in a cross.
    """

    ns: int
    px: int
    qty: int
    side: int
    kind: int
    match: int
    printed: bool = True


class TradingState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """H halted, P paused, Q quotation only, T trading; reason as the exchange codes it."""

    ns: int
    state: str
    reason: str


class AuctionNews(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Net order imbalance before a cross: shares, direction (B, S, N none, O too few, P paused), prices, 0 for none."""

    ns: int
    cross: str
    paired_qty: int
    imbalance_qty: int
    direction: str
    far_px: int
    near_px: int
    reference_px: int


class Told(TypedDict):
    """What was said beside the book, as StockPiece takes it."""

    prints: tuple[StockPrint, ...]
    broken: tuple[int, ...]
    states: tuple[TradingState, ...]
    auctions: tuple[AuctionNews, ...]


class StockMessages:
    """Turns the messages of one stock into events, and keeps what they say beside until it is handed over."""

    def __init__(self, file: str, log: FaultLog, midnight_ns: int, *, whole: bool) -> None:
        self._file = file
        self._log = log
        self._midnight_ns = midnight_ns
        self.known = KnownOrders(whole=whole)
        self._rows: list[mbo.Row] = []
        self._prints: list[StockPrint] = []
        self._broken: list[int] = []
        self._states: list[TradingState] = []
        self._auctions: list[AuctionNews] = []
        self._takers: dict[str, Callable[[int, Fields], str]] = {
            "A": self._add,
            "F": self._add,
            "E": self._execute,
            "C": self._execute,
            "X": self._cancel,
            "D": self._delete,
            "U": self._replace,
            "P": self._hidden,
            "Q": self._cross,
            "B": self._break,
            "H": self._state,
            "I": self._auction,
        }

    def take(self, block: ItchBlock) -> list[mbo.Row]:
        """The events of a block, all of whose messages are this stock's."""
        self._rows = []
        for message in block.messages():
            taker = self._takers.get(message.kind)
            why = taker(message.ns + self._midnight_ns, message.fields) if taker else ""
            if why:
                self._report(message, why)
        return self._rows

    def handed_over(self) -> Told:
        """What was said beside the book since the last time."""
        told = Told(
            prints=tuple(self._prints),
            broken=tuple(self._broken),
            states=tuple(self._states),
            auctions=tuple(self._auctions),
        )
        for kept in (self._prints, self._broken, self._states, self._auctions):
            kept.clear()
        return told

    # the book -------------------------------------------------------------------------------------------------------

    def _add(self, ns: int, said: Fields) -> str:
        order_id, side = _whole(said, "order_id"), _SIGN[str(said["side"])]
        px, qty = _px(said, "price"), _whole(said, "shares")
        why = self.known.enter(order_id, side, px, qty)
        if not why:
            self._rows.append((ns, mbo.ADD, order_id, side, px, qty))
        return why

    def _execute(self, ns: int, said: Fields) -> str:
        order_id, qty = _whole(said, "order_id"), _whole(said, "shares")
        found = self.known.find(order_id)
        why = self.known.reduce(order_id, qty)
        if why:
            return why
        side, resting_px, _ = found or (0, 0, 0)
        px = _px(said, "price") if "price" in said else resting_px
        self._rows.append((ns, mbo.EXECUTE, order_id, side, px, qty))
        printed = said.get("printable") != _NOT_PRINTED
        self._print(ns, px, qty, side, mbo.EXECUTE, said, printed=printed)
        return ""

    def _cancel(self, ns: int, said: Fields) -> str:
        order_id, qty = _whole(said, "order_id"), _whole(said, "shares")
        side, px, _ = self.known.find(order_id) or (0, 0, 0)
        why = self.known.reduce(order_id, qty)
        if not why:
            self._rows.append((ns, mbo.CANCEL, order_id, side, px, qty))
        return why

    def _delete(self, ns: int, said: Fields) -> str:
        order_id = _whole(said, "order_id")
        side, px, left = self.known.find(order_id) or (0, 0, 0)
        why = self.known.remove(order_id)
        if not why:
            self._rows.append((ns, mbo.DELETE, order_id, side, px, left))
        return why

    def _replace(self, ns: int, said: Fields) -> str:
        """The new order keeps the side of the old; where that is unknown only the old is gone."""
        new_id, found = _whole(said, "new_order_id"), self.known.find(_whole(said, "order_id"))
        if found is None:
            return self._delete(ns, said)
        if new_id != said["order_id"] and self.known.find(new_id) is not None:
            return "is replaced by an order whose id stands already"
        self._delete(ns, said)
        px, qty = _px(said, "price"), _whole(said, "shares")
        self.known.enter(new_id, found[0], px, qty)
        self._rows.append((ns, mbo.ADD, new_id, found[0], px, qty))
        return ""

    # beside the book ------------------------------------------------------------------------------------------------

    def _hidden(self, ns: int, said: Fields) -> str:
        """A trade against an order that is not displayed. Its side has been B whatever it was since 2014."""
        px, qty = _px(said, "price"), _whole(said, "shares")
        self._rows.append((ns, mbo.TRADE, 0, 0, px, qty))
        self._print(ns, px, qty, 0, mbo.TRADE, said)
        return ""

    def _cross(self, ns: int, said: Fields) -> str:
        """The volume of a cross, none where nothing was paired."""
        px, qty = _px(said, "price"), _whole(said, "shares")
        if qty:
            self._rows.append((ns, mbo.CROSS, 0, 0, px, qty))
            self._print(ns, px, qty, 0, mbo.CROSS, said)
        return ""

    def _break(self, ns: int, said: Fields) -> str:
        self._broken.append(_whole(said, "match"))
        return ""

    def _state(self, ns: int, said: Fields) -> str:
        state = str(said["state"])
        self._states.append(TradingState(ns=ns, state=state, reason=str(said["reason"])))
        self._rows.append((ns, mbo.STATE, 0, 0, 0, mbo.TRADING if state == _TRADES else mbo.HALTED))
        return ""

    def _auction(self, ns: int, said: Fields) -> str:
        news = AuctionNews(
            ns=ns,
            cross=str(said["cross"]),
            paired_qty=_whole(said, "paired"),
            imbalance_qty=_whole(said, "imbalance"),
            direction=str(said["direction"]),
            far_px=_px(said, "far"),
            near_px=_px(said, "near"),
            reference_px=_px(said, "reference"),
        )
        self._auctions.append(news)
        return ""

    def _print(self, ns: int, px: int, qty: int, side: int, kind: int, said: Fields, *, printed: bool = True) -> None:
        match = _whole(said, "match")
        self._prints.append(StockPrint(ns=ns, px=px, qty=qty, side=side, kind=kind, match=match, printed=printed))

    def _report(self, message: ItchMessage, why: str) -> None:
        bad = BadRow(
            file=self._file,
            code="feed_order",
            why=why,
            number=message.number,
            unit="message",
            offset=message.offset,
            field="order_id",
            value=str(message.fields.get("order_id", "")),
        )
        self._log.bad_row(bad)


def _whole(said: Fields, name: str) -> int:
    return int(said[name])


def _px(said: Fields, name: str) -> int:
    return int(said[name]) * PX_UNITS
