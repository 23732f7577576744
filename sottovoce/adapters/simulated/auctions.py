"""The auctions of one name's session: the background's interest and ours, uncrossed by the auction venue.

The background comes to a call with market orders and with limit interest at every tick around the reference,
growing linearly with the distance from it as the latent book does: an imbalance moves the price to where the limits
have absorbed it. It enters at the call itself; the cut-offs for us are the venue's.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil, floor
from typing import NamedTuple

from sottovoce.adapters.simulated.latent import SLOPE, latent_floor
from sottovoce.adapters.simulated.profile import Profile
from sottovoce.adapters.simulated.streams import AuctionDraw
from sottovoce.core.enums import ExecType, OrdType, Side, TimeInForce
from sottovoce.core.orders import Route
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.models.matching.allotment import Allotment
from sottovoce.models.matching.auction import AuctionVenue
from sottovoce.models.matching.auction_rules import AuctionKind, AuctionRules
from sottovoce.models.matching.port import Entry

DEPTH = 2.0
"""Limit interest away from the reference, in units of the latent book's."""

DEPTH_AT_REFERENCE = 10.0
"""Limit interest at the reference, in the same units."""

REACH = 3.0
"""How far from the reference there is limit interest, daily volatilities."""

STYLE = "simulated"
RULES = tuple(
    AuctionRules(
        style=STYLE,
        kind=kind,
        effective_from="2000-01-01",
        market_entry_ns=0,
        limit_entry_ns=0,
        imbalance_only_entry_ns=0,
        cancel_ns=0,
        allotment=Allotment.PRO_RATA,
        source="simulated: the background enters at the call; our own cut-off is in the venue's facts",
    )
    for kind in AuctionKind
)


class Interest(NamedTuple):
    """The background's book: market orders on each side, and limit interest around a reference in ticks.

    floor: shares a tick at the reference on each side; slope: how many more for every tick away.
    """

    reference: float
    buy_qty: int
    sell_qty: int
    floor: float
    slope: float
    reach_ticks: int


def interest_of(profile: Profile, scale: float, reference: float, draw: AuctionDraw) -> Interest:
    """What the background brings to a call; scale: a daily volatility in ticks."""
    per_tick = profile.adv / scale
    return Interest(
        reference=reference,
        buy_qty=draw.buy_qty,
        sell_qty=draw.sell_qty,
        floor=DEPTH_AT_REFERENCE * latent_floor(profile.trades) * per_tick,
        slope=DEPTH * SLOPE * per_tick / scale,
        reach_ticks=max(2, int(REACH * scale)),
    )


class Held(NamedTuple):
    """An auction that took place: price in units (0 where nothing traded), shares, ours by key, ours that ended."""

    px: int
    qty: int
    fills: dict[str, int]
    over: list[str]


class Auctions:
    """Calls of one session. Our orders are known by their ClOrdID, everybody else's by a number."""

    def __init__(self, facts: VenueFacts, session: Session, tick: int, reference_px: int) -> None:
        self._venue = AuctionVenue(facts, session, tick, reference_px, STYLE, RULES)
        self._tick = tick
        self._ours: set[str] = set()

    @property
    def busy(self) -> bool:
        """Whether an order of ours waits for a call."""
        return bool(self._ours)

    def waits(self, key: str) -> bool:
        """Whether this order of ours does."""
        return key in self._ours

    def enter(self, route: Route, at_ns: int) -> str:
        """An order of ours; returns why the venue refuses it, "" when it takes it."""
        entry = Entry(
            order_id=route.cl_ord_id,
            owner="us",
            side=route.side,
            qty=route.qty,
            ord_type=route.ord_type,
            price=0 if route.ord_type is OrdType.MARKET else route.price,
            time_in_force=route.time_in_force,
            display_qty=route.display_qty,
            min_qty=route.min_qty,
            post_only=route.post_only,
        )
        answer = self._venue.enter(entry, at_ns)[-1]
        if answer.exec_type is not ExecType.REJECTED:
            self._ours.add(route.cl_ord_id)
        return answer.reason

    def cancel(self, key: str, at_ns: int) -> str:
        """Take an order of ours out; returns why the venue refuses, "" when it is gone."""
        answer = self._venue.cancel(key, at_ns)[-1]
        if answer.exec_type is ExecType.REJECTED:
            return answer.reason
        self._ours.discard(key)
        return ""

    def halt(self, at_ns: int, reopen_ns: int) -> None:
        """Collect orders for a reopening, without a collar: it takes place when it is due."""
        self._venue.halt(at_ns, reopen_ns)

    def hold(self, kind: AuctionKind, interest: Interest, at_ns: int) -> Held:
        """The call due now, with what the background brings to it."""
        for entry in background(interest, _TIME[kind], self._tick, at_ns):
            self._venue.enter(entry, at_ns - 1)
        px, qty, fills, over = 0, 0, dict[str, int](), list[str]()
        for news in self._venue.advance(at_ns):
            ours = news.order_id in self._ours
            if news.exec_type is ExecType.TRADE:
                px, qty = news.last_px, qty + news.last_qty
                if ours:
                    fills[news.order_id] = fills.get(news.order_id, 0) + news.last_qty
            if ours and news.leaves_qty == 0:
                self._ours.discard(news.order_id)
                if news.exec_type is not ExecType.TRADE:
                    over.append(news.order_id)
        return Held(px, qty // 2, fills, over)


_TIME = {
    AuctionKind.OPENING: TimeInForce.AT_THE_OPENING,
    AuctionKind.CLOSING: TimeInForce.AT_THE_CLOSE,
    AuctionKind.REOPENING: TimeInForce.DAY,
}


def background(interest: Interest, life: TimeInForce, tick: int, at_ns: int) -> Iterator[Entry]:
    """Everybody else's orders for a call at a time: two market orders, then limits outwards from the reference."""
    for number, (side, qty) in enumerate(((Side.BUY, interest.buy_qty), (Side.SELL, interest.sell_qty))):
        if qty:
            yield _entry(f"~{at_ns}{side.value}{number}", side, qty, 0, life)
    first_bid, first_ask = floor(interest.reference), ceil(interest.reference)
    for step in range(interest.reach_ticks):
        for side, ticks in ((Side.BUY, first_bid - step), (Side.SELL, first_ask + step)):
            qty = round(interest.floor + interest.slope * abs(ticks - interest.reference))
            if qty and ticks > 0:
                yield _entry(f"~{at_ns}{side.value}@{ticks}", side, qty, ticks * tick, life)


def _entry(name: str, side: Side, qty: int, px: int, life: TimeInForce) -> Entry:
    return Entry(
        order_id=name,
        owner=name,
        side=side,
        qty=qty,
        ord_type=OrdType.LIMIT if px else OrdType.MARKET,
        price=px,
        time_in_force=life,
    )
