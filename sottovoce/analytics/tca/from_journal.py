"""Orders as cost analysis sees them, folded from the journal's steps and the market's tape.

Only what was decided is read: a busted trade is gone, a corrected one stands as corrected. The end price of what
did not fill is the tape's mid when the order was done (or, short of that, when the last of it was returned). An
amendment has no decision price of its own in the journal: the mid of that moment stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import msgspec

from sottovoce.analytics.tca.market_tape import MarketTape, mid_at, read_tape
from sottovoce.analytics.tca.orders import (
    TcaAmendment,
    TcaFill,
    TcaForecast,
    TcaOrder,
    TcaRoute,
    TcaSchedule,
)
from sottovoce.core.choices import GAIN
from sottovoce.core.clearance_events import AmendCleared, OrderRejected
from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import LastLiquidityInd, OrdStatus, OrdType, TimeInForce, VenueKind
from sottovoce.core.execution_events import Fill, FillBusted, FillCorrected, RouteUpdated
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.order_events import OrderAccepted
from sottovoce.core.orders import ParentOrder, Plan, Route
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.ports import Session, Step, Tape, VenueFacts
from sottovoce.core.route_events import ChildRouted
from sottovoce.core.work_events import ParentDone, ParentReturned

ADAPTIVE = ", adaptive"
NO_IMPACT_MODEL = "spread-only"
"""The plan's model version when no impact model could price the order: its permanent part is unknown, not zero."""

UNDECIDED = "No decision price came with the order: arrival stands for it, so there is no delay by definition."

KIND_OF = {LastLiquidityInd.MIDPOINT: VenueKind.DARK, LastLiquidityInd.AUCTION: VenueKind.AUCTION}
OVER = frozenset({OrdStatus.FILLED, OrdStatus.CANCELED, OrdStatus.REJECTED, OrdStatus.EXPIRED, OrdStatus.DONE_FOR_DAY})


class _Trade(msgspec.Struct, kw_only=True):
    """A fill as it now stands, by the id the venue gave it within its order."""

    fill: Fill
    qty: int
    px: int
    fee: int


class _Routed(msgspec.Struct, kw_only=True):
    route: Route
    sent_ns: int
    filled_qty: int = 0
    done_ns: int | None = None


class _History(msgspec.Struct, kw_only=True):
    """One parent while its events are folded."""

    order: ParentOrder
    undecided: bool = False
    plan: Plan | None = None
    trades: dict[tuple[str, str], _Trade] = {}
    routes: dict[str, _Routed] = {}
    amendments: list[TcaAmendment] = []
    returned_qty: int = 0
    ended_ns: int | None = None
    reason: str = ""
    busted: int = 0
    corrected: int = 0


def orders_from_steps(
    steps: Iterable[tuple[int, Step]],
    tapes: Mapping[str, Tape],
    instruments: Mapping[str, Instrument],
    venues: Sequence[VenueFacts] = (),
    sessions: Sequence[Session] = (),
) -> list[TcaOrder]:
    """Every accepted order of a journal, in order of acceptance; rejected ones never traded and are left out.

    Args:
        steps: (sequence, step) in order. tapes, instruments: by instrument id; either may lack one.
        venues: facts that name each venue's kind; without them it follows from how its orders traded.
        sessions: regular sessions of the run, in order; without them extended hours count as trading.
    """
    histories: dict[str, _History] = {}
    for _, step in steps:
        for event in step.events:
            if isinstance(event, OrderAccepted):
                undecided = isinstance(step.input, NewOrder) and step.input.decision_price is None
                histories[event.parent_id] = _History(order=event.order, undecided=undecided)
            elif isinstance(event, OrderRejected):
                histories.pop(event.parent_id, None)
            elif (fold := _FOLDS.get(type(event))) is not None and event.parent_id in histories:
                fold(histories[event.parent_id], event)
    hours = tuple((each.open_ns, each.close_ns) for each in sessions)
    read = {name: read_tape(tape, hours) for name, tape in tapes.items()}
    kinds = {facts.venue: facts.kind for facts in venues}
    found = []
    for each in histories.values():
        name = each.order.instrument_id
        order = _order(each, read.get(name), instruments.get(name), kinds)
        found.append(msgspec.structs.replace(order, sessions=hours))
    return found


def _approved(history: _History, event: OrderApproved) -> None:
    history.order, history.plan = event.order, event.plan


def _routed(history: _History, event: ChildRouted) -> None:
    history.routes[event.route.cl_ord_id] = _Routed(route=event.route, sent_ns=event.ts_ns)


def _filled(history: _History, event: Fill) -> None:
    key = (event.cl_ord_id, event.exec_id)
    history.trades[key] = _Trade(fill=event, qty=event.qty, px=event.px, fee=event.fee)
    _count(history, event.cl_ord_id, event.qty)


def _busted(history: _History, event: FillBusted) -> None:
    trade = history.trades.get((event.cl_ord_id, event.exec_ref_id))
    if trade is not None:
        trade.qty -= event.qty
        trade.fee -= event.fee
        history.busted += 1
        _count(history, event.cl_ord_id, -event.qty)


def _corrected(history: _History, event: FillCorrected) -> None:
    trade = history.trades.get((event.cl_ord_id, event.exec_ref_id))
    if trade is not None:
        _count(history, event.cl_ord_id, event.qty - trade.qty)
        trade.qty, trade.px, trade.fee = event.qty, event.px, event.fee
        history.corrected += 1


def _count(history: _History, cl_ord_id: str, qty: int) -> None:
    """Shares filled of one order at one venue."""
    routed = history.routes.get(cl_ord_id)
    if routed is not None:
        routed.filled_qty += qty


