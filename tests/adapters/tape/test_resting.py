"""When an order that waits would have traded: at the touch, through it, at the mid, in the auction."""

from __future__ import annotations

import pytest

from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import LastLiquidityInd, OrdType, Side, TimeInForce
from tests.adapters.tape.synthetic import (
    LATENCY_NS,
    at,
    cancel,
    fills,
    kinds,
    market,
    route,
    routed,
    run,
)

CLOSE_S = 23_400.0
TOUCH = [(-60.0, 10.00, 300, 10.02, 200)]
IOC = TimeInForce.IMMEDIATE_OR_CANCEL
AT_CLOSE = TimeInForce.AT_THE_CLOSE


# resting ---------------------------------------------------------------------------------------------


def test_order_at_the_touch_waits_for_the_size_ahead_of_it() -> None:
    tape = market(TOUCH, [(20, 10.00, 200, "N", 1), (21, 10.00, 150, "P", 1), (22, 10.00, 500, "N", 1)])
    tape.send(routed(route(qty=100)), at(10))
    said = run(tape)
    assert fills(said) == [(21, 50, 10.00), (22, 50, 10.00)]
    assert all(m.liquidity is LastLiquidityInd.ADDED for m in said if isinstance(m, ExecutionReport) and m.last_qty)


def test_print_through_the_price_fills_at_our_price_whatever_was_ahead() -> None:
    tape = market(TOUCH, [(20, 9.99, 60, "N", 1)])
    tape.send(routed(route(qty=100)), at(10))
    assert fills(run(tape)) == [(20, 60, 10.00)]


def test_seller_fills_when_prints_go_above() -> None:
    tape = market(TOUCH, [(20, 10.03, 60, "N", 1), (21, 10.01, 999, "N", 1)])
    tape.send(routed(route(side=Side.SELL, qty=100, price=10.02)), at(10))
    assert fills(run(tape)) == [(20, 60, 10.02)]


def test_nobody_is_ahead_once_the_quote_has_fallen_back() -> None:
    tape = market([*TOUCH, (15, 9.99, 100, 10.02, 200)], [(20, 10.00, 40, "N", 1)])
    tape.send(routed(route(qty=100)), at(10))
    assert fills(run(tape)) == [(20, 40, 10.00)]


def test_better_price_than_the_touch_has_nobody_ahead() -> None:
    tape = market(TOUCH, [(20, 10.01, 40, "N", 1), (21, 10.00, 10, "N", 1)])
    tape.send(routed(route(qty=100, price=10.01)), at(10))
    assert fills(run(tape)) == [(20, 40, 10.01), (21, 10, 10.01)]


def test_price_behind_the_touch_queues_when_the_touch_comes_to_it() -> None:
    rows = [*TOUCH, (30, 9.98, 70, 10.00, 200)]
    prints = [(20, 9.98, 999, "N", 1), (40, 9.98, 100, "N", 1)]
    tape = market(rows, prints)
    tape.send(routed(route(qty=100, price=9.98)), at(10))
    assert fills(run(tape)) == [(40, 30, 9.98)]


def test_print_in_the_millisecond_of_arrival_was_before_us() -> None:
    tape = market(TOUCH, [(10 + LATENCY_NS / 1e9, 9.99, 60, "N", 1)])
    tape.send(routed(route()), at(10))
    assert fills(run(tape)) == []


def test_two_orders_of_ours_share_one_print() -> None:
    tape = market(TOUCH, [(20, 9.99, 120, "N", 1)])
    for name in "AB":
        tape.send(routed(route(name, qty=100)), at(10))
    assert [qty for _, qty, _ in fills(run(tape))] == [100, 20]


def test_better_priced_order_of_ours_is_served_first() -> None:
    tape = market(TOUCH, [(20, 9.98, 100, "N", 1)])
    tape.send(routed(route("A", price=9.99)), at(10))
    tape.send(routed(route("B", price=10.00)), at(11))
    said = run(tape)
    assert [m.cl_ord_id for m in said if isinstance(m, ExecutionReport) and m.last_qty] == ["B"]


@pytest.mark.parametrize("cond", [0x40, 0x80, 0x200, 0x2000, 0x100000, 0x2000000, 0x1000000, 0x4, 0x40000000])
def test_prints_that_nobody_could_have_met_fill_nothing(cond: int) -> None:
    tape = market(TOUCH, [(20, 9.50, 900, "N", cond), (21, 9.50, 900, "D", 1)])
    tape.send(routed(route()), at(10))
    assert fills(run(tape)) == []


