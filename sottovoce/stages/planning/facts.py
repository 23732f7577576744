"""What planning knows of an order's instrument, and what it must say it does not know.

A figure nobody has given stays None. The spread is the live quote's where there is one, else the forecast of the
order's first session, else the instrument's dated figure, else one tick, the least there can be, with a flag that says
so. Volatility is the forecast's in the sessions that have one; forecast volume stands beside ADV (`ahead`).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sottovoce.core.forecast import SPREAD, VOLATILITY, VOLUME, Forecast
from sottovoce.core.instrument import Instrument, known
from sottovoce.core.market import MarketView, Quote
from sottovoce.core.orders import ParentOrder
from sottovoce.core.ports import Session
from sottovoce.core.units import BPS, format_ns
from sottovoce.stages.planning.ahead import AVERAGE, NOTHING, Ahead, Known, ahead_of, known_forecasts, sigma_over

NO_ADV = "no ADV: market impact, participation and the auction part are not estimated"
NO_SIGMA = "no volatility: market impact and timing risk are not estimated"
NO_SPREAD = "no spread figure: one tick is assumed"
ADV_AHEAD = "no ADV: the volume forecast stands for it, and the order is measured by it"
SIGMA_AHEAD = "no volatility: the forecast stands for that of every session"


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """Figures the models take: price in currency a share, adv shares a day, sigma a fraction a day, spread in
    bps. event: a scheduled event whose news is known at event_ns, the open of the session that trades on it. ahead:
    sessions forecast to be other than average ones; forecasts: those of the order's sessions that are used;
    session_volume: of the one session of an order that has one, multiples of ADV.
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
    ahead: Ahead = AVERAGE
    forecasts: tuple[Forecast, ...] = ()
    session_volume: float = 1.0


def facts_of(order: ParentOrder, instrument: Instrument, view: MarketView, sessions: Sequence[Session] = ()) -> Facts:
    """The order's facts at this moment, with a flag for each figure that is missing, or forecast and of no use.

    sessions: those the order trades in; without them no forecast is looked at.
    """
    today = format_ns(view.ts_ns, 0)[:10]
    ahead = known_forecasts(instrument.forecasts, sessions, today) if sessions else NOTHING
    spread, flags = _spread_bps(order, instrument, view, ahead)
    adv, sigma = _above_zero(known(instrument.adv)), _above_zero(known(instrument.sigma_daily))
    if adv is None:
        adv = ahead.mean(VOLUME)
        flags.append(NO_ADV if adv is None else ADV_AHEAD)
    if sigma is None:
        sigma = ahead.mean(VOLATILITY)
        flags.append(NO_SIGMA if sigma is None else SIGMA_AHEAD)
    over = sigma if sigma is None or not ahead.used else sigma_over(ahead, sigma, order, sessions)
    outlook = ahead_of(ahead, adv, over, sigma)
    return Facts(
        price=order.arrival_px / order.price_scale,
        adv=adv,
        sigma_daily=over,
        shares_outstanding=_above_zero(known(instrument.shares_outstanding)),
        half_spread_bps=spread / 2,
        flags=(*flags, *ahead.flags),
        ahead=outlook,
        forecasts=ahead.used,
        session_volume=outlook.volume(sessions[0].date) if len(sessions) == 1 else 1.0,
    )


def with_event(facts: Facts, instrument: Instrument, sessions: Sequence[Session]) -> Facts:
    """The facts with the first scheduled event that falls between two of the order's sessions."""
    opens = {session.date: session.open_ns for session in sessions[1:]}
    dated = sorted((each for each in instrument.events if each.date in opens), key=lambda each: each.date)
    if not dated:
        return facts
    first = dated[0]
    return msgspec.structs.replace(facts, event_ns=opens[first.date], event=first.name, event_source=first.source)


def _spread_bps(order: ParentOrder, instrument: Instrument, view: MarketView, ahead: Known) -> tuple[float, list[str]]:
    quote = view.quote(order.instrument_id)
    if isinstance(quote, Quote):
        return BPS * (quote.ask - quote.bid) / quote.mid, []
    first = next((each.value for each in ahead.used if each.figure == SPREAD), None)
    figure = known(instrument.spread_bps) if first is None else first
    if figure is not None:
        return figure, []
    return BPS * order.tick / order.arrival_px, [NO_SPREAD]


def _above_zero(value: float | None) -> float | None:
    return value if value is not None and value > 0 else None
