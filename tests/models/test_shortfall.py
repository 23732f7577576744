"""Implementation shortfall: the worked order to the cent, and parts that add up for any order."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from sottovoce.core.errors import InvariantError, ModelError
from sottovoce.models import shortfall as module
from sottovoce.models.shortfall import (
    PARTS,
    GivenUp,
    Shortfall,
    ShortfallSlice,
    combine,
    fills,
    in_currency,
    shortfall,
)
from tests.models.shortfall_cases import SCALE, units, worked_order

prices = st.integers(1, 10**12)


@st.composite
def slices(draw: st.DrawFn, side: int | None = None) -> ShortfallSlice:
    """Partial, amended, possibly unfilled slices at any price."""
    rows = draw(st.lists(st.tuples(st.integers(1, 10**6), prices, prices, st.integers(0, 10**6)), max_size=6))
    given_up = draw(st.lists(st.builds(GivenUp, qty=st.integers(0, 10**5), px=prices), max_size=3))
    accounted = sum(row[0] for row in rows) + sum(each.qty for each in given_up)
    columns = [[row[at] for row in rows] for at in range(4)]
    return ShortfallSlice(
        side_sign=side or draw(st.sampled_from([1, -1])),
        ordered=accounted + draw(st.integers(0, 10**6)),
        decision_px=draw(prices),
        arrival_px=draw(prices),
        end_px=draw(prices),
        fees=draw(st.one_of(st.integers(-(10**9), 10**12), st.fractions(-100, 10**9))),
        permanent_bps=draw(st.floats(-50, 500)),
        given_up=tuple(given_up),
        fills=fills(*columns),
    )


def parts_of(account: Shortfall) -> list[int | Fraction]:
    return [getattr(account, name) for name in PARTS]


@pytest.mark.parametrize("side_sign", [1, -1])
def test_worked_order_to_the_cent(side_sign: int) -> None:
    """T-TCA-1: every dollar component, buy and sell mirror (spread and model parts are ours to name)."""
    account = shortfall(worked_order(side_sign))
    assert account.delay == units(10_000)
    assert account.spread + account.temporary == units(4_800)
    assert account.permanent + account.timing == units(4_800)
    assert account.trading == units(9_600)
    assert account.opportunity == units(10_000)
    assert account.fees == units(280)
    assert account.total == units(29_880)
    assert account.spread == 30_000 * 10_000 + 30_000 * 20_000 + 20_000 * 10_000


@pytest.mark.parametrize("side_sign", [1, -1])
def test_worked_order_in_basis_points(side_sign: int) -> None:
    """T-TCA-1: bp of X·P_d = 5,000,000, which the mirror about 50 leaves as it is."""
    account = shortfall(worked_order(side_sign))
    assert account.decision_notional == 5_000_000 * SCALE
    found = account.components_bps()
    assert found.delay == 20.0
    assert found.spread + found.temporary == pytest.approx(9.6, abs=1e-12)
    assert found.permanent + found.timing == pytest.approx(9.6, abs=1e-12)
    assert found.opportunity == 20.0
    assert found.fees == pytest.approx(0.56, abs=1e-12)
    assert found.total == pytest.approx(59.76, abs=1e-12)


def test_permanent_is_the_models_part_of_what_filled() -> None:
    """3.25 bp of 80,000 · 50.10."""
    account = shortfall(worked_order())
    assert account.permanent == units(80_000 * 50.10 * 3.25e-4)
    none = shortfall(replace(worked_order(), permanent_bps=0.0))
    assert none.permanent == 0
    assert none.timing == account.timing + account.permanent
    assert none.total == account.total


@given(piece=slices())
def test_parts_add_up_exactly(piece: ShortfallSlice) -> None:
    """T-TCA-2 without its tolerance: integers add up exactly, and bps to 1e-9 relative."""
    account = shortfall(piece)
    assert sum(parts_of(account)) == account.total
    if account.decision_notional > 0:
        bps = account.components_bps()
        each = [getattr(bps, name) for name in PARTS]
        assert sum(each) == pytest.approx(bps.total, rel=1e-9, abs=1e-9 * max(map(abs, each)))


@given(piece=slices())
def test_total_is_paper_less_real(piece: ShortfallSlice) -> None:
    """Cash both ways: what the whole order would have cost at the decision price against what happened."""
    account = shortfall(piece)
    columns = piece.fills
    paid = sum(q * p for q, p in zip(columns.qty.tolist(), columns.px.tolist(), strict=True))
    left = sum(each.qty * each.px for each in piece.given_up)
    rest = piece.ordered - int(columns.qty.sum()) - sum(each.qty for each in piece.given_up)
    marked = paid + left + rest * piece.end_px
    assert account.total == piece.side_sign * (marked - piece.ordered * piece.decision_px) + piece.fees


@given(piece=slices(side=1))
def test_sell_mirror_costs_the_same(piece: ShortfallSlice) -> None:
    """Reflect every price and flip the side; the model's part scales with arrival, so it is left out here."""
    axis = 2 * 10**12
    buy = replace(piece, permanent_bps=0.0)
    sell = replace(
        buy,
        side_sign=-1,
        decision_px=axis - buy.decision_px,
        arrival_px=axis - buy.arrival_px,
        end_px=axis - buy.end_px,
        given_up=tuple(GivenUp(qty=each.qty, px=axis - each.px) for each in buy.given_up),
        fills=replace(buy.fills, px=axis - buy.fills.px, mid=axis - buy.fills.mid),
    )
    assert parts_of(shortfall(buy)) == parts_of(shortfall(sell))


