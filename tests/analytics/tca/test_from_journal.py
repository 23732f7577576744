"""Orders folded from the journal: fills as they now stand, amendments and ends priced from the tape."""

from __future__ import annotations

import msgspec
import numpy as np

from sottovoce.analytics.tca.from_journal import UNDECIDED, orders_from_steps
from sottovoce.analytics.tca.orders import TcaOrder
from sottovoce.core.clearance_events import AmendCleared, OrderRejected
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import (
    DarkUse,
    LastLiquidityInd,
    OrdStatus,
    OrdType,
    Side,
    Strategy,
    TimeInForce,
    VenueKind,
)
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, RouteUpdated
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import CURVE_ONE, ParentOrder, Plan, Route
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.ports import Session, Step, Tape
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import ParentDone, ParentReturned

S = NS_PER_SECOND

PARENT = ParentOrder(
    parent_id="P-1", cl_ord_id="C-1", account="A", principal="pm", instrument_id="I1", symbol="ACME", side=Side.SELL,
    order_qty=1_000, accepted_ns=10 * S, start_ns=0, end_ns=100 * S, days=1, ref_version=1, arrival_px=101,
    arrival_rule="mid at receipt", decision_px=103, decision_ns=5 * S,
)  # fmt: skip
PLAN = Plan(
    strategy=Strategy.VWAP, edges_ns=(10 * S, 100 * S), curve=(0, CURVE_ONE), wake_ns=S, participation_ppm=0,
    max_participation_ppm=0, clip_qty=100, max_clip_qty=100, dark_ppm=0, close_qty=0, expected_cost_bps=8.0,
    cost_low_bps=2.0, cost_high_bps=14.0, timing_risk_bps=5.0, completion_probability=1.0,
    model_version="almgren2005/risk-18-7", permanent_bps=6.0,
)  # fmt: skip
ROUTE = Route(
    cl_ord_id="V1", route_id="P-1.1/1", child_id="P-1.1", parent_id="P-1", venue="LIT1", instrument_id="I1",
    side=Side.SELL, qty=400, ord_type=OrdType.LIMIT, price=100, time_in_force=TimeInForce.DAY, min_qty=0,
    sent_ns=20 * S,
)  # fmt: skip
FILLED = Fill(
    parent_id="P-1", ts_ns=31 * S, child_id="P-1.1", cl_ord_id="V1", exec_id="E1", venue="LIT1", side=Side.SELL,
    qty=300, px=100, fee=90, liquidity=LastLiquidityInd.ADDED, transact_ns=30 * S, mid_px=101, half_spread=1,
    from_working=300, from_unsent=0, from_returned=0, over_qty=0, late=False,
)  # fmt: skip
BUST = FillBusted(
    parent_id="P-1", ts_ns=50 * S, child_id="P-1.1", cl_ord_id="V1", exec_id="E2", exec_ref_id="E1", qty=300, px=100,
    fee=90,
)  # fmt: skip
CORRECTION = FillCorrected(
    parent_id="P-1", ts_ns=50 * S, child_id="P-1.1", cl_ord_id="V1", exec_id="E3", exec_ref_id="E1", old_qty=300,
    old_px=100, qty=250, px=99, from_working=0, from_unsent=0, from_returned=0, over_qty=0, busted_qty=50,
)  # fmt: skip
CLOSED = RouteUpdated(
    parent_id="P-1", ts_ns=60 * S, child_id="P-1.1", freed_qty=100, raised_qty=0, exec_id="E9", cause="canceled",
    state=OrderState(
        cl_ord_id="V1", child_id="P-1.1", parent_id="P-1", venue="LIT1", status=OrdStatus.CANCELED, order_qty=400,
        leaves_qty=0, cum_qty=300, canceled_qty=100,
    ),
)  # fmt: skip
ENDING = (
    ParentReturned(parent_id="P-1", ts_ns=80 * S, qty=700, reason="end_of_day"),
    ParentDone(parent_id="P-1", ts_ns=81 * S, reason="done"),
)
OPENING = (
    OrderAccepted(parent_id="P-1", ts_ns=10 * S, order=PARENT, body_digest=""),
    OrderApproved(parent_id="P-1", ts_ns=11 * S, order=PARENT, plan=PLAN, by="rule", seed=1),
    ChildRouted(parent_id="P-1", ts_ns=20 * S, route=ROUTE, decision_id="D1"),
)


def tape() -> Tape:
    """A mid of 101 until second 40, 111 until second 70, then 121."""
    none = np.zeros(0, dtype=np.int64)
    return Tape(
        instrument_id="I1",
        quote_ns=np.array([0, 40, 70, 90], dtype=np.int64) * S,
        bid=np.array([100, 110, 120, 120], dtype=np.int64),
        ask=np.array([102, 112, 122, 122], dtype=np.int64),
        trade_ns=none,
        trade_px=none,
        trade_qty=none,
        trade_own=none,
        trade_kind=none,
    )


def folded(*events: StageEvent, tapes: dict[str, Tape] | None = None) -> list[TcaOrder]:
    steps = [(seq, Step(ts_ns=each.ts_ns, feed_seq=0, input=None, events=(each,))) for seq, each in enumerate(events)]
    return orders_from_steps(steps, {"I1": tape()} if tapes is None else tapes, {})


def only(*events: StageEvent) -> TcaOrder:
    (order,) = folded(*OPENING, *events)
    return order


