"""The account of one order: the parts add up whatever happens to it, and what is not known is null, not zero."""

from __future__ import annotations

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sottovoce.analytics.tca.account import UNSPLIT, Account, account_of
from sottovoce.analytics.tca.columns import columns_of
from sottovoce.analytics.tca.measure import measure
from sottovoce.analytics.tca.orders import TcaAmendment, TcaFill, TcaForecast, TcaOrder
from sottovoce.analytics.tca.portfolio import portfolio_of
from sottovoce.core.enums import Side, VenueKind
from sottovoce.core.errors import ModelError
from sottovoce.models.shortfall import Amount

SECOND = 1_000_000_000
FORECAST = TcaForecast(
    expected_cost_bps=10, low_bps=0, high_bps=20, timing_risk_bps=8, permanent_bps=4.0, model_version="named"
)


def fill(at: int, qty: int, px: int, mid: int | None = None, half_spread: int | None = None, fee: int = 0) -> TcaFill:
    """A lit fill at second `at`."""
    return TcaFill(
        ts_ns=at * SECOND, qty=qty, px=px, venue="LIT1", venue_kind=VenueKind.LIT, fee=fee, mid=mid,
        half_spread=half_spread,
    )  # fmt: skip


def order(*fills: TcaFill, side: Side = Side.BUY, qty: int = 100, **fields: object) -> TcaOrder:
    """An order decided at 1000 and arrived at 1010, ended at 1060."""
    made = TcaOrder(
        parent_id="P", symbol="S", side=side, order_qty=qty, decision_px=1000, arrival_px=1010, arrival_ns=0,
        end_px=1060, fills=fills,
    )  # fmt: skip
    return msgspec.structs.replace(made, **fields)


def account(each: TcaOrder) -> Account:
    """Without a tape."""
    return account_of(each, columns_of(each, None), None)


def known_sum(each: Account) -> Amount:
    """Sum of the parts that are not null."""
    return sum((part for part in each.parts.values() if part is not None), Fraction(0))


@st.composite
def histories(draw: st.DrawFn) -> tuple[TcaOrder, Amount]:
    """A random order with amendments that leave room for what has filled, and its total by Perold's formula."""
    px = st.integers(1, 2_000_000_000)
    first = draw(st.integers(1, 10**6))
    side = draw(st.sampled_from(Side))
    decided, arrived, ended = draw(px), draw(px), draw(px)
    wanted, filled, at = first, 0, 0
    fills: list[TcaFill] = []
    amendments: list[TcaAmendment] = []
    paper, real = first * decided, 0
    for _ in range(draw(st.integers(0, 8))):
        at += draw(st.integers(1, 100_000))  # days apart, too
        if draw(st.booleans()):
            qty = draw(st.integers(0, wanted - filled))
            if qty:
                mid = draw(px)
                fills.append(
                    fill(at, qty, draw(px), mid, draw(st.integers(0, 10**6)), draw(st.integers(-(10**9), 10**9)))
                )
                filled += qty
                real += qty * fills[-1].px
        else:
            change = draw(st.integers(filled - wanted, 10**6))
            now = draw(px)
            decision = draw(px)
            amendments.append(TcaAmendment(ts_ns=at * SECOND, order_qty=wanted + change, px=now, decision_px=decision))
            paper += change * decision if change > 0 else 0
            real += -change * now if change < 0 else 0
            wanted += change
    fees = draw(st.integers(0, 10**9))
    total = side.sign * (real + (wanted - filled) * ended - paper) + fees + sum(each.fee for each in fills)
    made = order(
        *fills, side=side, qty=first, decision_px=decided, arrival_px=arrived, end_px=ended,
        amendments=tuple(amendments), fees=fees, forecast=draw(st.sampled_from([None, FORECAST])),
    )  # fmt: skip
    return made, total


@settings(max_examples=400)
@given(histories())
def test_t_tca_2_parts_sum_to_perolds_total(case: tuple[TcaOrder, Amount]) -> None:
    """T-TCA-2: random orders, partial, amended, over several days; exact, where the reference asks 1e-9."""
    made, total = case
    found = account(made)
    assert found.total == total
    assert known_sum(found) == total
    assert found.filled == sum(each.qty for each in made.fills)


@settings(max_examples=100)
@given(st.lists(histories(), min_size=1, max_size=4), st.decimals("0.01", "200", places=4))
def test_t_tca_2_parts_sum_after_conversion(cases: list[tuple[TcaOrder, Amount]], rate: object) -> None:
    """T-TCA-2: FX-converted. One order in dollars, the others converted at an exact rate; every sum still holds."""
    orders = [case[0] for case in cases]
    foreign = {"currency": "GBP", "fx_currency": "USD", "fx_rate": str(rate)}
    orders = [orders[0], *(msgspec.structs.replace(each, **foreign) for each in orders[1:])]
    totals = portfolio_of([measure(each, None) for each in orders]).totals
    assert totals is not None
    assert totals.total == sum(part for part in totals.parts.values() if part is not None)
    own, *others = [Fraction(case[1], 1_000_000) for case in cases]
    assert totals.total == own + sum(others) * Fraction(str(rate))


