"""The escalations stage alone, with one order of ten thousand shares at work, and the events a test says happened."""

from __future__ import annotations

import msgspec

from sottovoce.core.access import Directory, Principal, Role
from sottovoce.core.choices import Expected
from sottovoce.core.commands import Input
from sottovoce.core.enums import DarkUse, LastLiquidityInd, Side, Strategy
from sottovoce.core.escalation_commands import AnswerEscalation, EscalationWatch
from sottovoce.core.escalation_events import EscalationClosed, EscalationRaised
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill
from sottovoce.core.market import MarketView
from sottovoce.core.orders import CURVE_ONE, Failure, ParentOrder, Plan
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.units import NS_PER_MINUTE, NS_PER_SECOND
from sottovoce.core.work_events import TimerSet, WorkStarted
from sottovoce.stages.escalations.config import EscalationConfig
from sottovoce.stages.escalations.escalations import Escalations
from sottovoce.stages.planning.conditions import watches
from sottovoce.stages.planning.config import PlanningConfig
from tests.scenarios.small_desk import ACCOUNT, MID, OPEN_NS, market_state
from tests.stages.algos.worked import plan

PARENT, QTY = "P-1", 10_000
PM, OTHER_PM, RISK, COMPLIANCE, OPERATIONS = "pm-1", "pm-2", "risk-1", "compliance-1", "operations-1"
PEOPLE = Directory(
    principals=(
        Principal(name=PM, role=Role.PORTFOLIO_MANAGER),
        Principal(name=OTHER_PM, role=Role.PORTFOLIO_MANAGER),
        Principal(name=RISK, role=Role.RISK),
        Principal(name=COMPLIANCE, role=Role.COMPLIANCE),
        Principal(name=OPERATIONS, role=Role.OPERATIONS),
        Principal(name="trader-1", role=Role.TRADER, accounts=(ACCOUNT,)),
    )
)
HOUR_NS = 60 * NS_PER_MINUTE
PLAN = plan(
    Strategy.VWAP,
    edges_ns=(OPEN_NS, OPEN_NS + 2 * HOUR_NS),
    max_participation_ppm=100_000,
    expected_cost_bps=10.0,
    watches=watches(PlanningConfig(), 100_000),
    expected=(
        Expected(at_ns=OPEN_NS, volume=0, move_ppm=0),
        Expected(at_ns=OPEN_NS + 2 * HOUR_NS, volume=1_000_000, move_ppm=10_000),
    ),
)


def order_of(parent_id: str = PARENT, **changes: object) -> ParentOrder:
    """Buy ten thousand within two hours."""
    plain = ParentOrder(
        parent_id=parent_id, cl_ord_id="c", account=ACCOUNT, principal="trader-1", instrument_id="ACME", symbol="ACME",
        side=Side.BUY, order_qty=QTY, accepted_ns=OPEN_NS, start_ns=OPEN_NS, end_ns=OPEN_NS + 2 * HOUR_NS, days=1,
        ref_version=1, arrival_px=MID, arrival_rule="mid", decision_px=MID, decision_ns=OPEN_NS, dark=DarkUse.ALLOW,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


class Asking:
    """The stage, a clock, and a market whose mid and printed volume a test sets."""

    def __init__(self, each: Plan = PLAN, order: ParentOrder | None = None, **config: object) -> None:
        self.stage = Escalations(msgspec.convert(config, EscalationConfig), PEOPLE)
        self.now_ns, self.mid, self.volume = OPEN_NS, MID, 0
        self.log: list[StageEvent] = []
        worked = order or order_of()
        self.happened(OrderApproved(parent_id=PARENT, ts_ns=OPEN_NS, order=worked, plan=each, by="", seed=1))
        self.happened(WorkStarted(parent_id=PARENT, ts_ns=OPEN_NS, market_volume=0))

    @property
    def view(self) -> MarketView:
        state = market_state(ts_ns=self.now_ns, volume=self.volume, mid=self.mid)
        return MarketView(self.now_ns, {"ACME": state}, 10**12)

    def happened(self, event: StageEvent) -> list[StageEvent]:
        """Apply an event, and all that the stage says to it."""
        for applier in [self.stage.appliers().get(type(event))]:
            if applier is not None:
                applier(event)
        return [event, *self.decided(event)]

    def decided(self, message: Input | StageEvent) -> list[StageEvent]:
        """What the stage says to a message, applied."""
        decide = self.stage.deciders().get(type(message))
        found = [] if decide is None else list(decide(message, self.view))
        return [each for event in found for each in self.happened(event)] if found else []

    def said(self, message: Input) -> list[StageEvent]:
        """The same, kept in the log."""
        found = self.decided(message)
        self.log += found
        return found

    def after(self, minutes: float, *, mid: int | None = None, volume: int | None = None) -> list[EscalationRaised]:
        """So many minutes after the open, with the market as given: the desk looks; the questions it asks."""
        self.now_ns = OPEN_NS + int(minutes * NS_PER_MINUTE)
        self.mid = self.mid if mid is None else mid
        self.volume = self.volume if volume is None else volume
        return raised(self.said(EscalationWatch(parent_id=PARENT, number=self.number)))

    @property
    def number(self) -> int:
        state = msgspec.json.decode(msgspec.json.encode(self.stage.state()))
        number: int = state["orders"][PARENT]["number"]
        return number

    def fill(self, qty: int, px: int = MID, over_qty: int = 0) -> None:
        """A trade of the order."""
        traded = Fill(
            parent_id=PARENT, ts_ns=self.now_ns, child_id="c", cl_ord_id="x", exec_id="e", venue="LITA",
            side=Side.BUY, qty=qty, px=px, fee=0, liquidity=LastLiquidityInd.REMOVED, transact_ns=self.now_ns,
            mid_px=px, half_spread=0, from_working=qty - over_qty, from_unsent=0, from_returned=0,
            over_qty=over_qty, late=False,
        )  # fmt: skip
        self.happened(traded)

    def answer(self, asked: EscalationRaised, choice: str, by: str = PM, digest: str | None = None) -> list[StageEvent]:
        """Somebody answers."""
        shown = asked.digest if digest is None else digest
        name = asked.escalation_id
        return self.said(AnswerEscalation(principal=by, escalation_id=name, digest=shown, choice=choice, reason="seen"))

    def wait(self, seconds: float) -> None:
        self.now_ns += int(seconds * NS_PER_SECOND)


def raised(events: list[StageEvent]) -> list[EscalationRaised]:
    return [event for event in events if isinstance(event, EscalationRaised)]


def closed(events: list[StageEvent]) -> list[EscalationClosed]:
    return [event for event in events if isinstance(event, EscalationClosed)]


def timers(events: list[StageEvent]) -> list[TimerSet]:
    return [event for event in events if isinstance(event, TimerSet)]


assert PLAN.curve == (0, CURVE_ONE)


def failed(code: str, control: str = "") -> Failure:
    return Failure(stage="risk", code=code, value="2 USD", limit="1", control=control)
