"""Lists of orders: whole or not at all, once, and held where a person must look."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.basket_commands import BasketExpiry, NewBasket, RefuseBasket, ReleaseBasket
from sottovoce.core.basket_events import (
    BasketAccepted,
    BasketHeld,
    BasketRefused,
    BasketRejected,
    BasketReleased,
)
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import Side
from sottovoce.core.order_events import AnswerRepeated, CommandRefused, OrderAccepted, OrderRefused
from sottovoce.core.reasons import failure
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.gateway.basket_legs import leg_order
from sottovoce.stages.gateway.list_checks import content_digest
from tests.scenarios.small_desk import COMPLIANCE, OPEN_NS, OTHER_TRADER, RISK, TRADER, view_at
from tests.stages.gateway.lists import FAIR, ListDoor, basket, last, leg

SECOND_NS = 1_000_000_000


def held_by(door: ListDoor, command: NewBasket) -> list[str]:
    event = last(door.take(command), BasketHeld)
    assert isinstance(event, BasketHeld)
    return [rule.code for rule in event.rules]


def refused(command: NewBasket, door: ListDoor | None = None) -> BasketRefused:
    events = (door or ListDoor()).take(command)
    assert len(events) == 1
    assert isinstance(events[0], BasketRefused), events
    return events[0]


# whole first ---------------------------------------------------------------------------------------------


def test_sound_list_is_entered_leg_by_leg() -> None:
    events = ListDoor().take(basket(declared_notional=FAIR))
    assert [type(event).__name__ for event in events] == [
        "BasketAccepted", "BasketCleared", "BasketReleased", "OrderAccepted", "OrderAccepted"
    ]  # fmt: skip
    accepted, legs = events[0], [event.order for event in events if isinstance(event, OrderAccepted)]
    assert isinstance(accepted, BasketAccepted)
    assert [(order.symbol, order.side, order.cl_ord_id) for order in legs] == [
        ("ACME", Side.BUY, "list-1.2"), ("BETA", Side.SELL, "list-1.3")
    ]  # fmt: skip
    assert {order.basket for order in legs} == {accepted.parent_id}
    assert (accepted.gross, accepted.net) == (1_000_000_000_000, sum(o.side.sign * 10_000 * o.arrival_px for o in legs))


def test_one_bad_row_stops_the_whole_list_and_every_fault_of_every_row_is_told() -> None:
    event = refused(basket("l", leg(2), leg(3, "NOSUCH"), leg(4, qty=0, note="\x00"), leg(5, "NOSUCH")))
    assert [(fault.row, [failed.code for failed in fault.failures]) for fault in event.faults] == [
        (3, ["unknown_symbol"]), (4, ["bad_text", "bad_quantity"]), (5, ["unknown_symbol"])
    ]  # fmt: skip
    assert [(one.code, one.count, one.row) for one in event.classes] == [
        ("unknown_symbol", 2, 3), ("bad_quantity", 1, 4), ("bad_text", 1, 4)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "found"),
    [
        (basket(legs=()), ["basket_empty"]),
        (basket("l", leg(2), leg(2, "BETA")), ["bad_rows"]),
        (basket("l", leg(0)), ["bad_rows"]),
        (basket(declared_notional="-1"), ["bad_notional"]),
        (basket(declared_notional="NaN", currency="usd "), ["bad_notional", "bad_currency"]),
        (basket("x" * 57), ["bad_identifier"]),
        (basket(source="a\u202eb"), ["bad_text"]),
        (basket(currency="EUR"), ["currency_mismatch"]),
    ],
)
def test_list_that_is_not_well_formed_is_refused(command: NewBasket, found: list[str]) -> None:
    assert [failed.code for failed in refused(command).failures] == found


@pytest.mark.parametrize("rows", [2_000, 2_001])
def test_list_has_at_most_2000_rows(rows: int) -> None:
    legs = tuple(leg(row, qty=row) for row in range(2, rows + 2))
    first = ListDoor().take(basket("l", *legs))[0]
    assert isinstance(first, BasketAccepted if rows == 2_000 else BasketRefused)


# what was meant ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("meant", "kind"),
    [("1250000", BasketReleased), ("800000", BasketReleased), ("1260000", BasketHeld), ("790000", BasketHeld),
     ("2000000", BasketHeld), ("2010000", BasketRefused), ("490000", BasketRefused), ("130.64", BasketRefused)],
)  # fmt: skip
def test_worth_is_compared_with_what_was_declared(meant: str, kind: type) -> None:
    """1,000,000 computed. 130.64 declared is the ratio of May 2022: 7,655 times what was meant."""
    events = ListDoor().take(basket(declared_notional=meant))
    assert isinstance(last(events, kind), kind)
    entered = [event for event in events if isinstance(event, OrderAccepted)]
    assert len(entered) == (2 if kind is BasketReleased else 0)


def test_units_typed_for_money_send_no_leg() -> None:
    """The incident of May 2022: 349 rows, 58m typed as units; 0 legs, and one rule says how far off it is."""
    legs = tuple(leg(row, qty=58_000_000 + row) for row in range(2, 351))
    event = refused(basket("units", *legs, declared_notional="58000000"))
    (failed,) = event.failures
    assert (failed.code, failed.control) == ("basket_ratio_hard", "PT-04")
    assert failed.value.startswith("17415.15 (1,010,078,865,057 computed")
    assert failed.limit == "0.5 to 2"


# once ----------------------------------------------------------------------------------------------------


def test_same_id_and_body_gets_the_stored_answer_and_another_body_is_refused() -> None:
    door = ListDoor()
    door.take(basket())
    state = msgspec.json.encode(door.gateway.state())
    assert isinstance(door.take(basket())[0], AnswerRepeated)
    (other,) = door.take(basket("list-1", leg(2)))
    assert isinstance(other, CommandRefused)
    assert [failed.code for failed in other.failures] == ["client_id_reused"]
    assert msgspec.json.encode(door.gateway.state()) == state


def test_same_file_under_another_name_is_held() -> None:
    door = ListDoor()
    door.take(basket())
    again = basket("list-2", leg(7, "BETA", side=Side.SELL), leg(9), source="copy.csv")
    assert content_digest(again) == content_digest(basket())
    assert "duplicate_basket" in held_by(door, again)


def test_another_content_is_another_list() -> None:
    door = ListDoor()
    door.take(basket())
    events = door.take(basket("list-2", leg(2, qty=9_000), leg(3, "BETA", 8_000)))
    assert isinstance(last(events, BasketReleased), BasketReleased)


def test_rows_given_twice_are_flagged_and_held() -> None:
    door = ListDoor()
    event = last(door.take(basket("l", leg(2), leg(3, "BETA"), leg(4))), BasketHeld)
    assert isinstance(event, BasketHeld)
    (rule,) = event.rules
    assert (rule.code, rule.value) == ("duplicate_rows", "2 rows: 2, 4")


def test_row_that_is_an_order_already_stops_the_list() -> None:
    door = ListDoor()
    door.take(leg_order(basket(), leg(2)))
    assert [fault.failures[0].code for fault in refused(basket(), door).faults] == ["client_id_reused"]


def test_leg_that_comes_again_as_an_order_is_a_repeat_of_it() -> None:
    door = ListDoor()
    door.take(basket())
    (event,) = door.take(leg_order(basket(), leg(2)))
    assert isinstance(event, AnswerRepeated)


# who -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("principal", "found"),
    [("nobody", "unknown_principal"), (RISK, "not_entitled"), (OTHER_TRADER, "account_not_entitled")],
)
def test_default_is_deny_and_a_stranger_burns_no_id(principal: str, found: str) -> None:
    door = ListDoor()
    (event,) = door.take(basket(principal=principal))
    assert isinstance(event, CommandRefused)
    assert found in [failed.code for failed in event.failures]
    assert isinstance(last(door.take(basket()), BasketReleased), BasketReleased)


# a person looks ------------------------------------------------------------------------------------------


class Held:
    """A list held for its declared worth, and what people then say of it."""

    def __init__(self, door: ListDoor | None = None, declared: str = "790000") -> None:
        self.door = door or ListDoor()
        events = self.door.take(basket(declared_notional=declared))
        event = last(events, BasketHeld)
        assert isinstance(event, BasketHeld)
        self.held = event
        self.timer = last(events, TimerSet)

    def release(self, principal: str = RISK, digest: str | None = None, minutes: int = 0) -> list[str]:
        command = ReleaseBasket(
            principal=principal, parent_id=self.held.parent_id, content_digest=digest or self.held.content_digest
        )
        events = self.door.take(command, view_at(OPEN_NS + minutes * 60 * SECOND_NS))
        if isinstance(events[0], CommandRefused):
            return [failed.code for failed in events[0].failures]
        return [type(event).__name__ for event in events]


def test_released_list_is_read_again_and_entered() -> None:
    held = Held()
    assert held.release() == ["BasketAccepted", "BasketCleared", "BasketReleased", "OrderAccepted", "OrderAccepted"]
    assert held.release() == ["basket_not_held"]


@pytest.mark.parametrize(
    ("principal", "found"),
    [(TRADER, ["not_entitled", "self_approval"]), (OTHER_TRADER, ["not_entitled"]), (COMPLIANCE, ["not_entitled"]),
     ("nobody", ["unknown_principal"])],
)  # fmt: skip
def test_only_another_person_of_the_role_releases(principal: str, found: list[str]) -> None:
    assert Held().release(principal) == found


def test_release_is_of_what_was_shown() -> None:
    assert Held().release(digest="0" * 64) == ["digest_mismatch"]


def test_release_lets_pass_no_more_than_was_seen() -> None:
    """What risk finds at the second look was not released, nor was a larger figure of a rule that was."""
    held = Held()
    held.door.risk_holds = (failure("risk", "basket_value", "60,000,000.00", "50,000,000.00"),)
    assert held.release() == ["BasketAccepted", "BasketCleared", "BasketHeld", "TimerSet"]
    held.door.risk_holds = (failure("risk", "basket_value", "60,100,000.00", "50,000,000.00"),)
    assert held.release()[2] == "BasketReleased"


def test_larger_figure_of_a_released_rule_is_held_again() -> None:
    door = ListDoor((failure("risk", "basket_value", "60,000,000.00", "50,000,000.00"),))
    held = Held(door, declared=FAIR)
    door.risk_holds = (failure("risk", "basket_value", "61,000,000.00", "50,000,000.00"),)
    assert held.release()[2] == "BasketHeld"


def test_list_that_has_gone_bad_while_it_waited_is_refused() -> None:
    held = Held()
    stale = msgspec.structs.replace(held.held, ts_ns=0)
    command = ReleaseBasket(principal=RISK, parent_id=stale.parent_id, content_digest=stale.content_digest)
    (event,) = held.door.take(command, view_at(OPEN_NS, {}))
    assert isinstance(event, BasketRefused)
    assert [one.code for one in event.classes] == ["no_market_data"]


def test_held_list_expires_and_then_nobody_releases_it() -> None:
    held = Held()
    assert isinstance(held.timer, TimerSet)
    assert held.timer.at_ns == OPEN_NS + 900 * SECOND_NS == held.held.expires_ns
    early = held.door.take(BasketExpiry(parent_id=held.held.parent_id), view_at(held.timer.at_ns - 1))
    assert early == []
    (event,) = held.door.take(held.timer.timer, view_at(held.timer.at_ns))
    assert isinstance(event, BasketRejected)
    assert [failed.code for failed in event.failures] == ["approval_expired"]
    assert held.release() == ["basket_not_held"]


@pytest.mark.parametrize(("principal", "goes"), [(RISK, True), (TRADER, True), (OTHER_TRADER, False)])
def test_held_list_is_declined_by_the_role_or_its_owner(principal: str, goes: bool) -> None:
    held = Held()
    (event,) = held.door.take(RefuseBasket(principal=principal, parent_id=held.held.parent_id, reason="wrong day"))
    assert isinstance(event, BasketRejected if goes else CommandRefused)
    assert (held.release() == ["basket_not_held"]) is goes


def test_held_list_survives_a_restart() -> None:
    held = Held()
    restarted = ListDoor()
    restarted.gateway.restore(msgspec.json.encode(held.door.gateway.state()))
    held.door = restarted
    assert held.release()[-1] == "OrderAccepted"


def test_orders_after_a_list_are_judged_by_it() -> None:
    door = ListDoor()
    door.take(basket())
    (event,) = door.take(NewOrder(principal=TRADER, account="FUND-A", cl_ord_id="c-9", symbol="ACME", side=Side.BUY,
                                  order_qty=10_000))  # fmt: skip
    assert isinstance(event, OrderAccepted)
    assert [rule.code for rule in event.holds] == ["duplicate_order"]
    assert not isinstance(event, OrderRefused)
