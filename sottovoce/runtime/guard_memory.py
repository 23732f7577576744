"""What the conservation guard has counted, as bytes in a snapshot, and back.

After a replace two ids name one counted order, so orders are kept with all their names.
"""

from __future__ import annotations

import msgspec

from sottovoce.runtime.guard import ConservationGuard, CountedOrder, CountedParent


class _Order(msgspec.Struct, frozen=True, array_like=True):
    names: list[str]
    parent_id: str
    qty: int
    held: int
    asked: str
    cum_qty: int
    over: bool
    trades: dict[str, int]


class _Parent(msgspec.Struct, frozen=True, array_like=True):
    target: int
    committed: int
    latched: bool
    orders: list[str]
    room_by_child: dict[str, int]


class _Counts(msgspec.Struct, frozen=True):
    parents: dict[str, _Parent]
    orders: list[_Order]


def saved_counts(guard: ConservationGuard) -> bytes:
    """The guard's counts as JSON."""
    parents, orders = guard.counts()
    names: dict[int, list[str]] = {}
    for name, order in orders.items():
        names.setdefault(id(order), []).append(name)
    counts = _Counts(
        parents={
            name: _Parent(one.target, one.committed, one.latched, one.orders, one.room_by_child)
            for name, one in parents.items()
        },
        orders=[
            _Order(own, one.parent_id, one.qty, one.held, one.asked, one.cum_qty, one.over, one.trades)
            for own in names.values()
            for one in (orders[own[0]],)
        ],
    )
    return msgspec.json.encode(counts)


def restore_counts(guard: ConservationGuard, saved: bytes) -> None:
    """Take over saved counts. Raises msgspec.DecodeError for what saved_counts did not give."""
    counts = msgspec.json.decode(saved, type=_Counts)
    parents, orders = guard.counts()
    parents.clear()
    orders.clear()
    for parent_id, kept in counts.parents.items():
        parent = parents[parent_id] = CountedParent(kept.target)
        parent.committed, parent.latched = kept.committed, kept.latched
        parent.orders, parent.room_by_child = kept.orders, kept.room_by_child
    for one in counts.orders:
        order = CountedOrder(one.parent_id, one.qty)
        order.held, order.asked, order.cum_qty = one.held, one.asked, one.cum_qty
        order.over, order.trades = one.over, one.trades
        orders.update(dict.fromkeys(one.names, order))
