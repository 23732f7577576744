"""The gateway stage: every request of a person or a program enters here, and only here.

A client's order id is looked up before anything but the envelope is read: the same id and body get the stored
answer, another body is refused, and a refused order burns its id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.access import Action, Directory, Principal, may
from sottovoce.core.commands import (
    AmendOrder,
    CancelOrder,
    ClientCommand,
    HaltTrading,
    NewOrder,
    PauseOrder,
    RefuseHold,
    ReleaseHold,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.events import (
    AmendAccepted,
    AmendCleared,
    AnswerRepeated,
    CancelAccepted,
    CommandRefused,
    HaltLifted,
    HaltSet,
    OrderAccepted,
    OrderRefused,
    OrderRejected,
    ParentDone,
    PauseAccepted,
    RefusalAccepted,
    ReleaseAccepted,
    ResumeAccepted,
    StageEvent,
)
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData, TradingCalendar
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.core.units import parse_decimal_px
from sottovoce.stages.gateway.resolve import (
    Horizon,
    build_parent,
    check_reference,
    check_state,
    quantity,
)
from sottovoce.stages.gateway.syntax import check_syntax

ACCESS = "access"
FIRM = ""

_encode = msgspec.json.Encoder().encode


class OpenOrder(msgspec.Struct, kw_only=True):
    """What later requests about an order are checked against."""

    account: str
    principal: str
    order_qty: int
    limit_px: int | None
    tick: int
    price_scale: int


class GatewayState(msgspec.Struct, kw_only=True):
    """answers: client id → body digest; open: orders that can still be changed; halts: account → reason."""

    answers: dict[str, str] = {}
    open: dict[str, OpenOrder] = {}
    halts: dict[str, str] = {}


def body_digest(command: NewOrder) -> str:
    """Digest of everything the client said: equal for a repeat, different for any change."""
    return hashlib.blake2b(_encode(command), digest_size=16).hexdigest()


class Gateway:
    """Decides on every ClientCommand."""

    name = "gateway"

    def __init__(self, directory: Directory, reference: ReferenceData, calendar: TradingCalendar) -> None:
        self._directory = {principal.name: principal for principal in directory.principals}
        self._reference = reference
        self._calendar = calendar
        self._state = GatewayState()

    def deciders(self) -> Mapping[type, Decider]:
        return {
            NewOrder: self._new_order,
            AmendOrder: self._amend,
            CancelOrder: self._cancel,
            PauseOrder: self._pause,
            ResumeOrder: self._resume,
            ReleaseHold: self._release,
            RefuseHold: self._refuse_hold,
            HaltTrading: self._halt,
            ResumeTrading: self._lift,
        }

    def appliers(self) -> Mapping[type, Applier]:
        return {
            OrderAccepted: self._on_accepted,
            OrderRefused: self._on_refused,
            OrderRejected: self._on_closed,
            ParentDone: self._on_closed,
            AmendCleared: self._on_amended,
            HaltSet: self._on_halt,
            HaltLifted: self._on_lift,
        }

    def state(self) -> object:
        return self._state

    def restore(self, state: bytes) -> None:
        self._state = msgspec.json.decode(state, type=GatewayState)

    # new orders ------------------------------------------------------------------------------------------

    def _new_order(self, order: NewOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = parent_id(order.account, order.cl_ord_id)
        digest = body_digest(order)
        known = self._state.answers.get(parent)
        if known == digest:
            return (
                AnswerRepeated(
                    parent_id=parent, ts_ns=view.ts_ns, account=order.account, cl_ord_id=order.cl_ord_id
                ),
            )
        if known is not None:
            reused = failure(ACCESS, "client_id_reused", order.cl_ord_id)
            return (self._refused_command(order, parent, [reused], view),)
        failures = self._access(order) or check_syntax(order)
        if failures:
            return (self._refused(order, parent, digest, failures, view),)
        return (self._resolved(order, parent, digest, view),)

    def _access(self, order: NewOrder) -> list[Failure]:
        principal = self._directory.get(order.principal)
        found = self._entitled(principal, order.principal, Action.SUBMIT)
        if principal is not None and order.account not in principal.accounts:
            found.append(failure(ACCESS, "account_not_entitled", order.account, ",".join(principal.accounts)))
        for scope in (FIRM, order.account):
            if scope in self._state.halts:
                found.append(failure(ACCESS, "halted", scope or "firm", self._state.halts[scope]))
        return found

    def _entitled(self, principal: Principal | None, name: str, action: Action) -> list[Failure]:
        if principal is None:
            return [failure(ACCESS, "unknown_principal", repr(name[:40]))]
        if not may(principal, action):
            return [failure(ACCESS, "not_entitled", f"{principal.role.value} may not {action.value}")]
        return []

    def _resolved(self, order: NewOrder, parent: str, digest: str, view: MarketView) -> StageEvent:
        session = self._calendar.session_at(view.ts_ns)
        instrument = self._reference.resolve(order.symbol)
        failures = check_reference(order, instrument, session.date)
        if failures or instrument is None:
            return self._refused(order, parent, digest, failures, view)
        quote = view.quote(instrument.instrument_id)
        horizon = Horizon(order, self._calendar, view.ts_ns)
        qty = 1 if isinstance(quote, Unusable) else quantity(order, quote, instrument, session.date)
        failures = check_state(order, quote, horizon, qty)
        if failures or isinstance(quote, Unusable):
            return self._refused(order, parent, digest, failures, view)
        parent_order = build_parent(
            order, parent, instrument, quote, view, horizon, self._reference, session, qty
        )
        return OrderAccepted(parent_id=parent, ts_ns=view.ts_ns, order=parent_order, body_digest=digest)

    def _refused(
        self, order: NewOrder, parent: str, digest: str, failures: list[Failure], view: MarketView
    ) -> OrderRefused:
        return OrderRefused(
            parent_id=parent,
            ts_ns=view.ts_ns,
            account=order.account,
            cl_ord_id=order.cl_ord_id,
            body_digest=digest,
            failures=tuple(failures),
        )

    # requests about orders -------------------------------------------------------------------------------

    def _refused_command(
        self, command: ClientCommand, parent: str, failures: list[Failure], view: MarketView
    ) -> CommandRefused:
        return CommandRefused(
            parent_id=parent,
            ts_ns=view.ts_ns,
            principal=command.principal,
            command=type(command).__name__,
            failures=tuple(failures),
        )

    def _about(self, command: ClientCommand, parent: str, action: Action) -> list[Failure]:
        principal = self._directory.get(command.principal)
        found = self._entitled(principal, command.principal, action)
        order = self._state.open.get(parent)
        if order is None:
            return [*found, failure(ACCESS, "unknown_order", parent[:40])]
        if principal is not None and principal.accounts and order.account not in principal.accounts:
            found.append(failure(ACCESS, "account_not_entitled", order.account, ",".join(principal.accounts)))
        return found

    def _amend(self, command: AmendOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.AMEND) or self._amendable(command)
        if failures:
            return (self._refused_command(command, parent, failures, view),)
        order = self._state.open[parent]
        qty = order.order_qty if command.order_qty is None else command.order_qty
        limit = order.limit_px
        if command.price is not None:
            limit = parse_decimal_px(command.price, order.price_scale)
        accepted = AmendAccepted(
            parent_id=parent, ts_ns=view.ts_ns, principal=command.principal, order_qty=qty, limit_px=limit
        )
        return (accepted,)

    def _amendable(self, command: AmendOrder) -> list[Failure]:
        order = self._state.open[command.parent_id]
        if command.order_qty is not None and command.order_qty <= 0:
            return [failure("syntax", "below_done", command.order_qty, "1 or more")]
        if command.price is not None:
            try:
                px = parse_decimal_px(command.price, order.price_scale)
            except MalformedMessage:
                px = 0
            if px <= 0:
                return [failure("syntax", "bad_price", repr(command.price[:40]))]
            if px % order.tick:
                return [failure("reference", "off_tick", command.price, f"multiples of {order.tick} units")]
        if command.order_qty in (None, order.order_qty) and command.price is None:
            return [failure("syntax", "nothing_to_change", order.order_qty)]
        return []

    def _cancel(self, command: CancelOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.CANCEL)
        if failures:
            return (self._refused_command(command, parent, failures, view),)
        reason = f"canceled by {command.principal}"
        return (
            CancelAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=command.principal, reason=reason),
        )

    def _pause(self, command: PauseOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.PAUSE)
        if failures:
            return (self._refused_command(command, parent, failures, view),)
        return (PauseAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=command.principal),)

    def _resume(self, command: ResumeOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.RESUME)
        if failures:
            return (self._refused_command(command, parent, failures, view),)
        return (ResumeAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=command.principal),)

    def _release(self, command: ReleaseHold, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.RELEASE)
        if failures:
            return (self._refused_command(command, parent, failures, view),)
        accepted = ReleaseAccepted(
            parent_id=parent,
            ts_ns=view.ts_ns,
            principal=command.principal,
            plan_digest=command.plan_digest,
        )
        return (accepted,)

    def _refuse_hold(self, command: RefuseHold, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.RELEASE)
        if failures:
            return (self._refused_command(command, parent, failures, view),)
        accepted = RefusalAccepted(
            parent_id=parent, ts_ns=view.ts_ns, principal=command.principal, reason=command.reason
        )
        return (accepted,)

    # the kill switch -------------------------------------------------------------------------------------

    def _halt(self, command: HaltTrading, view: MarketView) -> Sequence[StageEvent]:
        principal = self._directory.get(command.principal)
        failures = self._entitled(principal, command.principal, Action.HALT)
        if failures:
            return (self._refused_command(command, FIRM, failures, view),)
        halt = HaltSet(
            parent_id=FIRM,
            ts_ns=view.ts_ns,
            principal=command.principal,
            account=command.account or FIRM,
            reason=command.reason,
        )
        return (halt,)

    def _lift(self, command: ResumeTrading, view: MarketView) -> Sequence[StageEvent]:
        principal = self._directory.get(command.principal)
        failures = self._entitled(principal, command.principal, Action.LIFT_HALT)
        if failures:
            return (self._refused_command(command, FIRM, failures, view),)
        lifted = HaltLifted(
            parent_id=FIRM, ts_ns=view.ts_ns, principal=command.principal, account=command.account or FIRM
        )
        return (lifted,)

    # state -----------------------------------------------------------------------------------------------

    def _on_accepted(self, event: OrderAccepted) -> None:
        order = event.order
        self._state.answers[event.parent_id] = event.body_digest
        self._state.open[event.parent_id] = OpenOrder(
            account=order.account,
            principal=order.principal,
            order_qty=order.order_qty,
            limit_px=order.limit_px,
            tick=order.tick,
            price_scale=order.price_scale,
        )

    def _on_refused(self, event: OrderRefused) -> None:
        self._state.answers[event.parent_id] = event.body_digest

    def _on_closed(self, event: OrderRejected | ParentDone) -> None:
        self._state.open.pop(event.parent_id, None)

    def _on_amended(self, event: AmendCleared) -> None:
        order = self._state.open.get(event.parent_id)
        if order is not None:
            order.order_qty = event.order_qty
            order.limit_px = event.limit_px

    def _on_halt(self, event: HaltSet) -> None:
        self._state.halts[event.account] = event.reason

    def _on_lift(self, event: HaltLifted) -> None:
        self._state.halts.pop(event.account, None)
