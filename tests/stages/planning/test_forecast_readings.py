"""The forecasts a plan rests on, in words: figure, interval, model, window, count, and how unusual they are."""

from __future__ import annotations

from tests.stages.planning import desk
from tests.stages.planning.foretold import (
    FRIDAY_BEFORE,
    forecast,
    plan,
)


def test_the_plan_states_the_forecasts_it_rests_on() -> None:
    busy = forecast("volume", 63e6, low=50e6, high=80e6)
    met = plan(desk.order(), busy, forecast("volatility", 0.0131))
    volume, volatility = (each for each in met.conditions if each.name.endswith(" forecast"))
    assert volume.value == "63,000,000 shares on 2018-02-12, 80% between 50,000,000 and 80,000,000"
    assert volume.source == "forecast, arma of 278 observations, 2017-01-03 to 2018-02-09"
    assert volume.as_of == FRIDAY_BEFORE
    assert volume.regime == "high: 1.50 times the average day"
    assert volatility.value == "1.31% on 2018-02-12"
    assert volatility.regime == "usual: 1.00 times the usual one"
