"""A list on the forecasts of its session: room by its volume, risk by its volatility, and flags that say so."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from sottovoce.core.forecast import Forecast
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.list_plan import ListPlan, plan_list
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, OPEN_NS, THIN
from tests.stages.planning.foretold import MONDAY, adv, forecast, sigma

LEGS = (desk.order(AAPL, qty=1_000_000), desk.order(THIN, qty=10_000, parent_id="P-THIN"))


def listed(*forecasts: Forecast) -> ListPlan:
    """The list, with these forecasts of the second name."""
    shelf = desk.Shelf()
    shelf.known[THIN.instrument_id] = replace(THIN, forecasts=forecasts)
    session = desk.Weekdays().session_at(OPEN_NS)
    return plan_list(LEGS, session, OPEN_NS, shelf, PlanningConfig())


def test_forecasts_of_the_averages_change_no_schedule() -> None:
    usual = listed(forecast("volume", adv(THIN)), forecast("volatility", sigma(THIN)))
    assert np.array_equal(usual.schedule.holdings, listed().schedule.holdings)
    assert usual.flags == (*listed().flags, "forecasts of the session are used for 1 names")


def test_a_busy_session_has_room_for_more_and_costs_less() -> None:
    busy, usual = listed(forecast("volume", 4 * adv(THIN))), listed()
    assert busy.basket.volumes[:, 1] == pytest.approx(4 * usual.basket.volumes[:, 1])
    assert np.array_equal(busy.basket.volumes[:, 0], usual.basket.volumes[:, 0])
    # Almgren's temporary part: (X/VT)^0.6 at four times the volume
    assert busy.basket.impact[0, 1] == pytest.approx(usual.basket.impact[0, 1] * 4**-0.6)


def test_a_wild_session_is_riskier_and_dearer() -> None:
    wild, usual = listed(forecast("volatility", 2 * sigma(THIN))), listed()
    assert wild.basket.impact[0, 1] == pytest.approx(2 * usual.basket.impact[0, 1])
    assert wild.schedule.variance > usual.schedule.variance


def test_hindsight_and_other_days_are_not_used_and_said() -> None:
    late, stale = forecast("volume", 9e9, made=MONDAY), forecast("volatility", 0.9, "2018-02-14")
    found = listed(late, stale)
    assert np.array_equal(found.schedule.holdings, listed().schedule.holdings)
    assert [flag for flag in found.flags if "not used" in flag] == [
        "THIN US: the volume forecast for 2018-02-12 is not used: it was made with 2018-02-12, not before 2018-02-12",
        "THIN US: the volatility forecast for 2018-02-14 is not used: the order trades on 2018-02-12",
    ]
