"""The risk stage: parents reserve their worst case, children draw on it, and without an answer nothing goes on."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import pytest

from sottovoce.core.clearance_events import AmendCleared, AmendRejected, ChildRejected, OrderCleared, OrderRejected
from sottovoce.core.commands import AlgoWake, AmendOrder, CancelOrder
from sottovoce.core.enums import OrdType, Side, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.work_events import ChildCreated
from sottovoce.runtime.system import System
from sottovoce.stages.risk.limits import DOLLAR, ExposureLimit, RiskLimits
from sottovoce.stages.risk.risk import RiskState
from tests.scenarios.small_desk import (
    ACCOUNT,
    BETA,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    TRADER,
    WIDE_CONFIG,
    WIDE_LIMITS,
    drive,
    market_state,
    new_order,
    small_system,
)

PARENT = parent_id(ACCOUNT, "c-1")
STATES: Mapping[str, MarketState] = {name: market_state(name) for name in ("ACME", "BETA", "NADV")}
NOW = MarketView(OPEN_NS, STATES, MAX_AGE_NS)
WORST = MID + MID // 10


def system_of(**limits: object) -> System:
    changed: RiskLimits = msgspec.structs.replace(WIDE_LIMITS, **limits)
    return small_system(msgspec.structs.replace(WIDE_CONFIG, limits=changed))


def state_of(system: System) -> RiskState:
    state = system.stage("risk").state()
    assert isinstance(state, RiskState)
    return state


def rejected(events: list[StageEvent]) -> list[str]:
    """Codes of the rejection; nothing may have been cleared or sent."""
    assert not any(isinstance(event, OrderCleared | ChildRouted) for event in events)
    (found,) = [event for event in events if isinstance(event, OrderRejected)]
    assert found.by == "risk"
    return [failed.code for failed in found.failures]


def order_codes(system: System, **changes: object) -> list[str]:
    return rejected(drive(system, new_order(**changes), NOW))


# parents --------------------------------------------------------------------------------------------------


def test_cleared_parent_reserves_its_worst_case() -> None:
    system = system_of()
    drive(system, new_order(strategy=Strategy.TWAP, order_qty=1_000), NOW)
    held = state_of(system).exposure.reservations[PARENT]
    assert (held.open_qty, held.worst_px, held.sign) == (1_000, WORST, 1)
    for scope in ("", f"account:{ACCOUNT}"):
        assert state_of(system).exposure.after(scope, 1, 0) == (1_000 * WORST, 1_000 * WORST)


@pytest.mark.parametrize(
    ("side", "price", "worst"),
    [
        (Side.BUY, "50.50", 50_500_000),
        (Side.BUY, "49.00", 49_000_000),
        (Side.SELL, "49.00", WORST),
        (Side.SELL, "60.00", 60_000_000),
    ],
)
def test_worst_price_is_the_limit_to_buy_and_never_below_the_market_to_sell(side: Side, price: str, worst: int) -> None:
    system = system_of()
    drive(system, new_order(side=side, ord_type=OrdType.LIMIT, price=price, strategy=Strategy.TWAP), NOW)
    assert state_of(system).exposure.reservations[PARENT].worst_px == worst


@pytest.mark.parametrize(
    ("limits", "changes", "found"),
    [
        ({"parent_qty_max": 9_999}, {}, ["order_quantity"]),
        ({"parent_value_max": 10_000 * WORST // DOLLAR - 1}, {}, ["order_value"]),
        ({"parent_adv_ppm": 999}, {}, ["order_adv"]),
        ({}, {"side": Side.SELL_SHORT}, ["locate_missing"]),
        ({}, {"ord_type": OrdType.LIMIT, "price": "51.51"}, ["price_collar"]),
        ({}, {"would_price": "51.51", "strategy": Strategy.TWAP}, ["price_collar"]),
        ({}, {"would_price": "0.01", "side": Side.SELL, "strategy": Strategy.TWAP}, ["price_collar"]),
        ({}, {"symbol": "NADV"}, ["adv_unknown"]),
        ({"exposures": {}}, {}, ["limit_missing"] * 5),
    ],
)
def test_parent_control_stops_the_order(
    limits: dict[str, object], changes: dict[str, object], found: list[str]
) -> None:
    system = system_of(**limits)
    assert order_codes(system, **changes) == found
    assert state_of(system).exposure.reservations == {}


@pytest.mark.parametrize(
    "limits", [{"parent_qty_max": 10_000}, {"parent_value_max": 10_000 * WORST // DOLLAR}, {"parent_adv_ppm": 1_000}]
)
def test_parent_at_its_limit_passes(limits: dict[str, object]) -> None:
    events = drive(system_of(**limits), new_order(), NOW)
    assert any(isinstance(event, OrderCleared) for event in events)


def test_all_failures_are_reported() -> None:
    system = system_of(parent_qty_max=1, parent_adv_ppm=1, exposures={})
    assert order_codes(system) == ["order_quantity", "order_adv", *["limit_missing"] * 5]


def test_orders_at_the_edge_of_a_limit_never_exceed_it_together() -> None:
    """Ten of each a seventh of the room: seven pass, in whatever order, and the rest are stopped."""
    row = ExposureLimit(gross=7 * 1_000 * WORST // DOLLAR, net=10**9)
    system = system_of(exposures={"": row, ACCOUNT: row})
    for number in range(10):
        order = new_order(f"c-{number}", order_qty=1_000, strategy=Strategy.TWAP)
        stopped = rejected_or_none(drive(system, order, NOW))
        assert stopped == ([] if number < 7 else ["gross_exposure"] * 3)  # of firm, trader and account
    assert state_of(system).exposure.after("", 1, 0)[0] <= row.gross * DOLLAR


def rejected_or_none(events: list[StageEvent]) -> list[str]:
    found = [event for event in events if isinstance(event, OrderRejected)]
    return [failed.code for event in found for failed in event.failures]


def test_canceled_parent_frees_its_reservation() -> None:
    system = system_of()
    drive(system, new_order(strategy=Strategy.TWAP, start_ns=OPEN_NS + 10**9), NOW)
    drive(system, CancelOrder(principal=TRADER, parent_id=PARENT), NOW)
    assert state_of(system).exposure.after("", 1, 0) == (0, 0)
    assert state_of(system).exposure.reservations[PARENT].open_qty == 0


# fail closed ----------------------------------------------------------------------------------------------


def test_quote_lost_between_gateway_and_child_stops_the_child() -> None:
    """The algorithm asked, and by the time risk looks there is no price."""
    system = system_of()
    drive(system, new_order(strategy=Strategy.IS, order_qty=100_000, start_ns=OPEN_NS + 1), NOW)
    wake = AlgoWake(parent_id=PARENT, number=1)
    events = list(system.deciders[AlgoWake][1](wake, MarketView(OPEN_NS + 1, STATES, MAX_AGE_NS)))
    created = [event for event in events if isinstance(event, ChildCreated)]
    assert created
    blind = MarketView(OPEN_NS + 1, {}, MAX_AGE_NS)
    (found,) = system.deciders[ChildCreated][1](created[0], blind)
    assert isinstance(found, ChildRejected)
    assert [failed.code for failed in found.failures] == ["no_market_data"]
    assert found.qty == created[0].child.qty


# children -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ({"child_adv_ppm": 0}, "child_adv"),
        ({"child_value_max": 1}, "child_value"),
        ({"restricted": ("ACME",)}, "restricted"),
    ],
)
def test_child_control_gives_the_quantity_back(limits: dict[str, object], found: str) -> None:
    honest = system_of()
    drive(honest, new_order(strategy=Strategy.SOR, order_qty=2_000, start_ns=OPEN_NS + 1), NOW)
    strict = system_of(**limits)
    strict.restore(honest.save())
    wake = AlgoWake(parent_id=PARENT, number=1)
    events = drive(strict, wake, MarketView(OPEN_NS + 1, STATES, MAX_AGE_NS))
    (stopped,) = [event for event in events if isinstance(event, ChildRejected)]
    assert [failed.code for failed in stopped.failures] == [found]
    assert not any(isinstance(event, ChildRouted) for event in events)
    held = state_of(strict).exposure.reservations[PARENT]
    assert (held.open_qty, held.drawn_qty) == (2_000, 0)
    row = strict.blotter.rows()[PARENT]
    assert row.ledger is not None
    assert row.ledger.unsent == 2_000


def test_child_draws_once_from_its_parents_reservation() -> None:
    system = system_of()
    before = state_of(system).exposure.after("", 1, 0)
    assert before == (0, 0)
    drive(system, new_order(strategy=Strategy.SOR, order_qty=1_000), NOW)
    held = state_of(system).exposure.reservations[PARENT]
    assert (held.open_qty, held.drawn_qty) == (1_000, 1_000)
    assert state_of(system).exposure.after("", 1, 0) == (1_000 * WORST, 1_000 * WORST)


# amendments -----------------------------------------------------------------------------------------------


def working(**limits: object) -> System:
    system = system_of(**limits)
    drive(system, new_order(strategy=Strategy.TWAP, order_qty=1_000, start_ns=OPEN_NS + 1), NOW)
    return system


def amended(system: System, view: MarketView = NOW, **changes: object) -> AmendCleared | AmendRejected:
    command = msgspec.structs.replace(AmendOrder(principal=TRADER, parent_id=PARENT), **changes)
    found = [event for event in drive(system, command, view) if isinstance(event, AmendCleared | AmendRejected)]
    return found[0]


def test_amendment_up_reserves_the_rise_and_down_frees_it() -> None:
    system = working()
    assert isinstance(amended(system, order_qty=1_500), AmendCleared)
    assert state_of(system).exposure.reservations[PARENT].open_qty == 1_500
    assert isinstance(amended(system, order_qty=400), AmendCleared)
    assert state_of(system).exposure.after(f"account:{ACCOUNT}", 1, 0) == (400 * WORST, 400 * WORST)


@pytest.mark.parametrize(("qty", "kind"), [(1_999, AmendCleared), (2_000, AmendCleared), (2_001, AmendRejected)])
def test_amendment_up_meets_the_same_limits(qty: int, kind: type) -> None:
    row = ExposureLimit(gross=2_000 * WORST // DOLLAR, net=10**9)
    assert type(amended(working(exposures={"": row, ACCOUNT: row}), order_qty=qty)) is kind


def test_amendment_up_without_a_price_is_rejected_and_down_is_not() -> None:
    blind = MarketView(OPEN_NS, {}, MAX_AGE_NS)
    assert isinstance(amended(working(), blind, order_qty=1_001), AmendRejected)
    assert isinstance(amended(working(), blind, order_qty=999), AmendCleared)


def test_amendment_down_in_a_higher_market_does_not_raise_exposure() -> None:
    """Only what asks for more is priced anew: a cut must not push anybody past a limit."""
    row = ExposureLimit(gross=1_000 * WORST // DOLLAR, net=10**9)
    system = working(exposures={"": row, ACCOUNT: row})
    higher = MarketView(OPEN_NS, {"ACME": market_state(mid=2 * MID)}, MAX_AGE_NS)
    assert isinstance(amended(system, higher, order_qty=900), AmendCleared)
    assert state_of(system).exposure.after("", 1, 0)[0] == 900 * WORST


def test_lower_limit_leaves_what_is_out_at_its_old_price() -> None:
    system = system_of()
    drive(system, new_order(strategy=Strategy.SOR, order_qty=1_000), NOW)
    assert isinstance(amended(system, price="40.00"), AmendCleared)
    assert state_of(system).exposure.after("", 1, 0)[0] == 1_000 * WORST


def test_reference_of_the_tests_has_a_second_name() -> None:
    system = system_of()
    drive(system, new_order("c-2", symbol="BETA", side=Side.SELL, strategy=Strategy.TWAP), NOW)
    (held,) = state_of(system).exposure.reservations.values()
    assert (held.instrument_id, held.sign) == (BETA.instrument_id, -1)
