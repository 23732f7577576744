"""How dealers quote: half spread, inventory, information, capacity, and the rounding in their favour."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Side
from sottovoce.core.errors import ModelError
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.models.rfq import (
    Dealer,
    DealerDraw,
    Quote,
    QuoteRequest,
    answer_ns,
    cover_distance_bp,
    quoted_px,
    quoted_width_bp,
    ranked,
)

MM = 1_000_000
PLAIN = Dealer(name="D1", half_spread_bp=0.5)
ASK = QuoteRequest(request_id="R", side=Side.BUY, par=10 * MM, mid=100.0, dv01=0.08, window_ns=30 * NS_PER_SECOND)


def test_half_spread_alone() -> None:
    """0.5 bp of a DV01 of 0.08 is 0.04 on either side of the mid."""
    sell = QuoteRequest(request_id="R", side=Side.SELL, par=10 * MM, mid=100.0, dv01=0.08, window_ns=1)
    assert quoted_px(PLAIN, ASK, 1, 1_000) == 100_040_000
    assert quoted_px(PLAIN, sell, 1, 1_000) == 99_960_000


def test_rounding_is_in_the_dealers_favour() -> None:
    odd = Dealer(name="D1", half_spread_bp=0.501)
    sell = QuoteRequest(request_id="R", side=Side.SELL, par=10 * MM, mid=100.0, dv01=0.08, window_ns=1)
    assert quoted_px(odd, ASK, 1, 1_000) == 100_041_000
    assert quoted_px(odd, sell, 1, 1_000) == 99_959_000


def test_long_dealer_sells_cheaper_and_buys_cheaper() -> None:
    long, flat, short = (
        Dealer(name="D", half_spread_bp=0.5, holding_bp=0.01, inventory=held * MM) for held in (50, 0, -50)
    )
    sold = [quoted_width_bp(dealer, Side.BUY, 10 * MM, 1) for dealer in (long, flat, short)]
    bought = [quoted_width_bp(dealer, Side.SELL, 10 * MM, 1) for dealer in (long, flat, short)]
    assert sold == pytest.approx([0.05, 0.55, 1.05])
    assert bought == sold[::-1]


def test_information_cost_grows_with_the_number_asked() -> None:
    dealer = Dealer(name="D", half_spread_bp=0.5, information_bp=0.1)
    widths = [quoted_width_bp(dealer, Side.BUY, MM, asked) for asked in (1, 3, 6)]
    assert widths == pytest.approx([0.5, 0.7, 1.0])


def test_larger_requests_cost_more_where_holding_does() -> None:
    dealer = Dealer(name="D", half_spread_bp=0.5, holding_bp=0.02)
    assert quoted_width_bp(dealer, Side.BUY, 20 * MM, 1) > quoted_width_bp(dealer, Side.BUY, MM, 1)


def test_answers_by_chance_capacity_and_time() -> None:
    dealer = Dealer(name="D", half_spread_bp=0.5, answer_probability=0.8, slowest_ns=10 * NS_PER_SECOND)
    assert answer_ns(dealer, ASK, DealerDraw(0.79, 0.5, 0)) == 5 * NS_PER_SECOND
    assert answer_ns(dealer, ASK, DealerDraw(0.80, 0.5, 0)) is None
    small = Dealer(name="D", half_spread_bp=0.5, capacity=9 * MM)
    assert answer_ns(small, ASK, DealerDraw(0.0, 0.0, 0)) is None


def test_ranked_by_price_for_the_client_then_by_time() -> None:
    quotes = [
        Quote(dealer=name, px=px, at_ns=at, until_ns=9)
        for name, px, at in (("A", 101, 2), ("B", 100, 3), ("C", 100, 1))
    ]
    assert [quote.dealer for quote in ranked(quotes, Side.BUY)] == ["C", "B", "A"]
    assert [quote.dealer for quote in ranked(quotes, Side.SELL)] == ["A", "C", "B"]


def test_cover_distance_in_basis_points() -> None:
    assert cover_distance_bp(100_040_000, 100_056_000, 0.08) == pytest.approx(0.2)


@given(
    held=st.integers(-200, 200),
    par=st.integers(1, 100),
    holding=st.floats(0, 0.1),
    side=st.sampled_from((Side.BUY, Side.SELL)),
)
def test_width_is_what_the_trade_adds_to_the_cost_of_holding(held: int, par: int, holding: float, side: Side) -> None:
    """k ((q - s par)² - q²)/2 for each unit of par."""
    dealer = Dealer(name="D", half_spread_bp=0.0, holding_bp=holding, inventory=held * MM)
    after = held - side.sign * par
    added = holding * (after**2 - held**2) / 2 / par
    assert quoted_width_bp(dealer, side, par * MM, 1) == pytest.approx(added, abs=1e-9)


def test_nonsense_is_refused() -> None:
    for par, asked in ((0, 1), (MM, 0)):
        with pytest.raises(ModelError):
            quoted_width_bp(PLAIN, Side.BUY, par, asked)
    with pytest.raises(ModelError) as refused:
        answer_ns(PLAIN, ASK, DealerDraw(1.0, 0.0, 0))
    assert refused.value.code == "out_of_range"
