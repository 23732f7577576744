"""kill -9 at each step of an order's life: what must be true after the restart (K1 to K15)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.core.clearance_events import OrderCleared
from sottovoce.core.commands import AmendOrder
from sottovoce.core.enums import OrdStatus, ParentStatus
from sottovoce.core.execution_events import Fill
from sottovoce.core.order_events import AnswerRepeated, OrderAccepted
from sottovoce.core.recovery_events import RouteNotResent, RouteResent
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import ArrivalDisproved, RouteReplaceRequested, StatusRequested
from sottovoce.core.units import NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.runtime.live import orders_of
from tests.runtime.mortal_desk import (
    PARENT,
    Killed,
    Life,
    Street,
    at_venue,
    conserved,
    die_now,
    events_of,
    fills_of,
    kill_on,
    resting,
    row,
    started,
)
from tests.scenarios.small_desk import CLOSE_NS, TRADER, WIDE_CONFIG, new_order

HELD_CONFIG = WIDE_CONFIG.__class__(
    directory=WIDE_CONFIG.directory, limits=WIDE_CONFIG.limits, approval=WIDE_CONFIG.approval.__class__(value_max=1)
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def test_k1_request_read_and_nothing_journaled(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.desk.engine.journal.append = die_now  # type: ignore[method-assign, assignment]
    with pytest.raises(Killed):
        life.desk.submit(resting())
    life.die()
    again = started(path, street)
    assert events_of(path, OrderAccepted) == []
    again.desk.submit(resting())
    assert len(events_of(path, OrderAccepted)) == at_venue(street) == 1


def test_k2_journaled_and_not_answered(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.journal.after_commit = die_now
    with pytest.raises(Killed):
        life.desk.submit(resting())
    life.die()
    again = started(path, street)
    answer = again.desk.submit(resting())
    assert [type(event) for event in answer.events] == [AnswerRepeated]
    assert len(events_of(path, OrderAccepted)) == at_venue(street) == 1


def test_k3_accepted_in_memory_and_risk_not_durable_leaves_no_half_decision(path: Path) -> None:
    """Acceptance and risk are one step here: both are recorded, or neither was and the retry is decided once."""
    street = Street()
    life = started(path, street)
    life.journal.before_commit = die_now
    with pytest.raises(Killed):
        life.desk.submit(resting())
    life.die()
    again = started(path, street)
    assert PARENT not in again.desk.engine.system.blotter.rows()
    again.desk.submit(resting())
    assert len(events_of(path, OrderAccepted)) == len(events_of(path, OrderCleared)) == 1


def test_k4_exposure_reserved_and_not_routed(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.desk.submit(new_order(start_ns=CLOSE_NS - NS_PER_HOUR, end_ns=CLOSE_NS))
    reserved = life.desk.engine.system.save()["risk"]
    life.die()
    again = Life(path, street)
    assert again.memory.system.save()["risk"] == reserved
    assert again.recovered.pending >= 1
    again.run()
    assert len(events_of(path, OrderCleared)) == 1


def test_k5_send_intent_journaled_and_not_sent(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.line.before_send = kill_on(ChildRouted)
    with pytest.raises(Killed):
        life.desk.submit(resting())
    life.die()
    decided = [event for event in events_of(path, ChildRouted) if isinstance(event, ChildRouted)]
    again = started(path, street)
    assert again.orders() == [decided[0].route.cl_ord_id]
    kinds = [type(message) for message in again.sent()]
    assert kinds.index(StatusRequested) < kinds.index(ChildRouted)
    assert at_venue(street) == len(events_of(path, RouteResent)) == 1
    assert conserved(again)


def test_k5_intent_that_is_too_old_is_not_sent_and_its_quantity_comes_back(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.line.before_send = kill_on(ChildRouted)
    with pytest.raises(Killed):
        life.desk.submit(resting())
    life.die()
    street.now_ns += 10 * 1_000_000_000
    again = started(path, street)
    old = {event.route.cl_ord_id for event in events_of(path, ChildRouted)[:1] if isinstance(event, ChildRouted)}
    assert len(events_of(path, RouteNotResent)) == len(events_of(path, ArrivalDisproved)) == 1
    assert not old & set(street.book.orders)
    again.run(5 * NS_PER_MINUTE)
    assert at_venue(street) <= len(events_of(path, ChildRouted)) - 1
    assert conserved(again)


def test_k6_sent_and_the_result_not_journaled(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.line.after_send = kill_on(ChildRouted)
    with pytest.raises(Killed):
        life.desk.submit(resting())
    life.die()
    again = started(path, street)
    assert again.orders() == []
    assert at_venue(street) == 1
    [sent] = orders_of(again.desk.engine.system).sent.values()
    assert sent.state.status is OrdStatus.NEW
    assert conserved(again)


def test_k7_acknowledgement_and_fills_received_and_not_journaled(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.desk.submit(resting())
    [name] = life.orders()
    street.trade(name, 100)
    life.die()
    street.trade(name, 200)
    again = started(path, street)
    assert sum(fills_of(path).values()) == 300
    assert row(again).status is ParentStatus.DONE
    assert at_venue(street) == 1
    assert conserved(again)


def test_k8_in_the_middle_of_applying_a_fill(path: Path) -> None:
    street = Street()
    life = started(path, street)
    life.desk.submit(resting())
    [name] = life.orders()
    street.trade(name, 100)
    life.memory.system.appliers[Fill] = (*life.memory.system.appliers[Fill][:1], die_now)
    life.desk.engine._paths[Fill] = (life.memory.system.appliers[Fill], True)
    with pytest.raises(Killed):
        life.run()
    life.die()
    again = started(path, street)
    assert list(fills_of(path).values()) == [100]
    assert conserved(again)


@pytest.mark.parametrize("arrived", [False, True])
def test_k9_replace_sent_and_not_answered_keeps_both_quantities(path: Path, arrived: bool) -> None:
    """Whether it arrived or not, the larger of the two counts until the venue has told which it is."""
    street = Street()
    life = started(path, street)
    life.desk.submit(resting())
    life.run()
    if arrived:
        life.line.after_send = kill_on(RouteReplaceRequested)
    else:
        life.line.before_send = kill_on(RouteReplaceRequested)
    with pytest.raises(Killed):
        life.desk.submit(AmendOrder(principal=TRADER, parent_id=PARENT, order_qty=200))
    life.die()
    again = Life(path, street)
    [sent] = orders_of(again.memory.system).sent.values()
    ledger = row(again).ledger
    assert ledger is not None
    assert sent.state.status is OrdStatus.PENDING_REPLACE
    assert (ledger.working, ledger.reduction) == (300, 100)
    again.run()
    [asked] = [message for message in again.sent() if isinstance(message, StatusRequested)][:1]
    assert asked.route.cl_ord_id == sent.route.cl_ord_id
    assert at_venue(street) == 1
    assert conserved(again)
