"""Spreads weighted by the time they stood, in exact sums."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.touch_meter import TouchMeter

TOUCHES = st.lists(
    st.tuples(st.integers(0, 50), st.none() | st.integers(1, 30), st.none() | st.integers(1, 30)), max_size=30
)


def test_each_touch_weighs_as_long_as_it_stood() -> None:
    meter = TouchMeter()
    for ns, bid, ask in ((100, 10, 12), (110, 10, 11), (140, 11, 11), (150, None, 11), (155, 13, 12), (160, 10, 14)):
        meter.take(ns, bid, ask)
    assert (meter.spread_sum, meter.spread_ns) == (2 * 10 + 1 * 30, 10 + 30 + 10)
    assert (meter.one_sided_ns, meter.crossed_ns) == (5, 5)


def test_time_that_goes_back_weighs_nothing() -> None:
    meter = TouchMeter()
    meter.take(100, 10, 12)
    meter.take(90, 10, 13)
    meter.take(110, 10, 14)
    assert (meter.spread_sum, meter.spread_ns) == (30, 10)


@given(TOUCHES)
def test_every_nanosecond_is_in_one_of_three(touches: list[tuple[int, int | None, int | None]]) -> None:
    meter, ns = TouchMeter(), 0
    for step, bid, ask in touches:
        ns += step
        meter.take(ns, bid, ask)
    stood = ns - touches[0][0] if touches else 0
    assert meter.spread_ns + meter.one_sided_ns + meter.crossed_ns == stood
