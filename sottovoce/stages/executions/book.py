"""What the executions stage keeps: every order at every venue, its trades, and each parent's ledger."""

from __future__ import annotations

import msgspec

from sottovoce.core.ledger import Ledger
from sottovoce.core.lifecycle import Execution, OrderState
from sottovoce.core.orders import Route


class SentOrder(msgspec.Struct, kw_only=True):
    """One order that left: what was sent, what it is now, its trades by ExecID, every report id seen."""

    route: Route
    state: OrderState
    executions: dict[str, Execution] = {}
    seen: dict[str, int] = {}


class ExecutionsState(msgspec.Struct, kw_only=True):
    """sent: by ClOrdID; by_child: child id → its ClOrdIDs; ledgers: by parent id."""

    sent: dict[str, SentOrder] = {}
    by_child: dict[str, list[str]] = {}
    ledgers: dict[str, Ledger] = {}
