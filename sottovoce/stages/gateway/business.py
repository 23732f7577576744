"""Stage two: what the versioned reference data, the lists and the venues say of an order. No price of now is needed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache

import msgspec

from sottovoce.core.access import Principal
from sottovoce.core.commands import NewOrder
from sottovoce.core.errors import MalformedMessage, NotFound
from sottovoce.core.instrument import Instrument, lot_at, tick_at
from sottovoce.core.limits import LimitBook, ListName, Path
from sottovoce.core.orders import Failure
from sottovoce.core.reasons import failure
from sottovoce.core.text import shown
from sottovoce.core.units import format_px, parse_decimal_px
from sottovoce.stages.gateway.checking import BUSINESS, NOTHING, Check
from sottovoce.stages.gateway.config import GatewayConfig, VenueProfile
from sottovoce.stages.gateway.destinations import Destinations
from sottovoce.stages.gateway.flags import missing_flags

DATES_MAX = 4_096
"""Dates whose place among the weekdays is remembered."""


class Business(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the second stage looks at: an order whose symbol is known, on the date of its session."""

    order: NewOrder
    principal: Principal
    instrument: Instrument
    date: str
    ts_ns: int
    config: GatewayConfig
    destinations: Destinations
    profiles: tuple[VenueProfile, ...] = ()
    lists: LimitBook | None = None


def unknown_symbol(order: NewOrder) -> Failure:
    """The failure of a name that is not in the master: nothing else of this stage can be asked of it."""
    return failure(BUSINESS, "unknown_symbol", shown(order.symbol))


def currency(subject: Business) -> Sequence[Failure]:
    """A notional is in the currency of its instrument."""
    given, traded = subject.order.currency, subject.instrument.currency
    return NOTHING if given in (None, traded) else [failure(BUSINESS, "currency_mismatch", given, traded)]


def tick(subject: Business) -> Sequence[Failure]:
    """Prices are multiples of the tick of their price and of the day (PT-18)."""
    order = subject.order
    return [found for text in (order.price, order.would_price) if text for found in _off_tick(subject, text)]


def _off_tick(subject: Business, text: str) -> Sequence[Failure]:
    instrument = subject.instrument
    scale = instrument.price_scale
    try:
        px = parse_decimal_px(text, scale)
        step = tick_at(instrument, px, subject.date)
    except NotFound as error:
        return [failure(BUSINESS, "rule_missing", str(error))]
    except MalformedMessage as error:  # more decimals than a price of this instrument has
        return [failure(BUSINESS, "off_tick", shown(text), str(error))]
    return [failure(BUSINESS, "off_tick", text, f"multiples of {format_px(step, scale)}")] if px % step else NOTHING


def decision_price(subject: Business) -> Sequence[Failure]:
    """A decision price has no more decimals than a price of this instrument."""
    text = subject.order.decision_price
    if text is None:
        return NOTHING
    try:
        parse_decimal_px(text, subject.instrument.price_scale)
    except MalformedMessage as error:
        return [failure(BUSINESS, "bad_price", shown(text), str(error))]
    return NOTHING


def lot(subject: Business) -> Sequence[Failure]:
    """There is a lot for the day; where odd lots are not traded the quantity is a multiple of it (PT-18)."""
    order, instrument = subject.order, subject.instrument
    px = _reference_px(subject)
    try:
        step = lot_at(instrument, px, subject.date)
    except NotFound as error:
        return [failure(BUSINESS, "rule_missing", str(error))]
    if order.order_qty is None or order.order_qty % step == 0:
        return NOTHING
    if all(profile.odd_lots for profile in subject.profiles):
        return NOTHING
    return [failure(BUSINESS, "odd_lot", order.order_qty, f"multiples of {step}")]


def _reference_px(subject: Business) -> int:
    """The price a lot is looked up by: the limit, else the last close, else nothing is known of it and 0 is."""
    scale = subject.instrument.price_scale
    if subject.order.price is not None:
        try:
            return parse_decimal_px(subject.order.price, scale)
        except MalformedMessage:
            return 0
    close = subject.instrument.close
    return 0 if close is None or close.value is None else round(close.value * scale)


def instrument_class(subject: Business) -> Sequence[Failure]:
    """The caller may trade this kind of instrument (PT-12)."""
    allowed, kind = subject.principal.asset_classes, subject.instrument.asset_class
    if kind in allowed:
        return NOTHING
    return [failure(BUSINESS, "class_not_entitled", kind, ",".join(allowed) or "none")]


def lists(subject: Business) -> Sequence[Failure]:
    """PT-12: a restricted list is kept; nothing on it or on a do-not-trade list; what each approved list kept has."""
    book = subject.lists
    if book is None:
        return NOTHING
    order, principal, ts_ns = subject.order, subject.principal, subject.ts_ns
    strategy = "" if order.strategy is None else order.strategy.value
    name = subject.instrument.instrument_id
    path = Path(principal.desk, order.principal, order.account, strategy, name)
    found = []
    if not book.kept_by(ListName.RESTRICTED, path, ts_ns):
        found.append(failure(BUSINESS, "list_missing", ListName.RESTRICTED.value))
    for list_name in (ListName.RESTRICTED, ListName.DO_NOT_TRADE):
        entry = book.listed(list_name, name, path, ts_ns)
        if entry is not None:
            row, version = entry.entry_id, entry.version
            found.append(failure(BUSINESS, list_name.value, name, limit_id=row, limit_version=version))
    for level, scope in book.unapproved(name, path, ts_ns):
        found.append(failure(BUSINESS, "not_approved", name, f"{level.value} {scope}".strip()))
    return found


def flags(subject: Business) -> Sequence[Failure]:
    """Every flag the listing venue's profile, or the house, asks for (PT-21)."""
    found = missing_flags(subject.order, subject.config.house_flags, BUSINESS, "house")
    for profile in subject.profiles:
        found += missing_flags(subject.order, profile.required, BUSINESS, profile.name)
    return found


def destination(subject: Business) -> Sequence[Failure]:
    """Some venue that may be used takes such an order."""
    return subject.destinations.judge(subject.order)


def fresh_reference(subject: Business) -> Sequence[Failure]:
    """Average daily volume, by which sizes are judged, is not too old (PT-26). A missing one is risk's to refuse."""
    fact = subject.instrument.adv
    if fact is None or fact.value is None:
        return NOTHING
    age = weekdays_between(fact.as_of, subject.date)
    limit = subject.config.adv_age_days
    if age <= limit:
        return NOTHING
    return [failure(BUSINESS, "reference_stale", f"volume of {fact.as_of}, {age} weekdays", limit, limit - age)]


def weekdays_between(earlier: str, later: str) -> int:
    """Weekdays from one ISO date to a later one, the first not counted; 0 or less when it is not later."""
    return _weekdays(later) - _weekdays(earlier)


@lru_cache(maxsize=DATES_MAX)
def _weekdays(day: str) -> int:
    """Weekdays of the calendar up to an ISO date; the same few dates are asked about all day."""
    weeks, rest = divmod(date.fromisoformat(day).toordinal() - 1, 7)  # day 1 of the calendar is a Monday
    return weeks * 5 + min(rest + 1, 5)


BUSINESS_CHECKS: tuple[Check, ...] = (
    currency,
    tick,
    decision_price,
    lot,
    instrument_class,
    lists,
    flags,
    destination,
    fresh_reference,
)
"""The stage: every check of it runs, whatever the others say."""
