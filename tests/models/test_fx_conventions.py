"""T-MKT-7: what crossing a spread costs in foreign exchange; value dates."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import MalformedMessage, ModelError
from sottovoce.models.fx_conventions import half_spread_cost, pip, value_date


def test_published_row() -> None:
    """T-MKT-7: ten million euro, half spread 0.1 pip: 100 dollar, 0.0909 bp at 1.10."""
    cost = half_spread_cost("EUR/USD", 10_000_000, 0.1, 1.10)
    assert cost.amount == pytest.approx(100, abs=1e-9)
    assert cost.bps == pytest.approx(0.0909, abs=5e-5)


def test_a_yen_pip_is_the_second_decimal() -> None:
    assert (pip("USD/JPY"), pip("EUR/USD")) == (0.01, 0.0001)


@pytest.mark.parametrize("pair", ["EURUSD", "eur/usd", "EUR/", "EUR/EUR", "EUR/USDT", ""])
def test_other_texts_are_no_pair(pair: str) -> None:
    with pytest.raises(MalformedMessage):
        pip(pair)


@pytest.mark.parametrize(
    ("pair", "traded", "settles"),
    [
        ("EUR/USD", date(2026, 11, 17), date(2026, 11, 19)),
        ("EUR/USD", date(2026, 11, 19), date(2026, 11, 23)),
        ("USD/CAD", date(2026, 11, 19), date(2026, 11, 20)),
        ("USD/TRY", date(2026, 11, 20), date(2026, 11, 23)),
        ("USD/PHP", date(2026, 11, 20), date(2026, 11, 23)),
    ],
)
def test_two_days_and_one_for_a_few(pair: str, traded: date, settles: date) -> None:
    assert value_date(pair, traded, {}) == settles


def test_dollar_holiday_counts_at_the_end_only() -> None:
    """Thanksgiving 2026-11-26: a Wednesday's EUR/USD skips it at the end, a Tuesday's lands after it too."""
    holidays = {"USD": [date(2026, 11, 26)]}
    assert value_date("EUR/USD", date(2026, 11, 25), holidays) == date(2026, 11, 27)
    assert value_date("EUR/USD", date(2026, 11, 24), holidays) == date(2026, 11, 27)
    assert value_date("EUR/GBP", date(2026, 11, 24), holidays) == date(2026, 11, 27)


def test_other_currency_counts_on_the_way() -> None:
    holidays = {"JPY": [date(2026, 11, 24)]}
    assert value_date("USD/JPY", date(2026, 11, 20), holidays) == date(2026, 11, 25)


def test_calendar_without_a_business_day_is_refused() -> None:
    always = {"EUR": [date.fromordinal(date(2026, 1, 1).toordinal() + day) for day in range(60)]}
    with pytest.raises(MalformedMessage) as refused:
        value_date("EUR/USD", date(2026, 1, 1), always)
    assert refused.value.code == "value_not_calendar"


@given(day=st.dates(date(2026, 1, 1), date(2027, 1, 1)), pair=st.sampled_from(("EUR/USD", "USD/CAD", "AUD/JPY")))
def test_settles_on_a_business_day_after_the_trade(day: date, pair: str) -> None:
    settles = value_date(pair, day, {"USD": [date(2026, 7, 3)]})
    assert settles > day
    assert settles.weekday() < 5
    assert settles != date(2026, 7, 3)


@pytest.mark.parametrize(("amount", "pips", "rate"), [(0, 0.1, 1.1), (1, -0.1, 1.1), (1, 0.1, 0)])
def test_nonsense_is_refused(amount: float, pips: float, rate: float) -> None:
    with pytest.raises(ModelError):
        half_spread_cost("EUR/USD", amount, pips, rate)
