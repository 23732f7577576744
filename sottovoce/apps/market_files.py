"""Plays files of market data for the commands: to the end, or to a moment."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from sottovoce.adapters.calendar.sessions import load_calendar
from sottovoce.adapters.clock import RealClock
from sottovoce.adapters.feeds.faults import FaultLog
from sottovoce.apps.market_time import read_time, shown_time
from sottovoce.apps.market_words import Document, book_document, figures_document
from sottovoce.core.errors import ConfigError, NotFound
from sottovoce.core.playback import Playback, PlayedBook
from sottovoce.runtime.playbacks import open_playback

SHOWN_EVERY, SHOWN_EVERY_PACED = 2_000, 20
"""Messages between two looks at the figures, as fast as can be and on the clock."""

TENTHS = 10
BOOKS_MAX = 10
"""Final books printed; a file of a whole market has thousands."""


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """What a file said, and its last books."""

    figures: Document
    books: list[Document]


def played_through(path: Path, *, skip_bad: bool, speed: float | None, levels: int, silent: bool) -> Played:
    """Play a file to its end.

    Args:
        skip_bad: count bad rows instead of raising the first. speed: of real time, None for as fast as it can be
        read. levels: of the books returned, 0 for no books. silent: tell nothing of the progress.
    Raises: as open_playback and the reader of the file do.
    """
    faults = FaultLog(skip=skip_bad)
    playback = open_playback(path, faults, load_calendar())
    for _ in _watched(_paced(playback.play(), speed), playback, path.name, silent, speed is not None):
        pass
    seen = playback.figures()
    when = shown_time(seen.last_ns, playback.units) if seen.last_ns >= 0 else "the end"
    books = [
        book_document(name, when, found, playback.units)
        for name in playback.instruments[:BOOKS_MAX]
        if levels and _stands(found := playback.book(name, levels))
    ]
    return Played(figures=figures_document(str(path), seen, playback.units, faults), books=books)


def book_at(path: Path, at: str, symbol: str | None, levels: int, *, skip_bad: bool) -> Document:
    """The book of an instrument at a time.

    Raises: MalformedMessage bad_time; NotFound time_outside, symbol_not_in_file, book_empty; ConfigError which_symbol;
    as open_playback and the reader of the file do.
    """
    faults = FaultLog(skip=skip_bad)
    playback = open_playback(path, faults, load_calendar())
    until_ns = read_time(at, playback.units)
    for _ in playback.play(until_ns):
        pass
    _check_inside(path, playback, until_ns)
    name = _instrument(playback, path, symbol)
    found = playback.book(name, levels)
    when = shown_time(until_ns, playback.units)
    if not _stands(found) and not found.why:
        sentence = f"Nothing stands in the book of {name} in {path} at {when}; ask for a time at which it was quoted."
        raise NotFound(sentence, code="book_empty")
    document = book_document(name, when, found, playback.units)
    return document | {"file": str(path), "bad_rows": faults.total}


def depth_drawn(document: Document, suffix: str) -> bytes:
    """The book of a document as a picture. Raises as picture_file.check_form does."""
    from sottovoce.analytics.reports.depth_picture import depth_picture
    from sottovoce.analytics.reports.picture_file import picture

    title = f"{document['instrument']}: the book"
    when = document["at"] + (f", not usable: {why}" if (why := document["not_usable_because"]) else "")
    spec = depth_picture(title, when, document["bids"], document["asks"], document["quantity_unit"])
    return picture(spec, suffix, f"{title} at {document['at']}")


def _paced(times: Iterator[int], speed: float | None) -> Iterator[int]:
    clock: RealClock | None = None
    for ns in times:
        if speed is not None:
            clock = clock or RealClock(ns, speed)
            clock.wait_until(ns)
        yield ns


def _watched(times: Iterator[int], playback: Playback, name: str, silent: bool, paced: bool) -> Iterator[int]:
    """The same times, with a bar on a terminal and a line for each tenth of the file elsewhere."""
    if silent:
        yield from times
    elif sys.stderr.isatty():
        yield from _barred(times, playback, name, SHOWN_EVERY_PACED if paced else SHOWN_EVERY)
    else:
        yield from _told(times, playback)


def _barred(times: Iterator[int], playback: Playback, name: str, every: int) -> Iterator[int]:
    columns: tuple[Any, ...] = (TextColumn(name), BarColumn(), TimeElapsedColumn(), TextColumn("{task.description}"))
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)
        for count, ns in enumerate(times, start=1):
            if count % every == 0:
                done, total = playback.progress()
                progress.update(task, completed=done, total=total or None, description=_line(playback, ns))
            yield ns


def _told(times: Iterator[int], playback: Playback) -> Iterator[int]:
    told = 0
    for ns in times:
        done, total = playback.progress()
        tenth = TENTHS * done // total if total else 0
        if told < tenth < TENTHS:
            sys.stderr.write(f"{TENTHS * tenth:>3} %  {_line(playback, ns)}\n")
        told = max(told, tenth)
        yield ns


def _line(playback: Playback, ns: int) -> str:
    """The running figures."""
    seen, units = playback.figures(), playback.units
    touch = ""
    for name in playback.instruments[:1]:
        found = playback.book(name, 1)
        if found.bids and found.asks:
            touch = f"  {found.bids[0][0] / units.px_scale:,.10g} / {found.asks[0][0] / units.px_scale:,.10g}"
    return f"{shown_time(ns, units)}  {seen.messages:,} messages  {seen.trades:,} trades{touch}"


def _check_inside(path: Path, playback: Playback, until_ns: int) -> None:
    seen = playback.figures()
    if playback.passed and seen.first_ns >= 0:
        return
    if seen.last_ns == until_ns and seen.first_ns >= 0:
        return
    units = playback.units
    asked = shown_time(until_ns, units)
    if seen.first_ns < 0:
        first_ns = next(open_playback(path, FaultLog(skip=True), load_calendar()).play(), None)
        begins = "it says nothing at all" if first_ns is None else f"it begins at {shown_time(first_ns, units)}"
        raise NotFound(f"{asked} is outside {path}: {begins}.", code="time_outside")
    span = f"{shown_time(seen.first_ns, units)} to {shown_time(seen.last_ns, units)}"
    raise NotFound(f"{asked} is outside {path}, which runs from {span}.", code="time_outside")


def _instrument(playback: Playback, path: Path, symbol: str | None) -> str:
    names = playback.instruments
    listed = ", ".join(names[:BOOKS_MAX]) + (" and more" if len(names) > BOOKS_MAX else "")
    if symbol is None:
        if len(names) == 1:
            return names[0]
        sentence = f"{path} has {len(names)} instruments by then: {listed}; say which with --symbol."
        raise ConfigError(sentence, code="which_symbol")
    found = next((name for name in names if name.upper() == symbol.upper()), None)
    if found is None:
        sentence = f"{path} has said nothing of {symbol!r:.40} by then; it has {listed or 'no instrument'}."
        raise NotFound(sentence, code="symbol_not_in_file")
    return found


def _stands(found: PlayedBook) -> bool:
    return bool(found.bids or found.asks)
