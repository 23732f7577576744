"""T-MKT-8: bond price, yield, accrued interest, DV01; discount bills."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.bonds import (
    BondTerms,
    accrued_interest,
    bill_discount,
    bill_price,
    bond_value,
    bond_yield,
    coupon_terms,
    portfolio_dv01,
    yield_cost,
)

TEN_YEARS = coupon_terms(0.04, 2, 10)
TERMS = st.builds(
    BondTerms,
    coupon=st.floats(0, 0.15),
    frequency=st.sampled_from((1, 2, 4)),
    payments=st.integers(1, 60),
    to_next=st.floats(0.01, 1.0),
)


def test_published_row() -> None:
    """T-MKT-8: a ten-year 4 % bond at par, and crossing half a basis point on ten million."""
    value = bond_value(TEN_YEARS, 0.04)
    assert value.clean == pytest.approx(100, abs=1e-10)
    assert value.dv01 == pytest.approx(0.0817572, abs=5e-8)
    assert value.modified_duration == pytest.approx(8.17572, abs=5e-6)
    assert yield_cost(TEN_YEARS, 0.04, 0.5, 10_000_000) == pytest.approx(4_087.86, abs=5e-3)


def test_published_bill() -> None:
    """T-MKT-8: 4.5 % discount for ninety days."""
    assert bill_price(0.045, 90) == pytest.approx(98.875, abs=1e-12)
    assert bill_discount(98.875, 90) == pytest.approx(0.045, abs=1e-12)


def test_single_payment_by_hand() -> None:
    """Half a period before the last semi-annual coupon of 5 %: (102.5)/(1.03)^0.5 less accrued 1.25."""
    value = bond_value(BondTerms(coupon=0.05, frequency=2, payments=1, to_next=0.5), 0.06)
    assert value.dirty == pytest.approx(102.5 / 1.03**0.5, abs=1e-12)
    assert value.accrued == 1.25
    assert value.clean == pytest.approx(102.5 / 1.03**0.5 - 1.25, abs=1e-12)


@given(terms=TERMS, rate=st.floats(-0.02, 0.25))
def test_yield_and_price_invert(terms: BondTerms, rate: float) -> None:
    assert bond_yield(terms, bond_value(terms, rate).clean) == pytest.approx(rate, abs=1e-9)


@pytest.mark.parametrize("rate", [-1.5, -0.5, 3.0, 15.0])
def test_yields_far_from_the_coupon_are_found(rate: float) -> None:
    """Where a Newton step from the coupon leaves the range of yields altogether."""
    assert bond_yield(TEN_YEARS, bond_value(TEN_YEARS, rate).clean) == pytest.approx(rate, abs=1e-9)


@given(terms=TERMS, rate=st.floats(-0.02, 0.25))
def test_dv01_is_the_slope(terms: BondTerms, rate: float) -> None:
    """Central difference of the price over two hundredths of a basis point."""
    step = 1e-6
    slope = (bond_value(terms, rate - step).clean - bond_value(terms, rate + step).clean) / (2 * step)
    assert bond_value(terms, rate).dv01 == pytest.approx(slope * 1e-4, rel=1e-5, abs=1e-9)


@given(coupon=st.floats(0, 0.15), frequency=st.sampled_from((1, 2, 4)), payments=st.integers(1, 60))
def test_at_its_coupon_a_bond_is_worth_par(coupon: float, frequency: int, payments: int) -> None:
    terms = BondTerms(coupon=coupon, frequency=frequency, payments=payments)
    assert bond_value(terms, coupon).clean == pytest.approx(100, abs=1e-8)


def test_years_are_cut_into_periods() -> None:
    assert coupon_terms(0.04, 2, 10) == BondTerms(coupon=0.04, frequency=2, payments=20, to_next=1.0)
    broken = coupon_terms(0.04, 2, 1.75)
    assert broken.payments == 4
    assert broken.to_next == pytest.approx(0.5)
    assert accrued_interest(broken) == pytest.approx(1.0)


def test_short_holdings_take_away() -> None:
    assert portfolio_dv01([(TEN_YEARS, 0.04, 10e6), (TEN_YEARS, 0.04, -10e6)]) == 0
    assert portfolio_dv01([(TEN_YEARS, 0.04, 10e6)]) == pytest.approx(8_175.72, abs=5e-3)


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (lambda: bond_value(BondTerms(coupon=0.04, frequency=2, payments=0), 0.04), "bad_bond"),
        (lambda: bond_value(BondTerms(coupon=0.04, frequency=2, payments=2, to_next=0), 0.04), "bad_bond"),
        (lambda: bond_value(BondTerms(coupon=-0.01, frequency=2, payments=2), 0.04), "negative"),
        (lambda: bond_value(TEN_YEARS, -2.0), "out_of_range"),
        (lambda: bond_value(TEN_YEARS, float("nan")), "not_finite"),
        (lambda: bond_yield(TEN_YEARS, 0), "not_positive"),
        (lambda: bond_yield(TEN_YEARS, 1e80), "no_yield"),
        (lambda: bill_price(5.0, 90), "out_of_range"),
        (lambda: coupon_terms(0.04, 2, 0), "not_positive"),
    ],
)
def test_nonsense_is_refused(call: object, code: str) -> None:
    assert callable(call)
    with pytest.raises(ModelError) as refused:
        call()
    assert refused.value.code == code
