"""T-MKT-6: futures prices in 32nds and tick values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import MalformedMessage, ModelError, NotFound
from sottovoce.models.quoting_conventions import FUTURES, format_32nds, futures_contract, parse_32nds


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("110-205", "110.640625"),
        ("112-16+", "112.515625"),
        ("110-20", "110.625"),
        ("110-202", "110.6328125"),
        ("110-207", "110.6484375"),
        ("103-001", "103.00390625"),
        ("99-318", "99.99609375"),
    ],
)
def test_points_and_32nds(text: str, price: str) -> None:
    """T-MKT-6, exact; the third digit counts parts of a 32nd."""
    assert parse_32nds(text) == Fraction(price)


@pytest.mark.parametrize(
    "text", ["110-32", "110-204", "110-209", "110.5", "-110-20", "110-2", "", "110-20++", "١١٠-20"]
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(MalformedMessage) as refused:
        parse_32nds(text)
    assert refused.value.code == "value_not_32nds"


@given(eighths=st.integers(0, 200 * 32 * 8))
def test_written_and_read_back(eighths: int) -> None:
    price = Fraction(eighths, 256)
    assert parse_32nds(format_32nds(price)) == price


@pytest.mark.parametrize("price", [Fraction(1, 3), Fraction(-1)])
def test_prices_off_the_eighth_are_not_written(price: Fraction) -> None:
    with pytest.raises(ModelError):
        format_32nds(price)


@pytest.mark.parametrize(
    ("symbol", "value"),
    [
        ("ES", "12.5"),
        ("NQ", "5"),
        ("ZN", "15.625"),
        ("ZT", "7.8125"),
        ("ZB", "31.25"),
        ("6E", "6.25"),
        ("CL", "10"),
        ("GC", "10"),
    ],
)
def test_tick_values(symbol: str, value: str) -> None:
    """The table of markets reference §5, exact."""
    assert futures_contract(symbol).tick_value == Fraction(value)


def test_published_notional_and_tick_in_basis_points() -> None:
    """T-MKT-6: ES at 5,000 is 250,000 and half a basis point a tick; ZN at 110 is 1.4205."""
    assert futures_contract("ES").notional(Fraction(5_000)) == 250_000
    assert futures_contract("ES").tick_bps(Fraction(5_000)) == pytest.approx(0.5, abs=1e-12)
    assert futures_contract("ZN").tick_bps(Fraction(110)) == pytest.approx(1.4205, abs=5e-5)


def test_every_contract_has_a_date_and_a_source() -> None:
    assert len({contract.symbol for contract in FUTURES}) == len(FUTURES) == 8
    assert all(contract.effective_from and contract.source for contract in FUTURES)


def test_unknown_contract_is_refused() -> None:
    with pytest.raises(NotFound):
        futures_contract("ZZ")
    with pytest.raises(ModelError):
        futures_contract("ES").tick_bps(Fraction(0))
