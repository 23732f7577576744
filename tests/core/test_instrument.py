"""Tick and lot are dated data, looked up by date and price; a missing rule is an error and never a guess."""

from __future__ import annotations

import pytest

from sottovoce.core.errors import NotFound
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule, known, lot_at, tick_at
from sottovoce.core.units import PRICE_SCALE_USD

DOLLAR = PRICE_SCALE_USD
CUT, HALF_CENT, CENT = 100, 5_000, 10_000


def instrument(ticks: tuple[TickRule, ...] | None = None, lots: tuple[LotRule, ...] | None = None) -> Instrument:
    return Instrument(
        instrument_id="XYZ.US",
        symbol="XYZ US",
        name="An invented company",
        mic=None,
        currency="USD",
        country="US",
        price_scale=PRICE_SCALE_USD,
        asset_class="equity",
        ticks=ticks if ticks is not None else TICKS,
        lots=lots if lots is not None else LOTS,
        calendar="XNYS",
    )


TICKS = (
    TickRule(effective_from="2001-04-09", tick=CUT),
    TickRule(effective_from="2001-04-09", effective_to="2030-05-01", min_px=DOLLAR, tick=CENT),
    TickRule(effective_from="2030-05-01", min_px=DOLLAR, tick=HALF_CENT),
)
LOTS = (
    LotRule(effective_from="2001-04-09", effective_to="2025-11-03", lot=100),
    LotRule(effective_from="2025-11-03", lot=100),
    LotRule(effective_from="2025-11-03", min_px=250 * DOLLAR + 1, lot=40),
)


@pytest.mark.parametrize(
    ("px", "date", "tick"),
    [
        (DOLLAR, "2018-02-07", CENT),
        (DOLLAR - 1, "2018-02-07", CUT),
        (0, "2018-02-07", CUT),
        (DOLLAR, "2001-04-09", CENT),
        (DOLLAR, "2030-04-30", CENT),
        (DOLLAR, "2030-05-01", HALF_CENT),
        (DOLLAR - 1, "2030-05-01", CUT),
    ],
)
def test_tick_follows_price_and_date(px: int, date: str, tick: int) -> None:
    assert tick_at(instrument(), px, date) == tick


def test_tick_does_not_depend_on_the_order_of_the_rules() -> None:
    assert tick_at(instrument(ticks=TICKS[::-1]), 5 * DOLLAR, "2018-02-07") == CENT


@pytest.mark.parametrize(
    ("px", "date", "lot"),
    [
        (400 * DOLLAR, "2025-11-02", 100),
        (400 * DOLLAR, "2025-11-03", 40),
        (250 * DOLLAR, "2025-11-03", 100),
        (250 * DOLLAR + 1, "2025-11-03", 40),
    ],
)
def test_lot_follows_price_and_date(px: int, date: str, lot: int) -> None:
    assert lot_at(instrument(), px, date) == lot


def test_before_the_first_rule_there_is_no_tick() -> None:
    with pytest.raises(NotFound, match=r"XYZ US has no tick rule in force on 2001-04-08 for a price of 5\.00") as at:
        tick_at(instrument(), 5 * DOLLAR, "2001-04-08")
    assert at.value.code == "tick_rule_missing"


def test_a_negative_price_has_no_tick() -> None:
    with pytest.raises(NotFound):
        tick_at(instrument(), -1, "2018-02-07")


def test_without_lot_rules_there_is_no_lot() -> None:
    with pytest.raises(NotFound) as at:
        lot_at(instrument(lots=()), DOLLAR, "2018-02-07")
    assert at.value.code == "lot_rule_missing"


def test_missing_and_unusable_figures_are_both_unknown() -> None:
    assert known(None) is None
    assert known(Fact(value=None, as_of="2018-02-08", source="not usable: several share classes")) is None
    assert known(Fact(value=0.013, as_of="2018-02-07", source="daily bars")) == 0.013