def test_rest_of_a_taker_waits_for_prints() -> None:
    tape = market(TOUCH, [(20, 10.02, 30, "N", 1)])
    tape.send(routed(route(qty=300, price=10.02)), at(10))
    assert fills(run(tape)) == [(10.0005, 200, 10.02), (20, 30, 10.02)]


def test_day_order_expires_at_the_close() -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route()), at(10))
    said = run(tape)
    assert kinds(said) == ["new", "expired"]
    assert said[-1].transact_ns == at(CLOSE_S)


# dark and auction ------------------------------------------------------------------------------------


def test_midpoint_order_gets_its_share_of_off_exchange_prints_at_the_mid_or_below() -> None:
    prints = [
        (19, 10.015, 5_000, "D", 1),
        (20, 10.01, 5_000, "D", 1),
        (21, 10.004, 3_000, "D", 1),
        (22, 10.00, 500, "D", 1),
        (23, 9.90, 9_000, "D", 1),
        (24, 10.01, 9_000, "N", 1),
    ]
    tape = market(TOUCH, prints)
    dark = route(qty=1_000, venue="TAPE-DARK", ord_type=OrdType.PEGGED, price=0, min_qty=100)
    tape.send(routed(dark), at(10))
    assert fills(run(tape)) == [(20, 500, 10.01), (21, 300, 10.01)]


def test_midpoint_seller_meets_prints_at_the_mid_or_above_within_his_limit() -> None:
    tape = market([*TOUCH, (30, 9.00, 1, 9.02, 1)], [(20, 10.02, 1_000, "D", 1), (40, 9.02, 9_000, "D", 1)])
    dark = route(side=Side.SELL, venue="TAPE-DARK", ord_type=OrdType.PEGGED, qty=500, price=10.00)
    tape.send(routed(dark), at(10))
    assert fills(run(tape)) == [(20, 100, 10.01)]


def test_last_shares_of_a_midpoint_order_need_no_minimum() -> None:
    tape = market(TOUCH, [(20, 10.01, 950, "D", 1), (21, 10.01, 1_000, "D", 1), (22, 10.01, 200, "D", 1)])
    dark = route(venue="TAPE-DARK", ord_type=OrdType.PEGGED, qty=110, price=10.05, min_qty=100)
    tape.send(routed(dark), at(10))
    assert [qty for _, qty, _ in fills(run(tape))] == [100, 10]


def test_midpoint_order_that_will_not_wait_is_canceled() -> None:
    tape = market(TOUCH, [(20, 10.01, 5_000, "D", 1)])
    tape.send(routed(route(venue="TAPE-DARK", ord_type=OrdType.PEGGED, tif=IOC)), at(10))
    assert kinds(run(tape)) == ["new", "canceled"]


def test_auction_orders_share_a_tenth_of_the_closing_print_at_its_price() -> None:
    tape = market(TOUCH, [(CLOSE_S + 47, 10.30, 2_000, "N", 0x80), (CLOSE_S + 50, 10.40, 90, "Q", 0x80)])
    for name in "AB":
        order = route(name, qty=150, venue="TAPE-CLOSE", ord_type=OrdType.MARKET, price=0, tif=AT_CLOSE)
        tape.send(routed(order), at(10))
    said = run(tape)
    assert fills(said) == [(CLOSE_S + 47, 150, 10.30), (CLOSE_S + 47, 50, 10.30)]
    assert kinds(said) == ["new", "new", "trade", "trade", "expired"]


def test_auction_order_keeps_its_limit() -> None:
    tape = market(TOUCH, [(CLOSE_S + 47, 10.30, 2_000, "N", 0x80)])
    tape.send(routed(route(venue="TAPE-CLOSE", price=10.29, tif=AT_CLOSE)), at(10))
    assert kinds(run(tape)) == ["new", "expired"]


def test_auction_order_expires_when_no_closing_print_comes() -> None:
    tape = market(TOUCH, [])
    tape.send(routed(route(venue="TAPE-CLOSE", price=10.29, tif=AT_CLOSE)), at(10))
    said = run(tape)
    assert kinds(said) == ["new", "expired"]
    assert said[-1].transact_ns == at(CLOSE_S + 900)


@pytest.mark.parametrize(
    ("seconds", "said"), [(CLOSE_S - 601, "canceled"), (CLOSE_S - 599, "cancel_reject"), (CLOSE_S + 5, "cancel_reject")]
)
def test_auction_takes_no_late_changes(seconds: float, said: str) -> None:
    tape = market(TOUCH, [(CLOSE_S + 47, 10.30, 2_000, "N", 0x80)])
    order = route(venue="TAPE-CLOSE", price=10.40, tif=AT_CLOSE)
    tape.send(routed(order), at(10))
    tape.send(cancel(order), at(seconds))
    assert kinds(run(tape))[1] == said
