"""The stage of a scenario: its names, sessions and market, with everything dated in the file put in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from sottovoce.adapters.calendar.sessions import Calendar, load_calendar
from sottovoce.adapters.faulty.market import FaultyMarket
from sottovoce.adapters.faulty.troubles import Trouble, TroubleKind
from sottovoce.adapters.reference.store import load_shipped
from sottovoce.adapters.reference.version import ReferenceVersion
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.instrument import Fact, Instrument, LotRule, TickRule
from sottovoce.core.ports import Market, Session
from sottovoce.intake.language import parse_ticket
from sottovoce.intake.scenario import Happening, MadeUpName, Scenario, Submit, VenueTrouble
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


def set_stage(scenario: Scenario, folder: Path) -> Stage:
    """Build it; folder is where a configuration is looked for.

    Raises: NotFound for an unknown name or a day without a session, ConfigError for an unknown venue.
    """
    shipped, calendar = load_shipped(), load_calendar()
    date = scenario.date or calendar.next_session(shipped.as_of).date
    reference = _with_names(shipped, scenario.names)
    instruments = _instruments(scenario, reference)
    sessions = sessions_for(calendar, date, _days(scenario))
    inside = open_market(scenario.market, instruments, sessions, scenario.seed)
    config = load_config(None if scenario.config is None else folder / scenario.config)
    market = FaultyMarket(inside, _troubles(scenario, calendar, date))
    return Stage(
        reference=reference, calendar=calendar, date=date, sessions=sessions, market=market, config=config
    )


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
    found = {symbol: reference.resolve(symbol) for symbol in sorted(symbols)}
    # An order in a name nobody knows is for the gateway to refuse; a market event in one is a mistake in the file.
    for line in scenario.lines:
        if isinstance(line.act, Happening) and found[line.act.symbol] is None:
            raise NotFound(f"There is no instrument {line.act.symbol} for {line.text!r}.", code="unknown_symbol")
    known = {each.instrument_id: each for each in found.values() if each is not None}
    if not known:
        raise ConfigError("The scenario trades no known name; add a line: name ACME close …", code="scenario_names")
    return [known[each] for each in sorted(known)]


def _days(scenario: Scenario) -> int:
    tickets = (parse_ticket(line.act.sentence) for line in scenario.lines if isinstance(line.act, Submit))
    return max((ticket.horizon.days for ticket in tickets), default=1)


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

