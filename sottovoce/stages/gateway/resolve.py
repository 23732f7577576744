"""From the words of a message to a parent order in integers, priced on arrival. Every check has passed, or will."""

from __future__ import annotations

from decimal import Decimal

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import OrdType, Strategy, TimeInForce
from sottovoce.core.instrument import Instrument, lot_at, tick_at
from sottovoce.core.market import MarketView, Quote
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import ReferenceData, Session, TradingCalendar
from sottovoce.core.units import parse_decimal_px
from sottovoce.stages.gateway.syntax import DAYS_MAX
from sottovoce.stages.gateway.written import read_impact_ppm, read_ppm


def last_close_ns(calendar: TradingCalendar, start_ns: int, end_ns: int) -> int:
    """Close of the last session that begins before end_ns: an order does not outlive its market."""
    sessions = calendar.sessions_from(start_ns, DAYS_MAX + 1)
    return max((session.close_ns for session in sessions if session.open_ns < end_ns), default=end_ns)


class Horizon:
    """Start and end of an order, from what it says and the sessions there are."""

    __slots__ = ("end_ns", "start_ns")

    def __init__(self, order: NewOrder, calendar: TradingCalendar, now_ns: int) -> None:
        self.start_ns = now_ns if order.start_ns is None else max(order.start_ns, now_ns)
        if order.end_ns is not None:
            self.end_ns = min(order.end_ns, last_close_ns(calendar, self.start_ns, order.end_ns))
        elif order.days == 1:
            self.end_ns = calendar.session_at(self.start_ns).close_ns
        else:
            self.end_ns = calendar.sessions_from(self.start_ns, order.days)[-1].close_ns


def quantity(order: NewOrder, quote: Quote, instrument: Instrument, date: str) -> int:
    """Shares asked for; a notional buys whole lots at the arrival mid, or single shares below one lot."""
    if order.order_qty is not None:
        return order.order_qty
    assert order.notional is not None
    lot = lot_at(instrument, quote.mid, date)
    shares = int(Decimal(order.notional) * instrument.price_scale / quote.mid)
    return shares - shares % lot if shares >= lot else shares


def strategy_of(order: NewOrder) -> Strategy | None:
    """The strategy named, or implied by the time in force; None leaves the choice to planning."""
    if order.strategy is None and order.time_in_force is TimeInForce.AT_THE_CLOSE:
        return Strategy.CLOSE
    return order.strategy


def rate_of(order: NewOrder) -> int | None:
    """The participation asked for, parts per million; the middle of its band where only that is given."""
    low, high = _ppm(order.participation_min), _ppm(order.participation_max)
    if order.participation is not None or low is None or high is None:
        return _ppm(order.participation)
    return (low + high) // 2


def _ppm(text: str | None) -> int | None:
    return None if text is None else read_ppm(text)


def _px(text: str | None, instrument: Instrument) -> int | None:
    return None if text is None else parse_decimal_px(text, instrument.price_scale)


def build_parent(
    order: NewOrder,
    parent_id: str,
    instrument: Instrument,
    quote: Quote,
    view: MarketView,
    horizon: Horizon,
    reference: ReferenceData,
    session: Session,
    qty: int,
    desk: str = "",
    basket: str = "",
) -> ParentOrder:
    """The canonical parent order; every check has passed."""
    scale, decision_px = instrument.price_scale, _px(order.decision_price, instrument)
    limit = _px(order.price or None, instrument) if order.ord_type is OrdType.LIMIT else None
    return ParentOrder(
        parent_id=parent_id,
        cl_ord_id=order.cl_ord_id,
        account=order.account,
        principal=order.principal,
        instrument_id=instrument.instrument_id,
        symbol=instrument.symbol,
        side=order.side,
        order_qty=qty,
        accepted_ns=view.ts_ns,
        start_ns=horizon.start_ns,
        end_ns=horizon.end_ns,
        days=order.days,
        ref_version=reference.version,
        arrival_px=quote.mid,
        arrival_rule="mid at receipt",
        decision_px=quote.mid if decision_px is None else decision_px,
        decision_ns=view.ts_ns if order.decision_ns is None else order.decision_ns,
        limit_px=limit,
        strategy=strategy_of(order),
        urgency=order.urgency,
        participation_ppm=rate_of(order),
        participation_min_ppm=_ppm(order.participation_min),
        participation_max_ppm=_ppm(order.participation_max),
        max_participation_ppm=_ppm(order.max_participation),
        max_impact_ppm=None if order.max_impact_bps is None else read_impact_ppm(order.max_impact_bps),
        would_px=_px(order.would_price, instrument),
        would_qty=order.would_qty,
        dark=order.dark,
        lot=lot_at(instrument, quote.mid, session.date),
        tick=tick_at(instrument, quote.mid, session.date),
        price_scale=scale,
        currency=instrument.currency,
        notional=order.notional,
        opening=order.time_in_force is TimeInForce.AT_THE_OPENING,
        desk=desk,
        note=order.note,
        locate_id=order.locate_id,
        capacity="" if order.capacity is None else order.capacity.value,
        client_id=order.client_id, investment_decision=order.investment_decision,
        execution_decision=order.execution_decision, algo_id=order.algo_id, basket=basket,
    )  # fmt: skip
