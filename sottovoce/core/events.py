"""What the stages decide. One stage constructs each event; its type says what has been proved so far.

Every event carries the parent it belongs to and the time of the step. Quantity moves between the buckets of
the parent's ledger are spelled out in the event, so every stage that folds it arrives at the same figures.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.band_events import BandEvent
from sottovoce.core.basket_events import BasketEvent
from sottovoce.core.breaker_events import BreakerEvent
from sottovoce.core.clock_events import ClockEvent
from sottovoce.core.commands import Timer
from sottovoce.core.condition_events import ConditionEvent
from sottovoce.core.enums import LastLiquidityInd, Side
from sottovoce.core.envelope_events import EnvelopeEvent
from sottovoce.core.escalation_events import EscalationEvent
from sottovoce.core.event import Event
from sottovoce.core.halts import HaltScope, Standing
from sottovoce.core.kill_events import KillEvent
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.limit_events import LimitEvent
from sottovoce.core.orders import NO_TERMS, AmendedTerms, Child, Failure, ParentOrder, Plan, Route
from sottovoce.core.override_commands import OverrideReason
from sottovoce.core.override_events import OverrideEvent
from sottovoce.core.ratio_events import RatioEvent
from sottovoce.core.recovery_events import RecoveryEvent
from sottovoce.core.replan_events import Departure, PlanBounds, PlanFigures, ReplanEvent
from sottovoce.core.risk_events import RiskEvent
from sottovoce.core.session_events import SessionEvent

# gateway -------------------------------------------------------------------------------------------------


class OrderAccepted(Event, frozen=True, kw_only=True, gc=False, tag="order_accepted"):
    """The order passed the gateway's stages and may be looked at by risk.

    holds are rules it broke that a person may let pass.
    """

    order: ParentOrder
    body_digest: str
    holds: tuple[Failure, ...] = ()


class OrderRefused(Event, frozen=True, kw_only=True, gc=False, tag="order_refused"):
    """The order never got past the gateway; its client id is burned."""

    account: str
    cl_ord_id: str
    body_digest: str
    failures: tuple[Failure, ...]


class AnswerRepeated(Event, frozen=True, kw_only=True, gc=False, tag="answer_repeated"):
    """The same client id and body came again: the stored answer stands, nothing else happens."""

    account: str
    cl_ord_id: str


class CommandRefused(Event, frozen=True, kw_only=True, gc=False, tag="command_refused"):
    """A request about an existing order, or about the desk, was not allowed."""

    principal: str
    command: str
    failures: tuple[Failure, ...]


class AmendAccepted(Event, frozen=True, kw_only=True, gc=False, tag="amend_accepted"):
    """A change of a live parent may be looked at by approval and risk."""

    principal: str
    order_qty: int
    limit_px: int | None
    terms: AmendedTerms = NO_TERMS


class AmendAllowed(Event, frozen=True, kw_only=True, gc=False, tag="amend_allowed"):
    """The change needs no second person of its own. held: its order waits for one, and will be judged again."""

    principal: str
    order_qty: int
    limit_px: int | None
    terms: AmendedTerms = NO_TERMS
    held: bool = False


class CancelAccepted(Event, frozen=True, kw_only=True, gc=False, tag="cancel_accepted"):
    principal: str
    reason: str


class PauseAccepted(Event, frozen=True, kw_only=True, gc=False, tag="pause_accepted"):
    principal: str


class ResumeAccepted(Event, frozen=True, kw_only=True, gc=False, tag="resume_accepted"):
    principal: str


class ReleaseAccepted(Event, frozen=True, kw_only=True, gc=False, tag="release_accepted"):
    """The gateway knows the person and the order; approval decides whether this person may release it."""

    principal: str
    plan_digest: str
    reason_code: OverrideReason = OverrideReason.REVIEWED
    reason: str = ""


class RefusalAccepted(Event, frozen=True, kw_only=True, gc=False, tag="refusal_accepted"):
    principal: str
    reason: str


class HaltSet(Event, frozen=True, kw_only=True, gc=False, tag="halt_set"):
    """Nothing that raises exposure leaves within the scope, and every live order in it gets a cancel."""

    halt: Standing


class HaltLifted(Event, frozen=True, kw_only=True, gc=False, tag="halt_lifted"):
    """A halt is over; what it paused stays paused until a person resumes it."""

    principal: str
    scope: HaltScope
    conduct: bool = False


# risk ----------------------------------------------------------------------------------------------------


class OrderCleared(Event, frozen=True, kw_only=True, gc=False, tag="order_cleared"):
    """Risk has reserved the order's worst case: reserved_qty shares at worst_px.

    sector and country are those it counts in; ref_px and ref_age_ns the reference price it was judged by. holds are
    soft limits passed, for a person to release; warnings are for the record.
    """

    order: ParentOrder
    reserved_qty: int
    worst_px: int
    limits_version: int
    sector: str = ""
    country: str = ""
    ref_px: int = 0
    ref_age_ns: int = 0
    holds: tuple[Failure, ...] = ()
    warnings: tuple[Failure, ...] = ()


class OrderRejected(Event, frozen=True, kw_only=True, gc=False, tag="order_rejected"):
    """Risk, planning or approval stopped the order before anything was sent."""

    failures: tuple[Failure, ...]
    by: str


class AmendCleared(Event, frozen=True, kw_only=True, gc=False, tag="amend_cleared"):
    """The new size is reserved; the ledger's target changes."""

    order_qty: int
    limit_px: int | None
    reserved_qty: int
    worst_px: int
    terms: AmendedTerms = NO_TERMS


