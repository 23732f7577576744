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

from sottovoce.core import commands as c
from sottovoce.core import events as e
from sottovoce.core.errors import ConfigError
from sottovoce.core.ports import ReferenceData, TradingCalendar, VenueFacts
from sottovoce.core.stage import Applier, Decider, Stage
from sottovoce.runtime.config import Config
from sottovoce.stages.algos.algos import Algos
from sottovoce.stages.approval import Approval
from sottovoce.stages.blotter import Blotter
from sottovoce.stages.executions.executions import Executions
from sottovoce.stages.gateway.gateway import Gateway
from sottovoce.stages.planning.stage import Planning
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
    # an order on its way to being worked
    e.OrderAccepted: "risk",
    e.OrderCleared: "planning",
    e.OrderPlanned: "approval",
    e.ReleaseAccepted: "approval",
    e.RefusalAccepted: "approval",
    c.ApprovalExpiry: "approval",
    e.OrderApproved: "algos",
    # a change on its way
    e.AmendAccepted: "approval",
    e.AmendAllowed: "risk",
    e.AmendCleared: "algos",
    # a child on its way out
    c.AlgoWake: "algos",
    e.ChildCreated: "risk",
    e.ChildApproved: "routing",
    # cancels always leave
    e.CancelAccepted: "algos",
    e.PauseAccepted: "algos",
    e.ResumeAccepted: "algos",
    e.HaltSet: "algos",
    e.ParentPaused: "algos",
    e.InputPoisoned: "algos",
    e.ChildCancelRequested: "executions",
    # news from venues, and what it means for the parent
    c.ExecutionReport: "executions",
    c.CancelReject: "executions",
    e.Fill: "algos",
    e.RouteUpdated: "algos",
    e.ChildRejected: "algos",
    e.ChildUnrouted: "algos",
}

_encode = msgspec.json.Encoder(order="deterministic").encode


class System:
    """The stages of one desk, wired by EDGES. Every runner uses the same System."""

    def __init__(self, stages: Sequence[Stage]) -> None:
        self.stages = tuple(stages)
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
            whole.update(_encode(stage.state()))
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
    return System(
        [
            Gateway(config.directory, reference, calendar),
            Risk(config.limits, reference),
            Planning(reference, calendar, config.planning),
            Approval(config.approval, reference, secret),
            Algos(config.algos),
            Routing(config.routing, venues, secret),
            Executions(venues),
            Blotter(),
        ]
    )
