"""The life of one order as a few lines of text: what happened, and what the order is after it.

A line is `what -> STATUS order/cum/leaves` with `+n` for a raise the venue has not answered. What: a venue's words
(`new`, `fill 200`, `pending cancel`, `canceled`, `replaced 1500`, `replace rejected`, `bust X1`, `status FILLED 1000`)
or what we ask (`ask cancel`, `ask replace 1500`, `lose sight`). Fills are X1, X2, ... in order.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.lifecycle import Execution, OrderState, Transition, check, transition
from sottovoce.core.order_moves import asked_to_replace, awaiting, lost_sight, replace_refused
from tests.core.venue_words import PX, order, report

ENDS = {
    "canceled": ExecType.CANCELED,
    "expired": ExecType.EXPIRED,
    "rejected": ExecType.REJECTED,
    "done for day": ExecType.DONE_FOR_DAY,
}
SAYS = {"new": ExecType.NEW, "pending cancel": ExecType.PENDING_CANCEL, "pending replace": ExecType.PENDING_REPLACE}


class Story:
    """An order of 1,000, and what is known of its trades. held is an end that waits for trades."""

    def __init__(self) -> None:
        self.state: OrderState = order(OrdStatus.PENDING_NEW)
        self.trades: dict[str, Execution] = {}
        self.held: ExecutionReport | None = None
        self.freed = self.raised = 0

    def told(self, line: str) -> None:
        """Apply what a line says happened."""
        what, _, rest = line.strip().partition(" ")
        if line in SAYS:
            self._report(report(SAYS[line]))
        elif line == "ask cancel":
            self.state = msgspec.structs.replace(self.state, status=OrdStatus.PENDING_CANCEL)
        elif line.startswith("ask replace"):
            self._moved(asked_to_replace(self.state, int(line.rsplit(maxsplit=1)[-1])))
        elif line == "lose sight":
            self.state = lost_sight(self.state)
        elif line == "replace rejected":
            self._moved(replace_refused(self.state))
        elif line == "cancel rejected":
            live = OrdStatus.PARTIALLY_FILLED if self.state.cum_qty else OrdStatus.NEW
            if self.state.status is OrdStatus.PENDING_CANCEL:
                self.state = msgspec.structs.replace(self.state, status=live)
        elif what == "fill":
            self._fill(int(rest))
        elif what in ("replaced", "restated"):
            self._report(report(ExecType[what.upper()], order_qty=int(rest)))
        elif what == "bust":
            name, _, qty = rest.partition(" ")
            self._undo(name, int(qty or 0))
        elif what == "correct":
            name, qty, px = rest.split()
            self._correct(name, int(qty), PX + int(px))
        elif what == "status":
            status, cum = rest.split()
            self._report(report(ExecType.ORDER_STATUS, ord_status=OrdStatus[status], cum_qty=int(cum)))
        else:
            kind, _, cum = line.partition(" with ")
            self._report(report(ENDS[kind], cum_qty=int(cum or self.state.cum_qty)))

    def now(self) -> str:
        """The order as a line says it."""
        state = check(self.state)
        pending = f"+{state.pending_qty}" if state.pending_qty else ""
        return f"{state.status.name} {state.order_qty}/{state.cum_qty}/{state.leaves_qty}{pending}"

    def _fill(self, qty: int) -> None:
        self.trades[f"X{len(self.trades) + 1}"] = Execution(qty=qty, px=PX)
        self._report(report(ExecType.TRADE, last_qty=qty, last_px=PX))
        if self.held is not None and awaiting(self.state, self.held) is None:
            held, self.held = self.held, None
            self._report(held)

    def _undo(self, name: str, qty: int) -> None:
        trade = self.trades[name]
        self._report(report(ExecType.TRADE_CANCEL, last_qty=qty), trade)
        self.trades[name] = msgspec.structs.replace(trade, qty=trade.qty - (qty or trade.qty))

    def _correct(self, name: str, qty: int, px: int) -> None:
        self._report(report(ExecType.TRADE_CORRECT, last_qty=qty, last_px=px), self.trades[name])
        self.trades[name] = Execution(qty=qty, px=px)

    def _report(self, said: ExecutionReport, ref: Execution | None = None) -> None:
        if awaiting(self.state, said) is not None:
            self.held = said
            return
        outcome = transition(self.state, said, ref)
        assert isinstance(outcome, Transition), outcome
        self._moved(outcome)

    def _moved(self, outcome: Transition) -> None:
        before = self.state.leaves_qty + self.state.pending_qty
        self.state = outcome.state
        after = self.state.leaves_qty + self.state.pending_qty
        assert after - before == outcome.added_qty - outcome.freed_qty - outcome.from_leaves, "open quantity is lost"
        self.freed += outcome.freed_qty
        self.raised += outcome.added_qty
