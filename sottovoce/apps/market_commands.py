"""`sottovoce market …`: what a file of market data says, its book at a moment, and markets that are simulated."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from sottovoce.apps.numbers_in import Whole
from sottovoce.apps.output import FAULT, OK, emit
from sottovoce.core.errors import ConfigError

app = cyclopts.App(name="market", help="Recorded market data, and simulated markets.")

LEVELS_MAX = 10_000

Json = Annotated[bool, cyclopts.Parameter(name="--json", negative=(), help="One JSON object on standard output.")]
Flag = Annotated[bool, cyclopts.Parameter(negative=())]


@app.command
def describe(file: Path, *, as_json: Json = False) -> None:
    """Say what a file of market data holds: kind, span, instruments, messages, trades, spread, gaps, bad rows.

    LOBSTER, ITCH 5.0, Databento DBN, Binance captures and consolidated ticks are told apart by what is in the file.
    Bad rows are counted and read past, but for ticks: a tape with a bad row is refused.

    Args:
        file: the file, packed or not.
        as_json: one JSON object on standard output.
    """
    from sottovoce.apps.market_files import played_through
    from sottovoce.apps.market_words import figures_text

    document = played_through(file, skip_bad=True, speed=None, levels=0, silent=True).figures
    emit(document, as_json, lambda: figures_text(document))


@app.command
def replay(
    file: Path, *, speed: float | None = None, levels: Whole = 5, skip_bad: Flag = False, as_json: Json = False
) -> int:
    """Play a file of market data to its end, rebuilding its books; exit 1 when it has gaps or bad rows.

    Args:
        file: the file, packed or not.
        speed: this many times as fast as it happened; as fast as it can be read when not given.
        levels: of the final books, how many a side to print.
        skip_bad: count bad rows and read on; the first one ends the replay otherwise.
        as_json: one JSON object on standard output, progress none.
    """
    from sottovoce.apps.market_files import played_through
    from sottovoce.apps.market_words import book_text, figures_text

    if speed is not None and not 0 < speed <= 1_000_000:
        raise ConfigError("--speed takes a speed above 0, such as 1 or 600.", code="bad_speed")
    played = played_through(file, skip_bad=skip_bad, speed=speed, levels=_levels(levels), silent=as_json)
    document = played.figures | {"books": played.books}
    emit(document, as_json, lambda: "\n\n".join([figures_text(document), *map(book_text, played.books)]))
    return FAULT if document["gaps"] or document["bad_rows"] else OK


@app.command
def book(
    file: Path,
    *,
    at: str,
    symbol: str | None = None,
    levels: Whole = 10,
    plot: Path | None = None,
    skip_bad: Flag = False,
    as_json: Json = False,
) -> int:
    """Show the book of a file at a time; exit 1 when it cannot be used, because of a gap for one.

    Args:
        file: the file, packed or not.
        at: a time of day in the file's zone (10:30, 09:30:00.25), or with date and offset (2013-10-08T10:30:00-04:00).
        symbol: the instrument; needed when the file has several.
        levels: how many a side.
        plot: also draw the depth here: a path that ends in .svg, .png or .html.
        skip_bad: count bad rows and read on; the first one ends the command otherwise.
        as_json: one JSON object on standard output.
    """
    from sottovoce.apps.market_files import book_at, depth_drawn
    from sottovoce.apps.market_simulate import write_plot
    from sottovoce.apps.market_words import book_text

    if plot is not None:
        from sottovoce.analytics.reports.picture_file import check_form

        check_form(plot.suffix)
    document = book_at(file, at, symbol, _levels(levels), skip_bad=skip_bad)
    if plot is not None:
        write_plot(plot, depth_drawn(document, plot.suffix))
        document |= {"plot": str(plot)}
    emit(document, as_json, lambda: book_text(document))
    return FAULT if document["not_usable_because"] else OK


@app.command
def simulate(
    symbol: str,
    *,
    seed: Whole = 7,
    days: Whole = 1,
    date: str | None = None,
    generator: str = "agents",
    plot: Path | None = None,
    as_json: Json = False,
) -> None:
    """Run the simulated market of one name and sum it up: prices, volume, spread, volatility.

    Args:
        symbol: as people write it: AAPL, AAPL US.
        seed: the same seed gives the same market.
        days: sessions, one after the other.
        date: the first one; the day after the reference data's date when not given.
        generator: agents (people with reasons) or queues (flow that depends on the queues).
        plot: draw price, volume and spread here: a path that ends in .svg, .png or .html.
        as_json: one JSON object on standard output, progress none.
    """
    from sottovoce.apps.market_simulate import drawn, simulate_market, simulated_text, write_plot

    if plot is not None:
        from sottovoce.analytics.reports.picture_file import check_form

        check_form(plot.suffix)
    simulated = simulate_market(symbol, date=date, days=days, seed=seed, generator=generator, silent=as_json)
    document = dict(simulated.document)
    if plot is not None:
        write_plot(plot, drawn(simulated, plot.suffix))
        document |= {"plot": str(plot)}
    emit(document, as_json, lambda: simulated_text(document))


def _levels(levels: int) -> int:
    if not 1 <= levels <= LEVELS_MAX:
        raise ConfigError(f"--levels takes a whole number from 1 to {LEVELS_MAX:,}, not {levels}.", code="bad_levels")
    return levels
