"""Choices of the planning desk: an order with no way named, its plan, and one candidate of the choice."""

from __future__ import annotations

import msgspec

from sottovoce.core.choices import Choice, PlanCandidate
from sottovoce.core.instrument import Instrument
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.planner import plan_order
from sottovoce.stages.planning.tolerances import RiskProfile
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, Weekdays, view

FREE = desk.order(qty=500_000)


def planned(order: ParentOrder, of: Instrument = AAPL, config: PlanningConfig | None = None) -> Plan:
    return plan_order(order, of, Weekdays(), config or PlanningConfig(), view(of))


def chosen(order: ParentOrder, of: Instrument = AAPL, config: PlanningConfig | None = None) -> Choice:
    choice = planned(order, of, config).choice
    assert choice is not None
    return choice


def named(choice: Choice, name: str) -> PlanCandidate:
    return next(each for each in choice.candidates if each.name == name)


def priced(price: float, **more: object) -> PlanningConfig:
    """A manager's price of risk for every order of the test account."""
    profile = RiskProfile(name="pm", accounts=("FUND-1",), risk_price=price)
    return PlanningConfig(profiles=(msgspec.structs.replace(profile, **more),))
