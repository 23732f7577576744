"""Forecasts for the small planning desk: its names with what is foretold of them, and the plans that makes."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from hypothesis import strategies as st

from sottovoce.core.enums import Strategy
from sottovoce.core.forecast import Forecast
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.orders import ParentOrder, Plan
from sottovoce.core.units import NS_PER_DAY
from sottovoce.stages.planning.stage import Planning
from tests.stages.planning import desk
from tests.stages.planning.desk import CLOSE_NS

MONDAY, TUESDAY = "2018-02-12", "2018-02-13"
FRIDAY_BEFORE = "2018-02-09"
EXAMPLES = 60
RATIOS = st.floats(0.2, 5.0)


def forecast(figure: str, value: float, day: str = MONDAY, **changes: object) -> Forecast:
    plain = Forecast(
        figure=figure, date=day, value=value, model="arma", window="2017-01-03 to 2018-02-09", n=278,
        made=FRIDAY_BEFORE,
    )  # fmt: skip
    return msgspec.structs.replace(plain, **changes)


def plan(order: ParentOrder, *forecasts: Forecast, quoted: bool = True) -> Plan:
    """The plan of an order whose instrument has these forecasts."""
    shelf = desk.Shelf()
    of = shelf.known[order.instrument_id]
    shelf.known[order.instrument_id] = msgspec.structs.replace(of, forecasts=forecasts)
    return Planning(shelf, desk.Weekdays()).plan(order, desk.view(of, spread=10_000 if quoted else 0))


def days_of(order: ParentOrder) -> list[str]:
    first = date.fromisoformat(MONDAY)
    return [(first + timedelta(days=day)).isoformat() for day in range(order.days)]


def adv(of: Instrument) -> float:
    found = known(of.adv)
    assert found is not None
    return found


def sigma(of: Instrument) -> float:
    found = known(of.sigma_daily)
    assert found is not None
    return found


def impact_bps(of: Plan) -> float:
    return next(each.impact_bps for each in of.alternatives if each.name == of.recommended)


def of_way(each: Plan) -> tuple[object, ...]:
    """The way the order names, and what is expected of the market."""
    own = next(way for way in each.alternatives if way.name == each.recommended) if each.alternatives else None
    return own, each.curve, each.expected_cost_bps, each.timing_risk_bps, each.expected


def told(each: Plan) -> Plan:
    """The plan but for the conditions it states."""
    return msgspec.structs.replace(each, conditions=())


def two_days() -> ParentOrder:
    return desk.order(qty=500_000, strategy=Strategy.VWAP, end_ns=CLOSE_NS + NS_PER_DAY, days=2)
