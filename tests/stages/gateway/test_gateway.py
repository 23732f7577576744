"""The front door: idempotent, default deny, all failures of a stage, and an order in integers when it passes."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, Side, Strategy, TimeInForce
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import AnswerRepeated, CommandRefused, OrderAccepted, OrderRefused
from sottovoce.core.orders import ParentOrder
from sottovoce.stages.gateway.gateway import Gateway
from tests.scenarios.small_desk import (
    ACCOUNT,
    CLOSE_NS,
    DIRECTORY,
    MAX_AGE_NS,
    MID,
    OPEN_NS,
    OTHER_TRADER,
    RISK,
    TICK,
    Shelf,
    Weekdays,
    market_state,
    new_order,
    view_at,
)

NOON = MarketView(OPEN_NS, {"ACME": market_state()}, MAX_AGE_NS)


class Door:
    """A gateway that decides and applies."""

    def __init__(self) -> None:
        self.gateway = Gateway(DIRECTORY, Shelf(), Weekdays())

    def take(self, order: NewOrder, view: MarketView = NOON) -> StageEvent:
        (event,) = self.gateway.deciders()[NewOrder](order, view)
        apply = self.gateway.appliers().get(type(event))
        if apply is not None:
            apply(event)
        return event


def accepted(view: MarketView = NOON, **changes: object) -> ParentOrder:
    event = Door().take(new_order(**changes), view)
    assert isinstance(event, OrderAccepted), event
    return event.order


def refused(view: MarketView = NOON, **changes: object) -> list[str]:
    event = Door().take(new_order(**changes), view)
    assert isinstance(event, OrderRefused), event
    return [failed.code for failed in event.failures]


def turned_away(door: Door, order: NewOrder) -> list[str]:
    """The codes of a request refused without an answer being kept."""
    event = door.take(order)
    assert isinstance(event, CommandRefused), event
    return [failed.code for failed in event.failures]


# the same id ----------------------------------------------------------------------------------------------


def test_same_id_and_body_gets_the_stored_answer() -> None:
    door = Door()
    first = door.take(new_order())
    state = msgspec.json.encode(door.gateway.state())
    for _ in range(3):
        again = door.take(new_order())
        assert isinstance(again, AnswerRepeated)
        assert again.parent_id == first.parent_id
    assert msgspec.json.encode(door.gateway.state()) == state


@pytest.mark.parametrize(
    "change", [{"order_qty": 10_001}, {"side": Side.SELL}, {"note": "urgent"}, {"strategy": Strategy.TWAP}]
)
def test_same_id_with_another_body_is_refused(change: dict[str, object]) -> None:
    door = Door()
    door.take(new_order())
    event = door.take(new_order(**change))
    assert isinstance(event, CommandRefused)
    assert [failed.code for failed in event.failures] == ["client_id_reused"]
    assert isinstance(door.take(new_order()), AnswerRepeated)


def test_refused_order_burns_its_id() -> None:
    door = Door()
    assert isinstance(door.take(new_order(order_qty=0)), OrderRefused)
    assert isinstance(door.take(new_order(order_qty=0)), AnswerRepeated)
    event = door.take(new_order())
    assert isinstance(event, CommandRefused)
    assert [failed.code for failed in event.failures] == ["client_id_reused"]


def test_same_client_id_in_another_account_is_another_order() -> None:
    door = Door()
    first, second = door.take(new_order()), door.take(new_order(account="FUND-B"))
    assert isinstance(second, OrderAccepted)
    assert first.parent_id != second.parent_id == parent_id("FUND-B", "c-1")


def test_answers_survive_a_restart() -> None:
    door, restarted = Door(), Door()
    door.take(new_order())
    restarted.gateway.restore(msgspec.json.encode(door.gateway.state()))
    assert isinstance(restarted.take(new_order()), AnswerRepeated)


# access ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "found"),
    [
        ("nobody", ["unknown_principal"]),
        ("", ["unknown_principal"]),
        (RISK, ["not_entitled", "account_not_entitled"]),
        (OTHER_TRADER, ["account_not_entitled"]),
    ],
)
def test_default_is_deny(principal: str, found: list[str]) -> None:
    assert turned_away(Door(), new_order(principal=principal)) == found


def test_access_is_judged_before_anything_is_read() -> None:
    assert turned_away(Door(), new_order(principal="nobody", order_qty=0, symbol="?")) == ["unknown_principal"]


def test_stranger_neither_burns_an_id_nor_learns_of_one() -> None:
    door = Door()
    turned_away(door, new_order(principal=OTHER_TRADER))
    assert isinstance(door.take(new_order()), OrderAccepted)
    assert turned_away(door, new_order(principal=OTHER_TRADER)) == ["account_not_entitled"]


# reference and state --------------------------------------------------------------------------------------


def test_unknown_name_is_refused() -> None:
    assert refused(symbol="ACMEE") == ["unknown_symbol"]


def test_currency_must_be_the_instruments() -> None:
    assert refused(order_qty=None, notional="1000", currency="EUR") == ["currency_mismatch"]


@pytest.mark.parametrize(("price", "found"), [("50.00", []), ("50.01", []), ("50.005", ["off_tick"])])
def test_limit_is_on_a_tick(price: str, found: list[str]) -> None:
    if found:
        assert refused(ord_type=OrdType.LIMIT, price=price) == found
    else:
        assert accepted(ord_type=OrdType.LIMIT, price=price).limit_px == int(float(price) * 1_000_000)


def test_reference_failures_come_together() -> None:
    assert refused(ord_type=OrdType.LIMIT, price="50.005", currency="EUR") == ["currency_mismatch", "off_tick"]


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ({}, "no_market_data"),
        ({"ACME": msgspec.structs.replace(market_state(), phase="halted")}, "market_halted"),
        ({"ACME": msgspec.structs.replace(market_state(), bid=0)}, "one_sided_quote"),
        ({"ACME": msgspec.structs.replace(market_state(), ask=1)}, "crossed_quote"),
        ({"ACME": market_state(ts_ns=OPEN_NS - MAX_AGE_NS - 1)}, "stale_quote"),
    ],
)
def test_no_order_is_priced_from_an_unusable_quote(states: dict[str, object], code: str) -> None:
    view = MarketView(OPEN_NS, states, MAX_AGE_NS)  # type: ignore[arg-type]  # built by parametrize
    assert refused(view) == [code]


@pytest.mark.parametrize(("end_ns", "found"), [(OPEN_NS, ["horizon_past"]), (OPEN_NS - 1, ["horizon_past"])])
def test_horizon_must_not_be_over(end_ns: int, found: list[str]) -> None:
    assert refused(end_ns=end_ns) == found
    assert accepted(end_ns=OPEN_NS + 1).end_ns == OPEN_NS + 1


def test_notional_below_one_share_is_refused() -> None:
    assert refused(order_qty=None, notional="49.99") == ["notional_below_one_share"]


# the order that comes out ---------------------------------------------------------------------------------


def test_accepted_order_carries_its_benchmarks() -> None:
    order = accepted()
    assert (order.arrival_px, order.decision_px, order.decision_ns) == (MID, MID, OPEN_NS)
    assert (order.accepted_ns, order.start_ns, order.end_ns) == (OPEN_NS, OPEN_NS, CLOSE_NS)
    assert (order.lot, order.tick, order.ref_version, order.price_scale) == (100, TICK, 1, 1_000_000)
    assert (order.strategy, order.limit_px, order.side) == (None, None, Side.BUY)


@pytest.mark.parametrize(("notional", "qty"), [("1000000", 20_000), ("5049", 100), ("4999.99", 99), ("50", 1)])
def test_notional_buys_whole_lots_or_single_shares_below_one(notional: str, qty: int) -> None:
    assert accepted(order_qty=None, notional=notional).order_qty == qty


def test_days_end_at_the_last_close() -> None:
    assert accepted(days=3).end_ns == CLOSE_NS + 2 * 86_400 * 10**9


def test_start_in_the_past_is_now() -> None:
    assert accepted(start_ns=OPEN_NS - 10).start_ns == OPEN_NS
    assert accepted(start_ns=OPEN_NS + 10).start_ns == OPEN_NS + 10


def test_at_the_close_names_the_strategy() -> None:
    assert accepted(time_in_force=TimeInForce.AT_THE_CLOSE).strategy is Strategy.CLOSE


def test_market_moves_change_nothing_but_prices() -> None:
    later = accepted(view_at(OPEN_NS + 10**12))
    assert later.order_qty == accepted().order_qty
    assert later.account == ACCOUNT


def test_thousand_repeats_of_an_order_are_one_order() -> None:
    door = Door()
    first = door.take(new_order())
    answers = [door.take(new_order()) for _ in range(1_000)]
    assert isinstance(first, OrderAccepted)
    assert {type(answer) for answer in answers} == {AnswerRepeated}
    assert {answer.parent_id for answer in answers} == {first.parent_id}


def test_what_is_no_id_is_neither_looked_up_nor_burned() -> None:
    door = Door()
    state = msgspec.json.encode(door.gateway.state())
    for bad in ("", "a b", "x" * 65, "c\u200b", "ｃ"):
        assert turned_away(door, new_order(bad)) == ["bad_identifier"]
    assert msgspec.json.encode(door.gateway.state()) == state
