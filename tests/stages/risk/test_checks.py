"""Every control at its boundary: one below, at it, one above."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import DarkUse, Side, Tactic, TimeInForce
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.reasons import REASONS
from sottovoce.stages.risk import checks
from sottovoce.stages.risk.exposure import Exposure, Reservation
from sottovoce.stages.risk.limits import DOLLAR, ExposureLimit, RiskLimits
from tests.scenarios.small_desk import ACCOUNT, MID, OPEN_NS, TICK, UNKNOWN_ADV, instrument

LIMITS = RiskLimits(
    parent_value_max=1_000, parent_qty_max=500, child_value_max=100, collar_ppm=30_000,
    exposures={"": ExposureLimit(gross=2_000, net=1_000), ACCOUNT: ExposureLimit(gross=1_500, net=1_000)},
)  # fmt: skip


def order(**changes: object) -> ParentOrder:
    plain = ParentOrder(
        parent_id="P", cl_ord_id="c", account=ACCOUNT, principal="p", instrument_id="ACME", symbol="ACME",
        side=Side.BUY, order_qty=100, accepted_ns=OPEN_NS, start_ns=OPEN_NS, end_ns=OPEN_NS + 1, days=1,
        ref_version=1, arrival_px=MID, arrival_rule="mid", decision_px=MID, decision_ns=OPEN_NS,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def child(qty: int = 100, limit_px: int = MID, side: Side = Side.BUY) -> Child:
    return Child(
        child_id="P.1", parent_id="P", instrument_id="ACME", side=side, qty=qty, limit_px=limit_px,
        tactic=Tactic.PASSIVE, time_in_force=TimeInForce.DAY, created_ns=OPEN_NS, dark=DarkUse.ALLOW, dark_ppm=0,
        lot=100, tick=TICK,
    )  # fmt: skip


def codes(found: list[Failure] | Failure | None) -> list[str]:
    """The codes of what failed; each must be in the table."""
    failures = found if isinstance(found, list) else [] if found is None else [found]
    assert all(failed.code in REASONS for failed in failures)
    return [failed.code for failed in failures]


@pytest.mark.parametrize(("value", "passes"), [(1_000 * DOLLAR - 1, True), (1_000 * DOLLAR, True),
                                               (1_000 * DOLLAR + 1, False)])  # fmt: skip
def test_order_value(value: int, passes: bool) -> None:
    assert codes(checks.order_value(value, LIMITS)) == ([] if passes else ["order_value"])


@pytest.mark.parametrize(("qty", "passes"), [(499, True), (500, True), (501, False)])
def test_order_quantity(qty: int, passes: bool) -> None:
    assert codes(checks.order_quantity(qty, LIMITS)) == ([] if passes else ["order_quantity"])


@pytest.mark.parametrize(("qty", "passes"), [(49_999, True), (50_000, True), (50_001, False)])
@pytest.mark.parametrize("code", ["order_adv", "child_adv"])
def test_share_of_daily_volume(qty: int, passes: bool, code: str) -> None:
    found = checks.adv_share(qty, instrument("ACME", 1_000_000.0), 50_000, code)
    assert codes(found) == ([] if passes else [code])


def test_unknown_daily_volume_fails_closed() -> None:
    assert codes(checks.adv_share(1, UNKNOWN_ADV, 10**9, "order_adv")) == ["adv_unknown"]
    assert codes(checks.adv_share(1, None, 10**9, "order_adv")) == ["adv_unknown"]


UP, DOWN = MID + MID * 3 // 100, MID - MID * 3 // 100


@pytest.mark.parametrize(
    ("side", "px", "passes"),
    [
        (Side.BUY, UP - 1, True),
        (Side.BUY, UP, True),
        (Side.BUY, UP + 1, False),
        (Side.BUY, 1, True),
        (Side.SELL, DOWN + 1, True),
        (Side.SELL, DOWN, True),
        (Side.SELL, DOWN - 1, False),
        (Side.SELL, 10 * MID, True),
        (Side.SELL_SHORT, DOWN - 1, False),
    ],
)
def test_collar_stops_only_what_reaches_through_the_market(side: Side, px: int, passes: bool) -> None:
    assert codes(checks.collar(side, px, MID, LIMITS)) == ([] if passes else ["price_collar"])


@pytest.mark.parametrize(("qty", "passes"), [(1, True), (2, True), (3, False)])
def test_child_value(qty: int, passes: bool) -> None:
    assert codes(checks.child_value(child(qty), LIMITS)) == ([] if passes else ["child_value"])


@pytest.mark.parametrize(("qty", "passes"), [(299, True), (300, True), (301, False)])
def test_child_draws_on_what_is_left_of_its_reservation(qty: int, passes: bool) -> None:
    held = Reservation(account=ACCOUNT, instrument_id="ACME", sign=1, open_qty=1_000, worst_px=MID, drawn_qty=700)
    assert codes(checks.reserved(child(qty), held)) == ([] if passes else ["not_reserved"])


def test_child_without_a_reservation_is_stopped() -> None:
    assert codes(checks.reserved(child(1), None)) == ["not_reserved"]


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
    parent = order(side=side, limit_px=MID)
    assert codes(checks.parent_price(child(limit_px=px, side=side), parent, None)) == found


@pytest.mark.parametrize(("px", "found"), [(MID - 1, []), (MID, []), (MID + 1, ["beyond_reserve"])])
def test_buy_trades_no_higher_than_it_was_reserved_at(px: int, found: list[str]) -> None:
    held = Reservation(account=ACCOUNT, instrument_id="ACME", sign=1, open_qty=1_000, worst_px=MID)
    assert codes(checks.parent_price(child(limit_px=px), order(), held)) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (1_000 * DOLLAR, []),
        (1_000 * DOLLAR + 1, ["net_exposure", "net_exposure"]),
        (1_500 * DOLLAR, ["net_exposure", "net_exposure"]),
        (1_500 * DOLLAR + 1, ["gross_exposure", "net_exposure", "net_exposure"]),
        (2_000 * DOLLAR + 1, ["gross_exposure", "net_exposure", "gross_exposure", "net_exposure"]),
    ],
)
def test_exposure_of_account_and_firm(value: int, found: list[str]) -> None:
    assert codes(checks.exposure_limits(ACCOUNT, 1, value, Exposure(), LIMITS)) == found


def test_gross_counts_both_sides_and_net_does_not() -> None:
    exposure = Exposure()
    exposure.reserve("S", ACCOUNT, "ACME", -1, 10, 90 * DOLLAR)
    found = checks.exposure_limits(ACCOUNT, 1, 700 * DOLLAR, exposure, LIMITS)
    assert [(failed.code, failed.room) for failed in found] == [("gross_exposure", "600.00")]


@pytest.mark.parametrize("missing", ["", ACCOUNT])
def test_missing_limit_fails_closed(missing: str) -> None:
    rows = {scope: limit for scope, limit in LIMITS.exposures.items() if scope != missing}
    limits = msgspec.structs.replace(LIMITS, exposures=rows)
    assert codes(checks.exposure_limits(ACCOUNT, 1, 1, Exposure(), limits)) == ["limit_missing"]


def test_restricted_name_is_stopped() -> None:
    limits = msgspec.structs.replace(LIMITS, restricted=("ACME",))
    assert codes(checks.restricted("ACME", limits)) == ["restricted"]
    assert codes(checks.restricted("ACM", limits)) == []


@pytest.mark.parametrize(("halts", "stops"), [({}, False), ({"": "x"}, True), ({ACCOUNT: "x"}, True),
                                              ({"FUND-B": "x"}, False)])  # fmt: skip
def test_halt_of_firm_or_account(halts: dict[str, str], stops: bool) -> None:
    assert codes(checks.halted(ACCOUNT, halts)) == (["halted"] if stops else [])


@pytest.mark.parametrize(("side", "stops"), [(Side.SELL_SHORT, True), (Side.SELL, False), (Side.BUY, False)])
def test_short_sale_needs_a_locate(side: Side, stops: bool) -> None:
    assert codes(checks.locate(order(side=side))) == (["locate_missing"] if stops else [])
