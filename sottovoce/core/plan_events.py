"""What planning and approval decide: a plan, a new plan for what is left, a hold for a person, the word to start."""

from __future__ import annotations

from sottovoce.core.event import Event
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.replan_events import Departure, PlanBounds, PlanFigures


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
    """No plan could be made for what is left, or none within bounds: the one in force goes on in size and limit.

    amended: it was a person's change that could not be planned, so that a person has to look.
    """

    failures: tuple[Failure, ...]
    amended: bool = False


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


PlanEvent = OrderPlanned | ReplanWanted | OrderReplanned | ReplanRefused | OrderHeld | OrderApproved
