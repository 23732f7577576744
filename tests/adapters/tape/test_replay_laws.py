"""What holds of a replay for any tape and any orders: nothing from nothing, and time cut anyhow gives the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.adapters.tape.replayed import ReplayedMarket
from sottovoce.core.commands import ExecutionReport
from sottovoce.core.enums import ExecType, LastLiquidityInd, OrdType, Side, TimeInForce
from sottovoce.core.orders import Route
from tests.adapters.tape.synthetic import (
    OrderNews,
    QuoteRow,
    TradeRow,
    at,
    cancel,
    market,
    px,
    route,
    routed,
    run,
)

LEVELS = st.integers(min_value=998, max_value=1004).map(lambda cents: cents / 100)
SIZES = st.integers(min_value=1, max_value=400)
SECONDS = st.integers(min_value=0, max_value=60)

quote_rows = st.lists(st.tuples(SECONDS, LEVELS, SIZES, LEVELS, SIZES), max_size=15).map(sorted)
trade_rows = st.lists(
    st.tuples(SECONDS, LEVELS, SIZES, st.sampled_from("NPD"), st.sampled_from([1, 0x20, 0x40, 0x4])), max_size=30
).map(sorted)
Sent = tuple[int, Route, int | None]


@st.composite
def sent_orders(draw: st.DrawFn) -> list[Sent]:
    """Orders with the second they leave, and perhaps the second a cancel follows."""
    found: list[Sent] = []
    for number in range(draw(st.integers(min_value=1, max_value=6))):
        dark = draw(st.booleans())
        order = route(
            f"O{number}",
            side=draw(st.sampled_from(list(Side))),
            qty=draw(SIZES) + (99 if dark else 0),
            price=draw(LEVELS),
            venue="TAPE-DARK" if dark else "TAPE",
            ord_type=OrdType.PEGGED if dark else OrdType.LIMIT,
            tif=draw(st.sampled_from([TimeInForce.DAY, TimeInForce.IMMEDIATE_OR_CANCEL])),
        )
        leaves = draw(SECONDS)
        found.append((leaves, order, draw(st.none() | st.integers(min_value=leaves + 1, max_value=70))))
    return found


def sent_market(quotes: list[QuoteRow], trades: list[TradeRow], orders: list[Sent]) -> ReplayedMarket:
    tape = market(quotes, trades)
    for seconds, order, canceled in orders:
        tape.send(routed(order), at(seconds))
        if canceled is not None:
            tape.send(cancel(order), at(canceled))
    return tape


def traded(said: Sequence[OrderNews]) -> list[ExecutionReport]:
    return [m for m in said if isinstance(m, ExecutionReport) and m.exec_type is ExecType.TRADE]


@settings(max_examples=300)
@given(quotes=quote_rows, trades=trade_rows, orders=sent_orders())
def test_fills_keep_limits_sizes_and_prints(quotes: list[QuoteRow], trades: list[TradeRow], orders: list[Sent]) -> None:
    tape = sent_market(quotes, trades, orders)
    said = run(tape)
    routes = {order.cl_ord_id: order for _, order, _ in orders}
    filled: dict[str, int] = defaultdict(int)
    made: dict[int, int] = defaultdict(int)
    for report in traded(said):
        order = routes[report.cl_ord_id]
        filled[report.cl_ord_id] += report.last_qty
        sign = order.side.sign
        assert sign * report.last_px <= sign * order.price
        assert report.last_qty > 0
        assert report.cum_qty == filled[report.cl_ord_id]
        assert report.leaves_qty == order.qty - report.cum_qty
        if report.liquidity is LastLiquidityInd.ADDED:
            made[report.transact_ns] += report.last_qty
    for ns, qty in made.items():
        assert qty <= sum(row[2] for row in trades if at(row[0]) == ns and row[3] != "D" and row[4] in (1, 0x20))
    assert len({m.exec_id for m in said}) == len(said)


@settings(max_examples=300)
@given(quotes=quote_rows, trades=trade_rows, orders=sent_orders())
def test_every_order_ends_and_once(quotes: list[QuoteRow], trades: list[TradeRow], orders: list[Sent]) -> None:
    said = run(sent_market(quotes, trades, orders))
    for _, order, _ in orders:
        own = [m for m in said if isinstance(m, ExecutionReport) and m.cl_ord_id == order.cl_ord_id]
        assert own[0].exec_type is ExecType.NEW
        assert [m.leaves_qty == 0 for m in own] == [False] * (len(own) - 1) + [True]


@settings(max_examples=300)
@given(
    quotes=quote_rows,
    trades=trade_rows,
    orders=sent_orders(),
    cuts=st.lists(st.integers(min_value=0, max_value=70_000), max_size=10),
)
def test_time_cut_anyhow_gives_the_same_news(
    quotes: list[QuoteRow], trades: list[TradeRow], orders: list[Sent], cuts: list[int]
) -> None:
    whole = run(sent_market(quotes, trades, orders))
    tape = sent_market(quotes, trades, orders)
    parts: list[OrderNews] = []
    for cut in sorted(cuts):
        parts += run(tape, cut / 1000)
        tape.states()
    assert parts + run(tape) == whole


@settings(max_examples=300)
@given(quotes=quote_rows, trades=trade_rows, orders=sent_orders())
def test_the_strict_rule_fills_no_more_and_the_kind_rule_no_less(
    quotes: list[QuoteRow], trades: list[TradeRow], orders: list[Sent]
) -> None:
    tape = sent_market(quotes, trades, orders)
    said = run(tape)
    bounds = tape.fill_bounds()
    assert bounds.through_qty <= bounds.queue_qty <= bounds.touch_qty <= bounds.rested_qty
    assert bounds.queue_qty == sum(m.last_qty for m in traded(said) if m.liquidity is LastLiquidityInd.ADDED)


def test_the_generators_reach_fills() -> None:
    tape = market([(0, 10.00, 10, 10.02, 10)], [(5, 9.99, 10, "N", 1)])
    tape.send(routed(route(price=10.00)), at(1))
    assert [m.last_px for m in traded(run(tape))] == [px(10.00)]
