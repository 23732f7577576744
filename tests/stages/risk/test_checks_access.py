"""Who and what may trade at all: halts, latches, lists, mandates, currency (AT-01, AT-02, PT-12)."""

from __future__ import annotations

import msgspec
import pytest

from sottovoce.core.enums import Side
from sottovoce.core.halts import HaltKind, HaltScope, Standing
from sottovoce.core.limits import Level, ListName
from sottovoce.core.reasons import failure
from sottovoce.stages.risk import checks_access
from sottovoce.stages.risk.case import STAGE
from sottovoce.stages.risk.policy import Guideline, GuidelineKind, RiskPolicy
from sottovoce.stages.risk.state import RiskState
from tests.scenarios.small_desk import ACCOUNT, ACME, OPEN_NS
from tests.stages.risk.cases import child, entry, holding, make, order, told

KEPT_LIST = (entry(ListName.RESTRICTED),)


@pytest.mark.parametrize(
    ("scope", "stops"),
    [
        (HaltScope(), True),
        (HaltScope(kind=HaltKind.ACCOUNT, name=ACCOUNT), True),
        (HaltScope(kind=HaltKind.TRADER, name="trader-1"), True),
        (HaltScope(kind=HaltKind.DESK, name="desk-1"), True),
        (HaltScope(kind=HaltKind.SYMBOL, name="ACME"), True),
        (HaltScope(kind=HaltKind.ORDER, name="P"), True),
        (HaltScope(kind=HaltKind.ACCOUNT, name="FUND-B"), False),
        (HaltScope(kind=HaltKind.SYMBOL, name="BETA"), False),
    ],
)
def test_halt_of_anything_the_order_belongs_to(scope: HaltScope, stops: bool) -> None:
    state = RiskState()
    state.halts.set(Standing(scope=scope, reason="a test", principal="risk-1", ts_ns=1))
    assert told(checks_access.halted, make(state=state)) == (["halted"] if stops else [])


@pytest.mark.parametrize(
    ("scope", "stops"),
    [("", True), ("desk:desk-1", True), (f"account:{ACCOUNT}", True), ("order:P", True), ("order:Q", False)],
)
def test_latched_scope_stops_what_belongs_to_it(scope: str, stops: bool) -> None:
    state = RiskState(latches={scope: failure(STAGE, "rerun", "fills 500")})
    assert told(checks_access.latched, make(state=state, one=child())) == (["latched"] if stops else [])


def test_loss_latch_lets_a_reduction_through_and_a_runaway_latch_does_not() -> None:
    for code, found in (("loss_stop", []), ("rerun", ["latched"])):
        state = holding(500)
        state.latches[""] = failure(STAGE, code, "x")
        sale = order(side=Side.SELL, order_qty=500)
        assert told(checks_access.latched, make(state=state, of=sale)) == found
        assert told(checks_access.latched, make(state=state, of=order(order_qty=1))) == ["latched"]


@pytest.mark.parametrize(("changes", "found"), [({}, []), ({"principal": ""}, ["attribution_missing"]),
                                                ({"account": ""}, ["attribution_missing"])])  # fmt: skip
def test_every_order_belongs_to_somebody(changes: dict[str, object], found: list[str]) -> None:
    assert told(checks_access.attribution, make(of=order(**changes))) == found


@pytest.mark.parametrize(
    ("lists", "found"),
    [
        (KEPT_LIST, []),
        ((), ["list_missing"]),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACME")), ["restricted"]),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACM")), []),
        ((*KEPT_LIST, entry(ListName.DO_NOT_TRADE, "ACME")), ["do_not_trade"]),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACME", from_ns=OPEN_NS + 1)), []),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACME", from_ns=OPEN_NS)), ["restricted"]),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACME", until_ns=OPEN_NS)), []),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACME", level=Level.TRADER, scope="trader-1")), ["restricted"]),
        ((*KEPT_LIST, entry(ListName.RESTRICTED, "ACME", level=Level.TRADER, scope="trader-2")), []),
    ],
)
def test_restricted_lists_by_name_time_and_person(lists: tuple[object, ...], found: list[str]) -> None:
    assert told(checks_access.restricted, make(lists=lists)) == found  # type: ignore[arg-type]


def test_only_approved_names_where_such_a_list_is_kept() -> None:
    kept = entry(ListName.APPROVED, level=Level.ACCOUNT, scope=ACCOUNT)
    assert told(checks_access.approved, make()) == []
    assert told(checks_access.approved, make(lists=(kept,))) == ["not_approved"]
    ours = entry(ListName.APPROVED, "ACME", level=Level.ACCOUNT, scope=ACCOUNT)
    assert told(checks_access.approved, make(lists=(kept, ours))) == []


def mandate(kind: GuidelineKind, name: str = "", **changes: object) -> RiskPolicy:
    rule = Guideline(guideline_id="G-1", account=ACCOUNT, kind=kind, name=name, version=2)
    return RiskPolicy(guidelines=(msgspec.structs.replace(rule, **changes),))


TECH = msgspec.structs.replace(ACME, sector="Tech")


@pytest.mark.parametrize(
    ("policy", "side", "stops"),
    [
        (mandate(GuidelineKind.NO_SECTOR, "Tech"), Side.BUY, True),
        (mandate(GuidelineKind.NO_SECTOR, "Oil"), Side.BUY, False),
        (mandate(GuidelineKind.NO_COUNTRY, "US"), Side.BUY, True),
        (mandate(GuidelineKind.NO_INSTRUMENT, "ACME"), Side.BUY, True),
        (mandate(GuidelineKind.NO_SHORT), Side.SELL_SHORT, True),
        (mandate(GuidelineKind.NO_SHORT), Side.SELL, False),
        (mandate(GuidelineKind.NO_SECTOR, "Tech", account="FUND-B"), Side.BUY, False),
        (mandate(GuidelineKind.NO_SECTOR, "Tech", until_ns=OPEN_NS), Side.BUY, False),
    ],
)
def test_client_guidelines(policy: RiskPolicy, side: Side, stops: bool) -> None:
    case = make(of=order(side=side), policy=policy, name=TECH)
    assert told(checks_access.mandate, case) == (["guideline"] if stops else [])


def test_sector_nobody_has_given_fails_closed() -> None:
    assert told(checks_access.mandate, make(policy=mandate(GuidelineKind.NO_SECTOR, "Tech"), name=ACME)) == [
        "guideline"
    ]


def test_forbidden_name_that_is_held_can_be_sold() -> None:
    case = make(
        state=holding(500), of=order(side=Side.SELL, order_qty=500),
        policy=mandate(GuidelineKind.NO_SECTOR, "Tech"), name=TECH,
    )  # fmt: skip
    assert told(checks_access.mandate, case) == []


def test_other_currency_cannot_be_added_to_limits() -> None:
    assert told(checks_access.currency, make(of=order(currency="JPY"))) == ["foreign_currency"]
    assert told(checks_access.currency, make()) == []
