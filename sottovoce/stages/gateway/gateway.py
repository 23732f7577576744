"""The gateway stage: every request of a person or a program enters here, and only here.

A client's order id is looked up before anything but the envelope is read: the same id and body get the stored
answer, another body is refused, and a refused order burns its id. What is left goes through three stages, one after
the other: syntax, business, real-time state (examiner.py); lists of orders go the same way whole (baskets.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.access import STAGE as ACCESS
from sottovoce.core.access import Directory
from sottovoce.core.commands import NewOrder
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import parent_id
from sottovoce.core.limits import LimitRows
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import AnswerRepeated, OrderAccepted, OrderRefused
from sottovoce.core.orders import Failure
from sottovoce.core.ports import ReferenceData, TradingCalendar, VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Applier, Decider
from sottovoce.stages.gateway.baskets import Baskets
from sottovoce.stages.gateway.book import GatewayBook
from sottovoce.stages.gateway.config import GatewayConfig
from sottovoce.stages.gateway.digests import digest_of
from sottovoce.stages.gateway.examiner import Examiner
from sottovoce.stages.gateway.requests import DESK, Requests, refused_request
from sottovoce.stages.gateway.syntax import check_envelope


class Gateway:
    """Decides on what people and programs ask."""

    name = "gateway"

    def __init__(
        self,
        directory: Directory,
        reference: ReferenceData,
        calendar: TradingCalendar,
        venues: Sequence[VenueFacts] = (),
        config: GatewayConfig | None = None,
        lists: LimitRows | None = None,
    ) -> None:
        config = config or GatewayConfig()
        people = {principal.name: principal for principal in directory.principals}
        self._book = GatewayBook(config, lists)
        self._requests = Requests(people, self._book, reference, calendar)
        self._examiner = Examiner(people, self._book, reference, calendar, venues, config)
        self._baskets = Baskets(people, self._book, self._examiner, config.baskets)

    def deciders(self) -> Mapping[type, Decider]:
        return {NewOrder: self._new_order, **self._requests.deciders(), **self._baskets.deciders()}

    def appliers(self) -> Mapping[type, Applier]:
        return self._book.appliers()

    def state(self) -> object:
        return self._book.state

    def restore(self, state: bytes) -> None:
        self._book.restore(state)

    # new orders ------------------------------------------------------------------------------------------

    def _new_order(self, order: NewOrder, view: MarketView) -> Sequence[StageEvent]:
        envelope = check_envelope(order)
        if envelope:  # what is not an id cannot be looked up, nor burned
            return (refused_request(order, DESK, envelope, view),)
        parent = parent_id(order.account, order.cl_ord_id)
        stranger = self._examiner.identity(order.principal, order.account)
        if stranger:  # not one of ours: the client id stays free for whoever may use it
            return (refused_request(order, parent, stranger, view),)
        digest = digest_of(order)
        known = self._book.state.answers.get(parent)
        if known == digest:
            return (
                AnswerRepeated(parent_id=parent, ts_ns=view.ts_ns, account=order.account, cl_ord_id=order.cl_ord_id),
            )
        if known is not None:
            reused = failure(ACCESS, "client_id_reused", order.cl_ord_id)
            return (refused_request(order, parent, [reused], view),)
        seen = self._examiner.examine(order, parent, view)
        if seen.order is None:
            return (_refused(order, parent, digest, seen.failures, view),)
        accepted = OrderAccepted(
            parent_id=parent, ts_ns=view.ts_ns, order=seen.order, body_digest=digest, holds=seen.holds
        )
        return (accepted,)


def _refused(
    order: NewOrder, parent: str, digest: str, failures: tuple[Failure, ...], view: MarketView
) -> OrderRefused:
    return OrderRefused(
        parent_id=parent,
        ts_ns=view.ts_ns,
        account=order.account,
        cl_ord_id=order.cl_ord_id,
        body_digest=digest,
        failures=failures,
    )
