"""The flow as the record tells it, and the watch that reads it while the day runs."""

from __future__ import annotations

import msgspec

from sottovoce.analytics.surveillance.alerts import SECOND, ConductAlert, ConductConfig
from sottovoce.analytics.surveillance.own_flow import FlowReader, flow_of
from sottovoce.analytics.surveillance.watch import ConductWatch
from sottovoce.core.commands import AlgoWake
from sottovoce.core.enums import LastLiquidityInd, OrdStatus, Side
from sottovoce.core.events import StageEvent
from sottovoce.core.execution_events import Fill, RouteCancelRequested, RouteUpdated
from sottovoce.core.lifecycle import OrderState
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.ports import Step
from sottovoce.core.route_events import ChildRouted
from tests.analytics.tca.test_from_journal import FILLED, PARENT, ROUTE, S

WAKE = AlgoWake(parent_id="P-1", number=1)


def step(at_s: int, *events: StageEvent) -> Step:
    return Step(ts_ns=at_s * S, feed_seq=1, input=WAKE, events=events)


def routed(cl_ord_id: str, side: Side, at_s: int) -> ChildRouted:
    route = msgspec.structs.replace(ROUTE, cl_ord_id=cl_ord_id, side=side)
    return ChildRouted(parent_id="P-1", ts_ns=at_s * S, route=route, decision_id="d")


def traded(cl_ord_id: str, side: Side, at_s: int, qty: int = 400) -> Fill:
    return msgspec.structs.replace(
        FILLED, cl_ord_id=cl_ord_id, side=side, ts_ns=at_s * S, qty=qty, liquidity=LastLiquidityInd.REMOVED
    )


def ended(cl_ord_id: str, at_s: int, canceled: int) -> RouteUpdated:
    state = OrderState(
        cl_ord_id=cl_ord_id, child_id="P-1.1", parent_id="P-1", venue="LIT1", status=OrdStatus.CANCELED,
        order_qty=400, leaves_qty=0, cum_qty=400 - canceled, canceled_qty=canceled,
    )  # fmt: skip
    return RouteUpdated(
        parent_id="P-1", ts_ns=at_s * S, child_id="P-1.1", state=state, freed_qty=canceled, raised_qty=0, exec_id="X",
        cause="canceled",
    )  # fmt: skip


ACCEPTED = OrderAccepted(parent_id="P-1", ts_ns=10 * S, order=PARENT, body_digest="")


def test_an_order_its_fills_and_its_end() -> None:
    cancel = RouteCancelRequested(parent_id="P-1", ts_ns=50 * S, route=ROUTE, state=ended("V1", 50, 100).state)
    steps = [
        step(10, ACCEPTED),
        step(20, routed("V1", Side.SELL, 20)),
        step(31, traded("V1", Side.SELL, 31, 300)),
        step(50, cancel),
        step(51, ended("V1", 51, 100)),
    ]
    flow = flow_of(steps, {"A": "OWNER"})
    (order,), (fill,) = flow.orders, flow.fills
    assert (order.owner, order.account, order.sign, order.qty) == ("OWNER", "A", -1, 400)
    assert (order.filled_qty, order.canceled_qty, order.ended_ns) == (300, 100, 51 * S)
    assert (fill.qty, fill.took, fill.order is order) == (300, True, True)
    assert [at_ns // S for at_ns, _ in flow.messages] == [20, 50]
    assert [parent.qty for parent in flow.parents] == [1_000]


def test_what_is_over_is_forgotten_and_what_lives_is_not() -> None:
    reader = FlowReader()
    for each in (
        step(20, routed("V1", Side.SELL, 20)),
        step(21, ended("V1", 21, 400)),
        step(22, routed("V2", Side.SELL, 22)),
    ):
        reader.read(each)
    reader.forget(100 * S)
    assert [order.cl_ord_id for order in reader.flow.orders] == ["V2"]
    reader.read(step(200, traded("V2", Side.SELL, 200)))
    assert [fill.qty for fill in reader.flow.fills] == [400]


def test_an_alert_is_said_once_and_within_a_second() -> None:
    said: list[tuple[int, ConductAlert]] = []
    now_ns = 0
    watch = ConductWatch(ConductConfig(), lambda alert: said.append((now_ns, alert)))
    steps = [
        step(10, ACCEPTED),
        step(20, routed("V1", Side.SELL, 20), routed("V2", Side.BUY, 20)),
        step(21, traded("V1", Side.SELL, 21), traded("V2", Side.BUY, 21)),
        *(step(at_s) for at_s in range(22, 40)),
    ]
    for each in steps:
        now_ns = each.ts_ns
        watch.step(now_ns, each)
    ((when_ns, alert),) = said
    assert alert.code == "wash_trade"
    assert when_ns - alert.end_ns <= SECOND
    assert "nobody's position changed" in alert.sentence
