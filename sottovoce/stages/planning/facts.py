"""What planning knows of an order's instrument, and what it must say it does not know.

A figure nobody has given stays None. The spread is the live quote's where there is one, else the instrument's
dated figure, else one tick, the least there can be, with a flag that says so.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketView, Quote
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import Session
from sottovoce.core.units import BPS

NO_ADV = "no ADV: market impact, participation and the auction part are not estimated"
NO_SIGMA = "no volatility: market impact and timing risk are not estimated"
NO_SPREAD = "no spread figure: one tick is assumed"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Figures the models take: price in currency a share, adv shares a day, sigma a fraction a day, spread in
    bps. event: a scheduled event whose news is known at event_ns, the open of the session that trades on it.
    """

    price: float
    adv: float | None
    sigma_daily: float | None
    shares_outstanding: float | None
    half_spread_bps: float
    flags: tuple[str, ...]
    event_ns: int | None = None
    event: str = ""
    event_source: str = ""


def facts_of(order: ParentOrder, instrument: Instrument, view: MarketView) -> Facts:
    """The order's facts at this moment, with a flag for each figure that is missing."""
    adv, sigma = _above_zero(known(instrument.adv)), _above_zero(known(instrument.sigma_daily))
    spread, flags = _spread_bps(order, instrument, view)
    if adv is None:
        flags.append(NO_ADV)
    if sigma is None:
        flags.append(NO_SIGMA)
    return Facts(
        price=order.arrival_px / order.price_scale,
        adv=adv,
        sigma_daily=sigma,
        shares_outstanding=_above_zero(known(instrument.shares_outstanding)),
        half_spread_bps=spread / 2,
        flags=tuple(flags),
    )


def with_event(facts: Facts, instrument: Instrument, sessions: Sequence[Session]) -> Facts:
    """The facts with the first scheduled event that falls between two of the order's sessions."""
    opens = {session.date: session.open_ns for session in sessions[1:]}
    dated = sorted((each for each in instrument.events if each.date in opens), key=lambda each: each.date)
    if not dated:
        return facts
    first = dated[0]
    return msgspec.structs.replace(facts, event_ns=opens[first.date], event=first.name, event_source=first.source)


def _spread_bps(order: ParentOrder, instrument: Instrument, view: MarketView) -> tuple[float, list[str]]:
    quote = view.quote(order.instrument_id)
    if isinstance(quote, Quote):
        return BPS * (quote.ask - quote.bid) / quote.mid, []
    figure = known(instrument.spread_bps)
    if figure is not None:
        return figure, []
    return BPS * order.tick / order.arrival_px, [NO_SPREAD]


def _above_zero(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None
