"""Exposure at every level, to the unit: gross, net, sector, country, one name, losses (PT-01, PT-11, PT-13, AT-10)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Side
from sottovoce.core.limits import Level
from sottovoce.stages.risk import checks_exposure
from sottovoce.stages.risk.case import DOLLAR, Check
from sottovoce.stages.risk.policy import Guideline, GuidelineKind, RiskPolicy
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import ACCOUNT, ACME, MID, UNKNOWN_ADV
from tests.stages.risk.cases import holder, holding, make, on_order, order, row, told

TECH = msgspec.structs.replace(ACME, sector="Tech")
LEVELS = [
    (Level.FIRM, ""), (Level.DESK, "desk-1"), (Level.TRADER, "trader-1"), (Level.ACCOUNT, ACCOUNT),
    (Level.INSTRUMENT, "ACME"),
]  # fmt: skip


@pytest.mark.parametrize(("level", "scope"), LEVELS)
@pytest.mark.parametrize(("name", "check", "code"), [("gross", checks_exposure.gross, "gross_exposure"),
                                                     ("net", checks_exposure.net, "net_exposure")])  # fmt: skip
@pytest.mark.parametrize(("px", "passes"), [(MID - 10_000, True), (MID, True), (MID + 10_000, False)])
def test_boundary_at_each_level(
    level: Level, scope: str, name: str, check: Check, code: str, px: int, passes: bool
) -> None:
    """100 shares at 50 dollars against 5,000 dollars: a cent below, at, a cent above."""
    case = make(row(level, scope, name, 5_000), of=order(limit_px=px))
    assert told(check, case) == ([] if passes else [code])


def test_each_level_that_breaks_is_reported_with_its_own_room() -> None:
    rows = (row(Level.FIRM, "", "gross", 4_999), row(Level.ACCOUNT, ACCOUNT, "gross", 4_000))
    found = checks_exposure.gross(make(*rows, of=order(limit_px=MID))) or []
    assert [(failed.limit_id.split(".")[0], failed.room) for failed in found] == [
        ("firm", "4,999.00"), ("account", "4,000.00")
    ]  # fmt: skip


def test_filled_working_and_reserved_all_count() -> None:
    state = holding(100)
    state.exposure.reserve("Q", holder(), 1, 100, MID)
    limit = row(Level.ACCOUNT, ACCOUNT, "gross", 15_000)
    assert told(checks_exposure.gross, make(limit, of=order(limit_px=MID), state=state)) == []
    assert told(checks_exposure.gross, make(limit, of=order(order_qty=101, limit_px=MID), state=state)) == [
        "gross_exposure"
    ]


def test_gross_counts_both_sides_and_net_the_worse_one() -> None:
    state = RiskState()
    state.exposure.reserve("S", holder(), -1, 100, MID)
    gross, net = row(Level.ACCOUNT, ACCOUNT, "gross", 9_999), row(Level.ACCOUNT, ACCOUNT, "net", 5_000)
    case = make(gross, net, of=order(limit_px=MID), state=state)
    assert told(checks_exposure.gross, case) == ["gross_exposure"]
    assert told(checks_exposure.net, case) == []


@pytest.mark.parametrize(("qty", "passes"), [(500, True), (501, False), (900, False)])
def test_after_a_move_of_the_market_reductions_pass_and_nothing_else(qty: int, passes: bool) -> None:
    """Long 500 far above every limit: it may be sold, not sold through zero, and not added to."""
    state = holding(500)
    rows = [row(Level.ACCOUNT, ACCOUNT, name, 100) for name in ("gross", "net", "sector_gross", "country_gross")]
    rows.append(row(Level.INSTRUMENT, "ACME", "position_value", 100))
    sale = make(*rows, of=order(side=Side.SELL, order_qty=qty), state=state, name=TECH)
    more = make(*rows, of=order(order_qty=1), state=state, name=TECH)
    for check in (checks_exposure.gross, checks_exposure.net, checks_exposure.sector, checks_exposure.country,
                  checks_exposure.position_value):  # fmt: skip
        assert told(check, more)
        if passes:
            assert told(check, sale) == []
    if not passes:
        assert told(checks_exposure.net, sale)


@pytest.mark.parametrize(
    ("check", "name", "code"),
    [(checks_exposure.sector, "sector_gross", "sector"), (checks_exposure.country, "country_gross", "country")],
)
@pytest.mark.parametrize(("level", "scope"), [(Level.FIRM, ""), (Level.ACCOUNT, ACCOUNT), (Level.TRADER, "trader-1")])
def test_sector_and_country_add_up_over_names(check: Check, name: str, code: str, level: Level, scope: str) -> None:
    state = RiskState()
    state.exposure.reserve("Q", holder(name="BETA"), 1, 100, MID)
    for limit, found in ((10_000, []), (9_999, [f"{code}_exposure"])):
        case = make(row(level, scope, name, limit), of=order(limit_px=MID), state=state, name=TECH)
        assert told(check, case) == found
    assert told(check, make(row(level, scope, name, 10**9), name=None)) == [f"{code}_unknown"]


@pytest.mark.parametrize(("ppm", "found"), [(500_000, []), (499_999, ["concentration"])])
def test_one_name_as_a_part_of_the_gross_limit(ppm: int, found: list[str]) -> None:
    rows = (row(Level.ACCOUNT, ACCOUNT, "gross", 10_000), row(Level.ACCOUNT, ACCOUNT, "concentration_ppm", ppm))
    assert told(checks_exposure.concentration, make(*rows, of=order(limit_px=MID))) == found
    assert told(checks_exposure.concentration, make(rows[1], of=order(limit_px=MID))) == ["limit_missing"]


@pytest.mark.parametrize(("ppm", "found"), [(500_000, []), (499_999, ["guideline"])])
def test_weight_the_client_allows(ppm: int, found: list[str]) -> None:
    rule = Guideline(guideline_id="G-2", account=ACCOUNT, kind=GuidelineKind.WEIGHT_MAX, ppm=ppm)
    gross = row(Level.ACCOUNT, ACCOUNT, "gross", 10_000)
    case = make(gross, of=order(limit_px=MID), policy=RiskPolicy(guidelines=(rule,)))
    assert told(checks_exposure.weight, case) == found


@pytest.mark.parametrize(
    ("held", "side", "qty", "passes"),
    [
        (900, Side.BUY, 100, True),
        (900, Side.BUY, 101, False),
        (900, Side.SELL, 1_900, True),
        (900, Side.SELL, 1_901, False),
        (1_500, Side.SELL, 100, True),
        (-900, Side.BUY, 1_900, True),
        (-900, Side.BUY, 1_901, False),
        (-900, Side.SELL_SHORT, 101, False),
    ],
)
def test_position_through_zero_and_back(held: int, side: Side, qty: int, passes: bool) -> None:
    """A thousand shares at most on either side; what only reduces is never stopped."""
    rows = (row(Level.INSTRUMENT, "ACME", "position_adv_ppm", 100),)  # of ten million: a thousand shares
    case = make(*rows, of=order(side=side, order_qty=qty), state=holding(held))
    assert told(checks_exposure.position_adv, case) == ([] if passes else ["position_adv"])


@pytest.mark.parametrize(("limit", "found"), [(10_000, []), (9_999, ["position_value"])])
def test_position_by_value(limit: int, found: list[str]) -> None:
    case = make(row(Level.INSTRUMENT, "ACME", "position_value", limit), of=order(limit_px=MID), state=holding(100))
    assert told(checks_exposure.position_value, case) == found


def test_position_in_days_of_volume_leaves_an_unknown_volume_to_the_size_check() -> None:
    case = make(row(Level.INSTRUMENT, "ACME", "position_adv_ppm", 1), name=UNKNOWN_ADV)
    assert told(checks_exposure.position_adv, case) == []


@pytest.mark.parametrize(("limit", "found"), [(6_250, []), (6_249, ["exposure_near"]), (4_999, [])])
def test_eighty_to_a_hundred_percent_is_for_a_person(limit: int, found: list[str]) -> None:
    rows = (row(Level.ACCOUNT, ACCOUNT, "gross", limit), *on_order(exposure_hold_ppm=800_000))
    assert told(checks_exposure.near, make(*rows, of=order(limit_px=MID))) == found


def test_missing_mandatory_rows_fail_closed() -> None:
    found = checks_exposure.limits_present(make()) or []
    assert {"firm gross", "firm net", "trader gross", "account gross", "order parent_value"} <= {
        failed.value for failed in found
    }


# losses ---------------------------------------------------------------------------------------------------


def losing(dollars: int) -> RiskState:
    """An account that bought 1,000 and has lost so much on them since."""
    state = RiskState()
    state.exposure.reserve("Q", holder(), 1, 1_000, MID)
    state.exposure.mark("ACME", MID, 1)
    state.exposure.trade("Q", 1_000, 1_000, 1_000 * MID + dollars * DOLLAR)
    return state


@pytest.mark.parametrize(("level", "scope"), LEVELS[:4])
@pytest.mark.parametrize(("lost", "found"), [(249_999, []), (250_000, ["loss_stop"])])
def test_loss_stops_more_risk_at_each_level(level: Level, scope: str, lost: int, found: list[str]) -> None:
    case = make(row(level, scope, "loss", 250_000), state=losing(lost))
    assert told(checks_exposure.loss, case) == found


def test_loss_follows_the_mark_and_lets_a_reduction_through() -> None:
    state, limit = losing(0), row(Level.ACCOUNT, ACCOUNT, "loss", 10_000)
    assert told(checks_exposure.loss, make(limit, state=state)) == []
    state.exposure.mark("ACME", MID - 10 * DOLLAR, 2)
    assert told(checks_exposure.loss, make(limit, state=state)) == ["loss_stop"]
    sale = order(side=Side.SELL, order_qty=1_000)
    assert told(checks_exposure.loss, make(limit, of=sale, state=state)) == []


def test_half_of_the_loss_is_a_warning() -> None:
    rows = (row(Level.ACCOUNT, ACCOUNT, "loss", 1_000), *on_order(loss_warn_ppm=500_000))
    for lost, found in ((499, []), (500, ["loss_near"]), (1_000, [])):
        assert told(checks_exposure.loss_near, make(*rows, state=losing(lost))) == found
