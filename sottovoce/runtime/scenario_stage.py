"""The stage of a scenario: its names, sessions and market, with everything dated in the file put in place."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, log1p
from pathlib import Path

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar, load_calendar
from sottovoce.adapters.faulty.market import FaultyMarket
from sottovoce.adapters.faulty.troubles import Trouble, TroubleKind
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.errors import ConfigError, MalformedMessage, SottovoceError
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.ports import Market, Session
from sottovoce.intake.language import parse_ticket
from sottovoce.intake.scenario import Happening, Line, MadeUpName, Scenario, Submit, VenueTrouble
from sottovoce.models.happenings import EarningsJump, MarketEvent, TradingHalt, VolatilityBurst, checked
from sottovoce.runtime.config import Config, load_config
from sottovoce.runtime.markets import open_market, sessions_for

SOURCE = "made up by a scenario"


class Stage(msgspec.Struct, frozen=True, kw_only=True):
    """What a desk is put together from. market misbehaves as the file says."""

    reference: ReferenceVersion
    calendar: Calendar
    date: str
    sessions: tuple[Session, ...]
    market: Market
    config: Config

    def at_ns(self, clock: str) -> int:
        """Nanoseconds UTC of a time of the market's clock on the scenario's day."""
        return self.calendar.wall_ns(self.date, clock)


def set_stage(scenario: Scenario, source: str) -> Stage:
    """Build it; source is the path of the file, beside which a configuration is looked for.

    Raises: NotFound for a day without a session, ConfigError; MalformedMessage naming the line for what cannot happen.
    """
    shipped, calendar = load_shipped(), load_calendar()
    date = scenario.date or calendar.next_session(shipped.as_of).date
    reference = _with_names(shipped, scenario.names)
    instruments = _instruments(scenario, reference)
    sessions = sessions_for(calendar, date, _days(scenario))
    events = _events(scenario, reference, sessions, calendar, source)
    inside = open_market(scenario.market, instruments, sessions, scenario.seed, events)
    config = load_config(None if scenario.config is None else Path(source).parent / scenario.config)
    market = FaultyMarket(inside, _troubles(scenario, calendar, date))
    return Stage(reference=reference, calendar=calendar, date=date, sessions=sessions, market=market, config=config)


def _with_names(shipped: ReferenceVersion, names: Sequence[MadeUpName]) -> ReferenceVersion:
    if not names:
        return shipped
    added = {f"{name.symbol}.US": _instrument(name, shipped.as_of) for name in names}
    return ReferenceVersion(
        version=shipped.version,
        as_of=shipped.as_of,
        note=f"{shipped.note} With {', '.join(added)} {SOURCE}.",
        rules=shipped.rules,
        instruments={each.instrument_id: each for each in shipped.instruments} | added,
    )


def _instrument(name: MadeUpName, as_of: str) -> Instrument:
    def fact(value: float) -> Fact:
        return Fact(value=value, as_of=as_of, source=SOURCE)

    return Instrument(
        instrument_id=f"{name.symbol}.US",
        symbol=name.symbol,
        name=f"{name.symbol}, {SOURCE}",
        mic="XNAS",
        currency="USD",
        country="US",
        price_scale=1_000_000,
        asset_class="equity",
        calendar="XNYS",
        ticks=(TickRule(effective_from="2000-01-01", tick=10_000),),
        lots=(LotRule(effective_from="2000-01-01", lot=100),),
        adv=fact(name.adv),
        sigma_daily=fact(name.volatility),
        close=fact(name.close),
        shares_outstanding=fact(name.adv * 200),
    )


def _instruments(scenario: Scenario, reference: ReferenceVersion) -> list[Instrument]:
    """Every name that is ordered or that something happens to, once, in order of id."""
    symbols = {name.symbol for name in scenario.names}
    symbols |= {line.act.symbol for line in scenario.lines if isinstance(line.act, Happening)}
    for line in scenario.lines:
        if isinstance(line.act, Submit) and (symbol := parse_ticket(line.act.sentence).symbol) is not None:
            symbols.add(symbol)
    # An order in a name nobody knows is for the gateway to refuse; it brings nothing to the market.
    found = (reference.resolve(symbol) for symbol in symbols)
    known = {each.instrument_id: each for each in found if each is not None}
    if not known:
        raise ConfigError("The scenario trades no known name; add a line: name ACME close …", code="scenario_names")
    return [known[each] for each in sorted(known)]


def _days(scenario: Scenario) -> int:
    tickets = (parse_ticket(line.act.sentence) for line in scenario.lines if isinstance(line.act, Submit))
    return max((ticket.horizon.days for ticket in tickets), default=1)


def _events(
    scenario: Scenario, reference: ReferenceVersion, sessions: Sequence[Session], calendar: Calendar, source: str
) -> list[MarketEvent]:
    """What happens to the market, each line checked against the sessions."""
    events: list[MarketEvent] = []
    for line in scenario.lines:
        if not isinstance(line.act, Happening):
            continue
        instrument = reference.resolve(line.act.symbol)
        if instrument is None:
            raise at_line(source, line, f"there is no instrument {line.act.symbol}", "unknown_symbol")
        at_ns = calendar.wall_ns(sessions[0].date, line.clock)
        if not sessions[0].open_ns <= at_ns < sessions[0].close_ns:
            raise at_line(source, line, "the market is not open then, so nothing can happen to it", "scenario_time")
        try:
            events += checked([_event(line.act, instrument.instrument_id, at_ns)], sessions)
        except SottovoceError as error:
            raise at_line(source, line, _CANNOT[line.act.kind], error.code) from error
    return events


def _event(act: Happening, instrument_id: str, at_ns: int) -> MarketEvent:
    if act.kind == "halt":
        return TradingHalt(instrument_id=instrument_id, at_ns=at_ns, duration_ns=act.lasts_ns)
    if act.kind == "burst":
        return VolatilityBurst(instrument_id=instrument_id, at_ns=at_ns, duration_ns=act.lasts_ns, factor=act.size)
    # At or below -100 % there is no logarithm; the check refuses an infinite move in the words of the line.
    move = log1p(act.size) if act.size > -1 else -inf
    return EarningsJump(instrument_id=instrument_id, at_ns=at_ns, move=move)


def at_line(source: str, line: Line, what: str, code: str) -> MalformedMessage:
    """The error for a line that cannot be done."""
    return MalformedMessage(f"{source}, line {line.number} ({line.text[:60]!r}): {what.rstrip('.')}.", code=code)


_CANNOT = {
    "jump": "a jump takes a name down by less than 63 % or up by less than 171 %",
    "halt": "a halt takes some time, and begins and ends within one session",
    "burst": "a burst takes some time, and makes a name more volatile by a number above 0",
}
"""Why the market refuses, in the words of the file."""


def _troubles(scenario: Scenario, calendar: Calendar, date: str) -> list[Trouble]:
    troubles = []
    for line in scenario.lines:
        if isinstance(line.act, VenueTrouble):
            from_ns = calendar.wall_ns(date, line.clock)
            troubles.append(
                Trouble(
                    venue=line.act.venue,
                    kind=TroubleKind(line.act.kind),
                    from_ns=from_ns,
                    until_ns=from_ns + line.act.lasts_ns,
                    delay_ns=line.act.delay_ns,
                )
            )
    return troubles
