"""A desk under strain: what tells and what lowers risk goes on, all else waits or is refused (F-19, F-46, F-48)."""

from __future__ import annotations

from pathlib import Path

import pytest

from sottovoce.core.commands import AlgoWake, CancelOrder, HaltTrading
from sottovoce.core.enums import ParentStatus
from sottovoce.core.errors import ConnectivityError
from sottovoce.core.ids import parent_id
from sottovoce.core.session_commands import SessionStatus
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.runtime.live import SENTENCES, LiveDesk
from sottovoce.runtime.reconciliation import PATIENCE_NS
from tests.runtime.mortal_desk import Life, Street, recorded, resting
from tests.scenarios.small_desk import ACCOUNT, CLOSE_NS, RISK, TRADER, VENUES, new_order

PARENT = parent_id(ACCOUNT, "c-1")


@pytest.fixture
def life(tmp_path: Path) -> Life:
    """A life that accepts orders, with one order resting."""
    life = Life(tmp_path / "journal.db", Street()).run()
    life.desk.submit(resting())
    return life.run()


def strained(life: Life, code: str) -> LiveDesk:
    life.desk._strains = [lambda: code]
    return life.desk


@pytest.mark.parametrize("code", ["journal_full", "journal_slow", "audit_unavailable"])
def test_new_orders_are_refused_and_cancels_leave(life: Life, code: str) -> None:
    desk = strained(life, code)
    with pytest.raises(ConnectivityError) as refused:
        desk.submit(resting("c-2"))
    assert (refused.value.code, str(refused.value)) == (code, SENTENCES[code])
    desk.submit(CancelOrder(principal=TRADER, parent_id=PARENT))
    life.run()
    assert all(not order.open for order in life.street.book.orders.values())
    assert desk.engine.system.blotter.rows()[PARENT].status is ParentStatus.DONE


def test_halt_works_under_strain(life: Life) -> None:
    strained(life, "journal_full").submit(HaltTrading(principal=RISK, reason="drill"))
    life.run()
    assert all(not order.open for order in life.street.book.orders.values())


def test_fills_are_booked_under_strain(life: Life) -> None:
    strained(life, "journal_full")
    life.street.trade(life.orders()[0], 100)
    life.run()
    ledger = life.desk.engine.system.blotter.rows()[PARENT].ledger
    assert ledger is not None
    assert ledger.filled == 100


def test_schedules_wait_out_a_strain_and_then_go_on(tmp_path: Path) -> None:
    life = Life(tmp_path / "journal.db", Street()).run()
    life.desk.submit(new_order(end_ns=CLOSE_NS))
    strained(life, "journal_full")
    sent = len(life.sent())
    life.run(600 * NS_PER_SECOND)
    assert len(life.orders()) == len([one for one in life.sent()[:sent] if hasattr(one, "decision_id")])
    strained(life, "")
    life.run(600 * NS_PER_SECOND)
    assert len(life.sent()) > sent
    wakes = [step for step in recorded(tmp_path / "journal.db") if isinstance(step.input, AlgoWake)]
    assert wakes


def test_silent_venue_does_not_stop_the_desk_for_ever(life: Life, tmp_path: Path) -> None:
    """After its patience the desk goes on; the order nobody told about keeps its exposure."""
    life.die()
    street = life.street
    again = Life(tmp_path / "journal.db", street)
    again.line._news = []
    again.run(PATIENCE_NS // 2)
    assert again.desk.strain() == "reconciling"
    again.run(PATIENCE_NS)
    assert again.desk.strain() == ""
    assert again.desk.reconciliation.waiting == tuple(street.book.orders)
    ledger = again.desk.engine.system.blotter.rows()[PARENT].ledger
    assert ledger is not None
    assert ledger.working == 300


def test_line_lost_during_the_day_is_reconciled_before_anything_new_leaves(life: Life) -> None:
    name = life.orders()[0]
    line = life.line
    line.say([SessionStatus(venue=facts.venue, up=False) for facts in VENUES])
    life.run()
    assert life.desk.strain() == "reconciling"
    life.street.line = None
    life.street.trade(name, 100)
    life.street.line = line
    line.say([SessionStatus(venue=facts.venue, up=True) for facts in VENUES])
    life.run()
    assert life.desk.strain() == ""
    ledger = life.desk.engine.system.blotter.rows()[PARENT].ledger
    assert ledger is not None
    assert ledger.filled == 100
