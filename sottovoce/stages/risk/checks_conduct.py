"""Orders that must not be, whatever their size: our own on both sides, and the house ahead of a client."""

from __future__ import annotations

from sottovoce.core.enums import Side
from sottovoce.core.reasons import failure
from sottovoce.stages.risk.case import STAGE, Case, Found, price

PRINCIPAL = "principal"
CLIENT, HOUSE = "client", "house"


def is_house(case: Case) -> bool:
    """Whether the order is the firm's own."""
    return case.order.capacity == PRINCIPAL or case.path.account in case.policy.house


def open_key(instrument_id: str, side: Side, whose: str) -> str:
    """Where open orders of a name, direction and kind of owner are counted."""
    return f"{instrument_id}|{'buy' if side.sign > 0 else 'sell'}|{whose}"


def self_match(case: Case) -> Found:
    """PT-22: a child that would meet a live order of the same beneficial owner, at whatever venue, stays in."""
    if case.child is None:
        return None
    owner = case.policy.owner(case.path.account)
    met = case.state.interest.meets(owner, case.path.instrument_id, case.sign, case.px)
    if met is None:
        return None
    return [failure(STAGE, "self_match", f"{owner} {case.order.side.value} {price(case.px)}", price(met), 0)]


def front_running(case: Case) -> Found:
    """PO-11: no house order in a name and direction in which a client's order is open."""
    if not is_house(case) or case.added_qty <= 0:
        return None
    clients = case.state.open.get(open_key(case.path.instrument_id, case.order.side, CLIENT), 0)
    return [failure(STAGE, "front_running", case.path.account, f"{clients} client orders open")] if clients else None


def ahead_of_client(case: Case) -> str | None:
    """PO-11, an alert: a house order in the name and direction came shortly before this client's; the words for it."""
    if is_house(case):
        return None
    last_ns = case.state.house_ns.get(open_key(case.path.instrument_id, case.order.side, HOUSE))
    if last_ns is None or case.ts_ns - last_ns > case.policy.client_ahead_ns:
        return None
    return f"house order {(case.ts_ns - last_ns) / 1e9:.3f} s before the client's"


def watched(case: Case) -> str | None:
    """PT-12, an alert nobody at the desk sees: the name is on the watch list; its entry."""
    entry = case.levels.lists.watch
    return None if entry is None else f"{entry.entry_id} version {entry.version}"
