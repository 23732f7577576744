"""A list judged whole: what it comes to, what was meant, and every leg; all of it or nothing (PT-04, P5)."""

from __future__ import annotations

import pytest

from sottovoce.core.basket_commands import BasketLeg, NewBasket
from sottovoce.core.basket_events import BasketAccepted, BasketCleared, BasketRejected
from sottovoce.core.enums import Side
from sottovoce.core.limits import Level
from sottovoce.core.orders import ParentOrder
from tests.scenarios.small_desk import ACCOUNT, MID, TRADER
from tests.stages.risk.cases import order, row
from tests.stages.risk.stage import Alone


def leg(number: int, qty: int = 100, **changes: object) -> ParentOrder:
    return order(parent_id=f"B.{number}", cl_ord_id=f"B.{number}", order_qty=qty, limit_px=MID, **changes)


def judged(
    desk: Alone, *legs: ParentOrder, gross: int | None = None, declared: str | None = None
) -> BasketCleared | BasketRejected:
    rows = tuple(BasketLeg(row=number + 2, symbol="ACME", side=Side.BUY) for number in range(len(legs)))
    asked = NewBasket(principal=TRADER, account=ACCOUNT, basket_id="B", legs=rows, declared_notional=declared)
    worth = sum(each.order_qty * MID for each in legs) if gross is None else gross
    accepted = BasketAccepted(
        parent_id="B", ts_ns=desk.now_ns, basket=asked, body_digest="", content_digest="", gross=worth, net=worth,
        legs=legs,
    )  # fmt: skip
    (found,) = desk.say(accepted)
    assert isinstance(found, BasketCleared | BasketRejected)
    return found


def codes(found: BasketCleared | BasketRejected) -> list[str]:
    return [failed.code for failed in (found.failures if isinstance(found, BasketRejected) else found.holds)]


DOLLARS = 1_000_000


@pytest.mark.parametrize(
    ("gross", "found"), [(250_000_000 * DOLLARS, []), (250_000_000 * DOLLARS + 1, ["basket_value"])]
)
def test_hard_value_of_a_list(gross: int, found: list[str]) -> None:
    answer = judged(Alone(basket_value_soft=10**12), leg(1), gross=gross)
    assert codes(answer) == found
    assert isinstance(answer, BasketRejected) is bool(found)


def test_fifty_eight_million_meant_and_444_billion_computed() -> None:
    answer = judged(Alone(), leg(1), gross=444_000_000_000 * DOLLARS, declared="58000000")
    assert isinstance(answer, BasketRejected)
    assert codes(answer) == ["basket_value"]


@pytest.mark.parametrize(
    ("declared", "found"),
    [("100", []), ("125", []), ("126", ["basket_ratio"]), ("80", []), ("79.9", ["basket_ratio"]),
     ("0", ["basket_ratio"]), (None, [])],
)  # fmt: skip
def test_list_comes_to_what_it_is_declared_to_be(declared: str | None, found: list[str]) -> None:
    answer = judged(Alone(), leg(1), gross=100 * DOLLARS, declared=declared)
    assert isinstance(answer, BasketCleared)
    assert codes(answer) == found


def test_large_list_is_for_a_person() -> None:
    answer = judged(Alone(), leg(1), gross=50_000_001 * DOLLARS)
    assert isinstance(answer, BasketCleared)
    assert codes(answer) == ["basket_value_soft"]


def test_too_many_legs() -> None:
    assert codes(judged(Alone(basket_legs=2), leg(1), leg(2))) == []
    assert codes(judged(Alone(basket_legs=2), leg(1), leg(2), leg(3))) == ["basket_legs"]


def test_one_leg_over_a_hard_limit_and_none_is_sent() -> None:
    answer = judged(Alone(parent_qty=100), leg(1), leg(2, 101), leg(3))
    assert isinstance(answer, BasketRejected)
    assert codes(answer) == ["basket_leg"]
    assert [(fault.row, [failed.code for failed in fault.failures]) for fault in answer.faults] == [
        (3, ["order_quantity"])
    ]


def test_legs_that_fit_one_by_one_and_not_together() -> None:
    desk = Alone(row(Level.ACCOUNT, ACCOUNT, "gross", 10_000))
    assert isinstance(judged(desk, leg(1), leg(2)), BasketCleared)
    answer = judged(desk, leg(1), leg(2), leg(3))
    assert isinstance(answer, BasketRejected)
    assert codes(answer) == ["gross_exposure"]
    assert desk.state.exposure.reservations == {}, "nothing is reserved before the legs are entered"


def test_empty_list_is_rejected() -> None:
    assert isinstance(judged(Alone()), BasketRejected)
