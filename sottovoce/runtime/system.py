"""The one page that names every stage and every edge.

A message has one stage that decides on it. A stage's own appliers say what else it listens to. The path of an
order, top to bottom:

    NewOrder ─► gateway ─► OrderAccepted ─► risk ─► OrderCleared ─► planning ─► OrderPlanned ─► approval
    ─► OrderApproved ─► algos ─► ChildCreated ─► risk ─► ChildApproved ─► routing ─► ChildRouted ─► (venue)
    (venue) ─► ExecutionReport ─► executions ─► Fill, RouteUpdated ─► algos ─► ParentDone ─► blotter
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core import breaker_commands as b
from sottovoce.core import breaker_events as be
from sottovoce.core import clearance_events as ve
from sottovoce.core import clock_commands as cl
from sottovoce.core import clock_events as ce
from sottovoce.core import commands as c
from sottovoce.core import escalation_commands as ec
from sottovoce.core import execution_events as xe
from sottovoce.core import limit_commands as lc
from sottovoce.core import order_events as oe
from sottovoce.core import override_events as o
from sottovoce.core import plan_events as pe
from sottovoce.core import recovery_commands as r
from sottovoce.core import recovery_events as re
from sottovoce.core import risk_commands as rc
from sottovoce.core import risk_events as rk
from sottovoce.core import route_events as te
from sottovoce.core import session_commands as s
from sottovoce.core import session_events as se
from sottovoce.core import work_events as we
from sottovoce.core.basket_commands import BasketExpiry, NewBasket, RefuseBasket, ReleaseBasket
from sottovoce.core.basket_events import BasketAccepted, BasketCleared, BasketReleased
from sottovoce.core.condition_commands import MarketCondition
from sottovoce.core.errors import ConfigError
from sottovoce.core.kill_sweep import KillSweep
from sottovoce.core.limits import rows_of
from sottovoce.core.override_commands import ConfirmHold
from sottovoce.core.ports import ReferenceData, TradingCalendar, VenueFacts
from sottovoce.core.stage import Applier, Decider, Stage
from sottovoce.runtime.config import Config
from sottovoce.runtime.founding import founding
from sottovoce.stages.algos.algos import Algos
from sottovoce.stages.approval.approval import Approval
from sottovoce.stages.blotter import Blotter
from sottovoce.stages.breakers.breakers import Breakers
from sottovoce.stages.conditions import Conditions
from sottovoce.stages.continuity import Continuity
from sottovoce.stages.escalations.escalations import Escalations
from sottovoce.stages.executions.executions import Executions
from sottovoce.stages.gateway.gateway import Gateway
from sottovoce.stages.kills.kills import Kills
from sottovoce.stages.limits.limits import Limits
from sottovoce.stages.planning.stage import Planning
from sottovoce.stages.record_keeping import RecordKeeping
from sottovoce.stages.risk.risk import Risk
from sottovoce.stages.routing.routing import Routing

EDGES: Mapping[type, str] = {
    # what people and programs ask
    c.NewOrder: "gateway",
    c.AmendOrder: "gateway",
    c.CancelOrder: "gateway",
    c.PauseOrder: "gateway",
    c.ResumeOrder: "gateway",
    c.ReleaseHold: "gateway",
    c.RefuseHold: "gateway",
    c.HaltTrading: "gateway",
    c.ResumeTrading: "gateway",
    # what the desk's own watch over the market says
    MarketCondition: "conditions",
    NewBasket: "gateway",
    ReleaseBasket: "gateway",
    RefuseBasket: "gateway",
    # a list of orders: whole first, then leg by leg
    BasketCleared: "gateway",
    BasketReleased: "planning",
    BasketExpiry: "gateway",
    # limits and lists, and the changes of them
    lc.ProposeLimits: "limits",
    lc.ProposeLists: "limits",
    lc.ApproveChange: "limits",
    lc.WithdrawChange: "limits",
    lc.ChangeExpiry: "limits",
    lc.RowEnd: "limits",
    # an order on its way to being worked
    oe.OrderAccepted: "risk",
    ve.OrderCleared: "planning",
    pe.OrderPlanned: "approval",
    oe.ReleaseAccepted: "approval",
    oe.RefusalAccepted: "approval",
    c.ApprovalExpiry: "approval",
    ConfirmHold: "approval",
    o.HoldReviewed: "approval",
    o.PlanAsked: "planning",
    o.RecheckAsked: "risk",
    o.RecheckPassed: "approval",
    o.RecheckFailed: "approval",
    pe.OrderApproved: "algos",
    # a change on its way
    oe.AmendAccepted: "approval",
    oe.AmendAllowed: "risk",
    se.ChildReplaceWanted: "risk",
    BasketAccepted: "risk",
    ve.AmendCleared: "algos",
    pe.ReplanWanted: "planning",
    pe.OrderReplanned: "algos",
    pe.ReplanRefused: "algos",
    se.ChildReplaceRejected: "algos",
    # what risk is told, and what it waits for
    rc.RecordPosition: "risk",
    rc.RecordLocate: "risk",
    rc.SetShortSaleTest: "risk",
    rc.ReenableScope: "risk",
    rc.OutsideAnswer: "risk",
    rc.OutsideExpiry: "risk",
    rk.OutsideAnswered: "risk",
    rc.MarkPositions: "risk",
    rk.PositionsMarked: "risk",
    # a child on its way out
    c.AlgoWake: "algos",
    we.ChildCreated: "risk",
    ve.ChildApproved: "routing",
    # downstreams that fail, and what waits for them
    b.DownstreamOutcome: "breakers",
    b.BreakerRetry: "breakers",
    b.ProbeDeadline: "breakers",
    b.AvoidanceOver: "breakers",
    b.QueueTick: "breakers",
    be.ChildBlocked: "breakers",
    be.ChildDequeued: "risk",
    # cancels always leave
    oe.CancelAccepted: "algos",
    oe.PauseAccepted: "algos",
    oe.ResumeAccepted: "algos",
    oe.HaltSet: "kills",
    KillSweep: "kills",
    xe.ParentPaused: "algos",
    xe.InputPoisoned: "algos",
    we.ChildCancelRequested: "executions",
    # the life of the process itself
    r.DeskRestarted: "continuity",
    r.ArrivalDenied: "continuity",
    r.ClockJumped: "continuity",
    r.DayRoll: "continuity",
    # the clock and the second store of the record
    cl.ClockReading: "record_keeping",
    cl.RecordStoreReport: "record_keeping",
    # questions to people, and what they answer
    ec.AckEscalation: "escalations",
    ec.AnswerEscalation: "escalations",
    ec.EscalationWatch: "escalations",
    ec.EscalationDue: "escalations",
    ec.UnexplainedDue: "escalations",
    se.OrderUnknown: "escalations",
    se.BreakOpened: "escalations",
    se.BreakClosed: "escalations",
    we.WorkStarted: "escalations",
    pe.OrderHeld: "escalations",
    o.HoldReleased: "escalations",
    ve.OrderRejected: "escalations",
    we.ParentDone: "escalations",
    rk.ConductAlert: "escalations",
    rk.ScopeLatched: "escalations",
    rk.ScopeReenabled: "escalations",
    be.BreakerOpened: "escalations",
    be.BreakerClosed: "escalations",
    se.SessionDown: "escalations",
    se.SessionUp: "escalations",
    ce.RecordStoreLost: "escalations",
    ce.RecordStoreBack: "escalations",
    re.ClockJumpSeen: "escalations",
    # news from venues, and what it means for the parent
    c.ExecutionReport: "executions",
    c.CancelReject: "executions",
    s.SessionStatus: "executions",
    s.MassStatusEnd: "executions",
    s.DropCopyReport: "executions",
    s.RouteStopped: "executions",
    # what venues owe us, and what people declare when nobody can tell
    te.ChildRouted: "executions",
    s.AckTimeout: "executions",
    s.DropCopySweep: "executions",
    s.ResolveUnknown: "executions",
    s.CloseBreak: "executions",
    se.ChildReplaceApproved: "executions",
    xe.Fill: "algos",
    xe.RouteUpdated: "algos",
    ve.ChildRejected: "algos",
    te.ChildUnrouted: "algos",
}

_encode = msgspec.json.Encoder().encode


class System:
    """The stages of one desk, wired by EDGES. Every runner uses the same System."""

    def __init__(self, stages: Sequence[Stage], founded: Mapping[str, str] | None = None) -> None:
        """founded: what the first record of its journal says of it (founding.py)."""
        self.stages, self.founded = tuple(stages), dict(founded or {})
        self.deciders = _deciders(self.stages)
        self.appliers: dict[type, tuple[Applier, ...]] = {}
        for stage in self.stages:
            for event_type, applier in stage.appliers().items():
                self.appliers[event_type] = (*self.appliers.get(event_type, ()), applier)

    def stage(self, name: str) -> Stage:
        """The stage of that name. Raises ConfigError."""
        for stage in self.stages:
            if stage.name == name:
                return stage
        raise ConfigError(f"there is no stage {name}", code="no_such_stage")

    def apply(self, event: object) -> None:
        """Fold one event into every stage that listens to it."""
        for applier in self.appliers.get(type(event), ()):
            applier(event)

    def digest(self) -> str:
        """SHA-256 of the canonical state of all stages, hex: equal states give equal digests."""
        whole = hashlib.sha256()
        for stage in self.stages:
            whole.update(stage.name.encode())
            # The encoder itself sorts no dictionary whose keys are numbers.
            whole.update(_encode(msgspec.to_builtins(stage.state(), str_keys=True, order="deterministic")))
        return whole.hexdigest()

    def save(self) -> dict[str, bytes]:
        """The state of every stage, as restore takes it (insertion order kept)."""
        return {stage.name: msgspec.json.encode(stage.state()) for stage in self.stages}

    def restore(self, states: Mapping[str, bytes]) -> None:
        """Take over saved states."""
        for stage in self.stages:
            stage.restore(states[stage.name])

    @property
    def blotter(self) -> Blotter:
        """The read model of parents."""
        stage = self.stage("blotter")
        assert isinstance(stage, Blotter)
        return stage


def _deciders(stages: Sequence[Stage]) -> dict[type, tuple[str, Decider]]:
    """Message type → (stage name, function). The stages and the page must agree exactly."""
    found = {message: (stage.name, decide) for stage in stages for message, decide in stage.deciders().items()}
    declared = dict(EDGES)
    actual = {message: name for message, (name, _) in found.items()}
    if actual != declared:
        odd = sorted(m.__name__ for m in set(actual) ^ set(declared)) or sorted(
            m.__name__ for m in actual if actual[m] != declared[m]
        )
        raise ConfigError(f"stages and EDGES disagree about {', '.join(odd)}", code="edges")
    return found


def build_system(
    config: Config, reference: ReferenceData, calendar: TradingCalendar, venues: Sequence[VenueFacts]
) -> System:
    """The desk's system: every stage with its configuration and the reference data it may look at."""
    secret = config.secret_bytes()
    lists = rows_of((), config.limits.list_versions(), config.limits.version)
    return System(
        [
            Gateway(config.directory, reference, calendar, venues, config.gateway, lists),
            Risk(config.limits.limit_rows(), reference, config.risk, config.directory, calendar),
            Limits(config.limits.limit_rows(), config.directory, reference, config.limits_policy),
            Planning(reference, calendar, config.planning, venues),
            Approval(config.approval, reference, secret, config.directory),
            Conditions(),
            Algos(config.algos),
            Routing(config.routing, venues, secret),
            Executions(venues, config.executions, config.directory),
            Continuity(config.continuity, calendar),
            RecordKeeping(config.clock),
            Breakers(config.breakers),
            Kills(config.kills),
            Escalations(config.escalations, config.directory),
            Blotter(),
        ],
        founding(config, reference),
    )