@given(parts=st.lists(slices(), min_size=1, max_size=4))
def test_slices_compose(parts: list[ShortfallSlice]) -> None:
    """T-TCA-2: amended and cross-day orders add up."""
    accounts = [shortfall(part) for part in parts]
    whole = combine(accounts)
    assert sum(parts_of(whole)) == whole.total == sum(each.total for each in accounts)
    assert whole.ordered == sum(part.ordered for part in parts)
    assert whole.filled == sum(int(part.fills.qty.sum()) for part in parts)


@given(piece=slices(), rate=st.fractions(Fraction(1, 1000), 1000))
def test_another_currency_adds_up_and_keeps_its_basis_points(piece: ShortfallSlice, rate: Fraction) -> None:
    """T-TCA-2: FX-converted, exactly."""
    account = shortfall(piece)
    converted = in_currency(account, rate)
    assert sum(parts_of(converted)) == converted.total == account.total * rate
    if account.decision_notional > 0:
        assert converted.components_bps() == account.components_bps()


def test_delay_is_charged_per_release() -> None:
    """60 of 100 released at 10.00 decided, 10.10 arrival; 30 at 10.40; 10 never, price ends at 11.00."""
    day_one = ShortfallSlice(
        side_sign=1, ordered=60, decision_px=1000, arrival_px=1010, end_px=1100,
        fills=fills((60,), (1012,), (1011,), (1,)),
    )  # fmt: skip
    day_two = ShortfallSlice(
        side_sign=1, ordered=30, decision_px=1000, arrival_px=1040, end_px=1100,
        fills=fills((30,), (1045,), (1044,), (1,)),
    )  # fmt: skip
    never = ShortfallSlice(
        side_sign=1, ordered=10, decision_px=1000, arrival_px=1000, end_px=1100, fills=fills((), (), (), ())
    )
    whole = combine([shortfall(day_one), shortfall(day_two), shortfall(never)])
    assert whole.delay == 60 * 10 + 30 * 40
    assert whole.trading == 60 * 2 + 30 * 5
    assert whole.opportunity == 10 * 100
    assert whole.decision_notional == 100 * 1000


def test_an_increase_has_its_own_decision_and_a_decrease_is_opportunity_at_its_time() -> None:
    first = ShortfallSlice(
        side_sign=1, ordered=100, decision_px=1000, arrival_px=1000, end_px=1200,
        fills=fills((50,), (1000,), (1000,), (0,)), given_up=(GivenUp(qty=30, px=1050),),
    )  # fmt: skip
    added = ShortfallSlice(
        side_sign=1, ordered=40, decision_px=1100, arrival_px=1110, end_px=1200,
        fills=fills((40,), (1110,), (1110,), (0,)),
    )  # fmt: skip
    assert shortfall(first).opportunity == 30 * 50 + 20 * 200
    assert shortfall(added).delay == 40 * 10
    whole = combine([shortfall(first), shortfall(added)])
    assert whole.total == 30 * 50 + 20 * 200 + 40 * 10
    assert whole.decision_notional == 100 * 1000 + 40 * 1100


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"side_sign": 0}, "out_of_range"),
        ({"ordered": 79_999}, "over_accounted"),
        ({"given_up": (GivenUp(qty=20_001, px=1),)}, "over_accounted"),
        ({"given_up": (GivenUp(qty=-1, px=1),)}, "over_accounted"),
        ({"permanent_bps": float("nan")}, "not_finite"),
        ({"fills": fills((0,), (1,), (1,), (1,))}, "bad_fills"),
        ({"fills": fills((1,), (1,), (1,), (-1,))}, "bad_fills"),
        ({"fills": fills((1, 2), (1, 1), (1,), (1, 1))}, "shapes_differ"),
    ],
)
def test_what_cannot_be_accounted_for_is_refused(change: dict[str, int], code: str) -> None:
    with pytest.raises(ModelError) as refused:
        shortfall(replace(worked_order(), **change))
    assert refused.value.code == code


def test_nothing_ordered_has_no_basis_points() -> None:
    empty = ShortfallSlice(
        side_sign=1, ordered=0, decision_px=10, arrival_px=10, end_px=10, fills=fills((), (), (), ())
    )
    with pytest.raises(ModelError) as refused:
        shortfall(empty).components_bps()
    assert refused.value.code == "no_notional"
    with pytest.raises(ModelError) as none:
        combine([])
    assert none.value.code == "no_slices"


def test_parts_that_would_not_add_up_stop_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "perold_total", lambda piece: 1)
    with pytest.raises(InvariantError) as stopped:
        shortfall(worked_order())
    assert stopped.value.code == "shortfall_parts"