def test_a_worked_order_is_folded_whole() -> None:
    order = only(FILLED, CLOSED, *ENDING)
    assert (order.side, order.order_qty, order.decision_px, order.arrival_px) == (Side.SELL, 1_000, 103, 101)
    assert (order.arrival_ns, order.start_ns, order.first_route_ns, order.end_ns) == (10 * S, 10 * S, 20 * S, 81 * S)
    (fill,) = order.fills
    assert (fill.ts_ns, fill.qty, fill.px, fill.fee, fill.mid, fill.half_spread) == (30 * S, 300, 100, 90, 101, 1)
    (route,) = order.routes
    assert (route.qty, route.filled_qty, route.done_ns, route.venue_kind) == (400, 300, 60 * S, VenueKind.LIT)
    assert (order.returned_qty, order.end_reason, order.end_px, order.strategy) == (700, "end_of_day", 121, "VWAP")
    assert order.schedule is not None
    assert order.schedule.edges_ns == PLAN.edges_ns


def test_the_forecast_keeps_the_half_of_permanent_impact_an_order_pays() -> None:
    forecast = only().forecast
    assert forecast is not None
    assert (forecast.permanent_bps, forecast.expected_cost_bps) == (6.0, 8.0)
    spread_only = msgspec.structs.replace(PLAN, permanent_bps=0.0, model_version="spread-only")
    approved = OrderApproved(parent_id="P-1", ts_ns=11 * S, order=PARENT, plan=spread_only, by="rule", seed=1)
    (order,) = folded(OPENING[0], approved)
    assert order.forecast is not None
    assert order.forecast.permanent_bps is None


def test_a_busted_trade_is_gone_and_counted() -> None:
    order = only(FILLED, BUST, *ENDING)
    assert (order.fills, order.busted, order.routes[0].filled_qty) == ((), 1, 0)


def test_a_corrected_trade_counts_as_it_stands() -> None:
    order = only(FILLED, CORRECTION, *ENDING)
    assert [(fill.qty, fill.px) for fill in order.fills] == [(250, 99)]
    assert (order.corrected, order.routes[0].filled_qty) == (1, 250)


def test_a_correction_then_its_bust_leaves_nothing() -> None:
    bust = msgspec.structs.replace(BUST, qty=250)
    assert only(FILLED, CORRECTION, bust).fills == ()


def test_a_late_fill_after_the_end_is_booked() -> None:
    late = msgspec.structs.replace(FILLED, ts_ns=85 * S, exec_id="E5", qty=100, from_working=0, from_returned=100)
    order = only(FILLED, *ENDING, late)
    assert sum(fill.qty for fill in order.fills) == 400
    assert order.end_ns == 81 * S


def test_an_amendment_takes_the_mid_of_its_moment() -> None:
    more = AmendCleared(parent_id="P-1", ts_ns=45 * S, order_qty=1_500, limit_px=None, reserved_qty=1_500, worst_px=100)
    (amendment,) = only(FILLED, more, *ENDING).amendments
    assert (amendment.order_qty, amendment.px, amendment.ts_ns) == (1_500, 111, 45 * S)


def test_kinds_follow_from_how_orders_traded() -> None:
    pegged = msgspec.structs.replace(ROUTE, cl_ord_id="V2", venue="DARK", ord_type=OrdType.PEGGED)
    closing = msgspec.structs.replace(ROUTE, cl_ord_id="V3", time_in_force=TimeInForce.AT_THE_CLOSE)
    order = only(
        ChildRouted(parent_id="P-1", ts_ns=21 * S, route=pegged, decision_id="D2"),
        ChildRouted(parent_id="P-1", ts_ns=22 * S, route=closing, decision_id="D3"),
        msgspec.structs.replace(FILLED, cl_ord_id="V2", venue="DARK", liquidity=LastLiquidityInd.MIDPOINT),
    )
    assert [route.venue_kind for route in order.routes] == [VenueKind.LIT, VenueKind.DARK, VenueKind.AUCTION]
    assert order.fills[0].venue_kind is VenueKind.DARK


def test_without_a_tape_the_end_is_unknown() -> None:
    (order,) = folded(*OPENING, FILLED, *ENDING, tapes={})
    assert order.end_px is None


def test_a_fill_without_a_quote_has_no_mid() -> None:
    blind = msgspec.structs.replace(FILLED, mid_px=0, half_spread=0)
    (fill,) = only(blind).fills
    assert (fill.mid, fill.half_spread) == (None, None)


def test_a_rejected_order_is_left_out() -> None:
    assert folded(OPENING[0], OrderRejected(parent_id="P-1", ts_ns=11 * S, failures=(), by="risk")) == []


def test_sessions_are_kept_with_the_order() -> None:
    steps = [(0, Step(ts_ns=0, feed_seq=0, input=None, events=(OPENING[0],)))]
    day = Session(date="2018-02-12", open_ns=1, close_ns=2)
    (order,) = orders_from_steps(steps, {}, {}, sessions=[day])
    assert order.sessions == ((1, 2),)
    assert PARENT.dark is DarkUse.ALLOW


def test_an_order_without_a_decision_price_says_that_arrival_stands_for_it() -> None:
    asked = NewOrder(principal="pm", account="A", cl_ord_id="C-1", symbol="ACME", side=Side.SELL, order_qty=1_000)
    priced = msgspec.structs.replace(asked, decision_price="103")
    for command, notes in ((asked, (UNDECIDED,)), (priced, ())):
        steps = [(0, Step(ts_ns=0, feed_seq=0, input=command, events=(OPENING[0],)))]
        (order,) = orders_from_steps(steps, {}, {})
        assert order.notes == notes
