"""The gateway stage: every request of a person or a program enters here, and only here.

A client's order id is looked up before anything but the envelope is read: the same id and body get the stored
answer, another body is refused, and a refused order burns its id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.access import STAGE as ACCESS
from sottovoce.core.access import Action, Directory, entitled
from sottovoce.core.commands import NewOrder
from sottovoce.core.errors import NotFound
from sottovoce.core.events import AnswerRepeated, OrderAccepted, OrderRefused, StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.market import MarketView, Unusable
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData, TradingCalendar
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.stages.gateway.book import FIRM, GatewayBook
from sottovoce.stages.gateway.requests import Requests, refused_request
from sottovoce.stages.gateway.resolve import REFERENCE, Horizon, build_parent, check_reference, check_state, quantity
from sottovoce.stages.gateway.syntax import check_syntax

_encode = msgspec.json.Encoder().encode


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
        self._book = GatewayBook()
        self._requests = Requests(self._directory, self._book)

    def deciders(self) -> Mapping[type, Decider]:
        return {NewOrder: self._new_order, **self._requests.deciders()}

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    # new orders ------------------------------------------------------------------------------------------

    def _new_order(self, order: NewOrder, view: MarketView) -> Sequence[StageEvent]:
        parent = parent_id(order.account, order.cl_ord_id)
        stranger = self._identity(order)
        if stranger:  # not one of ours: the client id stays free for whoever may use it
            return (refused_request(order, parent, stranger, view),)
        digest = body_digest(order)
        known = self._book.state.answers.get(parent)
        if known == digest:
            return (
                AnswerRepeated(parent_id=parent, ts_ns=view.ts_ns, account=order.account, cl_ord_id=order.cl_ord_id),
            )
        if known is not None:
            reused = failure(ACCESS, "client_id_reused", order.cl_ord_id)
            return (refused_request(order, parent, [reused], view),)
        failures = self._halts(order) or check_syntax(order)
        if failures:
            return (self._refused(order, parent, digest, failures, view),)
        return (self._resolved(order, parent, digest, view),)

    def _identity(self, order: NewOrder) -> list[Failure]:
        principal = self._directory.get(order.principal)
        found = entitled(principal, order.principal, Action.SUBMIT)
        if principal is not None and order.account not in principal.accounts:
            found.append(failure(ACCESS, "account_not_entitled", order.account, ",".join(principal.accounts)))
        return found

    def _halts(self, order: NewOrder) -> list[Failure]:
        halts = self._book.state.halts
        scopes = (FIRM, order.account) if halts else ()
        return [failure(ACCESS, "halted", scope or "firm", halts[scope]) for scope in scopes if scope in halts]

    def _resolved(self, order: NewOrder, parent: str, digest: str, view: MarketView) -> StageEvent:
        try:
            return self._priced(order, parent, digest, view)
        except NotFound as error:
            failures = [failure(REFERENCE, "rule_missing", str(error))]
            return self._refused(order, parent, digest, failures, view)

    def _priced(self, order: NewOrder, parent: str, digest: str, view: MarketView) -> StageEvent:
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
        parent_order = build_parent(order, parent, instrument, quote, view, horizon, self._reference, session, qty)
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
