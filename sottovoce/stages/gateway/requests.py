"""Requests about existing orders, and about the desk itself: who may ask what of which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.access import STAGE as ACCESS
from sottovoce.core.access import Action, Principal, entitled, may
from sottovoce.core.commands import (
    AmendOrder,
    CancelOrder,
    ClientCommand,
    HaltTrading,
    PauseOrder,
    RefuseHold,
    ReleaseHold,
    ResumeOrder,
    ResumeTrading,
)
from sottovoce.core.errors import MalformedMessage
from sottovoce.core.events import (
    AmendAccepted,
    CancelAccepted,
    CommandRefused,
    HaltLifted,
    HaltSet,
    PauseAccepted,
    RefusalAccepted,
    ReleaseAccepted,
    ResumeAccepted,
    StageEvent,
)
from sottovoce.core.market import MarketView
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Decider
from sottovoce.core.units import format_px, parse_decimal_px
from sottovoce.stages.gateway.book import FIRM, GatewayBook


def refused_request(command: ClientCommand, parent: str, failures: list[Failure], view: MarketView) -> CommandRefused:
    """The refusal of a request, with every failure."""
    return CommandRefused(
        parent_id=parent,
        ts_ns=view.ts_ns,
        principal=command.principal,
        command=type(command).__name__,
        failures=tuple(failures),
    )


class Requests:
    """Decides on everything but new orders."""

    def __init__(self, directory: Mapping[str, Principal], book: GatewayBook) -> None:
        self._directory = directory
        self._book = book

    def deciders(self) -> Mapping[type, Decider]:
        """Message type → function."""
        return {
            AmendOrder: self._amend,
            CancelOrder: self._cancel,
            PauseOrder: self._pause,
            ResumeOrder: self._resume,
            ReleaseHold: self._release,
            RefuseHold: self._refuse_hold,
            HaltTrading: self._halt,
            ResumeTrading: self._lift,
        }

    def _about(self, command: ClientCommand, parent: str, action: Action) -> list[Failure]:
        principal = self._directory.get(command.principal)
        found = entitled(principal, command.principal, action)
        order = self._book.state.open.get(parent)
        if order is None:
            return [*found, failure(ACCESS, "unknown_order", parent[:40])]
        desk_only = may(principal, Action.SUBMIT)
        if principal is not None and desk_only and order.account not in principal.accounts:
            found.append(failure(ACCESS, "account_not_entitled", order.account, ",".join(principal.accounts)))
        return found

    def _raising(self, command: ClientCommand, parent: str, action: Action) -> list[Failure]:
        """As _about, for what lets an order send: it must be worked, or held, and nothing may be halted."""
        found = self._about(command, parent, action)
        order = self._book.state.open.get(parent)
        if found or order is None:
            return found
        halts, scopes = self._book.state.halts, (FIRM, order.account)
        return [failure(ACCESS, "halted", scope or "firm", halts[scope]) for scope in scopes if scope in halts]

    def _working(self, parent: str) -> list[Failure]:
        return [] if self._book.state.open[parent].working else [failure(ACCESS, "not_working", parent)]

    def _amend(self, command: AmendOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.AMEND) or self._amendable(command)
        if failures:
            return (refused_request(command, parent, failures, view),)
        order = self._book.state.open[parent]
        qty = order.order_qty if command.order_qty is None else command.order_qty
        limit = order.limit_px
        if command.price is not None:
            limit = parse_decimal_px(command.price, order.price_scale)
        accepted = AmendAccepted(
            parent_id=parent, ts_ns=view.ts_ns, principal=command.principal, order_qty=qty, limit_px=limit
        )
        return (accepted,)

    def _amendable(self, command: AmendOrder) -> list[Failure]:
        order = self._book.state.open[command.parent_id]
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
                tick = format_px(order.tick, order.price_scale)
                return [failure("reference", "off_tick", command.price, f"multiples of {tick}")]
        if command.order_qty in (None, order.order_qty) and command.price is None:
            return [failure("syntax", "nothing_to_change", order.order_qty)]
        return []

    def _cancel(self, command: CancelOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.CANCEL)
        if failures:
            return (refused_request(command, parent, failures, view),)
        reason = f"canceled by {command.principal}"
        return (CancelAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=command.principal, reason=reason),)

    def _pause(self, command: PauseOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.PAUSE) or self._working(parent)
        if failures:
            return (refused_request(command, parent, failures, view),)
        return (PauseAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=command.principal),)

    def _resume(self, command: ResumeOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._raising(command, parent, Action.RESUME) or self._working(parent)
        if failures:
            return (refused_request(command, parent, failures, view),)
        return (ResumeAccepted(parent_id=parent, ts_ns=view.ts_ns, principal=command.principal),)

    def _release(self, command: ReleaseHold, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._raising(command, parent, Action.RELEASE)
        if failures:
            return (refused_request(command, parent, failures, view),)
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
            return (refused_request(command, parent, failures, view),)
        accepted = RefusalAccepted(
            parent_id=parent, ts_ns=view.ts_ns, principal=command.principal, reason=command.reason
        )
        return (accepted,)

    # the kill switch -------------------------------------------------------------------------------------

    def _halt(self, command: HaltTrading, view: MarketView) -> Sequence[StageEvent]:
        principal = self._directory.get(command.principal)
        failures = entitled(principal, command.principal, Action.HALT)
        if failures:
            return (refused_request(command, FIRM, failures, view),)
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
        failures = entitled(principal, command.principal, Action.LIFT_HALT)
        if failures:
            return (refused_request(command, FIRM, failures, view),)
        lifted = HaltLifted(
            parent_id=FIRM, ts_ns=view.ts_ns, principal=command.principal, account=command.account or FIRM
        )
        return (lifted,)
