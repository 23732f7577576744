"""One order through access and the three stages, one after the other: what came of it, and nothing decided yet.

Used for orders of their own and for the rows of a list alike, so both meet the same checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from sottovoce.core.access import STAGE as ACCESS
from sottovoce.core.access import Action, Principal, entitled
from sottovoce.core.commands import NewOrder
from sottovoce.core.errors import NotFound
from sottovoce.core.halts import HaltPath
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import MarketView, Quote, Unusable
from sottovoce.core.orders import Failure, ParentOrder
from sottovoce.core.ports import ReferenceData, Session, TradingCalendar, VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.stages.gateway.book import GatewayBook, worth
from sottovoce.stages.gateway.business import BUSINESS_CHECKS, Business, unknown_symbol
from sottovoce.stages.gateway.checking import BUSINESS, STATE, run_checks
from sottovoce.stages.gateway.config import GatewayConfig, VenueProfile, profiles_of
from sottovoce.stages.gateway.destinations import Destinations
from sottovoce.stages.gateway.moment import STATE_CHECKS, Moment
from sottovoce.stages.gateway.resolve import Horizon, build_parent, quantity
from sottovoce.stages.gateway.syntax import check_syntax


class Examined(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Either an order, with the rules it broke that a person may let pass, or the failures that stop it."""

    order: ParentOrder | None = None
    failures: tuple[Failure, ...] = ()
    holds: tuple[Failure, ...] = ()


def _stopped(failures: Sequence[Failure]) -> Examined:
    return Examined(failures=tuple(failures))


class Examiner:
    """Runs the stages. It reads the gateway's book and writes nothing."""

    def __init__(
        self,
        directory: Mapping[str, Principal],
        book: GatewayBook,
        reference: ReferenceData,
        calendar: TradingCalendar,
        venues: Sequence[VenueFacts],
        config: GatewayConfig,
    ) -> None:
        self._directory = directory
        self._book = book
        self._reference = reference
        self._calendar = calendar
        self._venues = tuple(venues)
        self._destinations = Destinations(venues, config.excluded_venues)
        self._config = config
        self._profiles: dict[tuple[str | None, str], tuple[VenueProfile, ...]] = {}

    def identity(self, name: str, account: str) -> list[Failure]:
        """Why a caller may not enter orders for an account; empty when it may."""
        principal = self._directory.get(name)
        found = entitled(principal, name, Action.SUBMIT)
        if principal is not None and account not in principal.accounts:
            found.append(failure(ACCESS, "account_not_entitled", ascii(account[:40]), ",".join(principal.accounts)))
        return found

    def halts(self, order: NewOrder) -> list[Failure]:
        """Every halt that stands over an order."""
        halts, principal = self._book.state.halts, self._directory.get(order.principal)
        instrument = self._reference.resolve(order.symbol) if halts else None
        path = HaltPath(
            desk="" if principal is None else principal.desk,
            trader=order.principal,
            account=order.account,
            algo="" if order.strategy is None else order.strategy.value,
            instrument_id="" if instrument is None else instrument.instrument_id,
        )
        return [failure(ACCESS, "halted", halt.scope, halt.reason) for halt in halts.each(path)]

    def examine(self, order: NewOrder, parent: str, view: MarketView, basket: str = "") -> Examined:
        """Halts, syntax, business, state: a stage that fails stops the later ones."""
        failures = self.halts(order) or check_syntax(order)
        if failures:
            return _stopped(failures)
        instrument = self._reference.resolve(order.symbol)
        if instrument is None:
            return _stopped([unknown_symbol(order)])
        try:
            session = self._calendar.session_at(view.ts_ns)
            horizon = Horizon(order, self._calendar, view.ts_ns)
        except NotFound as error:
            return _stopped([failure(BUSINESS, "rule_missing", str(error))])
        failures = run_checks(BUSINESS, BUSINESS_CHECKS, self._business(order, instrument, session, view))
        if failures:
            return _stopped(failures)
        return self._priced(order, parent, instrument, session, horizon, view, basket)

    def _business(self, order: NewOrder, instrument: Instrument, session: Session, view: MarketView) -> Business:
        return Business(
            order=order,
            principal=self._directory[order.principal],
            instrument=instrument,
            date=session.date,
            ts_ns=view.ts_ns,
            config=self._config,
            destinations=self._destinations,
            profiles=self._profiles_of(instrument),
            lists=self._book.lists,
        )

    def _profiles_of(self, instrument: Instrument) -> tuple[VenueProfile, ...]:
        """What the listing venue of an instrument asks of orders; worked out once for each venue."""
        listing = (instrument.mic, instrument.country)
        found = self._profiles.get(listing)
        if found is None:
            found = self._profiles[listing] = profiles_of(self._config.profiles, *listing)
        return found

    def _priced(
        self,
        order: NewOrder,
        parent: str,
        instrument: Instrument,
        session: Session,
        horizon: Horizon,
        view: MarketView,
        basket: str,
    ) -> Examined:
        quote = view.quote(instrument.instrument_id)
        moment = self._moment(order, instrument, session, horizon, view, quote)
        failures = run_checks(STATE, STATE_CHECKS, moment)
        if failures or isinstance(quote, Unusable):
            return _stopped(failures)
        desk = self._directory[order.principal].desk
        try:
            built = build_parent(
                order, parent, instrument, quote, view, horizon, self._reference, session, moment.qty, desk, basket
            )
        except NotFound as error:
            return _stopped([failure(BUSINESS, "rule_missing", str(error))])
        return Examined(order=built, holds=self._holds(built))

    def _moment(
        self,
        order: NewOrder,
        instrument: Instrument,
        session: Session,
        horizon: Horizon,
        view: MarketView,
        quote: Quote | Unusable,
    ) -> Moment:
        return Moment(
            order=order,
            instrument=instrument,
            quote=quote,
            session=session,
            start_ns=horizon.start_ns,
            end_ns=horizon.end_ns,
            ts_ns=view.ts_ns,
            qty=0 if isinstance(quote, Unusable) else quantity(order, quote, instrument, session.date),
            config=self._config,
            venues=self._venues,
        )

    def _holds(self, order: ParentOrder) -> tuple[Failure, ...]:
        """Rules that ask for a person: a twin of an order just entered, a size unlike this trader's."""
        state, config = self._book.state, self._config
        return (
            *state.repeats.judge(order, order.accepted_ns, config.duplicates),
            *state.habits.judge(order.principal, worth(order), config.intent),
        )