def _updated(history: _History, event: RouteUpdated) -> None:
    routed = history.routes.get(event.state.cl_ord_id)
    if routed is not None and event.state.status in OVER:
        routed.done_ns = event.ts_ns


def _amended(history: _History, event: AmendCleared) -> None:
    history.amendments.append(TcaAmendment(ts_ns=event.ts_ns, order_qty=event.order_qty))


def _returned(history: _History, event: ParentReturned) -> None:
    history.returned_qty += event.qty
    history.reason = event.reason
    history.ended_ns = event.ts_ns


def _done(history: _History, event: ParentDone) -> None:
    history.ended_ns = event.ts_ns
    history.reason = history.reason or event.reason


_FOLDS: dict[type, Callable[[_History, Any], None]] = {
    OrderApproved: _approved,
    ChildRouted: _routed,
    Fill: _filled,
    FillBusted: _busted,
    FillCorrected: _corrected,
    RouteUpdated: _updated,
    AmendCleared: _amended,
    ParentReturned: _returned,
    ParentDone: _done,
}


def _order(
    history: _History, tape: MarketTape | None, instrument: Instrument | None, kinds: Mapping[str, VenueKind]
) -> TcaOrder:
    order = history.order
    ended = history.ended_ns
    sent = [each.sent_ns for each in history.routes.values()]
    return TcaOrder(
        parent_id=order.parent_id,
        symbol=order.symbol,
        instrument_id=order.instrument_id,
        side=order.side,
        order_qty=order.order_qty,
        decision_px=order.decision_px,
        decision_ns=order.decision_ns,
        arrival_px=order.arrival_px,
        arrival_ns=order.accepted_ns,
        arrival_rule=order.arrival_rule,
        start_ns=max(order.start_ns, order.accepted_ns),
        first_route_ns=min(sent) if sent else None,
        end_ns=ended,
        end_px=None if tape is None or ended is None else mid_at(tape, ended),
        end_reason=history.reason,
        fills=tuple(_fill(each, kinds) for each in history.trades.values() if each.qty),
        amendments=_priced(history.amendments, tape),
        returned_qty=history.returned_qty,
        routes=tuple(_route(each, kinds) for each in history.routes.values()),
        strategy=_strategy(history),
        forecast=None if history.plan is None else _forecast(history.plan),
        schedule=None if history.plan is None else _schedule(history.plan),
        adv=None if instrument is None else known(instrument.adv),
        sigma_daily=None if instrument is None else known(instrument.sigma_daily),
        currency=order.currency,
        price_scale=order.price_scale,
        calendar="" if instrument is None else instrument.calendar,
        busted=history.busted,
        corrected=history.corrected,
        notes=(UNDECIDED,) if history.undecided else (),
    )


def _fill(trade: _Trade, kinds: Mapping[str, VenueKind]) -> TcaFill:
    fill = trade.fill
    quoted = fill.mid_px > 0
    return TcaFill(
        ts_ns=fill.transact_ns,
        qty=trade.qty,
        px=trade.px,
        fee=trade.fee,
        mid=fill.mid_px if quoted else None,
        half_spread=fill.half_spread if quoted else None,
        venue=fill.venue,
        venue_kind=kinds.get(fill.venue) or KIND_OF.get(fill.liquidity, VenueKind.LIT),
        liquidity=fill.liquidity,
        exec_id=fill.exec_id,
    )


def _route(routed: _Routed, kinds: Mapping[str, VenueKind]) -> TcaRoute:
    route = routed.route
    return TcaRoute(
        venue=route.venue,
        venue_kind=_route_kind(route, kinds),
        qty=route.qty,
        filled_qty=routed.filled_qty,
        sent_ns=routed.sent_ns,
        done_ns=routed.done_ns,
        route_id=route.route_id,
    )


def _route_kind(route: Route, kinds: Mapping[str, VenueKind]) -> VenueKind:
    if route.time_in_force is TimeInForce.AT_THE_CLOSE:
        return VenueKind.AUCTION
    return kinds.get(route.venue) or (VenueKind.DARK if route.ord_type is OrdType.PEGGED else VenueKind.LIT)


def _priced(amendments: Sequence[TcaAmendment], tape: MarketTape | None) -> tuple[TcaAmendment, ...]:
    if tape is None:
        return tuple(amendments)
    return tuple(msgspec.structs.replace(each, px=mid_at(tape, each.ts_ns)) for each in amendments)


def _strategy(history: _History) -> str:
    """As planned first; an adaptive order is measured beside others of its kind, not those on a fixed schedule."""
    chosen = history.order.strategy if history.plan is None else history.plan.strategy
    adaptive = history.plan is not None and any(each.figure == GAIN for each in history.plan.watches)
    return "" if chosen is None else chosen.value + ADAPTIVE * adaptive


def _forecast(plan: Plan) -> TcaForecast:
    """The plan's forecast; its permanent part is what the order itself pays (half the move for Almgren 2005)."""
    return TcaForecast(
        expected_cost_bps=plan.expected_cost_bps,
        low_bps=plan.cost_low_bps,
        high_bps=plan.cost_high_bps,
        timing_risk_bps=plan.timing_risk_bps,
        permanent_bps=None if plan.model_version == NO_IMPACT_MODEL else plan.permanent_bps,
        model_version=plan.model_version,
    )


def _schedule(plan: Plan) -> TcaSchedule:
    return TcaSchedule(edges_ns=plan.edges_ns, curve=plan.curve)
