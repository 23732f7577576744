"""Stage three: what the market, the session and the trader's own history say of an order at this moment."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from sottovoce.core.commands import NewOrder
from sottovoce.core.enums import TimeInForce, VenueKind
from sottovoce.core.instrument import Instrument
from sottovoce.core.market import Quote, Unusable
from sottovoce.core.orders import Failure
from sottovoce.core.ports import Session, VenueFacts
from sottovoce.core.reasons import failure
from sottovoce.core.units import INT64_MAX
from sottovoce.stages.gateway.checking import NOTHING, STATE, Check
from sottovoce.stages.gateway.config import GatewayConfig
from sottovoce.stages.gateway.written import QTY_MAX


class Moment(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the third stage looks at. qty is what the order comes to in shares, 0 while there is no price to tell."""

    order: NewOrder
    instrument: Instrument
    quote: Quote | Unusable
    session: Session
    start_ns: int
    end_ns: int
    ts_ns: int
    qty: int
    config: GatewayConfig
    venues: tuple[VenueFacts, ...]

    @property
    def value(self) -> int:
        """Worth at the mid, in whole units of currency; 0 without a price."""
        if isinstance(self.quote, Unusable):
            return 0
        return self.qty * self.quote.mid // self.instrument.price_scale


def usable_price(subject: Moment) -> Sequence[Failure]:
    """There is a price to act on: open, fresh, two-sided, uncrossed, whole and plausible (PT-19, PT-26)."""
    quote = subject.quote
    return [failure(STATE, quote.code, quote.detail)] if isinstance(quote, Unusable) else NOTHING


def horizon(subject: Moment) -> Sequence[Failure]:
    """Some of the horizon is still to come."""
    if subject.end_ns > subject.start_ns:
        return NOTHING
    return [failure(STATE, "horizon_past", subject.end_ns, f"after {subject.start_ns}")]


def size(subject: Moment) -> Sequence[Failure]:
    """At the price of now it is at least one share, and a number that everything after can hold."""
    if isinstance(subject.quote, Unusable):
        return NOTHING
    if subject.qty <= 0:
        return [failure(STATE, "notional_below_one_share", subject.order.notional or "")]
    cents = subject.qty * subject.quote.ask * 100 // subject.instrument.price_scale
    if subject.qty > QTY_MAX or cents > INT64_MAX:
        return [failure(STATE, "value_out_of_range", f"{subject.qty} shares", f"{QTY_MAX} shares, 64 bits of cents")]
    return NOTHING


def stated_intent(subject: Moment) -> Sequence[Failure]:
    """A quantity and a notional given together say the same (PT-25)."""
    order, config = subject.order, subject.config.intent
    if order.order_qty is None or order.notional is None or isinstance(subject.quote, Unusable):
        return NOTHING
    stated = Decimal(order.notional) * subject.instrument.price_scale
    ratio = float(order.order_qty * subject.quote.mid / stated)
    if config.agree_low <= ratio <= config.agree_high:
        return NOTHING
    what = f"{order.order_qty} shares are {ratio:.4g} times {order.notional}"
    return [failure(STATE, "intent_disagrees", what, f"{config.agree_low} to {config.agree_high}")]


def closing_cutoff(subject: Moment) -> Sequence[Failure]:
    """An order for the close comes before an auction stops taking them (PT-23)."""
    if subject.order.time_in_force is not TimeInForce.AT_THE_CLOSE:
        return NOTHING
    cutoffs = [facts.cutoff_ns for facts in subject.venues if facts.kind is VenueKind.AUCTION]
    last_ns = subject.session.close_ns - min(cutoffs, default=0)
    if max(subject.start_ns, subject.ts_ns) < last_ns:
        return NOTHING
    return [failure(STATE, "closing_cutoff", subject.start_ns, f"before {last_ns}", last_ns - subject.start_ns)]


STATE_CHECKS: tuple[Check, ...] = (usable_price, horizon, size, stated_intent, closing_cutoff)
"""The stage: every check of it runs, whatever the others say."""
