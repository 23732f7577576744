"""Finished parents, packed: late news about them still finds its order, and memory does not grow with the day.

A parent that is done stays as it is for a while, since most late news comes soon; then its ledger and its orders
become one run of bytes. News of one unpacks it again. The oldest of all are forgotten.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.ledger import Ledger
from sottovoce.stages.executions.config import ExecutionsConfig
from sottovoce.stages.executions.records import ExecutionsState, PackedParent, SentOrder

_encode = msgspec.msgpack.Encoder(order="deterministic").encode
_decode = msgspec.msgpack.Decoder(PackedParent).decode


def find(state: ExecutionsState, cl_ord_id: str) -> SentOrder | None:
    """An order by any ClOrdID it ever had, packed or not; a packed one is a copy that must not be changed."""
    first = state.names.get(cl_ord_id, cl_ord_id)
    sent = state.sent.get(first)
    if sent is not None:
        return sent
    parent_id = state.packed_names.get(cl_ord_id)
    if parent_id is None:
        return None
    orders = _decode(state.packed[parent_id]).orders
    return next(each for each in orders if cl_ord_id in _names(each))


def ledger_of(state: ExecutionsState, parent_id: str) -> Ledger:
    """A parent's ledger; of a packed one a copy that must not be changed."""
    ledger = state.ledgers.get(parent_id)
    return _decode(state.packed[parent_id]).ledger if ledger is None else ledger


def finish(state: ExecutionsState, parent_id: str, config: ExecutionsConfig) -> None:
    """A parent is done: pack the ones that have been done longest, and forget the oldest packed."""
    state.due.pop(parent_id, None)
    state.timers.pop(parent_id, None)
    state.finished.pop(parent_id, None)
    state.finished[parent_id] = 1
    while len(state.finished) > config.hot_parents:
        oldest = next(iter(state.finished))
        del state.finished[oldest]
        _pack(state, oldest)
    while len(state.packed) > config.packed_parents:
        _forget(state, next(iter(state.packed)))


def unpack(state: ExecutionsState, parent_id: str, config: ExecutionsConfig) -> None:
    """News of a packed parent: its orders are at hand again, as if it had just finished."""
    if parent_id not in state.packed:
        return
    whole = _decode(state.packed[parent_id])
    _forget(state, parent_id)
    state.ledgers[parent_id] = whole.ledger
    for sent in whole.orders:
        first = first_name(sent)
        state.sent[first] = sent
        state.by_child.setdefault(sent.route.child_id, []).append(first)
        state.by_parent.setdefault(parent_id, []).append(first)
        for name in _names(sent):
            if name != first:
                state.names[name] = first
    state.finished[parent_id] = 1


def first_name(sent: SentOrder) -> str:
    """The ClOrdID an order was first sent under."""
    return sent.state.cl_ord_id


def _names(sent: SentOrder) -> tuple[str, ...]:
    return (first_name(sent), *(name for name in sent.named if name != first_name(sent)))


def _pack(state: ExecutionsState, parent_id: str) -> None:
    orders = tuple(state.sent.pop(first) for first in state.by_parent.pop(parent_id, ()))
    ledger = state.ledgers.pop(parent_id)
    for sent in orders:
        state.by_child.pop(sent.route.child_id, None)
        for name in _names(sent):
            state.names.pop(name, None)
            state.packed_names[name] = parent_id
    state.packed[parent_id] = _encode(PackedParent(ledger=ledger, orders=orders))


def _forget(state: ExecutionsState, parent_id: str) -> None:
    whole = _decode(state.packed.pop(parent_id))
    for sent in whole.orders:
        for name in _names(sent):
            del state.packed_names[name]
