"""Orders and plans for the laws: one of every strategy, small enough that a sequence reaches the last slice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.basket_events import BasketReleased
from sottovoce.core.clearance_events import OrderCleared
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import CURVE_ONE, Plan
from sottovoce.core.override_events import PlanAsked
from sottovoce.core.plan_events import OrderPlanned, OrderReplanned, ReplanWanted
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_MINUTE
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.algos.release import AlgoConfig
from tests.scenarios.small_desk import OPEN_NS, VENUES, WIDE_CONFIG, Shelf, Weekdays, new_order

QTY = 6_000
BUCKETS = 6
HORIZON_NS = 60 * NS_PER_MINUTE
END_NS = OPEN_NS + HORIZON_NS
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
        return {
            OrderCleared: self._plan,
            PlanAsked: self._plan,
            ReplanWanted: self._again,
            BasketReleased: self._listed,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return {}

    def state(self) -> object:
        return {}

    def restore(self, state: bytes) -> None:
        """Nothing to take over."""

    def _listed(self, event: BasketReleased, view: MarketView) -> Sequence[StageEvent]:
        """No list is scheduled as one."""
        return ()

    def _again(self, event: ReplanWanted, view: MarketView) -> Sequence[StageEvent]:
        strategy = event.rest.strategy
        assert strategy is not None
        plan = msgspec.structs.replace(PLANS[strategy], close_qty=min(PLANS[strategy].close_qty, event.rest.order_qty))
        return (OrderReplanned(parent_id=event.parent_id, ts_ns=view.ts_ns, rest=event.rest, plan=plan),)

    def _plan(self, event: OrderCleared | PlanAsked, view: MarketView) -> Sequence[StageEvent]:
        strategy = event.order.strategy
        assert strategy is not None
        planned = OrderPlanned(
            parent_id=event.parent_id, ts_ns=view.ts_ns, order=event.order, plan=PLANS[strategy], plan_digest="fixed"
        )
        return (planned,)


def law_system(config: Config = CONFIG) -> System:
    """The real stages but for planning."""
    whole = build_system(config, Shelf(), Weekdays(), VENUES)
    return System([FixedPlanning() if stage.name == "planning" else stage for stage in whole.stages])
