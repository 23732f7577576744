"""The order-states page: the lifecycle table, asked cell by cell with an order of 100 shares."""

from __future__ import annotations

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, OrdStatus
from sottovoce.core.lifecycle import LIVE, Execution, Impossible, OrderState, Outcome, transition
from tools.docs_pages.tables import table

PX = 10_000_000
SAMPLES: dict[OrdStatus, dict[str, int]] = {
    OrdStatus.PENDING_NEW: {"leaves_qty": 100},
    OrdStatus.NEW: {"leaves_qty": 100},
    OrdStatus.PARTIALLY_FILLED: {"leaves_qty": 60, "cum_qty": 40},
    OrdStatus.PENDING_CANCEL: {"leaves_qty": 60, "cum_qty": 40},
    OrdStatus.PENDING_REPLACE: {"leaves_qty": 60, "cum_qty": 40},
    OrdStatus.UNKNOWN: {"leaves_qty": 60, "cum_qty": 40},
    OrdStatus.FILLED: {"leaves_qty": 0, "cum_qty": 100},
    OrdStatus.CANCELED: {"leaves_qty": 0, "cum_qty": 40, "canceled_qty": 60},
    OrdStatus.REJECTED: {"leaves_qty": 0, "rejected_qty": 100},
    OrdStatus.EXPIRED: {"leaves_qty": 0, "cum_qty": 40, "expired_qty": 60},
    OrdStatus.DONE_FOR_DAY: {"leaves_qty": 0, "cum_qty": 40, "expired_qty": 60},
}
MOVES = ("from_leaves", "from_closed", "over_qty", "freed_qty", "busted_qty", "added_qty")
WORDS = {
    "from_leaves": "filled out of leaves",
    "from_closed": "filled out of what had been closed",
    "over_qty": "filled beyond the order",
    "freed_qty": "stops working and is unsent again",
    "busted_qty": "undone",
    "added_qty": "more to work",
}


def sections() -> list[str]:
    """Quantities, the matrix of states, and what each report moves."""
    head = ("", *(kind.name for kind in ExecType))
    matrix = [(f"**{status.name}**", *(_cell(status, kind) for kind in ExecType)) for status in SAMPLES]
    moves = [(f"`{kind.name}`", *(_moved(status, kind) for status in _SHOWN)) for kind in ExecType]
    live = ", ".join(status.name for status in SAMPLES if status in LIVE)
    return [
        "After every transition, with every term zero or more: *ordered + overfilled = filled + leaves + canceled + "
        "rejected + expired + busted* (law L1 for one order).",
        f"Live: {live}. The others are terminal, and a fill, a bust or a correction is still believed there.",
        "## The state after each report",
        "An order of 100; a trade is of 10, a replace or a restatement to 150, a bust or a correction (to 5) is of a "
        "trade of 10 known before. `·` leaves the state as it is; *impossible* goes to quarantine and moves nothing.",
        table(head, matrix),
        "## What moves",
        "For the same order.",
        table(("report", *(f"when {status.name}" for status in _SHOWN)), moves),
        "More than was ordered is booked in full as overfilled and pauses the parent. A report whose ExecID has been "
        "counted before is ignored whatever it says.",
    ]


_SHOWN = (OrdStatus.PARTIALLY_FILLED, OrdStatus.FILLED, OrdStatus.CANCELED)


def _asked(status: OrdStatus, kind: ExecType) -> Outcome:
    cum = SAMPLES[status].get("cum_qty", 0)
    state = OrderState(
        cl_ord_id="A", child_id="C", parent_id="P", venue="V", status=status, order_qty=100,
        **SAMPLES[status], value=cum * PX,
    )  # fmt: skip
    correcting = kind is ExecType.TRADE_CORRECT
    report = ExecutionReport(
        parent_id="P", venue="V", cl_ord_id="A", exec_id="E", exec_type=kind, ord_status=status, cum_qty=0,
        leaves_qty=0, transact_ns=0, last_qty=5 if correcting else 10, last_px=PX, order_qty=150, exec_ref_id="R",
    )  # fmt: skip
    return transition(state, report, Execution(qty=10, px=PX) if cum else None)


def _cell(status: OrdStatus, kind: ExecType) -> str:
    outcome = _asked(status, kind)
    if isinstance(outcome, Impossible):
        return "*impossible*"
    return "·" if outcome.state.status is status else outcome.state.status.name


def _moved(status: OrdStatus, kind: ExecType) -> str:
    outcome = _asked(status, kind)
    if isinstance(outcome, Impossible):
        return "*impossible*"
    moved = [f"{getattr(outcome, name)} {WORDS[name]}" for name in MOVES if getattr(outcome, name)]
    return ", ".join(moved) or "nothing"
