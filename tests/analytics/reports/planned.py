"""Planned orders for the document tests: the demo's, one on an instrument without figures, a direct one."""

from __future__ import annotations

from sottovoce.analytics.reports.impact_document import impact_document
from sottovoce.analytics.reports.impact_sections import ImpactDocument
from sottovoce.analytics.reports.strategy_document import strategy_document
from sottovoce.analytics.reports.strategy_sections import StrategyDocument
from sottovoce.core.enums import Strategy, Urgency
from sottovoce.core.instrument import Instrument
from sottovoce.core.orders import ParentOrder
from sottovoce.core.units import NS_PER_DAY
from tests.stages.planning import desk
from tests.stages.planning.desk import AAPL, BARE, CLOSE_NS, Weekdays

DEMO = desk.order(qty=626_800, urgency=Urgency.LOW, end_ns=CLOSE_NS + 2 * NS_PER_DAY, days=3, notional="100000000")
BLIND = desk.order(BARE, qty=6_000)
DIRECT = desk.order(qty=6_000, strategy=Strategy.SOR)
ORDERS = {"demo": DEMO, "blind": BLIND, "direct": DIRECT} | {each.value: desk.order(strategy=each) for each in Strategy}


def instrument_of(order: ParentOrder) -> Instrument:
    return BARE if order.instrument_id == BARE.instrument_id else AAPL


def strategy_of(order: ParentOrder, *, quoted: bool = True) -> StrategyDocument:
    """The strategy document of an order, with a quote unless told otherwise."""
    of = instrument_of(order)
    view = desk.view(of)
    market = view.state(order.instrument_id) if quoted else None
    sessions = Weekdays().sessions_from(order.start_ns, order.days)
    return strategy_document(order, desk.plan(order, view), of, market, sessions)


def impact_of(order: ParentOrder, sector_values: dict[str, float] | None = None) -> ImpactDocument:
    """The impact document of an order."""
    of = instrument_of(order)
    view = desk.view(of)
    return impact_document(order, desk.plan(order, view), of, view.state(order.instrument_id), sector_values)
