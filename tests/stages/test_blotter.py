"""The blotter: one row a parent, folded from events, true through every turn."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import (
    CancelOrder,
    ExecutionReport,
    HaltTrading,
    Input,
    PauseOrder,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.enums import ExecType, OrdStatus, ParentStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import InputPoisoned, ParentPaused
from sottovoce.core.ids import parent_id
from sottovoce.core.orders import Route
from sottovoce.core.route_events import ChildRouted
from sottovoce.stages.blotter import Blotter, BlotterRow
from tests.scenarios.small_desk import (
    ACCOUNT,
    COMPLIANCE,
    MID,
    OPEN_NS,
    OTHER_ACCOUNT,
    RISK,
    TICK,
    TRADER,
    UNKNOWN_ADV,
    drive,
    halt_scope,
    market_state,
    new_order,
    small_system,
    view_at,
)

PARENT = parent_id(ACCOUNT, "c-1")


class Desk:
    """One direct order of 1,000, sent."""

    def __init__(self) -> None:
        self.system = small_system()
        events = self.take(new_order(strategy=Strategy.SOR, order_qty=1_000))
        self.routes = [event.route for event in events if isinstance(event, ChildRouted)]
        self.said = 0

    def take(self, message: Input) -> list[StageEvent]:
        return drive(self.system, message, view_at())

    def say(self, route: Route, exec_type: ExecType, qty: int = 0, px: int = 0, ref: str = "") -> None:
        self.said += 1
        self.take(
            ExecutionReport(
                parent_id=PARENT, venue=route.venue, cl_ord_id=route.cl_ord_id, exec_id=f"X{self.said}",
                exec_type=exec_type, ord_status=OrdStatus.NEW, cum_qty=0, leaves_qty=0, transact_ns=OPEN_NS,
                last_qty=qty, last_px=px, exec_ref_id=ref,
            )
        )  # fmt: skip

    @property
    def row(self) -> BlotterRow:
        return self.system.blotter.rows()[PARENT]

    def status(self) -> ParentStatus:
        return self.row.status


def test_rows_are_in_order_of_arrival() -> None:
    system = small_system()
    for name in ("c-3", "c-1", "c-2"):
        drive(system, new_order(name), view_at())
    assert [row.cl_ord_id for row in system.blotter.rows().values()] == ["c-3", "c-1", "c-2"]


def test_refused_order_has_a_row_with_every_reason() -> None:
    system = small_system()
    drive(system, new_order(order_qty=0, days=0), view_at())
    (row,) = system.blotter.rows().values()
    assert (row.status, row.reason, row.done_ns) == (ParentStatus.REJECTED, "refused by the gateway", OPEN_NS)
    assert [failed.code for failed in row.failures] == ["bad_quantity", "bad_horizon"]
    assert row.ledger is None


def test_order_risk_rejected_says_who_and_returns_everything() -> None:
    system = small_system()
    states = {UNKNOWN_ADV.instrument_id: market_state(UNKNOWN_ADV.instrument_id)}
    drive(system, new_order(symbol="NADV"), view_at(OPEN_NS, states))
    (row,) = system.blotter.rows().values()
    assert (row.status, row.reason) == (ParentStatus.REJECTED, "rejected by risk")
    assert row.ledger is not None
    assert (row.ledger.returned, row.ledger.unsent) == (10_000, 0)


def test_money_follows_fills_busts_and_corrections() -> None:
    desk = Desk()
    route = desk.routes[0]
    desk.say(route, ExecType.TRADE, 100, MID)
    desk.say(route, ExecType.TRADE, 50, MID + TICK)
    value = 100 * MID + 50 * (MID + TICK)
    assert (desk.row.value, desk.row.fills, desk.row.status) == (value, 2, ParentStatus.WORKING)
    fees = desk.row.fees
    assert fees > 0
    desk.say(route, ExecType.TRADE_CANCEL, 20, ref="X1")
    assert desk.row.value == value - 20 * MID
    assert desk.row.fees < fees
    desk.say(route, ExecType.TRADE_CORRECT, 50, MID + 3 * TICK, ref="X2")
    assert desk.row.value == 80 * MID + 50 * (MID + 3 * TICK)


def test_late_fills_are_counted_after_the_end() -> None:
    desk = Desk()
    desk.take(CancelOrder(principal=TRADER, parent_id=PARENT))
    assert desk.row.status is ParentStatus.CANCELING
    for route in desk.routes:
        desk.say(route, ExecType.CANCELED)
    assert (desk.row.status, desk.row.done_ns) == (ParentStatus.DONE, OPEN_NS)
    desk.say(desk.routes[0], ExecType.TRADE, 10, MID)
    assert (desk.row.status, desk.row.late_fills, desk.row.value) == (ParentStatus.DONE, 1, 10 * MID)
    assert desk.row.ledger is not None
    assert (desk.row.ledger.filled, desk.row.ledger.returned) == (10, 990)


def test_children_are_counted() -> None:
    desk = Desk()
    assert (desk.row.children, desk.row.children_rejected, desk.row.order_qty) == (1, 0, 1_000)


# turns ----------------------------------------------------------------------------------------------------


def test_pause_and_resume_turn_a_working_row() -> None:
    desk = Desk()
    desk.take(PauseOrder(principal=TRADER, parent_id=PARENT))
    assert desk.status() is ParentStatus.PAUSED
    desk.take(ResumeOrder(principal=TRADER, parent_id=PARENT))
    assert desk.status() is ParentStatus.WORKING


def test_halt_shows_on_every_row_in_its_scope() -> None:
    system = small_system()
    for number, account in enumerate((ACCOUNT, OTHER_ACCOUNT)):
        drive(system, new_order(f"c-{number}", account=account, strategy=Strategy.TWAP), view_at())
    drive(system, HaltTrading(principal=COMPLIANCE, reason="news", scope=halt_scope(OTHER_ACCOUNT)), view_at())
    shown = {row.account: (row.status, row.reason) for row in system.blotter.rows().values()}
    assert shown[ACCOUNT][0] is ParentStatus.WORKING
    assert shown[OTHER_ACCOUNT] == (ParentStatus.PAUSED, "halt: news")
    drive(system, ResumeTrading(principal=COMPLIANCE, scope=halt_scope(OTHER_ACCOUNT)), view_at())
    drive(system, HaltTrading(principal=RISK, reason="all of it"), view_at())
    assert {row.status for row in system.blotter.rows().values()} == {ParentStatus.PAUSED}


@pytest.mark.parametrize(
    "status", [ParentStatus.CANCELING, ParentStatus.HELD, ParentStatus.DONE, ParentStatus.REJECTED]
)
@pytest.mark.parametrize(
    "event",
    [
        ParentPaused(parent_id=PARENT, ts_ns=OPEN_NS, reason="overfilled"),
        InputPoisoned(parent_id=PARENT, ts_ns=OPEN_NS, error="a defect"),
    ],
)
def test_only_a_working_row_pauses(status: ParentStatus, event: ParentPaused | InputPoisoned) -> None:
    blotter = Blotter()
    row = BlotterRow(parent_id=PARENT, cl_ord_id="c-1", account=ACCOUNT, status=status)
    blotter.restore(msgspec.json.encode({"rows": {PARENT: row}}))
    before = msgspec.json.encode(blotter.state())
    blotter.appliers()[type(event)](event)
    assert msgspec.json.encode(blotter.state()) == before


def test_news_of_an_unknown_parent_changes_nothing() -> None:
    blotter = Blotter()
    blotter.appliers()[InputPoisoned](InputPoisoned(parent_id="", ts_ns=OPEN_NS, error="a defect"))
    assert blotter.rows() == {}


def test_blotter_decides_on_nothing() -> None:
    assert Blotter().deciders() == {}
