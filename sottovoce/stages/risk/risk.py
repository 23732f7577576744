"""The risk stage: clears parents by reserving their worst case, and approves every child against it.

It is the only writer of reservations and exposure, and the only constructor of OrderCleared and ChildApproved. Every
check of an order runs and reports (gate.py); reserving comes last. A check that cannot judge rejects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.access import Directory
from sottovoce.core.basket_events import BasketAccepted
from sottovoce.core.breaker_events import ChildDequeued
from sottovoce.core.clearance_events import (
    AmendCleared,
    AmendRejected,
    ChildApproved,
    ChildRejected,
    OrderCleared,
    OrderRejected,
)
from sottovoce.core.enums import Tactic, TimeInForce
from sottovoce.core.events import StageEvent
from sottovoce.core.limits import LimitRows
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import AmendAllowed, OrderAccepted
from sottovoce.core.orders import Child, Failure, ParentOrder
from sottovoce.core.override_events import HoldReviewed, RecheckAsked
from sottovoce.core.ports import ReferenceData, TradingCalendar
from sottovoce.core.reasons import failure
from sottovoce.core.risk_events import PositionsMarked
from sottovoce.core.session_events import ChildReplaceApproved, ChildReplaceRejected, ChildReplaceWanted
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.work_events import ChildCreated
from sottovoce.stages.risk import consequences
from sottovoce.stages.risk.basket import Baskets
from sottovoce.stages.risk.book import RiskBook
from sottovoce.stages.risk.breaches import breaches
from sottovoce.stages.risk.case import STAGE, Case
from sottovoce.stages.risk.checks_bands import doubted
from sottovoce.stages.risk.desk import Desk
from sottovoce.stages.risk.drawdown import Losses
from sottovoce.stages.risk.gate import CHILD_CHECKS, CHILD_WARNINGS, ORDER_CHECKS, ORDER_HOLDS, ORDER_WARNINGS, run
from sottovoce.stages.risk.outside import Outside
from sottovoce.stages.risk.policy import SIMULATION_POLICY, RiskPolicy
from sottovoce.stages.risk.recheck import Rechecks
from sottovoce.stages.risk.repricing import noted, repriced
from sottovoce.stages.risk.self_trades import pulls
from sottovoce.stages.risk.state import RiskState

__all__ = ["Risk", "RiskState"]


class Risk:
    """Decides on orders, amendments, children, replaces and baskets, and on what is said to risk itself."""

    name = "risk"

    def __init__(
        self,
        limits: LimitRows,
        reference: ReferenceData,
        policy: RiskPolicy = SIMULATION_POLICY,
        directory: Directory | None = None,
        calendar: TradingCalendar | None = None,
    ) -> None:
        self._reference = reference
        self._book = RiskBook(limits, policy)
        self._desk = Desk(self._book, reference, policy, directory, calendar)
        self._outside = Outside(self._book, policy, self.case, self.cleared)
        self._baskets = Baskets(self.case)
        self._rechecks = Rechecks(self._book, self.case)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            OrderAccepted: self._order,
            AmendAllowed: self._amend,
            ChildCreated: self._child,
            ChildDequeued: self._child,
            ChildReplaceWanted: self._replace,
            BasketAccepted: self._basket,
            PositionsMarked: self._marked,
            RecheckAsked: self._rechecks.decide,
            **self._desk.deciders(),
            **self._outside.deciders(),
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    def case(self, order: ParentOrder, child: Child | None, view: MarketView) -> Case:
        """The facts the checks of an order, or of one child of it, look at."""
        book, instrument = self._book, self._reference.get(order.instrument_id)
        return Case(order, child, view, instrument, book.state, book.terms)

    # parents ---------------------------------------------------------------------------------------------

    def _order(self, event: OrderAccepted, view: MarketView) -> Sequence[StageEvent]:
        case = self.case(event.order, None, view)
        failures = run(ORDER_CHECKS, case)
        if failures:
            return self._rejected(case, failures)
        asked = self._outside.ask(case, event.holds)
        return asked or self.cleared(case, event.holds, ())

    def _rejected(self, case: Case, failures: list[Failure]) -> Sequence[StageEvent]:
        order = case.order
        rejected = OrderRejected(parent_id=order.parent_id, ts_ns=case.ts_ns, failures=tuple(failures), by="risk")
        return (rejected, *consequences.latches(case, failures))

    def cleared(self, case: Case, holds: tuple[Failure, ...], flags: tuple[Failure, ...]) -> Sequence[StageEvent]:
        """The order passes: its worst case is reserved as this event is applied."""
        order, instrument = case.order, case.instrument
        soft, warned = run(ORDER_HOLDS, case), run(ORDER_WARNINGS, case)
        event = OrderCleared(
            parent_id=order.parent_id,
            ts_ns=case.ts_ns,
            order=order,
            reserved_qty=order.order_qty,
            worst_px=case.px,
            limits_version=self._book.limits.version,
            sector=("" if instrument is None else instrument.sector) or "",
            country="" if instrument is None else instrument.country,
            ref_px=case.reference.px,
            ref_age_ns=case.reference.age_ns,
            holds=(*holds, *soft),
            warnings=(*flags, *warned),
        )
        return (event, *consequences.alerts(case), *self._desk.marking(case.ts_ns))

    def _amend(self, event: AmendAllowed, view: MarketView) -> Sequence[StageEvent]:
        state = self._book.state
        order, held = state.orders[event.parent_id], state.exposure.reservations[event.parent_id]
        px, raised = held.worst_px, event.order_qty - order.order_qty
        if raised <= 0 and tighter(order, event.limit_px, held.worst_px):
            # Less is asked for, or a price nearer to home: that needs no quote, and a stale one must not prevent it.
            lower = order.side.sign > 0 and event.limit_px is not None and not held.drawn_qty
            px = min(px, event.limit_px) if lower and event.limit_px is not None else px
        elif raised > 0 or event.limit_px != order.limit_px:
            case = self.case(order, None, view)
            px = case.worst_px(event.limit_px)
            # What is out with children stays promised, and at the old price, until it comes back.
            px = max(px, held.worst_px) if held.drawn_qty else px
            open_qty = max(held.open_qty + raised, held.drawn_qty)
            added = max(open_qty * px - held.open_qty * held.worst_px, 0)
            case.resize(event.order_qty, event.limit_px, px, added, max(raised, 0))
            failures = run(ORDER_CHECKS, case)
            if failures:
                return (_amend_rejected(event, failures, view),)
        cleared = AmendCleared(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            order_qty=event.order_qty,
            limit_px=event.limit_px,
            reserved_qty=raised,
            worst_px=px,
            terms=event.terms,
        )
        if not event.held:
            return (cleared,)
        return cleared, HoldReviewed(parent_id=event.parent_id, ts_ns=view.ts_ns, principal=event.principal)

    def _basket(self, event: BasketAccepted, view: MarketView) -> Sequence[StageEvent]:
        return (self._baskets.judged(event, view, self._book.limits.version),)

    def _marked(self, event: PositionsMarked, view: MarketView) -> Sequence[StageEvent]:
        book = self._book
        lost = Losses(book.state, book.limits, book.terms.policy, view)
        return [*breaches(book.state, book.limits, view.ts_ns), *lost.judged(event)]

    # children --------------------------------------------------------------------------------------------

    def _child(self, event: ChildCreated | ChildDequeued, view: MarketView) -> Sequence[StageEvent]:
        child = event.child
        order = self._book.state.orders.get(event.parent_id)
        if order is None:  # nobody cleared it: there is nothing to draw on
            unknown = failure(STAGE, "not_reserved", child.qty, 0, 0)
            return (self._stopped(event, [unknown], view),)
        case = self.case(order, child, view)
        noticed: tuple[Failure, ...] = ()
        other = repriced(case) if case.short else None
        if other is not None:
            noticed, child = (noted(child, other),), other
            case = self.case(order, child, view)
        failures = run(CHILD_CHECKS, case)
        if failures:
            follows = (*consequences.of_child(case, failures), *pulls(case, failures), *self._desk.short_test(case))
            return (self._stopped(event, failures, view), *follows)
        market, others = case.market, (*doubted(case), *self._desk.short_test(case))
        approved = ChildApproved(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            child=child,
            limits_version=self._book.limits.version,
            ref_px=case.reference.px,
            ref_age_ns=case.reference.age_ns,
            market_volume=0 if market is None else market.volume,
            own_qty=self._book.state.own.get(child.instrument_id, 0),
            warnings=(*noticed, *run(CHILD_WARNINGS, case)),
        )
        return (approved, *others)

    def _stopped(self, event: ChildCreated | ChildDequeued, failures: list[Failure], view: MarketView) -> ChildRejected:
        child = event.child
        return ChildRejected(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            child_id=child.child_id,
            qty=child.qty,
            failures=tuple(failures),
        )

    def _replace(self, event: ChildReplaceWanted, view: MarketView) -> Sequence[StageEvent]:
        """P4: the size it would then have, and the price, as of a new child; only the raise is drawn on top."""
        state = self._book.state
        order, route = state.orders.get(event.parent_id), state.routes.get(event.cl_ord_id)
        if order is None or route is None:
            failures = [failure(STAGE, "unknown_route", event.cl_ord_id)]
        else:
            case = self.case(order, replaced(order, event, view.ts_ns), view)
            case.draws = max(event.qty - route.qty, 0)
            failures = run(CHILD_CHECKS, case)
        parent, ts_ns, child_id, cl_ord_id = event.parent_id, view.ts_ns, event.child_id, event.cl_ord_id
        if failures:
            stopped = ChildReplaceRejected(
                parent_id=parent, ts_ns=ts_ns, child_id=child_id, cl_ord_id=cl_ord_id, failures=tuple(failures)
            )
            return (stopped,)
        allowed = ChildReplaceApproved(
            parent_id=parent, ts_ns=ts_ns, child_id=child_id, cl_ord_id=cl_ord_id, qty=event.qty, price=event.price
        )
        return (allowed,)


def tighter(order: ParentOrder, limit_px: int | None, worst_px: int) -> bool:
    """Whether a limit lets the order trade at fewer prices than before, and none above what it is reserved at."""
    if limit_px is None or limit_px == order.limit_px:
        return False
    nearer = order.limit_px is None or order.side.sign * (limit_px - order.limit_px) < 0
    return nearer and limit_px <= worst_px


def replaced(order: ParentOrder, event: ChildReplaceWanted, ts_ns: int) -> Child:
    """A child as a replace would leave it."""
    return Child(
        child_id=event.child_id,
        parent_id=order.parent_id,
        instrument_id=order.instrument_id,
        side=order.side,
        qty=event.qty,
        limit_px=event.price,
        tactic=Tactic.PASSIVE,
        time_in_force=TimeInForce.DAY,
        created_ns=ts_ns,
        dark=order.dark,
        dark_ppm=0,
        lot=order.lot,
        tick=order.tick,
    )


def _amend_rejected(event: AmendAllowed, failures: Sequence[Failure], view: MarketView) -> AmendRejected:
    """The change is not made: a held order stays as it was shown, and whoever asked is told why."""
    return AmendRejected(
        parent_id=event.parent_id, ts_ns=view.ts_ns, failures=tuple(failures), principal=event.principal
    )
