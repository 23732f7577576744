"""Every check in turn fails inside: nothing leaves, and it is said which (P2)."""

from __future__ import annotations

import pytest

from sottovoce.core.clearance_events import ChildApproved, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.enums import Strategy
from sottovoce.core.execution_events import InputPoisoned, ParentPaused
from sottovoce.core.market import MarketView
from sottovoce.core.route_events import ChildRouted
from sottovoce.stages.risk import gate, risk
from sottovoce.stages.risk.case import Check
from tests.runtime.test_engine import engine_of
from tests.scenarios.small_desk import MAX_AGE_NS, OPEN_NS, WIDE_CONFIG, drive, market_state, new_order, small_system

STATES = {name: market_state(name) for name in ("ACME", "BETA", "NADV")}
NOW = MarketView(OPEN_NS, STATES, MAX_AGE_NS)


def broken(check: Check, checks: tuple[Check, ...]) -> tuple[Check, ...]:
    """The same checks, one of which fails inside."""

    def fails(case: object) -> None:
        raise ZeroDivisionError(case)

    fails.__name__ = check.__name__
    return tuple(fails if each is check else each for each in checks)


@pytest.mark.parametrize("check", gate.ORDER_CHECKS, ids=lambda check: check.__name__)
def test_exception_in_any_order_check_rejects(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "ORDER_CHECKS", broken(check, gate.ORDER_CHECKS))
    engine = engine_of(small_system(WIDE_CONFIG))
    step = engine.step(OPEN_NS, new_order(strategy=Strategy.SOR), STATES)
    (stopped,) = [event for event in step.events if isinstance(event, OrderRejected)]
    assert [(failed.code, failed.value) for failed in stopped.failures] == [
        ("check_failed", f"{check.__name__}: ZeroDivisionError")
    ]
    assert not any(isinstance(event, OrderCleared | ChildRouted | InputPoisoned) for event in step.events)


@pytest.mark.parametrize("check", gate.CHILD_CHECKS, ids=lambda check: check.__name__)
def test_exception_in_any_child_check_stops_the_child(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk, "CHILD_CHECKS", broken(check, gate.CHILD_CHECKS))
    engine = engine_of(small_system(WIDE_CONFIG))
    step = engine.step(OPEN_NS, new_order(strategy=Strategy.SOR), STATES)
    assert any(isinstance(event, ChildRejected) for event in step.events)
    assert any(isinstance(event, ParentPaused) for event in step.events), "nobody is told to look"
    assert not any(isinstance(event, ChildRouted | ChildApproved | InputPoisoned) for event in step.events)


@pytest.mark.parametrize("table", ["ORDER_HOLDS", "ORDER_WARNINGS", "CHILD_WARNINGS"])
def test_exception_in_a_soft_check_is_not_lost(table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be judged by a hold is held; by a warning it is on the record."""
    first = getattr(gate, table)[0]
    monkeypatch.setattr(risk, table, broken(first, getattr(gate, table)))
    events = drive(small_system(WIDE_CONFIG), new_order(strategy=Strategy.TWAP, start_ns=OPEN_NS + 1), NOW)
    (cleared,) = [event for event in events if isinstance(event, OrderCleared)]
    said = [failed.code for failed in (*cleared.holds, *cleared.warnings)]
    assert ("check_failed" in said) is (table != "CHILD_WARNINGS")
