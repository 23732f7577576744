"""Executions: each report counts once, what cannot be true is put aside, an overfill stops the parent."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import CancelReject, ExecutionReport
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdStatus, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import (
    Fill,
    FillBusted,
    FillCorrected,
    ParentPaused,
    ReportIgnored,
    ReportQuarantined,
    RouteCancelRequested,
    RouteUpdated,
)
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Route
from sottovoce.core.reasons import REASONS
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.session_events import BreakOpened
from sottovoce.core.work_events import ChildCancelRequested, TimerSet
from sottovoce.runtime.system import System
from sottovoce.stages.executions.records import ExecutionsState
from tests.scenarios.small_desk import (
    DARK,
    LIT,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    TICK,
    VENUES,
    drive,
    market_state,
    new_order,
    small_system,
)

NOW = MarketView(OPEN_NS, {"ACME": market_state()}, MAX_AGE_NS)
FACTS = {facts.venue: facts for facts in VENUES}


class Desk:
    """A direct order of 1,000 just sent, of which one route is looked at."""

    def __init__(self, venue: str = LIT) -> None:
        self.system: System = small_system()
        events = drive(self.system, new_order(strategy=Strategy.SOR, order_qty=1_000), NOW)
        routes = [event.route for event in events if isinstance(event, ChildRouted)]
        self.route: Route = next(route for route in routes if route.venue == venue)
        self.said = 0

    def report(self, exec_type: ExecType, **words: object) -> ExecutionReport:
        self.said += 1
        plain = ExecutionReport(
            parent_id=self.route.parent_id, venue=self.route.venue, cl_ord_id=self.route.cl_ord_id,
            exec_id=f"X{self.said}", exec_type=exec_type, ord_status=OrdStatus.NEW, cum_qty=0, leaves_qty=0,
            transact_ns=OPEN_NS - 5,
        )  # fmt: skip
        return msgspec.structs.replace(plain, **words)

    def trade(self, qty: int, px: int = MID, **words: object) -> ExecutionReport:
        return self.report(ExecType.TRADE, last_qty=qty, last_px=px, **words)

    def cancel_reject(self, **words: object) -> CancelReject:
        self.said += 1
        plain = CancelReject(
            parent_id=self.route.parent_id, venue=self.route.venue, cl_ord_id=self.route.cl_ord_id,
            exec_id=f"X{self.said}", ord_status=OrdStatus.NEW, transact_ns=OPEN_NS,
        )  # fmt: skip
        return msgspec.structs.replace(plain, **words)

    def take(self, message: ExecutionReport | CancelReject) -> list[StageEvent]:
        return drive(self.system, message, NOW)

    def status(self) -> OrdStatus:
        state = self.system.stage("executions").state()
        assert isinstance(state, ExecutionsState)
        return state.sent[self.route.cl_ord_id].state.status

    def pull(self) -> list[StageEvent]:
        ask = ChildCancelRequested(
            parent_id=self.route.parent_id, ts_ns=OPEN_NS, child_id=self.route.child_id, reason="a test"
        )
        self.system.apply(ask)
        return drive(self.system, ask, NOW)


def only(events: list[StageEvent], kind: type) -> list[StageEvent]:
    return [event for event in events if isinstance(event, kind)]


def quarantined(events: list[StageEvent]) -> str:
    event, *breaks = events
    assert isinstance(event, ReportQuarantined)
    assert event.code in REASONS
    assert {type(each) for each in breaks} <= {BreakOpened, TimerSet}
    return event.code


def books(desk: Desk) -> tuple[object, ...]:
    """What a report that is put aside must leave alone: orders and ledgers; a break may be noted beside them."""
    state = desk.system.stage("executions").state()
    assert isinstance(state, ExecutionsState)
    return msgspec.json.encode((state.sent, state.ledgers)), desk.system.blotter.rows()[desk.route.parent_id].value


@pytest.mark.parametrize(
    "exec_type", [ExecType.NEW, ExecType.TRADE, ExecType.CANCELED, ExecType.REJECTED, ExecType.EXPIRED]
)
def test_repeated_report_counts_once(exec_type: ExecType) -> None:
    desk = Desk()
    report = desk.report(exec_type, last_qty=100, last_px=MID)
    assert len(desk.take(report)) > 0
    digest = desk.system.digest()
    for _ in range(3):
        (ignored,) = desk.take(report)
        assert isinstance(ignored, ReportIgnored)
    assert desk.system.digest() == digest


def test_repeated_cancel_reject_counts_once() -> None:
    """A second delivery of an old refusal must not undo a cancel asked for since."""
    desk = Desk()
    desk.pull()
    reject = desk.cancel_reject()
    desk.take(reject)
    assert desk.status() is OrdStatus.NEW
    desk.pull()
    assert desk.status() is OrdStatus.PENDING_CANCEL
    (ignored,) = desk.take(reject)
    assert isinstance(ignored, ReportIgnored)
    assert desk.status() is OrdStatus.PENDING_CANCEL


def test_restart_remembers_what_was_counted() -> None:
    desk = Desk()
    report = desk.trade(100)
    desk.take(report)
    again = small_system()
    again.restore(desk.system.save())
    (ignored,) = drive(again, report, NOW)
    assert isinstance(ignored, ReportIgnored)


@pytest.mark.parametrize(
    ("exec_type", "words", "code"),
    [
        (ExecType.TRADE, {"cl_ord_id": "NOBODYS"}, "unknown_route"),
        (ExecType.TRADE, {"venue": DARK, "last_qty": 1, "last_px": 1}, "wrong_venue"),
        (ExecType.TRADE, {"last_qty": 0, "last_px": MID}, "bad_trade"),
        (ExecType.TRADE, {"last_qty": 5, "last_px": 0}, "bad_trade"),
        (ExecType.RESTATED, {}, "bad_replace"),
        (ExecType.TRADE_CANCEL, {"exec_ref_id": "X99"}, "bust_of_unknown"),
        (ExecType.TRADE_CORRECT, {"exec_ref_id": "X99", "last_qty": 1, "last_px": 1}, "correct_of_unknown"),
    ],
)
def test_impossible_report_is_put_aside_and_changes_nothing(
    exec_type: ExecType, words: dict[str, object], code: str
) -> None:
    desk = Desk()
    before = books(desk)
    assert quarantined(desk.take(desk.report(exec_type, **words))) == code
    assert books(desk) == before


@pytest.mark.parametrize(
    ("words", "code"), [({"cl_ord_id": "NOBODYS"}, "unknown_route"), ({"venue": DARK}, "wrong_venue")]
)
def test_cancel_reject_of_an_order_we_do_not_know_is_put_aside(words: dict[str, object], code: str) -> None:
    desk = Desk()
    digest = desk.system.digest()
    assert quarantined(desk.take(desk.cancel_reject(**words))) == code
    assert desk.system.digest() == digest


def test_fill_carries_where_it_came_from_and_what_it_cost() -> None:
    desk = Desk()
    events = desk.take(desk.trade(100, MID + TICK, liquidity=LastLiquidityInd.ADDED))
    (fill,) = only(events, Fill)
    assert isinstance(fill, Fill)
    assert (fill.qty, fill.px, fill.venue, fill.side.value) == (100, MID + TICK, LIT, "buy")
    assert (fill.from_working, fill.from_unsent, fill.from_returned, fill.over_qty) == (100, 0, 0, 0)
    assert fill.fee == 100 * FACTS[LIT].make_fee
    assert (fill.mid_px, fill.half_spread, fill.late) == (MID, TICK, False)
    assert fill.transact_ns == OPEN_NS - 5


@pytest.mark.parametrize(
    ("liquidity", "fee"),
    [
        (LastLiquidityInd.ADDED, FACTS[LIT].make_fee),
        (LastLiquidityInd.REMOVED, FACTS[LIT].take_fee),
        (LastLiquidityInd.AUCTION, FACTS[LIT].auction_fee),
        (None, FACTS[LIT].take_fee),
    ],
)
def test_fee_follows_the_liquidity(liquidity: LastLiquidityInd | None, fee: int) -> None:
    desk = Desk()
    (fill,) = only(desk.take(desk.trade(10, liquidity=liquidity)), Fill)
    assert isinstance(fill, Fill)
    assert fill.fee == 10 * fee


def test_fill_without_a_quote_is_booked_at_its_own_price() -> None:
    desk = Desk()
    events = drive(desk.system, desk.trade(10, MID + 7), MarketView(OPEN_NS, {}, MAX_AGE_NS))
    (fill,) = only(events, Fill)
    assert isinstance(fill, Fill)
    assert (fill.mid_px, fill.half_spread) == (MID + 7, 0)


def test_overfill_is_booked_in_full_and_pauses_the_parent() -> None:
    desk = Desk()
    events = desk.take(desk.trade(desk.route.qty + 40))
    (fill,) = only(events, Fill)
    assert isinstance(fill, Fill)
    assert fill.qty == fill.from_working + fill.over_qty == desk.route.qty + 40
    assert len(only(events, ParentPaused)) == 1
    assert only(events, RouteCancelRequested), "what else is out is pulled"


def test_correction_that_overfills_pauses_the_parent_too() -> None:
    desk = Desk()
    desk.take(desk.trade(desk.route.qty))
    words = {"last_qty": desk.route.qty + 30, "last_px": MID, "exec_ref_id": "X1"}
    events = desk.take(desk.report(ExecType.TRADE_CORRECT, **words))
    (corrected,) = only(events, FillCorrected)
    assert isinstance(corrected, FillCorrected)
    assert corrected.over_qty == 30
    assert len(only(events, ParentPaused)) == 1


def test_bust_in_parts_and_twice() -> None:
    desk = Desk()
    desk.take(desk.trade(100, liquidity=LastLiquidityInd.REMOVED))
    busts: list[FillBusted] = []
    for qty in (30, 0, 0):
        events = desk.take(desk.report(ExecType.TRADE_CANCEL, last_qty=qty, exec_ref_id="X1"))
        busts.extend(event for event in events if isinstance(event, FillBusted))
    assert [bust.qty for bust in busts] == [30, 70, 0]
    assert sum(bust.fee for bust in busts) == 100 * FACTS[LIT].take_fee
    row = desk.system.blotter.rows()[desk.route.parent_id]
    assert (row.value, row.fees) == (0, 0)
    assert row.ledger is not None
    assert (row.ledger.filled, row.ledger.busted) == (0, 100)


def test_correction_of_price_moves_value_only() -> None:
    desk = Desk()
    desk.take(desk.trade(100))
    words = {"last_qty": 100, "last_px": MID + 3, "exec_ref_id": "X1"}
    events = desk.take(desk.report(ExecType.TRADE_CORRECT, **words))
    (corrected,) = only(events, FillCorrected)
    assert isinstance(corrected, FillCorrected)
    assert (corrected.old_px, corrected.px, corrected.busted_qty) == (MID, MID + 3, 0)
    assert desk.system.blotter.rows()[desk.route.parent_id].value == 100 * (MID + 3)


def test_child_is_pulled_from_every_venue_once() -> None:
    desk = Desk()
    first = only(desk.pull(), RouteCancelRequested)
    assert len(first) > 1
    assert desk.pull() == []


def test_cancel_reject_brings_the_order_back() -> None:
    desk = Desk()
    desk.take(desk.trade(10))
    desk.pull()
    (updated,) = only(desk.take(desk.cancel_reject(text="too late")), RouteUpdated)
    assert isinstance(updated, RouteUpdated)
    assert updated.state.status is OrdStatus.PARTIALLY_FILLED
    assert updated.cause == "cancel rejected: too late"
    assert len(only(desk.pull(), RouteCancelRequested)) == 1


def test_cancel_reject_after_the_last_fill_changes_nothing() -> None:
    desk = Desk()
    desk.pull()
    desk.take(desk.trade(desk.route.qty))
    desk.take(desk.cancel_reject())
    assert desk.status() is OrdStatus.FILLED


def test_pending_cancel_of_the_venue_is_not_a_cancel() -> None:
    desk = Desk()
    desk.pull()
    desk.take(desk.report(ExecType.PENDING_CANCEL))
    (fill,) = only(desk.take(desk.trade(10)), Fill)
    assert isinstance(fill, Fill)
    assert (fill.from_working, fill.late) == (10, False)
