"""Approval: an order a rule finds large waits for a person who did not ask for it.

Rule E-RM-1 holds orders above a value, above a part of daily volume, or above an expected cost. A release names
the digest of the plan that was shown; it works once, before the deadline, and never for the requester's own order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.commands import ApprovalExpiry
from sottovoce.core.events import (
    AmendAccepted,
    AmendAllowed,
    AmendCleared,
    CancelAccepted,
    CommandRefused,
    OrderApproved,
    OrderHeld,
    OrderPlanned,
    OrderRejected,
    ParentDone,
    RefusalAccepted,
    ReleaseAccepted,
    StageEvent,
    TimerSet,
)
from sottovoce.core.ids import jitter_seed
from sottovoce.core.instrument import known
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import NS_PER_MINUTE

STAGE = "approval"
RULE = "E-RM-1"
BY_RULE = "within the desk's own limits"
PERCENT = 100.0


class ApprovalConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a second person is needed.

    value_max: currency at arrival; adv_percent_max: percent of 20-day average volume; cost_bps_max: expected cost;
    minutes: how long a held order waits before it is returned.
    """

    value_max: int = 25_000_000
    adv_percent_max: float = 15.0
    cost_bps_max: float = 50.0
    minutes: int = 15


class Held(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An order waiting for a person."""

    order: ParentOrder
    plan: Plan
    plan_digest: str
    expires_ns: int


class Working(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """An approved order as it now stands."""

    order: ParentOrder
    plan: Plan


class ApprovalState(msgspec.Struct, kw_only=True):
    """Held orders, and those being worked with the plan they were approved on, by parent id."""

    held: dict[str, Held] = {}
    working: dict[str, Working] = {}


class Approval:
    """Decides on OrderPlanned, ReleaseAccepted, RefusalAccepted, ApprovalExpiry and AmendAccepted."""

    name = "approval"

    def __init__(self, config: ApprovalConfig, reference: ReferenceData, secret: bytes) -> None:
        self._config = config
        self._reference = reference
        self._secret = secret
        self._state = ApprovalState()

    def deciders(self) -> Mapping[type, Decider]:
        return {
            OrderPlanned: self._planned_order,
            ReleaseAccepted: self._release,
            RefusalAccepted: self._refuse,
            ApprovalExpiry: self._expire,
            AmendAccepted: self._amend,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderHeld: self._on_held,
            OrderApproved: self._on_approved,
            AmendCleared: self._on_amended,
            ParentDone: self._on_done,
            OrderRejected: self._on_settled,
            CancelAccepted: self._on_settled,
        }

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=ApprovalState)

    # decisions -------------------------------------------------------------------------------------------

    def rules(self, order: ParentOrder, plan: Plan) -> list[Failure]:
        """The rules that ask for a person, with the figures that made them."""
        config = self._config
        found: list[Failure] = []
        value = order.order_qty * order.arrival_px / order.price_scale
        if value > config.value_max:
            found.append(failure(STAGE, f"{RULE}:value", f"{value:,.0f} {order.currency}", f"{config.value_max:,}"))
        instrument = self._reference.get(order.instrument_id)
        adv = known(instrument.adv) if instrument is not None else None
        if adv and order.order_qty * PERCENT > adv * config.adv_percent_max:
            share = f"{PERCENT * order.order_qty / adv:.2f} % of ADV"
            found.append(failure(STAGE, f"{RULE}:adv", share, f"{config.adv_percent_max:g} %"))
        if plan.expected_cost_bps > config.cost_bps_max:
            cost = f"{plan.expected_cost_bps:.1f} bps"
            found.append(failure(STAGE, f"{RULE}:cost", cost, f"{config.cost_bps_max:g} bps"))
        return found

    def _planned_order(self, event: OrderPlanned, view: MarketView) -> Sequence[StageEvent]:
        rules = self.rules(event.order, event.plan)
        if not rules:
            return (self._approved(event.order, event.plan, BY_RULE, view),)
        expires_ns = view.ts_ns + self._config.minutes * NS_PER_MINUTE
        held = OrderHeld(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            order=event.order,
            plan=event.plan,
            rules=tuple(rules),
            role="risk",
            expires_ns=expires_ns,
            plan_digest=event.plan_digest,
        )
        expiry = ApprovalExpiry(parent_id=event.parent_id, rule=RULE)
        return held, TimerSet(parent_id=event.parent_id, ts_ns=view.ts_ns, at_ns=expires_ns, timer=expiry)

    def _approved(self, order: ParentOrder, plan: Plan, by: str, view: MarketView) -> OrderApproved:
        return OrderApproved(
            parent_id=order.parent_id,
            ts_ns=view.ts_ns,
            order=order,
            plan=plan,
            by=by,
            seed=jitter_seed(self._secret, order.parent_id),
        )

    def _release(self, event: ReleaseAccepted, view: MarketView) -> Sequence[StageEvent]:
        held = self._state.held.get(event.parent_id)
        failures = self._release_failures(event, held, view)
        if failures or held is None:
            refused = CommandRefused(
                parent_id=event.parent_id,
                ts_ns=view.ts_ns,
                principal=event.principal,
                command="ReleaseHold",
                failures=tuple(failures),
            )
            return (refused,)
        return (self._approved(held.order, held.plan, event.principal, view),)

    def _release_failures(self, event: ReleaseAccepted, held: Held | None, view: MarketView) -> list[Failure]:
        if held is None:
            return [failure(STAGE, "not_held", event.parent_id)]
        found: list[Failure] = []
        if event.principal == held.order.principal:
            found.append(failure(STAGE, "self_approval", event.principal))
        if event.plan_digest != held.plan_digest:
            found.append(failure(STAGE, "digest_mismatch", event.plan_digest[:64], held.plan_digest))
        if view.ts_ns >= held.expires_ns:
            found.append(failure(STAGE, "approval_expired", view.ts_ns, held.expires_ns))
        return found

    def _refuse(self, event: RefusalAccepted, view: MarketView) -> Sequence[StageEvent]:
        if event.parent_id not in self._state.held:
            failures = (failure(STAGE, "not_held", event.parent_id),)
            refused = CommandRefused(
                parent_id=event.parent_id,
                ts_ns=view.ts_ns,
                principal=event.principal,
                command="RefuseHold",
                failures=failures,
            )
            return (refused,)
        why = failure(STAGE, "approval_refused", f"{event.principal}: {event.reason}")
        return (OrderRejected(parent_id=event.parent_id, ts_ns=view.ts_ns, failures=(why,), by=STAGE),)

    def _expire(self, timer: ApprovalExpiry, view: MarketView) -> Sequence[StageEvent]:
        held = self._state.held.get(timer.parent_id)
        if held is None or view.ts_ns < held.expires_ns:
            return ()
        why = failure(STAGE, "approval_expired", view.ts_ns, held.expires_ns)
        return (OrderRejected(parent_id=timer.parent_id, ts_ns=view.ts_ns, failures=(why,), by=STAGE),)

    def _amend(self, event: AmendAccepted, view: MarketView) -> Sequence[StageEvent]:
        """A change that makes the order large enough to be held is refused: the rest belongs in a new order."""
        parent, working = event.parent_id, self._state.working.get(event.parent_id)
        if working is None:
            failures = [failure(STAGE, "not_working", parent)]
        else:
            grown = msgspec.structs.replace(working.order, order_qty=event.order_qty)
            raises = event.order_qty > working.order.order_qty
            fired = self.rules(grown, working.plan) if raises else []
            failures = [failure(STAGE, "approval_required", rule.value, rule.limit) for rule in fired]
        if failures:
            refused = CommandRefused(
                parent_id=parent,
                ts_ns=view.ts_ns,
                principal=event.principal,
                command="AmendOrder",
                failures=tuple(failures),
            )
            return (refused,)
        allowed = AmendAllowed(
            parent_id=parent,
            ts_ns=view.ts_ns,
            principal=event.principal,
            order_qty=event.order_qty,
            limit_px=event.limit_px,
        )
        return (allowed,)

    # state -----------------------------------------------------------------------------------------------

    def _on_held(self, event: OrderHeld) -> None:
        self._state.held[event.parent_id] = Held(
            order=event.order, plan=event.plan, plan_digest=event.plan_digest, expires_ns=event.expires_ns
        )

    def _on_approved(self, event: OrderApproved) -> None:
        self._state.held.pop(event.parent_id, None)
        self._state.working[event.parent_id] = Working(order=event.order, plan=event.plan)

    def _on_amended(self, event: AmendCleared) -> None:
        working = self._state.working.get(event.parent_id)
        if working is not None:
            order = msgspec.structs.replace(working.order, order_qty=event.order_qty, limit_px=event.limit_px)
            self._state.working[event.parent_id] = Working(order=order, plan=working.plan)

    def _on_settled(self, event: OrderRejected | CancelAccepted) -> None:
        self._state.held.pop(event.parent_id, None)

    def _on_done(self, event: ParentDone) -> None:
        self._state.working.pop(event.parent_id, None)
