"""Every decision of the stages, as one type; which stage constructs an event says what has been proved so far.

Every event carries the parent it belongs to and the time of the step.
"""

from __future__ import annotations

from sottovoce.core.band_events import BandEvent
from sottovoce.core.basket_events import BasketEvent
from sottovoce.core.breaker_events import BreakerEvent
from sottovoce.core.clearance_events import ClearanceEvent
from sottovoce.core.clock_events import ClockEvent
from sottovoce.core.condition_events import ConditionEvent
from sottovoce.core.envelope_events import EnvelopeEvent
from sottovoce.core.escalation_events import EscalationEvent
from sottovoce.core.execution_events import ExecutionEvent
from sottovoce.core.kill_events import KillEvent
from sottovoce.core.limit_events import LimitEvent
from sottovoce.core.order_events import OrderEvent
from sottovoce.core.override_events import OverrideEvent
from sottovoce.core.plan_events import PlanEvent
from sottovoce.core.ratio_events import RatioEvent
from sottovoce.core.recovery_events import RecoveryEvent
from sottovoce.core.replan_events import ReplanEvent
from sottovoce.core.risk_events import RiskEvent
from sottovoce.core.route_events import RouteEvent
from sottovoce.core.session_events import SessionEvent
from sottovoce.core.work_events import WorkEvent

StageEvent = (
    OrderEvent
    | ClearanceEvent
    | PlanEvent
    | WorkEvent
    | RouteEvent
    | ExecutionEvent
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
