"""A simulated market run to its end: what it did, as figures and a picture."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import Progress

from sottovoce.core.errors import ConfigError
from sottovoce.core.instrument import Instrument
from sottovoce.core.ports import Market, Session, Tape
from sottovoce.core.units import NS_PER_HOUR, NS_PER_MINUTE

STEPS_A_SESSION = 26
"""How often the progress is shown: every quarter of an hour."""

AFTER_CLOSE_NS = NS_PER_HOUR
NEW_YORK_OPEN_MINUTE = 570
DAYS_MAX = 250


class Simulated(msgspec.Struct, frozen=True, kw_only=True):
    """A market that has been run."""

    instrument: Instrument
    sessions: tuple[Session, ...]
    tape: Tape
    document: Mapping[str, Any]


def simulate_market(symbol: str, *, date: str | None, days: int, seed: int, generator: str, silent: bool) -> Simulated:
    """Run the simulated market of one name over its sessions, nobody of ours in it.

    Raises: ConfigError bad_generator, bad_days, bad_seed, bad_date; NotFound unknown_symbol, no_session; ModelError
    sim_fact_missing.
    """
    from sottovoce.analytics.reports.session_figures import session_figures
    from sottovoce.apps.desk_parts import open_parts
    from sottovoce.apps.orders_in import find_instrument
    from sottovoce.runtime.markets import GENERATORS, SIM, open_market

    if generator not in GENERATORS:
        known = " or ".join(GENERATORS)
        raise ConfigError(f"There is no generator {generator!r:.40}; say {known}.", code="bad_generator")
    if not 1 <= days <= DAYS_MAX:
        raise ConfigError(f"--days takes a whole number from 1 to {DAYS_MAX}, not {days}.", code="bad_days")
    if seed < 0:
        raise ConfigError(f"--seed takes a whole number from 0 up, not {seed}.", code="bad_seed")
    parts = open_parts(None, date)
    instrument = find_instrument(parts.reference, symbol)
    sessions = parts.sessions(days)
    market = open_market(f"{SIM}:{generator}", [instrument], sessions, seed)
    _run(market, sessions, silent)
    tape = market.tape(instrument.instrument_id)
    figures = session_figures(tape, sessions, instrument.price_scale)
    head = {
        "symbol": instrument.symbol, "generator": generator, "seed": seed,
        "first_date": sessions[0].date, "last_date": sessions[-1].date, "currency": instrument.currency,
    }  # fmt: skip
    return Simulated(instrument=instrument, sessions=sessions, tape=tape, document=head | msgspec.to_builtins(figures))


def drawn(simulated: Simulated, suffix: str) -> bytes:
    """Price, volume and spread by minute, in the form of a file ending. Raises as picture_file.check_form."""
    from sottovoce.analytics.reports.picture_file import picture
    from sottovoce.analytics.reports.session_picture import minutes_of, session_picture

    seen, scale = simulated.document, simulated.instrument.price_scale
    title = f"{seen['symbol']}, simulated by {seen['generator']}, seed {seen['seed']}, from {seen['first_date']}"
    minutes = minutes_of(simulated.tape, simulated.sessions, scale)
    return picture(session_picture(title, minutes, simulated.sessions, NEW_YORK_OPEN_MINUTE), suffix, title)


def simulated_text(document: Mapping[str, Any]) -> str:
    """The figures as lines."""
    currency = document["currency"]
    rows = [
        ("generator", f"{document['generator']}, seed {document['seed']}"),
        ("sessions", f"{document['first_date']} to {document['last_date']}"),
        ("trades", f"{document['trades']:,}"),
        ("volume", f"{document['volume']:,} shares"),
        ("first, last", f"{document['first_px']:,.4f}, {document['last_px']:,.4f} {currency}"),
        ("low, high", f"{document['low']:,.4f}, {document['high']:,.4f} {currency}"),
        ("VWAP", f"{document['vwap']:,.4f} {currency}"),
        ("dark share of volume", f"{document['dark_share']:.1%}"),
        ("auction share of volume", f"{document['auction_share']:.1%}"),
        ("spread, by time", f"{document['spread']:,.4f} {currency}, {document['spread_bps']:.2f} bps"),
        ("volatility of a session", f"{document['volatility']:.2%}"),
        ("quote changes kept", f"{document['quotes']:,}"),
    ]
    return "\n".join([document["symbol"], *(f"  {name:<26} {value}" for name, value in rows)])


def write_plot(path: Path, drawing: bytes) -> None:
    """Write a drawing where the person asked for it. Raises ConfigError, plot_unwritable."""
    try:
        path.write_bytes(drawing)
    except OSError as error:
        raise ConfigError(f"cannot write {path}: {error.strerror}", code="plot_unwritable") from error


def _run(market: Market, sessions: Sequence[Session], silent: bool) -> None:
    shown = not silent and sys.stderr.isatty()
    with Progress(console=Console(stderr=True), disable=not shown, transient=True) as progress:
        task = progress.add_task("simulating", total=len(sessions) * STEPS_A_SESSION)
        for session in sessions:
            for at_ns in range(session.open_ns, session.close_ns, 15 * NS_PER_MINUTE):
                market.advance(at_ns)
                progress.advance(task)
            market.advance(session.close_ns + AFTER_CLOSE_NS)
