"""Bonds: price from yield and back, accrued interest, what a basis point is worth; and discount bills.

Prices are per 100 of par. A yield compounds as often as the coupon pays (street convention): the first period is the
part of it still to run, and the price quoted is clean, without accrued interest. Yields and coupons are fractions.
Source: standard bond mathematics; T-MKT-8.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.errors import ModelError
from sottovoce.models.guards import finite, not_negative, positive

BASIS_POINT = 1e-4
_TOLERANCE = 1e-12
_STEPS_MAX = 200
BILL_YEAR = 360


class BondTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What is still to be paid: coupon a year (fraction of par), payments a year, and payments left.

    to_next: part of the current coupon period still to run, 0 < to_next <= 1; 1 on a coupon day.
    """

    coupon: float
    frequency: int
    payments: int
    to_next: float = 1.0


class BondValue(msgspec.Struct, frozen=True, kw_only=True):
    """A bond at a yield, per 100 of par. dv01: fall of the price for one basis point more of yield."""

    clean: float
    accrued: float
    dv01: float
    modified_duration: float

    @property
    def dirty(self) -> float:
        """What is paid: clean price and accrued interest."""
        return self.clean + self.accrued


def bond_value(terms: BondTerms, rate: float) -> BondValue:
    """Price, accrued interest, DV01 and modified duration at a yield.

    Args: terms of the bond; rate: yield, fraction, compounding `frequency` times a year, > -frequency.
    Raises: ModelError `bad_bond`, `out_of_range`. Source: T-MKT-8.
    """
    _check(terms)
    if finite("Yield", rate) <= -terms.frequency:
        raise ModelError(
            f"A yield of {rate} discounts nothing; it must exceed -{terms.frequency}.", code="out_of_range"
        )
    growth = 1 + rate / terms.frequency
    dirty = slope = 0.0
    for number in range(terms.payments):
        periods = terms.to_next + number
        paid = _payment(terms, number) * growth**-periods
        dirty += paid
        slope += periods / terms.frequency * paid / growth
    accrued = accrued_interest(terms)
    return BondValue(clean=dirty - accrued, accrued=accrued, dv01=slope * BASIS_POINT, modified_duration=slope / dirty)


def accrued_interest(terms: BondTerms) -> float:
    """Interest earned since the last coupon, per 100 of par."""
    _check(terms)
    return 100 * terms.coupon / terms.frequency * (1 - terms.to_next)


def bond_yield(terms: BondTerms, clean: float) -> float:
    """The yield at which a bond has a clean price.

    Args: clean: per 100 of par, > 0 with accrued interest added.
    Raises: ModelError `not_positive`, `no_yield` when none between the extremes gives the price.
    The price falls in the yield, so the root is bracketed and closed in on by Newton steps kept inside.
    """
    positive("Price with accrued interest", finite("Clean price", clean) + accrued_interest(terms))
    low, high = -terms.frequency * 0.99, 10.0 * terms.frequency
    if not bond_value(terms, high).clean <= clean <= bond_value(terms, low).clean:
        raise ModelError(f"No yield gives this bond a clean price of {clean}.", code="no_yield")
    rate = terms.coupon
    for _ in range(_STEPS_MAX):
        value = bond_value(terms, rate)
        low, high = (rate, high) if value.clean > clean else (low, rate)
        step = rate + (value.clean - clean) * BASIS_POINT / value.dv01
        following = step if low < step < high else (low + high) / 2
        if abs(following - rate) < _TOLERANCE:
            return following
        rate = following
    return rate


def coupon_terms(coupon: float, frequency: int, years: float) -> BondTerms:
    """The terms of a bond that matures in so many years, a whole number of coupon periods or the first one cut.

    Raises: ModelError `bad_bond`, `not_positive`.
    """
    periods = positive("Years to maturity", years) * frequency
    payments = int(periods) if periods == int(periods) else int(periods) + 1
    return BondTerms(coupon=coupon, frequency=frequency, payments=payments, to_next=periods - (payments - 1))


def yield_cost(terms: BondTerms, rate: float, width_bp: float, par: float) -> float:
    """What crossing so many basis points of yield costs on a par amount, in its currency. Source: T-MKT-8."""
    return bond_value(terms, rate).dv01 * not_negative("Width", width_bp) * positive("Par", par) / 100


def portfolio_dv01(holdings: Sequence[tuple[BondTerms, float, float]]) -> float:
    """DV01 in currency of (terms, yield, par) holdings; par < 0 is short."""
    return sum(bond_value(terms, rate).dv01 * par / 100 for terms, rate, par in holdings)


def bill_price(discount: float, days: int) -> float:
    """Price per 100 of a bill at a bank discount: 100 (1 - d t/360).

    Args: discount: fraction; days to maturity >= 0. Raises: ModelError `negative`, `out_of_range`. Source: T-MKT-8.
    """
    price = 100 * (1 - finite("Discount", discount) * not_negative("Days", days) / BILL_YEAR)
    if price <= 0:
        raise ModelError(f"A discount of {discount} for {days} days leaves no price.", code="out_of_range")
    return price


def bill_discount(price: float, days: int) -> float:
    """Bank discount of a bill at a price per 100; days > 0."""
    return (1 - positive("Price", price) / 100) * BILL_YEAR / positive("Days", days)


def _payment(terms: BondTerms, number: int) -> float:
    """What the number-th payment from now brings, per 100 of par."""
    coupon = 100 * terms.coupon / terms.frequency
    return coupon + (100 if number == terms.payments - 1 else 0)


def _check(terms: BondTerms) -> None:
    not_negative("Coupon", terms.coupon)
    if terms.frequency <= 0 or terms.payments <= 0 or not 0 < terms.to_next <= 1:
        raise ModelError(
            f"A bond needs payments to come and a part of a period from 0 to 1, not {terms}.", code="bad_bond"
        )
