"""The dark venues of the simulated market from the desk's side: pools, minimum quantities, scheduled crosses."""

from __future__ import annotations

import numpy as np

from sottovoce.adapters.simulated import SimulatedMarket
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Side, TimeInForce
from tests.adapters.simulated.names import OPEN_NS, name, sessions
from tests.contracts.market_cases import SIMULATED
from tests.contracts.market_desk import MINUTE_NS, SECOND_NS, Desk

HALF_HOUR_NS = 30 * MINUTE_NS


def desk_after(minutes: int, seed: int = 5) -> Desk:
    desk = Desk(SIMULATED, SimulatedMarket([name(adv=4e6)], sessions(1), seed))
    desk.run(OPEN_NS + minutes * MINUTE_NS)
    return desk


def test_the_network_crosses_at_its_times_only() -> None:
    desk = desk_after(5)
    order = desk.send(50_000, 0, venue="SIMN", ord_type=OrdType.PEGGED)
    desk.run(OPEN_NS + HALF_HOUR_NS - SECOND_NS)
    assert desk.kinds(order) == [ExecType.NEW]
    desk.run(sessions(1)[0].close_ns)
    times = {report.transact_ns for report in desk.reports[order] if report.last_qty}
    assert times
    assert all((at_ns - OPEN_NS - HALF_HOUR_NS) % (60 * MINUTE_NS) == 0 for at_ns in times)
    desk.check()


def test_a_cancel_just_before_a_cross_is_too_late() -> None:
    desk = desk_after(5)
    order = desk.send(500, 0, venue="SIMN", ord_type=OrdType.PEGGED)
    desk.run(OPEN_NS + HALF_HOUR_NS - 2 * SECOND_NS)
    desk.cancel(order)
    desk.run(desk.now_ns + SECOND_NS)
    assert [reject.cl_ord_id for reject in desk.rejects] == [order]
    assert "cutoff" in desk.rejects[0].text


def test_our_orders_in_one_pool_never_meet_each_other() -> None:
    desk = desk_after(5)
    buy = desk.send(200_000, 0, venue="SIMF", ord_type=OrdType.PEGGED)
    sell = desk.send(200_000, 0, side=Side.SELL, venue="SIMF", ord_type=OrdType.PEGGED)
    desk.run(OPEN_NS + 3 * HALF_HOUR_NS)
    tape = desk.market.tape(SIMULATED.instrument_id)
    ours = int(np.asarray(tape.trade_qty)[np.asarray(tape.trade_own) == 1].sum())
    assert ours == desk.filled(buy) + desk.filled(sell), "a match of ours with ours would be printed once"
    assert desk.filled(buy) > 0
    assert desk.filled(sell) > 0


def test_both_pools_fill_at_the_mid_and_only_there() -> None:
    for venue in ("SIMD", "SIMF"):
        desk = desk_after(5)
        order = desk.send(5_000, 0, venue=venue, ord_type=OrdType.PEGGED)
        desk.run(OPEN_NS + 2 * HALF_HOUR_NS)
        fills = [report for report in desk.reports[order] if report.last_qty]
        assert fills, venue
        assert {fill.liquidity for fill in fills} == {LastLiquidityInd.MIDPOINT}


def test_what_a_pool_cannot_fill_at_once_is_canceled_when_asked_for() -> None:
    desk = desk_after(5)
    order = desk.send(5_000_000, 0, venue="SIMF", ord_type=OrdType.PEGGED, tif=TimeInForce.IMMEDIATE_OR_CANCEL)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order)[-1] is ExecType.CANCELED
    assert desk.last(order).leaves_qty == 0


def test_a_pool_that_does_not_take_an_order_says_why() -> None:
    desk = desk_after(5)
    order = desk.send(50, 0, venue="SIMD", ord_type=OrdType.PEGGED)
    desk.run(desk.now_ns + SECOND_NS)
    assert desk.kinds(order) == [ExecType.REJECTED]
    assert "minimum" in desk.last(order).text
