"""What a name's own orders paid of a model is planned with, its error too, and is said."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy
from sottovoce.core.orders import Plan
from sottovoce.models.impact_almgren import ALMGREN_2005
from sottovoce.models.impact_record import Scale
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.own_costs import as_paid
from tests.stages.planning.desk import AAPL, order, plan

USED = msgspec.structs.replace(ALMGREN_2005, version="almgren/2018-01-02..2018-02-07/1f0c93ab",
                               window="2018-01-02 to 2018-02-07")  # fmt: skip


def scale(name: str, shrunk: float, error: float = 0.1) -> Scale:
    return Scale(name=name, n=40, value=2 * shrunk, error=0.3, shrunk=shrunk, shrunk_error=error, towards="liquid")


def config(*scales: Scale) -> PlanningConfig:
    return PlanningConfig(impact=USED, impact_scales=scales)


def planned(settings: PlanningConfig) -> Plan:
    return plan(order(AAPL, 500_000, strategy=Strategy.VWAP), config=settings)


def test_plan_costs_what_the_name_pays_and_says_it() -> None:
    without, dear = planned(config()), planned(config(scale("MSFT US", 9.0), scale(AAPL.symbol, 1.5)))
    assert without.impact is not None
    assert dear.impact is not None
    assert dear.impact.value_bps == pytest.approx(1.5 * without.impact.value_bps, rel=0.02)
    assert dear.impact.version == without.impact.version
    told = {each.name: each for each in dear.conditions}["own costs"]
    assert told.value == "1.50 ± 0.10 times the model's, of 40 orders in the name"
    assert (told.as_of, told.source) == ("2018-02-07", USED.version)
    assert "own costs" not in {each.name for each in without.conditions}


@given(st.floats(0.05, 5.0), st.floats(0.0, 2.0))
def test_error_of_the_multiplier_joins_that_of_the_coefficients(times: float, error: float) -> None:
    found = as_paid("AAPL", config(scale("AAPL", times, error))).impact
    assert found.gamma == pytest.approx(times * USED.gamma)
    assert found.eta == pytest.approx(times * USED.eta)
    for name in ("gamma", "eta"):
        se, value = getattr(found, f"{name}_se"), getattr(found, name)
        before = getattr(USED, f"{name}_se") / getattr(USED, name)
        assert (se / value) ** 2 == pytest.approx(before**2 + (error / times) ** 2)


@pytest.mark.parametrize("settings", [config(), config(scale("MSFT", 1.5)), config(scale("AAPL", -0.2))])
def test_unknown_name_and_a_multiplier_that_is_no_cost_leave_the_model_alone(settings: PlanningConfig) -> None:
    """A name whose orders gained has too few of them; nothing earns by trading."""
    assert as_paid("AAPL", settings) is settings
