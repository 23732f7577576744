"""openpit on the checks both have: a sane order, quantity and value at most, messages a second, and the loss stop.

Equal: the order, the limits, one process, one thread; an order is an object when the clock starts, and on either side
the answer is asked for and read. Not equal: openpit is Rust behind Python objects and exact decimals; our part here is
five of the forty-odd checks of the gate, with the facts they need gathered anew for each order as the gate does it.
"""

from __future__ import annotations

import time
from datetime import timedelta

import openpit
from openpit.pretrade import policies

from benchmarks.gate_desk import GateDesk, child_of, order
from sottovoce.stages.risk import checks_child, checks_exposure, checks_rate, checks_size
from sottovoce.stages.risk.gate import run

COUNT, ROUNDS = 5_000, 5
SHARED = (
    checks_child.same_order,
    checks_size.order_quantity,
    checks_size.order_value,
    checks_rate.message_rate,
    checks_exposure.loss,
)


def rounds() -> tuple[list[list[int]], list[list[int]]]:
    """Nanoseconds an order, ours and theirs, in turn so that both meet the same machine."""
    desk, engine = GateDesk(open_orders=1_000), _engine()
    ours(desk), theirs(engine)
    pairs = [(ours(desk), theirs(engine)) for _ in range(ROUNDS)]
    return [mine for mine, _ in pairs], [other for _, other in pairs]


def ours(desk: GateDesk) -> list[int]:
    """The five checks on each order."""
    clock, times = time.perf_counter_ns, []
    for message in [order(number) for number in range(COUNT)]:
        child = child_of(message.order).child
        began = clock()
        found = run(SHARED, desk.risk.case(message.order, child, desk.view))
        times.append(clock() - began)
        assert not found
    return times


def theirs(engine: openpit.Engine) -> list[int]:
    """Start, execute and roll back of each order."""
    clock, times = time.perf_counter_ns, []
    for message in [_order(number) for number in range(COUNT)]:
        began = clock()
        started = engine.start_pre_trade(order=message)
        done = started.request.execute() if started.ok else None
        times.append(clock() - began)
        assert done is not None
        assert done.ok
        done.reservation.rollback()
    return times


def _engine() -> openpit.Engine:
    size = policies.OrderSizeLimit(max_quantity=10**9, max_notional=10**12)
    rate = policies.RateLimit(max_orders=10**6, window=timedelta(seconds=1))
    loss = policies.PnlBoundsBrokerBarrier(settlement_asset="USD", lower_bound=openpit.param.Pnl(-(10**12)))
    return (
        openpit.Engine.builder()
        .no_sync()
        .builtin(policies.build_order_validation())
        .builtin(policies.build_order_size_limit().broker_barrier(policies.OrderSizeBrokerBarrier(limit=size)))
        .builtin(policies.build_rate_limit().broker_barrier(policies.RateLimitBrokerBarrier(limit=rate)))
        .builtin(policies.build_pnl_bounds_killswitch().broker_barriers(loss))
        .build()
    )


def _order(number: int) -> openpit.Order:
    side = openpit.param.Side.SELL if number % 2 else openpit.param.Side.BUY
    return openpit.Order(
        operation=openpit.OrderOperation(
            instrument=openpit.Instrument(f"S{number % 2000:04d}", "USD"),
            account_id=openpit.param.AccountId.from_int(1 + number % 200),
            side=side,
            trade_amount=openpit.param.TradeAmount.quantity(100 + number % 900),
            price=openpit.param.Price(50),
        )
    )
