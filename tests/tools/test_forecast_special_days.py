"""The study of special days on made-up volumes: the median rule, and how gains are told."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.models.intraday_volume import simulated
from sottovoce.models.trading_holidays import session_after
from tools.forecast_study.daily_panel import Panel
from tools.forecast_study.examples import intraday_example
from tools.forecast_study.median_special_days import median_effects
from tools.forecast_study.special_day_gain import IN_USE, NONE, WITH_WEEKDAYS, Gain, special_day_gains
from tools.forecast_study.special_words import conclusions, line
from tools.forecast_study.study import GENERATOR

ROOM = 1e-9


def panel(days: int, names: int, lift: float) -> Panel:
    """Volumes without memory; quarterly expiries multiply them."""
    rng = np.random.default_rng(3)
    dates = [date(2013, 1, 2)]
    while len(dates) < days:
        dates.append(session_after(dates[-1]))
    expiry = np.array([day.weekday() == 4 and 15 <= day.day <= 21 and day.month % 3 == 0 for day in dates])
    volume = 1e6 * np.exp(0.2 * rng.standard_normal((days, names)) + np.log(lift) * expiry[:, None])
    tables = dict.fromkeys(("volume", "open", "high", "low", "close"), volume)
    nothing = {"results": np.zeros(volume.shape, dtype=bool)}
    return Panel(days=tuple(dates), names=tuple(map(str, range(names))), results=nothing, odd=0, **tables)


def test_median_of_few_events_leans_on_the_pool_and_on_nothing_at_first() -> None:
    mark = np.zeros((60, 3), dtype=bool)
    mark[[30, 40, 50]] = True
    volumes = np.full((60, 3), 1e6)
    volumes[30] = 4e6
    effect = median_effects(volumes, {"kind": mark})
    above = np.log(4.0)
    own, pool = 1 / 13, above / 2
    assert effect[30] == pytest.approx(0.0)
    assert effect[40] == pytest.approx(own * above + (1 - own) * pool, abs=ROOM)


def test_one_wild_event_of_many_does_not_move_the_median() -> None:
    mark = np.zeros((800, 2), dtype=bool)
    mark[50::50] = True
    volumes = np.where(mark, 2e6, 1e6)
    calm = median_effects(volumes, {"kind": mark})[750]
    volumes[500] = 1.2e7
    assert median_effects(volumes, {"kind": mark})[750] == pytest.approx(calm, abs=0.05)


@given(st.integers(0, 2**32 - 1), st.integers(30, 89))
def test_median_rule_sees_nothing_of_the_day_or_after_it(seed: int, day: int) -> None:
    rng = np.random.default_rng(seed)
    volumes = 1e6 * np.exp(rng.standard_normal((90, 4)))
    volumes[rng.random((90, 4)) < 0.05] = np.nan
    marks = {"kind": rng.random((90, 4)) < 0.2}
    otherwise = volumes.copy()
    otherwise[day:] = 1e6
    before, after = median_effects(volumes, marks), median_effects(otherwise, marks)
    np.testing.assert_array_equal(before[: day + 1], after[: day + 1])


def test_days_that_multiply_gain_and_weekdays_that_do_not_do_not() -> None:
    special = special_day_gains(panel(700, 8, 3.0), 250, 500)
    by_kind = {each.treatment: each for each in special.kinds}
    assert by_kind["quarterly expiry"].verdict == "gain"
    assert by_kind["quarter end"].verdict != "gain"
    assert line(special, IN_USE, NONE).verdict == "gain"
    assert line(special, WITH_WEEKDAYS, IN_USE).verdict != "gain"
    assert special.early == ["quarterly expiry"]
    assert "quarterly expiry; on the days after" in conclusions(special)[-1]


def test_days_like_any_other_are_no_gain() -> None:
    special = special_day_gains(panel(700, 8, 1.0), 250, 500)
    assert line(special, IN_USE, NONE).verdict != "gain"


@pytest.mark.parametrize(("low", "high", "verdict"), [(-2.0, -1.0, "gain"), (-1.0, 1.0, "no gain"), (1.0, 2.0, "loss")])
def test_verdict_is_what_the_interval_says(low: float, high: float, verdict: str) -> None:
    gain = Gain(treatment="a", against="b", days="all", n=1, difference=(low + high) / 2, low=low, high=high)
    assert gain.verdict == verdict


def test_intraday_example_is_a_judged_day_and_its_update_covers_the_rest() -> None:
    volumes = simulated(GENERATOR, 40, 1)
    example = intraday_example(volumes, 30)
    assert any(np.array_equal(example.seen, day) for day in volumes[30:])
    assert len(example.before) == len(example.seen) == len(example.after) + example.printed
