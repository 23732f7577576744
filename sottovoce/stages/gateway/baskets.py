"""Lists of orders: read whole, let go whole, or stopped whole. Not one leg is entered before all may be (P5).

What a person must look at holds the list: a worth unlike the one declared, the content of a list that came before,
rows given twice, and whatever risk finds soft. Releasing it reads it again with the data of now; only what the
person saw is let pass, and only as large as they saw it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sottovoce.core.access import STAGE as ACCESS
from sottovoce.core.access import Action, Principal, entitled
from sottovoce.core.basket_commands import BasketExpiry, NewBasket, RefuseBasket, ReleaseBasket
from sottovoce.core.basket_events import (
    BasketAccepted,
    BasketCleared,
    BasketHeld,
    BasketRefused,
    BasketRejected,
    BasketReleased,
    LegFault,
)
from sottovoce.core.events import StageEvent
from sottovoce.core.ids import basket_key, parent_id
from sottovoce.core.market import MarketView
from sottovoce.core.order_events import AnswerRepeated
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.reasons import failure
from sottovoce.core.stage import Decider
from sottovoce.core.text import is_identifier, shown
from sottovoce.core.units import NS_PER_SECOND
from sottovoce.core.work_events import TimerSet
from sottovoce.stages.gateway import list_checks
from sottovoce.stages.gateway.basket_legs import entered_legs, leg_order, let_pass
from sottovoce.stages.gateway.book import GatewayBook, OpenBasket
from sottovoce.stages.gateway.checking import BUSINESS
from sottovoce.stages.gateway.config import BasketConfig
from sottovoce.stages.gateway.digests import digest_of
from sottovoce.stages.gateway.examiner import Examiner
from sottovoce.stages.gateway.requests import refused_request


class Baskets:
    """Decides on lists of orders."""

    def __init__(
        self, directory: Mapping[str, Principal], book: GatewayBook, examiner: Examiner, config: BasketConfig
    ) -> None:
        self._directory = directory
        self._book = book
        self._examiner = examiner
        self._config = config

    def deciders(self) -> Mapping[type, Decider]:
        """Message type → function."""
        return {
            NewBasket: self._new,
            BasketCleared: self._cleared,
            ReleaseBasket: self._release,
            RefuseBasket: self._refuse,
            BasketExpiry: self._expire,
        }

    # a new list ------------------------------------------------------------------------------------------

    def _new(self, basket: NewBasket, view: MarketView) -> Sequence[StageEvent]:
        envelope = [
            failure(ACCESS, "bad_identifier", shown(text))
            for text in (basket.account, basket.basket_id)
            if not is_identifier(text)
        ]
        if envelope:
            return (refused_request(basket, "", envelope, view),)
        key = basket_key(basket.account, basket.basket_id)
        stranger = self._examiner.identity(basket.principal, basket.account)
        if stranger:
            return (refused_request(basket, key, stranger, view),)
        digest = digest_of(basket)
        known = self._book.state.answers.get(key)
        if known == digest:
            return (
                AnswerRepeated(parent_id=key, ts_ns=view.ts_ns, account=basket.account, cl_ord_id=basket.basket_id),
            )
        if known is not None:
            return (refused_request(basket, key, [failure(ACCESS, "client_id_reused", basket.basket_id)], view),)
        return (self._read(basket, key, digest, view),)

    def _read(self, basket: NewBasket, key: str, digest: str, view: MarketView, released_by: str = "") -> StageEvent:
        """The whole list through every stage: accepted, or refused with every failure of every row."""
        failures: Sequence[Failure] = list_checks.list_syntax(basket, self._config)
        if failures:
            return _refused(basket, key, digest, failures, (), view)
        legs, faults, holds = self._legs(basket, key, view)
        if faults:
            return _refused(basket, key, digest, (), faults, view)
        gross = sum(list_checks.worth_of(leg) for leg in legs)
        hard, soft = list_checks.declared(basket, gross, self._config)
        failures = (*list_checks.currencies(basket, legs), *hard)
        if failures:
            return _refused(basket, key, digest, failures, (), view)
        content = list_checks.content_digest(basket)
        return BasketAccepted(
            parent_id=key,
            ts_ns=view.ts_ns,
            basket=basket,
            body_digest=digest,
            content_digest=content,
            gross=gross,
            net=sum(leg.side.sign * list_checks.worth_of(leg) for leg in legs),
            legs=tuple(legs),
            holds=(*soft, *list_checks.twins(basket), *self._came_before(content, key, view), *holds),
            released_by=released_by,
        )

    def _legs(
        self, basket: NewBasket, key: str, view: MarketView
    ) -> tuple[list[ParentOrder], list[LegFault], list[Failure]]:
        legs: list[ParentOrder] = []
        faults: list[LegFault] = []
        holds: dict[str, Failure] = {}
        for leg in basket.legs:
            order = leg_order(basket, leg)
            parent = parent_id(order.account, order.cl_ord_id)
            if parent in self._book.state.answers:
                failures: tuple[Failure, ...] = (failure(ACCESS, "client_id_reused", order.cl_ord_id),)
                faults.append(LegFault(row=leg.row, symbol=shown(leg.symbol), failures=failures))
                continue
            seen = self._examiner.examine(order, parent, view, key)
            if seen.order is None:
                faults.append(LegFault(row=leg.row, symbol=shown(leg.symbol), failures=seen.failures))
            else:
                legs.append(seen.order)
            for hold in seen.holds:  # the first of each rule stands for all of them
                holds.setdefault(hold.code, hold)
        return legs, faults, list(holds.values())

    def _came_before(self, content: str, key: str, view: MarketView) -> Sequence[Failure]:
        window_ns = int(self._config.same_content_s * NS_PER_SECOND)
        twin = self._book.state.contents.twin(content, key, view.ts_ns, window_ns)
        return () if twin is None else [failure(BUSINESS, "duplicate_basket", twin[0], "each list once")]

    # what risk says --------------------------------------------------------------------------------------

    def _cleared(self, event: BasketCleared, view: MarketView) -> Sequence[StageEvent]:
        waiting = self._book.state.baskets.get(event.parent_id)
        if waiting is None:
            return ()
        rules = {(rule.code, rule.value): rule for rule in (*waiting.holds, *event.holds)}  # risk repeats ours
        if not all(let_pass(rule, waiting) for rule in rules.values()):
            return self._hold(event.parent_id, waiting, tuple(rules.values()), view)
        released = BasketReleased(
            parent_id=event.parent_id,
            ts_ns=view.ts_ns,
            by=waiting.released_by or "rule",
            legs=len(waiting.legs),
            gross=waiting.gross,
        )
        return (released, *entered_legs(waiting, view))

    def _hold(
        self, key: str, waiting: OpenBasket, rules: tuple[Failure, ...], view: MarketView
    ) -> Sequence[StageEvent]:
        expires_ns = view.ts_ns + int(self._config.expires_s * NS_PER_SECOND)
        held = BasketHeld(
            parent_id=key,
            ts_ns=view.ts_ns,
            basket=waiting.basket,
            rules=rules,
            role=self._config.role,
            expires_ns=expires_ns,
            content_digest=waiting.content_digest,
            gross=waiting.gross,
        )
        timer = TimerSet(parent_id=key, ts_ns=view.ts_ns, at_ns=expires_ns, timer=BasketExpiry(parent_id=key))
        return (held, timer)

    # what a person says ----------------------------------------------------------------------------------

    def _release(self, command: ReleaseBasket, view: MarketView) -> Sequence[StageEvent]:
        failures = self._may_release(command)
        if failures:
            return (refused_request(command, command.parent_id, failures, view),)
        waiting = self._book.state.baskets[command.parent_id]
        read = self._read(waiting.basket, command.parent_id, waiting.body_digest, view, command.principal)
        return (read,)

    def _may_release(self, command: ReleaseBasket) -> list[Failure]:
        person = self._directory.get(command.principal)
        found = entitled(person, command.principal, Action.RELEASE)
        waiting = self._book.state.baskets.get(command.parent_id)
        if waiting is None or not waiting.held:
            return [*found, failure(ACCESS, "basket_not_held", shown(command.parent_id))]
        if person is not None and not found and person.role.value != self._config.role:
            found.append(failure(ACCESS, "not_entitled", f"{person.role.value} may not release this"))
        owner = self._directory.get(waiting.basket.principal)
        delegates = () if owner is None else owner.delegates
        if command.principal == waiting.basket.principal or command.principal in delegates:
            found.append(failure(ACCESS, "self_approval", command.principal))
        if command.content_digest != waiting.content_digest:
            found.append(failure(ACCESS, "digest_mismatch", shown(command.content_digest)))
        return found

    def _refuse(self, command: RefuseBasket, view: MarketView) -> Sequence[StageEvent]:
        waiting = self._book.state.baskets.get(command.parent_id)
        person = self._directory.get(command.principal)
        own = waiting is not None and waiting.basket.principal == command.principal
        failures = entitled(person, command.principal, Action.CANCEL if own else Action.RELEASE)
        if waiting is None or not waiting.held:
            failures.append(failure(ACCESS, "basket_not_held", shown(command.parent_id)))
        if failures:
            return (refused_request(command, command.parent_id, failures, view),)
        why = failure(ACCESS, "approval_refused", shown(command.reason) if command.reason else "no reason given")
        return (_rejected(command.parent_id, why, command.principal, view),)

    def _expire(self, timer: BasketExpiry, view: MarketView) -> Sequence[StageEvent]:
        waiting = self._book.state.baskets.get(timer.parent_id)
        if waiting is None or not waiting.held or view.ts_ns < waiting.expires_ns:
            return ()
        return (_rejected(timer.parent_id, failure(ACCESS, "approval_expired", timer.parent_id), "expiry", view),)


def _rejected(key: str, why: Failure, by: str, view: MarketView) -> BasketRejected:
    return BasketRejected(parent_id=key, ts_ns=view.ts_ns, failures=(why,), by=by)


def _refused(
    basket: NewBasket,
    key: str,
    digest: str,
    failures: Sequence[Failure],
    faults: Sequence[LegFault],
    view: MarketView,
) -> BasketRefused:
    return BasketRefused(
        parent_id=key,
        ts_ns=view.ts_ns,
        account=basket.account,
        basket_id=basket.basket_id,
        body_digest=digest,
        failures=tuple(failures),
        faults=tuple(faults[: list_checks.FAULTS_KEPT]),
        classes=list_checks.classes_of(faults),
    )