@settings(max_examples=200)
@given(histories())
def test_sell_mirror_of_any_order_costs_the_same(case: tuple[TcaOrder, Amount]) -> None:
    """Every price reflected and the side flipped: the same parts, but for permanent, a share of the price's level."""
    made = msgspec.structs.replace(case[0], forecast=None)
    top = 5_000_000_000

    def reflected(each: TcaFill | TcaAmendment) -> TcaFill | TcaAmendment:
        names = [name for name in ("px", "mid", "decision_px") if getattr(each, name, None) is not None]
        return msgspec.structs.replace(each, **{name: top - getattr(each, name) for name in names})

    mirror = msgspec.structs.replace(
        made,
        side=Side.BUY if made.side.sign < 0 else Side.SELL,
        decision_px=top - made.decision_px,
        arrival_px=top - made.arrival_px,
        end_px=top - (made.end_px or 0),
        fills=tuple(reflected(each) for each in made.fills),
        amendments=tuple(reflected(each) for each in made.amendments),
    )
    assert account(mirror).parts == account(made).parts
    assert account(mirror).total == account(made).total


def test_partial_fill_leaves_opportunity() -> None:
    found = account(order(fill(1, 60, 1020, 1018, 1)))
    assert found.parts["opportunity"] == 40 * (1060 - 1010)
    assert (found.parts["spread"], found.parts["temporary"]) == (60, 60)


def test_nothing_filled_costs_delay_and_opportunity() -> None:
    found = account(order())
    known = {"delay": 1000, "opportunity": 5000, "fees": 0, "spread": 0, "temporary": 0, "permanent": 0, "timing": 0}
    assert found.parts == known
    assert found.total == 100 * (1060 - 1000)
    assert found.reasons == {}


def test_nothing_filled_and_no_end_price_is_null_with_the_reason() -> None:
    found = account(order(end_px=None))
    assert found.parts["opportunity"] is None
    assert found.total is None
    assert "no end price" in found.reasons["total"]
    assert found.parts["delay"] == 1000


def test_without_end_price_or_tape_the_last_fill_stands_for_it() -> None:
    found = account(order(fill(1, 30, 1020, 1018, 1), fill(2, 30, 1031, 1030, 1), end_px=None))
    assert found.parts["opportunity"] == 40 * (1031 - 1010)
    assert "our last fill" in found.end_rule


def test_unknown_half_spread_stays_inside_temporary() -> None:
    found = account(order(fill(1, 100, 1020, 1018)))
    assert found.parts["spread"] is None
    assert found.parts["temporary"] == 200
    assert known_sum(found) == found.total


def test_unknown_model_stays_inside_timing() -> None:
    with_model = account(order(fill(1, 100, 1020, 1018, 1), forecast=FORECAST))
    without = account(order(fill(1, 100, 1020, 1018, 1)))
    assert with_model.parts["permanent"] == round(4.0e-4 * 100 * 1010)
    assert without.parts["permanent"] is None
    assert without.parts["timing"] == 800


def test_unknown_mid_leaves_trading_unsplit() -> None:
    found = account(order(fill(1, 50, 1020, 1018, 1), fill(2, 50, 1030), forecast=FORECAST))
    assert [found.parts[name] for name in ("spread", "temporary", "permanent", "timing")] == [None] * 4
    assert found.parts[UNSPLIT] == 50 * 10 + 50 * 20
    assert known_sum(found) == found.total


def test_increase_is_a_slice_with_its_own_prices() -> None:
    """100 decided at 1000, 50 more decided at 1030 and arrived at 1032; both filled at 1040."""
    more = TcaAmendment(ts_ns=SECOND, order_qty=150, px=1032, decision_px=1030)
    found = account(order(fill(2, 150, 1040, 1040, 0), amendments=(more,)))
    assert found.parts["delay"] == 100 * 10 + 50 * 2
    assert found.parts["timing"] == 100 * (1040 - 1010) + 50 * (1040 - 1032)
    assert found.decision_notional == 100 * 1000 + 50 * 1030


def test_decrease_is_given_up_at_its_moment() -> None:
    fewer = TcaAmendment(ts_ns=2 * SECOND, order_qty=60, px=1025)
    found = account(order(fill(1, 60, 1020, 1020, 0), amendments=(fewer,), end_px=1900))
    assert found.parts["opportunity"] == 40 * (1025 - 1010)


def test_fill_that_crosses_a_decrease_takes_its_quantity_back() -> None:
    fewer = TcaAmendment(ts_ns=SECOND, order_qty=60, px=1025)
    found = account(order(fill(2, 80, 1020, 1020, 0), amendments=(fewer,)))
    assert found.parts["opportunity"] == 20 * (1025 - 1010)
    assert found.filled == 80
    assert known_sum(found) == found.total


def test_amendment_without_price_or_tape_is_null_not_zero() -> None:
    more = TcaAmendment(ts_ns=SECOND, order_qty=150)
    found = account(order(fill(2, 100, 1040, 1040, 0), amendments=(more,)))
    assert found.total is None
    assert "amendment has no price" in found.reasons["delay"]


def test_overfill_is_counted_and_told() -> None:
    found = account(order(fill(1, 130, 1020, 1020, 0)))
    assert (found.filled, found.ordered) == (130, 130)
    assert found.parts["timing"] == 130 * 10
    assert any("30 shares were filled beyond the order" in note for note in found.notes)


def test_busts_are_told() -> None:
    found = account(order(fill(1, 100, 1020, 1020, 0), busted=2))
    assert any("2 busted trades are left out" in note for note in found.notes)


def test_a_fill_of_no_shares_is_refused() -> None:
    with pytest.raises(ModelError, match="shares above zero"):
        account(order(fill(1, 0, 1020, 1020, 0)))
