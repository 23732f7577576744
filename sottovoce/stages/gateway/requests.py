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
from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.core.events import StageEvent
from sottovoce.core.halts import Standing
from sottovoce.core.instrument import tick_at
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import (
    AmendAccepted,
    CancelAccepted,
    CommandRefused,
    HaltLifted,
    HaltSet,
    PauseAccepted,
    RefusalAccepted,
    ReleaseAccepted,
    ResumeAccepted,
)
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData, TradingCalendar
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Decider
from sottovoce.core.text import shown
from sottovoce.core.units import format_px, parse_decimal_px
from sottovoce.stages.gateway.amendments import bad_size, bad_terms, outside_band, terms_of
from sottovoce.stages.gateway.book import GatewayBook, OpenOrder
from sottovoce.stages.gateway.checking import BUSINESS, SYNTAX
from sottovoce.stages.gateway.kill import KillSwitch
from sottovoce.stages.gateway.written import PRICE_MAX, bad_price_text

DESK = ""
"""The parent of what concerns no order but the desk as a whole."""


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

    def __init__(
        self,
        directory: Mapping[str, Principal],
        book: GatewayBook,
        reference: ReferenceData,
        calendar: TradingCalendar,
    ) -> None:
        self._directory = directory
        self._book = book
        self._reference = reference
        self._calendar = calendar
        self._kill = KillSwitch(directory, book, reference)

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
        halts = self._book.state.halts.each(order.path)
        return [failure(ACCESS, "halted", halt.scope, halt.reason) for halt in halts]

    def _working(self, parent: str) -> list[Failure]:
        return [] if self._book.state.open[parent].working else [failure(ACCESS, "not_working", parent)]

    def _amend(self, command: AmendOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = command.parent_id
        failures = self._about(command, parent, Action.AMEND) or self._amendable(command, view.ts_ns)
        failures = failures or (self._raising(command, parent, Action.AMEND) if self._raises(command) else [])
        if failures:
            return (refused_request(command, parent, failures, view),)
        order = self._book.state.open[parent]
        qty = order.order_qty if command.order_qty is None else command.order_qty
        limit = order.limit_px
        if command.price is not None:
            limit = parse_decimal_px(command.price, order.price_scale)
        accepted = AmendAccepted(
            parent_id=parent,
            ts_ns=view.ts_ns,
            principal=command.principal,
            order_qty=qty,
            limit_px=limit,
            terms=terms_of(command),
        )
        return (accepted,)

    def _amendable(self, command: AmendOrder, now_ns: int) -> list[Failure]:
        order = self._book.state.open[command.parent_id]
        found = bad_size(command, order.done_qty) + bad_terms(command, now_ns)
        found += outside_band(command, order.band)
        if found:
            return found
        if command.price is not None:
            found = self._bad_price(command.price, order, now_ns)
            if found:
                return found
        if command.order_qty in (None, order.order_qty) and command.price is None and not terms_of(command):
            return [failure(SYNTAX, "nothing_to_change", order.order_qty)]
        return []

    def _bad_price(self, text: str, order: OpenOrder, now_ns: int) -> list[Failure]:
        """A new limit is a price, and on the tick of that price and of the day of the change (PT-18)."""
        if bad_price_text(text):
            return [failure(SYNTAX, "bad_price", shown(text), f"at most {PRICE_MAX}")]
        instrument = self._reference.get(order.path.instrument_id)
        try:
            px = parse_decimal_px(text, order.price_scale)
            date = self._calendar.session_at(now_ns).date
            tick = order.tick if instrument is None else tick_at(instrument, px, date)
        except NotFound as error:
            return [failure(BUSINESS, "rule_missing", str(error))]
        except MalformedMessage as error:  # more decimals than a price of this instrument has
            return [failure(BUSINESS, "off_tick", shown(text), str(error))]
        step = format_px(tick, order.price_scale)
        return [failure(BUSINESS, "off_tick", text, f"multiples of {step}")] if px % tick else []

    def _raises(self, command: AmendOrder) -> bool:
        """Whether a change that can be made asks for more shares or a price nearer to, or through, the market."""
        order: OpenOrder = self._book.state.open[command.parent_id]
        if command.order_qty is not None and command.order_qty > order.order_qty:
            return True
        if command.price is None or order.limit_px is None:
            return False
        return order.sign * (parse_decimal_px(command.price, order.price_scale) - order.limit_px) > 0

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
            reason_code=command.reason_code,
            reason=command.reason,
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
        scope, failures = self._kill.scope(command.scope), self._kill.may_halt(command)
        if failures or scope is None:
            return (refused_request(command, DESK, failures, view),)
        conduct = self._kill.is_conduct(command.principal)
        halt = Standing(
            scope=scope, reason=command.reason, principal=command.principal, ts_ns=view.ts_ns, conduct=conduct
        )
        return (HaltSet(parent_id=DESK, ts_ns=view.ts_ns, halt=halt),)

    def _lift(self, command: ResumeTrading, view: MarketView) -> Sequence[StageEvent]:
        scope, failures = self._kill.scope(command.scope), self._kill.may_lift(command)
        if failures or scope is None:
            return (refused_request(command, DESK, failures, view),)
        conduct = self._kill.is_conduct(command.principal)
        lifted = HaltLifted(parent_id=DESK, ts_ns=view.ts_ns, principal=command.principal, scope=scope, conduct=conduct)
        return (lifted,)
