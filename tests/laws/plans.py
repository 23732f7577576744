"""Orders and plans for the laws: one of every strategy, small enough that a sequence reaches the last slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.events import OrderCleared, OrderPlanned, StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import CURVE_ONE, Plan
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System
from sottovoce.stages.algos.algos import Algos
from sottovoce.stages.algos.release import AlgoConfig
from sottovoce.stages.approval import Approval
from sottovoce.stages.blotter import Blotter
from sottovoce.stages.executions.executions import Executions
from sottovoce.stages.gateway.gateway import Gateway
from sottovoce.stages.risk.risk import Risk
from sottovoce.stages.routing.routing import Routing
from tests.scenarios.small_desk import OPEN_NS, VENUES, WIDE_CONFIG, Shelf, Weekdays, new_order

QTY = 6_000
BUCKETS = 6
HORIZON_NS = 60 * NS_PER_MINUTE
END_NS = OPEN_NS + HORIZON_NS
SECRET = b"known to the tests"
CURVES: Mapping[Strategy, tuple[int, ...]] = {
    Strategy.TWAP: tuple(CURVE_ONE * part // BUCKETS for part in range(BUCKETS + 1)),
    Strategy.VWAP: tuple(CURVE_ONE * part // 100 for part in (0, 25, 40, 52, 64, 78, 100)),
    Strategy.POV: tuple(CURVE_ONE * part // BUCKETS for part in range(BUCKETS + 1)),
    Strategy.IS: tuple(CURVE_ONE * part // 100 for part in (0, 40, 65, 80, 90, 96, 100)),
    Strategy.CLOSE: (0,) * BUCKETS + (CURVE_ONE,),
    Strategy.SOR: (CURVE_ONE,) * (BUCKETS + 1),
}
STRATEGIES = tuple(CURVES)
CONFIG = msgspec.structs.replace(
    WIDE_CONFIG, algos=AlgoConfig(last_call_ns=21 * NS_PER_MINUTE, close_cutoff_ns=21 * NS_PER_MINUTE)
)
"""The last call is longer than the longest time between two looks, so two looks always fall in it."""


def order_of(strategy: Strategy) -> NewOrder:
    """An hour's order from the open; a sell for half of the strategies."""
    side = Side.BUY if STRATEGIES.index(strategy) % 2 == 0 else Side.SELL
    rate = "0.02" if strategy is Strategy.POV else None
    return new_order(order_qty=QTY, strategy=strategy, side=side, end_ns=END_NS, participation=rate)


def plan_of(strategy: Strategy) -> Plan:
    """The fixed plan of a strategy. VWAP leaves a tenth for the closing auction, CLOSE all of it."""
    close = {Strategy.VWAP: QTY // 10, Strategy.CLOSE: QTY}.get(strategy, 0)
    whole = QTY if strategy in (Strategy.SOR, Strategy.CLOSE) else QTY // BUCKETS
    return Plan(
        strategy=strategy,
        edges_ns=tuple(OPEN_NS + HORIZON_NS * edge // BUCKETS for edge in range(BUCKETS + 1)),
        curve=CURVES[strategy],
        wake_ns=8 * NS_PER_MINUTE,
        participation_ppm=20_000,
        max_participation_ppm=1_000_000,
        clip_qty=whole,
        max_clip_qty=2 * whole,
        dark_ppm=300_000,
        close_qty=close,
        expected_cost_bps=5.0,
        cost_low_bps=2.0,
        cost_high_bps=8.0,
        timing_risk_bps=4.0,
        completion_probability=0.99,
        model_version="fixed",
    )


PLANS = {strategy: plan_of(strategy) for strategy in STRATEGIES}


class FixedPlanning:
    """Planning that always answers with the fixed plan: what is tested here begins after it."""

    name = "planning"

    def deciders(self) -> Mapping[type, Decider]:
        return {OrderCleared: self._plan}

    def appliers(self) -> Mapping[type, Applier]:
        return {}

    def state(self) -> object:
        return {}

    def restore(self, state: bytes) -> None:
        """Nothing to take over."""

    def _plan(self, event: OrderCleared, view: MarketView) -> Sequence[StageEvent]:
        strategy = event.order.strategy
        assert strategy is not None
        planned = OrderPlanned(
            parent_id=event.parent_id, ts_ns=view.ts_ns, order=event.order, plan=PLANS[strategy], plan_digest="fixed"
        )
        return (planned,)


def law_system(config: Config = CONFIG) -> System:
    """The real stages but for planning."""
    shelf = Shelf()
    return System(
        [
            Gateway(config.directory, shelf, Weekdays()),
            Risk(config.limits, shelf),
            FixedPlanning(),
            Approval(config.approval, shelf, SECRET),
            Algos(config.algos),
            Routing(config.routing, VENUES, SECRET),
            Executions(VENUES),
            Blotter(),
        ]
    )
