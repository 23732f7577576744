"""What a model says of an order: an interval around its figure, and on which side of its sample the order lies."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.errors import ModelError
from sottovoce.models.impact_almgren import ALMGREN_2005, almgren2005
from sottovoce.models.impact_answer import almgren_answer, answer, outside_of, outside_words, size_outside
from sottovoce.models.impact_record import CalibratedImpact, Parameter

COEFFICIENTS = (
    ("gamma", 0.3, 0.05), ("eta", 0.2, 0.01), ("alpha", 1.0, 0.1), ("delta", 0.25, 0.1), ("beta", 0.6, 0.03),
)  # fmt: skip
OURS = CalibratedImpact(
    form="almgren", level=0.95, window=("2026-01-05", "2026-01-09"), n=700, clusters=90,
    parameters=tuple(Parameter(name=name, value=value, error=error) for name, value, error in COEFFICIENTS),
    size_range=(1e-3, 0.05), duration_max=0.5, r_squared=None, out_of_sample=None, bins=(), buckets=(), symbols=(),
    factors=(), dropped={}, notes=(), guard="", data_digest="d", draws=1000, seed=0,
)  # fmt: skip


@given(
    size=st.floats(1e-4, 1.0), sigma=st.floats(1e-3, 0.2), duration=st.floats(1e-3, 5.0), turnover=st.floats(1.0, 1e4)
)
def test_a_figure_lies_within_its_interval_which_ends_at_nothing(
    size: float, sigma: float, duration: float, turnover: float
) -> None:
    said = almgren_answer(almgren2005(size, 1.0, turnover, sigma, duration))
    assert said.low_bps is not None
    assert said.high_bps is not None
    assert 0.0 <= said.low_bps < said.value_bps < said.high_bps
    assert (said.version, said.n, said.window) == (ALMGREN_2005.version, ALMGREN_2005.n, ALMGREN_2005.window)


@given(size=st.floats(1e-5, 1.0), duration=st.floats(1e-3, 2.0))
def test_an_order_is_extrapolated_when_it_lies_on_some_side_outside(size: float, duration: float) -> None:
    said = answer(OURS, size, 0.02, duration_days=duration, turnover=200.0)
    sides = outside_of(OURS, size, duration)
    assert said.extrapolated == bool(sides)
    assert ("size_below_sample" in sides, "size_above_sample" in sides) == (size < 1e-3, size > 0.05)
    assert ("longer_than_a_day" in sides) == (duration > 0.5)
    assert len(outside_words(sides, size, OURS.size_range, duration)) == len(sides)


@pytest.mark.parametrize(
    ("size", "sides"),
    [(0.0009, ("size_below_sample",)), (0.001, ()), (0.05, ()), (0.0501, ("size_above_sample",))],
)
def test_the_ends_of_a_sample_are_within_it(size: float, sides: tuple[str, ...]) -> None:
    assert size_outside(size, (0.001, 0.05)) == sides


def test_a_side_is_said_in_words() -> None:
    assert outside_words(("size_below_sample", "longer_than_a_day"), 0.0005, (0.001, 0.05), 1.5) == (
        "0.050% of ADV is below the 0.10% the model was fitted from",
        "1.5 days of volume; the model was fitted within one day",
    )


@pytest.mark.parametrize("missing", [{"duration_days": 0.1}, {"turnover": 200.0}, {}])
def test_the_almgren_form_needs_duration_and_turnover(missing: dict[str, float]) -> None:
    with pytest.raises(ModelError) as refused:
        answer(OURS, 0.01, 0.02, **missing)
    assert refused.value.code == "figures_missing"
