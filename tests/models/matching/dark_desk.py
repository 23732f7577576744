"""What the tests of pools, crosses and auctions share: a session, a touch, orders, and the laws every venue keeps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from sottovoce.core.enums import ExecType, OrdType, Side, TimeInForce
from sottovoce.core.ports import Session
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.models.matching.auction import AuctionVenue
from sottovoce.models.matching.dark_facts import AUCTION_FACTS, BLOCK_POOL_FACTS, GRADED_POOL_FACTS
from sottovoce.models.matching.dark_rules import BLOCK_POOL, GRADED_POOL
from sottovoce.models.matching.midpoint_pool import MidpointPool
from sottovoce.models.matching.port import Entry, Outcome, Touch

OPEN_NS = 1_000 * NS_PER_MINUTE
CLOSE_NS = OPEN_NS + 390 * NS_PER_MINUTE
HOURS = Session(date="2026-11-20", open_ns=OPEN_NS, close_ns=CLOSE_NS)
START_NS = OPEN_NS + NS_PER_SECOND
CENT = 10_000
PX = 100_000_000
MID = 100_005_000
TOUCH = Touch(100_000_000, 500, 100_010_000, 700)
"""A one-cent spread, so the mid is half a tick: 100.005."""

OVER = (ExecType.CANCELED, ExecType.EXPIRED, ExecType.REJECTED)


def block_pool(touch: Touch | None = TOUCH) -> MidpointPool:
    """The pool of conditional orders and size priority, with a touch."""
    return _seeing(MidpointPool(BLOCK_POOL_FACTS, BLOCK_POOL, HOURS), touch)


def graded_pool(touch: Touch | None = TOUCH) -> MidpointPool:
    """The pool of graded participants and time priority, with a touch."""
    return _seeing(MidpointPool(GRADED_POOL_FACTS, GRADED_POOL, HOURS), touch)


def _seeing(pool: MidpointPool, touch: Touch | None) -> MidpointPool:
    if touch is not None:
        pool.observe(touch, START_NS)
    return pool


def buy(order_id: str, qty: int, price: int = 0, **more: object) -> Entry:
    """A buy: limit when it has a price, pegged to the mid otherwise."""
    return order(Side.BUY, order_id, qty, price, more)


def sell(order_id: str, qty: int, price: int = 0, **more: object) -> Entry:
    """A sell: limit when it has a price, pegged to the mid otherwise."""
    return order(Side.SELL, order_id, qty, price, more)


def order(side: Side, order_id: str, qty: int, price: int, more: dict[str, object]) -> Entry:
    """An entry of an owner of its own unless one is given."""
    fields: dict[str, object] = {
        "order_id": order_id,
        "owner": f"owner of {order_id}",
        "side": side,
        "qty": qty,
        "ord_type": OrdType.LIMIT if price else OrdType.PEGGED,
        "price": price,
        "time_in_force": TimeInForce.DAY,
        **more,
    }
    return Entry(**fields)  # type: ignore[arg-type]


def auctions(style: str = "nyse") -> AuctionVenue:
    """The auctions of one day, yesterday's close at 100."""
    return AuctionVenue(AUCTION_FACTS, HOURS, CENT, PX, style)


def at_close(entry: Entry) -> Entry:
    """A limit order (or one without a price: market) for the close."""
    return _waiting(entry, TimeInForce.AT_THE_CLOSE)


def at_open(entry: Entry) -> Entry:
    """The same for the open."""
    return _waiting(entry, TimeInForce.AT_THE_OPENING)


def in_halt(entry: Entry) -> Entry:
    """The same for a reopening."""
    return _waiting(entry, TimeInForce.DAY)


def _waiting(entry: Entry, life: TimeInForce) -> Entry:
    kind = OrdType.LIMIT if entry.price else OrdType.MARKET
    return msgspec.structs.replace(entry, time_in_force=life, ord_type=kind)


def sums(news: Sequence[Outcome]) -> dict[str, int]:
    """Shares each order traded, in order of its first trade."""
    total: dict[str, int] = {}
    for name, qty, _ in fills(news):
        total[name] = total.get(name, 0) + qty
    return total


def fills(news: Sequence[Outcome]) -> list[tuple[str, int, int]]:
    """Trades as (order, quantity, price), in order."""
    return [(each.order_id, each.last_qty, each.last_px) for each in news if each.exec_type is ExecType.TRADE]


def words(news: Sequence[Outcome]) -> list[tuple[str, str, str]]:
    """Everything that happened as (order, what, why)."""
    return [(each.order_id, each.exec_type.value, each.reason) for each in news]


def check_laws(entries: dict[str, Entry], news: Sequence[Outcome]) -> None:
    """Conservation, one end, and one buyer and one seller of the same quantity and price in each match.

    entries: the orders the venue took, by order_id.
    """
    traded: dict[str, int] = defaultdict(int)
    matches: dict[int, list[Outcome]] = defaultdict(list)
    over: set[str] = set()
    for each in news:
        if each.exec_type is ExecType.REJECTED:
            continue
        assert each.order_id not in over, each
        traded[each.order_id] += each.last_qty
        assert each.cum_qty == traded[each.order_id], each
        assert each.leaves_qty >= 0
        if each.exec_type is ExecType.TRADE:
            assert each.last_qty > 0
            matches[each.match_id].append(each)
        if each.leaves_qty == 0:
            over.add(each.order_id)
    for one, other in matches.values():
        assert (one.last_qty, one.last_px) == (other.last_qty, other.last_px)
        assert (entries[one.order_id].side is Side.BUY) != (entries[other.order_id].side is Side.BUY)


def check_limits(before: dict[str, Entry], after: dict[str, Entry], told: Sequence[Outcome]) -> None:
    """No trade of one step is through its order's limit, as it was before the step or is after it."""
    for each in told:
        if each.exec_type is ExecType.TRADE:
            terms = [known[each.order_id] for known in (before, after) if each.order_id in known]
            assert any(_inside(entry, each.last_px) for entry in terms), (terms, each)


def _inside(entry: Entry, px: int) -> bool:
    return entry.ord_type is OrdType.MARKET or not entry.price or (px - entry.price) * entry.side.sign <= 0
