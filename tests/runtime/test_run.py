"""A run: orders in at the open, held or released, worked to their end, the same every time."""

from __future__ import annotations

import pytest

from sottovoce.adapters.journal.memory import MemoryJournal
from sottovoce.core.commands import NewOrder, ReleaseHold
from sottovoce.core.enums import ParentStatus, Side, Strategy
from sottovoce.core.order_events import OrderRefused
from sottovoce.core.plan_events import OrderHeld
from sottovoce.core.route_events import ChildRouted
from sottovoce.runtime.config import ACCOUNT, SIMULATED_RISK, TRADER
from sottovoce.runtime.run import AFTER_NS, APPROVAL_DELAY_NS, SETTLE_NS
from tests.adapters.journal.worked import desk, morning, order, work_morning


def large() -> NewOrder:
    """300,000 shares, worth about $27M: over the value that needs a second person."""
    return NewOrder(
        principal=TRADER,
        account=ACCOUNT,
        cl_ord_id="LARGE",
        symbol="MSFT",
        side=Side.SELL,
        order_qty=300_000,
        strategy=Strategy.SOR,
    )


def test_market_is_open_a_second_in_when_orders_come() -> None:
    run = desk(MemoryJournal())
    assert run.now_ns == run.sessions[0].open_ns + SETTLE_NS
    (state,) = run.market.states().values()
    assert 0 < state.bid < state.ask


def test_same_run_twice_is_the_same_record() -> None:
    first, second = MemoryJournal(), MemoryJournal()
    for journal in (first, second):
        work_morning(desk(journal))
    assert first.head() == second.head()
    assert tuple(step for _, step in first.steps()) == morning()


def test_another_seed_is_another_market() -> None:
    one, other = MemoryJournal(), MemoryJournal()
    work_morning(desk(one, seed=7))
    work_morning(desk(other, seed=8))
    assert one.head() != other.head()


def test_every_order_ends_and_the_market_runs_on_for_the_markouts() -> None:
    run = desk(MemoryJournal())
    work_morning(run)
    rows = run.rows()
    assert [row.status for row in rows] == [ParentStatus.DONE] * 4 + [ParentStatus.REJECTED]
    last = max(step.ts_ns for step in morning())
    assert run.now_ns >= last
    assert run.now_ns - last <= AFTER_NS


def test_refused_order_is_a_row_and_stops_nothing() -> None:
    run = desk(MemoryJournal())
    step = run.submit(order(1, symbol="NOSUCH"))
    assert isinstance(step.events[0], OrderRefused)
    run.submit(order(2))
    run.work()
    assert [row.status for row in run.rows()] == [ParentStatus.REJECTED, ParentStatus.DONE]


def test_held_order_waits_and_sends_nothing_when_nobody_plays_the_second_person() -> None:
    run = desk(MemoryJournal())
    assert any(isinstance(event, OrderHeld) for event in run.submit(large()).events)
    run.work()
    (row,) = run.rows()
    assert row.status is ParentStatus.HELD
    assert not any(isinstance(event, ChildRouted) for _, step in run.journal.steps() for event in step.events)


def test_held_order_is_released_by_the_risk_officer_a_minute_later() -> None:
    run = desk(MemoryJournal())
    run.approve = True
    entered_ns = run.submit(large()).ts_ns
    run.work()
    (release,) = [step for _, step in run.journal.steps() if isinstance(step.input, ReleaseHold)]
    assert isinstance(release.input, ReleaseHold)
    assert release.input.principal == SIMULATED_RISK
    assert release.ts_ns == entered_ns + APPROVAL_DELAY_NS
    (hold,) = run.holds.values()
    assert release.input.plan_digest == hold.plan_digest
    sent = [step.ts_ns for _, step in run.journal.steps() for e in step.events if isinstance(e, ChildRouted)]
    assert sent
    assert min(sent) >= release.ts_ns


@pytest.mark.parametrize("approve", [True, False])
def test_nothing_is_released_that_was_not_held(approve: bool) -> None:
    run = desk(MemoryJournal())
    run.approve = approve
    run.submit(order(1))
    run.work()
    assert run.holds == {}
    assert not any(isinstance(step.input, ReleaseHold) for _, step in run.journal.steps())
