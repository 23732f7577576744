"""The sizing gate: an order is costed as it would be sent, and above the line its trader decides or it is worked."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.clearance_events import OrderCleared
from sottovoce.core.enums import OrdType, Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import CommandRefused, OrderAccepted
from sottovoce.core.orders import Failure
from sottovoce.core.override_commands import ConfirmHold
from sottovoce.core.override_events import PlanAsked
from sottovoce.core.plan_events import OrderApproved, OrderHeld, OrderPlanned
from sottovoce.core.route_events import ChildRouted
from sottovoce.runtime.system import System, build_system
from sottovoce.stages.approval.config import ApprovalConfig, SizingPolicy
from tests.scenarios.small_desk import (
    LIT,
    LIT_2,
    MID,
    OPEN_NS,
    TICK,
    TRADER,
    VENUES,
    WIDE_CONFIG,
    Shelf,
    Weekdays,
    drive,
    fact,
    instrument,
    market_state,
    new_order,
    quote,
    view_at,
)

GATE = ApprovalConfig(value_max=10**12, adv_percent_max=1e6, cost_bps_max=1e6)
"""The sizing gate of the house, 20 bps, and no rule for a second person."""


def thin() -> Instrument:
    """79,000 shares a day: an opening auction of about 1,500."""
    name = instrument("THIN", 79_000.0)
    return msgspec.structs.replace(name, sigma_daily=fact(0.03), shares_outstanding=fact(50e6))


def desk(policy: SizingPolicy = SizingPolicy.HOLD) -> System:
    config = msgspec.structs.replace(WIDE_CONFIG, approval=msgspec.structs.replace(GATE, sizing=policy))
    return build_system(config, Shelf((instrument("ACME"), thin())), Weekdays(), VENUES)


def thin_view(size: int = 100) -> MarketView:
    """A thin name, ten cents wide, with size shares at either venue."""
    bid, ask = MID - 5 * TICK, MID + 5 * TICK
    state = msgspec.structs.replace(
        market_state("THIN"), bid=bid, ask=ask, bid_size=2 * size, ask_size=2 * size,
        venues=(quote(LIT, bid, ask, size), quote(LIT_2, bid, ask, size)),
    )  # fmt: skip
    return view_at(OPEN_NS, {"THIN": state, "ACME": market_state("ACME")})


def rules(events: list[StageEvent]) -> list[Failure]:
    return [rule for event in events if isinstance(event, OrderHeld) for rule in event.rules]


def codes(events: list[StageEvent]) -> list[str]:
    return [rule.code for rule in rules(events)]


def opening(symbol: str, qty: int) -> list[StageEvent]:
    """What happens to an order for the opening auction once it is cleared and planned."""
    system, sized = desk(), msgspec.structs.replace(GATE, sizing_bps_max=1e6, sizing_adv_percent_max=1e6)
    config = msgspec.structs.replace(WIDE_CONFIG, approval=sized)
    entry = build_system(config, Shelf((instrument("ACME"), thin())), Weekdays(), VENUES)
    events = drive(entry, new_order(symbol=symbol, order_qty=qty, strategy=Strategy.IS), thin_view())
    for event in events:
        if isinstance(event, OrderPlanned):
            order = msgspec.structs.replace(event.order, opening=True)
            return drive(system, msgspec.structs.replace(event, order=order), thin_view())
        if isinstance(event, OrderAccepted | OrderCleared):
            system.apply(event)
    raise AssertionError("the order was not planned")


def test_opening_auction_of_a_thin_name_is_held_for_its_trader() -> None:
    """5,000 shares into an auction of 1,509: what it would move that auction, not what the day could absorb."""
    events = opening("THIN", 5_000)
    (cost, share) = rules(events)
    assert (cost.code, share.code) == ("sizing_cost", "sizing_adv")
    assert float(cost.value.split()[0]) > 80
    assert "in an opening auction of about 1,509 shares" in cost.value
    assert share.value.startswith("6.33 % of ADV")
    assert not any(isinstance(event, ChildRouted) for event in events)


def test_same_order_in_a_deep_name_opens_without_a_word() -> None:
    events = opening("ACME", 500)
    assert codes(events) == []
    assert any(isinstance(event, OrderApproved) for event in events)


def test_market_order_at_once_costs_the_sweep() -> None:
    order = new_order(symbol="THIN", order_qty=2_000, strategy=Strategy.SOR)
    (rule,) = rules(drive(desk(), order, thin_view()))
    assert (rule.code, rule.limit) == ("sizing_cost", "20 bps")
    assert "swept at once, 200 shares shown" in rule.value


def test_same_market_order_with_depth_shown_is_cheap() -> None:
    order = new_order(symbol="THIN", order_qty=2_000, strategy=Strategy.SOR)
    assert codes(drive(desk(), order, thin_view(size=2_000))) == []


def test_limit_order_costs_what_trades_now() -> None:
    order = new_order(symbol="THIN", order_qty=2_000, strategy=Strategy.SOR, ord_type=OrdType.LIMIT, price="50.05")
    assert codes(drive(desk(), order, thin_view())) == []


def test_same_size_worked_over_the_day_costs_its_plan() -> None:
    order = new_order(symbol="THIN", order_qty=200, strategy=Strategy.IS)
    assert codes(drive(desk(), order, thin_view())) == []


def test_cost_nobody_can_estimate_is_held_and_never_passed() -> None:
    """Without a volatility what lies behind the shown depth has no price."""
    blind = msgspec.structs.replace(instrument("ACME"), sigma_daily=fact(None))
    config = msgspec.structs.replace(WIDE_CONFIG, approval=GATE)
    system = build_system(config, Shelf((blind,)), Weekdays(), VENUES)
    assert codes(drive(system, new_order(strategy=Strategy.SOR), view_at())) == ["sizing_unknown"]


@pytest.mark.parametrize(("qty", "held"), [(3_900, []), (3_950, []), (4_000, ["sizing_adv"])])
def test_part_of_the_day_that_goes_at_once(qty: int, held: list[str]) -> None:
    order = new_order(symbol="THIN", order_qty=qty, strategy=Strategy.SOR)
    assert codes(drive(desk(), order, thin_view(size=5_000))) == held


def test_trader_who_confirms_sends_it() -> None:
    system, order = desk(), new_order(symbol="THIN", order_qty=2_000, strategy=Strategy.SOR)
    (held,) = [event for event in drive(system, order, thin_view()) if isinstance(event, OrderHeld)]
    confirm = ConfirmHold(principal=TRADER, parent_id=held.parent_id, digest=held.plan_digest, reason="client insists")
    events = drive(system, confirm, thin_view())
    assert [event.by for event in events if isinstance(event, OrderApproved)] == [TRADER]


def test_confirmation_does_not_cover_a_market_that_has_become_dearer() -> None:
    system, order = desk(), new_order(symbol="THIN", order_qty=2_000, strategy=Strategy.SOR)
    (held,) = [event for event in drive(system, order, thin_view()) if isinstance(event, OrderHeld)]
    wider = thin_view(size=10)
    confirm = ConfirmHold(principal=TRADER, parent_id=held.parent_id, digest=held.plan_digest, reason="client insists")
    events = drive(system, confirm, _at(wider, MID + 20 * TICK))
    assert not any(isinstance(event, OrderApproved) for event in events)
    (told,) = [event for event in events if isinstance(event, CommandRefused)]
    assert [failed.code for failed in told.failures] == ["figures_changed"]
    (again,) = [event for event in events if isinstance(event, OrderHeld)]
    assert again.plan_digest != held.plan_digest
    refused = drive(system, confirm, wider)
    assert [failed.code for event in refused if isinstance(event, CommandRefused) for failed in event.failures] == [
        "digest_mismatch"
    ]


def _at(view: MarketView, ask: int) -> MarketView:
    state = view.states["THIN"]
    dear = msgspec.structs.replace(
        state, ask=ask, venues=tuple(msgspec.structs.replace(each, ask=ask) for each in state.venues)
    )
    return view_at(OPEN_NS, {"THIN": dear, "ACME": view.states["ACME"]})


def test_by_policy_it_is_worked_over_time_instead_of_waiting() -> None:
    order = new_order(symbol="THIN", order_qty=2_000, strategy=Strategy.SOR)
    events = drive(desk(SizingPolicy.SPLIT), order, thin_view())
    (asked,) = [event for event in events if isinstance(event, PlanAsked)]
    assert "swept at once" in asked.why
    planned = [event for event in events if isinstance(event, OrderApproved | OrderHeld)]
    assert [event.plan.strategy for event in planned] == [Strategy.IS]
