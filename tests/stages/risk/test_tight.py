"""Figures worked out ahead decide as the limits themselves would, to the last unit."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.limits import Bound, Level, LimitBook, Path, rows_of
from sottovoce.stages.risk.policy import RiskPolicy
from sottovoce.stages.risk.terms import Terms
from sottovoce.stages.risk.tight import DOLLAR, NEVER, PPM, RATES, Tight
from tests.scenarios.small_desk import ACME
from tests.stages.risk.cases import on_order, row

PARTS, VALUES = st.integers(1, PPM), st.integers(1, 10**6)
NEAR = st.integers(-1, 1)


def bounds(**values: int) -> dict[str, Bound]:
    return {name: Bound(value, name, 1, Level.ORDER, "") for name, value in values.items()}


@given(VALUES, PARTS, NEAR)
def test_value_is_noted_above_its_part_of_the_limit(limit: int, part: int, off: int) -> None:
    tight = Tight(bounds(parent_value=limit, child_value=limit, value_warn_ppm=part))
    value = limit * DOLLAR * part // PPM + off
    assert (value > tight.parent_warn) is (value * PPM > limit * DOLLAR * part)
    assert tight.child_warn == tight.parent_warn


@given(VALUES, PARTS, NEAR)
def test_near_is_the_part_of_a_level_a_person_is_told_of(limit: int, part: int, off: int) -> None:
    parts = on_order(exposure_hold_ppm=part, loss_warn_ppm=part)
    rows = (row(Level.FIRM, "", "gross", limit), row(Level.FIRM, "", "loss", limit), *parts)
    levels = Terms(LimitBook(rows_of(rows)), RiskPolicy()).levels(Path(instrument_id="ACME"), 1, ACME)
    (gross,), (loss,), most = levels.gross, levels.loss, limit * DOLLAR
    figure = most * part // PPM + off
    assert (figure > gross.near) is (figure > most * part // PPM)
    assert (figure >= loss.near) is (figure * PPM >= most * part)


@given(st.integers(0, 1_000), PARTS)
def test_rates_leave_the_part_kept_for_cancels(rate: int, kept: int) -> None:
    tight = Tight(bounds(session_rate=rate, cancel_reserve_ppm=kept))
    assert dict(zip(RATES, tight.rates, strict=True))["session_rate"] == rate * (PPM - kept) // PPM
    assert tight.rates[: RATES.index("session_rate")] == (NEVER,) * 3


def test_what_nobody_has_set_never_binds() -> None:
    tight = Tight({})
    assert (tight.parent_value, tight.parent_warn, tight.parent_qty, tight.child_warn) == (NEVER,) * 4
    assert (tight.reserve_ppm, tight.low_price, tight.get("parent_value")) == (0, 0, None)
    assert Tight(bounds(value_warn_ppm=1)).parent_warn == NEVER
    assert Tight(bounds(parent_value=1)).parent_warn == NEVER


def test_levels_without_a_part_to_tell_of_are_never_near() -> None:
    rows = (row(Level.FIRM, "", "gross", 5), row(Level.FIRM, "", "loss", 5))
    levels = Terms(LimitBook(rows_of(rows)), RiskPolicy()).levels(Path(instrument_id="ACME"), 1, ACME)
    assert levels.gross[0].near == levels.gross[0].most
    assert levels.loss[0].near == NEVER
