"""A plan without a market: the real gateway, risk and planning on yesterday's close.

Nothing can be sent: the preview's market has no venues, and its journal is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.commands import NewOrder
from sottovoce.core.errors import PlanError
from sottovoce.core.forecast import SPREAD
from sottovoce.core.instrument import Instrument, expected, known, tick_at
from sottovoce.core.market import MarketState, MarketView
from sottovoce.core.order_events import CommandRefused, OrderAccepted, OrderRefused
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.plan_events import OrderHeld, OrderPlanned
from sottovoce.core.ports import ReferenceData, Session
from sottovoce.core.stage import Decider
from sottovoce.core.units import BPS
from sottovoce.runtime.config import Config
from sottovoce.runtime.system import System, build_system

SPREAD_WITHOUT_FACT_BPS = 2.0
"""Quoted spread assumed around a close when the master has none; at least one tick."""


STOPS = CommandRefused | OrderRefused | OrderRejected


class Preview(msgspec.Struct, frozen=True, kw_only=True):
    """What would happen to an order: its plan, the rules that would hold it, or why it would be stopped."""

    order: ParentOrder | None
    plan: Plan | None
    plan_digest: str
    held_by: tuple[Failure, ...]
    stopped_by: tuple[Failure, ...]
    market: MarketState


def close_as_market(instrument: Instrument, session: Session) -> MarketState:
    """Yesterday's close as a quote, with the spread forecast for the session, or the stated one.

    Raises: PlanError when no close is known.
    """
    close = known(instrument.close)
    if close is None:
        raise PlanError(f"No price is known for {instrument.symbol}; load a close or name a market.", code="no_price")
    mid = round(close * instrument.price_scale)
    tick = tick_at(instrument, mid, session.date)
    spread_bps = expected(instrument, SPREAD, session.date) or SPREAD_WITHOUT_FACT_BPS
    spread = max(round(mid * spread_bps / BPS / tick), 1) * tick
    bid = (mid - spread // 2) // tick * tick
    return MarketState(
        instrument_id=instrument.instrument_id,
        seq=0,
        quoted_ns=session.open_ns,
        bid=bid,
        bid_size=0,
        ask=bid + spread,
        ask_size=0,
        last_px=mid,
        volume=0,
        phase="open",
        venues=(),
    )


def preview(
    make_order: Callable[[int], NewOrder],
    instrument: Instrument,
    session: Session,
    reference: ReferenceData,
    calendar: Calendar,
    config: Config,
) -> Preview:
    """Take an order through gateway, risk, planning and approval at the open of a session, and no further."""
    market = close_as_market(instrument, session)
    system = build_system(config, reference, calendar, ())
    view = MarketView(session.open_ns, {instrument.instrument_id: market}, 1)
    found: dict[type, object] = {}
    pending: list[object] = [make_order(session.open_ns)]
    while pending and OrderPlanned not in found:
        pending = list(_decided(system, system.deciders, pending.pop(0), view))
        found |= {type(event): event for event in pending}
    planned = found.get(OrderPlanned)
    if isinstance(planned, OrderPlanned):
        held = [event for event in _decided(system, system.deciders, planned, view) if isinstance(event, OrderHeld)]
        rules = held[0].rules if held else ()
        return Preview(
            order=planned.order,
            plan=planned.plan,
            plan_digest=planned.plan_digest,
            held_by=rules,
            stopped_by=(),
            market=market,
        )
    stopped = next(event for event in found.values() if isinstance(event, STOPS))
    accepted = found.get(OrderAccepted)
    order = accepted.order if isinstance(accepted, OrderAccepted) else None
    return Preview(order=order, plan=None, plan_digest="", held_by=(), stopped_by=stopped.failures, market=market)


def _decided(
    system: System, deciders: Mapping[type, tuple[str, Decider]], message: object, view: MarketView
) -> list[object]:
    decider = deciders.get(type(message))
    events = list(decider[1](message, view)) if decider is not None else []
    for event in events:
        system.apply(event)
    return list(events)