class AmendRejected(Event, frozen=True, kw_only=True, gc=False, tag="amend_rejected"):
    failures: tuple[Failure, ...]
    principal: str = ""


class ChildApproved(Event, frozen=True, kw_only=True, gc=False, tag="child_approved"):
    """The child passed every check and draws on its parent's reservation.

    ref_px and ref_age_ns are the reference price it was judged by, market_volume the feed's counter then, own_qty what
    of it all our orders in the name had traded; warnings are for the record.
    """

    child: Child
    limits_version: int
    ref_px: int = 0
    ref_age_ns: int = 0
    market_volume: int = 0
    own_qty: int = 0
    warnings: tuple[Failure, ...] = ()


class ChildRejected(Event, frozen=True, kw_only=True, gc=False, tag="child_rejected"):
    """The child was stopped; its quantity is unsent again."""

    child_id: str
    qty: int
    failures: tuple[Failure, ...]


# planning and approval -----------------------------------------------------------------------------------


class OrderPlanned(Event, frozen=True, kw_only=True, gc=False, tag="order_planned"):
    order: ParentOrder
    plan: Plan
    plan_digest: str


class ReplanWanted(Event, frozen=True, kw_only=True, gc=False, tag="replan_wanted"):
    """What is left of an order, as an order of its own from now on: to be planned again, after an amendment, or because
    the market has departed from the plan; then within bounds, and before says what the plan in force promised.
    """

    rest: ParentOrder
    departure: Departure | None = None
    bounds: PlanBounds | None = None
    before: PlanFigures | None = None


class OrderReplanned(Event, frozen=True, kw_only=True, gc=False, tag="order_replanned"):
    """The plan for what is left of an order; what was filled before it stays outside it."""

    rest: ParentOrder
    plan: Plan
    departure: Departure | None = None
    before: PlanFigures | None = None


class ReplanRefused(Event, frozen=True, kw_only=True, gc=False, tag="replan_refused"):
    """No plan could be made for what is left, or none within bounds: the one in force goes on in size and limit."""

    failures: tuple[Failure, ...]


class OrderHeld(Event, frozen=True, kw_only=True, gc=False, tag="order_held"):
    """Rules ask for people: nothing is sent until one of each role named says so, or it expires.

    plan_digest is what a release names: it covers the order, its plan, every rule with its figure, and the deadline.
    """

    order: ParentOrder
    plan: Plan
    rules: tuple[Failure, ...]
    role: str
    expires_ns: int
    plan_digest: str


class OrderApproved(Event, frozen=True, kw_only=True, gc=False, tag="order_approved"):
    """The order may be worked as planned. by is "rule" or the person who released it."""

    order: ParentOrder
    plan: Plan
    by: str
    seed: int


# algos ---------------------------------------------------------------------------------------------------


class TimerSet(Event, frozen=True, kw_only=True, gc=False, tag="timer_set"):
    """Wake me: the runtime delivers the timer at at_ns, after this step is durable."""

    at_ns: int
    timer: Timer


class WorkStarted(Event, frozen=True, kw_only=True, gc=False, tag="work_started"):
    """The first look at the market for this parent, shares: the feed's counter then, and what of it was our own.

    own_qty is what all our parents in the name have traded; it stands in the event since steps of other parents may be
    on their way at the same time.
    """

    market_volume: int
    own_qty: int = 0


class ChildCreated(Event, frozen=True, kw_only=True, gc=False, tag="child_created"):
    """Quantity moved from unsent to working, not yet allowed to leave."""

    child: Child
    number: int
    due_qty: int
    target_qty: int


class ChildCancelRequested(Event, frozen=True, kw_only=True, gc=False, tag="child_cancel_requested"):
    """Pull every live route of this child; again: those too whose cancel a venue has not answered."""

    child_id: str
    reason: str
    again: bool = False


class ParentReturned(Event, frozen=True, kw_only=True, gc=False, tag="parent_returned"):
    """Unsent quantity given back to the manager, with the reason."""

    qty: int
    reason: str


class ParentDone(Event, frozen=True, kw_only=True, gc=False, tag="parent_done"):
    """Nothing works and nothing is unsent."""

    reason: str


# routing -------------------------------------------------------------------------------------------------


class ChildRouted(Event, frozen=True, kw_only=True, gc=False, tag="child_routed"):
    """One order for one venue: the only message that may leave as a new order."""

    route: Route
    decision_id: str


class ChildUnrouted(Event, frozen=True, kw_only=True, gc=False, tag="child_unrouted"):
    """No eligible venue for this much of the child; it is unsent again."""

    child_id: str
    qty: int
    failures: tuple[Failure, ...]


