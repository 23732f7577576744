"""A released list, worked as one where the desk's policy asks for it.

The schedule is made when the list is let go, before the first leg is planned, so that every leg's plan is its part of
the whole. Legs with a strategy of their own keep it and stand apart. Where the limits of the list cannot be kept, no
leg is worked, and the limit that stands in the way is what each of them is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
import numpy as np

from sottovoce.core.basket_events import (
    BasketAccepted,
    BasketRefused,
    BasketRejected,
    BasketReleased,
    ListBinding,
    ListCurve,
    ListScheduled,
    ListUnschedulable,
)
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.enums import Strategy
from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.events import StageEvent
from sottovoce.core.market import MarketView
from sottovoce.core.orders import CURVE_ONE, Failure, ParentOrder
from sottovoce.core.plan_events import OrderApproved
from sottovoce.core.ports import ReferenceData, TradingCalendar
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier
from sottovoce.core.work_events import ParentDone
from sottovoce.models.schedule_constrained_binding import binding_limits
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.list_plan import ListPlan, plan_list

STAGE = "planning"
GRAIN = 1_000
"""Curves are kept in parts of a million: the optimiser's last digits are not the same on every machine."""
JOINING = (None, Strategy.IS)


class ListState(msgspec.Struct, kw_only=True):
    """waiting: legs of lists not let go yet; curves: of legs not approved yet; refused: what legs are rejected for."""

    waiting: dict[str, tuple[ParentOrder, ...]] = {}
    curves: dict[str, ListCurve] = {}
    refused: dict[str, tuple[Failure, ...]] = {}


class Lists:
    """Decides on released lists, and remembers what their legs were given until they are approved or gone."""

    def __init__(self, reference: ReferenceData, calendar: TradingCalendar, config: PlanningConfig) -> None:
        self._reference = reference
        self._calendar = calendar
        self._config = config
        self.state = ListState()

    def decide(self, event: BasketReleased, view: MarketView) -> Sequence[StageEvent]:
        """The schedule of the list, or why there is none; nothing where lists are worked order by order."""
        legs = self.state.waiting.get(event.parent_id)
        if legs is None:
            return ()
        session = self._calendar.session_at(view.ts_ns)
        joining = [leg for leg in legs if leg.strategy in JOINING and leg.end_ns <= session.close_ns]
        apart = tuple(leg.symbol for leg in legs if leg not in joining)
        if not joining:
            return (_nothing(event, view, apart),)
        try:
            planned = plan_list(joining, session, view.ts_ns, self._reference, self._config)
        except (PlanError, ModelError) as error:
            why = (failure(STAGE, "list_unschedulable", str(error)),)
            ids = tuple(leg.parent_id for leg in legs)
            return (ListUnschedulable(parent_id=event.parent_id, ts_ns=view.ts_ns, failures=why, legs=ids),)
        return (_scheduled(event, view, joining, planned, apart),)

    def appliers(self) -> Mapping[type, Applier]:
        """What is remembered; nothing where lists are worked order by order."""
        return {
            BasketAccepted: self._accepted,
            BasketRejected: self._gone,
            BasketRefused: self._gone,
            ListScheduled: self._on_scheduled,
            ListUnschedulable: self._on_unschedulable,
            OrderApproved: self._leg_done,
            OrderRejected: self._leg_done,
            ParentDone: self._leg_done,
        }

    def _accepted(self, event: BasketAccepted) -> None:
        if self._config.lists.coordinated:
            self.state.waiting[event.parent_id] = event.legs

    def _gone(self, event: BasketRejected | BasketRefused) -> None:
        self.state.waiting.pop(event.parent_id, None)

    def _on_scheduled(self, event: ListScheduled) -> None:
        self.state.waiting.pop(event.parent_id, None)
        self.state.curves |= {each.parent_id: each for each in event.curves}

    def _on_unschedulable(self, event: ListUnschedulable) -> None:
        self.state.waiting.pop(event.parent_id, None)
        self.state.refused |= dict.fromkeys(event.legs, event.failures)

    def _leg_done(self, event: OrderApproved | OrderRejected | ParentDone) -> None:
        self.state.curves.pop(event.parent_id, None)
        self.state.refused.pop(event.parent_id, None)


def _nothing(event: BasketReleased, view: MarketView, apart: tuple[str, ...]) -> ListScheduled:
    return ListScheduled(
        parent_id=event.parent_id, ts_ns=view.ts_ns, curves=(), binding=(), expected_cost_bps=0.0,
        timing_risk_bps=0.0, kkt_ppb=0, apart=apart,
    )  # fmt: skip


def _scheduled(
    event: BasketReleased, view: MarketView, legs: Sequence[ParentOrder], planned: ListPlan, apart: tuple[str, ...]
) -> ListScheduled:
    found, basket = planned.schedule, planned.basket
    gross = float(np.abs(basket.quantities) @ basket.prices)
    bound = tuple(
        ListBinding(kind=each.kind, name=each.name, limit=round(each.limit, 4), first=each.first, last=each.last,
                    saves=round(each.saves, 2))
        for each in binding_limits(basket, found)
    )  # fmt: skip
    return ListScheduled(
        parent_id=event.parent_id,
        ts_ns=view.ts_ns,
        curves=tuple(_curve(leg, place, planned, bound) for place, leg in enumerate(legs)),
        binding=bound,
        expected_cost_bps=round(1e4 * found.expected_cost / gross, 4),
        timing_risk_bps=round(1e4 * found.variance**0.5 / gross, 4),
        kkt_ppb=round(1e9 * found.residuals.worst),
        apart=apart,
        flags=planned.flags,
    )


def _curve(leg: ParentOrder, place: int, planned: ListPlan, bound: Sequence[ListBinding]) -> ListCurve:
    left = planned.schedule.holdings[:, place] / planned.schedule.holdings[0, place]
    parts = np.rint(np.clip(1.0 - left, 0.0, 1.0) * CURVE_ONE / GRAIN).astype(np.int64) * GRAIN
    whole = np.maximum.accumulate(parts)
    whole[-1] = CURVE_ONE
    mine = [each for each in bound if each.kind != "participation" or each.name == leg.symbol]
    told = ", ".join(f"{each.kind} {each.name} until {each.last}" for each in mine[:3]) or "no limit binds"
    reason = f"worked with the {len(planned.basket.names)} orders of its list: {told}"
    return ListCurve(
        parent_id=leg.parent_id, edges_ns=tuple(planned.edges_ns.tolist()), curve=tuple(whole.tolist()), reason=reason
    )
