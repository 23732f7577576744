"""The planning stage: OrderCleared in, OrderPlanned or OrderRejected out; BasketReleased in, its schedule out.

It keeps no state of its own but what the legs of a list were given, until they are approved.

The same order, reference data, market and configuration give the same plan to the last digit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.basket_events import BasketReleased
from sottovoce.core.clearance_events import OrderCleared, OrderRejected
from sottovoce.core.enums import Strategy
from sottovoce.core.errors import ModelError, PlanError
from sottovoce.core.events import StageEvent
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.override_events import PlanAsked
from sottovoce.core.plan_events import OrderPlanned, OrderReplanned, ReplanRefused, ReplanWanted
from sottovoce.core.ports import ReferenceData, TradingCalendar, VenueFacts
from sottovoce.core.replan_events import ONE, Departure
from sottovoce.core.stage import Applier, Decider
from sottovoce.stages.planning.config import PlanningConfig
from sottovoce.stages.planning.digest import plan_digest
from sottovoce.stages.planning.direct import Direct, direct_facts, direct_plan
from sottovoce.stages.planning.lists import Lists, ListState
from sottovoce.stages.planning.planner import plan_order
from sottovoce.stages.planning.profiles import absent_flags, as_preferred, profile_for
from sottovoce.stages.planning.replanning import as_met, beyond, within

SOR = Strategy.SOR
REMEMBERED_MAX = 20_000

ACTIONS = {
    "no_adv": "Load an average daily volume for it, or ask for TWAP, CLOSE or a direct order.",
    "no_sigma": "Load a daily volatility for it, or ask for TWAP or VWAP.",
    "no_session": "Give the order a window in which its market is open.",
    "empty_horizon": "Give the order an end after its start.",
    "horizon_too_long": "Split the order or give it an earlier end.",
    "impact_limit": "Ask for fewer shares, or raise the limit.",
    "unknown_instrument": "Load the instrument, or correct the symbol.",
}


class Planning:
    """Chooses how an order is worked. Plans are pure functions of the order, the reference data and the
    market.
    """

    name = "planning"

    def __init__(
        self,
        reference: ReferenceData,
        calendar: TradingCalendar,
        config: PlanningConfig | None = None,
        venues: Sequence[VenueFacts] = (),
    ) -> None:
        self.reference = reference
        self.calendar = calendar
        self.config = config or PlanningConfig()
        self._venues = frozenset(facts.venue for facts in venues)
        # Worked out from the reference data alone, so remembering it is not state.
        self._direct: dict[tuple[str, int], Direct] = {}
        self._lists = Lists(reference, calendar, self.config)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            OrderCleared: self.decide,
            PlanAsked: self.decide,
            ReplanWanted: self.again,
            BasketReleased: self._lists.decide,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._lists.appliers()

    def state(self) -> object:
        return self._lists.state

    def restore(self, state: bytes) -> None:
        """Take over what the legs of lists were given."""
        self._lists.state = msgspec.json.decode(state, type=ListState)

    def decide(self, message: OrderCleared | PlanAsked, view: MarketView) -> Sequence[StageEvent]:
        """Plan a cleared order, or reject it with the reason."""
        profile = profile_for(message.order, self.config)
        order = as_preferred(message.order, profile)
        refused = self._lists.state.refused.get(order.parent_id)
        if refused is not None:
            return (OrderRejected(parent_id=order.parent_id, ts_ns=message.ts_ns, failures=refused, by="planning"),)
        try:
            plan = self.plan(order, view)
        except (PlanError, ModelError) as error:
            return (_rejected(order, message.ts_ns, error),)
        absent = absent_flags(profile, self._venues)
        if absent:
            plan = msgspec.structs.replace(plan, flags=(*plan.flags, *absent))
        return (
            OrderPlanned(
                parent_id=order.parent_id,
                ts_ns=message.ts_ns,
                order=order,
                plan=plan,
                plan_digest=plan_digest(order, plan),
            ),
        )

    def again(self, message: ReplanWanted, view: MarketView) -> Sequence[StageEvent]:
        """Plan what is left of an order; where that cannot be done, or not within bounds, the plan in force goes on."""
        rest, bounds, departure = message.rest, message.bounds, message.departure
        try:
            plan = self.plan(rest, view, departure)
        except (PlanError, ModelError) as error:
            return (_kept(message, _rejected(rest, message.ts_ns, error).failures),)
        if bounds is not None:
            too_dear = beyond(plan, bounds)
            if too_dear is not None:
                return (_kept(message, (too_dear,)),)
            plan = within(plan, bounds)
        return (
            OrderReplanned(
                parent_id=rest.parent_id, ts_ns=message.ts_ns, rest=rest, plan=plan, departure=departure,
                before=message.before,
            ),
        )  # fmt: skip

    def plan(self, order: ParentOrder, view: MarketView, departure: Departure | None = None) -> Plan:
        """The order's plan, on the market as it was met where that has departed. Raises: PlanError, ModelError."""
        if order.strategy is SOR:
            key = (order.instrument_id, self.reference.version)
            facts = self._direct.get(key)
            if facts is None or view.ts_ns >= facts.until_ns:
                facts = self._remember(key, order, view)
            return direct_plan(order, facts, self.config, view)
        instrument = self._instrument(order)
        met = instrument if departure is None else as_met(instrument, departure)
        listed = self._lists.state.curves.get(order.parent_id)
        haste = ONE if departure is None else departure.haste_ppm
        return plan_order(order, met, self.calendar, self.config, view, listed, haste)

    def _remember(self, key: tuple[str, int], order: ParentOrder, view: MarketView) -> Direct:
        if len(self._direct) >= REMEMBERED_MAX:
            self._direct.clear()
        instrument = self._instrument(order)
        session = self.calendar.session_at(view.ts_ns) if instrument.forecasts else None
        facts = self._direct[key] = direct_facts(instrument, self.config, session)
        return facts

    def _instrument(self, order: ParentOrder) -> Instrument:
        instrument = self.reference.get(order.instrument_id)
        if instrument is None:
            raise PlanError(f"{order.symbol} is not in the reference data.", code="unknown_instrument")
        return instrument


def _kept(message: ReplanWanted, failures: tuple[Failure, ...]) -> ReplanRefused:
    amended = message.departure is None
    return ReplanRefused(parent_id=message.parent_id, ts_ns=message.ts_ns, failures=failures, amended=amended)


def _rejected(order: ParentOrder, ts_ns: int, error: PlanError | ModelError) -> OrderRejected:
    failure = Failure(stage="planning", code=error.code, value=str(error), action=ACTIONS.get(error.code, ""))
    return OrderRejected(parent_id=order.parent_id, ts_ns=ts_ns, failures=(failure,), by="planning")
