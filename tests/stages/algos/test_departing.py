"""Leaving the plan: each watch on its threshold and not one unit inside it, how often, and within which bounds."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.choices import COST, GAIN, PRICE, PROGRESS, REPLAN, VOLATILITY, VOLUME, Expected, Watch, expected_by
from sottovoce.core.enums import ParentStatus, Strategy
from sottovoce.core.ledger import Ledger
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.plan_events import OrderReplanned, ReplanWanted
from sottovoce.core.replan_events import Departure, MarketSampled
from sottovoce.core.units import NS_PER_HOUR, NS_PER_MINUTE
from sottovoce.stages.algos.departing import departed, measured
from sottovoce.stages.algos.drift import Drift, ReplanConfig, asked, begun, moved_ppm, take
from sottovoce.stages.algos.parent import WorkedParent
from tests.stages.planning import desk
from tests.stages.planning.desk import CLOSE_NS, OPEN_NS

CONFIG = ReplanConfig()
NOON = OPEN_NS + 3 * NS_PER_HOUR
PX = 100_000_000
MARKS = (
    Expected(at_ns=OPEN_NS, volume=0, move_ppm=0),
    Expected(at_ns=NOON, volume=1_000_000, move_ppm=10_000),
    Expected(at_ns=CLOSE_NS, volume=2_000_000, move_ppm=14_000),
)
WATCHES = (
    Watch(figure=VOLUME, then=REPLAN, low_ppm=500_000, high_ppm=2_000_000),
    Watch(figure=VOLATILITY, then=REPLAN, high_ppm=2_000_000),
    Watch(figure=PROGRESS, then=REPLAN, low_ppm=-100_000),
    Watch(figure=PRICE, then=REPLAN, low_ppm=-20_000, high_ppm=20_000),
    Watch(figure=COST, then="ask", high_ppm=1_500_000),
)


def plan(**changes: object) -> Plan:
    made = desk.plan(desk.order(qty=100_000, strategy=Strategy.TWAP))
    return msgspec.structs.replace(made, watches=WATCHES, expected=MARKS, close_qty=0, **changes)


def parent(filled: int = 46_154, order: ParentOrder | None = None, **changes: object) -> WorkedParent:
    """An order three hours into its day, on its timetable (3 h of 6.5 of 100,000 shares) but for what a case says."""
    each = order or desk.order(qty=100_000, strategy=Strategy.TWAP)
    ledger = Ledger.opened(each.order_qty)
    ledger.filled, ledger.unsent = filled, each.order_qty - filled
    made = WorkedParent(
        order=each, plan=plan(), seed=1, ledger=ledger, limit_px=None, started_ns=OPEN_NS, volume_0=0,
        drift=Drift(first_px=PX, px=PX, moves=36, squares=10_000**2, approved_bps=10.0),
    )  # fmt: skip
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def wished(each: WorkedParent, *, mid: int = PX, others: int = 1_000_000, now_ns: int = NOON) -> ReplanWanted | None:
    found = departed(each, now_ns, mid, others, CONFIG)
    return found[0] if found else None


def figure(found: ReplanWanted | None) -> str:
    return "" if found is None or found.departure is None else found.departure.figure


def test_a_market_as_expected_changes_nothing() -> None:
    assert wished(parent()) is None


@pytest.mark.parametrize(
    ("others", "expected"), [(500_000, ""), (499_999, VOLUME), (2_000_000, ""), (2_000_001, VOLUME)]
)
def test_volume_on_its_thresholds(others: int, expected: str) -> None:
    assert figure(wished(parent(), others=others)) == expected


@pytest.mark.parametrize(("root", "expected"), [(20_000, ""), (20_001, VOLATILITY)])
def test_volatility_on_its_threshold(root: int, expected: str) -> None:
    drift = Drift(first_px=PX, px=PX, moves=36, squares=root**2, approved_bps=10.0)
    assert figure(wished(parent(drift=drift))) == expected


@pytest.mark.parametrize(("filled", "expected"), [(36_153, ""), (36_152, PROGRESS)])
def test_falling_behind_on_its_threshold(filled: int, expected: str) -> None:
    assert figure(wished(parent(filled))) == expected


@pytest.mark.parametrize(
    ("mid", "expected"), [(PX + 2_000_000, ""), (PX + 2_000_100, PRICE), (PX - 2_000_000, ""), (PX - 2_000_100, PRICE)]
)
def test_the_price_on_its_thresholds_either_way(mid: int, expected: str) -> None:
    assert figure(wished(parent(), mid=mid)) == expected


def test_the_wish_says_what_was_seen_against_what_and_keeps_both_plans_figures() -> None:
    each = parent(filled=30_000)
    found = wished(each)
    assert found is not None
    assert found.departure is not None
    assert (found.departure.limit_ppm, found.departure.number, found.departure.most) == (-100_000, 1, 3)
    assert found.departure.seen_ppm == -161_530
    assert found.before is not None
    assert found.before.expected_cost_bps == each.plan.expected_cost_bps
    assert (found.rest.order_qty, found.rest.start_ns, found.rest.strategy) == (70_000, NOON, Strategy.TWAP)


def test_bounds_are_those_of_the_plan_in_force_and_half_as_much_again_of_the_approved_cost() -> None:
    each = parent(filled=0)
    found = wished(each)
    assert found is not None
    assert found.bounds is not None
    assert found.bounds.max_participation_ppm == each.plan.max_participation_ppm
    assert found.bounds.max_clip_qty == each.plan.max_clip_qty
    assert found.bounds.cost_most_bps == pytest.approx(15.0)


@pytest.mark.parametrize(("plans", "again"), [(2, True), (3, False)])
def test_no_more_than_so_many_times(plans: int, again: bool) -> None:
    drift = Drift(first_px=PX, px=PX, moves=36, squares=0, plans=plans)
    assert (wished(parent(0, drift=drift)) is not None) is again


@pytest.mark.parametrize(("waited", "again"), [(CONFIG.every_ns, True), (CONFIG.every_ns - 1, False)])
def test_not_sooner_than_so_long_after_the_last(waited: int, again: bool) -> None:
    drift = Drift(first_px=PX, px=PX, moves=36, squares=0, planned_ns=NOON - waited)
    assert (wished(parent(0, drift=drift)) is not None) is again


@pytest.mark.parametrize(("left", "again"), [(CONFIG.every_ns, True), (CONFIG.every_ns - 1, False)])
def test_not_so_near_to_the_end_that_it_could_not_matter(left: int, again: bool) -> None:
    late = msgspec.structs.replace(desk.order(qty=100_000), end_ns=NOON + left)
    assert (wished(parent(0, order=late)) is not None) is again


@pytest.mark.parametrize("status", [ParentStatus.PAUSED, ParentStatus.CANCELING])
def test_an_order_that_does_not_work_is_not_planned_again(status: ParentStatus) -> None:
    assert wished(parent(0, status=status)) is None


@pytest.mark.parametrize("strategy", [Strategy.SOR, Strategy.CLOSE])
def test_a_direct_order_and_the_close_are_never_planned_again(strategy: Strategy) -> None:
    assert wished(parent(0, plan=plan(strategy=strategy))) is None


def test_without_a_price_nothing_is_decided() -> None:
    assert wished(parent(0), mid=0) is None


def test_few_prices_say_nothing_of_volume_or_volatility() -> None:
    young = parent(drift=Drift(first_px=PX, px=PX, moves=5, squares=10**12))
    seen = measured(young, NOON, PX, 0)
    assert (seen.volume_ppm, seen.volatility_ppm) == (None, None)


def test_expectations_are_straight_between_their_marks_in_volume_and_variance() -> None:
    half = expected_by(plan().expected, OPEN_NS + 90 * NS_PER_MINUTE)
    assert half is not None
    assert (half.volume, half.move_ppm) == (500_000, 7_071)
    assert expected_by(plan().expected, OPEN_NS - 1) is None
    assert expected_by(plan().expected, CLOSE_NS + NS_PER_HOUR) == MARKS[-1]


def test_a_price_that_could_not_be_had_only_moves_the_time() -> None:
    drift = Drift()
    for at, px in ((1, PX), (2, 0), (3, PX + 100_000)):
        take(drift, MarketSampled(parent_id="P", ts_ns=at, mid_px=px), 1, 100)
    assert (drift.at_ns, drift.first_px, drift.moves, drift.squares) == (3, PX, 1, 1_000**2)


def test_a_fall_is_measured_like_a_rise() -> None:
    assert moved_ppm(PX, PX + 3) == moved_ppm(PX, PX - 3) == 0
    assert moved_ppm(PX, PX - 2_000_000) == -20_000


def test_a_plan_of_the_desk_s_own_counts_and_an_amendment_starts_the_count_anew() -> None:
    drift, order = Drift(approved_bps=10.0, first_px=PX, moves=4), desk.order()
    departure = Departure(figure=PRICE, seen_ppm=1, limit_ppm=0, number=2, most=3)
    asked(drift, ReplanWanted(parent_id="P", ts_ns=7, rest=order, departure=departure))
    assert (drift.plans, drift.planned_ns) == (2, 7)
    begun(drift, OrderReplanned(parent_id="P", ts_ns=7, rest=order, plan=plan(), departure=departure))
    assert (drift.plans, drift.moves, drift.first_px, drift.approved_bps) == (2, 0, 0, 10.0)
    begun(drift, OrderReplanned(parent_id="P", ts_ns=9, rest=order, plan=plan(expected_cost_bps=4.0)))
    assert (drift.plans, drift.approved_bps) == (0, 4.0)


LOOK = Watch(figure=GAIN, then=REPLAN, low_ppm=-1_000, at_ns=NOON, haste_ppm=4_000_000)


@pytest.mark.parametrize(
    ("cost_ppm", "at_ns", "expected"),
    [
        (-1_001, NOON, GAIN),
        (-1_000, NOON, ""),
        (5_000, NOON, ""),
        (-1_001, NOON - 1, ""),
        (-1_001, NOON + CONFIG.sample_ns - 1, GAIN),
        (-1_001, NOON + CONFIG.sample_ns, ""),
    ],
)
def test_a_gain_is_looked_at_once(cost_ppm: int, at_ns: int, expected: str) -> None:
    each = parent(plan=plan(), drift=Drift(first_px=PX, px=PX, moves=36, squares=0, cost_ppm=cost_ppm))
    each.plan = msgspec.structs.replace(each.plan, watches=(LOOK,))
    found = wished(each, now_ns=at_ns)
    assert figure(found) == expected
    if found is not None and found.departure is not None:
        assert (found.departure.haste_ppm, found.departure.seen_ppm) == (4_000_000, cost_ppm)


@pytest.mark.parametrize(("side", "sign"), [(1, 1), (-1, -1)])
def test_cost_so_far_is_of_what_was_left_when_the_price_moved(side: int, sign: int) -> None:
    """1 % up while all is left, 1 % up while 40 of 100 are left: 1 + 0.4 % of the order, less for a seller."""
    drift = Drift()
    for at, (px, done) in enumerate([(PX, 0), (PX + 1_000_000, 60), (PX + 2_010_000, 80)], start=1):
        take(drift, MarketSampled(parent_id="P", ts_ns=at, mid_px=px, done_qty=done), side, 100)
    assert drift.cost_ppm == pytest.approx(sign * 14_000, abs=1)
    assert drift.moves == 2
