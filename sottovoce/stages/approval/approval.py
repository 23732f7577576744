"""The approval stage: an order a rule finds large, dear or unusual waits for the people the rules name (PT-27, A4).

A release names the digest of what was shown, says why, works once and before the deadline, and never for an order of
one's own. When the last rule is released every check runs again on current data: only the released rules are relaxed,
and only up to the figure that was shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.access import Directory
from sottovoce.core.clearance_events import OrderRejected
from sottovoce.core.commands import ApprovalExpiry
from sottovoce.core.enums import Strategy
from sottovoce.core.events import StageEvent
from sottovoce.core.hold_roles import SIZING, role_of
from sottovoce.core.ids import jitter_seed
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import AmendAccepted, AmendAllowed, CommandRefused, RefusalAccepted, ReleaseAccepted
from sottovoce.core.orders import Failure, ParentOrder, Plan
from sottovoce.core.override_commands import ConfirmHold
from sottovoce.core.override_events import HoldReviewed, PlanAsked, RecheckFailed, RecheckPassed
from sottovoce.core.plan_events import OrderApproved, OrderHeld, OrderPlanned
from sottovoce.core.ports import ReferenceData
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.approval.book import ApprovalBook, Held
from sottovoce.stages.approval.config import ApprovalConfig, SizingPolicy
from sottovoce.stages.approval.digest import request_digest
from sottovoce.stages.approval.releases import Releases
from sottovoce.stages.approval.rules import RULE, STAGE, second_person
from sottovoce.stages.approval.sizing import at_once, sizing

BY_RULE = "within the desk's own limits"
NOBODY = Directory(principals=())


class Approval:
    """Decides on planned orders, on what people say about held ones, and on changes of size."""

    name = "approval"

    def __init__(
        self, config: ApprovalConfig, reference: ReferenceData, secret: bytes, directory: Directory = NOBODY
    ) -> None:
        self._config = config
        self._reference = reference
        self._secret = secret
        self._book = ApprovalBook(config.window_minutes)
        self._releases = Releases(self._book, directory, self.held_by)

    def deciders(self) -> Mapping[type, Decider]:
        return {
            OrderPlanned: self._planned,
            ReleaseAccepted: self._releases.release,
            ConfirmHold: self._releases.confirm,
            RecheckPassed: self._passed,
            RecheckFailed: self._releases.failed,
            RefusalAccepted: self._refuse,
            ApprovalExpiry: self._expire,
            AmendAccepted: self._amend,
            HoldReviewed: self._reviewed,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    def waiting(self) -> Sequence[Held]:
        """The manual-review queue, oldest first."""
        return tuple(self._book.state.held.values())

    # what is held ----------------------------------------------------------------------------------------

    def rules(self, order: ParentOrder, plan: Plan, ts_ns: int = 0) -> list[Failure]:
        """The rules that ask for a second person, with the figures that made them."""
        instrument = self._reference.get(order.instrument_id)
        return second_person(order, plan, instrument, self._book.lately(order, ts_ns), self._config)

    def held_by(self, order: ParentOrder, plan: Plan, view: MarketView) -> list[Failure]:
        """Every rule that holds this order now, those of risk's that were soft included."""
        instrument = self._reference.get(order.instrument_id)
        soft = self._book.state.soft.get(order.parent_id, ())
        own = self.rules(order, plan, view.ts_ns)
        return [*soft, *own, *sizing(order, plan, instrument, view, self._config)]

    def _planned(self, event: OrderPlanned, view: MarketView) -> Sequence[StageEvent]:
        order, plan = event.order, event.plan
        rules = self.held_by(order, plan, view)
        if not rules:
            return (self._approved(order, plan, BY_RULE, view),)
        dear = any(rule.code.startswith(SIZING) for rule in rules)
        if dear and self._config.sizing is SizingPolicy.SPLIT and at_once(order, plan):
            worked = msgspec.structs.replace(order, strategy=Strategy.IS, opening=False)
            why = next(rule.value for rule in rules if rule.code.startswith(SIZING))
            return (PlanAsked(parent_id=order.parent_id, ts_ns=view.ts_ns, order=worked, why=why),)
        return self._held(order, plan, event.plan_digest, rules, view)

    def _held(
        self, order: ParentOrder, plan: Plan, plan_digest: str, rules: Sequence[Failure], view: MarketView
    ) -> Sequence[StageEvent]:
        expires_ns = view.ts_ns + self._config.wait_ns
        roles = sorted({role_of(rule) for rule in rules})
        held = OrderHeld(
            parent_id=order.parent_id,
            ts_ns=view.ts_ns,
            order=order,
            plan=plan,
            rules=tuple(rules),
            role=" and ".join(roles),
            expires_ns=expires_ns,
            plan_digest=request_digest(plan_digest, rules, expires_ns),
        )
        expiry = ApprovalExpiry(parent_id=order.parent_id, rule=RULE)
        return held, TimerSet(parent_id=order.parent_id, ts_ns=view.ts_ns, at_ns=expires_ns, timer=expiry)

    def _approved(self, order: ParentOrder, plan: Plan, by: str, view: MarketView) -> OrderApproved:
        return OrderApproved(
            parent_id=order.parent_id,
            ts_ns=view.ts_ns,
            order=order,
            plan=plan,
            by=by,
            seed=jitter_seed(self._secret, order.parent_id),
        )

    # how it ends -----------------------------------------------------------------------------------------

    def _passed(self, event: RecheckPassed, view: MarketView) -> Sequence[StageEvent]:
        """Every rule is released and every check has passed again."""
        held = self._book.state.held.get(event.parent_id)
        if held is None:
            return ()
        by = " and ".join(sorted({release.principal for release in held.released.values()}))
        return (self._approved(held.order, held.plan, by, view),)

    def _refuse(self, event: RefusalAccepted, view: MarketView) -> Sequence[StageEvent]:
        held = self._book.state.held.get(event.parent_id)
        failures = self._releases.may_refuse(event.principal, held, event.parent_id)
        if failures:
            return (self._releases.refused(event.parent_id, event.principal, "RefuseHold", failures, view),)
        why = failure(STAGE, "approval_refused", f"{event.principal}: {event.reason}")
        return (OrderRejected(parent_id=event.parent_id, ts_ns=view.ts_ns, failures=(why,), by=STAGE),)

    def _expire(self, timer: ApprovalExpiry, view: MarketView) -> Sequence[StageEvent]:
        held = self._book.state.held.get(timer.parent_id)
        if held is None or view.ts_ns < held.expires_ns:
            return ()
        why = failure(STAGE, "approval_expired", view.ts_ns, held.expires_ns)
        return (OrderRejected(parent_id=timer.parent_id, ts_ns=view.ts_ns, failures=(why,), by=STAGE),)

    # changes ---------------------------------------------------------------------------------------------

    def _amend(self, event: AmendAccepted, view: MarketView) -> Sequence[StageEvent]:
        """A held order that changes is judged anew once risk allows it; a working one may not grow until it is held."""
        parent, state = event.parent_id, self._book.state
        working = state.working.get(parent)
        failures: list[Failure] = []
        if working is not None:
            grown = event.terms.applied(working.order, event.order_qty, event.limit_px)
            raises = event.order_qty > working.order.order_qty
            fired = self.rules(grown, working.plan, view.ts_ns) if raises else []
            failures = [failure(STAGE, "approval_required", rule.value, rule.limit) for rule in fired]
        elif parent not in state.held:
            failures = [failure(STAGE, "not_working", parent)]
        if failures:
            refused: CommandRefused = self._releases.refused(parent, event.principal, "AmendOrder", failures, view)
            return (refused,)
        allowed = AmendAllowed(
            parent_id=parent,
            ts_ns=view.ts_ns,
            principal=event.principal,
            order_qty=event.order_qty,
            limit_px=event.limit_px,
            terms=event.terms,
            held=working is None,
        )
        return (allowed,)

    def _reviewed(self, event: HoldReviewed, view: MarketView) -> Sequence[StageEvent]:
        """Risk has cleared the change of a held order: plan it again, which holds it on a new digest."""
        held = self._book.state.held.get(event.parent_id)
        if held is None:
            return ()
        why = f"amended by {event.principal}"
        return (PlanAsked(parent_id=event.parent_id, ts_ns=view.ts_ns, order=held.order, why=why),)
