"""What can be traded, as dated facts: nothing here is known without a date and a source.

A figure nobody has given is null and stays null; a model that needs it refuses or says what it fell back on.
Tick and lot rules are effective-dated data, so a rule change is a new row and never new code.
"""

from __future__ import annotations

import msgspec

from sottovoce.core.errors import NotFound
from sottovoce.core.forecast import SPREAD, VOLATILITY, VOLUME, Forecast, for_session, one_of_each
from sottovoce.core.units import format_px


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One figure: its value (None when none is usable), its date, and its source or the reason for None."""

    value: float | None
    as_of: str
    source: str


class TickRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From effective_from to the day before effective_to (ISO dates), prices from min_px up move by tick.

    Both are in price units; effective_to None means until further notice.
    """

    effective_from: str
    effective_to: str | None = None
    min_px: int = 0
    tick: int
    source: str = ""


class LotRule(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """From effective_from to the day before effective_to, shares priced from min_px up have this lot."""

    effective_from: str
    effective_to: str | None = None
    min_px: int = 0
    lot: int
    source: str = ""


class ScheduledEvent(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """News whose day is known before its content, as results are. date: ISO, the first session that trades on it."""

    name: str
    date: str
    source: str


class Instrument(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of the instrument master.

    symbol is what people write ("AAPL US"); price_scale is units per unit of currency, fixed for life; mic is
    the primary listing (ISO 10383), None where no source says; calendar names the sessions.
    adv is shares a day; sigma_daily and sigma_daily_long (about 250 days) are standard deviations of daily
    log returns; close is in currency; momentum_20d is a log return over 20 sessions; spread_bps is quoted, in
    1e-4 of the mid. notes are sentences for a person: where the listing comes from, what to beware of. forecasts: of
    single sessions, at most one for each figure and session; where one holds, it goes before the dated figure.
    """

    instrument_id: str
    symbol: str
    name: str
    mic: str | None
    currency: str
    country: str
    price_scale: int
    asset_class: str
    ticks: tuple[TickRule, ...]
    lots: tuple[LotRule, ...]
    calendar: str
    sector: str | None = None
    adv: Fact | None = None
    sigma_daily: Fact | None = None
    sigma_daily_long: Fact | None = None
    shares_outstanding: Fact | None = None
    close: Fact | None = None
    momentum_20d: Fact | None = None
    spread_bps: Fact | None = None
    notes: tuple[str, ...] = ()
    events: tuple[ScheduledEvent, ...] = ()
    forecasts: tuple[Forecast, ...] = ()

    def __post_init__(self) -> None:
        if self.forecasts:
            one_of_each(self.forecasts)


DATED = {VOLUME: "adv", VOLATILITY: "sigma_daily", SPREAD: "spread_bps"}
"""The dated figure that stands where there is no forecast."""


def known(fact: Fact | None) -> float | None:
    """The value of a fact, or None whether the figure is missing or marked unusable."""
    return None if fact is None else fact.value


def expected(instrument: Instrument, figure: str, session: str) -> float | None:
    """What a session (ISO date) is forecast to bring, known before it, else the dated figure of the same kind."""
    found = for_session(instrument.forecasts, figure, session, session)
    return known(getattr(instrument, DATED[figure])) if found is None else found.value


def tick_at(instrument: Instrument, px: int, date: str) -> int:
    """Tick size in units for a price (units) on an ISO date. Raises NotFound, tick_rule_missing."""
    best: TickRule | None = None
    for rule in instrument.ticks:
        if _applies(rule, px, date) and (best is None or rule.min_px > best.min_px):
            best = rule
    if best is None:
        raise _no_rule(instrument, "tick", px, date)
    return best.tick


def lot_at(instrument: Instrument, px: int, date: str) -> int:
    """Round lot in shares on an ISO date for a reference price (units). Raises NotFound, lot_rule_missing.

    Where lots depend on price the rule means last month's average close; the nearest figure known will do.
    """
    best: LotRule | None = None
    for rule in instrument.lots:
        if _applies(rule, px, date) and (best is None or rule.min_px > best.min_px):
            best = rule
    if best is None:
        raise _no_rule(instrument, "lot", px, date)
    return best.lot


def _applies(rule: TickRule | LotRule, px: int, date: str) -> bool:
    started = rule.effective_from <= date
    return started and (rule.effective_to is None or date < rule.effective_to) and rule.min_px <= px


def _no_rule(instrument: Instrument, kind: str, px: int, date: str) -> NotFound:
    price = format_px(px, instrument.price_scale)
    what = f"{instrument.symbol} has no {kind} rule in force on {date} for a price of {price}"
    return NotFound(f"{what}; add one to the instrument file, with its date.", code=f"{kind}_rule_missing")
