"""Our own orders on both sides, the house and its clients, and a child against its parent (PT-22, PO-11, AT-05)."""

from __future__ import annotations

import pytest

from sottovoce.core.enums import Side
from sottovoce.core.limits import ListName
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.stages.risk import checks_child, checks_conduct
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import ACCOUNT, MID, OPEN_NS
from tests.stages.risk.cases import child, entry, make, order, told

FAMILY = RiskPolicy(owners={"FUND-B": ACCOUNT})


@pytest.mark.parametrize(
    ("side", "px", "found"),
    [
        (Side.BUY, MID - 1, []),
        (Side.BUY, MID, ["self_match"]),
        (Side.BUY, MID + 1, ["self_match"]),
    ],
)
@pytest.mark.parametrize("account", [ACCOUNT, "FUND-B"])
def test_buy_that_would_meet_an_own_sale(side: Side, px: int, found: list[str], account: str) -> None:
    """Same owner, through one account or another of the family, at whatever venue the sale is."""
    state = RiskState()
    state.interest.add("Q.1", ACCOUNT, "ACME", -1, MID, 300)
    of = order(side=side, account=account)
    assert told(checks_conduct.self_match, make(of=of, one=child(limit_px=px), state=state, policy=FAMILY)) == found
    state.interest.move("Q.1", -300)
    assert told(checks_conduct.self_match, make(of=of, one=child(limit_px=px), state=state, policy=FAMILY)) == []


@pytest.mark.parametrize(("px", "found"), [(MID + 1, []), (MID, ["self_match"])])
def test_sale_that_would_meet_an_own_buy(px: int, found: list[str]) -> None:
    state = RiskState()
    state.interest.add("Q.1", ACCOUNT, "ACME", 1, MID, 300)
    sale = child(limit_px=px, side=Side.SELL)
    assert told(checks_conduct.self_match, make(of=order(side=Side.SELL), one=sale, state=state)) == found


def test_other_owner_other_name_and_same_side_do_not_meet() -> None:
    state = RiskState()
    state.interest.add("Q.1", "FUND-B", "ACME", -1, MID, 300)
    state.interest.add("Q.2", ACCOUNT, "BETA", -1, MID, 300)
    state.interest.add("Q.3", ACCOUNT, "ACME", 1, MID, 300)
    assert told(checks_conduct.self_match, make(one=child(limit_px=2 * MID), state=state)) == []


HOUSE = RiskPolicy(house=("PROP",))


@pytest.mark.parametrize(
    ("changes", "open_key", "found"),
    [
        ({"account": "PROP"}, "ACME|buy|client", ["front_running"]),
        ({"capacity": "principal"}, "ACME|buy|client", ["front_running"]),
        ({"account": "PROP"}, "ACME|sell|client", []),
        ({"account": "PROP"}, "BETA|buy|client", []),
        ({"account": "PROP"}, "ACME|buy|house", []),
        ({}, "ACME|buy|client", []),
    ],
)
def test_house_does_not_go_with_an_open_client_order(
    changes: dict[str, object], open_key: str, found: list[str]
) -> None:
    case = make(of=order(**changes), state=RiskState(open={open_key: 1}), policy=HOUSE)
    assert told(checks_conduct.front_running, case) == found


@pytest.mark.parametrize(("ago_ns", "alerted"), [(60 * NS_PER_SECOND, True), (60 * NS_PER_SECOND + 1, False)])
def test_house_order_just_before_a_clients_is_for_compliance(ago_ns: int, alerted: bool) -> None:
    state = RiskState(house_ns={"ACME|buy|house": OPEN_NS - ago_ns})
    assert (checks_conduct.ahead_of_client(make(state=state, policy=HOUSE)) is not None) is alerted
    assert checks_conduct.ahead_of_client(make(of=order(side=Side.SELL), state=state, policy=HOUSE)) is None


def test_watched_name_is_seen_by_compliance() -> None:
    assert checks_conduct.watched(make(lists=(entry(ListName.WATCH, "ACME"),))) == "watch.ACME version 1"
    assert checks_conduct.watched(make(lists=(entry(ListName.WATCH, "BETA"),))) is None


# a child against its parent -------------------------------------------------------------------------------


@pytest.mark.parametrize(("qty", "passes"), [(299, True), (300, True), (301, False)])
def test_child_draws_on_what_is_left_of_its_reservation(qty: int, passes: bool) -> None:
    case = make(one=child(qty))
    case.state.exposure.draw("P", 700)
    assert told(checks_child.reserved, case) == ([] if passes else ["not_reserved"])


@pytest.mark.parametrize(
    ("side", "px", "found"),
    [
        (Side.BUY, MID - 1, []),
        (Side.BUY, MID, []),
        (Side.BUY, MID + 1, ["beyond_limit"]),
        (Side.SELL, MID + 1, []),
        (Side.SELL, MID, []),
        (Side.SELL, MID - 1, ["beyond_limit"]),
    ],
)
def test_child_trades_within_its_parents_limit(side: Side, px: int, found: list[str]) -> None:
    case = make(of=order(side=side, limit_px=MID), one=child(limit_px=px, side=side))
    assert told(checks_child.within_limit, case) == found


@pytest.mark.parametrize(("px", "found"), [(MID - 1, []), (MID, []), (MID + 1, ["beyond_reserve"])])
def test_buy_trades_no_higher_than_it_was_reserved_at(px: int, found: list[str]) -> None:
    assert told(checks_child.within_reserve, make(one=child(limit_px=px))) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"side": Side.SELL}, ["not_the_parents"]),
        ({"instrument_id": "BETA"}, ["not_the_parents"]),
        ({"qty": 0}, ["not_the_parents"]),
        ({"limit_px": 0}, ["not_the_parents"]),
    ],
)
def test_child_is_a_part_of_its_parent(changes: dict[str, object], found: list[str]) -> None:
    plain = {"qty": 100, "limit_px": MID, "side": Side.BUY, **changes}
    assert told(checks_child.same_order, make(one=child(**plain))) == found  # type: ignore[arg-type]
