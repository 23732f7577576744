"""What people and programs may ask, and what venues and timers may say: the inputs of a step.

A command carries no time of its own: the runtime stamps the step that admits it. Decimals travel as text.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.basket_commands import BasketCommand, BasketTimer
from sottovoce.core.breaker_commands import BreakerTimer, DownstreamOutcome
from sottovoce.core.clock_commands import ClockMessage
from sottovoce.core.command import Command
from sottovoce.core.condition_commands import MarketCondition
from sottovoce.core.enums import (
    Capacity,
    DarkUse,
    ExecType,
    LastLiquidityInd,
    OrdStatus,
    OrdType,
    RejReason,
    Side,
    Strategy,
    TimeInForce,
    Urgency,
)
from sottovoce.core.escalation_commands import EscalationCommand, EscalationTimer
from sottovoce.core.halts import FIRM_SCOPE, HaltScope
from sottovoce.core.kill_sweep import KillSweep
from sottovoce.core.limit_commands import LimitCommand, LimitTimer
from sottovoce.core.override_commands import ConfirmHold, OverrideReason
from sottovoce.core.recovery_commands import RecoveryMessage, RecoveryTimer
from sottovoce.core.risk_commands import OutsideAnswer, RiskCommand, RiskTimer
from sottovoce.core.session_commands import RouteStopped, SessionCommand, SessionMessage, SessionTimer


class NewOrder(Command, frozen=True, kw_only=True, gc=False, tag="new_order"):
    """NewOrderSingle(D): buy or sell so many shares, or so much money's worth, in a manner.

    A quantity and a notional may both be given and must then agree. capacity is OrderCapacity(528); client_id,
    investment_decision and execution_decision are who the order is for and which person or algorithm decided
    (RTS 24 fields 3 to 5), algo_id the client's algorithm. Which of them must be there is a venue's rule.

    would_price: at this price or better the client would trade ahead of the schedule, all of it or would_qty shares.
    participation_min and participation_max: the band a participation is kept in. max_impact_bps: what the order's own
    impact may be expected to be. All decimals in text, as participation and max_participation are.
    """

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
    participation_min: str | None = None
    participation_max: str | None = None
    max_participation: str | None = None
    max_impact_bps: str | None = None
    would_price: str | None = None
    would_qty: int | None = None
    dark: DarkUse = DarkUse.ALLOW
    decision_price: str | None = None
    decision_ns: int | None = None
    locate_id: str | None = None
    note: str = ""
    capacity: Capacity | None = None
    client_id: str | None = None
    investment_decision: str | None = None
    execution_decision: str | None = None
    algo_id: str | None = None


class AmendOrder(Command, frozen=True, kw_only=True, gc=False, tag="amend_order"):
    """Change a live parent: size, limit, end, urgency, venues, rates. None leaves a value as it is.

    participation and max_participation are decimals as in NewOrder; avoid_venues replaces the list of venues not used.
    """

    parent_id: str
    order_qty: int | None = None
    price: str | None = None
    end_ns: int | None = None
    urgency: Urgency | None = None
    dark: DarkUse | None = None
    avoid_venues: tuple[str, ...] | None = None
    participation: str | None = None
    max_participation: str | None = None


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
    """A person lets the rules of their role go, on the digest of what was shown, for a reason (controls A4)."""

    parent_id: str
    plan_digest: str
    reason_code: OverrideReason = OverrideReason.REVIEWED
    reason: str = ""


class RefuseHold(Command, frozen=True, kw_only=True, gc=False, tag="refuse_hold"):
    """A person with the right role declines a held order."""

    parent_id: str
    reason: str = ""


class HaltTrading(Command, frozen=True, kw_only=True, gc=False, tag="halt_trading"):
    """The kill switch: nothing new leaves the scope, everything live in it is canceled (AT-01).

    A symbol may be named as people do or by its instrument id; an algorithm by its strategy, an order by its parent id.
    """

    reason: str
    scope: HaltScope = FIRM_SCOPE


class ResumeTrading(Command, frozen=True, kw_only=True, gc=False, tag="resume_trading"):
    """Lift a halt of the same scope: risk the desk's, compliance one set for conduct. It resumes no order."""

    scope: HaltScope = FIRM_SCOPE


class ExecutionReport(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True, tag="execution_report"):
    """ExecutionReport(8): any news from a venue about one of its orders.

    parent_id is filled by the session that knows whose order it is; quantities are the venue's own words. reason is
    OrdRejReason(103): UNKNOWN_ORDER in an answer to a status request says that the venue has no such order.
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
    orig_cl_ord_id: str = ""
    reason: RejReason | None = None


class CancelReject(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="cancel_reject"):
    """OrderCancelReject(9): the venue would not cancel or replace; reason is CxlRejReason(102).

    cl_ord_id is the order's, or that of the replace that was refused.
    """

    parent_id: str
    venue: str
    cl_ord_id: str
    exec_id: str
    ord_status: OrdStatus
    transact_ns: int
    text: str = ""
    reason: RejReason | None = None


class AlgoWake(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="algo_wake"):
    """A parent's algorithm asked to be woken now."""

    parent_id: str
    number: int


class ApprovalExpiry(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag="approval_expiry"):
    """A held order has waited as long as its rule allows."""

    parent_id: str
    rule: str


Timer = (
    AlgoWake
    | ApprovalExpiry
    | SessionTimer
    | BasketTimer
    | RecoveryTimer
    | BreakerTimer
    | KillSweep
    | LimitTimer
    | RiskTimer
    | EscalationTimer
)
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
    | LimitCommand
    | RiskCommand
    | SessionCommand
    | BasketCommand
    | ConfirmHold
    | EscalationCommand
)
VenueMessage = ExecutionReport | CancelReject | SessionMessage
Input = (
    ClientCommand
    | VenueMessage
    | Timer
    | MarketCondition
    | OutsideAnswer
    | RouteStopped
    | RecoveryMessage
    | DownstreamOutcome
    | ClockMessage
)
