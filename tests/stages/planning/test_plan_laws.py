"""What must hold of any plan, over random orders."""

from __future__ import annotations

from itertools import pairwise

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.core.enums import DarkUse, Side, Strategy, Urgency
from sottovoce.core.instrument import Instrument
from sottovoce.core.orders import CURVE_ONE, ParentOrder
from sottovoce.core.units import NS_PER_DAY, NS_PER_MINUTE
from sottovoce.stages.planning.choosing import AS_OFTEN
from sottovoce.stages.planning.config import PlanningConfig
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, NO_SHARES, OPEN_NS, THIN

EXAMPLES = 200
SCHEDULED = (Strategy.TWAP, Strategy.VWAP, Strategy.POV, Strategy.IS, None)


@st.composite
def orders(draw: st.DrawFn, strategies: tuple[Strategy | None, ...] = (*Strategy, None)) -> ParentOrder:
    """Any order inside one to five sessions, in whole lots or odd shares, with or without a limit."""
    of: Instrument = draw(st.sampled_from([AAPL, NO_SHARES, THIN]))
    days = draw(st.integers(1, 5))
    first = draw(st.integers(0, 380)) * NS_PER_MINUTE
    last = draw(st.integers(first // NS_PER_MINUTE + 5 if days == 1 else 5, 390)) * NS_PER_MINUTE
    return desk.order(
        of,
        qty=draw(st.integers(1, 3_000_000)),
        side=draw(st.sampled_from(Side)),
        strategy=draw(st.sampled_from(strategies)),
        urgency=draw(st.sampled_from(Urgency)),
        dark=draw(st.sampled_from(DarkUse)),
        start_ns=OPEN_NS + first,
        end_ns=OPEN_NS + (days - 1) * NS_PER_DAY + last,
        days=days,
        participation_ppm=draw(st.sampled_from([None, 10_000, 100_000, 300_000])),
    )


@settings(max_examples=EXAMPLES)
@given(orders())
def test_the_curve_never_falls_and_ends_at_the_whole_order(order: ParentOrder) -> None:
    plan = desk.plan(order)
    assert len(plan.edges_ns) == len(plan.curve) >= 2
    assert all(before < after for before, after in pairwise(plan.edges_ns))
    assert all(before <= after for before, after in pairwise(plan.curve))
    assert plan.curve[0] in (0, CURVE_ONE)
    assert plan.curve[-1] == CURVE_ONE


@settings(max_examples=EXAMPLES)
@given(orders())
def test_the_plan_keeps_the_order_s_window_size_and_manner(order: ParentOrder) -> None:
    plan = desk.plan(order)
    assert order.start_ns <= plan.edges_ns[0]
    assert plan.edges_ns[-1] <= order.end_ns
    assert order.strategy in (None, plan.strategy)
    assert 1 <= plan.clip_qty <= plan.max_clip_qty <= order.order_qty
    assert plan.clip_qty % order.lot == 0 or plan.clip_qty == order.order_qty
    assert 0 <= plan.close_qty <= order.order_qty
    assert 0 < plan.wake_ns <= 60 * 1_000_000_000
    assert 0 <= plan.participation_ppm <= plan.max_participation_ppm <= 1_000_000


@settings(max_examples=EXAMPLES)
@given(orders())
def test_figures_are_figures(order: ParentOrder) -> None:
    plan = desk.plan(order)
    assert plan.cost_low_bps <= plan.expected_cost_bps <= plan.cost_high_bps
    assert 0 <= plan.completion_probability <= 1
    assert plan.timing_risk_bps > 0
    for each in plan.alternatives:
        parts = each.impact_bps + each.spread_bps + each.fees_bps
        assert abs(parts - each.expected_cost_bps) < 1e-3
        assert min(each.impact_bps, each.spread_bps, each.fees_bps, each.participation) >= 0


@settings(max_examples=EXAMPLES)
@given(orders(SCHEDULED))
def test_slower_is_cheaper_and_riskier_than_faster(order: ParentOrder) -> None:
    slower, balanced, faster = desk.plan(order).alternatives[:3]
    assert slower.expected_cost_bps <= balanced.expected_cost_bps + 1e-3
    assert balanced.expected_cost_bps <= faster.expected_cost_bps + 1e-3
    assert slower.timing_risk_bps >= balanced.timing_risk_bps - 1e-3
    assert balanced.timing_risk_bps >= faster.timing_risk_bps - 1e-3


@settings(max_examples=EXAMPLES)
@given(orders((None,)))
def test_a_free_choice_has_the_least_utility_of_the_likely_ways_but_for_what_may_be_chance(order: ParentOrder) -> None:
    plan = desk.plan(order)
    choice = plan.choice
    assert choice is not None
    shown = next(each for each in plan.alternatives if each.name == plan.recommended)
    chosen = next(each for each in choice.candidates if each.name == choice.chosen)
    assert shown.strategy is chosen.strategy is plan.strategy
    most = max(each.completion_probability for each in choice.candidates)
    least = (choice.completion_min if most >= choice.completion_min else most - AS_OFTEN) - 1e-4
    assert chosen.completion_probability >= least
    for rival in choice.candidates:
        if rival.completion_probability >= least + 2e-4:
            may_be_chance = max(PlanningConfig().choice.margin_bps, 2 * rival.difference_error_bps)
            assert chosen.utility_bps <= rival.utility_bps + may_be_chance + 1e-3


@settings(max_examples=EXAMPLES)
@given(orders((None,)))
def test_no_free_choice_is_beaten_in_everything(order: ParentOrder) -> None:
    """But by less than the margin a way of the desk's own is let off, or by a way less likely than is asked."""
    choice = desk.plan(order).choice
    if choice is None:
        return
    ways = {each.name: each for each in choice.candidates}
    taken = ways[choice.chosen]
    better = ways.get(taken.dominated_by)
    if better is not None:
        slack = max(choice.margin_bps, 2.0 * better.difference_error_bps) + 2e-4
        less_likely = better.completion_probability < choice.completion_min <= taken.completion_probability
        assert less_likely or taken.utility_bps - better.utility_bps <= slack


@settings(max_examples=EXAMPLES)
@given(orders())
def test_a_buy_and_a_sell_cost_the_same(order: ParentOrder) -> None:
    mirror = msgspec.structs.replace(order, side=Side.SELL if order.side is Side.BUY else Side.BUY)
    assert desk.plan(order) == desk.plan(mirror)
