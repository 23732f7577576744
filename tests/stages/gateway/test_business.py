"""The second stage, check by check: one thing is wrong, and only its own code says so."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import DarkUse, OrdType, TimeInForce, VenueKind
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.limits import Level, LimitBook, ListName, ListRow, rows_of
from sottovoce.core.ports import OrderTerms
from sottovoce.stages.gateway.business import BUSINESS_CHECKS, weekdays_between
from sottovoce.stages.gateway.checking import BUSINESS, run_checks
from sottovoce.stages.gateway.config import GatewayConfig
from tests.scenarios.small_desk import ACCOUNT, ACME, OPEN_NS, VENUES, new_order
from tests.stages.gateway.subjects import PERSON, business

HALF_CENT_FROM = "2018-02-12"
TOKYO = msgspec.structs.replace(ACME, mic="XTKS", country="JP")


def codes(order: NewOrder | None = None, instrument: Instrument = ACME, **changes: Any) -> list[str]:
    found = run_checks(BUSINESS, BUSINESS_CHECKS, business(order, instrument, **changes))
    return [failed.code for failed in found]


def limit_order(price: str) -> NewOrder:
    return new_order(ord_type=OrdType.LIMIT, price=price)


def test_plain_order_passes() -> None:
    assert codes() == []
    assert codes(new_order(currency="USD")) == []


def test_other_currency_is_refused() -> None:
    assert codes(new_order(currency="EUR")) == ["currency_mismatch"]


# tick and lot by date ------------------------------------------------------------------------------------


def two_ticks() -> Instrument:
    """A cent until the day before the change, half a cent from then on; a hundredth of a cent below a dollar."""
    rules = (
        TickRule(effective_from="2000-01-01", effective_to=HALF_CENT_FROM, tick=10_000, min_px=1_000_000),
        TickRule(effective_from=HALF_CENT_FROM, tick=5_000, min_px=1_000_000),
        TickRule(effective_from="2000-01-01", tick=100),
    )
    return msgspec.structs.replace(ACME, ticks=rules)


@pytest.mark.parametrize(
    ("price", "day_before", "day_of"),
    [
        ("50.01", [], []),
        ("50.005", ["off_tick"], []),
        ("50.001", ["off_tick"], ["off_tick"]),
        ("0.9999", [], []),
        ("1.0001", ["off_tick"], ["off_tick"]),
        ("0.99995", ["off_tick"], ["off_tick"]),
    ],
)
def test_tick_is_that_of_the_day_and_the_price(price: str, day_before: list[str], day_of: list[str]) -> None:
    assert codes(limit_order(price), two_ticks(), date="2018-02-09") == day_before
    assert codes(limit_order(price), two_ticks(), date=HALF_CENT_FROM) == day_of


def test_no_rule_for_the_day_is_a_refusal() -> None:
    ruleless = msgspec.structs.replace(ACME, ticks=(), lots=())
    assert codes(limit_order("50.00"), ruleless) == ["rule_missing", "rule_missing"]


def test_decision_price_has_no_more_decimals_than_a_price() -> None:
    yen = msgspec.structs.replace(ACME, price_scale=100, ticks=(TickRule(effective_from="2000-01-01", tick=1),))
    assert codes(new_order(decision_price="50.001"), yen) == ["bad_price"]


@pytest.mark.parametrize(("qty", "found"), [(100, []), (150, ["odd_lot"]), (1, ["odd_lot"])])
def test_odd_lots_are_refused_where_they_are_not_traded(qty: int, found: list[str]) -> None:
    asked = new_order(order_qty=qty)
    assert codes(asked, TOKYO) == found
    assert codes(asked, ACME) == []


def test_lot_is_that_of_the_day() -> None:
    lots = (LotRule(effective_from="2000-01-01", effective_to="2018-02-12", lot=1_000),
            LotRule(effective_from="2018-02-12", lot=100))  # fmt: skip
    changed = msgspec.structs.replace(TOKYO, lots=lots)
    assert codes(new_order(order_qty=500), changed, date="2018-02-09") == ["odd_lot"]
    assert codes(new_order(order_qty=500), changed, date="2018-02-12") == []


# who may trade what, where -------------------------------------------------------------------------------


def test_kind_of_instrument_is_an_entitlement_and_none_is_none() -> None:
    assert codes(principal=msgspec.structs.replace(PERSON, asset_classes=("future",))) == ["class_not_entitled"]
    assert codes(principal=msgspec.structs.replace(PERSON, asset_classes=())) == ["class_not_entitled"]


def book(*entries: ListRow) -> LimitBook:
    """Lists with these entries, and a restricted list that is kept, empty or not."""
    kept = ListRow(entry_id="kept", list_name=ListName.RESTRICTED, owner="compliance-1")
    return LimitBook(rows_of((), (kept, *entries)))


def entry(name: ListName, instrument_id: str, **changes: object) -> ListRow:
    plain = ListRow(entry_id=f"{name.value}-{instrument_id}", list_name=name, owner="compliance-1",
                    instrument_id=instrument_id)  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


@pytest.mark.parametrize(
    ("name", "code"), [(ListName.RESTRICTED, "restricted"), (ListName.DO_NOT_TRADE, "do_not_trade")]
)
def test_listed_name_is_refused_while_the_entry_stands(name: ListName, code: str) -> None:
    assert codes(lists=book(entry(name, "ACME"))) == [code]
    assert codes(lists=book(entry(name, "BETA"))) == []
    later = entry(name, "ACME", from_ns=OPEN_NS + 1)
    assert codes(lists=book(later)) == []
    assert codes(lists=book(later), ts_ns=OPEN_NS + 1) == [code]


def test_where_an_approved_list_is_kept_only_what_is_on_it_passes() -> None:
    def approved(name: str, scope: str = ACCOUNT) -> ListRow:
        return entry(ListName.APPROVED, name, level=Level.ACCOUNT, scope=scope)

    assert codes(lists=book(approved(""), approved("BETA"))) == ["not_approved"]
    assert codes(lists=book(approved(""), approved("ACME"))) == []
    assert codes(lists=book(approved("", "FUND-B"))) == []


def test_restricted_list_that_nobody_keeps_stops_everything() -> None:
    assert codes(lists=LimitBook(rows_of((), ()))) == ["list_missing"]


# where it can go -----------------------------------------------------------------------------------------

LIT_ONLY = tuple(facts for facts in VENUES if facts.kind is VenueKind.LIT)


def test_dark_only_needs_a_dark_venue() -> None:
    assert codes(new_order(dark=DarkUse.ONLY)) == []
    assert codes(new_order(dark=DarkUse.ONLY), venues=LIT_ONLY) == ["no_destination"]


def test_closing_order_needs_an_auction() -> None:
    closing = new_order(time_in_force=TimeInForce.AT_THE_CLOSE)
    assert codes(closing) == []
    assert codes(closing, venues=LIT_ONLY) == ["no_destination"]


def test_excluded_venues_are_no_destination() -> None:
    every = GatewayConfig(excluded_venues=tuple(facts.venue for facts in VENUES))
    assert codes(config=every) == ["no_destination"]
    assert codes(config=GatewayConfig(excluded_venues=(VENUES[0].venue,))) == []


def test_venue_must_take_such_an_order() -> None:
    pegs_only = OrderTerms(ord_types=(OrdType.PEGGED,))
    venues = tuple(msgspec.structs.replace(facts, takes=pegs_only) for facts in LIT_ONLY)
    assert codes(venues=venues) == ["no_destination"]


# how old -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("date", "found"), [("2018-02-12", []), ("2018-02-13", ["reference_stale"])])
def test_volume_older_than_three_weekdays_is_no_measure(date: str, found: list[str]) -> None:
    assert ACME.adv is not None
    assert ACME.adv.as_of == "2018-02-07"
    assert codes(date=date) == found


def test_missing_volume_is_left_to_risk() -> None:
    blank = msgspec.structs.replace(ACME, adv=Fact(value=None, as_of="2000-01-01", source="none"))
    assert codes(instrument=blank) == []


@given(st.dates(), st.integers(0, 60))
def test_weekdays_are_counted_as_a_person_would(day: object, days: int) -> None:
    import datetime as dt

    assert isinstance(day, dt.date)
    if day > dt.date(9998, 1, 1):
        return
    later = day + dt.timedelta(days)
    counted = sum(1 for each in range(1, days + 1) if (day + dt.timedelta(each)).weekday() < 5)
    assert weekdays_between(day.isoformat(), later.isoformat()) == counted
