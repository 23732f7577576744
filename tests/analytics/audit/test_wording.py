"""Figures are said in the units of the order."""

from __future__ import annotations

import pytest

from sottovoce.analytics.audit.wording import Wording, asked, clock, every, failed, lasting, moment
from sottovoce.core.enums import Urgency
from sottovoce.core.order_events import AmendAccepted
from sottovoce.core.orders import AmendedTerms, Failure
from sottovoce.core.reasons import failure
from sottovoce.core.units import NS_PER_DAY, NS_PER_MINUTE, NS_PER_SECOND

W = Wording(symbol="ACME", currency="USD", scale=1_000_000)
NS = 1_518_100_202_000_500_000


def test_prices_and_moments() -> None:
    assert (W.px(50_010_000), W.bps(-1_700)) == ("50.01 USD", "-0.0017 a share")
    assert W.value(26_884_500_000_000) == "26,884,500 USD"
    assert (clock(NS), moment(NS)) == ("14:30:02.000", "2018-02-08 14:30:02 UTC")


@pytest.mark.parametrize(
    ("ns", "said"),
    [
        (450_000_000, "450 ms"),
        (12 * NS_PER_SECOND, "12.0 s"),
        (15 * NS_PER_MINUTE, "15 min"),
        (2 * NS_PER_DAY, "2.0 days"),
    ],
)
def test_durations(ns: int, said: str) -> None:
    assert lasting(ns) == said


def test_failed_check_has_figure_limit_room_and_the_version_of_the_limit() -> None:
    check = Failure(stage="risk", code="order_value", value="12", limit="10", room="3", limit_id="L-7", limit_version=4)
    said = failed(check)
    assert said.endswith("12 against a limit of 10, room left 3, limit L-7 version 4 [order_value]")
    assert every([failure("risk", "restricted", "ACME"), check]).count(";") == 1
    assert every([]) == "no reason is recorded"


def test_code_nobody_knows_is_said_as_it_is() -> None:
    assert failed(Failure(stage="x", code="brand_new", value="1")) == "brand new: 1 [brand_new]"


def test_what_is_asked_for_is_said_by_its_fields() -> None:
    terms = AmendedTerms(urgency=Urgency.HIGH, max_participation_ppm=150_000)
    event = AmendAccepted(parent_id="P", ts_ns=1, principal="ann", order_qty=1200, limit_px=50_000_000, terms=terms)
    assert asked(event, W) == "size 1,200, limit 50.00 USD, urgency high, max participation 15 %"