class Candidate(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """A venue as the router saw it; score is the sum of the parts, price units a share, higher is better."""

    venue: str
    eligible: bool
    reason: str = ""
    score: int = 0
    price: int = 0
    fee: int = 0
    adverse: int = 0
    miss: int = 0
    latency: int = 0
    size: int = 0
    displayed: int = 0
    allocated: int = 0


class RouteDecided(Event, frozen=True, kw_only=True, gc=False, tag="route_decided"):
    """Why these venues: every candidate with its score, the runner-up, the quote and feed sequence seen.

    Evidence: kept beside the step under its hash, read by people and analytics, never by a stage.
    """

    decision_id: str
    child_id: str
    candidates: tuple[Candidate, ...]
    winner: str
    runner_up: str
    margin: int
    bid: int
    ask: int
    feed_seq: int
    seed: int
    explored: bool


# executions ----------------------------------------------------------------------------------------------


class Fill(Event, frozen=True, kw_only=True, gc=False, tag="fill"):
    """A trade. The three from_ fields and over_qty add up to qty and say which bucket it came out of."""

    child_id: str
    cl_ord_id: str
    exec_id: str
    venue: str
    side: Side
    qty: int
    px: int
    fee: int
    liquidity: LastLiquidityInd
    transact_ns: int
    mid_px: int
    half_spread: int
    from_working: int
    from_unsent: int
    from_returned: int
    over_qty: int
    late: bool


class RouteUpdated(Event, frozen=True, kw_only=True, gc=False, tag="route_updated"):
    """An order at a venue has a new state; freed_qty of its child is unsent again.

    raised_qty is what a venue's replace raised the order by: it leaves unsent for working. denied: the venue said that
    it does not know the order, so it has not acknowledged it by that.
    """

    child_id: str
    state: OrderState
    freed_qty: int
    raised_qty: int
    exec_id: str
    cause: str
    denied: bool = False


class RouteCancelRequested(Event, frozen=True, kw_only=True, gc=False, tag="route_cancel_requested"):
    """OrderCancelRequest(F) for one order at one venue: always allowed to leave."""

    route: Route
    state: OrderState


class FillBusted(Event, frozen=True, kw_only=True, gc=False, tag="fill_busted"):
    """The venue undid a trade; traded again only on a person's word."""

    child_id: str
    cl_ord_id: str
    exec_id: str
    exec_ref_id: str
    qty: int
    px: int
    fee: int


class FillCorrected(Event, frozen=True, kw_only=True, gc=False, tag="fill_corrected"):
    """The venue restated a trade: old values out, new values in; moves as for a fill or a bust."""

    child_id: str
    cl_ord_id: str
    exec_id: str
    exec_ref_id: str
    old_qty: int
    old_px: int
    qty: int
    px: int
    from_working: int
    from_unsent: int
    from_returned: int
    over_qty: int
    busted_qty: int
    old_fee: int = 0
    fee: int = 0


class ReportIgnored(Event, frozen=True, kw_only=True, gc=False, tag="report_ignored"):
    """A report that had been counted before."""

    exec_id: str
    venue: str


class ReportQuarantined(Event, frozen=True, kw_only=True, gc=False, tag="report_quarantined"):
    """A report that cannot be true of this order: kept, shown, not applied."""

    exec_id: str
    venue: str
    cl_ord_id: str
    code: str
    text: str


class ParentPaused(Event, frozen=True, kw_only=True, gc=False, tag="parent_paused"):
    """The system itself stopped a parent: a person must look."""

    reason: str


class InputPoisoned(Event, frozen=True, kw_only=True, gc=False, tag="input_poisoned"):
    """A step failed inside; its effects were undone, its input kept, its parent held."""

    error: str


StageEvent = (
    OrderAccepted
    | OrderRefused
    | AnswerRepeated
    | CommandRefused
    | AmendAccepted
    | AmendAllowed
    | CancelAccepted
    | PauseAccepted
    | ResumeAccepted
    | ReleaseAccepted
    | RefusalAccepted
    | HaltSet
    | HaltLifted
    | OrderCleared
    | OrderRejected
    | AmendCleared
    | AmendRejected
    | ChildApproved
    | ChildRejected
    | OrderPlanned
    | ReplanWanted
    | OrderReplanned
    | ReplanRefused
    | OrderHeld
    | OrderApproved
    | TimerSet
    | WorkStarted
    | ChildCreated
    | ChildCancelRequested
    | ParentReturned
    | ParentDone
    | ChildRouted
    | ChildUnrouted
    | RouteDecided
    | Fill
    | RouteUpdated
    | RouteCancelRequested
    | FillBusted
    | FillCorrected
    | ReportIgnored
    | ReportQuarantined
    | ParentPaused
    | InputPoisoned
    | LimitEvent
    | ConditionEvent
    | RiskEvent
    | SessionEvent
    | BasketEvent
    | RecoveryEvent
    | ReplanEvent
    | BreakerEvent
    | KillEvent
    | OverrideEvent
    | ClockEvent
    | EscalationEvent
    | EnvelopeEvent
    | RatioEvent
    | BandEvent
)
