"""What people and programs may ask, and what venues and timers may say: the inputs of a step.

A command carries no time of its own: the runtime stamps the step that admits it. Decimals travel as text.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.command import Command
from sottovoce.core.enums import (
    DarkUse,
    ExecType,
    LastLiquidityInd,
    OrdStatus,
    OrdType,
    Side,
    Strategy,
    TimeInForce,
    Urgency,
)


class NewOrder(Command, frozen=True, kw_only=True, gc=False, tag="new_order"):
    """NewOrderSingle(D): buy or sell so many shares, or so much money's worth, in a manner."""

    account: str
    cl_ord_id: str
    symbol: str
    side: Side
    order_qty: int | None = None
    notional: str | None = None
    currency: str | None = None
    ord_type: OrdType = OrdType.MARKET
    price: str | None = None
    time_in_force: TimeInForce = TimeInForce.DAY
    strategy: Strategy | None = None
    urgency: Urgency = Urgency.MEDIUM
    start_ns: int | None = None
    end_ns: int | None = None
    days: int = 1
    participation: str | None = None
    max_participation: str | None = None
    dark: DarkUse = DarkUse.ALLOW
    decision_price: str | None = None
    decision_ns: int | None = None
    locate_id: str | None = None
    note: str = ""


class AmendOrder(Command, frozen=True, kw_only=True, gc=False, tag="amend_order"):
    """Change the size or the limit of a live parent; None leaves a value as it is."""

    parent_id: str
    order_qty: int | None = None
    price: str | None = None


class CancelOrder(Command, frozen=True, kw_only=True, gc=False, tag="cancel_order"):
    """Cancel a live parent: children are canceled, what is unsent is returned."""

    parent_id: str


class PauseOrder(Command, frozen=True, kw_only=True, gc=False, tag="pause_order"):
    """Stop releasing and pull what rests; the schedule waits."""

    parent_id: str


class ResumeOrder(Command, frozen=True, kw_only=True, gc=False, tag="resume_order"):
    """Go on after a pause."""

    parent_id: str


class ReleaseHold(Command, frozen=True, kw_only=True, gc=False, tag="release_hold"):
    """A person with the right role lets a held order go, on the digest of the plan that was shown."""

    parent_id: str
    plan_digest: str


class RefuseHold(Command, frozen=True, kw_only=True, gc=False, tag="refuse_hold"):
    """A person with the right role declines a held order."""

    parent_id: str
    reason: str = ""


class HaltTrading(Command, frozen=True, kw_only=True, gc=False, tag="halt_trading"):
    """The kill switch: nothing new leaves, everything live is canceled. Scope None is the whole firm."""

    reason: str
    account: str | None = None


class ResumeTrading(Command, frozen=True, kw_only=True, gc=False, tag="resume_trading"):
    """Lift a halt of the same scope."""

    account: str | None = None


class ExecutionReport(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="execution_report"):
    """ExecutionReport(8): any news from a venue about one of its orders.

    parent_id is filled by the session that knows whose order it is; quantities are the venue's own words.
    """

    parent_id: str
    venue: str
    cl_ord_id: str
    exec_id: str
    exec_type: ExecType
    ord_status: OrdStatus
    cum_qty: int
    leaves_qty: int
    transact_ns: int
    last_qty: int = 0
    last_px: int = 0
    liquidity: LastLiquidityInd | None = None
    exec_ref_id: str = ""
    order_qty: int | None = None
    price: int | None = None
    text: str = ""


class CancelReject(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cancel_reject"):
    """OrderCancelReject(9): the venue would not cancel or replace; CxlRejReason(102) in text."""

    parent_id: str
    venue: str
    cl_ord_id: str
    exec_id: str
    ord_status: OrdStatus
    transact_ns: int
    text: str = ""


class AlgoWake(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="algo_wake"):
    """A parent's algorithm asked to be woken now."""

    parent_id: str
    number: int


class ApprovalExpiry(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="approval_expiry"):
    """A held order has waited as long as its rule allows."""

    parent_id: str
    rule: str


Timer = AlgoWake | ApprovalExpiry
ClientCommand = (
    NewOrder
    | AmendOrder
    | CancelOrder
    | PauseOrder
    | ResumeOrder
    | ReleaseHold
    | RefuseHold
    | HaltTrading
    | ResumeTrading
)
VenueMessage = ExecutionReport | CancelReject
Input = ClientCommand | VenueMessage | Timer
